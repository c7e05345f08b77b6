package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
)

func testHistory(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		event := filled[crm.Event](1)
		event.ID, event.Team, event.Record = "u1.0", acme, "c1"
		touch, second := filled[crm.Touch](100), filled[crm.Touch](200)
		touch.ID, touch.Team, touch.Client = "t1", acme, "c1"
		second.ID, second.Team, second.Client = "t2", acme, "c1"
		k.ok(k.SaveClient(k.ctx, crm.ClientChange{Client: card("c1"), Event: event, Touches: []crm.Touch{touch, second}}))
		k.same(must(k.Event(k.ctx, acme, "u1.0"))(k), event)
		k.same(must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "c1", Limit: 5}))(k), []crm.Event{event})
		k.same(must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: "c1", Limit: 5}))(k), []crm.Touch{second, touch})
	})
	h.run(t, "touches_page", touchPages)
	h.run(t, "touches_of_kinds", func(k *kit) {
		change := k.change(card("c1"))
		for i, kind := range []crm.TouchKind{crm.TouchCall, crm.TouchNote, crm.TouchVisit, crm.TouchCall} {
			change.Touches = append(change.Touches, crm.Touch{
				ID: crm.TouchID(fmt.Sprint("t", i)), Team: acme, Client: "c1", Kind: kind, At: day(1, 1+i)})
		}
		k.ok(k.SaveClient(k.ctx, change))
		got := must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: "c1",
			Kinds: []crm.TouchKind{crm.TouchCall, crm.TouchVisit}, Limit: 2}))(k)
		if len(got) != 2 || got[0].ID != "t3" || got[1].ID != "t2" {
			k.Fatalf("got %+v, want t3, t2", got)
		}
	})
	h.run(t, "touches_counted", func(k *kit) {
		change := k.change(card("c1"))
		for i, kind := range []crm.TouchKind{crm.TouchCall, crm.TouchNote, crm.TouchVisit, crm.TouchCall, crm.TouchEmail, crm.TouchDecision} {
			change.Touches = append(change.Touches, crm.Touch{ID: crm.TouchID(fmt.Sprint("t", i)), Team: acme, Client: "c1", Kind: kind,
				At: day(1, 1+i), By: []crm.MemberID{anna, anna, anna, anna, boris, anna}[i]})
		}
		k.ok(k.SaveClient(k.ctx, change))
		count := func(q crm.TouchCount) int { return must(k.CountTouches(k.ctx, q))(k) }
		k.same(count(crm.TouchCount{Team: acme, By: anna, From: day(1, 1), Before: day(2, 1)}), 3)
		k.same(count(crm.TouchCount{Team: acme, By: anna, From: day(1, 3), Before: day(1, 4)}), 1)
		k.same(count(crm.TouchCount{Team: acme, By: boris, From: day(1, 1), Before: day(2, 1)}), 1)
		k.same(count(crm.TouchCount{Team: other, By: anna, From: day(1, 1), Before: day(2, 1)}), 0)
	})
	h.run(t, "touches_taken_back", touchesTakenBack)
	h.run(t, "events_newest_first", func(k *kit) {
		c := card("c1")
		for rev := range int64(6) {
			c.Rev = rev + 1
			change := k.change(c)
			change.Event.At = day(1, 1) // order is by revision, whatever the clock said
			k.ok(k.SaveClient(k.ctx, change))
		}
		got := must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "c1", Limit: 4}))(k)
		if len(got) != 4 || got[0].Rev != 6 || got[3].Rev != 3 {
			k.Fatalf("got %+v, want revisions 6 to 3", got)
		}
	})
	h.run(t, "events_before_a_revision", func(k *kit) {
		c := card("c1")
		for rev := range int64(6) {
			c.Rev = rev + 1
			k.ok(k.SaveClient(k.ctx, k.change(c)))
		}
		got := must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "c1", BeforeRev: 4, Limit: 2}))(k)
		if len(got) != 2 || got[0].Rev != 3 || got[1].Rev != 2 {
			k.Fatalf("got %+v, want revisions 3 and 2", got)
		}
	})
	h.run(t, "event_alone", func(k *kit) {
		e := k.event(acme, "acme", 0)
		k.ok(k.AddEvent(k.ctx, e))
		k.fails(k.AddEvent(k.ctx, e), crm.ErrApplied)
		k.same(must(k.Event(k.ctx, acme, e.ID))(k), e)
	})
	h.run(t, "missing", func(k *kit) {
		_, err := k.Event(k.ctx, acme, "u9")
		k.fails(err, crm.ErrNotFound)
		k.same(len(must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: "c9", Limit: 5}))(k)), 0)
		k.same(len(must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "c9", Limit: 5}))(k)), 0)
	})
}

