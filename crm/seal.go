package crm

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Seal closes a batch of a team's events: its hash covers them and the hash of the seal before, so that none of them can be
// changed or taken out unnoticed. Seals are made some time after the events, by one process, so that no change waits for them.
//
// Of what an event says of a record only a keyed digest is in the hash. The key, a Salt for each record, goes with the record
// when it is removed for good: the chain can still be verified then, and the digest tells nothing.
type Seal struct {
	ID      string      `json:"_id" bson:"_id"` // Team:Seq
	Team    TeamID      `json:"team" bson:"team"`
	Schema  int         `json:"schema" bson:"schema"`
	Seq     int64       `json:"seq" bson:"seq"`                       // 1, 2, … without a gap
	Prev    string      `json:"prev,omitempty" bson:"prev,omitempty"` // Hash of the one before
	Hash    string      `json:"hash" bson:"hash"`                     // SHA-256, hex
	At      time.Time   `json:"at" bson:"at"`
	Entries []SealEntry `json:"entries" bson:"entries"`
}

// SealEntry is one event in a seal.
type SealEntry struct {
	Event  EventID `json:"event" bson:"event"`
	Fields string  `json:"fields,omitempty" bson:"fields,omitempty"` // digest of Event.Fields: HMAC-SHA-256 in base64url; "": it had none
	Head   string  `json:"head,omitempty" bson:"head,omitempty"`     // how the digest of the rest of the event begins: it tells which was altered, Hash proves it; "": of an older version
}

// Salt is the key of the digests of what events say of a record.
type Salt struct {
	Record string `json:"record" bson:"record"`
	Key    string `json:"key" bson:"key"` // 128 random bits as text
}

// SealStore keeps the chain of a team's events. The engines remember which events are in no seal yet. What they read of events and
// seals may be Unreadable: Unreadable.IDs are Event.ID and Seal.ID.
type SealStore interface {
	// OpenEvents lists events that are in no seal, about in the order in which they were written; at most limit.
	OpenEvents(ctx context.Context, team TeamID, limit int) ([]Event, error)
	// ClosedEvents lists the ids of events that are open no more, by id, after one; at most limit. Each of them is in a seal, or somebody
	// has worked over the base.
	ClosedEvents(ctx context.Context, team TeamID, after EventID, limit int) ([]EventID, error)
	// EventsByID reads events in no order; those that are not there are left out.
	EventsByID(ctx context.Context, team TeamID, ids []EventID) ([]Event, error)
	// AddSeal keeps a seal and the salts of records that have none yet, and its events are open no more; ErrConflict if there
	// is a seal with its id.
	AddSeal(ctx context.Context, s Seal, salts []Salt) error
	// LastSeal is the newest of a team's; ErrNotFound.
	LastSeal(ctx context.Context, team TeamID) (Seal, error)
	// Seals lists a team's after a number, in their order.
	Seals(ctx context.Context, team TeamID, after int64, limit int) ([]Seal, error)
	// Salts reads those of some records; those that have none are left out.
	Salts(ctx context.Context, team TeamID, records []string) ([]Salt, error)
	// ForgetSalts removes those of some records for good. PurgeClients does it by itself.
	ForgetSalts(ctx context.Context, team TeamID, records []string) error
}

// sealBatch is how many events a seal holds at the most.
const sealBatch = 1000

// SealEvents closes the events of every team that are in no seal yet; it is run by the clock. Where two processes do it at
// once one of them makes each seal.
func (d *Desk) SealEvents(ctx context.Context) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	var errs []error
	for _, t := range teams {
		for n := sealBatch; n == sealBatch; {
			if n, err = d.sealSome(ctx, t.ID); err != nil { // of the others nothing is wrong
				n, errs = 0, append(errs, fmt.Errorf("seal events of team %s: %w", t.ID, err))
			}
		}
	}
	return errors.Join(errs...)
}

