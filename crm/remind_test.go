package crm_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// inbox is a notifier that keeps what came, and fails as it is told.
type inbox struct {
	mu   sync.Mutex
	got  []crm.Notice
	fail []error // for the next notices, in turn
}

func (b *inbox) Notify(_ context.Context, n crm.Notice) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.fail) > 0 {
		err := b.fail[0]
		b.fail = b.fail[1:]
		if err != nil {
			return 0, err
		}
	}
	b.got = append(b.got, n)
	return int64(len(b.got)), nil
}

// tick plans and delivers until nothing more is due, and returns what came.
func (o *office) tick(b *inbox) []crm.Notice {
	o.t.Helper()
	before := len(b.got)
	if err := o.PlanReminders(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.DeliverReminders(o.t.Context(), b); err != nil {
		o.t.Fatal(err)
	}
	return b.got[before:]
}

// wait moves the clock in steps and gathers what came.
func (o *office) wait(b *inbox, d, step time.Duration) []crm.Notice {
	var got []crm.Notice
	for ; d > 0; d -= step {
		o.clock.Advance(min(step, d))
		got = append(got, o.tick(b)...)
	}
	return got
}

// withTold is what came, and what came with a digest.
func withTold(all []crm.Notice) []crm.Notice {
	var out []crm.Notice
	for _, n := range all {
		out = append(append(out, n), n.Told...)
	}
	return out
}

func kinds(all []crm.Notice) []crm.ReminderKind {
	var out []crm.ReminderKind
	for _, n := range all {
		out = append(out, n.Kind)
	}
	return out
}

var msk = must(time.LoadLocation("Europe/Moscow"))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (o *office) task(m crm.Member, in crm.TaskInput) crm.Task {
	o.t.Helper()
	t, err := o.AddTask(o.t.Context(), o.as(m), in)
	if err != nil {
		o.t.Fatal(err)
	}
	return t
}

func TestTaskIsRemindedOnceOnTime(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.task(o.owner, crm.TaskInput{Text: "позвонить", Due: time.Date(2026, 11, 20, 15, 0, 0, 0, msk)})
	if got := o.wait(b, 3*time.Hour-time.Second, time.Minute); len(got) != 0 {
		t.Errorf("too early: %v", kinds(got))
	}
	got := o.wait(b, 2*time.Hour, time.Minute)
	if len(got) != 1 || got[0].Task.Text != "позвонить" || got[0].Late >= crm.LateAfter || got[0].To.ID != o.owner.ID {
		t.Errorf("got %+v, want the task once", got)
	}
}

func TestQuietHoursAndDaysOff(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.task(o.owner, crm.TaskInput{Text: "ночью", Due: time.Date(2026, 11, 20, 23, 30, 0, 0, msk)})
	o.clock.Advance(18*time.Hour + 59*time.Minute) // Saturday, 06:59
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("in quiet hours: %v", kinds(got))
	}
	got := o.wait(b, 3*time.Hour, 10*time.Minute)
	if len(got) != 1 || got[0].Kind != crm.RemindTask || got[0].Late >= crm.LateAfter {
		t.Errorf("got %v, want the task at the end of the quiet hours and no digest on a day off", kinds(got))
	}
}

