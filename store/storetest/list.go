package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

func testList(t *testing.T, h harness) {
	h.run(t, "orders", func(k *kit) {
		sorted := func(id, name string, created, touched time.Time) crm.Client {
			return card(id, func(c *crm.Client) { c.SortName, c.Created, c.LastTouch = name, created, touched })
		}
		k.save(
			sorted("c1", "яков", day(1, 1), day(5, 1)),
			sorted("c2", "анна", day(3, 1), time.Time{}),
			sorted("c3", "ёлка", day(2, 1), day(6, 1)),
			sorted("c4", "anna", day(2, 1).Add(500*time.Millisecond), day(5, 1).Add(time.Millisecond)),
			sorted("c5", "", day(2, 1).Add(50*time.Millisecond), time.Time{}),
		)
		for sort, want := range map[crm.Sort][]crm.ClientID{
			crm.SortByName:   clientIDs("c5", "c4", "c2", "c1", "c3"),
			crm.SortByNewest: clientIDs("c2", "c4", "c5", "c3", "c1"),
			"":               clientIDs("c2", "c4", "c5", "c3", "c1"),
			crm.SortByTouch:  clientIDs("c3", "c4", "c1", "c2", "c5"),
		} {
			k.same(ids(must(k.Clients(k.ctx, crm.ClientQuery{Team: acme, Sort: sort, Limit: 10}))(k)), want)
			k.same(walk(k, crm.ClientQuery{Team: acme, Sort: sort, Limit: 2}), want)
		}
	})
	h.run(t, "equal_keys_page_by_id", func(k *kit) {
		var want []crm.ClientID
		var batch []crm.ClientChange
		for i := range 17 {
			c := card(fmt.Sprintf("c%02d", i), func(c *crm.Client) {
				c.SortName, c.Owner = "одно имя", []crm.MemberID{anna, boris, "vera"}[i%3]
			})
			want = append(want, c.ID)
			batch = append(batch, k.change(c))
		}
		slices.Reverse(batch)
		k.ok(k.SaveClients(k.ctx, batch))
		for _, sort := range crm.Sorts {
			k.same(walk(k, crm.ClientQuery{Team: acme, Sort: sort, Limit: 3}), want)
		}
	})
	h.run(t, "a_change_moves_the_card", func(k *kit) {
		c := card("c1", func(c *crm.Client) { c.TagKeys = []string{"vip"} })
		k.save(c, card("c2"))
		c.Rev, c.Owner, c.Stage, c.Status, c.TagKeys = 2, boris, crm.StageClient, crm.StatusVIP, []string{"мск"}
		c.SortName, c.Created = "z", day(9, 9)
		k.save(c)
		for _, q := range []crm.ClientQuery{
			{Owner: boris}, {Stages: []crm.Stage{crm.StageClient}}, {Statuses: []crm.Status{crm.StatusVIP}}, {Tags: []string{"мск"}},
		} {
			q.Team, q.Limit = acme, 5
			k.same(ids(must(k.Clients(k.ctx, q))(k)), clientIDs("c1"))
			k.same(must(k.CountClients(k.ctx, q, 5))(k), 1)
		}
		k.same(walk(k, crm.ClientQuery{Team: acme, Tags: []string{"vip"}, Limit: 5}), []crm.ClientID(nil))
		k.same(walk(k, crm.ClientQuery{Team: acme, Sort: crm.SortByName, Limit: 5}), clientIDs("c2", "c1"))
		k.same(walk(k, crm.ClientQuery{Team: acme, Limit: 5}), clientIDs("c1", "c2"))
	})
	h.run(t, "bin", func(k *kit) {
		binned := card("c1", func(c *crm.Client) { c.Deleted, c.TagKeys = day(2, 1), []string{"vip"} })
		k.save(binned, card("c2"))
		k.same(walk(k, crm.ClientQuery{Team: acme, Limit: 5}), clientIDs("c2"))
		in := crm.ClientQuery{Team: acme, Bin: crm.BinInside, Tags: []string{"vip"}, Owner: anna, Limit: 5}
		k.same(walk(k, in), clientIDs("c1"))
		k.same(must(k.CountClients(k.ctx, in, 5))(k), 1)
		k.same(must(k.Client(k.ctx, acme, "c1"))(k), binned)
	})
	h.run(t, "days_to_remember", testDates)
	h.run(t, "left_lying", testNeglected)
	h.run(t, "lacking", testLacking)
	h.run(t, "lacking_by_owner", testLackingByOwner)
	h.run(t, "lacking_own_fields", testLackingOwn)
	h.run(t, "counts_tags", testCountTags)
	h.run(t, "count_stops_at_the_limit", func(k *kit) {
		k.save(card("c1"), card("c2"), card("c3"))
		k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme}, 2))(k), 2)
		k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme, Stages: crm.Stages}, 2))(k), 2)
		k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme}, 4))(k), 3)
	})
}

