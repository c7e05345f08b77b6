package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kartoteka/crm"
)

func reminder(id string, due time.Time) crm.Reminder {
	return crm.Reminder{ID: id, Team: acme, Schema: crm.SchemaVersion, Kind: crm.RemindTask, Member: anna, Task: "t1", For: due, Due: due,
		State: crm.ReminderPlanned, Created: day(1, 1)}
}

func (k *kit) plan(all ...crm.Reminder) {
	k.Helper()
	for _, r := range all {
		k.same(must(k.PlanReminder(k.ctx, r))(k), true)
	}
}

func reminderIDs(list []crm.Reminder) []string {
	var out []string
	for _, r := range list {
		out = append(out, r.ID)
	}
	return out
}

func testReminder(t *testing.T, h harness) {
	h.run(t, "planned_once", func(k *kit) {
		want := filled[crm.Reminder](1)
		want.ID, want.Team, want.State = "task:t1:x:anna", acme, crm.ReminderPlanned
		k.plan(want)
		again := want
		again.Tries = 9
		k.same(must(k.PlanReminder(k.ctx, again))(k), false)
		k.same(must(k.Reminders(k.ctx, crm.ReminderQuery{Team: acme, Limit: 9}))(k), []crm.Reminder{want})
		k.same(len(must(k.Reminders(k.ctx, crm.ReminderQuery{Team: other, Limit: 9}))(k)), 0)
	})
	h.run(t, "planned_together", func(k *kit) {
		k.plan(reminder("b", day(1, 2)))
		moved := reminder("b", day(1, 9))
		progress := map[string]time.Time{"due:acme": day(1, 5), "day:acme": day(1, 4)}
		k.ok(k.PlanReminders(k.ctx, []crm.Reminder{reminder("a", day(1, 2)), moved, reminder("c", day(1, 1))}, progress))
		k.ok(k.PlanReminders(k.ctx, []crm.Reminder{reminder("c", day(1, 1))}, map[string]time.Time{"due:acme": day(1, 3)}))
		k.ok(k.PlanReminders(k.ctx, nil, nil))
		k.same(reminderIDs(must(k.Reminders(k.ctx, crm.ReminderQuery{Team: acme, Limit: 9}))(k)), []string{"c", "a", "b"})
		k.same(must(k.Progress(k.ctx, "due:acme"))(k), day(1, 5))
		k.same(must(k.Progress(k.ctx, "day:acme"))(k), day(1, 4))
	})
	h.run(t, "leased_by_one", func(k *kit) {
		k.plan(reminder("b", day(1, 2)), reminder("a", day(1, 2)), reminder("c", day(1, 1)), reminder("later", day(1, 9)))
		lease := crm.Lease{Now: day(1, 3), Until: day(1, 3).Add(time.Minute), Limit: 2}
		first := must(k.LeaseReminders(k.ctx, lease))(k)
		k.same(reminderIDs(first), []string{"c", "a"})
		k.same(first[0].State == crm.ReminderLeased && first[0].Fence == 1 && first[0].Until.Equal(lease.Until), true)
		k.same(reminderIDs(must(k.LeaseReminders(k.ctx, lease))(k)), []string{"b"})
		k.same(len(must(k.LeaseReminders(k.ctx, lease))(k)), 0)
	})
	h.run(t, "leased_for_a_member", func(k *kit) {
		hers, his := reminder("a", day(1, 2)), reminder("b", day(1, 1))
		his.Member = boris
		k.plan(hers, his)
		lease := crm.Lease{Member: anna, Now: day(1, 3), Until: day(1, 4), Limit: 9}
		k.same(reminderIDs(must(k.LeaseReminders(k.ctx, lease))(k)), []string{"a"})
		lease.Now = day(1, 5) // her lease has ended
		k.same(reminderIDs(must(k.LeaseReminders(k.ctx, lease))(k)), []string{"a"})
		lease.Member = ""
		k.same(reminderIDs(must(k.LeaseReminders(k.ctx, lease))(k)), []string{"b", "a"})
	})
	h.run(t, "waits_until", func(k *kit) {
		for _, state := range []crm.ReminderState{crm.ReminderWaiting, crm.ReminderHeld} {
			r := reminder(string(state), day(1, 1))
			k.plan(r)
			r.State, r.Until = state, day(1, 5)
			k.ok(k.MoveReminder(k.ctx, r, crm.ReminderPlanned))
			lease := crm.Lease{Now: day(1, 5).Add(-time.Millisecond), Until: day(1, 6), Limit: 9}
			k.same(len(must(k.LeaseReminders(k.ctx, lease))(k)), 0)
			lease.Now = day(1, 5)
			taken := must(k.LeaseReminders(k.ctx, lease))(k)
			k.same(len(taken) == 1 && taken[0].State == crm.ReminderLeased && !taken[0].Doubted && taken[0].Due.Equal(day(1, 1)), true)
		}
	})
	h.run(t, "fence", testFence)
	h.run(t, "queries", testReminderQueries)
	h.run(t, "done_ones_go", testReminderPurge)
	h.run(t, "progress", func(k *kit) {
		k.same(must(k.Progress(k.ctx, "due:acme"))(k).IsZero(), true)
		k.ok(k.SetProgress(k.ctx, "due:acme", day(1, 5)))
		k.ok(k.SetProgress(k.ctx, "due:acme", day(1, 4)))
		k.same(must(k.Progress(k.ctx, "due:acme"))(k), day(1, 5))
		k.same(must(k.Progress(k.ctx, "due:other"))(k).IsZero(), true)
	})
	h.run(t, "many_processes", testManyLease)
	h.run(t, "many_senders", testManyMoves)
}

