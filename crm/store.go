package crm

import (
	"context"
	"time"
)

// Store keeps everything. The engines in store/… satisfy it; store/storetest is the contract in tests.
//
// Every method that takes a team answers only with that team's records. Errors are the classes of this
// package (ErrNotFound, ErrConflict, ErrApplied, and Unreadable where a method says so); anything else is a failure of the engine. A cancelled
// context writes nothing. Slices that come back empty may be nil.
type Store interface {
	ClientStore
	DayStore
	SealedStore
	LackStore
	TagStore
	HistoryStore
	SealStore
	ConsentStore
	WordStore
	TeamStore
	MemberStore
	InviteStore
	DialogStore
	TaskStore
	ReminderStore
	ProgressStore
	PairStore
	MoveStore
	IntakeStore
	ImportStore
}

// MostHolders is how many cards that hold a key are told of: one more than those whom a phone still says something about.
const MostHolders = 21

// ClientStore keeps the cards.
type ClientStore interface {
	// Client returns one card, deleted ones included; ErrNotFound.
	Client(ctx context.Context, team TeamID, id ClientID) (Client, error)
	// Clients answers the query in full: filter, order and page.
	Clients(ctx context.Context, q ClientQuery) ([]Client, error)
	// CountClients counts what the query without paging would list, up to limit (then it returns limit).
	CountClients(ctx context.Context, q ClientQuery, limit int) (int, error)
	// ClientsByKey lists the cards, not in the bin, that hold any of the keys; at most MostHolders, oldest first.
	ClientsByKey(ctx context.Context, team TeamID, keys []string) ([]Client, error)
	// BinnedByKey lists the cards in the bin, those closed by a merge not among them, of which any of the keys is one of their
	// profile's (Keys); at most MostHolders, oldest first.
	BinnedByKey(ctx context.Context, team TeamID, keys []string) ([]Client, error)
	// ClientsByID reads cards in the order of the ids, deleted ones included; those that are not there are left out. Unreadable.
	ClientsByID(ctx context.Context, team TeamID, ids []ClientID) ([]Client, error)
	// SearchClients lists cards whose terms satisfy the query, whole-word matches of the first word first;
	// no more order than that: crm ranks them.
	SearchClients(ctx context.Context, q TermQuery) ([]Candidate, error)
	// SaveClient writes a card, its event and its touches as one: all or nothing. See ClientChange.
	SaveClient(ctx context.Context, c ClientChange) error
	// SaveClients writes many changes, for imports and demo data. They are of different cards: of a batch with two
	// revisions of one card nothing is written, ErrConflict (OneEach). A change whose event is stored already, or
	// that comes twice, is passed over, so that a batch may be repeated; the first other failure ends the batch.
	// SQLite writes all of a batch or nothing; MongoDB keeps what was written before the failure. Large
	// batches (thousands) are the cheaper ones.
	SaveClients(ctx context.Context, batch []ClientChange) error
	// PurgeClients removes for good the cards of all teams that were put into the bin before a time, with their touches and
	// tasks, the before and after in their events (these are personal data too), the salts, and the words of the vocabulary that no
	// other card has. It leaves for each card and task an event PurgeEventID by nobody, and returns how many cards went.
	PurgeClients(ctx context.Context, p Purge) (int, error)
}

// DayStore finds the cards whose days come.
type DayStore interface {
	// EachOn hands f every card, not in the bin, that has any of the keys (as in Client.DateKeys), each once and in no order
	// that can be relied on. However many there are, few are in memory. f may call the store; its error ends the walk.
	EachOn(ctx context.Context, team TeamID, keys []string, f func(Client) error) error
}

// SealedStore finds the cards that hold values of restricted fields.
type SealedStore interface {
	// SealedClients lists all cards with anything in Client.Sealed, each once and in no order that can be relied on: those in the bin and
	// those that were merged into others, too.
	SealedClients(ctx context.Context, team TeamID) ([]ClientID, error)
}

// LackStore counts what cards lack.
type LackStore interface {
	// CountLacking counts the cards outside the bin that are at any of the stages, and how many of them lack which of the keys, owner by
	// owner, in no order. Who has none is left out.
	CountLacking(ctx context.Context, q LackQuery) ([]OwnerLacks, error)
}

// TagStore counts tags.
type TagStore interface {
	// CountTags counts the cards that the query without paging would list tag by tag, those of most cards first, then by tag; at most
	// limit tags, folded as in Client.TagKeys.
	CountTags(ctx context.Context, q ClientQuery, limit int) ([]TagCount, error)
}

// LackQuery asks how many cards lack what; all of it is required.
type LackQuery struct {
	Team   TeamID
	Stages []Stage
	Keys   []GapKey
}

// OwnerLacks is how many cards one owner has, and how many of them lack what; nobody lacks a key that is not there.
type OwnerLacks struct {
	Owner MemberID
	Total int
	Lacks map[GapKey]int
}

