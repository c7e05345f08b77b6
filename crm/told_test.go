package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// to is what a member got.
func to(b *inbox, m crm.Member) (all []crm.Notice) {
	for _, n := range b.got {
		if n.To.ID == m.ID {
			all = append(all, n)
		}
	}
	return all
}

func TestTheRemovedAreTold(t *testing.T) {
	o := newOffice(t)
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleOwner)
	o.add(ivan, crm.Profile{Name: "Иванов Павел"})
	o.clock.Advance(14 * time.Hour) // into the night
	by := o.as(o.owner)
	for range 2 { // delivered twice
		if _, err := o.RemoveMember(t.Context(), by, ivan.ID, []crm.MemberID{o.owner.ID}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.RemoveMember(t.Context(), o.as(o.owner), ivan.ID, nil); err != nil { // pressed again
		t.Fatal(err)
	}
	b := &inbox{}
	o.deliver(b)
	if got := to(b, ivan); len(got) != 1 || got[0].Kind != crm.RemindGone || got[0].Client.ID != "" || got[0].Who.ID != "" {
		t.Errorf("told %+v, want once that it has ended", got)
	}
	if _, err := o.RemoveMember(t.Context(), o.as(petr), petr.ID, nil); err != nil {
		t.Fatal(err)
	}
	if self := o.told(petr, crm.RemindGone); len(self) > 0 {
		t.Error("who left by themselves is told what they did")
	}
}

// Whoever has come back before they were told has not been taken out.
func TestWhoIsBackIsNotToldToHaveGone(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	if _, err := o.RemoveMember(t.Context(), o.as(o.owner), ivan.ID, nil); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Second)
	o.hire(2, "Иван", crm.RoleManager)
	b := &inbox{}
	o.deliver(b)
	for _, n := range to(b, ivan) {
		if n.Kind == crm.RemindGone {
			t.Error("told to have gone")
		}
	}
}

func TestWhoIsSetAwayIsTold(t *testing.T) {
	o := newOffice(t)
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	today := civil.DateOf(o.clock.Now())
	away := func(first, last int) crm.Away {
		return crm.Away{From: today.Plus(first), To: today.Plus(last), Deputy: petr.ID}
	}
	set := func(by crm.Actor, in crm.Away) {
		t.Helper()
		if _, err := o.SetAbsence(t.Context(), by, ivan.ID, in); err != nil {
			t.Fatal(err)
		}
	}
	told := func(want ...civil.Date) {
		t.Helper()
		b := &inbox{}
		o.deliver(b)
		var got []civil.Date
		for _, n := range to(b, ivan) {
			if n.Kind == crm.RemindAway {
				first, _ := n.Absence.Days(time.UTC)
				if n.Absence.Member == "" {
					first = civil.Date{}
				}
				got = append(got, first)
			}
		}
		if len(got) != len(want) || len(want) == 1 && got[0] != want[0] {
			t.Errorf("told of %v, want %v", got, want)
		}
	}
	by := o.as(o.owner)
	set(by, away(2, 5))
	set(by, away(2, 5)) // delivered twice
	told(today.Plus(2))
	set(o.as(o.owner), away(3, 5)) // the first of these is of no use any more
	o.clock.Advance(time.Second)
	set(o.as(o.owner), away(4, 5))
	told(today.Plus(4))
	for range 2 { // two presses: the second ends nothing
		if _, err := o.EndAbsence(t.Context(), o.as(o.owner), ivan.ID); err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(time.Millisecond)
	}
	told(civil.Date{})
	set(o.as(ivan), away(2, 5))
	if _, err := o.EndAbsence(t.Context(), o.as(ivan), ivan.ID); err != nil {
		t.Fatal(err)
	}
	told()
}
