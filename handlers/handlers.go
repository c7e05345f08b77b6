// Package handlers is the conversation: it knows every subject and puts them in the order in which they judge a
// message. Each subject is a package of its own that turns what came in into one use case of crm and the result into
// one screen; none holds a rule of the business, a query, or a word that people read.
//
//	chat      the vocabulary: what comes in, what is shown
//	talk      the frame: turns, routing, buttons' data, dialogs, errors in words
//	form      how a form works, as a pure function
//	calendar  a date picker made of buttons
//	fit       texts cut to where they are shown
//	card      one card: how it looks, editing, its fate
//	history   notes, touches, files
//	law       what a client may ask for by law
//	pair      cards that may be one client's: merging them, and taking that back
//	record    what was changed, by whom, and taking it back; the audit
//	imports   files of clients
//	clean     how well the base is kept, and putting it in order
//	exports   clients as files
//	capture   every way to add a client
//	remind    tasks, reminders, what the day holds
//	find      search, lists, inline mode
//	team      getting in, people, settings, own fields
//	web       the HTTP side: health, metrics, webhook
package handlers

import (
	"kartoteka/handlers/capture"
	"kartoteka/handlers/card"
	"kartoteka/handlers/clean"
	"kartoteka/handlers/exports"
	"kartoteka/handlers/find"
	"kartoteka/handlers/history"
	"kartoteka/handlers/imports"
	"kartoteka/handlers/law"
	"kartoteka/handlers/pair"
	"kartoteka/handlers/record"
	"kartoteka/handlers/remind"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/team"
)

// New puts the conversation together. Owner is the Telegram user whom the settings make the first owner, 0 for none.
func New(o talk.Options, owner int64) *talk.Router {
	r := talk.New(o)
	team.Register(r, owner)
	card.Register(r)
	// The order decides: an answer to a reminder that is another time moves it, one to a card that speaks of the future is a
	// task, any other is history, a contact or a bare phone is a capture, any other text is a search.
	remind.Register(r)
	history.Register(r)
	record.Register(r)
	law.Register(r)
	pair.Register(r)
	imports.Register(r)
	clean.Register(r)
	exports.Register(r)
	capture.Register(r)
	find.Register(r)
	return r
}
