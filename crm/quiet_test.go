package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
)

func TestTaskKept(t *testing.T) {
	o := newOffice(t) // Friday, noon in Moscow; the quiet hours are from 21 to 8
	boris := o.hire(2, "Борис", crm.RoleManager)
	day := func(d, hour, minute int) time.Time { return time.Date(2026, 11, d, hour, minute, 0, 0, msk) }
	for name, c := range map[string]struct {
		in   crm.TaskInput
		want crm.Kept
	}{
		"by day":             {crm.TaskInput{Due: day(20, 20, 59)}, crm.Kept{}},
		"as they begin":      {crm.TaskInput{Due: day(20, 21, 0)}, crm.Kept{Until: day(21, 8, 0), Before: day(20, 20, 30)}},
		"before midnight":    {crm.TaskInput{Due: day(20, 23, 0)}, crm.Kept{Until: day(21, 8, 0), Before: day(20, 20, 30)}},
		"after midnight":     {crm.TaskInput{Due: day(21, 5, 0)}, crm.Kept{Until: day(21, 8, 0), Before: day(20, 20, 30)}},
		"as they end":        {crm.TaskInput{Due: day(21, 8, 0)}, crm.Kept{}},
		"each day":           {crm.TaskInput{Due: day(20, 23, 0), Repeat: moment.RepeatDaily}, crm.Kept{Until: day(21, 8, 0)}},
		"by their own hours": {crm.TaskInput{Due: day(20, 14, 0), Assignee: boris.ID}, crm.Kept{Until: day(20, 15, 0), Before: day(20, 12, 30)}},
	} {
		c.in.Text = name
		task := o.task(o.owner, c.in)
		if c.in.Assignee == boris.ID {
			as := o.as(boris)
			if _, err := o.SetReminding(t.Context(), as, func(r *crm.Reminding) { r.QuietFrom, r.QuietTo = "13:00", "15:00" }); err != nil {
				t.Fatal(err)
			}
		}
		got, err := o.TaskKept(t.Context(), o.as(o.owner), task)
		if err != nil || !got.Until.Equal(c.want.Until) || !got.Before.Equal(c.want.Before) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
	task := o.task(o.owner, crm.TaskInput{Text: "поздно", Due: day(20, 23, 0)})
	o.clock.Advance(9 * time.Hour) // 21:00
	if got, err := o.TaskKept(t.Context(), o.as(o.owner), task); err != nil || !got.Until.Equal(day(21, 8, 0)) || !got.Before.IsZero() {
		t.Errorf("in the quiet hours: %v, %v", got, err)
	}
}

func TestDigestKept(t *testing.T) {
	for _, c := range []struct {
		r    crm.Reminding
		want string
	}{
		{crm.Reminding{}, ""},
		{crm.Reminding{Digest: "06:30"}, "08:00"},
		{crm.Reminding{Digest: "08:00"}, ""},
		{crm.Reminding{Digest: "21:00"}, "08:00"},
		{crm.Reminding{Digest: "13:00", QuietFrom: "12:00", QuietTo: "14:30"}, "14:30"},
		{crm.Reminding{Digest: "06:30", QuietFrom: "00:00", QuietTo: "00:00"}, ""},
		{crm.Reminding{Digest: "06:30", Off: []crm.ReminderKind{crm.RemindDigest}}, ""},
	} {
		if got := c.r.DigestKept(); got != c.want {
			t.Errorf("at %s, quiet %s–%s: kept until %q, want %q", c.r.Digest, c.r.QuietFrom, c.r.QuietTo, got, c.want)
		}
	}
}

// Who hands something over is told when that is read: nothing is kept back by day, nor from oneself.
func TestTellKept(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	at := func(step time.Duration, to crm.Member) time.Time {
		t.Helper()
		o.clock.Advance(step)
		got, err := o.TellKept(t.Context(), o.as(o.owner), to.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got.Until
	}
	morning := time.Date(2026, 11, 21, 8, 0, 0, 0, msk)
	if got := at(0, ivan); !got.IsZero() {
		t.Errorf("by day: %v", got)
	}
	if got := at(10*time.Hour, ivan); !got.Equal(morning) {
		t.Errorf("at 22:00: %v", got)
	}
	if got := at(0, o.owner); !got.IsZero() {
		t.Errorf("oneself: %v", got)
	}
	if got := at(10*time.Hour, ivan); !got.IsZero() {
		t.Errorf("as they end: %v", got)
	}
}
