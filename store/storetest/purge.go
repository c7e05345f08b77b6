package storetest

import (
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
)

func testPurge(t *testing.T, h harness) {
	h.run(t, "old_bin_goes", func(k *kit) {
		c := card("c1", func(c *crm.Client) { c.Terms, c.Keys = []string{"иван"}, []string{"p1"} })
		change := k.change(c)
		change.Touches = []crm.Touch{{ID: "t1", Team: acme, Client: "c1", Text: "позвонил", At: day(1, 1)}}
		change.Event.Fields = map[string]crm.Delta{"name": {After: `"Иван"`}}
		k.ok(k.SaveClient(k.ctx, change))
		c.Rev, c.Deleted = 2, day(2, 1)
		k.save(c, card("c2"), card("c3", func(c *crm.Client) { c.Deleted = day(2, 2) }))

		k.same(must(k.purge(day(2, 1), 10))(k), 0) // not before the very moment
		k.same(must(k.purge(day(2, 1).Add(time.Millisecond), 10))(k), 1)
		_, err := k.Client(k.ctx, acme, "c1")
		k.fails(err, crm.ErrNotFound)
		k.same(len(must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: "c1", Limit: 9}))(k)), 0)
		k.same(walk(k, crm.ClientQuery{Team: acme, Bin: crm.BinInside, Limit: 9}), clientIDs("c3"))
		k.same(walk(k, crm.ClientQuery{Team: acme, Limit: 9}), clientIDs("c2"))
		purgedEvents(k, "c1", 3)

		c.Rev = 3
		k.fails(k.SaveClient(k.ctx, k.change(c)), crm.ErrNotFound)
		k.same(must(k.purge(day(12, 1), 10))(k), 1)
		k.same(must(k.purge(day(12, 1), 10))(k), 0)
	})
	h.run(t, "limit_and_all_teams", func(k *kit) {
		for i := range 4 {
			k.save(card(fmt.Sprint("a", i), func(c *crm.Client) { c.Deleted = day(1, 1+i) }),
				card(fmt.Sprint("b", i), func(c *crm.Client) { c.Deleted, c.Team = day(1, 1+i), other }))
		}
		k.same(must(k.purge(day(12, 1), 5))(k), 5)
		k.same(must(k.purge(day(12, 1), 5))(k), 3)
	})
	h.run(t, "restored_stays", func(k *kit) {
		c := card("c1", func(c *crm.Client) { c.Deleted = day(1, 1) })
		k.save(c)
		c.Rev, c.Deleted = 2, time.Time{}
		k.save(c)
		k.same(must(k.purge(day(12, 1), 5))(k), 0)
		k.same(must(k.Client(k.ctx, acme, "c1"))(k), c)
	})
	h.run(t, "one_card_with_its_tasks_and_words", purgeOne)
	h.run(t, "what_a_merge_had_brought_to_another_card", purgeParted)
	h.run(t, "what_a_merge_had_brought_on_to_a_third_card", purgeChain)
	h.run(t, "closed_card_with_what_hangs_on_it", purgeClosed)
	h.run(t, "made_anew_and_purged_again", func(k *kit) {
		for range 2 {
			k.save(card("c1", func(c *crm.Client) { c.Deleted = day(1, 1) }))
			k.same(must(k.purge(day(12, 1), 5))(k), 1)
		}
	})
}

// purgedEvents checks what is left of a purged card: who did what, but no data, and the purge itself on top.
func purgedEvents(k *kit, id crm.ClientID, rev int64) {
	k.Helper()
	events := must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: string(id), Limit: 9}))(k)
	if len(events) != int(rev) {
		k.Fatalf("got %d events, want %d", len(events), rev)
	}
	for _, e := range events {
		if len(e.Fields) > 0 {
			k.Fatalf("event %s still has fields", e.ID)
		}
	}
	top := events[0]
	if top.ID != crm.PurgeEventID(id) || top.Action != crm.ActionPurgeClient || top.Rev != rev || top.At.IsZero() || top.By != "" {
		k.Fatalf("got event %+v", top)
	}
}