func testReminderQueries(k *kit) {
	k.plan(reminder("b", day(1, 2)), reminder("a", day(1, 2)), reminder("c", day(1, 1)))
	q := crm.ReminderQuery{Team: acme, Member: anna, States: []crm.ReminderState{crm.ReminderPlanned, crm.ReminderSent}, Limit: 9}
	k.same(reminderIDs(must(k.Reminders(k.ctx, q))(k)), []string{"c", "a", "b"})
	q.Limit, q.After = 1, &crm.ReminderMark{Due: day(1, 1), ID: "c"}
	k.same(reminderIDs(must(k.Reminders(k.ctx, q))(k)), []string{"a"})
	q.After = &crm.ReminderMark{Due: day(1, 2), ID: "a"}
	k.same(reminderIDs(must(k.Reminders(k.ctx, q))(k)), []string{"b"})
	q.After = &crm.ReminderMark{Due: day(1, 2), ID: "b"}
	k.same(len(must(k.Reminders(k.ctx, q))(k)), 0)
	q.After = nil
	q.Latest, q.Limit = true, 2
	k.same(reminderIDs(must(k.Reminders(k.ctx, q))(k)), []string{"b", "a"})
	q.Latest, q.Limit = false, 9
	q.DueBefore = day(1, 2)
	k.same(reminderIDs(must(k.Reminders(k.ctx, q))(k)), []string{"c"})
	q.IDs = []string{"b", "none", "c"}
	k.same(reminderIDs(must(k.Reminders(k.ctx, q))(k)), []string{"c"})
	k.same(reminderIDs(must(k.Reminders(k.ctx, crm.ReminderQuery{Team: acme, IDs: q.IDs, Limit: 9}))(k)), []string{"c", "b"})
	q.Member = boris
	k.same(len(must(k.Reminders(k.ctx, q))(k)), 0)
}

// testReminderPurge: what was done before a time goes, in batches, whatever became of it; nothing that something may still
// become of.
func testReminderPurge(k *kit) {
	done := func(id string, state crm.ReminderState, at time.Time, team crm.TeamID) {
		r := reminder(id, day(1, 1))
		r.Team = team
		k.plan(r)
		r.State, r.Done = state, at
		k.ok(k.MoveReminder(k.ctx, r, crm.ReminderPlanned))
	}
	for i, state := range crm.DoneStates {
		done(string(state), state, day(3, 1+i), acme)
	}
	done("strange", crm.ReminderSent, day(3, 1).Add(-time.Millisecond), other)
	done("new", crm.ReminderSent, day(4, 1), acme)
	done("just", crm.ReminderSent, day(4, 1).Add(500*time.Millisecond), acme)
	for _, state := range crm.ResumedStates {
		done(string(state), state, time.Time{}, acme)
	}
	k.plan(reminder("planned", day(1, 1)))
	left := func() int { return len(must(k.Reminders(k.ctx, crm.ReminderQuery{Team: acme, Limit: 99}))(k)) }
	k.same(must(k.PurgeReminders(k.ctx, day(3, 1), 9))(k), 1)
	k.same(len(must(k.Reminders(k.ctx, crm.ReminderQuery{Team: other, Limit: 9}))(k)), 0)
	k.same(left(), 11)
	k.same(must(k.PurgeReminders(k.ctx, day(4, 1), 3))(k), 3)
	k.same(must(k.PurgeReminders(k.ctx, day(4, 1), 3))(k), 1)
	k.same(must(k.PurgeReminders(k.ctx, day(4, 1), 3))(k), 0)
	k.same(left(), 7)
	k.same(must(k.PurgeReminders(k.ctx, day(4, 1).Add(time.Second), 9))(k), 2)
	again := reminder("sent", day(1, 1))
	k.plan(again) // its id is free
}

