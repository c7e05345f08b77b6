package crm_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// Who stands in and leaves the team, or gets a role that looks after no clients, stands in no more: who is away is told once, is away as
// before, and is reminded themselves; taken back it is as it was, and both are told.
func TestWhoStandsInAndLeaves(t *testing.T) {
	for name, leave := range map[string]func(a *away, by crm.Actor) error{
		"out of the team": func(a *away, by crm.Actor) error {
			_, err := a.RemoveMember(a.t.Context(), by, a.petr.ID, nil)
			return err
		},
		"another role": func(a *away, by crm.Actor) error {
			_, err := a.SetRole(a.t.Context(), by, a.petr.ID, crm.RoleAccountant, nil)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, b, ctx := newAway(t), &inbox{}, t.Context()
			a.tick(b)
			a.leaves(t)
			a.wait(b, 5*time.Minute, time.Minute)
			c, err := a.Colleague(ctx, a.as(a.owner), a.petr.ID)
			mustAll(t, err)
			asked, err := a.Leaves(ctx, a.as(a.owner), c, name == "out of the team", crm.RoleAccountant)
			if err != nil || len(asked.Deputises) != 1 || asked.Deputises[0].Member != a.ivan.ID {
				t.Errorf("before it is asked about %+v, %v", asked.Deputises, err)
			}
			by := a.as(a.owner)
			for range 2 { // the press is delivered twice
				mustAll(t, leave(a, by))
			}
			team, err := a.Team(ctx, a.as(a.owner))
			mustAll(t, err)
			now, set := team.Absence(a.ivan.ID, a.clock.Now())
			if !set || now.Deputy != "" || len(team.Deputised(a.petr.ID, a.clock.Now())) != 1 || len(team.Deputises(a.petr.ID, a.clock.Now())) != 0 {
				t.Errorf("the absence is %+v", now)
			}
			told := func(kind crm.ReminderKind, to crm.Member) (got []crm.Notice) {
				for _, n := range withTold(a.wait(b, 10*time.Minute, time.Minute)) {
					if n.Kind == kind && n.To.ID == to.ID && !n.Back {
						got = append(got, n)
					}
				}
				return got
			}
			if got := told(crm.RemindAway, a.ivan); len(got) != 1 || got[0].Deputy.ID != "" || got[0].Gone.ID != a.petr.ID {
				t.Errorf("Ivan is told %+v", got)
			}
			a.clock.Advance(12 * time.Hour) // the first day
			if who := team.StandIn(a.ivan.ID, a.clock.Now()); who != "" {
				t.Errorf("%s stands in", who)
			}
			due := a.office.task(a.ivan, crm.TaskInput{Text: "счёт", Due: a.clock.Now().Add(11 * time.Hour)})
			got := withTold(a.wait(b, 12*time.Hour, 10*time.Minute))
			if !slices.ContainsFunc(got, func(n crm.Notice) bool { return n.Task.ID == due.ID && n.To.ID == a.ivan.ID }) {
				t.Errorf("nobody is reminded, of %v", kinds(got))
			}
			_, err = a.ReturnStanding(ctx, a.as(a.owner), a.petr.ID, by.Cause)
			mustAll(t, err)
			if got := told(crm.RemindDeputy, a.petr); len(got) != 1 {
				t.Errorf("Petr, who is back, is told %+v", got)
			}
			team, err = a.Team(ctx, a.as(a.owner))
			if err != nil || team.StandIn(a.ivan.ID, a.clock.Now()) != a.petr.ID {
				t.Errorf("he does not stand in again, %v", err)
			}
		})
	}
}

// Members never stand in for each other in a circle, however long it is; on other days they may.
func TestNobodyStandsInInACircle(t *testing.T) {
	a, ctx := newAway(t), t.Context()
	olga := a.hire(4, "Ольга", crm.RoleManager)
	a.leaves(t) // Petr for Ivan, tomorrow and the day after
	set := func(m, deputy crm.Member, from, to int) error {
		_, err := a.SetAbsence(ctx, a.as(a.owner), m.ID, crm.Away{From: a.tomorrow().Plus(from), To: a.tomorrow().Plus(to), Deputy: deputy.ID})
		return err
	}
	if err := set(a.petr, a.ivan, 1, 3); fieldOf(err) != "absence.circle" {
		t.Errorf("two: %v", err)
	}
	mustAll(t, set(a.petr, olga, 0, 3))
	if err := set(olga, a.ivan, 1, 5); fieldOf(err) != "absence.circle" {
		t.Errorf("three: %v", err)
	}
	mustAll(t, set(olga, a.ivan, 2, 5)) // Ivan is back by then
	if err := set(a.ivan, a.petr, 0, 2); fieldOf(err) != "absence.circle" {
		t.Errorf("one that is made longer: %v", err)
	}
}
