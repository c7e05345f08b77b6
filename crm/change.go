package crm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Change is one change of a card, for people to read.
type Change struct {
	Event
	Set []Field // which of the card's fields it set, in their order; what touches bring about is not among them
	// Was and Is hold the changed fields alone, before and after.
	Was, Is Client
	// Decision is what it wrote down, or took back, of what was decided about a matter that was due.
	Decision Decision
	Consent  Purpose // of a consent that was written down, withdrawn or returned: to what; the other fields are then empty
	Other    Client  // of a merge: the other card, with its id and its name if it is still there

	hidden bool // it set a restricted field that the reader's role is not named for
}

// Undoable reports whether whom it is shown to may take the change back.
func (c Change) Undoable() bool { return !c.hidden && c.Event.Undoable() }

// hides reports whether the change set a restricted field that a role neither sees nor writes.
func (c Change) hides(role Role, team Team) bool {
	return slices.ContainsFunc(team.Fields, func(f CustomField) bool { return !f.SeenBy(role) && c.Was.Sealed[f.ID] != c.Is.Sealed[f.ID] })
}

// changesPage bounds one page of a card's changes.
const changesPage = 50

// ChangeMark is a place in a card's changes. Those of the card stand in the order of its revisions, whatever the clocks said, those of
// its consents by their time.
type ChangeMark struct {
	Rev     int64   // of the card: before this one; 0: from the newest
	Consent EventID // of its consents: behind this one; "": from the newest
}

// Behind is the place behind a change.
func (m ChangeMark) Behind(c Change) ChangeMark {
	if c.Consent != "" {
		return ChangeMark{m.Rev, c.ID}
	}
	return ChangeMark{c.Rev, m.Consent}
}

// Changes lists a card's changes and what became of its consents, on one line of time, the newest first, one page from a mark. Of a card
// that was merged into another it lists its own; the consents are the other's. ErrNotFound if by may not see the card.
func (d *Desk) Changes(ctx context.Context, by Actor, id ClientID, from ChangeMark, limit int) ([]Change, error) {
	card, err := d.remembered(ctx, by, id)
	if err != nil {
		return nil, err
	}
	team, err := d.Team(ctx, by)
	if err != nil {
		return nil, err
	}
	limit = min(max(limit, 1), changesPage)
	events, last, err := d.changing(ctx, EventQuery{Team: by.Team, Record: string(id), BeforeRev: from.Rev, Limit: limit})
	if err != nil {
		return nil, err
	}
	consents, err := d.consentChanges(ctx, by, id, from.Consent)
	if err != nil {
		return nil, err
	}
	var all []Change
	for _, e := range events {
		for len(consents) > 0 && !consents[0].At.Before(e.At) {
			all, consents = append(all, consents[0]), consents[1:]
		}
		c, err := e.change(team)
		if err == nil && e.Action == ActionMergeClients {
			c.Other, err = d.mergedWith(ctx, c)
		}
		if err != nil {
			return nil, fmt.Errorf("change %s: %w", e.ID, err)
		}
		all = append(all, c.seenBy(by.Role, team))
	}
	if last { // else what is older of the card comes in between
		all = append(all, consents...)
	}
	all = all[:min(limit, len(all))]
	return all, d.decisions(ctx, by.Role, card.ID, all)
}

// changing are the events that the query means, without those that changed nothing: the owner has looks in the audit. last reports
// whether there are no more behind them.
func (d *Desk) changing(ctx context.Context, q EventQuery) (all []Event, last bool, err error) {
	for !last && len(all) < q.Limit {
		page, err := d.store.Events(ctx, q)
		if err != nil {
			return nil, false, fmt.Errorf("read changes of %s: %w", q.Record, err)
		}
		for _, e := range page {
			if e.Action != ActionSeeSecret && e.Action != ActionReseal {
				all = append(all, e)
			}
		}
		n := len(page)
		if last = n < q.Limit || page[n-1].Rev == 0; !last { // looks are no revisions, and come last
			q.BeforeRev = page[n-1].Rev
		}
	}
	return all, last, nil
}