// testFence: a process that slept past its lease loses, and what was being sent meanwhile comes back doubted.
func testFence(k *kit) {
	k.plan(reminder("a", day(1, 1)))
	lease := func(at time.Time) []crm.Reminder {
		return must(k.LeaseReminders(k.ctx, crm.Lease{Now: at, Until: at.Add(time.Minute), Limit: 9}))(k)
	}
	slow := lease(day(1, 2))[0]
	slow.State = crm.ReminderSending
	k.ok(k.MoveReminder(k.ctx, slow, crm.ReminderLeased))
	k.fails(k.MoveReminder(k.ctx, slow, crm.ReminderLeased), crm.ErrConflict)
	k.same(len(lease(day(1, 2).Add(59*time.Second))), 0)
	quick := lease(day(1, 2).Add(time.Minute))[0]
	k.same(quick.Fence == 2 && quick.Doubted && quick.State == crm.ReminderLeased, true)
	slow.State = crm.ReminderSent
	k.fails(k.MoveReminder(k.ctx, slow, crm.ReminderSending), crm.ErrConflict)
	quick.State, quick.Message = crm.ReminderSent, 77
	k.ok(k.MoveReminder(k.ctx, quick, crm.ReminderLeased))
	k.same(len(lease(day(2, 1))), 0)
	stranger := quick
	stranger.Team = other
	k.fails(k.MoveReminder(k.ctx, stranger, crm.ReminderSent), crm.ErrConflict)
}

// testManyMoves: of two who move the same reminder one wins, whoever else moves something meanwhile; who gave up before has moved
// nothing.
func testManyMoves(k *kit) {
	if !k.can.Concurrent {
		k.Log("not exercised: the server behind this engine loses concurrent writes")
		return
	}
	const n = 60
	gone, cancel := context.WithCancel(k.ctx)
	cancel()
	var won, lost, gaveUp atomic.Int64
	var wg sync.WaitGroup
	for i := range n {
		r := reminder("r"+string(rune('A'+i)), day(1, 1))
		k.plan(r)
		r.State, r.Done = crm.ReminderSent, day(1, 2)
		for _, ctx := range []context.Context{k.ctx, gone, k.ctx} {
			wg.Go(func() {
				switch err := k.MoveReminder(ctx, r, crm.ReminderPlanned); {
				case err == nil:
					won.Add(1)
				case errors.Is(err, crm.ErrConflict):
					lost.Add(1)
				case errors.Is(err, context.Canceled):
					gaveUp.Add(1)
				default:
					k.Error(err)
				}
			})
		}
	}
	wg.Wait()
	k.same([]int64{won.Load(), lost.Load(), gaveUp.Load()}, []int64{n, n, n})
	sent := must(k.Reminders(k.ctx, crm.ReminderQuery{Team: acme, States: []crm.ReminderState{crm.ReminderSent}, Limit: 99}))(k)
	k.same(len(sent), n)
}

func testManyLease(k *kit) {
	if !k.can.Concurrent {
		k.Log("not exercised: the server behind this engine loses concurrent writes")
		return
	}
	const n = 40
	for i := range n {
		k.plan(reminder("r"+string(rune('A'+i)), day(1, 1)))
	}
	var mu sync.Mutex
	taken := map[string]int{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				got, err := k.LeaseReminders(k.ctx, crm.Lease{Now: day(1, 2), Until: day(1, 3), Limit: 5})
				if err != nil {
					k.Error(err)
					return
				}
				mu.Lock()
				for _, r := range got {
					taken[r.ID]++
				}
				all := len(taken)
				mu.Unlock()
				if all == n {
					return
				}
			}
		})
	}
	wg.Wait()
	for id, times := range taken {
		if times != 1 {
			k.Errorf("%s was leased %d times", id, times)
		}
	}
}