// sealSome makes the team's next seal and returns how many events are in it. Events that cannot be read are in none, and Unreadable tells of
// them: the others are not left open for their sake.
func (d *Desk) sealSome(ctx context.Context, team TeamID) (int, error) {
	events, err := d.store.OpenEvents(ctx, team, sealBatch)
	if _, failed := unreadable(err); failed != nil || len(events) == 0 {
		return 0, err
	}
	n, failed := d.seal(ctx, team, events)
	return n, errors.Join(err, failed)
}

func (d *Desk) seal(ctx context.Context, team TeamID, events []Event) (int, error) {
	last, err := d.store.LastSeal(ctx, team)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return 0, err
	}
	salts, made, err := d.saltsFor(ctx, team, events)
	if err != nil {
		return 0, err
	}
	s := Seal{Team: team, Schema: schemaVersion, Seq: last.Seq + 1, Prev: last.Hash, At: d.now()}
	s.ID = sealID(team, s.Seq)
	var gone []string
	byID := map[EventID]Event{}
	for _, e := range events {
		byID[e.ID] = e
		s.Entries = append(s.Entries, SealEntry{Event: e.ID, Fields: e.fieldsDigest(salts[e.Record]), Head: e.headMark()})
		if e.Action == ActionPurgeClient || e.Action == ActionPurgeTask {
			gone = append(gone, e.Record)
		}
	}
	s.Hash = s.hash(byID)
	if err := d.store.AddSeal(ctx, s, made); errors.Is(err, ErrConflict) {
		return 0, nil // another process was faster
	} else if err != nil {
		return 0, err
	}
	if len(gone) > 0 { // a record may have gone between the reading of its events and this
		err = d.store.ForgetSalts(ctx, team, gone)
	}
	return len(events), err
}

func sealID(team TeamID, seq int64) string { return string(team) + ":" + strconv.FormatInt(seq, 10) }

// saltsFor reads the keys for the events' records and makes those that are missing.
func (d *Desk) saltsFor(ctx context.Context, team TeamID, events []Event) (keys map[string]string, made []Salt, err error) {
	var records []string
	keys = map[string]string{}
	for _, e := range events {
		if _, seen := keys[e.Record]; !seen && len(e.Fields) > 0 {
			keys[e.Record] = ""
			records = append(records, e.Record)
		}
	}
	there, err := d.store.Salts(ctx, team, records)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range there {
		keys[s.Record] = s.Key
	}
	for _, record := range records {
		if keys[record] == "" {
			keys[record] = rand.Text()
			made = append(made, Salt{record, keys[record]})
		}
	}
	return keys, made, nil
}

// hash is what the seal's Hash must be if it holds these events.
func (s Seal) hash(events map[EventID]Event) string {
	sum := sha256.New()
	line := func(text string) { _, _ = sum.Write(append([]byte(text), '\n')) } // a hash never fails
	line("seal 1")
	line(s.ID)
	line(s.Prev)
	line(strconv.FormatInt(s.At.UnixMilli(), 10))
	for _, entry := range s.Entries {
		line(events[entry.Event].headDigest())
		line(entry.Fields)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// headDigest covers all of the event but its fields. What is in it and how is fixed: seals of years ago must still be verified.
func (e Event) headDigest() string {
	covered := []any{e.ID, e.Team, e.Action, e.Record, e.Rev, e.By, e.At.UnixMilli(), e.Undoes}
	if e.PartOf != "" { // earlier versions wrote none
		covered = append(covered, e.PartOf)
	}
	head, _ := json.Marshal(covered) // texts and numbers
	sum := sha256.Sum256(head)
	return hex.EncodeToString(sum[:])
}

// headMark is how headDigest begins: 40 bits find the one event that was altered.
func (e Event) headMark() string { return e.headDigest()[:10] }

// fieldsDigest covers what the event says of its record; "" if it says nothing.
func (e Event) fieldsDigest(key string) string {
	if len(e.Fields) == 0 {
		return ""
	}
	fields, _ := json.Marshal(e.Fields) // texts, the keys in order
	sum := hmac.New(sha256.New, []byte(key))
	_, _ = sum.Write(fields)
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}
