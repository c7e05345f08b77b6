package crm_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// Who was erased in a later base goes out of an earlier one as well, wherever the card stands there, and nobody else does.
func TestEraseAgain(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := known(t, o)
	binned := o.add(o.owner, crm.Profile{Name: "Горлодранов Борис"})
	if _, err := o.DeleteClient(ctx, o.as(o.owner), binned.ID); err != nil {
		t.Fatal(err)
	}
	stays := o.add(o.owner, crm.Profile{Name: "Волков Борис"})
	o.seal()
	list := []crm.Erased{{Team: c.Team, Client: c.ID}, {Team: c.Team, Client: binned.ID}, {Team: "another", Client: stays.ID}, {Team: c.Team, Client: "nobody"}}
	for i, want := range []int{2, 0} {
		if n, _, err := o.EraseAgain(ctx, list); err != nil || n != want {
			t.Errorf("time %d: %d were erased, %v, want %d", i, n, err, want)
		}
	}
	if n := o.mentions("горлодранов"); n != 0 {
		t.Errorf("%d documents mention them still", n)
	}
	if _, err := o.Client(ctx, o.as(o.owner), stays.ID); err != nil {
		t.Errorf("somebody else's card: %v", err)
	}
	o.seal()
	if v := o.verified(o.store); len(v.Breaches) > 0 {
		t.Errorf("got %+v", v.Breaches)
	}
}

// The list has everybody who went for good: who was erased, and what was in the bin for too long; asked since a time, those since.
func TestErased(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	since := func(at time.Time) (all []crm.ClientID) {
		t.Helper()
		err := o.Erased(ctx, at, func(list []crm.Erased) error {
			for _, e := range list {
				all = append(all, e.Client)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	binned := o.add(o.owner, crm.Profile{Name: "Волков Борис"})
	if _, err := o.DeleteClient(ctx, o.as(o.owner), binned.ID); err != nil {
		t.Fatal(err)
	}
	if got := since(time.Time{}); len(got) != 0 {
		t.Errorf("got %v, want nobody: what is in the bin may come back", got)
	}
	o.clock.Advance(31 * 24 * time.Hour)
	if _, err := o.PurgeBin(ctx); err != nil {
		t.Fatal(err)
	}
	o.clock.Advance(time.Hour)
	c, later := known(t, o), o.clock.Now()
	if err := o.EraseClient(ctx, o.as(o.owner), c.ID); err != nil {
		t.Fatal(err)
	}
	if got := since(time.Time{}); len(got) != 2 {
		t.Errorf("got %v, want %s and %s", got, binned.ID, c.ID)
	}
	if got := since(later); len(got) != 1 || got[0] != c.ID {
		t.Errorf("got %v, want %s", got, c.ID)
	}
}

// Who stands merged in the older base and was taken out and erased since leaves nothing with the other, who stays; and who stands merged
// into them and was not erased is taken out in time.
func TestEraseAgainWhoIsMerged(t *testing.T) {
	for name, c := range map[string]struct {
		erased func(*twins) crm.ClientID
		stays  func(*twins) crm.ClientID
		words  []string
		has    string
	}{
		"the one that was closed": {func(tw *twins) crm.ClientID { return tw.gone.ID }, func(tw *twins) crm.ClientID { return tw.kept.ID },
			[]string{"s.petrov@mail.ru", "сергей п.", "1980-05-12", "тула"}, "Петров Сергей"},
		"the one that was kept": {func(tw *twins) crm.ClientID { return tw.kept.ID }, func(tw *twins) crm.ClientID { return tw.gone.ID },
			[]string{"петров сергей", "москва"}, "Сергей П."},
	} {
		t.Run(name, func(t *testing.T) {
			tw, ctx := newTwins(t), t.Context()
			tw.merge()
			tw.seal()
			tw.clock.Advance(90 * 24 * time.Hour)
			list := []crm.Erased{{Team: tw.owner.Team, Client: c.erased(tw), At: tw.clock.Now().Add(-time.Hour)}}
			for i, want := range []int{1, 0} {
				if n, told, err := tw.EraseAgain(ctx, list); err != nil || n != want || len(told) > 0 {
					t.Fatalf("time %d: %d were erased, %v keep something, %v; want %d", i, n, told, err, want)
				}
			}
			for _, word := range c.words {
				if n := tw.mentions(word); n != 0 {
					t.Errorf("%d documents have %q still", n, word)
				}
			}
			consents, err := tw.store.Consents(ctx, tw.owner.Team, c.erased(tw))
			if err != nil || len(consents) == 0 || slices.ContainsFunc(consents, func(c crm.Consent) bool { return c.Withdrawn.IsZero() }) {
				t.Errorf("the years for which consents are kept have not begun: %+v, %v", consents, err)
			}
			if got := tw.look(c.stays(tw)); got.Name != c.has || !got.Deleted.IsZero() || len(got.Merged) > 0 {
				t.Errorf("who stays is %+v", got)
			}
			tw.seal()
			if v := tw.verified(tw.store); len(v.Breaches) > 0 {
				t.Errorf("the chain: %+v", v.Breaches)
			}
		})
	}
}

// A card that has since been merged into a third is not taken apart: it is named.
func TestEraseAgainWhoIsMergedTwice(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	tw.merge()
	third := tw.add(tw.owner, crm.Profile{Name: "Петров С."})
	_, _, err := tw.MergeClients(ctx, tw.as(tw.owner), crm.MergeInput{Kept: third.ID, Gone: tw.kept.ID})
	mustAll(t, err)
	n, told, err := tw.EraseAgain(ctx, []crm.Erased{{Team: tw.owner.Team, Client: tw.gone.ID}})
	if err != nil || n != 1 || len(told) != 1 || told[0] != third.ID {
		t.Errorf("%d were erased, %v keep something, %v", n, told, err)
	}
}
