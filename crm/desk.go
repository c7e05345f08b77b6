package crm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"kartoteka/crm/civil"
)

// Desk is where the work is done: every use case is a method of it. It holds no state of its own, so many
// processes may have one over the same store.
type Desk struct {
	store Store
	clock Clock
	vault Vault
	names Names
}

// Names tells in a language what the notes say that come of what no field takes.
type Names interface {
	Field(lang string, f Field) string               // what it is called
	Value(lang string, f Field, value string) string // one of those among which is chosen; any other as it is
	Date(lang string, d civil.Date) string
}

// NewDesk makes a desk over a store.
func NewDesk(store Store, clock Clock) *Desk { return &Desk{store: store, clock: clock} }

// WithVault is the desk with keys for what must not be read in the store; without them there is nothing of that kind.
func (d *Desk) WithVault(v Vault) *Desk {
	next := *d
	next.vault = v
	return &next
}

// WithNames is the desk that can say what fields are called; without it a note has the bare values.
func (d *Desk) WithNames(names Names) *Desk {
	next := *d
	next.names = names
	return &next
}

// fieldName is what a team calls a field; "" if nobody knows.
func (d *Desk) fieldName(team Team) func(Field) string {
	return func(f Field) string {
		if own, ok := team.AnyField(f.Custom()); ok {
			return own.Name
		}
		if d.names == nil {
			return ""
		}
		return d.names.Field(team.Lang, f)
	}
}

// leftText is what a card did not take, a line each, with what label calls it, as the team's language has it.
func (d *Desk) leftText(team Team, left []Leftover, label func(Field) string) string {
	lines := make([]string, len(left))
	for i, l := range left {
		text, day := l.Parts(team)
		written := day.String()
		if d.names != nil {
			text, written = d.names.Value(team.Lang, l.Field, text), d.names.Date(team.Lang, day)
		}
		lines[i] = strings.TrimSpace(text + " " + written)
		if label(l.Field) != "" {
			lines[i] = label(l.Field) + ": " + lines[i]
		}
	}
	return strings.Join(lines, "\n")
}

func (d *Desk) now() time.Time { return stamp(d.clock.Now()) }

// schemaVersion is written into every record; engines migrate older ones.
const schemaVersion = 7

// maxRaces bounds how often a change is tried again when others change the same card at the same moment.
const maxRaces = 8

// change is one edit of one card, between reading and writing.
type change struct {
	team     Team
	client   *Client // to be changed in place
	event    *Event  // Undoes may be set
	touches  []Touch // appended to the history
	replaced []Touch // entries of the history as they stand then: taken back, or worded otherwise
	worded   Delta   // what such an entry said, and says
}

// edit reads a card, lets f change it and writes it with its event and touches as one. When somebody else was
// faster it reads again and f runs again. A repeated cause has no second effect: the card is returned as it is.
// It fails with ErrNotFound if by may not see the card, ErrDenied if by may not do a, ErrInvalid on "deleted" if the card
// is in the bin and a does not lead out of it, and with whatever f fails.
func (d *Desk) edit(ctx context.Context, by Actor, id ClientID, a Action, f func(*change) error) (Client, error) {
	team, reach, err := d.gate(ctx, by, a)
	if err != nil {
		return Client{}, err
	}
	return d.rewrite(ctx, by, pen{team: team, action: a, read: func() (Client, error) {
		c, err := d.visible(ctx, team, by, id)
		if err == nil && !reach.allows(c) {
			err = &Error{Kind: ErrDenied, Field: string(a)}
		}
		return c, err
	}}, f)
}

// pen is with what a card is written: as which action, and how the card is read and whether by may write it is judged.
type pen struct {
	team   Team
	action Action
	read   func() (Client, error)
}

