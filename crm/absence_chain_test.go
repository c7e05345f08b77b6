package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
)

// Where the deputy is away on the same days, whoever stands in for them stands in for both, and hears of both; whatever was set first.
func TestAbsenceOfADeputy(t *testing.T) {
	for name, ivanFirst := range map[string]bool{"Ivan, then Petr": true, "Petr, then Ivan": false} {
		t.Run(name, func(t *testing.T) {
			a := newAway(t)
			mia := a.hire(4, "Мия", crm.RoleManager)
			follows := func() {
				_, err := a.SetAbsence(t.Context(), a.as(a.petr), a.petr.ID, crm.Away{From: a.tomorrow(), To: a.tomorrow().Plus(1), Deputy: mia.ID})
				mustAll(t, err)
			}
			if ivanFirst {
				a.leaves(t)
				follows()
			} else {
				follows()
				a.leaves(t)
			}
			team, err := a.Team(t.Context(), a.as(a.owner))
			mustAll(t, err)
			absence, ok := team.Absence(a.ivan.ID, a.clock.Now())
			if in := team.StandsIn(absence, a.clock.Now()); !ok || in != mia.ID {
				t.Errorf("%s stands in, want Mia", in)
			}
			b := &inbox{}
			a.clock.Advance(time.Minute)
			a.deliver(b)
			told := map[crm.MemberID][]string{}
			for _, n := range b.got {
				if n.Kind == crm.RemindDeputy && !n.Back {
					told[n.To.ID] = append(told[n.To.ID], n.Who.Name+"/"+n.Deputy.Name)
				}
			}
			if got := told[mia.ID]; len(got) != 2 {
				t.Errorf("Mia is told of %q", got)
			}
			if got := told[a.petr.ID]; len(got) > 1 || len(got) == 1 && got[0] != "Иван/Мия" {
				t.Errorf("Petr is told of %q", got)
			}
		})
	}
}
