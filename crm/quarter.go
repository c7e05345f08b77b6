package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kartoteka/crm/civil"
)

// QualityAt is how complete a base was at the beginning of a quarter, so that the next one can be held against it.
type QualityAt struct {
	Quarter  civil.Date `json:"quarter" bson:"quarter"` // its first day
	Total    int        `json:"total" bson:"total"`
	Complete int        `json:"complete" bson:"complete"` // percent
}

// Quarter is the summary of the base for its owner.
type Quarter struct {
	Quality
	From    civil.Date      // the quarter's first day
	Before  QualityAt       // a quarter ago; zero: not known
	Pairs   int             // cards that may be there twice
	Members []MemberQuality // the least complete first
}

const (
	mostQuarters = 8  // are remembered: two years
	quarterLate  = 14 // days after which a quarter's summary is of no use any more
)

// quarterOf is the first day of a day's quarter.
func quarterOf(day civil.Date) civil.Date {
	return civil.Date{Year: day.Year, Month: day.Month - (day.Month-1)%3, Day: 1}
}

// planQuarter plans the owner's summary on the first working day of a quarter, and notes how complete the base is then.
func (d *Desk) planQuarter(ctx context.Context, m Member, day civil.Date) error {
	from := quarterOf(day)
	if m.Role != RoleOwner || from.DaysUntil(day) > quarterLate || !m.Created.Before(civil.At(from, "00:00", m.Location())) {
		return nil
	}
	if err := d.noteQuarter(ctx, m.Team, from); err != nil {
		return err
	}
	return d.plan(ctx, m, Reminder{ID: reminderID(RemindQuarter, "", from.String(), m.ID), Kind: RemindQuarter, Day: day, Period: from,
		For: civil.At(day, m.Reminding.Full().Digest, m.Location())})
}

// noteQuarter remembers, once a quarter, how complete the base is.
func (d *Desk) noteQuarter(ctx context.Context, id TeamID, from civil.Date) error {
	t, err := d.store.Team(ctx, id)
	if err != nil {
		return fmt.Errorf("read team: %w", err)
	}
	if slices.ContainsFunc(t.Quarters, func(q QualityAt) bool { return q.Quarter == from }) {
		return nil
	}
	q, err := d.quality(ctx, t, "", nil)
	if err != nil {
		return err
	}
	t.Quarters = append(slices.Clone(t.Quarters), QualityAt{Quarter: from, Total: q.Total, Complete: q.Complete})
	t.Quarters = t.Quarters[max(0, len(t.Quarters)-mostQuarters):]
	t.Rev++
	err = d.store.SaveTeam(ctx, t, Event{ID: EventID("quarter." + string(t.ID) + "." + from.String()), Team: t.ID, Schema: schemaVersion,
		Action: ActionNoteQuarter, Record: string(t.ID), Rev: t.Rev, At: d.now()})
	if errors.Is(err, ErrConflict) || errors.Is(err, ErrApplied) {
		return nil // somebody was faster; the next look notes it if it is not there
	}
	return err
}

func (d *Desk) quarterNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	if n.To.ID != r.Member || n.To.Role != RoleOwner || quarterOf(civil.DateOf(d.clock.Now().In(n.To.Location()))) != r.Period {
		return n, false, nil
	}
	all, err := d.quality(ctx, s.team, "", nil)
	if err != nil || all.Total == 0 {
		return n, false, err
	}
	n.Quarter = Quarter{Quality: all, From: r.Period, Before: s.team.quarterBefore(r.Period)}
	if n.Quarter.Members, err = d.qualityByMember(ctx, s.team, reach{all: true}); err != nil {
		return n, false, err
	}
	n.Quarter.Pairs, err = d.store.CountPairs(ctx, d.openPairs(s.team, Actor{Member: n.To}), mostPairs)
	if err != nil {
		return n, false, fmt.Errorf("count pairs: %w", err)
	}
	return n, true, nil
}

// quarterBefore is what is remembered of the quarter before one; zero if nothing is.
func (t Team) quarterBefore(from civil.Date) QualityAt {
	before := quarterOf(from.Plus(-1))
	i := slices.IndexFunc(t.Quarters, func(q QualityAt) bool { return q.Quarter == before })
	if i < 0 {
		return QualityAt{}
	}
	return t.Quarters[i]
}
