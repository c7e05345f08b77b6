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
