package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// moving says of every field that names a client what becomes of it when that client's card is merged into another. Whoever adds
// a record with a client says it here; a test fails until then.
var moving = map[string]string{
	"clients._id":                 "it is the card itself, closed",
	"clients.merged_into":         "says into which",
	"clients.merged":              "says which came",
	"touches.client":              "moves, see MoveTouches",
	"touches.moved":               "says where it was",
	"tasks.client":                "moves, see moveTasks",
	"tasks.moved":                 "says where it was",
	"consents.client":             "moves, see moveConsents",
	"consents.moved":              "says where it was",
	"reminders.client":            "is of the kept card when it is due, see subject",
	"reminders.clients":           "tells what a list said once",
	"imports.kept":                "tells what an import that was undone has left",
	"pairs.one":                   "what was found of the card is found of the other",
	"pairs.other":                 "the same",
	"pairs.merge.kept":            "tells what was decided",
	"pairs.merge.gone":            "the same",
	"members.mass.of":             "a closed card is nobody's to change",
	"members.mass.after.ID":       "says only how far it got",
	"members.mass.query.After.ID": "the same",
	"members.mass.kept":           "tells what taking many merges back has left",
	"members.handing.page.client": "a closed card is nobody's to hand over",
}

// move is what moves from one card of a pair to the other, or back.
type move struct {
	pair     Pair
	from, to ClientID
	back     bool
}

// target is whose a record is to be that is a client's now and was others' before; ok is false if it stays.
func (m move) target(moved []ClientID) (to ClientID, was []ClientID, ok bool) {
	if !m.back {
		return m.to, append(slices.Clone(moved), m.from), true
	}
	last := len(moved) - 1
	if last < 0 || moved[last] != m.from {
		return "", nil, false
	}
	return m.from, slices.Clip(moved[:last]), true
}

// source is whose the records are that may move.
func (m move) source() ClientID {
	if m.back {
		return m.to
	}
	return m.from
}

func (m move) by() MemberID {
	if m.back {
		return m.pair.Merge.BackBy
	}
	return m.pair.Merge.By
}

// moveAll moves everything.
func (d *Desk) moveAll(ctx context.Context, m move) error {
	if err := d.store.MoveTouches(ctx, TouchMove{Team: m.pair.Team, From: m.from, To: m.to, Back: m.back}); err != nil {
		return fmt.Errorf("move history: %w", err)
	}
	if err := d.moveTasks(ctx, m); err != nil {
		return err
	}
	return d.moveConsents(ctx, m)
}

func (d *Desk) moveTasks(ctx context.Context, m move) error {
	q := TaskQuery{Team: m.pair.Team, Client: m.source(), Limit: planPage}
	for {
		page, err := d.store.Tasks(ctx, q)
		if err != nil {
			return fmt.Errorf("tasks to move: %w", err)
		}
		for _, t := range page {
			if err := d.moveTask(ctx, m, t.ID); err != nil {
				return err
			}
		}
		if len(page) < planPage {
			return nil
		}
		last := page[len(page)-1]
		q.After = &TaskMark{last.Due, last.ID}
	}
}

