// Package crm is the domain of Kartoteka: what a client base is, what may be done with it, and by whom. It knows no
// messenger, no database and no clock of its own; it declares the small interfaces that it needs (Store, Clock) and
// imports none of ours.
//
// # Where to look
//
//	Desk        every use case is a method of it: desk.go has the one way to change a card (edit), add.go adds, card.go
//	            confirms, archives, deletes, undoes, field.go edits fields, history.go logs touches, join.go lets people in
//	rights.go   the one table of who may do what; every use case passes its gate
//	client.go   the card; touch.go, event.go, member.go, team.go, dialog.go the other records
//	store.go    what a store promises; query.go the queries it answers, each with the same rule in Go (Match)
//	search.go   how what was typed becomes look-ups: plan.go, near.go, rank.go; index.go is what a card is found by;
//	            fold.go, layout.go, translit.go, variants.go are the ways to read a word
//	oneline.go  a client out of one line; phone.go, email.go, username.go, birthday.go, name.go its parts
//	pair.go     cards that may be one client's; pair_find.go finds them, pair_alike.go judges them, merge.go makes one of two and
//	            merge_move.go moves what hangs on them; mass.go changes many cards at once; quality.go counts what they lack
//	capture.go  what a contact or a forwarded message says of a client; gather.go which pieces are one client
//
// # Words
//
// One word for one thing, in the code, in the texts and in the store:
//
//	client    a person or a company of the base (not contact, customer, lead: a lead is a stage)
//	card      a client as it is shown
//	member    a person of the team (user is the messenger's word)
//	team      one company; every record belongs to one and nothing crosses
//	touch     something that happened with a client: a call, a meeting, a message; a note is the touch of nothing
//	decision  what became of a matter that was reminded of and that no touch ended; it stands among the touches and is none
//	stage     where a client stands in the funnel; status how we stand with them
//	tag       a word put on clients (метка)
//	draft     a client before it is saved; a note of it becomes a touch
//	dialog    a conversation that waits for an answer
//	event     the record of one change: who, what, when, before and after
//	cause     what made a change happen; the same cause has one effect
//	pair      two cards that may be one client's; merged: the one is closed, and is the other from then on
//	gap       something that a card lacks
//	nudge     asks a member once a week for a quarter of an hour for their cards
//	archive   out of the way, with a reason; bin: deleted, for thirty days; purge: gone for good
//	owner     of a card: the member responsible for it; of a team: the role
package crm
