package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

func testSeal(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Seal](1)
		want.ID, want.Team = "acme:1", acme
		k.ok(k.AddSeal(k.ctx, want, nil))
		k.same(must(k.LastSeal(k.ctx, acme))(k), want)
		_, err := k.LastSeal(k.ctx, other)
		k.fails(err, crm.ErrNotFound)
	})
	h.run(t, "each_event_is_open_until_it_is_sealed", func(k *kit) {
		k.save(card("c1"), card("c2"), card("c3"))
		k.save(card("x", func(c *crm.Client) { c.Team = other }))
		k.same(open(k, 2), []crm.EventID{"u1.0", "u2.0"})
		k.ok(k.AddSeal(k.ctx, sealOf(1, "u1.0", "u2.0"), nil))
		k.same(open(k, 9), []crm.EventID{"u3.0"})
		k.fails(k.AddSeal(k.ctx, sealOf(1, "u3.0"), nil), crm.ErrConflict) // another process was faster
		k.same(open(k, 9), []crm.EventID{"u3.0"})
		k.save(card("c4"))
		k.same(open(k, 9), []crm.EventID{"u3.0", "u5.0"})
		k.ok(k.AddSeal(k.ctx, sealOf(2, "u3.0", "u5.0"), nil))
		k.same(len(open(k, 9)), 0)
		k.same(must(k.ClosedEvents(k.ctx, acme, "", 3))(k), []crm.EventID{"u1.0", "u2.0", "u3.0"})
		k.same(must(k.ClosedEvents(k.ctx, acme, "u3.0", 3))(k), []crm.EventID{"u5.0"})
		k.same(len(must(k.ClosedEvents(k.ctx, other, "", 3))(k)), 0)
		k.same(len(must(k.OpenEvents(k.ctx, other, 9))(k)), 1)
	})
	h.run(t, "seals_page", func(k *kit) {
		k.save(card("c1"))
		for seq := range int64(4) {
			k.ok(k.AddSeal(k.ctx, sealOf(seq+1, "u1.0"), nil))
		}
		page := must(k.Seals(k.ctx, acme, 1, 2))(k)
		if len(page) != 2 || page[0].Seq != 2 || page[1].Seq != 3 {
			k.Fatalf("got %+v, want 2 and 3", page)
		}
		k.same(must(k.LastSeal(k.ctx, acme))(k).Seq, int64(4))
		k.same(len(must(k.Seals(k.ctx, other, 0, 2))(k)), 0)
	})
	h.run(t, "salts", func(k *kit) {
		k.save(card("c1"))
		one, two := crm.Salt{Record: "c1", Key: "k1"}, crm.Salt{Record: "c2", Key: "k2"}
		k.ok(k.AddSeal(k.ctx, sealOf(1, "u1.0"), []crm.Salt{one, two}))
		k.ok(k.AddSeal(k.ctx, sealOf(2, "u1.0"), []crm.Salt{{Record: "c1", Key: "another"}}))
		got := must(k.Salts(k.ctx, acme, []string{"c2", "c1", "c1", "c9"}))(k)
		slices.SortFunc(got, func(a, b crm.Salt) int { return cmp.Compare(a.Record, b.Record) })
		k.same(got, []crm.Salt{one, two})
		k.same(len(must(k.Salts(k.ctx, other, []string{"c1"}))(k)), 0)
		k.same(len(must(k.Salts(k.ctx, acme, nil))(k)), 0)
		k.ok(k.ForgetSalts(k.ctx, other, []string{"c1"}))
		k.ok(k.ForgetSalts(k.ctx, acme, []string{"c2", "c9"}))
		k.same(must(k.Salts(k.ctx, acme, []string{"c1", "c2"}))(k), []crm.Salt{one})
	})
	h.run(t, "a_purge_takes_the_salt", func(k *kit) {
		k.save(card("c1", func(c *crm.Client) { c.Deleted = day(1, 1) }))
		k.ok(k.AddSeal(k.ctx, sealOf(1, "u1.0"), []crm.Salt{{Record: "c1", Key: "k1"}}))
		k.same(must(k.purge(day(12, 1), 5))(k), 1)
		k.same(len(must(k.Salts(k.ctx, acme, []string{"c1"}))(k)), 0)
	})
	h.run(t, "events_by_id", func(k *kit) {
		k.save(card("c1"), card("c2"), card("c3"))
		got := must(k.EventsByID(k.ctx, acme, []crm.EventID{"u3.0", "u9.0", "u1.0"}))(k)
		slices.SortFunc(got, func(a, b crm.Event) int { return cmp.Compare(a.ID, b.ID) })
		if len(got) != 2 || got[0].ID != "u1.0" || got[1].ID != "u3.0" {
			k.Fatalf("got %+v, want u1.0 and u3.0", got)
		}
		k.same(len(must(k.EventsByID(k.ctx, other, []crm.EventID{"u1.0"}))(k)), 0)
		k.same(len(must(k.EventsByID(k.ctx, acme, nil))(k)), 0)
	})
}