// testDates: cards are found by any of some days, each once, of the whole team or of one owner, page by page; a day that is
// taken off finds nothing.
func testDates(k *kit) {
	on := func(id string, owner crm.MemberID, keys ...string) crm.Client {
		return card(id, func(c *crm.Client) { c.Owner, c.DateKeys = owner, keys })
	}
	k.save(on("c1", anna, "b05-12", "d12-31", "r12-28"), on("c2", boris, "a05-12", "d2026-12-31", "r2026-12-28"), on("c3", anna, "a05-12"),
		on("c4", anna, "d2027-12-31"), on("c5", anna))
	binned := on("c6", anna, "r12-28")
	binned.Deleted = day(2, 1)
	k.save(binned)
	q := crm.ClientQuery{Team: acme, Dates: []string{"r12-28", "r2026-12-28", "b05-12", "a05-12"}, Sort: crm.SortByName, Limit: 2}
	k.same(walk(k, q), clientIDs("c1", "c2", "c3"))
	q.Owner = anna
	k.same(walk(k, q), clientIDs("c1", "c3"))
	k.same(must(k.CountClients(k.ctx, q, 9))(k), 2)
	changed := on("c1", anna, "d12-30")
	changed.Rev = 2
	k.save(changed)
	k.same(walk(k, q), clientIDs("c3"))
}

// testLacking: cards that lack any of some things, each listed and counted once, of the whole team or of one owner; what is filled in
// is no longer found.
func testLacking(k *kit) {
	lacks := func(id string, owner crm.MemberID, gaps ...crm.GapKey) crm.Client {
		return card(id, func(c *crm.Client) { c.Owner, c.Gaps = owner, gaps })
	}
	binned := lacks("c5", anna, "person.phone")
	binned.Deleted = day(2, 1)
	k.save(lacks("c1", anna, "person.phone", "person.city"), lacks("c2", boris, "person.city"), lacks("c3", anna, "corporate.phone"), lacks("c4", anna), binned)
	q := crm.ClientQuery{Team: acme, Lacks: []crm.GapKey{"person.phone", "person.city"}, Sort: crm.SortByName, Limit: 1}
	k.same(walk(k, q), clientIDs("c1", "c2"))
	k.same(must(k.CountClients(k.ctx, q, 9))(k), 2)
	q.Owner = anna
	k.same(walk(k, q), clientIDs("c1"))
	k.same(must(k.CountClients(k.ctx, q, 9))(k), 1)
	filled := lacks("c1", anna, "person.city")
	filled.Rev = 2
	k.save(filled)
	k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme, Lacks: []crm.GapKey{"person.phone"}}, 9))(k), 0)
}

// testLackingByOwner: each owner's cards at the stages that are asked for, and how many of them lack what is asked for. Neither the bin nor
// another team counts; what is filled in or handed over counts anew.
func testLackingByOwner(k *kit) {
	lacks := func(id string, owner crm.MemberID, gaps ...crm.GapKey) crm.Client {
		return card(id, func(c *crm.Client) { c.Owner, c.Stage, c.Gaps = owner, crm.StageClient, gaps })
	}
	binned, put, theirs := lacks("c5", anna, "person.phone"), lacks("c6", anna), lacks("c7", anna, "person.phone")
	binned.Deleted, put.Stage, theirs.Team = day(2, 1), crm.StageArchive, other
	k.save(lacks("c1", anna, "person.phone", "person.city"), lacks("c2", boris, "person.city", "person.email"), lacks("c3", anna, "corporate.phone"),
		lacks("c4", anna), binned, put, theirs)
	q := crm.LackQuery{Team: acme, Stages: crm.LiveStages, Keys: []crm.GapKey{"person.phone", "corporate.phone", "person.city"}}
	byOwner := func() []crm.OwnerLacks {
		k.Helper()
		all := must(k.CountLacking(k.ctx, q))(k)
		slices.SortFunc(all, func(a, b crm.OwnerLacks) int { return cmp.Compare(a.Owner, b.Owner) })
		return all
	}
	k.same(byOwner(), []crm.OwnerLacks{
		{Owner: anna, Total: 3, Lacks: map[crm.GapKey]int{"person.phone": 1, "person.city": 1, "corporate.phone": 1}},
		{Owner: boris, Total: 1, Lacks: map[crm.GapKey]int{"person.city": 1}}})
	filled, given := lacks("c1", anna, "person.city"), lacks("c2", anna, "person.city")
	filled.Rev, given.Rev = 2, 2
	k.save(filled, given)
	k.same(byOwner(), []crm.OwnerLacks{{Owner: anna, Total: 4, Lacks: map[crm.GapKey]int{"person.city": 2, "corporate.phone": 1}}})
	q.Team = "nobody"
	k.same(byOwner(), []crm.OwnerLacks(nil))
}

