package crm_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
)

func TestATaskDoesNotTellOfAForeignClient(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	c := o.add(o.owner, crm.Profile{Name: "Чужой"})
	due := time.Date(2026, 11, 20, 15, 0, 0, 0, msk)
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: due, Assignee: ivan.ID})
	got := o.wait(b, 4*time.Hour, time.Minute)
	if len(got) != 1 || got[0].Task.ID != task.ID || got[0].To.ID != ivan.ID || got[0].Client.ID != "" || got[0].Client.Name != "" {
		t.Errorf("got %+v, want the task without the client", got)
	}
	agenda, err := o.Agenda(t.Context(), o.as(ivan), 0)
	if err != nil || len(agenda.Items) != 1 || agenda.Items[0].Client.ID != "" {
		t.Errorf("agenda of who may not read the card: %v, %v", agenda.Items, err)
	}
	if _, err := o.SetShared(t.Context(), o.as(o.owner), true); err != nil {
		t.Fatal(err)
	}
	if agenda, err = o.Agenda(t.Context(), o.as(ivan), 0); err != nil || agenda.Items[0].Client.Name != "Чужой" {
		t.Errorf("agenda of who may: %v, %v", agenda.Items, err)
	}
}

func TestATaskFallsSilentWithItsCardInTheBin(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: o.clock.Now().Add(time.Hour).In(msk)})
	if _, err := o.DeleteClient(t.Context(), o.as(o.owner), c.ID); err != nil {
		t.Fatal(err)
	}
	if day, err := o.Agenda(t.Context(), o.as(o.owner), 0); err != nil || len(day.Items)+day.Total != 0 {
		t.Errorf("the day holds %+v, %v, want nothing", day.Items, err)
	}
	if got := o.wait(b, 2*time.Hour, time.Minute); len(got) != 0 {
		t.Errorf("got %+v, want nothing", got)
	}
	page, err := o.OpenItems(t.Context(), o.as(o.owner), 0)
	if err != nil || len(page.Items) != 1 || page.Items[0].Client.ID != "" {
		t.Errorf("of what there is to do: %+v, %v, want the task alone", page.Items, err)
	}
}

// What fell due while its card was in the bin is told of as soon as the card is back, once; what was told of before is not told again.
func TestATaskThatRestedComesBackWithItsCard(t *testing.T) {
	for name, back := range map[string]func(*office, crm.Actor, crm.Client) (crm.Client, error){
		"restored": func(o *office, by crm.Actor, c crm.Client) (crm.Client, error) {
			return o.RestoreClient(t.Context(), by, c.ID)
		},
		"undone": func(o *office, by crm.Actor, c crm.Client) (crm.Client, error) {
			return o.UndoClient(t.Context(), by, c.ID, c.Rev)
		},
	} {
		o, b := newOffice(t), &inbox{}
		o.tick(b)
		c := o.add(o.owner, crm.Profile{Name: "Клиент"})
		o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "было", Due: o.clock.Now().Add(time.Hour).In(msk)})
		missed := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: o.clock.Now().Add(3 * time.Hour).In(msk)})
		o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "потом", Due: o.clock.Now().Add(90 * time.Hour).In(msk)})
		o.wait(b, 2*time.Hour, time.Minute)
		c, err := o.DeleteClient(t.Context(), o.as(o.owner), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		o.wait(b, 2*time.Hour, time.Minute)
		by := o.as(o.owner)
		for range 2 { // the press comes again
			if _, err := back(o, by, c); err != nil && !errors.Is(err, crm.ErrNotFound) {
				t.Fatal(err)
			}
		}
		var tasks []crm.TaskID
		for _, n := range o.wait(b, time.Hour, time.Minute) {
			tasks = append(tasks, n.Task.ID)
		}
		if len(tasks) != 1 || tasks[0] != missed.ID {
			t.Errorf("%s: told of %v, want %s once", name, tasks, missed.ID)
		}
	}
}

