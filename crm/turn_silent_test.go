package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
)

// A task that repeats is not silent for ever when nobody could be told of one of its turns: its card was in the bin, or its kind was not
// wanted.
func TestTurnsComeAgain(t *testing.T) {
	for name, silent := range map[string]func(o *office, c crm.Client) (back func()){
		"in the bin": func(o *office, c crm.Client) func() {
			_, err := o.DeleteClient(t.Context(), o.as(o.owner), c.ID)
			mustAll(t, err)
			return func() {
				_, err := o.RestoreClient(t.Context(), o.as(o.owner), c.ID)
				mustAll(t, err)
			}
		},
		"not wanted": func(o *office, _ crm.Client) func() {
			set := func(off ...crm.ReminderKind) {
				_, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Off = off })
				mustAll(t, err)
			}
			set(crm.RemindTask)
			return func() { set() }
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, b := newOffice(t), &inbox{}
			o.tick(b)
			c := o.add(o.owner, crm.Profile{Name: "Клиент"})
			o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "счёт", Due: o.clock.Now().Add(time.Hour).In(msk), Repeat: moment.RepeatDaily})
			o.wait(b, 2*time.Hour, 10*time.Minute)
			back := silent(o, c)
			o.wait(b, 48*time.Hour, 30*time.Minute)
			back()
			came := 0
			for _, n := range withTold(o.wait(b, 7*24*time.Hour, 30*time.Minute)) {
				if n.Kind == crm.RemindTask {
					came++
				}
			}
			if came < 6 || came > 8 {
				t.Errorf("%d reminders in 7 days, want one a day", came)
			}
		})
	}
}
