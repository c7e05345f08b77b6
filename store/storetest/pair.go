package storetest

import (
	"fmt"
	"slices"
	"testing"

	"kartoteka/crm"
)

// pair is an open pair of acme's, seen on the first of January; its id is its name.
func pair(id string, edit ...func(*crm.Pair)) crm.Pair {
	p := crm.Pair{ID: crm.PairID(id), Team: acme, Rev: 1, Schema: crm.SchemaVersion, One: crm.ClientID(id + "1"), Other: crm.ClientID(id + "2"),
		OneOwner: anna, OtherOwner: anna, State: crm.PairOpen, Score: 90, Why: []crm.Likeness{crm.LikeName}, Seen: day(1, 1)}
	for _, e := range edit {
		e(&p)
	}
	return p
}

func testPair(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Pair](1)
		want.ID, want.Team, want.Rev = "p1", acme, 1
		k.ok(k.SavePair(k.ctx, want))
		k.same(must(k.Pair(k.ctx, acme, "p1"))(k), want)
		_, err := k.Pair(k.ctx, other, "p1")
		k.fails(err, crm.ErrNotFound)
		want.Rev, want.State, want.Merge = 2, crm.PairApart, crm.Merge{}
		k.ok(k.SavePair(k.ctx, want))
		k.same(must(k.Pair(k.ctx, acme, "p1"))(k), want)
		k.fails(k.SavePair(k.ctx, want), crm.ErrConflict)
		want.ID, want.Rev = "p2", 2
		k.fails(k.SavePair(k.ctx, want), crm.ErrConflict)
		want.ID, want.Rev = "p1", 1
		k.fails(k.SavePair(k.ctx, want), crm.ErrConflict)
	})
	h.run(t, "what_is_decided_stays", func(k *kit) {
		k.ok(k.FindPairs(k.ctx, []crm.Pair{pair("a"), pair("b")}))
		apart := pair("a", func(p *crm.Pair) { p.Rev, p.State = 2, crm.PairApart })
		k.ok(k.SavePair(k.ctx, apart))
		again := func(p *crm.Pair) { p.Score, p.OtherOwner, p.Seen = 100, boris, day(2, 1) }
		k.ok(k.FindPairs(k.ctx, []crm.Pair{pair("a", again), pair("b", again), pair("c", again)}))
		k.same(must(k.Pair(k.ctx, acme, "a"))(k), apart)
		k.same(must(k.Pair(k.ctx, acme, "b"))(k), pair("b", again))
		k.same(must(k.Pair(k.ctx, acme, "c"))(k), pair("c", again))
		back := pair("d", func(p *crm.Pair) { p.Rev, p.Merge = 2, crm.Merge{Cause: "u7", Kept: "c1", Gone: "c2", Back: "u8"} })
		k.ok(k.FindPairs(k.ctx, []crm.Pair{pair("d")}))
		k.ok(k.SavePair(k.ctx, back)) // merged and taken apart
		k.ok(k.FindPairs(k.ctx, []crm.Pair{pair("d", again)}))
		found := must(k.Pair(k.ctx, acme, "d"))(k)
		k.same(found.Merge, back.Merge)
		k.same(found.Score, 100)
		// A search that began earlier and ends later does not take back when the pair was seen.
		k.ok(k.FindPairs(k.ctx, []crm.Pair{pair("b", again, func(p *crm.Pair) { p.Seen = day(1, 20) })}))
		k.same(must(k.Pair(k.ctx, acme, "b"))(k), pair("b", again))
	})
	h.run(t, "queries", testPairQueries)
	h.run(t, "shared_keys", testShared)
	h.run(t, "touches_move_and_come_back", testMoveTouches)
	h.run(t, "closed_cards", testClosed)
}