// consentChanges are what became of a card's consents, the newest first, behind an event; none for who may not read them, and of a merged
// card. A client has a handful.
func (d *Desk) consentChanges(ctx context.Context, by Actor, id ClientID, behind EventID) ([]Change, error) {
	card, given, err := d.consents(ctx, by, id, ActionReadHistory)
	if errors.Is(err, ErrDenied) || err == nil && card.ID != id {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []Change
	for _, c := range given {
		events, err := d.store.Events(ctx, EventQuery{Team: by.Team, Record: string(c.ID), Limit: changesPage})
		if err != nil {
			return nil, fmt.Errorf("read changes of consent %s: %w", c.ID, err)
		}
		for _, e := range events {
			switch e.Action {
			case ActionGiveConsent, ActionWithdrawConsent, ActionReturnConsent:
				all = append(all, Change{Event: e, Consent: c.Purpose})
			}
		}
	}
	slices.SortFunc(all, func(a, b Change) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Rev, a.Rev), cmp.Compare(b.ID, a.ID))
	})
	if behind == "" {
		return all, nil
	}
	at := slices.IndexFunc(all, func(c Change) bool { return c.ID == behind })
	return all[at+1:], nil
}

// mergedWith names the other card of a merge, or of one that was taken back. Who sees the one has seen the other.
func (d *Desk) mergedWith(ctx context.Context, c Change) (Client, error) {
	ids := append(without(c.Is.Merged, c.Was.Merged), without(c.Was.Merged, c.Is.Merged)...)
	ids = append(ids, c.Is.MergedInto, c.Was.MergedInto)
	ids = slices.DeleteFunc(ids, func(id ClientID) bool { return id == "" })
	if len(ids) == 0 {
		return Client{}, nil
	}
	other := Client{ID: ids[0]}
	cards, err := d.store.ClientsByID(ctx, c.Team, ids[:1])
	for _, c := range cards {
		other.Name = c.Name
	}
	return other, err
}

// Change is one of a card's changes. ErrNotFound if there is none with this id or by may not see the card.
func (d *Desk) Change(ctx context.Context, by Actor, id ClientID, event EventID) (Change, error) {
	if _, err := d.remembered(ctx, by, id); err != nil {
		return Change{}, err
	}
	team, err := d.Team(ctx, by)
	if err != nil {
		return Change{}, err
	}
	e, err := d.store.Event(ctx, by.Team, event)
	if err == nil && e.Record != string(id) {
		err = &Error{Kind: ErrNotFound, Field: "event"}
	}
	if err != nil {
		return Change{}, fmt.Errorf("read change: %w", err)
	}
	c, err := e.change(team)
	return c.seenBy(by.Role, team), err
}

// change reads the event's two sides.
func (e Event) change(team Team) (Change, error) {
	c := Change{Event: e}
	if err := errors.Join(e.side(&c.Was, func(d Delta) string { return d.Before }), e.side(&c.Is, func(d Delta) string { return d.After })); err != nil {
		return c, err
	}
	set := e.own()
	for _, f := range Fields {
		if _, changed := set[string(f)]; changed {
			c.Set = append(c.Set, f)
		}
	}
	for _, f := range team.Fields {
		if c.Was.Value(CustomKey(f.ID)) != c.Is.Value(CustomKey(f.ID)) {
			c.Set = append(c.Set, CustomKey(f.ID))
		}
	}
	return c, nil
}

