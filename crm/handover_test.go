package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
)

// owners counts whose the clients are.
func (h *handedTeam) owners(t *testing.T) map[crm.MemberID]int {
	t.Helper()
	n := map[crm.MemberID]int{}
	for _, id := range h.clients {
		c, err := h.store.Client(t.Context(), h.ivan.Team, id)
		if err != nil {
			t.Fatal(err)
		}
		n[c.Owner]++
	}
	return n
}

func TestHandOverMany(t *testing.T) {
	h := newHandedTeam(t, 5, 0) // the first is in the bin
	foreign := h.add(h.petr, crm.Profile{Name: "Петров Клиент"})
	picked := append(append([]crm.ClientID{}, h.clients[:4]...), foreign.ID, "nobody")
	by := h.as(h.ivan)
	for range 2 { // the update comes twice
		if n, err := h.HandOverMany(t.Context(), by, picked, h.olga.ID); err != nil || n != 3 {
			t.Errorf("%d went, %v; want 3: not the one in the bin, not a colleague's", n, err)
		}
	}
	if got := h.owners(t); got[h.olga.ID] != 3 || got[h.ivan.ID] != 2 {
		t.Errorf("they are %v", got)
	}
	told, err := h.store.Reminders(t.Context(), crm.ReminderQuery{Team: h.ivan.Team, Member: h.olga.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 9})
	if err != nil || len(told) != 1 || told[0].Count != 3 {
		t.Errorf("Olga is told %+v, %v", told, err)
	}
	// What one gave one can take back, what a colleague gave not; and not what has gone on since.
	if n, err := h.UndoHandOver(t.Context(), h.as(h.petr), picked, by.Cause); err != nil || n != 0 {
		t.Errorf("a colleague takes %d back, %v", n, err)
	}
	if _, err := h.HandOverClient(t.Context(), h.as(h.owner), h.clients[1], h.petr.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := h.UndoHandOver(t.Context(), h.as(h.ivan), picked, by.Cause); err != nil || n != 2 {
		t.Errorf("%d came back, %v; want 2", n, err)
	}
	if got := h.owners(t); got[h.ivan.ID] != 4 || got[h.petr.ID] != 1 {
		t.Errorf("they are %v", got)
	}
	for _, to := range []crm.MemberID{"nobody", h.hire(9, "Лена", crm.RoleAnalyst).ID} {
		if _, err := h.HandOverMany(t.Context(), h.as(h.ivan), picked, to); !errors.Is(err, crm.ErrNotFound) {
			t.Errorf("to %s: %v", to, err)
		}
	}
}

// What was handed over by mistake comes back, but for what somebody has passed on since; a crash at any write loses nothing.
func TestUndoHanding(t *testing.T) {
	for cut := 0; ; cut++ {
		h := newHandedTeam(t, 7, 0)
		if _, err := h.HandOverAll(t.Context(), h.as(h.owner), h.ivan.ID, []crm.MemberID{h.petr.ID, h.olga.ID}); err != nil {
			t.Fatal(err)
		}
		own := h.add(h.petr, crm.Profile{Name: "Петров Клиент"})
		if _, err := h.HandOverClient(t.Context(), h.as(h.owner), h.clients[3], h.owner.ID); err != nil {
			t.Fatal(err)
		}
		by, desk := h.as(h.owner), h.Desk
		if cut > 0 {
			desk = crm.NewDesk(&cutStore{Store: h.store, left: cut}, h.clock)
		}
		_, err := desk.UndoHanding(t.Context(), by, h.ivan.ID)
		if err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		if m, _ := h.store.Member(t.Context(), h.ivan.Team, h.ivan.ID); m.Handing.Back == "" { // not even begun: the update comes again
			if _, err := h.UndoHanding(t.Context(), by, h.ivan.ID); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.HandOn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := h.owners(t); got[h.ivan.ID] != 6 || got[h.owner.ID] != 1 {
			t.Fatalf("died at write %d: they are %v", cut, got)
		}
		if c, err := h.store.Client(t.Context(), own.Team, own.ID); err != nil || c.Owner != h.petr.ID {
			t.Errorf("Petr lost a client of his own, %v", err)
		}
		if m, err := h.store.Member(t.Context(), h.ivan.Team, h.ivan.ID); err != nil || m.Handing.Clients[h.ivan.ID] != 6 {
			t.Errorf("counted %v, %v", m.Handing.Clients, err)
		}
		if err == nil && cut > 0 {
			break
		}
	}
}

// An owner hands over what is theirs to somebody who leaves before it has gone: there is nobody to take it but the owner, who keeps it.
func TestHandOverAll_ownerWithoutTakers(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	petr := o.hire(3, "Пётр", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	stopped := crm.NewDesk(&cutStore{Store: o.store, left: 1}, o.clock)
	if _, err := stopped.HandOverAll(ctx, o.as(o.owner), o.owner.ID, []crm.MemberID{petr.ID}); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	_, err := o.RemoveMember(ctx, o.as(o.owner), petr.ID, []crm.MemberID{o.owner.ID})
	mustAll(t, err)
	if err := crm.NewDesk(&cutStore{Store: o.store, left: 50}, o.clock).HandOn(ctx); err != nil {
		t.Errorf("it goes on for ever: %v", err)
	}
	m, err := o.store.Member(ctx, o.owner.Team, o.owner.ID)
	if err != nil || m.Handing.UnderWay() || m.Handing.Sum() != 0 || o.look(c.ID).Owner != o.owner.ID {
		t.Errorf("got %+v, %v", m.Handing, err)
	}
}

// A member who stays keeps the clients whom they add while the others go.
func TestHandOverAll_addedMeanwhile(t *testing.T) {
	h, ctx := newHandedTeam(t, 9, 0), t.Context()
	h.cutShort(t, 2, func(d *crm.Desk) error {
		return failure(d.HandOverAll(ctx, h.as(h.owner), h.ivan.ID, []crm.MemberID{h.petr.ID}))
	})
	h.clock.Advance(20 * time.Second)
	fresh := h.add(h.ivan, crm.Profile{Name: "Новый Клиент"})
	mustAll(t, h.HandOn(ctx))
	m, err := h.store.Member(ctx, h.ivan.Team, h.ivan.ID)
	if err != nil || m.Handing.UnderWay() || m.Handing.Total != 9 || m.Handing.Sum() != 9 {
		t.Errorf("%d of %d were given, %v", m.Handing.Sum(), m.Handing.Total, err)
	}
	if got := h.look(fresh.ID).Owner; got != h.ivan.ID {
		t.Errorf("whom Ivan has just added is %s's", got)
	}
}
