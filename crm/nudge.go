package crm

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// Nudge asks a member once a week for a quarter of an hour: their cards are less complete than they should be.
type Nudge struct {
	Quality
	Worst  QualityPart // what most of them lack
	Number int         // how many
}

// needed reports whether there is anything to ask for.
func (n Nudge) needed() bool {
	return n.Total > 0 && (n.Complete < n.Goal || n.Required > 0 || n.Lacking[GapWrong] > 0)
}

// nudgeDays are the days of a week on which one is asked, as days after its Monday, the best first: on Monday there is enough to read.
var nudgeDays = []int{2, 3, 4, 5, 6, 1, 0}

// nudgeDay is the day of a week, known by its Monday, from which on a member is asked: a working day.
func nudgeDay(from civil.Date, off []time.Weekday) civil.Date {
	for _, after := range nudgeDays {
		if day := from.Plus(after); !slices.Contains(off, day.UTC().Weekday()) {
			return day
		}
	}
	return from
}

// mends reports whether m has clients whose cards m may put in order.
func (m Member) mends(team Team) bool {
	return m.takes(team, ActionTendClients) && m.takes(team, ActionEditClient)
}

// planNudge plans it with the morning of a working day, once a week, for those who were there before the week began: who has just
// come is still writing their clients down.
func (d *Desk) planNudge(ctx context.Context, m Member, day civil.Date) error {
	from, r := monday(day), m.Reminding.Full()
	if nudgeDay(from, r.DaysOff).DaysUntil(day) < 0 || !m.Created.Before(civil.At(from, "00:00", m.Location())) {
		return nil
	}
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return fmt.Errorf("read team: %w", err)
	}
	if !m.mends(team) {
		return nil
	}
	return d.plan(ctx, m, Reminder{ID: reminderID(RemindNudge, "", from.String(), m.ID), Kind: RemindNudge, Day: day, Period: from,
		For: civil.At(day, r.Digest, m.Location())})
}

// nudgeNotice counts what there is to mend at the moment when it is sent.
func (d *Desk) nudgeNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	today := civil.DateOf(d.clock.Now().In(n.To.Location()))
	if n.To.ID != r.Member || !n.To.mends(s.team) || monday(today) != r.Period {
		return n, false, nil
	}
	owners, err := d.charges(ctx, n.To)
	if err != nil {
		return n, false, err
	}
	n.Period = r.Period
	one, among := reach{owners: owners}.narrow()
	if n.Nudge.Quality, err = d.quality(ctx, s.team, one, among); err != nil {
		return n, false, err
	}
	for _, g := range Gaps {
		if missing := n.Nudge.Lacking[g]; missing > n.Nudge.Number {
			n.Nudge.Worst, n.Nudge.Number = PartOf(g), missing
		}
	}
	return n, n.Nudge.needed(), nil
}
