package crm

import (
	"time"

	"kartoteka/crm/civil"
)

// Kind says what a client is.
type Kind string

const (
	KindPerson    Kind = "person"
	KindBusiness  Kind = "business" // a small business, a sole trader
	KindCorporate Kind = "corporate"
	KindPartner   Kind = "partner"
)

// Kinds in the order in which people are offered them.
var Kinds = []Kind{KindPerson, KindBusiness, KindCorporate, KindPartner}

// Stage is where a client stands in the funnel.
type Stage string

const (
	StageLead        Stage = "lead"
	StageContact     Stage = "contact" // first contact made
	StageNegotiation Stage = "negotiation"
	StageClient      Stage = "client"
	StageArchive     Stage = "archive"
)

// Stages in the order of the funnel.
var Stages = []Stage{StageLead, StageContact, StageNegotiation, StageClient, StageArchive}

// Status says how we stand with a client.
type Status string

const (
	StatusLead    Status = "lead"
	StatusActive  Status = "active"
	StatusPaused  Status = "paused"
	StatusFormer  Status = "former"
	StatusVIP     Status = "vip"
	StatusBlocked Status = "blacklisted" // needs a StatusReason
)

// Statuses in the order in which people are offered them.
var Statuses = []Status{StatusLead, StatusActive, StatusPaused, StatusFormer, StatusVIP, StatusBlocked}

// Channel is the way a client likes to be reached.
type Channel string

const (
	ChannelPhone    Channel = "phone"
	ChannelTelegram Channel = "telegram"
	ChannelWhatsApp Channel = "whatsapp"
	ChannelEmail    Channel = "email"
	ChannelVisit    Channel = "visit"
)

// Channels in the order in which people are offered them.
var Channels = []Channel{ChannelPhone, ChannelTelegram, ChannelWhatsApp, ChannelEmail, ChannelVisit}

// Phone is a telephone number. Two phones are the same if E164 is the same.
type Phone struct {
	E164 string `json:"e164" bson:"e164"`                   // +79001234567
	Ext  string `json:"ext,omitempty" bson:"ext,omitempty"` // digits
	Raw  string `json:"raw,omitempty" bson:"raw,omitempty"` // as it was written, when that says more
}

// Messenger is an account in a messenger other than the phone's own, e.g. telegram "bvolkov".
type Messenger struct {
	Kind   string `json:"kind" bson:"kind"`     // "telegram", "whatsapp", "viber", "vk", "max", "skype", "site"
	Handle string `json:"handle" bson:"handle"` // without @; lower case for telegram
}

// Profile is what a card says of a client, as people enter it: shared by the stored Client and by the
// Draft that a message, a contact or a form is turned into. The zero value is an empty card.
type Profile struct {
	Name       string             `json:"name,omitempty" bson:"name,omitempty"` // as shown: Фамилия Имя Отчество, or a company's name
	Kind       Kind               `json:"kind,omitempty" bson:"kind,omitempty"`
	Company    string             `json:"company,omitempty" bson:"company,omitempty"`
	Position   string             `json:"position,omitempty" bson:"position,omitempty"`
	Phones     []Phone            `json:"phones,omitempty" bson:"phones,omitempty"`
	Emails     []string           `json:"emails,omitempty" bson:"emails,omitempty"` // lower case
	Messengers []Messenger        `json:"messengers,omitempty" bson:"messengers,omitempty"`
	TelegramID int64              `json:"telegram_id,omitempty" bson:"telegram_id,omitempty"` // 0: not known
	Channel    Channel            `json:"channel,omitempty" bson:"channel,omitempty"`
	City       string             `json:"city,omitempty" bson:"city,omitempty"`
	Address    string             `json:"address,omitempty" bson:"address,omitempty"`
	Birthday   civil.Date         `json:"birthday,omitzero" bson:"birthday,omitempty"`
	Dates      []OtherDate        `json:"dates,omitempty" bson:"dates,omitempty"` // no two with one Key
	Source     string             `json:"source,omitempty" bson:"source,omitempty"`
	Tags       []string           `json:"tags,omitempty" bson:"tags,omitempty"` // without #, as first written; compared by Fold
	Interests  []string           `json:"interests,omitempty" bson:"interests,omitempty"`
	Custom     map[FieldID]string `json:"custom,omitempty" bson:"custom,omitempty"` // canonical: text, decimal number, YYYY-MM-DD, choice
}