func testPairQueries(k *kit) {
	all := []crm.Pair{
		pair("a", func(p *crm.Pair) { p.Score = 100 }), pair("b"), pair("c"), pair("d", func(p *crm.Pair) { p.State = crm.PairApart }),
		pair("e", func(p *crm.Pair) { p.OtherOwner = boris }), pair("f", func(p *crm.Pair) { p.Team = other }),
		pair("g", func(p *crm.Pair) { p.One, p.Score = "b1", 70 }), pair("h", func(p *crm.Pair) { p.Other, p.Seen = "b1", day(2, 1) }),
	}
	k.ok(k.FindPairs(k.ctx, all))
	ids := func(pairs []crm.Pair) (out []crm.PairID) {
		for _, p := range pairs {
			out = append(out, p.ID)
		}
		return out
	}
	open := []crm.PairState{crm.PairOpen}
	for _, q := range []crm.PairQuery{
		{}, {States: open}, {States: []crm.PairState{crm.PairApart, crm.PairMerged}}, {States: open, Among: []crm.MemberID{anna}},
		{States: open, Among: []crm.MemberID{boris}}, {States: open, Among: []crm.MemberID{anna, boris}}, {States: open, Least: 90},
		{Client: "b1"}, {Client: "b1", States: open, SeenBefore: day(1, 2)}, {States: open, SeenBefore: day(1, 1)}, {Client: "x"},
	} {
		q.Team = acme
		var want []crm.PairID
		sorted := slices.Clone(all)
		slices.SortStableFunc(sorted, func(x, y crm.Pair) int { return y.Score - x.Score })
		for _, p := range sorted {
			if q.Match(p) {
				want = append(want, p.ID)
			}
		}
		var got []crm.PairID
		for q.Limit = 2; ; { // page by page
			page := must(k.Pairs(k.ctx, q))(k)
			got = append(got, ids(page)...)
			if len(page) < q.Limit {
				break
			}
			mark := page[len(page)-1].Mark()
			q.After = &mark
		}
		k.same(got, want)
		k.same(must(k.CountPairs(k.ctx, q, 100))(k), len(want))
		k.same(must(k.CountPairs(k.ctx, q, 1))(k), min(1, len(want)))
	}
	q := crm.PairQuery{Team: acme, Client: "b1", States: open, SeenBefore: day(1, 2), Limit: 1}
	for _, want := range []int{1, 1, 0} {
		k.same(must(k.DropPairs(k.ctx, q))(k), want)
	}
	k.same(ids(must(k.Pairs(k.ctx, crm.PairQuery{Team: acme, Limit: 10}))(k)), []crm.PairID{"a", "c", "d", "e", "h"})
}

func testShared(k *kit) {
	hold := func(keys ...string) func(*crm.Client) { return func(c *crm.Client) { c.Keys = keys } }
	k.save(card("c1", hold("p1", "e1", "~1")), card("c2", hold("p1", "e2")), card("c3", hold("e1", "p2")), card("c4", hold("p2"), func(c *crm.Client) { c.Deleted = day(1, 1) }),
		card("c5", hold("p1", "~1")), card("c6", hold("p9"), func(c *crm.Client) { c.Team = other }), card("c7", hold("p9")), card("c8"))
	shared := func(q crm.SharedQuery) (out []string) {
		q.Team = acme
		k.ok(k.EachShared(k.ctx, q, func(key string, cards []crm.Client) error {
			held := clientIDs()
			for _, c := range cards {
				held = append(held, c.ID)
			}
			slices.Sort(held)
			out = append(out, fmt.Sprint(key, held))
			return nil
		}))
		return out
	}
	k.same(shared(crm.SharedQuery{Before: "~", Most: 9}), []string{"e1[c1 c3]", "p1[c1 c2 c5]"})
	k.same(shared(crm.SharedQuery{From: "e2", Before: "\x7f", Most: 9}), []string{"p1[c1 c2 c5]", "~1[c1 c5]"})
	k.same(shared(crm.SharedQuery{Before: "~", Most: 2}), []string{"e1[c1 c3]"})
	for i := range 250 { // several pages
		key := fmt.Sprintf("t%03d", i)
		k.ok(k.SaveClients(k.ctx, []crm.ClientChange{k.change(card("x"+key, hold(key))), k.change(card("y"+key, hold(key)))}))
	}
	k.same(len(shared(crm.SharedQuery{From: "t", Before: "u", Most: 9})), 250)
	broken := k.EachShared(k.ctx, crm.SharedQuery{Team: acme, Before: "~", Most: 9}, func(string, []crm.Client) error { return crm.ErrDenied })
	k.fails(broken, crm.ErrDenied)
}

