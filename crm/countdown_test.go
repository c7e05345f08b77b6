package crm_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// wish is a team in which a client of Ivan's has asked to be erased. Anna owns the team, Olga is an admin, Petr another manager.
type wish struct {
	*office
	box              *inbox
	ivan, olga, petr crm.Member
	client           crm.Client
}

func newWish(t *testing.T) *wish {
	t.Helper()
	o := newOffice(t)
	w := &wish{office: o, box: &inbox{}, ivan: o.hire(2, "Иван", crm.RoleManager), olga: o.hire(3, "Ольга", crm.RoleAdmin), petr: o.hire(4, "Пётр", crm.RoleManager)}
	w.client = o.add(w.ivan, crm.Profile{Name: "Горлова Анна"})
	o.tick(w.box)
	var err error
	w.client, err = o.AskErasure(t.Context(), o.as(w.olga), w.client.ID, "стереть")
	mustAll(t, err)
	return w
}

// until waits for noon, so many days before the last one, and tells to whom the countdown came: how many days were left, and the name.
func (w *wish) until(left int) string {
	w.t.Helper()
	noon := civil.At(w.client.EraseBy.Plus(-left), "12:00", msk)
	var all []string
	for w.clock.Now().Before(noon) {
		var came []string
		for _, n := range w.wait(w.box, 2*time.Hour, 2*time.Hour) {
			for _, one := range slices.Concat([]crm.Notice{n}, n.Missed, n.Told) {
				if one.Task.ID == w.client.EraseTask {
					came = append(came, fmt.Sprintf("%d %s", civil.DateOf(w.clock.Now().In(msk)).DaysUntil(w.client.EraseBy), one.To.Name))
				}
			}
		}
		slices.Sort(came)
		all = append(all, came...)
	}
	return strings.Join(all, ", ")
}

func (w *wish) came(left int, want string) {
	w.t.Helper()
	if got := w.until(left); got != want {
		w.t.Errorf("until %d days before the last one it came to\n%s, want\n%s", left, got, want)
	}
}

// Whoever looks after the client is counted down to the last day, those who may erase from three days before it, and all each day when it is over:
// each once, whatever they do without.
func TestCountdown(t *testing.T) {
	w := newWish(t)
	for _, m := range []crm.Member{w.ivan, w.owner} {
		_, err := w.SetReminding(t.Context(), w.as(m), func(r *crm.Reminding) { r.Off = []crm.ReminderKind{crm.RemindTask} })
		mustAll(t, err)
	}
	w.came(4, "14 Иван, 7 Иван")
	w.came(-2, "3 Анна, 3 Иван, 3 Ольга, 1 Анна, 1 Иван, 1 Ольга, 0 Анна, 0 Иван, 0 Ольга, -1 Анна, -1 Иван, -1 Ольга, -2 Анна, -2 Иван, -2 Ольга")
	mustAll(t, w.EraseClient(t.Context(), w.as(w.owner), w.client.ID))
	w.came(-4, "")
}

// Who has got the client meanwhile is told, be it on the very day, and whoever stands in for them.
func TestCountdown_goesWithTheClient(t *testing.T) {
	w, ctx := newWish(t), t.Context()
	w.came(14, "14 Иван")
	_, err := w.HandOverClient(ctx, w.as(w.ivan), w.client.ID, w.petr.ID)
	mustAll(t, err)
	task, err := w.Task(ctx, w.as(w.petr), w.client.EraseTask)
	if err != nil || task.Assignee != w.petr.ID {
		t.Errorf("Petr has the client, and the task is %s's, %v", task.Assignee, err)
	}
	w.came(8, "14 Пётр")
	_, err = w.SetAbsence(ctx, w.as(w.petr), w.petr.ID, crm.Away{From: w.client.EraseBy.Plus(-7), To: w.client.EraseBy.Plus(-6), Deputy: w.ivan.ID})
	mustAll(t, err)
	w.came(5, "7 Иван")
	w.came(3, "3 Анна, 3 Ольга, 3 Пётр")
	_, err = w.HandOverTask(ctx, w.as(w.petr), w.client.EraseTask, w.ivan.ID)
	if !errors.Is(err, crm.ErrDenied) {
		t.Errorf("the countdown alone was handed over: %v", err)
	}
	_, err = w.SetRole(ctx, w.as(w.owner), w.petr.ID, crm.RoleAnalyst, []crm.MemberID{w.olga.ID})
	mustAll(t, err)
	w.came(0, "1 Анна, 1 Ольга, 0 Анна, 0 Ольга")
}