// testUnreadable: what cannot be read is named, and the others come back with that.
func testUnreadable(t *testing.T, h harness) {
	h.run(t, "named_beside_the_others", func(k *kit) {
		k.save(card("c1"), card("c2"), card("c3"))
		for seq := range int64(3) {
			k.ok(k.AddSeal(k.ctx, sealOf(seq+1, "u1.0"), nil))
		}
		k.can.Spoil(k.T, k.Store, crm.RecordEvent, "u2.0")
		events, err := k.EventsByID(k.ctx, acme, []crm.EventID{"u1.0", "u2.0", "u3.0"})
		k.unreadable(err, "u2.0")
		k.same(len(events), 2)
		events, err = k.OpenEvents(k.ctx, acme, 9)
		k.unreadable(err, "u2.0")
		k.same(len(events), 1)
		k.same(events[0].ID, crm.EventID("u3.0"))
		_, err = k.Event(k.ctx, acme, "u2.0")
		k.unreadable(err, "u2.0")
		k.can.Spoil(k.T, k.Store, crm.RecordSeal, "acme:2")
		seals, err := k.Seals(k.ctx, acme, 0, 9)
		k.unreadable(err, "acme:2")
		k.same(len(seals), 2)
		k.same(must(k.LastSeal(k.ctx, acme))(k).Seq, int64(3))
		k.can.Spoil(k.T, k.Store, crm.RecordSeal, "acme:3")
		_, err = k.LastSeal(k.ctx, acme)
		k.unreadable(err, "acme:3")
		_, err = k.OpenEvents(k.ctx, acme, 9)
		k.unreadable(err, "u2.0")
		k.can.Spoil(k.T, k.Store, crm.RecordClient, "c2")
		cards, err := k.ClientsByID(k.ctx, acme, []crm.ClientID{"c3", "c2", "c1"})
		k.unreadable(err, "c2")
		if len(cards) != 2 || cards[0].ID != "c3" || cards[1].ID != "c1" {
			k.Errorf("got %+v, want c3 and c1", cards)
		}
		k.ok(k.SaveMember(k.ctx, crm.Member{ID: "m1", Team: acme, Rev: 1}, k.event(acme, "m1", 1)))
		k.ok(k.SaveMember(k.ctx, crm.Member{ID: "m2", Team: acme, Rev: 1}, k.event(acme, "m2", 1)))
		k.can.Spoil(k.T, k.Store, crm.RecordMember, "m1")
		members, err := k.Members(k.ctx, acme)
		k.unreadable(err, "m1")
		k.same(len(members), 1)
	})
}

// unreadable asks for the error of these ids, which says nothing but them.
func (k *kit) unreadable(err error, want ...string) {
	k.Helper()
	var got crm.Unreadable
	if !errors.As(err, &got) || !slices.Equal(got.IDs, want) || strings.Contains(err.Error(), Spoilt) {
		k.Errorf("got %v, want unreadable %v", err, want)
	}
}

// Spoilt is what Capabilities.Spoil puts in a field that holds no text: no error quotes it.
const Spoilt = "Spoilt"

func sealOf(seq int64, events ...crm.EventID) crm.Seal {
	s := crm.Seal{ID: fmt.Sprint("acme:", seq), Team: acme, Schema: crm.SchemaVersion, Seq: seq, At: day(3, 1)}
	for _, id := range events {
		s.Entries = append(s.Entries, crm.SealEntry{Event: id})
	}
	return s
}

// open lists acme's events that are in no seal.
func open(k *kit, limit int) []crm.EventID {
	k.Helper()
	var ids []crm.EventID
	for _, e := range must(k.OpenEvents(k.ctx, acme, limit))(k) {
		ids = append(ids, e.ID)
	}
	return ids
}