// testLackingOwn: cards without a value in a field of the team's own, of one kind, beside those that lack what all have; a sealed value is one.
func testLackingOwn(k *kit) {
	with := func(id string, kind crm.Kind, f func(c *crm.Client)) crm.Client {
		return card(id, func(c *crm.Client) {
			c.Kind, c.Custom, c.Sealed, c.Gaps, c.Stage = kind, nil, nil, nil, crm.StageLead
			f(c)
		})
	}
	k.save(with("c1", crm.KindPerson, func(*crm.Client) {}),
		with("c2", "", func(c *crm.Client) { c.Custom = map[crm.FieldID]string{"till": "2027-01-15"} }),
		with("c3", crm.KindPerson, func(c *crm.Client) { c.Custom = map[crm.FieldID]string{"size": "42"} }),
		with("c4", crm.KindPerson, func(c *crm.Client) { c.Sealed = map[crm.FieldID]string{"size": "s"} }),
		with("c5", crm.KindCorporate, func(c *crm.Client) { c.Gaps = []crm.GapKey{"corporate.phone"} }),
		with("c6", crm.KindPerson, func(c *crm.Client) { c.Stage = crm.StageArchive }))
	own := crm.ClientQuery{Team: acme, Lacks: []crm.GapKey{"person.x.size"}, Sort: crm.SortByName, Limit: 1}
	k.same(walk(k, own), clientIDs("c1", "c2"))
	k.same(must(k.CountClients(k.ctx, own, 9))(k), 2)
	k.same(walk(k, crm.ClientQuery{Team: acme, Lacks: []crm.GapKey{"corporate.x.size"}, Sort: crm.SortByName, Limit: 9}), clientIDs("c5"))
	k.save(with("c7", "", func(c *crm.Client) {
		c.Custom, c.Gaps = map[crm.FieldID]string{"size": "42"}, []crm.GapKey{"person.phone"}
	}), with("c8", "", func(c *crm.Client) {
		c.Custom, c.Owner = map[crm.FieldID]string{"size": "42", "till": "2027-01-15"}, boris
	}),
		with("c9", "", func(c *crm.Client) { c.Owner = boris }))
	k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme, Lacks: []crm.GapKey{"person.x.size", "person.phone"}}, 9))(k), 4)
	both := crm.ClientQuery{Team: acme, Owner: boris, Lacks: []crm.GapKey{"person.x.size", "person.x.till"}}
	k.same(must(k.CountClients(k.ctx, both, 9))(k), 1)
	both.Owner, both.Among = "", []crm.MemberID{anna, boris}
	k.same(must(k.CountClients(k.ctx, both, 9))(k), 6)
	k.same(must(k.CountClients(k.ctx, both, 2))(k), 2)
	both.Stages = []crm.Stage{crm.StageClient}
	k.same(must(k.CountClients(k.ctx, both, 9))(k), 0)
	filled := with("c9", "", func(c *crm.Client) { c.Owner, c.Rev, c.Custom = boris, 2, map[crm.FieldID]string{"size": "42"} })
	gone := with("c7", crm.KindCorporate, func(c *crm.Client) { c.Rev, c.Deleted = 2, day(2, 1) })
	k.save(filled, gone)
	k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme, Lacks: []crm.GapKey{"person.x.size", "person.phone"}}, 9))(k), 2)
	own.Lacks = append(own.Lacks, "corporate.phone", "corporate.x.size")
	k.same(walk(k, own), clientIDs("c1", "c2", "c5"))
	k.same(must(k.CountClients(k.ctx, own, 9))(k), 3)
}