// purgeOne removes one of two cards in the bin: its tasks and the words that no other card has go along.
func purgeOne(k *kit) {
	named := func(id, name string, deleted time.Time) crm.Client {
		c := card(id, func(c *crm.Client) { c.Name, c.Deleted = name, deleted })
		c.Words = c.Vocabulary(nil)
		c.Terms = c.Words
		return c
	}
	k.save(named("c1", "Горлова Анна", day(1, 1)), named("c2", "Седова Анна", day(1, 1)), named("c3", "Петрова Анна", time.Time{}))
	for i, client := range []crm.ClientID{"c1", "c1", "c3"} {
		id := crm.TaskID(fmt.Sprint("t", i))
		e := k.event(acme, string(id), 1)
		e.Fields = map[string]crm.Delta{"text": {After: `"позвонить Горловой"`}}
		k.ok(k.SaveTask(k.ctx, crm.Task{ID: id, Team: acme, Rev: 1, Client: client, State: crm.TaskOpen, Due: day(2, 1)}, e))
	}
	k.same(must(k.PurgeClients(k.ctx, crm.Purge{Before: day(12, 1), At: day(12, 1), Limit: 9, Team: other, Client: "c1"}))(k), 0)
	k.same(must(k.PurgeClients(k.ctx, crm.Purge{Before: day(12, 1), At: day(12, 1), Limit: 9, Team: acme, Client: "c3"}))(k), 0) // not in the bin
	k.same(must(k.PurgeClients(k.ctx, crm.Purge{Before: day(12, 1), At: day(12, 1), Limit: 9, Team: acme, Client: "c1"}))(k), 1)
	k.same(walk(k, crm.ClientQuery{Team: acme, Bin: crm.BinInside, Limit: 9}), clientIDs("c2"))
	tasks := must(k.Tasks(k.ctx, crm.TaskQuery{Team: acme, Limit: 9}))(k)
	if len(tasks) != 1 || tasks[0].ID != "t2" {
		k.Fatalf("got %+v, want the other card's task", tasks)
	}
	left := must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "t0", Limit: 9}))(k)
	if len(left) != 2 || left[0].ID != crm.PurgeEventID(crm.TaskID("t0")) || left[0].Action != crm.ActionPurgeTask || len(left[1].Fields) > 0 {
		k.Fatalf("got %+v, want the task's purge and an event that says nothing", left)
	}
	k.same(len(must(k.WordsNear(k.ctx, acme, []string{"горлова"}, 5))(k)), 0)
	k.same(must(k.WordsNear(k.ctx, acme, []string{"анна"}, 5))(k), []string{"анна"}) // another card has it
}

// purgeParted removes a card that was merged into another and taken out again: what the other's events have said since the merge, until it was
// undone, goes along, and the note of it.
func purgeParted(k *kit) {
	write := func(c crm.Client, id crm.EventID, f func(*crm.ClientChange)) {
		k.Helper()
		ch := k.change(c)
		ch.Event.Fields = map[string]crm.Delta{"name": {After: `"Горлова"`}}
		if id != "" {
			ch.Event.ID, ch.Event.Action = id, crm.ActionMergeClients
		}
		if f != nil {
			f(&ch)
		}
		k.ok(k.SaveClient(k.ctx, ch))
	}
	kept, gone := card("kept"), card("gone")
	write(kept, "", nil)
	write(gone, "", nil)
	gone.Rev, gone.Deleted, gone.MergedInto = 2, day(2, 1), "kept"
	write(gone, "m1.m.gone", func(ch *crm.ClientChange) { ch.Event.Fields["merged_into"] = crm.Delta{After: `"kept"`} })
	kept.Rev, kept.Merged = 2, clientIDs("gone")
	note := crm.NewTouchID(acme, "m1", 0)
	write(kept, "m1.m.kept", func(ch *crm.ClientChange) {
		ch.Event.Fields["merged"] = crm.Delta{After: `["gone"]`}
		ch.Touches = []crm.Touch{{ID: note, Team: acme, Client: "kept", Text: "Горлова", At: day(2, 1)}, {ID: "own", Team: acme, Client: "kept", At: day(2, 1)}}
	})
	kept.Rev = 3
	write(kept, "", nil)
	kept.Rev, kept.Merged = 4, nil
	write(kept, "m2.b.kept", func(ch *crm.ClientChange) { ch.Event.Undoes = "m1.m.kept" })
	kept.Rev = 5
	write(kept, "", nil)
	gone.Rev, gone.Deleted, gone.MergedInto = 3, day(2, 2), ""
	write(gone, "", nil)

	k.same(must(k.purge(day(12, 1), 5))(k), 1)
	tells := crm.EventID("forget." + string(crm.NewPairID(acme, "gone", "kept")))
	for _, e := range must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "kept", Limit: 9}))(k) {
		emptied := e.Rev > 1 && e.Rev < 5
		if emptied && (len(e.Fields) > 0 || e.Emptied != tells) || !emptied && (len(e.Fields) == 0 || e.Emptied != "") {
			k.Fatalf("revision %d: %+v", e.Rev, e)
		}
	}
	touches := must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: "kept", Limit: 9}))(k)
	if len(touches) != 1 || touches[0].ID != "own" {
		k.Fatalf("got %+v, want the card's own touch", touches)
	}
	if e := must(k.Event(k.ctx, acme, tells))(k); e.Action != crm.ActionForget || e.At.IsZero() || e.By != "" {
		k.Fatalf("got %+v", e)
	}
	purgedEvents(k, "gone", 4)
}