// rewrite is edit once it is clear what by may do.
func (d *Desk) rewrite(ctx context.Context, by Actor, p pen, f func(*change) error) (Client, error) {
	team, a := p.team, p.action
	for range maxRaces {
		old, err := p.read()
		if err != nil {
			return old, err
		}
		id := old.ID
		if !old.Deleted.IsZero() && !inBin[a] {
			return old, d.unlessApplied(ctx, by, id, invalid("deleted"))
		}
		next := old.clone()
		ev := Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: a, Record: string(id),
			Rev: old.Rev + 1, By: by.ID, At: d.now()}
		ch := &change{team: team, client: &next, event: &ev}
		if err := f(ch); err != nil {
			return old.seenBy(by.Role, team), d.unlessApplied(ctx, by, id, err)
		}
		if old.away() && !next.away() {
			next.comeBack(old.Deleted, ev.At)
		}
		next.Rev, next.Updated = ev.Rev, ev.At
		next.index(team.Fields)
		if ev.Fields = diff(old, next); len(ev.Fields) == 0 && len(ch.touches) == 0 && len(ch.replaced) == 0 {
			return old.seenBy(by.Role, team), nil
		}
		if ch.worded != (Delta{}) {
			ev.Fields[touchText] = ch.worded
		}
		err = d.store.SaveClient(ctx, ClientChange{Client: next, Event: ev, Touches: ch.touches, Undone: ch.replaced})
		switch {
		case err == nil:
			return next.seenBy(by.Role, team), nil
		case errors.Is(err, ErrApplied):
			c, err := d.store.Client(ctx, by.Team, id)
			return c.seenBy(by.Role, team), err
		case !errors.Is(err, ErrConflict):
			return old, fmt.Errorf("save client %s: %w", id, err)
		}
	}
	return Client{}, &Error{Kind: ErrConflict, Field: "client"}
}

// inBin lists what may be done with a card in the bin.
var inBin = map[Action]bool{ActionRestoreClient: true, ActionUndoClient: true, ActionDeleteClient: true, ActionEraseClient: true, ActionAskErasure: true}

// unlessApplied forgives an error if this very cause has changed the card already: what it changed is then in its own
// way.
func (d *Desk) unlessApplied(ctx context.Context, by Actor, id ClientID, err error) error {
	ev, missing := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if missing == nil && ev.Record == string(id) {
		return nil
	}
	return err
}

// visible reads a card that by may see, or the one that it was merged into; anything else is ErrNotFound, so that nothing is told of it.
func (d *Desk) visible(ctx context.Context, team Team, by Actor, id ClientID) (Client, error) {
	c, err := d.current(ctx, by.Team, id)
	if err != nil {
		return Client{}, fmt.Errorf("read client %s: %w", id, err)
	}
	if !d.reach(team, by.Member, ActionReadClient).allows(c) {
		return Client{}, &Error{Kind: ErrNotFound, Field: "client"}
	}
	return c, nil
}

// clone copies a card so deeply that a change of the copy leaves the original alone.
func (c Client) clone() Client {
	raw, err := json.Marshal(c)
	if err != nil {
		panic("crm: a client always marshals: " + err.Error())
	}
	var out Client
	if err := json.Unmarshal(raw, &out); err != nil {
		panic("crm: a client always unmarshals: " + err.Error())
	}
	return out
}

// unlogged fields say nothing of their own: they are derived, or are in the event already.
var unlogged = map[string]bool{
	"rev": true, "updated": true, "schema": true, "sort_name": true, "terms": true, "words": true, "keys": true, "tag_keys": true, "date_keys": true, "gaps": true,
	"code":   true, // a member's secret, be it sealed
	"before": true,
}

// diff lists the fields in which two states of a card or a task differ.
func diff[T any](before, after T) map[string]Delta {
	return diffOf(fieldsOf(before), fieldsOf(after))
}

// diffOf is diff of what fieldsOf has read: of a record that is changed in place, whose lists both states would share.
func diffOf(b, a map[string]json.RawMessage) map[string]Delta {
	out := map[string]Delta{}
	for name, was := range b {
		if !unlogged[name] && !bytes.Equal(was, a[name]) {
			out[name] = Delta{Before: string(was), After: string(a[name])}
		}
	}
	for name, is := range a {
		if _, was := b[name]; !was && !unlogged[name] {
			out[name] = Delta{After: string(is)}
		}
	}
	return out
}

func fieldsOf[T any](record T) map[string]json.RawMessage {
	raw, err := json.Marshal(record)
	if err != nil {
		panic("crm: a record always marshals: " + err.Error())
	}
	out := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &out); err != nil {
		panic("crm: a record is an object: " + err.Error())
	}
	return out
}
