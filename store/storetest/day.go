package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"kartoteka/crm"
)

func testDay(t *testing.T, h harness) {
	on := func(id string, keys ...string) crm.Client {
		return card(id, func(c *crm.Client) { c.DateKeys = keys })
	}
	walked := func(k *kit, keys ...string) []crm.ClientID {
		var all []crm.ClientID
		k.ok(k.EachOn(k.ctx, acme, keys, func(c crm.Client) error { all = append(all, c.ID); return nil }))
		slices.Sort(all)
		return all
	}
	h.run(t, "any_of_the_keys", func(k *kit) {
		stranger, binned := on("c6", "b05-12"), on("c7", "b05-12")
		stranger.Team, binned.Deleted = other, day(2, 1)
		k.save(on("c1", "b05-12", "r05-09"), on("c2", "r05-09"), on("c3", "b05-1"), on("c4"), on("c5", "a05-12"), stranger, binned)
		k.same(walked(k, "b05-12", "r05-09", "a05-12"), clientIDs("c1", "c2", "c5"))
		k.same(walked(k, "r05-09"), clientIDs("c1", "c2"))
		k.same(walked(k, "b12-31"), []crm.ClientID(nil))
		k.same(walked(k), []crm.ClientID(nil))
		changed := on("c1", "b12-31")
		changed.Rev = 2
		k.save(changed)
		k.same(walked(k, "b05-12", "r05-09"), clientIDs("c2"))
		k.same(walked(k, "b12-31"), clientIDs("c1"))
	})
	h.run(t, "what_planning_reads", func(k *kit) {
		want := filled[crm.Client](1)
		want.ID, want.Team, want.Rev, want.DateKeys = "c1", acme, 1, []string{"b05-12"}
		want.Deleted = card("").Deleted
		k.save(want)
		k.ok(k.EachOn(k.ctx, acme, want.DateKeys, func(c crm.Client) error {
			want.Terms, want.Words, want.Keys = nil, nil, nil // the engine need not give them back
			c.Terms, c.Words, c.Keys = nil, nil, nil
			k.same(c, want)
			return nil
		}))
	})
	h.run(t, "many", func(k *kit) {
		var batch []crm.ClientChange
		var want []crm.ClientID
		for i := range 700 {
			c := on(fmt.Sprintf("c%03d", i), "b05-12")
			want, batch = append(want, c.ID), append(batch, k.change(c))
		}
		k.ok(k.SaveClients(k.ctx, batch))
		k.same(walked(k, "b05-12", "b05-13"), want)
	})
	h.run(t, "the_store_may_be_used_and_an_error_ends_it", func(k *kit) {
		k.save(on("c1", "b05-12"), on("c2", "b05-12"), on("c3", "b05-12"))
		enough, n := errors.New("enough"), 0
		err := k.EachOn(k.ctx, acme, []string{"b05-12"}, func(c crm.Client) error {
			k.plan(reminder(string(c.ID), day(1, 1)))
			k.same(must(k.Client(k.ctx, acme, c.ID))(k).ID, c.ID)
			if n++; n == 2 {
				return enough
			}
			return nil
		})
		k.fails(err, enough)
		k.same(n, 2)
	})
}