// Nobody looks after the client: the countdown is for those who may erase, from its first day on, and on their lists.
func TestCountdown_nobodyTends(t *testing.T) {
	w, ctx := newWish(t), t.Context()
	gone := w.ivan
	gone.Removed, gone.Rev = w.clock.Now(), w.ivan.Rev+1
	mustAll(t, w.store.SaveMember(ctx, gone, crm.Event{ID: "gone.0", Team: gone.Team, Schema: crm.SchemaVersion, Record: string(gone.ID), Rev: gone.Rev,
		At: w.clock.Now(), Action: crm.ActionEditPeople}))
	w.came(14, "14 Анна, 14 Ольга")
	if task, err := w.Task(ctx, w.as(w.olga), w.client.EraseTask); err != nil || task.Assignee != w.owner.ID {
		t.Errorf("the task is still %s's, %v", task.Assignee, err)
	}
	for _, m := range []crm.Member{w.owner, w.olga} {
		if page, err := w.OpenItems(ctx, w.as(m), 0); err != nil || page.Total != 1 {
			t.Errorf("%s has %+v, %v", m.Name, page, err)
		}
	}
}

// What is put off comes again for the one who is to see to it, before the next turn, which it never passes over.
func TestCountdown_putOff(t *testing.T) {
	w, ctx := newWish(t), t.Context()
	by := func(left int, clock string) time.Time { return civil.At(w.client.EraseBy.Plus(-left), clock, msk) }
	snooze := func(until time.Time) error {
		_, err := w.SnoozeTask(ctx, w.as(w.ivan), w.client.EraseTask, time.Time{}, until)
		return err
	}
	mustAll(t, snooze(by(20, "10:00")))
	w.came(8, "20 Иван, 14 Иван")
	mustAll(t, snooze(by(7, "10:00")))
	w.came(7, "7 Иван")
	if err := snooze(by(2, "10:00")); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("put off over the third day before the last: %v", err)
	}
	mustAll(t, snooze(by(5, "10:00")))
	w.came(3, "5 Иван, 3 Анна, 3 Иван, 3 Ольга")
	mustAll(t, snooze(by(3, "18:00")))
	w.came(2, "3 Иван")
	w.came(0, "1 Анна, 1 Иван, 1 Ольга, 0 Анна, 0 Иван, 0 Ольга")
	if err := snooze(by(-1, "09:00")); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("put off past the last day: %v", err)
	}
	for range 3 { // nobody answers the phone
		_, err := w.MissTask(ctx, w.as(w.ivan), w.client.EraseTask, time.Time{}, time.Time{})
		mustAll(t, err)
	}
	w.came(-1, "-1 Анна, -1 Иван, -1 Ольга")
	for what, err := range map[string]error{"put off over a day": snooze(by(-3, "10:00")),
		"done":     failed(w.FinishTask(ctx, w.as(w.ivan), w.client.EraseTask, crm.Ending{})),
		"ticked":   failed(w.CloseTask(ctx, w.as(w.ivan), w.client.EraseTask, crm.TaskDone, time.Time{})),
		"repeated": failed(w.RepeatTask(ctx, w.as(w.ivan), w.client.EraseTask, time.Time{}, "countdown"))} {
		if err == nil {
			t.Errorf("%s: the countdown let that be", what)
		}
	}
}

func failed[T any](_ T, err error) error { return err }

// Two calls that nobody answers put no day off.
func TestCountdown_missed(t *testing.T) {
	w := newWish(t)
	w.until(3)
	for range 3 {
		task, err := w.MissTask(t.Context(), w.as(w.ivan), w.client.EraseTask, time.Time{}, time.Time{})
		if next := civil.At(w.client.EraseBy.Plus(-1), "10:00", msk); err != nil || task.Due.After(next) {
			t.Errorf("put off until %s, %v, want %s at the latest", task.Due, err, next)
		}
	}
	w.came(0, "1 Анна, 1 Иван, 1 Ольга, 0 Анна, 0 Иван, 0 Ольга")
}

// Who is told has it on the lists, with who is to see to it; nobody has it sooner, or twice.
func TestCountdown_onLists(t *testing.T) {
	w, ctx := newWish(t), t.Context()
	listed := func(m crm.Member) (what []string) {
		t.Helper()
		open, err := w.OpenItems(ctx, w.as(m), 0)
		mustAll(t, err)
		day, err := w.Agenda(ctx, w.as(m), 0)
		mustAll(t, err)
		for _, i := range slices.Concat(open.Items, day.Items) {
			line := strings.TrimSpace(i.Client.Name + " " + i.Beside.Name)
			if i.Instead.ID != "" {
				line += " вместо " + i.Instead.Name
			}
			what = append(what, line)
		}
		return what
	}
	is := func(m crm.Member, want ...string) {
		t.Helper()
		if got := listed(m); !slices.Equal(got, want) {
			t.Errorf("%s has %q, want %q", m.Name, got, want)
		}
	}
	w.until(4)
	is(w.ivan, "Горлова Анна", "Горлова Анна")
	is(w.owner)
	w.until(3)
	is(w.ivan, "Горлова Анна", "Горлова Анна")
	is(w.owner, "Горлова Анна Иван", "Горлова Анна Иван")
	is(w.petr)
	_, err := w.SetAbsence(ctx, w.as(w.owner), w.ivan.ID, crm.Away{From: w.client.EraseBy.Plus(-3), To: w.client.EraseBy, Deputy: w.petr.ID})
	mustAll(t, err)
	is(w.petr, "Горлова Анна вместо Иван", "Горлова Анна вместо Иван")
	is(w.olga, "Горлова Анна Пётр", "Горлова Анна Пётр")
}