func touchPages(k *kit) {
	change := k.change(card("c1"))
	for i := range 9 { // three moments, three touches each
		change.Touches = append(change.Touches, crm.Touch{ID: crm.TouchID(fmt.Sprint("t", i)), Team: acme, Client: "c1",
			Kind: crm.TouchCall, At: day(1, 1).Add(time.Duration(i/3) * time.Millisecond)})
	}
	change.Touches = append(change.Touches, crm.Touch{ID: "tz", Team: acme, Client: "c2", At: day(1, 1)})
	k.ok(k.SaveClient(k.ctx, change))
	var got []crm.TouchID
	q := crm.TouchQuery{Team: acme, Client: "c1", Limit: 2}
	for {
		page := must(k.Touches(k.ctx, q))(k)
		for _, touch := range page {
			got = append(got, touch.ID)
		}
		if len(page) < q.Limit {
			break
		}
		last := page[len(page)-1]
		q.After = &crm.TouchMark{At: last.At, ID: last.ID}
	}
	k.same(got, []crm.TouchID{"t8", "t7", "t6", "t5", "t4", "t3", "t2", "t1", "t0"})
}

func touchesTakenBack(k *kit) {
	change := k.change(card("c1"))
	for i := range 3 {
		change.Touches = append(change.Touches, crm.Touch{ID: crm.TouchID(fmt.Sprint("t", i)), Team: acme, Client: "c1", Kind: crm.TouchCall,
			Text: "о цене", By: anna, At: day(1, 1+i)})
	}
	k.ok(k.SaveClient(k.ctx, change))
	undone := change.Touches[2]
	undone.Kind, undone.Was = crm.TouchUndone, crm.TouchCall
	foreign := undone
	foreign.ID, foreign.Team = "t1", other
	back := k.change(card("c1", func(c *crm.Client) { c.Rev = 2 }))
	back.Undone = []crm.Touch{undone, foreign}
	for _, lost := range []error{nil, crm.ErrApplied} { // the second time is the same change, delivered again
		if err := k.SaveClient(k.ctx, back); !errors.Is(err, lost) {
			k.Fatalf("got %v, want %v", err, lost)
		}
	}
	back = k.change(card("c1", func(c *crm.Client) { c.Rev = 2 }))
	back.Undone = []crm.Touch{change.Touches[2]}
	k.fails(k.SaveClient(k.ctx, back), crm.ErrConflict)
	of := func(q crm.TouchQuery) []crm.Touch {
		q.Team, q.Client, q.Limit = acme, "c1", 9
		return must(k.Touches(k.ctx, q))(k)
	}
	k.same(of(crm.TouchQuery{}), []crm.Touch{undone, change.Touches[1], change.Touches[0]})
	k.same(of(crm.TouchQuery{Kinds: crm.TouchKinds}), []crm.Touch{change.Touches[1], change.Touches[0]})
	k.same(of(crm.TouchQuery{IDs: []crm.TouchID{"t0", "t2", "t9"}}), []crm.Touch{undone, change.Touches[0]})
	k.same(of(crm.TouchQuery{IDs: []crm.TouchID{"t0", "t2"}, Kinds: crm.TouchKinds}), []crm.Touch{change.Touches[0]})
	k.same(must(k.CountTouches(k.ctx, crm.TouchCount{Team: acme, By: anna, From: day(1, 1), Before: day(2, 1)}))(k), 2)
}
