package crm_test

import (
	"context"
	"errors"
	"testing"

	"kartoteka/crm"
)

// withAlike puts pairs of cards into the base that only a search finds.
func (o *office) withAlike() (pairs int) {
	o.t.Helper()
	for _, last := range []string{"Иванов", "Петров", "Сидоров", "Белов", "Орлов"} {
		o.add(o.owner, crm.Profile{Name: last + " Иван"})
		o.add(o.owner, crm.Profile{Name: "Иван " + last})
		pairs++
	}
	return pairs
}

func (o *office) pairs() int {
	o.t.Helper()
	n, err := o.store.CountPairs(o.t.Context(), crm.PairQuery{Team: o.owner.Team}, 1000)
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// A large import would have the whole base searched each minute.
func TestSearchPairs_waits_for_an_import(t *testing.T) {
	o := newOffice(t)
	want := o.withAlike()
	rows := sheetOf("Имя;Телефон", "Ким Анна;+7 900 123-45-67")
	by := o.as(o.owner)
	i := o.begin(by, rows)
	_, err := o.RunImport(t.Context(), by, i.ID, crm.ImportFill)
	mustAll(t, err, o.SearchPairs(t.Context()))
	if n := o.pairs(); n != 0 {
		t.Errorf("while an import runs %d pairs were looked for", n)
	}
	o.clock.Advance(crm.ImportHolds)
	mustAll(t, o.SearchPairs(t.Context()))
	if n := o.pairs(); n != want {
		t.Errorf("an import that gets no further: got %d pairs, want %d", n, want)
	}
	o.work(i, rows)
	o.add(o.owner, crm.Profile{Name: "Анна Ким"})
	mustAll(t, o.SearchPairs(t.Context()))
	if n := o.pairs(); n != want+1 {
		t.Errorf("after the import: got %d pairs, want %d", n, want+1)
	}
}

// endingBase ends the search's context while the first key is handed out.
type endingBase struct {
	crm.Store
	end  context.CancelFunc
	keys int
}

func (b *endingBase) EachShared(ctx context.Context, q crm.SharedQuery, f func(string, []crm.Client) error) error {
	return b.Store.EachShared(ctx, q, func(key string, cards []crm.Client) error {
		b.keys++
		b.end()
		return f(key, cards)
	})
}

func TestSearchPairs_ends_with_its_context(t *testing.T) {
	o := newOffice(t)
	want := o.withAlike()
	ctx, cancel := context.WithCancel(t.Context())
	base := &endingBase{Store: o.store, end: cancel}
	if err := crm.NewDesk(base, o.clock).SearchPairs(ctx); !errors.Is(err, context.Canceled) || base.keys != 1 {
		t.Errorf("looked at %d keys more: %v", base.keys-1, err)
	}
	mustAll(t, o.SearchPairs(t.Context())) // it has not been noted as done
	if n := o.pairs(); n != want {
		t.Errorf("got %d pairs, want %d", n, want)
	}
}