func testAudit(t *testing.T, h harness) {
	// Nine events: three moments, three each; anna edits, boris logs touches, nobody purges.
	fill := func(k *kit) {
		for i := range 9 {
			change := k.change(card(fmt.Sprint("c", i)))
			change.Event.At = day(1, 1+i/3)
			change.Event.By = []crm.MemberID{anna, boris, ""}[i%3]
			change.Event.Action = []crm.Action{crm.ActionEditClient, crm.ActionLogTouch, crm.ActionPurgeClient}[i%3]
			k.ok(k.SaveClient(k.ctx, change))
		}
		k.save(card("x", func(c *crm.Client) { c.Team = other }))
	}
	audited := func(k *kit, q crm.AuditQuery) (ids []crm.EventID) {
		k.Helper()
		q.Team = acme
		for {
			page := must(k.Audit(k.ctx, q))(k)
			for _, e := range page {
				ids = append(ids, e.ID)
			}
			if len(page) < q.Limit {
				return ids
			}
			last := page[len(page)-1]
			q.After = &crm.EventMark{At: last.At, ID: last.ID}
		}
	}
	h.run(t, "newest_first_in_pages", func(k *kit) {
		fill(k)
		k.same(audited(k, crm.AuditQuery{Limit: 2}), []crm.EventID{"u9.0", "u8.0", "u7.0", "u6.0", "u5.0", "u4.0", "u3.0", "u2.0", "u1.0"})
		k.same(audited(k, crm.AuditQuery{From: day(1, 2), Before: day(1, 3), Limit: 5}), []crm.EventID{"u6.0", "u5.0", "u4.0"})
		k.same(audited(k, crm.AuditQuery{By: boris, Limit: 2}), []crm.EventID{"u8.0", "u5.0", "u2.0"})
		k.same(audited(k, crm.AuditQuery{Actions: []crm.Action{crm.ActionEditClient, crm.ActionPurgeClient}, From: day(1, 2).Add(time.Millisecond), Limit: 1}),
			[]crm.EventID{"u9.0", "u7.0"})
		without := []crm.Action{crm.ActionEditClient, crm.ActionPurgeClient}
		k.same(audited(k, crm.AuditQuery{Without: without, Limit: 2}), []crm.EventID{"u8.0", "u5.0", "u2.0"})
		k.same(audited(k, crm.AuditQuery{Actions: []crm.Action{crm.ActionEditClient, crm.ActionLogTouch}, Without: without, From: day(1, 2), Limit: 5}),
			[]crm.EventID{"u8.0", "u5.0"})
	})
	h.run(t, "parts", func(k *kit) {
		fill(k)
		for i, of := range []crm.EventID{"many", "many", "more", "many"} { // u11.0 to u14.0
			e := k.event(acme, "c1", int64(20+i))
			e.At, e.By, e.PartOf = day(2, 1+i/2), boris, of
			k.ok(k.AddEvent(k.ctx, e))
		}
		k.same(audited(k, crm.AuditQuery{PartOf: "many", Limit: 2}), []crm.EventID{"u14.0", "u12.0", "u11.0"})
		k.same(audited(k, crm.AuditQuery{PartOf: "many", Before: day(2, 2), Limit: 2}), []crm.EventID{"u12.0", "u11.0"})
		k.same(audited(k, crm.AuditQuery{Whole: true, By: boris, Limit: 2}), []crm.EventID{"u8.0", "u5.0", "u2.0"})
		k.same(len(audited(k, crm.AuditQuery{By: boris, Limit: 2})), 7)
		k.same(must(k.CountParts(k.ctx, acme, []crm.EventID{"many", "more", "u1.0"}))(k), map[crm.EventID]int{"many": 3, "more": 1})
		k.same(len(must(k.CountParts(k.ctx, other, []crm.EventID{"many"}))(k)), 0)
		k.same(len(must(k.CountParts(k.ctx, acme, nil))(k)), 0)
		k.same(must(k.CountAudit(k.ctx, crm.AuditQuery{Team: acme, PartOf: "more"}))(k), []crm.Tally{{By: boris, Action: crm.ActionEditClient, N: 1}})
	})
	h.run(t, "counted", func(k *kit) {
		fill(k)
		got := must(k.CountAudit(k.ctx, crm.AuditQuery{Team: acme, Before: day(1, 3)}))(k)
		slices.SortFunc(got, func(a, b crm.Tally) int { return cmp.Compare(a.By, b.By) })
		k.same(got, []crm.Tally{{Action: crm.ActionPurgeClient, N: 2}, {By: anna, Action: crm.ActionEditClient, N: 2}, {By: boris, Action: crm.ActionLogTouch, N: 2}})
		k.same(must(k.CountAudit(k.ctx, crm.AuditQuery{Team: acme, Without: []crm.Action{crm.ActionPurgeClient, crm.ActionLogTouch}}))(k),
			[]crm.Tally{{By: anna, Action: crm.ActionEditClient, N: 3}})
		k.same(len(must(k.CountAudit(k.ctx, crm.AuditQuery{Team: "none"}))(k)), 0)
	})
}
