package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
)

// fieldOf is the field that an error is about.
func fieldOf(err error) string {
	var e *crm.Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}

func TestTasksAreChangedWithTheRightToDoSo(t *testing.T) {
	o := newOffice(t)
	lena := o.hire(2, "Лена", crm.RoleAnalyst)
	task := o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Hour)})
	_, err := o.CloseTask(t.Context(), o.as(lena), task.ID, crm.TaskDone, time.Time{})
	if !errors.Is(err, crm.ErrDenied) || fieldOf(err) != string(crm.ActionEditTask) {
		t.Errorf("closed by an analyst: %v", err)
	}
	if _, err := o.HandOverTask(t.Context(), o.as(lena), task.ID, "nobody"); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("an analyst learns who is in the team: %v", err)
	}
}

func TestASecondPressCountsNothing(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	due := o.clock.Now().Add(time.Hour)
	task := o.task(o.owner, crm.TaskInput{Text: "дело", Due: due})
	later := due.Add(24 * time.Hour)
	if _, err := o.MissTask(ctx, o.as(o.owner), task.ID, due, later); err != nil {
		t.Fatal(err)
	}
	got, err := o.MissTask(ctx, o.as(o.owner), task.ID, due, later)
	if !errors.Is(err, crm.ErrConflict) || fieldOf(err) != "task" || got.Attempts != 1 {
		t.Errorf("missed twice: %d attempts, %v", got.Attempts, err)
	}
	if got, err = o.MissTask(ctx, o.as(o.owner), task.ID, time.Time{}, later); err != nil || got.Attempts != 2 {
		t.Errorf("not compared: %d attempts, %v", got.Attempts, err)
	}
	today := civil.Date{Year: 1990, Month: 11, Day: 20}
	c := o.add(o.owner, crm.Profile{Name: "Клиент", Birthday: today})
	if c, err = o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: due}); err != nil {
		t.Fatal(err)
	}
	off := crm.PutOff{Seen: c.NextContact, Until: later, Missed: true}
	if _, err = o.SnoozeContact(ctx, o.as(o.owner), c.ID, off); err != nil {
		t.Fatal(err)
	}
	c, err = o.SnoozeContact(ctx, o.as(o.owner), c.ID, off)
	if !errors.Is(err, crm.ErrConflict) || fieldOf(err) != "client" || c.Touches != 1 {
		t.Errorf("missed twice: %d touches, %v", c.Touches, err)
	}
	for range 2 {
		if c, err = o.FinishOccasion(ctx, o.as(o.owner), c.ID, crm.Finish{Kind: crm.RemindBirthday, Wished: true, Text: "поздравлен"}); err != nil {
			t.Fatal(err)
		}
	}
	if c.Touches != 2 {
		t.Errorf("congratulated twice: %d touches", c.Touches)
	}
}

func TestARepeatingTaskDoneEarlyGoesOn(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	task := o.task(o.owner, crm.TaskInput{Text: "отчёт", Due: o.clock.Now().Add(time.Hour).In(msk), Repeat: moment.RepeatWeekly})
	first := task.Due
	for i := range 3 { // each before its time, none skipped
		var err error
		if task, err = o.CloseTask(ctx, o.as(o.owner), task.ID, crm.TaskDone, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if want := first.AddDate(0, 0, 7*(i+1)); !task.Due.Equal(want) {
			t.Errorf("done %d times: due %v, want %v", i+1, task.Due, want)
		}
	}
	if _, err := o.SnoozeTask(ctx, o.as(o.owner), task.ID, time.Time{}, task.Due.AddDate(0, 0, 9)); err != nil {
		t.Fatal(err)
	}
	task, err := o.CloseTask(ctx, o.as(o.owner), task.ID, crm.TaskDone, time.Time{})
	if want := first.AddDate(0, 0, 28); err != nil || !task.Due.Equal(want) {
		t.Errorf("done after snoozing: due %v, want %v, %v", task.Due, want, err)
	}
}

func TestRescheduleTask(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	day := time.Date(2026, 11, 24, 9, 0, 0, 0, msk)
	task := o.task(o.owner, crm.TaskInput{Text: "отчёт", Due: o.clock.Now().Add(time.Hour).In(msk)})
	weekly, err := o.RescheduleTask(ctx, o.as(o.owner), task.ID, task.Due, moment.Moment{At: day, Repeat: moment.RepeatWeekly})
	if err != nil || !weekly.Due.Equal(day) || !weekly.Occurrence().Equal(day) || weekly.Repeat != moment.RepeatWeekly {
		t.Fatalf("due %v, %s, %v", weekly.Due, weekly.Repeat, err)
	}
	if _, err := o.RescheduleTask(ctx, o.as(o.owner), task.ID, task.Due, moment.Moment{At: day, Repeat: moment.RepeatDaily}); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("moved from where it no longer was: %v", err)
	}
	if _, err := o.RescheduleTask(ctx, o.as(o.owner), task.ID, day, moment.Moment{At: o.clock.Now(), Repeat: moment.RepeatDaily}); fieldOf(err) != "due" {
		t.Errorf("moved to what has passed: %v", err)
	}
	if _, err := o.RescheduleTask(ctx, o.as(o.owner), task.ID, day, moment.Moment{At: day.Add(time.Hour), Repeat: "hourly"}); fieldOf(err) != "repeat" {
		t.Errorf("repeats hourly: %v", err)
	}
	next, err := o.CloseTask(ctx, o.as(o.owner), task.ID, crm.TaskDone, day)
	if err != nil || !next.Due.Equal(day.AddDate(0, 0, 7)) {
		t.Fatalf("the next turn is due %v, %v", next.Due, err)
	}
	if _, err = o.UndoTask(ctx, o.as(o.owner), task.ID, next.Rev); err != nil {
		t.Fatal(err)
	}
	again := o.task(o.owner, crm.TaskInput{Text: "отчёт", Due: day})
	moved, err := o.RescheduleTask(ctx, o.as(o.owner), again.ID, day, moment.Moment{At: day.Add(time.Hour), Repeat: moment.RepeatDaily})
	if err != nil {
		t.Fatal(err)
	}
	if back, err := o.UndoTask(ctx, o.as(o.owner), again.ID, moved.Rev); err != nil || !back.Due.Equal(day) || back.Repeat != moment.RepeatNever || back.Wall != again.Wall {
		t.Errorf("taken back: due %v, %s, wall %s, %v", back.Due, back.Repeat, back.Wall, err)
	}
}
