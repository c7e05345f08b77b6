package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
)

// What a manager set themselves about a client goes to the colleague with the client at once, be it still to come or overdue, which the
// colleague is reminded of; and it comes back with the client. What was given to the manager stays.
func TestTasksGoAlongWithTheirClient(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan, anna := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Анна", crm.RoleManager)
	o.tick(b)
	one, two := o.add(ivan, crm.Profile{Name: "Первый"}), o.add(ivan, crm.Profile{Name: "Второй"})
	in := func(d time.Duration) time.Time { return o.clock.Now().Add(d).In(msk) }
	overdue := o.task(ivan, crm.TaskInput{Client: one.ID, Text: "отправить договор", Due: in(time.Hour)})
	later := o.task(ivan, crm.TaskInput{Client: one.ID, Text: "перезвонить", Due: in(30 * time.Hour)})
	given := o.task(o.owner, crm.TaskInput{Client: one.ID, Text: "отвезти", Due: in(30 * time.Hour), Assignee: ivan.ID})
	picked := o.task(ivan, crm.TaskInput{Client: two.ID, Text: "спросить", Due: in(30 * time.Hour)})
	o.wait(b, 2*time.Hour, time.Minute)
	whose := func(what string, want map[crm.TaskID]crm.MemberID) {
		t.Helper()
		for id, member := range want {
			if task, err := o.store.Task(ctx, ivan.Team, id); err != nil || task.Assignee != member || task.State != crm.TaskOpen {
				t.Errorf("%s: %q is %s's, %v; want %s's", what, task.Text, task.Assignee, err, member)
			}
		}
	}
	by := o.as(ivan)
	var rev int64
	for range 2 { // the second time is the same press delivered again
		got, err := o.HandOverClient(ctx, by, one.ID, anna.ID)
		if err != nil {
			t.Fatal(err)
		}
		rev = got.Rev
	}
	whose("handed over", map[crm.TaskID]crm.MemberID{overdue.ID: anna.ID, later.ID: anna.ID, given.ID: ivan.ID})
	reminded := 0
	for _, n := range o.wait(b, 10*time.Minute, time.Minute) {
		if n.Kind == crm.RemindTask && n.To.ID == anna.ID && n.Task.ID == overdue.ID {
			reminded++
		}
	}
	if reminded != 1 {
		t.Errorf("of what is overdue she is reminded %d times", reminded)
	}
	if _, err := o.TakeBackClient(ctx, o.as(ivan), one.ID, rev); err != nil {
		t.Fatal(err)
	}
	whose("taken back", map[crm.TaskID]crm.MemberID{overdue.ID: ivan.ID, later.ID: ivan.ID, given.ID: ivan.ID})

	many := o.as(ivan)
	if n, err := o.HandOverMany(ctx, many, []crm.ClientID{two.ID}, anna.ID); err != nil || n != 1 {
		t.Fatalf("%d went, %v", n, err)
	}
	whose("picked in a list", map[crm.TaskID]crm.MemberID{picked.ID: anna.ID})
	told, err := o.store.Reminders(ctx, crm.ReminderQuery{Team: ivan.Team, Member: anna.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 9})
	if err != nil || len(told) == 0 || told[len(told)-1].TaskCount != 1 {
		t.Errorf("she is told %+v, %v, want of one task, too", told, err)
	}
	if n, err := o.UndoHandOver(ctx, o.as(ivan), []crm.ClientID{two.ID}, many.Cause); err != nil || n != 1 {
		t.Fatalf("%d came back, %v", n, err)
	}
	whose("picked and taken back", map[crm.TaskID]crm.MemberID{picked.ID: ivan.ID})

	undo, err := o.HandOverClient(ctx, o.as(o.owner), two.ID, anna.ID)
	if err == nil {
		_, err = o.UndoClient(ctx, o.as(o.owner), two.ID, undo.Rev)
	}
	if err != nil {
		t.Fatal(err)
	}
	whose("undone by the owner", map[crm.TaskID]crm.MemberID{picked.ID: ivan.ID})
}