// Purge says what goes out of the bin for good.
type Purge struct {
	Before time.Time // cards put there earlier
	At     time.Time // now, for the events
	Limit  int       // cards at the most
	Team   TeamID    // "": all
	Client ClientID  // with Team: this card alone
}

// ClientChange is one change of one card. Client.Rev is the new revision: 1 creates the card (ErrConflict if
// the id exists, ErrApplied if by the same event), any other replaces the stored one, which must have
// Rev-1 (else ErrConflict; ErrNotFound if there is none). If an event with Event.ID is stored already
// nothing is written and ErrApplied is returned, whatever the revisions are.
type ClientChange struct {
	Client  Client
	Event   Event
	Touches []Touch // appended to the card's history; their ids are new
	Undone  []Touch // entries of it that are replaced: the change takes them back, or words them otherwise
}

// OneEach fails with ErrConflict on "client" where two changes of a batch are of one card: the second one's revision could follow only
// what is not written yet. The same change twice is one.
func OneEach(batch []ClientChange) error {
	by := make(map[ClientID]EventID, len(batch))
	for _, c := range batch {
		if ev, twice := by[c.Client.ID]; twice && ev != c.Event.ID {
			return &Error{Kind: ErrConflict, Field: "client"}
		}
		by[c.Client.ID] = c.Event.ID
	}
	return nil
}

// SchemaVersion is the shape in which records are written.
const SchemaVersion = schemaVersion

// Upgrader is a record whose shape has had versions. The engines call Upgrade on each one that they read;
// it reports whether the record was of an older shape. What it changed is written with the record's next
// change, or by the engine in the background.
type Upgrader interface{ Upgrade() bool }

// Upgrade brings a card that an older version wrote to the shape of this one.
func (c *Client) Upgrade() bool {
	if c.Schema >= schemaVersion {
		return false
	}
	// From 0 to 1 nothing but the number changed, from 4 to 5 what the engines keep of it (FilledKeys). The next step goes behind
	// these: if c.Schema < 8 { … }.
	if c.Schema < 2 {
		c.DateKeys = dateKeys(*c) // anniversaries came
	}
	if c.Schema < 6 {
		c.Keys = allKeys(c.Profile) // with 3 likely duplicates came, with 6 extensions
	}
	if c.Schema < 4 {
		c.Gaps = gapKeys(*c)
	}
	if c.Schema < 7 && c.Terms != nil {
		c.Terms = c.UpgradedTerms(c.Terms)
	}
	c.Schema = schemaVersion
	return true
}

// HistoryStore reads what happened.
type HistoryStore interface {
	// Touches lists a client's history, newest At first, then by id descending.
	Touches(ctx context.Context, q TouchQuery) ([]Touch, error)
	// CountTouches counts one member's.
	CountTouches(ctx context.Context, q TouchCount) (int, error)
	// Events lists the changes of a record, newest first: by Rev, then id, descending.
	Events(ctx context.Context, q EventQuery) ([]Event, error)
	// AddEvent keeps an event that comes with no change of a record: somebody has looked at something or taken it along.
	// ErrApplied if it is there already.
	AddEvent(ctx context.Context, e Event) error
	// Audit lists a team's events of a span of time, the newest first: by At, then id, descending.
	Audit(ctx context.Context, q AuditQuery) ([]Event, error)
	// CountAudit counts what the query without paging would list, by who did what.
	CountAudit(ctx context.Context, q AuditQuery) ([]Tally, error)
	// CountParts counts the events that are parts of these; one that has none is left out.
	CountParts(ctx context.Context, team TeamID, of []EventID) (map[EventID]int, error)
	// Event returns one event; ErrNotFound, Unreadable.
	Event(ctx context.Context, team TeamID, id EventID) (Event, error)
}

// TouchCount asks how many touches, neither notes nor decisions nor what was taken back, a member has logged that happened in a span of time.
type TouchCount struct {
	Team   TeamID
	By     MemberID
	From   time.Time // not before
	Before time.Time
}

// PurgeEventID is the id of the event that PurgeClients leaves for a card or a task.
func PurgeEventID[T ~string](id T) EventID { return EventID("purge." + id) }

// TouchQuery asks for one page of a client's history.
type TouchQuery struct {
	Team   TeamID
	Client ClientID
	IDs    []TouchID   // any of them; none: all
	Kinds  []TouchKind // none: all
	After  *TouchMark  // page on after this entry; nil: from the newest
	Limit  int
}

// TouchMark is a place in a history.
type TouchMark struct {
	At time.Time
	ID TouchID
}

// EventQuery asks for the newest events of one record.
type EventQuery struct {
	Team      TeamID
	Record    string
	BeforeRev int64 // of revisions before this one; 0: any
	Limit     int
}

