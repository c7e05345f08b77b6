package crm_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

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

// certain counts the pairs that can be merged together, once the clock has gone on.
func (o *office) certain() int {
	o.t.Helper()
	o.clock.Advance(time.Hour)
	page, err := o.Pairs(o.t.Context(), o.as(o.owner), nil, 1)
	mustAll(o.t, err)
	return page.Certain
}

// A switchboard's number makes no pairs, however a card with it comes to be looked at.
func TestSearchPairs_of_a_switchboard(t *testing.T) {
	o := newOffice(t)
	before := o.certain()
	add := func(i int) {
		name := fmt.Sprintf("Человек%c Номер", 'а'+rune(i))
		o.addDespite(crm.Profile{Name: name, Phones: []crm.Phone{{E164: "+79035556677"}}})
	}
	for i := range 20 {
		add(i)
	}
	shared := o.certain() - before
	if shared == 0 {
		t.Error("20 cards with one number make no pairs")
	}
	for i := 20; i < 23; i++ {
		add(i)
		if got := o.certain() - before; got > shared {
			t.Errorf("the card number %d of one phone makes %d pairs", i+1, got-shared)
		}
	}
}

// Two people share a phone. Whose a third card is that has no name, or half of one, nobody can know.
func TestMergeAll_of_a_family(t *testing.T) {
	phone := []crm.Phone{{E164: "+79035556677"}}
	for name, bare := range map[string]crm.Profile{
		"no name": {Phones: phone, Emails: []string{"boris@mail.ru"}},
		"half":    {Name: "Крылов", Phones: phone},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.addDespite(crm.Profile{Name: "Крылов Анатолий", Phones: phone})
			boris := o.addDespite(crm.Profile{Name: "Крылов Борис", Phones: phone})
			third := o.addDespite(bare)
			_, err := o.LogTouch(t.Context(), o.as(o.owner), third.ID, crm.TouchInput{Kind: crm.TouchNote, Text: "диабет"})
			mustAll(t, err)
			before := o.certain() - 3
			w, err := o.BeginMass(t.Context(), o.as(o.owner), crm.MassInput{Kind: crm.MassMerge})
			if err != nil || before != 0 || w.Changed != 0 || w.Left[crm.LeftUnlike] != 3 {
				t.Errorf("of %d and three merged %d, left %v, %v", before, w.Changed, w.Left, err)
			}
			_, err = o.DeleteClient(t.Context(), o.as(o.owner), boris.ID)
			mustAll(t, err)
			o.certain()
			fresh, err := o.store.Member(t.Context(), o.owner.Team, o.owner.ID)
			mustAll(t, err)
			w, err = o.BeginMass(t.Context(), o.as(fresh), crm.MassInput{Kind: crm.MassMerge})
			if err != nil || w.Changed != 1 {
				t.Errorf("with one of them alone merged %d, left %v, %v", w.Changed, w.Left, err)
			}
		})
	}
}

// addDespite adds a card whoever has the same.
func (o *office) addDespite(p crm.Profile) crm.Client {
	o.t.Helper()
	c, err := o.AddClient(o.t.Context(), o.as(o.owner), crm.Draft{Profile: p}, true)
	mustAll(o.t, err)
	o.clock.Advance(time.Minute)
	return c
}