// WroteField is who set a field of a card last; of what the newest changes do not tell, who changed the card last. ErrNotFound, ErrDenied.
func (d *Desk) WroteField(ctx context.Context, by Actor, id ClientID, f Field) (MemberID, error) {
	c, err := d.remembered(ctx, by, id)
	if err != nil {
		return "", err
	}
	team, err := d.Team(ctx, by)
	if err != nil {
		return "", err
	}
	events, err := d.store.Events(ctx, EventQuery{Team: by.Team, Record: string(c.ID), Limit: historyPage})
	if err != nil {
		return "", fmt.Errorf("read changes: %w", err)
	}
	for _, e := range events {
		if slices.Contains(e.Touched(team), f) {
			return e.By, nil
		}
	}
	last, err := d.lastEvent(ctx, by.Team, string(c.ID))
	return last.By, err
}

// Touched are the fields of a card that the event set, in their order; none where they are not told.
func (e Event) Touched(team Team) []Field {
	c, err := e.change(team)
	if err != nil {
		return nil
	}
	return c.Set
}

// side puts one side of each field into a record.
func (e Event) side(into any, of func(Delta) string) error {
	fields := map[string]json.RawMessage{}
	for name, delta := range e.Fields {
		if value := of(delta); value != "" {
			fields[name] = json.RawMessage(value)
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// UndoChange takes back one change of a card, however long ago it was. ErrNotFound on "undo" if there is nothing to take back;
// ErrConflict on a field if it has been changed again since, so that nobody's later work is lost; a DuplicateError if another
// card has got by now what would come back, unless that is to be so despite.
func (d *Desk) UndoChange(ctx context.Context, by Actor, id ClientID, event EventID, despite bool) (Client, error) {
	c, err := d.edit(ctx, by, id, ActionUndoClient, func(ch *change) error {
		e, err := d.store.Event(ctx, by.Team, event)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("read change: %w", err)
		}
		if err != nil || e.Record != string(ch.client.ID) {
			return &Error{Kind: ErrNotFound, Field: "undo"}
		}
		return d.takeBack(ctx, ch, by, e, despite)
	})
	if err != nil {
		return c, err
	}
	return c, d.settleChange(ctx, by, c)
}

// takeBack sets what an event has changed back to what it was. What undoes a change needs the right to make it.
func (d *Desk) takeBack(ctx context.Context, ch *change, by Actor, e Event, despite bool) error {
	if !e.Undoable() {
		return &Error{Kind: ErrNotFound, Field: "undo"}
	}
	if !d.reach(ch.team, by.Member, e.Action).allows(*ch.client) {
		return &Error{Kind: ErrDenied, Field: string(e.Action)}
	}
	if set, err := e.change(ch.team); err != nil {
		return err
	} else if set.hides(by.Role, ch.team) {
		return &Error{Kind: ErrDenied, Field: "field.restricted"}
	}
	now := fieldsOf(*ch.client)
	again := "" // a field that has been changed again
	undone := true
	for _, name := range slices.Sorted(maps.Keys(e.own())) {
		is := d.sealedLike(ch.client.Team, name, string(now[name]), e.Fields[name])
		undone = undone && is == e.Fields[name].Before
		if again == "" && is != e.Fields[name].After {
			again = name
		}
	}
	switch {
	case undone:
		return &Error{Kind: ErrNotFound, Field: "undo"}
	case again != "":
		return &Error{Kind: ErrConflict, Field: again}
	}
	ch.event.Undoes = e.ID
	ch.replaced = nil
	if err := d.takeBackDecision(ctx, ch, e); err != nil {
		return err
	}
	before := *ch.client
	if err := putBack(ch.client, e.own()); err != nil {
		return err
	}
	if err := d.openable(*ch.client, before); err != nil {
		return err
	}
	if now := ch.client.Owner; now != before.Owner && now != "" {
		if _, err := d.taker(ctx, ch.team, now, ActionTendClients); errors.Is(err, ErrNotFound) {
			return &Error{Kind: ErrConflict, Field: "owner.gone"}
		} else if err != nil {
			return err
		}
	}
	if despite {
		return nil
	}
	return d.unheld(ctx, ch, by, before)
}
