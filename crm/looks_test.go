package crm_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// browser is a member with cards to open.
type browser struct {
	*office
	m     crm.Member
	cards []crm.ClientID
	b     inbox
}

func (o *office) browser(n int) *browser {
	o.t.Helper()
	br := &browser{office: o, m: o.hire(30, "Иван", crm.RoleManager)}
	for i := range n {
		br.cards = append(br.cards, o.add(br.m, crm.Profile{Name: fmt.Sprintf("Клиент %s", spelled(i))}).ID)
	}
	return br
}

// open opens cards by their numbers and returns what the owner is told of then.
func (br *browser) open(numbers ...int) []crm.Notice {
	br.t.Helper()
	for _, i := range numbers {
		if _, err := br.Client(br.t.Context(), br.as(br.m), br.cards[i]); err != nil {
			br.t.Fatal(err)
		}
	}
	before := len(br.b.got)
	br.deliver(&br.b)
	return br.b.got[before:]
}

func upTo(from, to int) (all []int) {
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

func TestManyLooksAreToldOnceAnHour(t *testing.T) {
	br := newOffice(t).browser(45)
	if _, err := br.SetLookLimit(t.Context(), br.as(br.owner), 30); err != nil {
		t.Fatal(err)
	}
	br.clock.Advance(11 * time.Hour) // 23:00 at the owner's
	if got := br.open(append(upTo(0, 30), upTo(0, 30)...)...); len(got) != 0 {
		t.Fatalf("30 cards, twice each: %+v", got)
	}
	got := br.open(30)
	if len(got) != 1 || got[0].News != crm.NewsLooks || got[0].Clients != 31 || got[0].Who.ID != br.m.ID || got[0].To.ID != br.owner.ID {
		t.Fatalf("the 31st: %+v", got)
	}
	br.clock.Advance(30 * time.Minute)
	if got := br.open(upTo(31, 45)...); len(got) != 0 {
		t.Errorf("told again within the hour: %+v", got)
	}
	br.clock.Advance(29 * time.Minute)
	if got := br.open(44); len(got) != 0 {
		t.Errorf("after 59 minutes: %+v", got)
	}
	br.clock.Advance(time.Minute) // of the first cards none counts any more, the 14 of the second half hour do
	if got := br.open(upTo(0, 16)...); len(got) != 0 {
		t.Errorf("14 and 16 within an hour: %+v", got)
	}
	if got := br.open(16); len(got) != 1 {
		t.Errorf("31 within another hour: %+v", got)
	}
}

func TestLooksOfTheOwnerAndWithoutALimit(t *testing.T) {
	br := newOffice(t).browser(65)
	br.m = br.owner
	if got := br.open(upTo(0, 65)...); len(got) != 0 {
		t.Errorf("the only owner is told of themselves: %+v", got)
	}
	br.m = br.hire(31, "Лена", crm.RoleAdmin)
	if got := br.open(upTo(0, 61)...); len(got) != 1 {
		t.Errorf("61 cards where nothing is set: %+v", got)
	}
	if _, err := br.SetLookLimit(t.Context(), br.as(br.owner), 0); err != nil {
		t.Fatal(err)
	}
	br.m = br.hire(32, "Ян", crm.RoleAdmin)
	if got := br.open(upTo(0, 65)...); len(got) != 0 {
		t.Errorf("told without a limit: %+v", got)
	}
	if _, err := br.SetLookLimit(t.Context(), br.as(br.owner), 31); fieldOf(err) != "looks" {
		t.Errorf("a limit that is not offered: %v", err)
	}
	if _, err := br.SetLookLimit(t.Context(), br.as(br.m), 0); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("an admin lifts the limit: %v", err)
	}
}

