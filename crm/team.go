package crm

import "time"

// Team is one company. Every record belongs to one; nothing ever crosses.
type Team struct {
	ID           TeamID        `json:"_id" bson:"_id"`
	Rev          int64         `json:"rev" bson:"rev"`
	Schema       int           `json:"schema" bson:"schema"`
	Name         string        `json:"name" bson:"name"`
	Region       string        `json:"region" bson:"region"`                         // for phones written without a country, e.g. RU
	Currency     string        `json:"currency,omitempty" bson:"currency,omitempty"` // ISO 4217, or NoCurrency; "": by the region, see CountsIn
	Zone         string        `json:"zone" bson:"zone"`                             // IANA, for members who set none
	Lang         string        `json:"lang" bson:"lang"`
	Shared       bool          `json:"shared" bson:"shared"` // managers see all clients, not only their own
	Stale        StaleRules    `json:"stale,omitzero" bson:"stale,omitempty"`
	Fields       []CustomField `json:"fields,omitempty" bson:"fields,omitempty"`
	NeedConsent  []Purpose     `json:"need_consent,omitempty" bson:"need_consent,omitempty"`   // what needs a consent, beside advertising
	NeedCode     bool          `json:"need_code,omitempty" bson:"need_code,omitempty"`         // what is guarded needs a one-time code, see Desk.confirmed
	ConsentTexts []ConsentText `json:"consent_texts,omitempty" bson:"consent_texts,omitempty"` // what clients consent to, the oldest version first
	KeepYears    int           `json:"keep_years,omitempty" bson:"keep_years,omitempty"`       // for which clients without contact are kept, see Team.KeptFor
	Looks        int           `json:"looks,omitempty" bson:"looks,omitempty"`                 // cards within an hour, see LookLimit
	Protected    bool          `json:"protected,omitempty" bson:"protected,omitempty"`         // what is shown cannot be passed on or saved
	NoteParts    []string      `json:"note_parts,omitempty" bson:"note_parts,omitempty"`       // how the team names the parts of a note; none: NoteParts
	Reminding    Reminding     `json:"reminding,omitzero" bson:"reminding,omitempty"`          // of members who have not set their own
	Places       []Place       `json:"places,omitempty" bson:"places,omitempty"`               // groups where reminders may go, lost ones too
	Absences     []Absence     `json:"absences,omitempty" bson:"absences,omitempty"`           // who stands in for whom, past ones perhaps too
	Goal         int           `json:"goal,omitempty" bson:"goal,omitempty"`                   // how complete the cards should be, in percent; 0: defaultGoal
	Required     RequiredGaps  `json:"required,omitempty" bson:"required,omitempty"`           // what no card of a kind should lack
	Quarters     []QualityAt   `json:"quarters,omitempty" bson:"quarters,omitempty"`           // how complete the cards were at the beginning of the last ones
	Claim        string        `json:"claim,omitempty" bson:"claim,omitempty"`                 // SHA-256 of the claim code, hex; "" once claimed
	ClaimedBy    MemberID      `json:"claimed_by,omitempty" bson:"claimed_by,omitempty"`       // who claimed it; the member may not be made yet
	Created      time.Time     `json:"created" bson:"created"`
}

// FieldKind is the kind of value a custom field holds.
type FieldKind string

const (
	FieldText   FieldKind = "text"
	FieldNumber FieldKind = "number"
	FieldDate   FieldKind = "date"
	FieldChoice FieldKind = "choice"
)

// FieldKinds in the order in which people are offered them.
var FieldKinds = []FieldKind{FieldText, FieldNumber, FieldDate, FieldChoice}

// CustomField is a field that the owner added to the card.
type CustomField struct {
	ID      FieldID   `json:"id" bson:"id"`
	Name    string    `json:"name" bson:"name"`
	Kind    FieldKind `json:"kind" bson:"kind"`
	Choices []string  `json:"choices,omitempty" bson:"choices,omitempty"`
	Removed bool      `json:"removed,omitempty" bson:"removed,omitempty"` // hidden; values stay

	Requisites bool   `json:"requisites,omitempty" bson:"requisites,omitempty"` // stands on an invoice: accountants see it
	Restricted bool   `json:"restricted,omitempty" bson:"restricted,omitempty"` // see secret.go; for good, since open values are in the record of changes
	Roles      []Role `json:"roles,omitempty" bson:"roles,omitempty"`           // who sees it if it is restricted, beside the owner
}
