package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

func weeks(all []crm.Notice) []crm.Week {
	var out []crm.Week
	for _, n := range all {
		if n.Kind == crm.RemindWeek {
			out = append(out, n.Week)
		}
	}
	return out
}

func TestTheOwnerGetsTheWeekOnMonday(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	at := o.clock.Now().Add(time.Hour).In(msk)
	kim := o.add(ivan, crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 27}})
	o.add(o.owner, crm.Profile{Name: "Волков", Birthday: civil.Date{Month: 12, Day: 27}})
	o.touch(ivan, kim.ID, crm.TouchInput{})
	o.touch(ivan, kim.ID, crm.TouchInput{Kind: crm.TouchNote, Text: "x"})
	o.touch(o.owner, kim.ID, crm.TouchInput{At: o.clock.Now().Add(-6 * aDay)}) // the week before
	o.task(ivan, crm.TaskInput{Text: "опоздало", Due: at})
	o.task(ivan, crm.TaskInput{Text: "ещё нет", Due: at.AddDate(0, 0, 9)})
	o.toMonday(b, 0)
	got := o.wait(b, 7*aDay-time.Hour, time.Hour)
	list := weeks(got)
	if len(list) != 1 {
		t.Fatalf("got %d summaries", len(list))
	}
	w := list[0]
	if w.From != (civil.Date{Year: 2026, Month: 11, Day: 16}) || !w.Over || w.New != 2 || w.Touches != 1 || w.Overdue != 1 || w.Birthdays != 1 {
		t.Errorf("got %+v", w)
	}
	if len(w.Members) != 2 || w.Members[0].Name != "Иван" || w.Members[0].Touches != 1 || w.Members[0].Overdue != 1 || w.Members[1].New != 1 {
		t.Errorf("got %+v", w.Members)
	}
	for _, n := range got {
		if n.Kind == crm.RemindWeek && n.To.ID != o.owner.ID {
			t.Errorf("%s got a summary", n.To.Name)
		}
	}
	before, err := o.Week(t.Context(), o.as(o.owner), civil.Date{Year: 2026, Month: 11, Day: 15})
	if err != nil || before.Touches != 1 || before.New != 0 || before.Overdue != 0 || before.Birthdays != 0 {
		t.Errorf("got %+v, %v", before, err)
	}
	if _, err := o.Week(t.Context(), o.as(ivan), w.From); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager: got %v", err)
	}
}

// TestTheWeekCountsAsTheDayDoes: what is overdue is what each one's own list says is left, next contacts among it, and nothing
// that is for today.
func TestTheWeekCountsAsTheDayDoes(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	soon := o.clock.Now().Add(time.Hour).In(msk)
	kim := o.add(ivan, crm.Profile{Name: "Ким"})
	o.touch(ivan, kim.ID, crm.TouchInput{Next: soon})
	o.task(ivan, crm.TaskInput{Text: "опоздало", Due: soon})
	o.task(ivan, crm.TaskInput{Text: "на сегодня", Due: soon.AddDate(0, 0, 2)})
	o.task(o.owner, crm.TaskInput{Text: "своё", Due: soon})
	o.wait(b, 2*aDay+2*time.Hour, time.Hour)
	day, err := o.Agenda(t.Context(), o.as(ivan), 0)
	if err != nil {
		t.Fatal(err)
	}
	w, err := o.Week(t.Context(), o.as(o.owner), day.Day)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range w.Members {
		if m.ID == ivan.ID && (m.Overdue != 2 || m.Overdue != day.Left) {
			t.Errorf("the week says %d are overdue, the day %d", m.Overdue, day.Left)
		}
	}
	if w.Overdue != 3 {
		t.Errorf("all together are %d", w.Overdue)
	}
}

func TestTheWeekCanBeTurnedOff(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.add(o.owner, crm.Profile{Name: "Ким"})
	if _, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Off = append(r.Off, crm.RemindWeek) }); err != nil {
		t.Fatal(err)
	}
	if got := weeks(o.wait(b, 4*aDay, time.Hour)); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestTheWeekComesOnTheFirstWorkingDay(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.add(o.owner, crm.Profile{Name: "Ким"})
	o.clock.Advance(3*aDay + 12*time.Hour) // the program stood still all Monday
	if got := weeks(o.wait(b, 10*time.Hour, 10*time.Minute)); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
}
