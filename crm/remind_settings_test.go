package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/city"
)

// Whoever moves is reminded by the clock of the new place, of what is planned too: the digest at its hour, a task at its
// moment, and neither in the quiet hours there.
func TestWhatIsPlannedFollowsAMemberWhoMoves(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.add(o.owner, crm.Profile{Name: "Ким"})    // something to sum up of the week
	o.clock.Advance(60*time.Hour + time.Minute) // Monday, 00:01 in Moscow
	o.task(o.owner, crm.TaskInput{Text: "первое", Due: time.Date(2026, 11, 23, 0, 30, 0, 0, msk)})
	o.task(o.owner, crm.TaskInput{Text: "второе", Due: time.Date(2026, 11, 23, 10, 0, 0, 0, msk)})
	o.clock.Advance(time.Hour)
	o.tick(b) // the first waits for 08:00, the digest for 09:00
	if _, err := o.SetCity(t.Context(), o.as(o.owner), city.Of("Asia/Vladivostok", "")); err != nil {
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
	want := []string{"task 08:02", "digest 09:00", "week 09:00", "task 17:00"} // it is 08:01 there already
	if !slices.Equal(came, want) {
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
	if _, err := o.SetCity(t.Context(), o.as(o.owner), city.City{Zone: "Europe/Nowhere"}); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid on zone", err)
	}
}

// What a member has not set is the team's, what they have is theirs, be it nothing; and they can leave it to the team again.
func TestTeamDefaults(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(8, "Иван", crm.RoleManager)
	now := func() crm.Reminding { return o.actor(ivan).Reminding }
	if _, err := o.SetTeamReminding(ctx, o.as(ivan), func(*crm.Reminding) {}); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager sets it for all: %v", err)
	}
	set := func(f func(*crm.Reminding)) {
		t.Helper()
		if _, err := o.SetTeamReminding(ctx, o.as(o.owner), f); err != nil {
			t.Fatal(err)
		}
	}
	set(func(r *crm.Reminding) {
		r.Digest, r.DaysOff, r.Off = "08:00", nil, []crm.ReminderKind{crm.RemindContact}
	})
	if r := now(); r.Digest != "08:00" || len(r.DaysOff) != 0 || r.Wants(crm.RemindContact) || r.QuietTo != "08:00" || len(r.Own) != 0 {
		t.Errorf("got %+v, want the team's", r)
	}
	m, err := o.SetReminding(ctx, o.as(ivan), func(r *crm.Reminding) { r.Digest, r.Off = "10:00", nil })
	if err != nil || m.Reminding.Digest != "10:00" {
		t.Fatalf("%+v, %v", m.Reminding, err)
	}
	set(func(r *crm.Reminding) { r.Digest, r.Birthdays = "07:00", []int{14} })
	if r := now(); r.Digest != "10:00" || !r.Wants(crm.RemindContact) || !slices.Equal(r.Birthdays, []int{14}) ||
		!slices.Equal(r.Own, []crm.ReminderPart{crm.PartDigest, crm.PartKinds}) {
		t.Errorf("got %+v, want their own digest and kinds, the team's days", r)
	}
	if m, err = o.FollowTeam(ctx, o.as(ivan), crm.PartDigest); err != nil || m.Reminding.Digest != "07:00" || !now().Wants(crm.RemindContact) {
		t.Errorf("got %+v, %v; want the team's digest again and the own kinds", m.Reminding, err)
	}
}

// Settings are changed in copies: what one does to theirs is nobody else's, nor the default.
func TestSettingsAreCopies(t *testing.T) {
	o := newOffice(t)
	for range 2 { // a day off goes, and comes again
		if _, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) {
			r.DaysOff[0], r.Birthdays[0] = time.Monday, 30
		}); err != nil {
			t.Fatal(err)
		}
	}
	if r := o.actor(o.owner).Reminding; r.DaysOff[0] != time.Monday || r.Birthdays[0] != 30 {
		t.Errorf("got %+v, want what was set", r)
	}
	if r := (crm.Reminding{}).Full(); r.DaysOff[0] != time.Saturday || r.Birthdays[0] != 5 {
		t.Errorf("the defaults are %+v now", r)
	}
}

// A change for all moves what is planned for those who follow it.
func TestTeamDefaultsMoveWhatIsPlanned(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.clock.Advance(60*time.Hour + time.Minute) // Monday, 00:01
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: time.Date(2026, 11, 23, 18, 0, 0, 0, msk)})
	o.tick(b)
	if _, err := o.SetTeamReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Digest = "11:30" }); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(11*time.Hour + 28*time.Minute)
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("too early: %v", kinds(got))
	}
	o.clock.Advance(time.Minute)
	if got := o.tick(b); len(got) != 1 || got[0].Kind != crm.RemindDigest {
		t.Errorf("got %v, want the digest at the team's hour", kinds(got))
	}
}

// actor is a member as a turn begins with them.
func (o *office) actor(m crm.Member) crm.Actor {
	o.t.Helper()
	by, err := o.Actor(o.t.Context(), m.User, "look")
	if err != nil {
		o.t.Fatal(err)
	}
	return by
}
