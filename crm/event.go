package crm

import (
	"encoding/json"
	"time"
)

// Event records one change: who did what, when, to which record, and the fields before and after. Stored
// in the same write as the change.
type Event struct {
	ID      EventID          `json:"_id" bson:"_id"` // Cause.EventID
	Team    TeamID           `json:"team" bson:"team"`
	Schema  int              `json:"schema" bson:"schema"`
	Action  Action           `json:"action" bson:"action"`
	Record  string           `json:"record" bson:"record"` // the id of the record that changed
	Rev     int64            `json:"rev" bson:"rev"`       // the record's revision after the change
	By      MemberID         `json:"by" bson:"by"`
	At      time.Time        `json:"at" bson:"at"`
	Fields  map[string]Delta `json:"fields,omitempty" bson:"fields,omitempty"` // field → before and after
	Undoes  EventID          `json:"undoes,omitempty" bson:"undoes,omitempty"`
	Likely  bool             `json:"likely,omitempty" bson:"likely,omitempty"`   // of an import's row: it was only like a card
	Emptied EventID          `json:"emptied,omitempty" bson:"emptied,omitempty"` // what it said is gone with a client; this event tells so
	PartOf  EventID          `json:"part_of,omitempty" bson:"part_of,omitempty"` // of what was done with many records at once: the event that tells of all of it
}

// touchText is the field of a rewording: what the touch said, and what it says since. No card has a field of this name, so that it is not
// put back with one.
const touchText = "touch_text"

// Delta is one field's change; both sides are JSON texts ("" for no value), so that any kind of field can
// be put back as it was.
type Delta struct {
	Before string `json:"before,omitempty" bson:"before,omitempty"`
	After  string `json:"after,omitempty" bson:"after,omitempty"`
}

// quoted is a text as one side of a Delta.
func quoted(text string) string {
	raw, _ := json.Marshal(text) // a text always marshals
	return string(raw)
}
