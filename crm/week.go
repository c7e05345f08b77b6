package crm

import (
	"context"
	"fmt"
	"slices"

	"kartoteka/crm/civil"
)

// Week is what happened in a week, from Monday to Sunday at the reader's place. Of the present one and the one before it is also
// what there is to do now, which says nothing of earlier weeks.
type Week struct {
	From      civil.Date // its Monday
	Over      bool       // it has ended
	Past      bool       // so has the one after it: Overdue and Birthdays are not counted
	New       int        // clients
	Touches   int
	Overdue   int // what there was to do before today and is not done, as each one's own list of the day counts it
	Birthdays int // clients who celebrate within the coming week, from today
	Outdated  int // clients without contact for longer than they are kept, as of now, up to mostOutdated; 0 for those who may not erase
	Members   []WeekMember
}

// WeekMember is one member's share; those who have none are left out.
type WeekMember struct {
	Member
	New, Touches, Overdue int
}

// empty reports whether there is nothing to tell.
func (w Week) empty() bool { return w.New+w.Touches+w.Overdue+w.Birthdays == 0 }

// mostOutdated bounds how many clients without contact are counted.
const mostOutdated = 100

// MostCounted bounds what a figure counts up to, and a list.
const MostCounted = 1_000_000

// Week counts what happened in the week of a day.
func (d *Desk) Week(ctx context.Context, by Actor, day civil.Date) (Week, error) {
	if _, _, err := d.gate(ctx, by, ActionSeeWeek); err != nil {
		return Week{}, err
	}
	return d.week(ctx, by.Member, monday(day))
}

func (d *Desk) week(ctx context.Context, m Member, from civil.Date) (Week, error) {
	members, err := d.store.Members(ctx, m.Team)
	if err != nil {
		return Week{}, fmt.Errorf("list members: %w", err)
	}
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return Week{}, fmt.Errorf("read team: %w", err)
	}
	start, end := civil.At(from, "00:00", m.Location()), civil.At(from.Plus(7), "00:00", m.Location())
	w := Week{From: from, Over: !d.now().Before(end), Past: !d.now().Before(civil.At(from.Plus(14), "00:00", m.Location()))}
	for _, who := range members {
		one := WeekMember{Member: who}
		q := ClientQuery{Team: m.Team, Owner: who.ID, CreatedFrom: start, CreatedBefore: end}
		if one.New, err = d.store.CountClients(ctx, q, MostCounted); err != nil {
			return w, fmt.Errorf("count new clients: %w", err)
		}
		if one.Touches, err = d.store.CountTouches(ctx, TouchCount{Team: m.Team, By: who.ID, From: start, Before: end}); err != nil {
			return w, fmt.Errorf("count touches: %w", err)
		}
		if !w.Past {
			if one.Overdue, err = d.overdue(ctx, team, who); err != nil {
				return w, err
			}
		}
		if one.New+one.Touches+one.Overdue > 0 {
			w.New, w.Touches, w.Overdue = w.New+one.New, w.Touches+one.Touches, w.Overdue+one.Overdue
			w.Members = append(w.Members, one)
		}
	}
	slices.SortStableFunc(w.Members, func(a, b WeekMember) int { return b.Touches - a.Touches })
	if w.Past {
		return w, nil
	}
	if w.Birthdays, err = d.countBirthdays(ctx, m, agendaAhead); err != nil {
		return w, err
	}
	if r := d.reach(team, m, ActionEraseClient); r.all || len(r.owners) > 0 {
		old, _, err := d.outdated(ctx, team, r, mostOutdated)
		w.Outdated = len(old)
		return w, err
	}
	return w, nil
}

// overdue counts what a member, and nobody for whom they stand in, has left of the days before today.
func (d *Desk) overdue(ctx context.Context, team Team, who Member) (int, error) {
	if err := d.turnDay(ctx, who); err != nil {
		return 0, err
	}
	w, err := d.workloadOf(ctx, team, who, reach{owners: []MemberID{who.ID}})
	if err == nil {
		err = w.quiet(ctx, who)
	}
	if err != nil {
		return 0, err
	}
	return w.count(ctx, span{before: d.startOfDay(who)})
}

// countBirthdays counts the team's clients who celebrate within days from today.
func (d *Desk) countBirthdays(ctx context.Context, m Member, days int) (int, error) {
	today := civil.DateOf(d.clock.Now().In(m.Location()))
	sum := 0
	for ahead := range days {
		q := ClientQuery{Team: m.Team, Dates: birthdayKeys(today.Plus(ahead)), Stages: LiveStages}
		n, err := d.store.CountClients(ctx, q, MostCounted)
		if err != nil {
			return sum, fmt.Errorf("count birthdays: %w", err)
		}
		sum += n
	}
	return sum, nil
}

// planWeek plans the owner's summary of the week before, on the first working day of this one.
func (d *Desk) planWeek(ctx context.Context, m Member, day civil.Date) error {
	if m.Role != RoleOwner {
		return nil
	}
	last := monday(day).Plus(-7)
	if !m.Created.Before(civil.At(monday(day), "00:00", m.Location())) {
		return nil // there was no week before
	}
	return d.plan(ctx, m, Reminder{ID: reminderID(RemindWeek, "", last.String(), m.ID), Kind: RemindWeek, Day: day, Period: last,
		For: civil.At(day, m.Reminding.Full().Digest, m.Location())})
}

func (d *Desk) weekNotice(ctx context.Context, r Reminder, n Notice) (Notice, bool, error) {
	if n.To.ID != r.Member || n.To.Role != RoleOwner {
		return n, false, nil
	}
	if today := civil.DateOf(d.clock.Now().In(n.To.Location())); monday(today) != r.Period.Plus(7) {
		return n, false, nil // the next one is due by now
	}
	var err error
	n.Week, err = d.week(ctx, n.To, r.Period)
	return n, err == nil && !n.Week.empty(), err
}
