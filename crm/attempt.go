package crm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// When to try again after the first, the second, any further time that a client was not reached.
const (
	firstTry = 2 * time.Hour
	laterTry = 3 // days
)

// NextTry is when to try again after the n-th attempt in a row at m's place: in two hours, then in the morning of the next
// working day, then in three days. In the quiet hours nobody is called, and what would fall into them is the morning's.
func (m Member) NextTry(n int, now time.Time) time.Time {
	now = now.In(m.Location())
	soon := now.Add(firstTry).Truncate(time.Minute)
	if n <= 1 && civil.DateOf(soon) == civil.DateOf(now) && m.OutOfQuiet(soon).Equal(soon) {
		return soon
	}
	days := 1
	if n > 2 {
		days = laterTry
	}
	return m.morning(civil.DateOf(now).Plus(days))
}

// morning is when contacts are due on a day, or on the first working day after it.
func (m Member) morning(day civil.Date) time.Time {
	r := m.Reminding.Full()
	for range 7 {
		if !slices.Contains(r.DaysOff, day.UTC().Weekday()) {
			break
		}
		day = day.Plus(1)
	}
	return m.OutOfQuiet(entry{now: time.Time{}.In(m.Location())}.at(day, contactHour))
}

// attempts counts how often in a row the client was not reached.
func (d *Desk) attempts(ctx context.Context, team TeamID, id ClientID) (int, error) {
	list, err := d.store.Touches(ctx, TouchQuery{Team: team, Client: id, Kinds: TouchKinds, Limit: historyPage})
	if err != nil {
		return 0, fmt.Errorf("attempts at %s: %w", id, err)
	}
	n := slices.IndexFunc(list, func(t Touch) bool { return t.Outcome != OutcomeNotReached })
	if n < 0 {
		n = len(list)
	}
	return n, nil
}

// MissTask counts that the client was not reached, logs the attempt with the client if by may, else tells their history, and moves
// the task on: to until, or when that is zero to the next try. seen is the due time that by was shown: if it is another by now that
// is ErrConflict on "task", so that a second press does not count twice. Zero: not compared. A HandedOverError if it has gone from
// by to another member.
func (d *Desk) MissTask(ctx context.Context, by Actor, id TaskID, seen, until time.Time) (Task, error) {
	said, err := d.untouched(ctx, by, id, Ending{Outcome: OutcomeNotReached})
	if err != nil {
		return Task{}, err
	}
	if !said.IsZero() {
		said.What = DecidedLater
	}
	t, err := d.editDecided(ctx, by, id, said, func(t *Task) error {
		if err := d.unlessHanded(ctx, by, *t); err != nil {
			return err
		}
		if t.State != TaskOpen || !stillAt(seen, t.Due) {
			return &Error{Kind: ErrConflict, Field: "task"}
		}
		t.Attempts++
		again, err := until, d.inTime(ctx, *t, until)
		if again.IsZero() {
			again, err = d.beforeTurn(ctx, *t, by.NextTry(t.Attempts, d.now()))
		}
		if err != nil {
			return err
		}
		if !again.After(d.now()) {
			return invalid("due")
		}
		t.Due = stamp(again)
		return nil
	})
	if err != nil {
		return t, err
	}
	if err := d.sayDecided(ctx, by, t); err != nil {
		return t, err
	}
	return t, d.logFor(ctx, by, t, Ending{Kind: TouchCall, Outcome: OutcomeNotReached})
}