// testCountTags: of the whole team, of one owner, of a stage, of those that have another tag, of the bin; the most frequent first.
func testCountTags(k *kit) {
	tagged := func(id string, owner crm.MemberID, s crm.Stage, tags ...string) crm.Client {
		return card(id, func(c *crm.Client) { c.Owner, c.Stage, c.TagKeys, c.Deleted = owner, s, tags, time.Time{} })
	}
	binned, theirs := tagged("c6", anna, crm.StageLead, "vip"), tagged("c7", anna, crm.StageLead, "vip")
	binned.Deleted, theirs.Team = day(2, 1), other
	k.save(tagged("c1", anna, crm.StageLead, "vip", "мск"), tagged("c2", boris, crm.StageLead, "мск"), tagged("c3", anna, crm.StageClient, "опт", "мск"),
		tagged("c4", anna, crm.StageClient, "vip"), tagged("c5", boris, crm.StageLead), binned, theirs)
	for _, one := range []struct {
		q    crm.ClientQuery
		want []crm.TagCount
	}{
		{crm.ClientQuery{}, []crm.TagCount{{Tag: "мск", Cards: 3}, {Tag: "vip", Cards: 2}, {Tag: "опт", Cards: 1}}},
		{crm.ClientQuery{Owner: anna}, []crm.TagCount{{Tag: "vip", Cards: 2}, {Tag: "мск", Cards: 2}, {Tag: "опт", Cards: 1}}},
		{crm.ClientQuery{Among: []crm.MemberID{boris}}, []crm.TagCount{{Tag: "мск", Cards: 1}}},
		{crm.ClientQuery{Stages: []crm.Stage{crm.StageClient}}, []crm.TagCount{{Tag: "vip", Cards: 1}, {Tag: "мск", Cards: 1}, {Tag: "опт", Cards: 1}}},
		{crm.ClientQuery{Owner: anna, Tags: []string{"мск"}}, []crm.TagCount{{Tag: "мск", Cards: 2}, {Tag: "vip", Cards: 1}, {Tag: "опт", Cards: 1}}},
		{crm.ClientQuery{CreatedBefore: day(1, 1).AddDate(-50, 0, 0)}, nil},
		{crm.ClientQuery{Bin: crm.BinInside}, []crm.TagCount{{Tag: "vip", Cards: 1}}},
		{crm.ClientQuery{Owner: "nobody"}, nil},
	} {
		one.q.Team = acme
		k.same(must(k.CountTags(k.ctx, one.q, 9))(k), one.want)
	}
	k.same(must(k.CountTags(k.ctx, crm.ClientQuery{Team: acme}, 1))(k), []crm.TagCount{{Tag: "мск", Cards: 3}})
}

// testNeglected: what is silent or unconfirmed, the most valuable first; never touched ones count from their creation.
func testNeglected(k *kit) {
	lying := func(id string, s crm.Stage, touches int, since time.Time) crm.Client {
		return card(id, func(c *crm.Client) {
			c.Stage, c.Status, c.Touches, c.LastTouch, c.Confirmed = s, crm.StatusActive, touches, since, day(9, 1)
		})
	}
	vip := lying("c1", crm.StageLead, 1, day(5, 1))
	vip.Status = crm.StatusVIP
	red := lying("c6", crm.StageContact, 9, day(9, 1))
	red.Confirmed = day(2, 1)
	k.save(vip, lying("c2", crm.StageClient, 3, day(4, 1)), lying("c3", crm.StageClient, 7, day(4, 1)), lying("c4", crm.StageClient, 7, day(3, 1)),
		lying("c5", crm.StageLead, 0, time.Time{}), red, lying("c7", crm.StageClient, 9, day(8, 1)), lying("c8", crm.StageArchive, 9, day(1, 1)))
	q := crm.ClientQuery{Team: acme, Owner: anna, Sort: crm.SortByWorth, Limit: 2, Neglected: []crm.Neglect{
		{Statuses: []crm.Status{crm.StatusVIP}, SilentBefore: day(6, 1), ConfirmedBefore: day(3, 1)},
		{Stages: crm.Stages[:4], Statuses: []crm.Status{crm.StatusActive}, SilentBefore: day(5, 1), ConfirmedBefore: day(3, 1)}}}
	k.same(walk(k, q), clientIDs("c1", "c4", "c3", "c2", "c6", "c5"))
	k.same(must(k.CountClients(k.ctx, q, 9))(k), 6)
	touched := lying("c4", crm.StageClient, 8, day(9, 1))
	touched.Rev = 2
	k.save(touched)
	k.same(walk(k, q), clientIDs("c1", "c3", "c2", "c6", "c5"))
	created := crm.ClientQuery{Team: acme, CreatedFrom: day(1, 1), CreatedBefore: day(1, 1).Add(time.Millisecond), Limit: 3}
	k.same(must(k.CountClients(k.ctx, created, 99))(k), 8)
	created.CreatedFrom = created.CreatedBefore
	k.same(must(k.CountClients(k.ctx, created, 99))(k), 0)
}

// walk lists all cards of the query page by page.
func walk(k *kit, q crm.ClientQuery) []crm.ClientID {
	k.Helper()
	var all []crm.ClientID
	for range 1000 {
		page := must(k.Clients(k.ctx, q))(k)
		all = append(all, ids(page)...)
		if len(page) > q.Limit {
			k.Fatalf("got %d cards on a page of %d", len(page), q.Limit)
		}
		if len(page) < q.Limit {
			return all
		}
		mark := page[len(page)-1].Mark(q.Sort)
		q.After = &mark
	}
	k.Fatal("the list does not end")
	return nil
}
