package crm_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
)

// What is set to repeat comes again from the time for which it is, though it was put off before, or has come already.
func TestATaskIsSetToRepeat(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	day := func(d, h int) time.Time { return time.Date(2026, 11, d, h, 0, 0, 0, msk) }
	o.tick(b)
	came := o.task(o.owner, crm.TaskInput{Text: "пришло", Due: day(20, 14)})
	put := o.task(o.owner, crm.TaskInput{Text: "отложено", Due: day(20, 15)})
	if _, err := o.SnoozeTask(ctx, o.as(o.owner), put.ID, time.Time{}, day(21, 16)); err != nil {
		t.Fatal(err)
	}
	o.wait(b, 3*time.Hour, time.Hour)
	for _, id := range []crm.TaskID{came.ID, put.ID} {
		if _, err := o.RepeatTask(ctx, o.as(o.owner), id, time.Time{}, moment.RepeatDaily); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for range 60 {
		for _, n := range o.wait(b, time.Hour, time.Hour) {
			if n.Kind == crm.RemindTask {
				got = append(got, n.Task.Text+" "+o.clock.Now().In(msk).Format("02 15"))
			}
		}
	}
	o.want(got, "пришло 21 14", "отложено 21 16", "пришло 22 14", "отложено 22 16")
	if _, err := o.RepeatTask(ctx, o.as(o.owner), put.ID, day(1, 1), moment.RepeatNever); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("due at another time than was seen: %v", err)
	}
	if _, err := o.RepeatTask(ctx, o.as(o.owner), put.ID, time.Time{}, "hourly"); fieldOf(err) != "repeat" {
		t.Errorf("there is no such repeat: %v", err)
	}
	task, err := o.RepeatTask(ctx, o.as(o.owner), put.ID, time.Time{}, moment.RepeatNever)
	if err != nil || task.Repeat != moment.RepeatNever {
		t.Errorf("%q, %v; want it to come no more", task.Repeat, err)
	}
}

func TestATaskHasANote(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	task := o.task(o.owner, crm.TaskInput{Text: "купить бумагу\nА4", Due: o.clock.Now().Add(time.Hour)})
	if task.Title() != "купить бумагу" || task.Note() != "А4" {
		t.Errorf("got %q, %q", task.Title(), task.Note())
	}
	for _, note := range []string{"А3\nсрочно", ""} {
		got, err := o.AnnotateTask(ctx, o.as(o.owner), task.ID, note)
		if err != nil || got.Title() != "купить бумагу" || got.Note() != note {
			t.Errorf("%q: got %q, %q, %v", note, got.Title(), got.Note(), err)
		}
	}
	if _, err := o.AnnotateTask(ctx, o.as(o.owner), task.ID, strings.Repeat("о", 490)); fieldOf(err) != "task.long" {
		t.Errorf("too long: %v", err)
	}
	if _, err := o.AnnotateTask(ctx, o.as(ivan), task.ID, "чужое"); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("noted by who has it not: %v", err)
	}
	if _, err := o.CloseTask(ctx, o.as(o.owner), task.ID, crm.TaskDone, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.AnnotateTask(ctx, o.as(o.owner), task.ID, "поздно"); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("it is over: %v", err)
	}
}
