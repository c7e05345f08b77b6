package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
)

func TestNextTry(t *testing.T) {
	m := crm.Member{Zone: "Europe/Moscow"}
	early := crm.Member{Zone: "Europe/Moscow", Reminding: crm.Reminding{QuietFrom: "20:00", QuietTo: "11:30", Set: true}}
	at := func(s string) time.Time { return must(time.ParseInLocation("2006-01-02 15:04", s, msk)) }
	for _, c := range []struct {
		m         crm.Member
		n         int
		now, want string
	}{
		{m, 1, "2026-11-18 12:07", "2026-11-18 14:07"},
		{m, 1, "2026-11-18 18:59", "2026-11-18 20:59"},
		{m, 1, "2026-11-18 19:30", "2026-11-19 10:00"}, // 21:30 is quiet
		{m, 1, "2026-11-18 23:10", "2026-11-19 10:00"},
		{m, 2, "2026-11-18 12:00", "2026-11-19 10:00"},
		{m, 2, "2026-11-20 12:00", "2026-11-23 10:00"}, // Friday: the next working day is Monday
		{m, 3, "2026-11-18 12:00", "2026-11-23 10:00"}, // the third day is a Saturday
		{m, 3, "2026-11-16 12:00", "2026-11-19 10:00"},
		{m, 9, "2026-11-16 12:00", "2026-11-19 10:00"},
		{early, 2, "2026-11-21 12:00", "2026-11-22 11:30"}, // no days off; at ten it is quiet still
	} {
		if got := c.m.NextTry(c.n, at(c.now).UTC()); !got.Equal(at(c.want)) {
			t.Errorf("attempt %d at %s: %s, want %s", c.n, c.now, got.In(msk).Format("2006-01-02 15:04"), c.want)
		}
	}
}

func TestMissedAttemptsAreTouches(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.clock.Now().Add(time.Hour).In(msk)})
	var due []string
	for range 3 {
		o.clock.Advance(time.Minute)
		var err error
		if task, err = o.MissTask(ctx, o.as(o.owner), task.ID, task.Due, time.Time{}); err != nil {
			t.Fatal(err)
		}
		due = append(due, task.Due.In(msk).Format("02.01 15:04"))
	}
	if len(due) != 3 || due[0] != "20.11 14:01" || due[1] != "23.11 10:00" || due[2] != "23.11 10:00" {
		t.Errorf("tried again at %q", due)
	}
	if got := o.history(c.ID); len(got) != 3 || got[0] != "call not_reached" {
		t.Errorf("got %q", got)
	}
	// A contact that is missed thrice goes by what the history has.
	c, err := o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Missed: true})
	if err != nil || c.NextContact.In(msk).Format("02.01 15:04") != "23.11 10:00" {
		t.Errorf("got %v, %v", c.NextContact, err)
	}
}
