package storetest

import (
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
)

func task(id string, due time.Time, edit ...func(*crm.Task)) crm.Task {
	t := crm.Task{ID: crm.TaskID(id), Team: acme, Rev: 1, Schema: crm.SchemaVersion, Text: id, Assignee: anna, By: anna, State: crm.TaskOpen, Due: due,
		Created: day(1, 1)}
	for _, e := range edit {
		e(&t)
	}
	return t
}

func testTask(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Task](1)
		want.ID, want.Team, want.Rev = "t1", acme, 1
		k.ok(k.SaveTask(k.ctx, want, k.event(acme, "t1", 1)))
		k.same(must(k.Task(k.ctx, acme, "t1"))(k), want)
		_, err := k.Task(k.ctx, other, "t1")
		k.fails(err, crm.ErrNotFound)
		want.Rev, want.State = 2, crm.TaskDone
		ev := k.event(acme, "t1", 2)
		k.ok(k.SaveTask(k.ctx, want, ev))
		k.same(must(k.Task(k.ctx, acme, "t1"))(k), want)
		want.Rev = 3
		k.fails(k.SaveTask(k.ctx, want, ev), crm.ErrApplied)
		want.Rev = 5
		k.fails(k.SaveTask(k.ctx, want, k.event(acme, "t1", 5)), crm.ErrConflict)
		k.fails(k.SaveTask(k.ctx, task("t9", day(1, 1), func(t *crm.Task) { t.Rev = 2 }), k.event(acme, "t9", 2)), crm.ErrNotFound)
	})
	h.run(t, "by_id", func(k *kit) {
		one, foreign := task("t1", day(1, 1)), task("o1", day(1, 1), func(t *crm.Task) { t.Team = other })
		k.ok(k.SaveTask(k.ctx, one, k.event(acme, "t1", 1)))
		k.ok(k.SaveTask(k.ctx, foreign, k.event(other, "o1", 1)))
		k.ok(k.SaveTask(k.ctx, task("t2", day(1, 2)), k.event(acme, "t2", 1)))
		k.same(must(k.TasksByID(k.ctx, acme, []crm.TaskID{"none", "o1", "t1"}))(k), []crm.Task{one})
		k.same(len(must(k.TasksByID(k.ctx, acme, []crm.TaskID{"t2", "t1"}))(k)), 2)
		k.same(len(must(k.TasksByID(k.ctx, acme, nil))(k)), 0)
	})
	h.run(t, "queries", func(k *kit) {
		var all []crm.Task
		for i := range 24 {
			all = append(all, task(fmt.Sprintf("t%02d", i), day(1, 1+i/3), func(t *crm.Task) {
				if i%2 == 1 {
					t.Assignee = boris
				}
				if i%5 == 0 {
					t.State = crm.TaskDone
				}
				if i%4 == 0 {
					t.Client = "c1"
				}
				if i%3 == 0 {
					t.Repeat = "weekly"
				}
			}))
			k.ok(k.SaveTask(k.ctx, all[i], k.event(acme, string(all[i].ID), 1)))
		}
		k.ok(k.SaveTask(k.ctx, task("o1", day(1, 1), func(t *crm.Task) { t.Team = other }), k.event(other, "o1", 1)))
		for _, q := range []crm.TaskQuery{
			{}, {Assignee: anna}, {Among: []crm.MemberID{anna, boris}}, {Among: []crm.MemberID{boris, "vera"}, State: crm.TaskOpen, DueBefore: day(1, 4)},
			{Assignee: anna, Among: []crm.MemberID{boris}}, {State: crm.TaskOpen}, {Client: "c1"}, {Client: "c1", Assignee: boris, State: crm.TaskOpen},
			{DueFrom: day(1, 3), DueBefore: day(1, 5)}, {Assignee: boris, State: crm.TaskOpen, DueBefore: day(1, 4)},
			{Repeat: "weekly"}, {State: crm.TaskOpen, Repeat: "weekly", DueBefore: day(1, 5)},
		} {
			k.tasksInPages(q, all)
		}
	})
}

// tasksInPages reads a query in small pages and compares with what Match lets through; all is in the right order.
func (k *kit) tasksInPages(q crm.TaskQuery, all []crm.Task) {
	k.Helper()
	q.Team, q.Limit = acme, 4
	var want, got []crm.TaskID
	for _, t := range all {
		if q.Match(t) {
			want = append(want, t.ID)
		}
	}
	k.same(must(k.CountTasks(k.ctx, q, 100))(k), len(want))
	k.same(must(k.CountTasks(k.ctx, q, 3))(k), min(len(want), 3))
	for {
		page := must(k.Tasks(k.ctx, q))(k)
		for _, t := range page {
			got = append(got, t.ID)
		}
		if len(page) < q.Limit {
			break
		}
		q.After = &crm.TaskMark{Due: page[len(page)-1].Due, ID: page[len(page)-1].ID}
	}
	k.same(got, want)
}