func TestSnoozedClosedAndHandedOver(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	at := o.clock.Now().Add(time.Hour).In(msk)
	snoozed, closed, given := o.task(o.owner, crm.TaskInput{Text: "a", Due: at}), o.task(o.owner, crm.TaskInput{Text: "b", Due: at}),
		o.task(o.owner, crm.TaskInput{Text: "c", Due: at})
	o.clock.Advance(time.Hour)
	if err := o.PlanReminders(t.Context()); err != nil { // planned as they were …
		t.Fatal(err)
	}
	ctx := t.Context()
	if _, err := o.SnoozeTask(ctx, o.as(o.owner), snoozed.ID, time.Time{}, at.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.CloseTask(ctx, o.as(o.owner), closed.ID, crm.TaskDone, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.HandOverTask(ctx, o.as(o.owner), given.ID, ivan.ID); err != nil {
		t.Fatal(err)
	}
	got := o.tick(b) // … and delivered as they are
	got = append(got, o.tick(b)...)
	if len(got) != 1 || got[0].Task.ID != given.ID || got[0].To.ID != ivan.ID {
		t.Errorf("got %+v, want the one that was handed over, to its new owner", got)
	}
	if got := o.wait(b, 2*time.Hour, time.Minute); len(got) != 1 || got[0].Task.ID != snoozed.ID {
		t.Errorf("got %+v, want the snoozed one", got)
	}
}

func TestNextContactFollowsTheCard(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	gone := o.add(o.owner, crm.Profile{Name: "Удалённый"})
	kept := o.add(o.owner, crm.Profile{Name: "Иванов"})
	for _, id := range []crm.ClientID{gone.ID, kept.ID} {
		in := crm.TouchInput{Kind: crm.TouchCall, Text: "просил прайс", Next: o.clock.Now().Add(2 * time.Hour)}
		if _, err := o.LogTouch(t.Context(), o.as(o.owner), id, in); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.DeleteClient(t.Context(), o.as(o.owner), gone.ID); err != nil {
		t.Fatal(err)
	}
	got := o.wait(b, 5*time.Hour, time.Minute)
	if len(got) != 1 || got[0].Kind != crm.RemindContact || got[0].Client.ID != kept.ID {
		t.Errorf("got %+v, want the one card's next contact", got)
	}
}

func TestBirthdays(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.add(o.owner, crm.Profile{Name: "Мария", Birthday: civil.Date{Year: 1990, Month: 11, Day: 28}})
	o.add(o.owner, crm.Profile{Name: "Пётр", Birthday: civil.Date{Month: 12, Day: 30}})
	var days []string
	for range 20 * 24 {
		o.clock.Advance(time.Hour)
		for _, n := range withTold(o.tick(b)) {
			if n.Kind == crm.RemindBirthday {
				days = append(days, n.Client.Name+" "+o.clock.Now().In(msk).Format("02.01 15:04"))
			}
		}
	}
	if want := []string{"Мария 23.11 09:00", "Мария 28.11 09:00"}; !slices.Equal(days, want) {
		t.Errorf("got %v, want %v", days, want)
	}
}

func TestLeapDayIsKeptOnThe28th(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.add(o.owner, crm.Profile{Name: "Лев", Birthday: civil.Date{Year: 2000, Month: 2, Day: 29}})
	o.clock.Advance(time.Date(2027, 2, 27, 12, 0, 0, 0, time.UTC).Sub(o.clock.Now()))
	o.tick(b)
	var on []string
	for range 72 {
		o.clock.Advance(time.Hour)
		for _, n := range o.tick(b) {
			if n.Kind == crm.RemindBirthday {
				on = append(on, o.clock.Now().In(msk).Format("02.01"))
			}
		}
	}
	if !slices.Equal(on, []string{"28.02"}) {
		t.Errorf("got %v, want 28.02", on)
	}
}

func TestDigestOnWorkingDays(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.task(o.owner, crm.TaskInput{Text: "висит", Due: time.Date(2026, 11, 20, 13, 0, 0, 0, msk)})
	var days []string
	for range 24 * 5 * 2 {
		o.clock.Advance(30 * time.Minute)
		for _, n := range o.tick(b) {
			if n.Kind == crm.RemindDigest {
				days = append(days, o.clock.Now().In(msk).Format("Mon 15:04"))
				if len(n.Agenda.Items) != 1 {
					t.Errorf("the digest has %d tasks", len(n.Agenda.Items))
				}
			}
		}
	}
	if want := []string{"Mon 09:00", "Tue 09:00", "Wed 09:00"}; !slices.Equal(days, want) {
		t.Errorf("got %v, want %v", days, want)
	}
}

func TestAfterALongStopOneListComes(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	for i := range 12 {
		o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Duration(i+1) * time.Hour).In(msk)})
	}
	o.clock.Advance(49 * time.Hour) // Sunday, 13:00
	got := o.tick(b)
	if len(got) != 1 || len(got[0].Missed) != 12 {
		t.Errorf("got %d messages, want one list of 12", len(got))
	}
	if more := o.wait(b, 3*time.Hour, time.Minute); len(more) != 0 {
		t.Errorf("and then %v", kinds(more))
	}
}

