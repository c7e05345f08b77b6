package crm_test

import (
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
		if n, err := o.EraseAgain(ctx, list); err != nil || n != want {
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
