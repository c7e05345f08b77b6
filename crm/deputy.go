package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// Deputises lists the absences, now or to come, in which a member stands in.
func (t Team) Deputises(id MemberID, now time.Time) []Absence {
	return t.absences(now, func(a Absence) bool { return a.Deputy == id })
}

// Deputised lists the absences, now or to come, in which a member was to stand in who looks after no clients any more, and nobody does.
func (t Team) Deputised(id MemberID, now time.Time) []Absence {
	return t.absences(now, func(a Absence) bool { return a.Deputy == "" && a.Gone == id })
}

func (t Team) absences(now time.Time, f func(Absence) bool) []Absence {
	return slices.DeleteFunc(slices.Clone(t.Absences), func(a Absence) bool { return !now.Before(a.Until) || !f(a) })
}

// Meets reports whether any of these days is one of the absence.
func (a Absence) Meets(from, to civil.Date, loc *time.Location) bool {
	first, last := a.Days(loc)
	return first.DaysUntil(to) >= 0 && from.DaysUntil(last) >= 0
}

// circles reports whether members would stand in for each other in a circle, from now on, with an absence that is to be set.
func (t Team) circles(a Absence, now time.Time) bool {
	if now.After(a.From) {
		a.From = now
	}
	return t.leadsTo(a.Member, a, len(t.Absences))
}

// leadsTo reports whether an absence's deputy, or who stands in for them at the same time, is a member; it looks so many steps far.
func (t Team) leadsTo(id MemberID, a Absence, steps int) bool {
	return a.Deputy == id || steps > 0 && slices.ContainsFunc(t.Absences, func(o Absence) bool {
		if o.Member != a.Deputy || o.Deputy == "" || !o.From.Before(a.Until) || !a.From.Before(o.Until) {
			return false
		}
		if o.From.Before(a.From) {
			o.From = a.From
		}
		if o.Until.After(a.Until) {
			o.Until = a.Until
		}
		return t.leadsTo(id, o, steps-1)
	})
}

// endDeputy ends that a member stands in who may not look after clients any more, by by's cause, which has made them so: who is away is away
// as before, and is told that nobody stands in.
func (d *Desk) endDeputy(ctx context.Context, by Actor, m Member) error {
	return d.changeDeputy(ctx, by.then(), func(t *Team, a *Absence) {
		if a.Deputy == m.ID && !m.takes(*t, ActionTendClients) {
			a.Deputy, a.Gone = "", m.ID
		}
	})
}

// returnDeputy has a member who may look after clients again stand in where they were to and nobody does; both are told.
func (d *Desk) returnDeputy(ctx context.Context, by Actor, m Member) error {
	return d.changeDeputy(ctx, by.then(), func(t *Team, a *Absence) {
		if a.Deputy == "" && a.Gone == m.ID && m.takes(*t, ActionTendClients) {
			a.Deputy, a.Gone = m.ID, ""
		}
	})
}

// changeDeputy changes who stands in, in absences that are not over, and has those told who do not do it themselves. Which it has changed is
// read from the event: what comes a second time finds it, too.
func (d *Desk) changeDeputy(ctx context.Context, by Actor, f func(*Team, *Absence)) error {
	t, err := d.editTeamAs(ctx, by, ActionSetAbsence, func(t *Team) error {
		t.Absences = slices.Clone(t.Absences)
		for i := range t.Absences {
			if d.now().Before(t.Absences[i].Until) {
				f(t, &t.Absences[i])
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	e, err := d.store.Event(ctx, t.ID, by.Cause.EventID(0))
	if errors.Is(err, ErrNotFound) { // there was nothing to change
		return nil
	}
	if err != nil {
		return fmt.Errorf("read whom somebody stood in for: %w", err)
	}
	before, after := read[[]Absence](e, "absences")
	for _, a := range after {
		if slices.Contains(before, a) {
			continue
		}
		if err := d.tellDeputyChanged(ctx, by, t, a); err != nil {
			return err
		}
	}
	return nil
}

// tellDeputyChanged tells who is away who stands in for them now, and whoever that is.
func (d *Desk) tellDeputyChanged(ctx context.Context, by Actor, t Team, a Absence) error {
	days := instant(a.From) + "-" + instant(a.Until)
	m, err := d.member(ctx, t.ID, a.Member)
	if err != nil || !m.Removed.IsZero() {
		return err
	}
	if m.ID != by.ID {
		first, _ := a.Days(m.of(t).Location())
		err = d.plan(ctx, m.of(t), Reminder{ID: reminderID(RemindAway, string(by.Cause), days, m.ID), Kind: RemindAway, From: by.ID, Who: m.ID, Day: first,
			For: d.now()})
	}
	if err != nil || a.Deputy == "" || a.Deputy == by.ID {
		return err
	}
	dep, err := d.member(ctx, t.ID, a.Deputy)
	if err != nil {
		return err
	}
	return d.plan(ctx, dep.of(t), Reminder{ID: reminderID(RemindDeputy, string(m.ID)+"."+string(by.Cause), days, dep.ID), Kind: RemindDeputy, From: by.ID,
		Who: m.ID, For: d.now()})
}