// purgeChain removes a card that was merged into another, which was merged into a third; both merges were taken back. Of each card the events
// from the merge to its end are emptied.
func purgeChain(k *kit) {
	write := func(id crm.ClientID, rev int64, event, undoes crm.EventID, field, after string) {
		k.Helper()
		ch := k.change(card(string(id), func(c *crm.Client) {
			if c.Rev = rev; id == "a" && rev == 3 {
				c.Deleted = day(2, 1)
			}
		}))
		ch.Event.ID, ch.Event.Action, ch.Event.Undoes = event, crm.ActionMergeClients, undoes
		ch.Event.Fields = map[string]crm.Delta{"name": {After: `"Горлова"`}, field: {After: after}}
		k.ok(k.SaveClient(k.ctx, ch))
	}
	for _, id := range []crm.ClientID{"a", "b", "c"} {
		write(id, 1, crm.EventID("new."+id), "", "stage", `"lead"`)
	}
	write("a", 2, "m1.m.a", "", "merged_into", `"b"`)
	write("b", 2, "m1.m.b", "", "merged", `["a"]`)
	write("b", 3, "m2.m.b", "", "merged_into", `"c"`)
	write("c", 2, "m2.m.c", "", "merged", `["a","b"]`)
	write("c", 3, "m3.b.c", "m2.m.c", "merged", ``)
	write("b", 4, "m3.b.b", "m2.m.b", "merged_into", ``)
	write("b", 5, "m4.b.b", "m1.m.b", "merged", ``)
	write("a", 3, "m4.b.a", "m1.m.a", "merged_into", ``)

	k.same(must(k.purge(day(12, 1), 5))(k), 1)
	for _, id := range []crm.ClientID{"b", "c"} {
		for _, e := range must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: string(id), Limit: 9}))(k) {
			if (len(e.Fields) == 0) != (e.Rev > 1) {
				k.Fatalf("%s, revision %d: %+v", id, e.Rev, e.Fields)
			}
		}
	}
}

// purgeClosed removes a card into which another was merged so lately that its history and tasks have not moved yet.
func purgeClosed(k *kit) {
	ch := k.change(card("closed", func(c *crm.Client) { c.Deleted, c.MergedInto = day(1, 1), "kept" }))
	ch.Touches = []crm.Touch{{ID: "t1", Team: acme, Client: "closed", Text: "Горлова", At: day(1, 1)}}
	k.ok(k.SaveClient(k.ctx, ch))
	k.ok(k.SaveTask(k.ctx, crm.Task{ID: "k1", Team: acme, Rev: 1, Client: "closed", State: crm.TaskOpen, Due: day(2, 1)}, k.event(acme, "k1", 1)))
	k.save(card("kept", func(c *crm.Client) { c.Deleted, c.Merged = day(1, 1), clientIDs("closed") }))
	k.same(must(k.purge(day(12, 1), 5))(k), 1)
	k.same(len(must(k.Tasks(k.ctx, crm.TaskQuery{Team: acme, Limit: 9}))(k)), 0)
	k.same(len(must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: "closed", Limit: 9}))(k)), 0)
	k.same(must(k.Event(k.ctx, acme, crm.PurgeEventID(crm.TaskID("k1"))))(k).Action, crm.ActionPurgeTask)
}
