package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// RecordKind names a kind of record, as the engines name the table or collection that keeps it.
type RecordKind string

const (
	RecordTeam     RecordKind = "teams"
	RecordMember   RecordKind = "members"
	RecordInvite   RecordKind = "invites"
	RecordClient   RecordKind = "clients"
	RecordTouch    RecordKind = "touches"
	RecordEvent    RecordKind = "events"
	RecordSeal     RecordKind = "seals"
	RecordSalt     RecordKind = "salts"
	RecordTask     RecordKind = "tasks"
	RecordReminder RecordKind = "reminders"
	RecordProgress RecordKind = "progress"
	RecordDialog   RecordKind = "dialogs"
	RecordStray    RecordKind = "strays"
	RecordMark     RecordKind = "marks"
	RecordConsent  RecordKind = "consents"
	RecordPair     RecordKind = "pairs"
	RecordImport   RecordKind = "imports"
)

// RecordKinds are all that a base holds, in the order in which it is dumped: a team's fields say how its clients are found,
// so teams come first; events come before the seals that close them. A new kind needs a line here and in recordTypes, and a case where each engine dumps and loads; the
// contract of the stores fails until it has them.
var RecordKinds = []RecordKind{RecordTeam, RecordMember, RecordInvite, RecordClient, RecordConsent, RecordTouch, RecordEvent, RecordSeal,
	RecordSalt, RecordTask, RecordReminder, RecordProgress, RecordDialog, RecordStray, RecordMark, RecordPair, RecordImport}

// Record is one document of a base: a Team, Member, Invite, Client, Consent, Touch, Event, Seal, KeptSalt, Task, Reminder, Progress,
// Dialog, StrayUpdate, Mark, Pair or Import.
type Record interface{ RecordKind() RecordKind }

// Each record says its kind.
func (Team) RecordKind() RecordKind        { return RecordTeam }
func (Member) RecordKind() RecordKind      { return RecordMember }
func (Invite) RecordKind() RecordKind      { return RecordInvite }
func (Client) RecordKind() RecordKind      { return RecordClient }
func (Consent) RecordKind() RecordKind     { return RecordConsent }
func (Touch) RecordKind() RecordKind       { return RecordTouch }
func (Event) RecordKind() RecordKind       { return RecordEvent }
func (Seal) RecordKind() RecordKind        { return RecordSeal }
func (KeptSalt) RecordKind() RecordKind    { return RecordSalt }
func (Task) RecordKind() RecordKind        { return RecordTask }
func (Reminder) RecordKind() RecordKind    { return RecordReminder }
func (Progress) RecordKind() RecordKind    { return RecordProgress }
func (Dialog) RecordKind() RecordKind      { return RecordDialog }
func (StrayUpdate) RecordKind() RecordKind { return RecordStray }
func (Mark) RecordKind() RecordKind        { return RecordMark }
func (Pair) RecordKind() RecordKind        { return RecordPair }
func (Import) RecordKind() RecordKind      { return RecordImport }

// KeptSalt is a Salt with the team that it belongs to.
type KeptSalt struct {
	Team TeamID `json:"team" bson:"team"`
	Salt `bson:",inline"`
}

// Progress is how far a planner got, see ReminderStore.Progress.
type Progress struct {
	ID string    `json:"_id" bson:"_id"`
	At time.Time `json:"at" bson:"at"`
}

// Mark is what IntakeStore.MarkOnce keeps.
type Mark struct {
	ID string    `json:"_id" bson:"_id"`
	At time.Time `json:"at" bson:"at"`
}

// Counts is how many records of each kind there are.
type Counts map[RecordKind]int

// Total is all of them.
func (c Counts) Total() int {
	total := 0
	for _, n := range c {
		total += n
	}
	return total
}

// Source is a whole base, of all teams, to be read through: for backups and for moving to another engine.
type Source interface {
	// Frozen reports whether what follows is the base as it was at one moment, whatever is written meanwhile. A MongoDB
	// that is no replica set cannot do that: of what is written meanwhile a part may be missed.
	Frozen() bool
	// Counts counts the records that Dump hands over; of a source that is not frozen, about.
	Counts(ctx context.Context) (Counts, error)
	// Dump hands over each record as JSON, kind by kind in the order of RecordKinds; the bytes are
	// good until each returns. Events that are in a seal come before those that are in none. What a card is found by is left out: Decoder makes it anew.
	Dump(ctx context.Context, each func(kind RecordKind, doc []byte) error) error
	Close() error
}

// Sink is an empty base that is being filled.
type Sink interface {
	// Load writes records of any kinds as they are, whatever their revision, without events of its own. Thousands at a
	// time are the cheaper ones.
	Load(ctx context.Context, batch []Record) error
}

// What filling a base may fail with.
var (
	// ErrNotEmpty: there are records already.
	ErrNotEmpty = errors.New("the base is not empty")
	// ErrUnfinished: a restore was cut short, so that a part of the base is missing.
	ErrUnfinished = errors.New("the base was restored by half")
	// ErrUnreadable: a document is not of the kind it is said to be.
	ErrUnreadable = errors.New("a record cannot be read")
)

// Decoder makes records of dumped documents, in the order in which they were dumped: brought to the shape of this version,
// cards with all that they are found by.
type Decoder struct {
	fields map[TeamID][]CustomField
}

// Record decodes one document; ErrUnreadable without its words, which are personal data.
func (d *Decoder) Record(kind RecordKind, doc []byte) (Record, error) {
	shape, known := recordTypes[kind]
	if !known {
		return nil, fmt.Errorf("kind %q: %w", kind, ErrUnreadable)
	}
	r, err := decode(shape, doc)
	if err != nil {
		return nil, fmt.Errorf("one of %s: %w", kind, ErrUnreadable)
	}
	switch r := r.(type) {
	case Team:
		if d.fields == nil {
			d.fields = map[TeamID][]CustomField{}
		}
		d.fields[r.ID] = r.Fields
	case Client:
		r.index(d.fields[r.Team])
		return r, nil
	}
	return r, nil
}

// decode reads a document of a type and brings it to the shape of this version.
func decode(shape reflect.Type, doc []byte) (Record, error) {
	into := reflect.New(shape)
	if err := json.Unmarshal(doc, into.Interface()); err != nil {
		return nil, err
	}
	if old, ok := into.Interface().(Upgrader); ok {
		old.Upgrade()
	}
	return into.Elem().Interface().(Record), nil // recordTypes holds nothing else
}