// Client is one card of the base.
type Client struct {
	ID     ClientID `json:"_id" bson:"_id"`
	Team   TeamID   `json:"team" bson:"team"`
	Rev    int64    `json:"rev" bson:"rev"` // 1 when created, one more with each change
	Schema int      `json:"schema" bson:"schema"`

	Profile `bson:",inline"`

	Stage         Stage    `json:"stage" bson:"stage"`
	Status        Status   `json:"status" bson:"status"`
	StatusReason  string   `json:"status_reason,omitempty" bson:"status_reason,omitempty"`
	ArchiveReason string   `json:"archive_reason,omitempty" bson:"archive_reason,omitempty"`
	BeforeArchive Stage    `json:"before_archive,omitempty" bson:"before_archive,omitempty"` // where Restore puts it back
	Owner         MemberID `json:"owner" bson:"owner"`                                       // the responsible member

	FirstContact time.Time  `json:"first_contact,omitzero" bson:"first_contact,omitempty"`
	LastTouch    time.Time  `json:"last_touch,omitzero" bson:"last_touch,omitempty"`
	NextContact  time.Time  `json:"next_contact,omitzero" bson:"next_contact,omitempty"`
	Offered      time.Time  `json:"offered,omitzero" bson:"offered,omitempty"`          // the last offer, while no touch has followed it
	Bought       Purchase   `json:"bought,omitzero" bson:"bought,omitempty"`            // the last purchase
	Confirmed    time.Time  `json:"confirmed" bson:"confirmed"`                         // when the data were last known to be right
	Touches      int        `json:"touches" bson:"touches"`                             // touches logged so far, notes not counted
	Greeted      int        `json:"greeted,omitempty" bson:"greeted,omitempty"`         // year of the birthday that is dealt with
	Celebrated   int        `json:"celebrated,omitempty" bson:"celebrated,omitempty"`   // year of the anniversary that is dealt with
	Snoozed      []Snoozed  `json:"snoozed,omitempty" bson:"snoozed,omitempty"`         // occasions that were put off
	EraseBy      civil.Date `json:"erase_by,omitzero" bson:"erase_by,omitempty"`        // the client wants to be erased: the last day for it
	EraseTask    TaskID     `json:"erase_task,omitempty" bson:"erase_task,omitempty"`   // reminds of that
	MergedInto   ClientID   `json:"merged_into,omitempty" bson:"merged_into,omitempty"` // this card is closed, and Deleted: it is that one now
	Merged       []ClientID `json:"merged,omitempty" bson:"merged,omitempty"`           // the closed cards that are this one now
	KeepTill     time.Time  `json:"keep_till,omitzero" bson:"keep_till,omitempty"`      // until then the client is not proposed for erasure
	LastNote     string     `json:"last_note,omitempty" bson:"last_note,omitempty"`

	Sealed map[FieldID]string `json:"sealed,omitempty" bson:"sealed,omitempty"` // values of restricted fields, see secret.go

	Created time.Time `json:"created" bson:"created"`
	Updated time.Time `json:"updated" bson:"updated"`
	Deleted time.Time `json:"deleted,omitzero" bson:"deleted,omitempty"` // in the bin since; zero: not deleted

	// What the engines find it by; made by index() at each write, never by hand. Terms, Words and Keys are for the
	// engine alone, which need not give them back when the card is read.
	SortName string   `json:"sort_name" bson:"sort_name"`           // Fold of the name
	Terms    []string `json:"terms,omitempty" bson:"terms"`         // search terms, see search.go
	Words    []string `json:"words,omitempty" bson:"words"`         // words for the typo vocabulary, a subset of Terms' words
	Keys     []string `json:"keys,omitempty" bson:"keys"`           // "p+7900…", "eivan@…", "t12345", "@bvolkov": what must not be twice; "~…": see twinKeys
	DateKeys []string `json:"date_keys" bson:"date_keys"`           // days to be reminded of, see dateKeys
	TagKeys  []string `json:"tag_keys" bson:"tag_keys"`             // Fold of each tag
	Gaps     []GapKey `json:"gaps,omitempty" bson:"gaps,omitempty"` // what it lacks, see gapKeys
}

// Age is how old the client is on a day; ok is false if the year of birth is not known.
func (p Profile) Age(today civil.Date) (years int, ok bool) {
	if p.Birthday.IsZero() || p.Birthday.Year == 0 {
		return 0, false
	}
	next := p.Birthday.Next(today)
	if years = next.Year - p.Birthday.Year; next != today {
		years--
	}
	return years, years >= 0
}
