package crm_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

func TestARepeatingTaskThatIsNotDoneComesAgain(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	first := time.Date(2026, 11, 21, 11, 0, 0, 0, msk)
	task := o.task(o.owner, crm.TaskInput{Text: "сверка", Due: first, Repeat: moment.RepeatDaily})
	var came []time.Time
	for range 5 * 24 {
		for _, n := range o.wait(b, time.Hour, 20*time.Minute) {
			if n.Kind == crm.RemindTask {
				came = append(came, n.Task.Due)
			}
		}
	}
	for i, at := range came {
		if want := first.AddDate(0, 0, i); !at.Equal(want) {
			t.Errorf("turn %d came for %v, want %v", i, at, want)
		}
	}
	if len(came) < 4 {
		t.Errorf("came %d times in five days", len(came))
	}
	got, err := o.Task(t.Context(), o.as(o.owner), task.ID)
	if err != nil || !got.Due.Equal(came[len(came)-1]) || got.State != crm.TaskOpen {
		t.Errorf("the task is due %v, %v", got.Due, err)
	}
	if _, err := o.CloseTask(t.Context(), o.as(o.owner), task.ID, crm.TaskDone, first); err == nil {
		t.Error("a press on the first turn's message has done the present one")
	}
}

// TestTheDayHasItsTurns: what repeats and was not done yesterday is among what is to do today before it comes.
func TestTheDayHasItsTurns(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	first := time.Date(2026, 11, 23, 15, 0, 0, 0, msk) // Monday
	o.task(o.owner, crm.TaskInput{Text: "касса", Due: first, Repeat: moment.RepeatDaily})
	o.wait(b, first.Sub(o.clock.Now())+15*time.Hour, time.Hour)
	for _, n := range o.wait(b, 4*time.Hour, 10*time.Minute) {
		if n.Kind != crm.RemindDigest {
			continue
		}
		if a := n.Agenda; len(a.Items) != 1 || a.Left != 0 || a.Total != 1 || !a.Items[0].Due.Equal(first.AddDate(0, 0, 1)) {
			t.Errorf("the digest has %+v, %d of them left behind", a.Items, a.Left)
		}
		return
	}
	t.Error("no digest came")
}

// What was put off beyond its next turn comes when it was put off to, and one that is done comes at its next turn once.
func TestATurnComesOnce(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	first := time.Date(2026, 11, 21, 11, 0, 0, 0, msk)
	task := o.task(o.owner, crm.TaskInput{Text: "сверка", Due: first, Repeat: moment.RepeatDaily})
	until := func(at time.Time) (n int) {
		for o.clock.Now().Before(at) {
			for _, one := range o.wait(b, 30*time.Minute, 10*time.Minute) {
				if one.Kind == crm.RemindTask {
					n++
				}
			}
		}
		return n
	}
	if n := until(first.Add(2 * time.Hour)); n != 1 {
		t.Fatalf("came %d times", n)
	}
	if _, err := o.SnoozeTask(t.Context(), o.as(o.owner), task.ID, first, first.AddDate(0, 0, 1).Add(5*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := until(first.AddDate(0, 0, 1).Add(4 * time.Hour)); n != 0 {
		t.Errorf("what was put off came %d times at its old hour", n)
	}
	if n := until(first.AddDate(0, 0, 1).Add(6 * time.Hour)); n != 1 {
		t.Errorf("what was put off came %d times", n)
	}
	if _, err := o.CloseTask(t.Context(), o.as(o.owner), task.ID, crm.TaskDone, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if n := until(first.AddDate(0, 0, 2).Add(6 * time.Hour)); n != 1 {
		t.Errorf("the turn after a done one came %d times", n)
	}
}

// After a long stop each birthday that went by is told of once, be it over; a card that was not there then is not.
func TestAfterAStopTheBirthdaysThatWentByAreToldOf(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	gone := o.add(o.owner, crm.Profile{Name: "Прошедший", Birthday: civil.Date{Year: 1990, Month: 12, Day: 20}})
	today := o.add(o.owner, crm.Profile{Name: "Сегодняшний", Birthday: civil.Date{Year: 1990, Month: 1, Day: 18}})
	soon := o.add(o.owner, crm.Profile{Name: "Скорый", Birthday: civil.Date{Year: 1990, Month: 1, Day: 21}})
	o.tick(b)
	o.clock.Advance(time.Date(2027, 1, 18, 12, 0, 0, 0, msk).Sub(o.clock.Now()))
	o.add(o.owner, crm.Profile{Name: "Новый", Birthday: civil.Date{Year: 1990, Month: 12, Day: 25}})
	times := map[crm.ClientID]int{}
	for _, n := range o.wait(b, time.Hour, time.Minute) {
		for _, one := range slices.Concat([]crm.Notice{n}, n.Missed, n.Told) {
			if one.Kind == crm.RemindBirthday {
				times[one.Client.ID]++
			}
		}
	}
	if len(times) != 3 || times[gone.ID] != 1 || times[today.ID] != 1 || times[soon.ID] != 1 {
		t.Errorf("birthdays by client: %v, want one of each of three", times)
	}
}
