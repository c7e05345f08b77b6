package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
)

// Whoever moves is reminded by the clock of the new place, of what is planned too: the digest at its hour, a task at its
// moment, and neither in the quiet hours there.
func TestWhatIsPlannedFollowsAMemberWhoMoves(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.clock.Advance(60*time.Hour + time.Minute) // Monday, 00:01 in Moscow
	o.task(o.owner, crm.TaskInput{Text: "первое", Due: time.Date(2026, 11, 23, 0, 30, 0, 0, msk)})
	o.task(o.owner, crm.TaskInput{Text: "второе", Due: time.Date(2026, 11, 23, 10, 0, 0, 0, msk)})
	o.clock.Advance(time.Hour)
	o.tick(b) // the first waits for 08:00, the digest for 09:00
	if _, err := o.SetCity(t.Context(), o.as(o.owner), crm.CityOf("Asia/Vladivostok", "")); err != nil {
		t.Fatal(err)
	}
	vlad := must(time.LoadLocation("Asia/Vladivostok"))
	var came []string
	for range 12 * 60 {
		o.clock.Advance(time.Minute)
		for _, n := range o.tick(b) {
			came = append(came, string(n.Kind)+" "+o.clock.Now().In(vlad).Format("15:04"))
		}
	}
	want := []string{"task 08:02", "digest 09:00", "task 17:00"} // it is 08:01 there already
	if len(came) != len(want) || came[0] != want[0] || came[1] != want[1] || came[2] != want[2] {
		t.Errorf("came %v, want %v", came, want)
	}
}

func TestWhatIsPlannedFollowsTheHours(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.clock.Advance(60*time.Hour + time.Minute) // Monday, 00:01
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: time.Date(2026, 11, 23, 18, 0, 0, 0, msk)})
	o.tick(b)
	if _, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Digest, r.QuietTo = "07:30", "07:00" }); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(7*time.Hour + 28*time.Minute)
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("too early: %v", kinds(got))
	}
	o.clock.Advance(time.Minute)
	if got := o.tick(b); len(got) != 1 || got[0].Kind != crm.RemindDigest || got[0].Late >= crm.LateAfter {
		t.Errorf("got %v, want the digest at its new hour", kinds(got))
	}
}

func TestNoSuchCity(t *testing.T) {
	o := newOffice(t)
	if _, err := o.SetCity(t.Context(), o.as(o.owner), crm.City{Zone: "Europe/Nowhere"}); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid on zone", err)
	}
}