// AuditQuery asks for events of all records of a team.
type AuditQuery struct {
	Team    TeamID
	From    time.Time  // not before
	Before  time.Time  // zero: no bound
	By      MemberID   // "": anybody
	Actions []Action   // none: any
	Without []Action   // none of these
	PartOf  EventID    // parts of this event alone; "": any
	Whole   bool       // no event that is a part of another
	After   *EventMark // page on after this one; nil: from the newest
	Limit   int
}

// EventMark is a place in an audit.
type EventMark struct {
	At time.Time
	ID EventID
}

// Tally is how often a member did something.
type Tally struct {
	By     MemberID `bson:"by"` // "": nobody, by the clock
	Action Action   `bson:"action"`
	N      int      `bson:"n"`
}

// WordStore keeps each team's vocabulary: the distinct words of its clients, with their variants of one
// letter left out (Variants), so that a mistyped word is found without a look at the clients.
// SaveClient adds a card's Words to it.
type WordStore interface {
	// WordsNear lists distinct vocabulary words that are one of the variants or have one of them among
	// their own variants; at most limit.
	WordsNear(ctx context.Context, team TeamID, variants []string, limit int) ([]string, error)
}

// TeamStore keeps the companies.
type TeamStore interface {
	Team(ctx context.Context, id TeamID) (Team, error)
	// Teams lists all of them; a bot serves a handful.
	Teams(ctx context.Context) ([]Team, error)
	// SaveTeam creates (Rev 1) or replaces with the same rules as SaveClient.
	SaveTeam(ctx context.Context, t Team, e Event) error
}

// MemberStore keeps the people of the teams.
type MemberStore interface {
	Member(ctx context.Context, team TeamID, id MemberID) (Member, error)
	// MemberByUser finds who has this Telegram user id and is not removed; ErrNotFound.
	MemberByUser(ctx context.Context, user int64) (Member, error)
	// Members lists a team's members, removed ones too, oldest first. Unreadable.
	Members(ctx context.Context, team TeamID) ([]Member, error)
	SaveMember(ctx context.Context, m Member, e Event) error
}

// InviteStore keeps invitations.
type InviteStore interface {
	// Invite finds one by its id, in whatever team; ErrNotFound.
	Invite(ctx context.Context, id string) (Invite, error)
	SaveInvite(ctx context.Context, i Invite, e Event) error
	// Invites lists a team's that expire after a time, to the second, the newest first, at most limit.
	Invites(ctx context.Context, team TeamID, after time.Time, limit int) ([]Invite, error)
}

// DialogStore keeps open conversations.
type DialogStore interface {
	// Dialog returns the one with this id; ErrNotFound.
	Dialog(ctx context.Context, id string) (Dialog, error)
	// SaveDialog writes d as revision d.Rev, which must follow the stored one (1 if there is none); ErrConflict.
	SaveDialog(ctx context.Context, d Dialog) error
	// PurgeDialogs removes those that expired before the time, at most limit, and returns how many.
	PurgeDialogs(ctx context.Context, before time.Time, limit int) (int, error)
	// EndDialog removes it whatever its revision; no error if there is none.
	EndDialog(ctx context.Context, id string) error
	// EndDialogsOf removes a team's dialogs that are of any of these (Dialog.Of).
	EndDialogsOf(ctx context.Context, team TeamID, of ...string) error
	// DialogsOf lists a team's dialogs that are of this by their ids, behind one of them, at most limit.
	DialogsOf(ctx context.Context, team TeamID, of, after string, limit int) ([]Dialog, error)
}

// IntakeStore keeps what the update intake must remember over a restart.
type IntakeStore interface {
	// SetAside keeps an update that could not be handled, for a person to look at. The same id again is no error.
	SetAside(ctx context.Context, u StrayUpdate) error
	// StrayUpdates lists what was set aside, newest first.
	StrayUpdates(ctx context.Context, limit int) ([]StrayUpdate, error)
	// PurgeStrays removes those that were set aside before the time, at most limit, and returns how many.
	PurgeStrays(ctx context.Context, before time.Time, limit int) (int, error)
	// MarkOnce reports whether the key was marked for the first time, e.g. "stranger:42" told of the invitation.
	MarkOnce(ctx context.Context, key string, at time.Time) (bool, error)
	// Ping reports whether the engine answers.
	Ping(ctx context.Context) error
	// Close ends the engine; further calls fail.
	Close() error
}

// StrayUpdate is an update that was set aside. Raw is what the messenger sent and may hold personal data:
// it is never logged.
type StrayUpdate struct {
	ID     int64     `json:"_id" bson:"_id"`
	Reason string    `json:"reason" bson:"reason"` // "decode", "panic", "failed", "timeout"
	Raw    []byte    `json:"raw" bson:"raw"`
	At     time.Time `json:"at" bson:"at"`
}
