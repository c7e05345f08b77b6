package storetest

import (
	"slices"
	"testing"

	"kartoteka/crm"
)

func testImport(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Import](1)
		want.ID, want.Team, want.Rev = "m1", acme, 1
		k.ok(k.SaveImport(k.ctx, want))
		k.same(must(k.Import(k.ctx, acme, "m1"))(k), want)
		want.Rev, want.Cursor = 2, 1000
		k.ok(k.SaveImport(k.ctx, want))
		k.same(must(k.Import(k.ctx, acme, "m1"))(k), want)
		_, err := k.Import(k.ctx, other, "m1")
		k.fails(err, crm.ErrNotFound)
		_, err = k.Import(k.ctx, acme, "m2")
		k.fails(err, crm.ErrNotFound)
	})
	h.run(t, "who_was_slower_learns_of_it", func(k *kit) {
		i := crm.Import{ID: "m1", Team: acme, Rev: 1}
		k.ok(k.SaveImport(k.ctx, i))
		k.fails(k.SaveImport(k.ctx, i), crm.ErrConflict)
		i.Rev = 2
		k.ok(k.SaveImport(k.ctx, i))
		k.fails(k.SaveImport(k.ctx, i), crm.ErrConflict)
		i.Rev, i.Team = 3, other
		if k.SaveImport(k.ctx, i) == nil {
			k.Error("another team's import was replaced")
		}
	})
	h.run(t, "newest_first_by_state_and_shape", func(k *kit) {
		for n, i := range []crm.Import{
			{ID: "m1", State: crm.ImportDone, Shape: "a"}, {ID: "m2", State: crm.ImportRunning, Shape: "a"},
			{ID: "m3", State: crm.ImportDone, Shape: "b"}, {ID: "m4", State: crm.ImportDone, Shape: "a"}, {ID: "m5", State: crm.ImportDone, Shape: "a"},
		} {
			i.Team, i.Rev, i.Created = acme, 1, day(1, 1+min(n, 3))
			if i.By = anna; n == 2 || n == 3 {
				i.By = boris
			}
			if n > 0 {
				i.Begun = day(2, 1)
			}
			k.ok(k.SaveImport(k.ctx, i))
		}
		k.ok(k.SaveImport(k.ctx, crm.Import{ID: "n1", Team: other, Rev: 1, State: crm.ImportDone, Shape: "a"}))
		done := []crm.ImportState{crm.ImportDone}
		for _, c := range []struct {
			q    crm.ImportQuery
			want []crm.ImportID
		}{
			{crm.ImportQuery{Limit: 9}, []crm.ImportID{"m5", "m4", "m3", "m2", "m1"}},
			{crm.ImportQuery{Limit: 2}, []crm.ImportID{"m5", "m4"}},
			{crm.ImportQuery{Shape: "a", States: done, Limit: 9}, []crm.ImportID{"m5", "m4", "m1"}},
			{crm.ImportQuery{States: []crm.ImportState{crm.ImportRunning, crm.ImportUndoing}, Limit: 9}, []crm.ImportID{"m2"}},
			{crm.ImportQuery{By: boris, Limit: 9}, []crm.ImportID{"m4", "m3"}},
			{crm.ImportQuery{By: anna, Begun: true, Limit: 9}, []crm.ImportID{"m5", "m2"}},
			{crm.ImportQuery{By: anna, Begun: true, States: done, Limit: 9}, []crm.ImportID{"m5"}},
			{crm.ImportQuery{Shape: "c", Limit: 9}, nil},
		} {
			c.q.Team = acme
			var got []crm.ImportID
			for _, i := range must(k.Imports(k.ctx, c.q))(k) {
				got = append(got, i.ID)
			}
			k.same(got, c.want)
		}
	})
	h.run(t, "who_holds_any", testHolding)
}

// testHolding: a batch of an import asks once for all cards that its rows may be about.
func testHolding(k *kit) {
	holding := func(id string, keys, terms []string) crm.Client {
		return card(id, func(c *crm.Client) { c.Keys, c.Terms = keys, terms })
	}
	binned := holding("c5", []string{"p+7"}, []string{"=а б"})
	binned.Deleted = day(2, 1)
	foreign := holding("f1", []string{"p+7"}, []string{"=а б"})
	foreign.Team = other
	k.save(holding("c1", []string{"p+7", "ea@b.ru"}, []string{"=а б"}), holding("c2", []string{"p+8"}, []string{"=а б", "=б а"}),
		holding("c3", nil, []string{"=в г"}), holding("c4", []string{"p+79"}, []string{"=а бв"}), binned, foreign)
	for _, c := range []struct {
		q    crm.HoldingQuery
		want []crm.ClientID
	}{
		{crm.HoldingQuery{Keys: []string{"p+7", "ea@b.ru", "p+0"}}, clientIDs("c1")},
		{crm.HoldingQuery{Terms: []string{"=а б"}}, clientIDs("c1", "c2")},
		{crm.HoldingQuery{Keys: []string{"p+8"}, Terms: []string{"=в г", "=б а"}}, clientIDs("c2", "c3")},
		{crm.HoldingQuery{}, nil},
	} {
		c.q.Team, c.q.Limit = acme, 100
		got := ids(must(k.ClientsHolding(k.ctx, c.q))(k))
		slices.Sort(got)
		k.same(got, c.want)
	}
	few := must(k.ClientsHolding(k.ctx, crm.HoldingQuery{Team: acme, Keys: []string{"p+7", "p+8"}, Terms: []string{"=в г"}, Limit: 2}))(k)
	k.same(len(few), 2)
}
