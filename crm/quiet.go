package crm

import (
	"context"
	"fmt"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// Kept says that a reminder is kept back by the quiet hours of who is reminded. The zero value: it comes on time.
type Kept struct {
	Until  time.Time // when it comes: the end of the quiet hours
	Before time.Time // a time before them that could be chosen instead; zero if there is none ahead
}

// DigestKept is the clock at which the digest comes if its time is within the quiet hours: their end; "" if it comes on time.
func (r Reminding) DigestKept() string {
	r = r.Full()
	due := civil.At(civil.Date{Year: 2000, Month: 1, Day: 1}, r.Digest, time.UTC)
	if (Member{Zone: time.UTC.String(), Reminding: r}).OutOfQuiet(due).Equal(due) || !r.Wants(RemindDigest) {
		return ""
	}
	return r.QuietTo
}

// aheadOfQuiet is how long before the quiet hours a reminder still leaves time to act.
const aheadOfQuiet = 30 * time.Minute

// TaskKept tells whether the quiet hours of its assignee keep an open task's reminder back.
func (d *Desk) TaskKept(ctx context.Context, by Actor, t Task) (Kept, error) {
	now := d.now()
	if t.State != TaskOpen || !t.Due.After(now) {
		return Kept{}, nil
	}
	team, _, err := d.gate(ctx, by, ActionReadTask)
	if err != nil {
		return Kept{}, err
	}
	m := by.Member
	if t.Assignee != by.ID {
		if m, err = d.store.Member(ctx, by.Team, t.Assignee); err != nil {
			return Kept{}, fmt.Errorf("read who has the task: %w", err)
		}
	}
	m = m.of(team)
	until := m.OutOfQuiet(t.Due)
	if !until.After(t.Due) {
		return Kept{}, nil
	}
	k := Kept{Until: until, Before: m.quietSince(t.Due).Add(-aheadOfQuiet)}
	if !k.Before.After(now) || t.Repeat != moment.RepeatNever { // one turn of many is no reason to move it
		k.Before = time.Time{}
	}
	return k, nil
}

// TellKept tells whether the quiet hours of a member keep back what they are told now; nothing is kept from by.
func (d *Desk) TellKept(ctx context.Context, by Actor, to MemberID) (Kept, error) {
	team, _, err := d.gate(ctx, by, ActionSeeTeam)
	if err != nil || to == by.ID {
		return Kept{}, err
	}
	m, err := d.store.Member(ctx, by.Team, to)
	if err != nil {
		return Kept{}, fmt.Errorf("read who is told: %w", err)
	}
	if now, until := d.now(), m.of(team).OutOfQuiet(d.now()); until.After(now) {
		return Kept{Until: until}, nil
	}
	return Kept{}, nil
}

// quietSince is when the quiet hours began that t falls into.
func (m Member) quietSince(t time.Time) time.Time {
	clock, loc := m.Reminding.Full().QuietFrom, m.Location()
	day := civil.DateOf(t.In(loc))
	since := civil.At(day, clock, loc)
	if since.After(t) {
		since = civil.At(day.Plus(-1), clock, loc)
	}
	return since
}
