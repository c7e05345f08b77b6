package crm

import "time"

// Dialog is a conversation that waits for an answer: a form that is being filled, a draft that is being
// captured. One a chat; kept in the store, so it survives a restart.
type Dialog struct {
	ID      string            `json:"_id" bson:"_id"` // chat id, decimal
	Team    TeamID            `json:"team" bson:"team"`
	Rev     int64             `json:"rev" bson:"rev"` // 0: not stored yet
	Schema  int               `json:"schema" bson:"schema"`
	Member  MemberID          `json:"member" bson:"member"`
	Form    string            `json:"form" bson:"form"`
	Step    string            `json:"step" bson:"step"`
	Answers map[string]string `json:"answers,omitempty" bson:"answers,omitempty"`
	Draft   *Draft            `json:"draft,omitempty" bson:"draft,omitempty"`
	Drafts  []Draft           `json:"drafts,omitempty" bson:"drafts,omitempty"` // several people at once
	Of      string            `json:"of,omitempty" bson:"of,omitempty"`         // whose data it may hold: a client's id, OfSought or OfDrafts; erasing them ends it
	Screen  int64             `json:"screen,omitempty" bson:"screen,omitempty"` // id of the message that shows it
	Last    Cause             `json:"last" bson:"last"`                         // what advanced it last: a repeat changes nothing
	Updated time.Time         `json:"updated" bson:"updated"`
	Expires time.Time         `json:"expires" bson:"expires"`
}

// OfSought is Dialog.Of where a search is remembered as it was typed: it may be anybody's name, with any mistake in it.
const OfSought = "*"

// OfDrafts is Dialog.Of of a dialog with drafts: whose client is erased is found in them by phone, address or account.
const OfDrafts = "+"

// Light reports whether nobody loses anything with the last of it: what was counted on the side, not entered. A store may hold it
// back for a second, and need not wait for its disk. All revisions of a dialog are light, or none.
func (d Dialog) Light() bool { return d.Form == looksForm }

// Draft is a client before it is saved: what was gathered from messages, contacts and forms.
type Draft struct {
	Profile Profile     `json:"profile" bson:"profile"`
	Named   NameSource  `json:"named,omitempty" bson:"named,omitempty"` // where the name is from
	Notes   []DraftNote `json:"notes,omitempty" bson:"notes,omitempty"`
}

// NameSource says how good a draft's name is: a better source wins over a worse, whatever came first.
type NameSource int

const (
	NamedByNone    NameSource = iota
	NamedByAccount            // as the sender of a forwarded message calls themselves
	NamedByContact            // as the phone book has it
	NamedByMember             // as the member typed it
)

// DraftNote becomes a touch of the card when the draft is saved.
type DraftNote struct {
	Kind TouchKind  `json:"kind" bson:"kind"`
	Text string     `json:"text,omitempty" bson:"text,omitempty"`
	Left []Leftover `json:"left,omitempty" bson:"left,omitempty"` // in place of a text: what the draft did not take
	File *File      `json:"file,omitempty" bson:"file,omitempty"`
	At   time.Time  `json:"at" bson:"at"`                         // when it was said, not when it was forwarded
	Via  string     `json:"via,omitempty" bson:"via,omitempty"`   // "forward"
	From string     `json:"from,omitempty" bson:"from,omitempty"` // as the account that wrote a forwarded message is called
	Key  string     `json:"key" bson:"key"`                       // the cause, so that the same message joins once
}