// What is kept of looks is bounded, however many cards there are.
func TestLooksAreKeptForAnHour(t *testing.T) {
	br := newOffice(t).browser(45)
	if _, err := br.SetLookLimit(t.Context(), br.as(br.owner), 30); err != nil {
		t.Fatal(err)
	}
	br.open(upTo(0, 45)...)
	kept, err := br.store.Dialog(t.Context(), "looks:"+string(br.m.ID))
	if n := len(strings.Fields(kept.Answers["opened"])); err != nil || n != 31 {
		t.Errorf("%d cards are kept of a limit of 30, %v", n, err)
	}
	br.clock.Advance(time.Hour + time.Second)
	if err := br.PurgeDialogs(t.Context()); err != nil {
		t.Fatal(err)
	}
	if kept, err := br.store.Dialog(t.Context(), "looks:"+string(br.m.ID)); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("after an hour: %+v, %v", kept, err)
	}
}

func TestExportsAreTold(t *testing.T) {
	o := newOffice(t)
	lena := o.hire(30, "Лена", crm.RoleAdmin)
	second := o.hire(31, "Ольга", crm.RoleOwner)
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	o.clock.Advance(11 * time.Hour) // in the night
	b := &inbox{}
	by := o.as(lena)
	for range 2 { // the update comes twice
		if _, err := o.Dossier(t.Context(), by, c.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.EraseClient(t.Context(), o.as(lena), c.ID); err != nil { // what was taken is told all the same
		t.Fatal(err)
	}
	o.deliver(b)
	if len(b.got) != 2 || b.got[0].Did != crm.ActionTakeClient || b.got[0].Who.ID != lena.ID || b.got[0].News != crm.NewsExport {
		t.Fatalf("the owners are told %+v", b.got)
	}
	if _, err := o.TakeAudit(t.Context(), o.as(second), crm.AuditFilter{Days: 1}, func(crm.Audited) error { return nil }); err != nil {
		t.Fatal(err)
	}
	o.deliver(b)
	if len(b.got) != 3 || b.got[2].Did != crm.ActionTakeAudit || b.got[2].To.ID != o.owner.ID {
		t.Fatalf("the other owner is told %+v", b.got[2:])
	}
}

// Two cards beside each other, with their phones, are two that were opened: page by page that would be the whole base.
func TestPairsAreLooks(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	_, err := o.SetLookLimit(ctx, o.as(o.owner), 30)
	mustAll(t, err)
	ivan := o.hire(30, "Иван", crm.RoleManager)
	for i := range 16 {
		p := crm.Profile{Name: "Клиент " + spelled(i), Phones: []crm.Phone{{E164: fmt.Sprintf("+7916555%04d", i)}}}
		o.add(ivan, p)
		_, err := o.AddClient(ctx, o.as(ivan), crm.Draft{Profile: p}, true)
		mustAll(t, err)
	}
	mustAll(t, o.SearchPairs(ctx))
	b := inbox{}
	told := func() int {
		t.Helper()
		before := len(b.got)
		o.deliver(&b)
		return len(b.got) - before
	}
	page, err := o.Pairs(ctx, o.as(ivan), nil, 0)
	mustAll(t, err)
	if page.Total != 16 || told() != 0 {
		t.Fatalf("%d pairs, counted without a look at one", page.Total)
	}
	page, err = o.Pairs(ctx, o.as(ivan), nil, 15)
	mustAll(t, err)
	if len(page.Pairs) != 15 || told() != 0 {
		t.Fatalf("%d pairs are 30 cards", len(page.Pairs))
	}
	mark := page.Pairs[14].Mark()
	last, err := o.Pairs(ctx, o.as(ivan), &mark, 1)
	mustAll(t, err)
	if n := told(); n != 1 {
		t.Errorf("the 31st card of a list: the owner is told %d times", n)
	}
	o.clock.Advance(2 * time.Hour)
	for _, p := range append(page.Pairs, last.Pairs...) {
		_, err := o.SeePair(ctx, o.as(ivan), p.ID)
		mustAll(t, err)
	}
	if n := told(); n != 1 {
		t.Errorf("32 cards, two by two: the owner is told %d times", n)
	}
}