func testMoveTouches(k *kit) {
	for _, id := range []string{"a", "b", "c"} {
		change := k.change(card(id))
		change.Touches = []crm.Touch{{ID: crm.TouchID("t" + id), Team: acme, Client: crm.ClientID(id), Kind: crm.TouchCall, At: day(1, 1)},
			{ID: crm.TouchID("u" + id), Team: acme, Client: crm.ClientID(id), Kind: crm.TouchNote, At: day(1, 2)}}
		k.ok(k.SaveClient(k.ctx, change))
	}
	held := func() (out []string) {
		for _, id := range clientIDs("a", "b", "c") {
			for _, touch := range must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: id, Limit: 20}))(k) {
				out = append(out, fmt.Sprintf("%s:%s%v", id, touch.ID, touch.Moved))
				if touch.Client != id {
					k.Errorf("%s says it is of %s", touch.ID, touch.Client)
				}
			}
		}
		return out
	}
	k.ok(k.MoveTouches(k.ctx, crm.TouchMove{Team: other, From: "a", To: "b"}))
	k.same(held(), []string{"a:ua[]", "a:ta[]", "b:ub[]", "b:tb[]", "c:uc[]", "c:tc[]"})
	before := held()
	ab, bc := crm.TouchMove{Team: acme, From: "a", To: "b"}, crm.TouchMove{Team: acme, From: "b", To: "c"}
	for range 2 { // twice is once
		k.ok(k.MoveTouches(k.ctx, ab))
	}
	between := held()
	k.same(between, []string{"b:ub[]", "b:ua[a]", "b:tb[]", "b:ta[a]", "c:uc[]", "c:tc[]"})
	k.ok(k.MoveTouches(k.ctx, bc))
	k.same(held(), []string{"c:uc[]", "c:ub[b]", "c:ua[a b]", "c:tc[]", "c:tb[b]", "c:ta[a b]"})
	bc.Back, ab.Back = true, true
	k.ok(k.MoveTouches(k.ctx, crm.TouchMove{Team: acme, From: "a", To: "c", Back: true})) // they came with b
	for range 2 {
		k.ok(k.MoveTouches(k.ctx, bc))
	}
	k.same(held(), between)
	k.ok(k.MoveTouches(k.ctx, ab))
	k.same(held(), before)
}

// testClosed: a card that was merged into another lies in the bin unseen, and goes for good with the other alone.
func testClosed(k *kit) {
	k.save(card("kept", func(c *crm.Client) { c.Merged = clientIDs("closed") }), card("closed", func(c *crm.Client) {
		c.Deleted, c.MergedInto, c.Words, c.Terms = day(1, 1), "kept", []string{"особенный"}, []string{"особенный"}
	}), card("thrown", func(c *crm.Client) { c.Deleted = day(1, 1) }))
	bin := crm.ClientQuery{Team: acme, Bin: crm.BinInside, Limit: 10}
	k.same(ids(must(k.Clients(k.ctx, bin))(k)), clientIDs("thrown"))
	k.same(must(k.CountClients(k.ctx, bin, 10))(k), 1)
	k.same(must(k.purge(day(6, 1), 10))(k), 1)
	k.same(must(k.Client(k.ctx, acme, "closed"))(k).MergedInto, crm.ClientID("kept"))
	k.save(card("kept", func(c *crm.Client) { c.Rev, c.Deleted, c.Merged = 2, day(6, 2), clientIDs("closed") }))
	k.same(must(k.purge(day(7, 1), 10))(k), 1)
	_, err := k.Client(k.ctx, acme, "closed")
	k.fails(err, crm.ErrNotFound)
	k.same(must(k.Event(k.ctx, acme, crm.PurgeEventID(crm.ClientID("closed"))))(k).Action, crm.ActionPurgeClient)
	for _, e := range must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "closed", Limit: 9}))(k) {
		k.same(len(e.Fields), 0)
	}
}