// A merged card's countdown is for whoever has the card that was kept, and for whoever had it before when the two are taken apart.
func TestCountdown_merged(t *testing.T) {
	w, ctx := newWish(t), t.Context()
	kept := w.add(w.petr, crm.Profile{Name: "Горлова А."})
	_, p, err := w.MergeClients(ctx, w.as(w.owner), crm.MergeInput{Kept: kept.ID, Gone: w.client.ID})
	mustAll(t, err)
	if task, err := w.Task(ctx, w.as(w.petr), w.client.EraseTask); err != nil || task.Assignee != w.petr.ID {
		t.Errorf("merged: the task is %s's, %v", task.Assignee, err)
	}
	w.came(6, "14 Пётр, 7 Пётр")
	_, err = w.UndoMerge(ctx, w.as(w.owner), p.ID)
	mustAll(t, err)
	w.came(3, "3 Анна, 3 Иван, 3 Ольга")
}

// After a stop it is the days that are left now of which people are told, once.
func TestCountdown_afterAStop(t *testing.T) {
	w := newWish(t)
	w.clock.Advance(civil.At(w.client.EraseBy.Plus(-2), "12:00", msk).Sub(w.clock.Now()))
	w.tick(w.box)
	var came []string
	for _, n := range w.box.got {
		if n.Task.ID == w.client.EraseTask {
			came = append(came, n.To.Name)
		}
	}
	slices.Sort(came)
	if !slices.Equal(came, []string{"Анна", "Иван", "Ольга"}) {
		t.Errorf("it came to %q", came)
	}
	w.came(1, "1 Анна, 1 Иван, 1 Ольга")
}

// A wish that was taken back by mistake comes back to whoever has the client by then.
func TestCountdown_returns(t *testing.T) {
	w, ctx := newWish(t), t.Context()
	kept, err := w.KeepClient(ctx, w.as(w.ivan), w.client.ID)
	mustAll(t, err)
	_, err = w.HandOverClient(ctx, w.as(w.ivan), w.client.ID, w.petr.ID)
	mustAll(t, err)
	events, err := w.store.Events(ctx, crm.EventQuery{Team: kept.Team, Record: string(kept.ID), Limit: 9})
	mustAll(t, err)
	for _, e := range events {
		if e.Rev == kept.Rev {
			_, err = w.UndoChange(ctx, w.as(w.owner), kept.ID, e.ID, false)
		}
	}
	if task, taskErr := w.Task(ctx, w.as(w.petr), w.client.EraseTask); errors.Join(err, taskErr) != nil || task.Assignee != w.petr.ID || task.State != crm.TaskOpen {
		t.Errorf("the task is %s's and %s, %v, %v", task.Assignee, task.State, err, taskErr)
	}
	w.came(7, "14 Пётр, 7 Пётр")
}

// Among what was missed it is who is told of it has it, and whether it is over.
func TestCountdown_amongMissed(t *testing.T) {
	w, ctx := newWish(t), t.Context()
	w.until(6)
	for range 4 {
		w.task(w.owner, crm.TaskInput{Text: "дело", Due: w.clock.Now().Add(time.Hour)})
	}
	w.clock.Advance(civil.At(w.client.EraseBy.Plus(-2), "12:00", msk).Sub(w.clock.Now()))
	w.tick(w.box)
	message := slices.IndexFunc(w.box.got, func(n crm.Notice) bool { return n.To.ID == w.owner.ID && len(n.Missed) > 0 })
	over := func() (all []bool) {
		t.Helper()
		page, err := w.Missed(ctx, w.as(w.owner), int64(message+1), 0)
		mustAll(t, err)
		for _, n := range page.Notices {
			if n.Beside.ID == w.ivan.ID {
				all = append(all, n.Over)
			}
		}
		return all
	}
	if got := over(); !slices.Equal(got, []bool{false}) {
		t.Errorf("over: %v, want one that is not", got)
	}
	w.until(1)
	if got := over(); !slices.Equal(got, []bool{true}) {
		t.Errorf("a turn later over: %v, want one that is", got)
	}
}