// TestATaskGoesAlongWithItsClient: what a member set themselves about a client is for whoever looks after the client by the time it
// is due, and on nobody's list of the day before.
func TestATaskGoesAlongWithItsClient(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan, anna := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Анна", crm.RoleManager)
	o.tick(b)
	c := o.add(ivan, crm.Profile{Name: "Клиент"})
	own := o.task(ivan, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.clock.Now().Add(time.Hour).In(msk)})
	given := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: o.clock.Now().Add(time.Hour).In(msk), Assignee: ivan.ID})
	if _, err := o.HandOverClient(t.Context(), o.as(ivan), c.ID, anna.ID); err != nil {
		t.Fatal(err)
	}
	day, err := o.Agenda(t.Context(), o.as(ivan), 0)
	if err != nil || len(day.Items) != 1 || day.Items[0].Task.ID != given.ID || day.Total != 1 {
		t.Errorf("his day holds %+v, %v, want what was given to him alone", day.Items, err)
	}
	to := map[crm.TaskID]crm.MemberID{}
	for _, n := range o.wait(b, 2*time.Hour, time.Minute) {
		if n.Kind == crm.RemindTask {
			if to[n.Task.ID] != "" {
				t.Errorf("%q came twice", n.Task.Text)
			}
			to[n.Task.ID] = n.To.ID
		}
	}
	if to[own.ID] != anna.ID || to[given.ID] != ivan.ID {
		t.Errorf("his own went to %q, the given one to %q; want %q and %q", to[own.ID], to[given.ID], anna.ID, ivan.ID)
	}
	if day, err = o.Agenda(t.Context(), o.as(anna), 0); err != nil || len(day.Items) == 0 || day.Items[0].Task.ID != own.ID {
		t.Errorf("her day holds %+v, %v, want the task", day.Items, err)
	}
}

// What one was reminded of goes along, too, when the client does; what a day leaves out is no reason to leave out the rest.
func TestTheDayLeavesOutNoMoreThanItMust(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan, anna := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Анна", crm.RoleManager)
	o.tick(b)
	c := o.add(ivan, crm.Profile{Name: "Клиент"})
	o.task(ivan, crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.clock.Now().Add(time.Hour).In(msk)})
	o.wait(b, 2*time.Hour, 10*time.Minute)
	if _, err := o.HandOverClient(t.Context(), o.as(ivan), c.ID, anna.ID); err != nil {
		t.Fatal(err)
	}
	for i := range crm.ItemsPage {
		gone := o.add(ivan, crm.Profile{Name: fmt.Sprintf("Удалённый %d", i)})
		o.task(ivan, crm.TaskInput{Client: gone.ID, Text: "отвезти", Due: o.clock.Now().Add(time.Hour).In(msk)})
		if _, err := o.DeleteClient(t.Context(), o.as(ivan), gone.ID); err != nil {
			t.Fatal(err)
		}
	}
	last := o.task(ivan, crm.TaskInput{Text: "отчёт", Due: o.clock.Now().Add(2 * time.Hour).In(msk)})
	day, err := o.Agenda(t.Context(), o.as(ivan), 0)
	if err != nil || day.Total != 1 || len(day.Items) != 1 || day.More || day.Items[0].Task.ID != last.ID {
		t.Errorf("the day holds %d: %+v, %v", day.Total, day.Items, err)
	}
}

// thief is a store in which another process has taken one reminder.
type thief struct {
	crm.Store
	stolen string
}

func (s *thief) MoveReminder(ctx context.Context, r crm.Reminder, from crm.ReminderState) error {
	if s.stolen == "" {
		s.stolen = r.ID
	}
	if r.ID == s.stolen {
		return crm.ErrConflict
	}
	return s.Store.MoveReminder(ctx, r, from)
}

func TestOneLostLeaseDoesNotLoseTheList(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	for i := range 5 {
		o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Duration(i+1) * time.Minute).In(msk)})
	}
	o.clock.Advance(time.Hour)
	if err := o.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	n, err := crm.NewDesk(&thief{Store: o.store}, o.clock).DeliverReminders(t.Context(), b)
	if err != nil || n.Messages != 1 || len(b.got) != 1 || len(b.got[0].Missed) != 4 {
		t.Errorf("got %+v counted, %+v, %v; want one list of the four that are ours", n, b.got, err)
	}
}

func TestOnlyWhatWentOutIsCounted(t *testing.T) {
	o, b := newOffice(t), &inbox{fail: []error{crm.ErrUnreachable}}
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Minute).In(msk)})
	o.clock.Advance(2 * time.Minute)
	if err := o.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := o.DeliverReminders(t.Context(), b); n.Messages != 0 || err != nil {
		t.Errorf("got %+v, %v; want none", n, err)
	}
}
