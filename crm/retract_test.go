package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
)

func TestATaskTakenBackAfterItsTimeIsRemindedOfAtOnce(t *testing.T) {
	for name, undone := range map[string]time.Duration{"just after": 61 * time.Minute, "long after": 90 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			o, b, ctx := newOffice(t), &inbox{}, t.Context()
			o.tick(b)
			task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(time.Hour)})
			done, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{})
			if err != nil {
				t.Fatal(err)
			}
			o.wait(b, undone, time.Minute)
			if _, err := o.UndoTask(ctx, o.as(o.owner), task.ID, done.Rev); err != nil {
				t.Fatal(err)
			}
			if got := o.wait(b, 30*time.Minute, time.Minute); len(got) != 1 || got[0].Task.ID != task.ID {
				t.Errorf("got %v, want one reminder", kinds(got))
			}
		})
	}
}

func TestATaskWhoseReminderWasDroppedIsRemindedOfWhenTakenBack(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	o.tick(b)
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: time.Date(2026, 11, 21, 7, 30, 0, 0, msk)})
	o.wait(b, 19*time.Hour+35*time.Minute, 35*time.Minute) // 07:35: it waits for 08:00
	later, err := o.SnoozeTask(ctx, o.as(o.owner), task.ID, time.Time{}, o.clock.Now().Add(72*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	o.wait(b, 30*time.Minute, 10*time.Minute)
	by := o.as(o.owner)
	for range 2 { // the press comes twice
		if _, err := o.UndoTask(ctx, by, task.ID, later.Rev); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.wait(b, 30*time.Minute, 5*time.Minute); len(got) != 1 || got[0].Task.ID != task.ID {
		t.Errorf("got %v, want one reminder", kinds(got))
	}
}

func TestWhatWasRemindedOfIsNotAgainWhenTakenBack(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	o.tick(b)
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(time.Hour)})
	if got := o.wait(b, time.Hour, time.Hour); len(got) != 1 {
		t.Fatalf("got %v", kinds(got))
	}
	done, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.UndoTask(ctx, o.as(o.owner), task.ID, done.Rev); err != nil {
		t.Fatal(err)
	}
	if got := o.wait(b, 30*time.Minute, time.Minute); len(got) != 0 {
		t.Errorf("got %v: the message is there, with its buttons", kinds(got))
	}
}

func TestAContactTakenBackAfterItsTimeIsRemindedOfAtOnce(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	o.tick(b)
	c, at := o.add(o.owner, crm.Profile{Name: "Иванов"}), o.clock.Now().Add(time.Hour)
	if _, err := o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: at}); err != nil {
		t.Fatal(err)
	}
	done, err := o.FinishContact(ctx, o.as(o.owner), c.ID, crm.Ending{Seen: at})
	if err != nil {
		t.Fatal(err)
	}
	o.wait(b, 2*time.Hour, 5*time.Minute)
	if _, err := o.UndoContact(ctx, o.as(o.owner), c.ID, done.Rev); err != nil {
		t.Fatal(err)
	}
	if got := o.wait(b, 30*time.Minute, time.Minute); len(got) != 1 || got[0].Kind != crm.RemindContact {
		t.Errorf("got %v, want one reminder", kinds(got))
	}
}

func TestWhoHasTheTaskButNotTheCardTakesItBack(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, olga := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Ольга", crm.RoleManager)
	c := o.add(ivan, crm.Profile{Name: "Иванов"})
	task := o.task(ivan, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: o.clock.Now().Add(time.Hour), Assignee: olga.ID})
	done, err := o.FinishTask(ctx, o.as(ivan), task.ID, crm.Ending{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := o.UndoTask(ctx, o.as(olga), task.ID, done.Rev); err != nil || got.State != crm.TaskOpen {
		t.Errorf("got %s, %v", got.State, err)
	}
}