func TestOutcomesOfSending(t *testing.T) {
	due := func(t *testing.T, fail ...error) []crm.Notice {
		o, b := newOffice(t), &inbox{fail: fail}
		o.tick(b)
		o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Hour).In(msk)})
		return o.wait(b, 3*time.Hour, time.Minute)
	}
	flaky := errors.New("500")
	if got := due(t, flaky, flaky, flaky); len(got) != 1 || got[0].Again {
		t.Errorf("after refusals: got %+v, want it once", got)
	}
	if got := due(t, crm.ErrUncertain); len(got) != 1 || !got[0].Again {
		t.Errorf("after no answer: got %+v, want it once more, marked", got)
	}
	if got := due(t, crm.ErrUncertain, crm.ErrUncertain); len(got) != 1 || !got[0].Again {
		t.Errorf("after no answer twice: got %+v, want it, marked", got)
	}
	if got := due(t, crm.ErrUnreachable); len(got) != 0 {
		t.Errorf("blocked: got %+v", got)
	}
	if got := due(t, crm.ErrRefused, crm.ErrRefused, crm.ErrRefused); len(got) != 0 {
		t.Errorf("refused three times: got %+v, want no fourth try", got)
	}
}

func TestRepeats(t *testing.T) {
	first := time.Date(2026, 3, 27, 10, 0, 0, 0, must(time.LoadLocation("Europe/Berlin"))) // the clocks change on the 29th
	for _, c := range []struct {
		repeat moment.Repeat
		first  time.Time
		want   []string
	}{
		{moment.RepeatDaily, first, []string{"28.03 10:00", "29.03 10:00", "30.03 10:00"}},
		{moment.RepeatWorkdays, first, []string{"30.03 10:00", "31.03 10:00"}},
		{moment.RepeatWeekly, first, []string{"03.04 10:00", "10.04 10:00"}},
		{moment.RepeatMonthly, time.Date(2026, 1, 31, 10, 0, 0, 0, first.Location()), []string{"28.02 10:00", "31.03 10:00", "30.04 10:00"}},
		{moment.RepeatYearly, time.Date(2028, 2, 29, 10, 0, 0, 0, first.Location()), []string{"28.02 10:00", "28.02 10:00", "28.02 10:00", "29.02 10:00"}},
	} {
		o := newOffice(t)
		o.clock.Advance(c.first.Add(-time.Hour).Sub(o.clock.Now()))
		task := o.task(o.owner, crm.TaskInput{Text: "x", Due: c.first, Repeat: c.repeat})
		var got []string
		for range c.want {
			o.clock.Advance(task.Due.Add(time.Minute).Sub(o.clock.Now()))
			var err error
			if task, err = o.CloseTask(t.Context(), o.as(o.owner), task.ID, crm.TaskDone, time.Time{}); err != nil {
				t.Fatal(err)
			}
			got = append(got, task.Due.In(c.first.Location()).Format("02.01 15:04"))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.repeat, got, c.want)
		}
	}
}

func TestWaitingRemindersAreNoticed(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Hour).In(msk)})
	o.clock.Advance(time.Hour)
	if err := o.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := o.CheckReminders(t.Context()); err != nil {
		t.Errorf("just due: %v", err)
	}
	o.clock.Advance(6 * time.Minute)
	if err := o.CheckReminders(t.Context()); err == nil {
		t.Error("a reminder has waited for six minutes and nobody noticed")
	}
	o.tick(b)
	if err := o.CheckReminders(t.Context()); err != nil {
		t.Errorf("sent: %v", err)
	}
}
