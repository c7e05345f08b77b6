package crm

import (
	"slices"
	"time"
)

// TouchKind says what happened.
type TouchKind string

const (
	TouchNote    TouchKind = "note" // nothing happened with the client: somebody wrote something down
	TouchCall    TouchKind = "call"
	TouchMeeting TouchKind = "meeting"
	TouchMessage TouchKind = "message"
	TouchEmail   TouchKind = "email"
	TouchVisit   TouchKind = "visit"
	// TouchDecision is what was decided about what was due, see Touch.Decision: like a note nothing happened with the client.
	TouchDecision TouchKind = "decision"
	TouchUndone   TouchKind = "undone" // it was taken back: it did not happen, and counts for nothing
)

// TouchKinds that people are offered, likeliest first; a note has its own button.
var TouchKinds = []TouchKind{TouchCall, TouchMeeting, TouchMessage, TouchEmail, TouchVisit}

// Direction says who began.
type Direction string

const (
	DirectionOut Direction = "out" // we to the client
	DirectionIn  Direction = "in"
)

// Outcome says how a touch ended.
type Outcome string

const (
	OutcomeNone       Outcome = ""
	OutcomeAgreed     Outcome = "agreed"
	OutcomeBought     Outcome = "bought" // see Purchase
	OutcomeThinking   Outcome = "thinking"
	OutcomeNotReached Outcome = "not_reached"
	OutcomeOffer      Outcome = "offer_sent"
	OutcomeRefused    Outcome = "refused"
)

// Outcomes in the order in which people are offered them.
var Outcomes = []Outcome{OutcomeAgreed, OutcomeBought, OutcomeThinking, OutcomeNotReached, OutcomeOffer, OutcomeRefused}

// OutcomesOf are the outcomes that such a touch can have: a note has none, and nobody is reached in vain but by a call of
// ours.
func OutcomesOf(kind TouchKind, began Direction) []Outcome {
	if kind == TouchNote {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(Outcomes), func(o Outcome) bool {
		return o == OutcomeNotReached && (kind != TouchCall || began == DirectionIn)
	})
}

// File is something that a messenger keeps for us.
type File struct {
	ID     string `json:"id" bson:"id"`         // to fetch or send it again (Telegram: file_id, valid for this bot only)
	Unique string `json:"unique" bson:"unique"` // the same for the same file
	Kind   string `json:"kind" bson:"kind"`     // "voice", "photo", "document", "video", "audio"
	Name   string `json:"name,omitempty" bson:"name,omitempty"`
	MIME   string `json:"mime,omitempty" bson:"mime,omitempty"`
	Size   int64  `json:"size,omitempty" bson:"size,omitempty"` // bytes
}

// Touch is one entry in a client's history: something that happened, or a note. Once written it is only ever taken back, or worded otherwise by its
// author within the hour.
type Touch struct {
	ID        TouchID    `json:"_id" bson:"_id"`
	Team      TeamID     `json:"team" bson:"team"`
	Schema    int        `json:"schema" bson:"schema"`
	Client    ClientID   `json:"client" bson:"client"`
	Moved     []ClientID `json:"moved,omitempty" bson:"moved,omitempty"` // the cards that it was of before they were merged into others, the last one last
	Kind      TouchKind  `json:"kind" bson:"kind"`
	Was       TouchKind  `json:"was,omitempty" bson:"was,omitempty"` // of TouchUndone: what it was logged as
	Direction Direction  `json:"direction,omitempty" bson:"direction,omitempty"`
	Outcome   Outcome    `json:"outcome,omitempty" bson:"outcome,omitempty"`
	Text      string     `json:"text,omitempty" bson:"text,omitempty"`
	Files     []File     `json:"files,omitempty" bson:"files,omitempty"`
	Via       string     `json:"via,omitempty" bson:"via,omitempty"` // "forward": the client's own words, forwarded from the messenger
	Next      time.Time  `json:"next,omitzero" bson:"next,omitempty"`
	Purchase  Purchase   `json:"purchase,omitzero" bson:"purchase,omitempty"` // of OutcomeBought
	Decision  Decision   `json:"decision,omitzero" bson:"decision,omitempty"` // of TouchDecision
	By        MemberID   `json:"by" bson:"by"`
	At        time.Time  `json:"at" bson:"at"`           // when it happened
	Created   time.Time  `json:"created" bson:"created"` // when it was written down
}

// undone is the touch once it is taken back.
func (t Touch) undone() Touch {
	t.Kind, t.Was = TouchUndone, t.Kind
	return t
}