func (d *Desk) moveTask(ctx context.Context, m move, id TaskID) error {
	for range maxRaces {
		t, err := d.store.Task(ctx, m.pair.Team, id)
		if errors.Is(err, ErrNotFound) || err == nil && t.Client != m.source() {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read task: %w", err)
		}
		to, was, ok := m.target(t.Moved)
		if !ok {
			return nil
		}
		old := t
		t.Client, t.Moved, t.Rev = to, was, t.Rev+1
		err = d.saveTask(ctx, t, m.event(d, string(id), t.Rev, diff(old, t)))
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return &Error{Kind: ErrConflict, Field: "task"}
}

// settleCountdowns has the countdown of each erasure that one of the two cards asks for as it stands now run, and no other one: of two
// wishes a card keeps the earlier, and a card that comes back asks again for what it had asked for.
func (d *Desk) settleCountdowns(ctx context.Context, p Pair) error {
	made, err := d.store.Event(ctx, p.Team, Merge{Cause: p.Merge.Cause}.event(string(p.Merge.Kept)))
	if err != nil {
		return fmt.Errorf("read merge: %w", err)
	}
	gone, err := d.store.Client(ctx, p.Team, p.Merge.Gone)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("read client: %w", err)
	}
	s, err := d.staff(ctx, p.Team)
	if err != nil {
		return err
	}
	before, after := made.Fields["erase_task"].tasks()
	for _, id := range []TaskID{before, after, gone.EraseTask} {
		if err := d.settleCountdown(ctx, s, p, id); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) settleCountdown(ctx context.Context, s staff, p Pair, id TaskID) error {
	for range maxRaces {
		t, err := d.store.Task(ctx, p.Team, id)
		if id == "" || errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read task: %w", err)
		}
		c, err := d.erasing(ctx, t)
		if err != nil {
			return err
		}
		old, m := t, move{pair: p, back: p.Merge.Back != ""}
		switch open := t.State == TaskOpen; {
		case open && c.ID == "":
			t.close(TaskDropped, m.by(), d.now())
		case !open && c.ID != "":
			err = t.countAgain(d.now())
		}
		goes := c.ID != "" && t.countsDown() && s.followsCard(&t, c)
		if err != nil || t.State == old.State && !goes {
			return err
		}
		t.Rev++
		ev := m.event(d, string(id), t.Rev, diff(old, t))
		ev.ID, ev.Action = p.Merge.event("count."+string(id)), ActionEditTask
		if err := d.saveTask(ctx, t, ev); !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return &Error{Kind: ErrConflict, Field: "task"}
}

func (m move) event(d *Desk, record string, rev int64, fields map[string]Delta) Event {
	return Event{ID: m.pair.Merge.event(record), Team: m.pair.Team, Schema: schemaVersion, Action: ActionMergeClients, Record: record, Rev: rev,
		By: m.by(), At: d.now(), Fields: fields, PartOf: m.pair.Merge.partOf(record)}
}

// moveConsents moves the consents. What a client has withdrawn is withdrawn, whichever card says so: where one card's consent to a
// purpose is withdrawn, the other's ends. Taking the merge back gives it again, unless the client has taken it back meanwhile.
func (d *Desk) moveConsents(ctx context.Context, m move) error {
	here, err := d.store.Consents(ctx, m.pair.Team, m.to)
	if err != nil {
		return fmt.Errorf("read consents: %w", err)
	}
	there, err := d.store.Consents(ctx, m.pair.Team, m.from)
	if err != nil {
		return fmt.Errorf("read consents: %w", err)
	}
	all := slices.Concat(here, there)
	for _, c := range all {
		next := c
		if c.Client == m.source() {
			if to, was, ok := m.target(c.Moved); ok {
				next.Client, next.Moved = to, was
			}
		}
		switch ended := c.Ended == m.pair.ID; {
		case m.back && ended:
			next.Withdrawn, next.WithdrawnBy, next.Ended = time.Time{}, "", ""
		case !m.back && !ended && c.Withdrawn.IsZero() && m.withdrawn(all, c):
			next.Withdrawn, next.WithdrawnBy, next.Ended = m.pair.Merge.At, m.by(), m.pair.ID
		}
		if next.Client == c.Client && next.Ended == c.Ended {
			continue
		}
		next.Rev++
		err := d.store.SaveConsent(ctx, next, m.event(d, string(c.ID), next.Rev, nil))
		if err != nil && !errors.Is(err, ErrApplied) {
			return fmt.Errorf("move consent %s: %w", c.ID, err)
		}
	}
	return nil
}

// withdrawn reports whether the other card than c's has had a consent to the same purpose and has none any more.
func (m move) withdrawn(all []Consent, c Consent) bool {
	once := false
	for _, o := range all {
		if o.Purpose != c.Purpose || m.came(o) == m.came(c) {
			continue
		}
		if o.Withdrawn.IsZero() || o.Ended == m.pair.ID {
			return false
		}
		once = true
	}
	return once
}

// came reports whether a consent is of the card that goes, moved already or not.
func (m move) came(c Consent) bool {
	return c.Client == m.from || len(c.Moved) > 0 && c.Moved[len(c.Moved)-1] == m.from
}
