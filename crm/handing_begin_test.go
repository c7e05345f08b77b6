package crm_test

import (
	"testing"

	"kartoteka/crm"
)

// cutShort has a process begin something and die at its n-th write.
func (h *handedTeam) cutShort(t *testing.T, left int, f func(*crm.Desk) error) {
	t.Helper()
	if err := f(crm.NewDesk(&cutStore{Store: h.store, left: left, heard: true}, h.clock)); err == nil {
		t.Fatal("it was not cut short")
	}
	if m, err := h.store.Member(t.Context(), h.ivan.Team, h.ivan.ID); err != nil || !m.Handing.UnderWay() {
		t.Fatalf("nothing is under way: %+v, %v", m.Handing, err)
	}
}

// Who is to go is out at once, also while the clients whom they were to keep no longer are on their way.
func TestLeavingWhileClientsGo(t *testing.T) {
	for name, leave := range map[string]func(*handedTeam, crm.Actor, []crm.MemberID) (crm.Member, error){
		"removed": func(h *handedTeam, by crm.Actor, to []crm.MemberID) (crm.Member, error) {
			return h.RemoveMember(h.t.Context(), by, h.ivan.ID, to)
		},
		"another role": func(h *handedTeam, by crm.Actor, to []crm.MemberID) (crm.Member, error) {
			return h.SetRole(h.t.Context(), by, h.ivan.ID, crm.RoleAnalyst, to)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, ctx := newHandedTeam(t, 9, 5), t.Context()
			h.cutShort(t, 3, func(d *crm.Desk) error {
				return failure(d.HandOverAll(ctx, h.as(h.owner), h.ivan.ID, []crm.MemberID{h.petr.ID}))
			})
			out := h.as(h.owner)
			m, err := leave(h, out, []crm.MemberID{h.petr.ID, h.olga.ID})
			mustAll(t, err)
			if _, err := h.Client(ctx, h.as(m), h.clients[1]); err == nil {
				t.Error("they still open cards")
			}
			if got := h.owners(t); got[h.petr.ID] != 8 || got[h.olga.ID] != 1 || m.Handing.Total != 9 || m.Handing.Sum() != 9 {
				t.Errorf("the clients are with %v; %d of %d were given", got, m.Handing.Sum(), m.Handing.Total)
			}
			m, err = h.ReturnStanding(ctx, h.as(h.owner), h.ivan.ID, out.Cause)
			if err != nil || !m.Removed.IsZero() || m.Role != crm.RoleManager || h.owners(t)[h.ivan.ID] != 0 {
				t.Errorf("they are %s, removed %v, and have %d; handing over was not what is taken back; %v", m.Role, m.Removed, h.owners(t)[h.ivan.ID], err)
			}
			if _, err := h.UndoHanding(ctx, h.as(h.owner), h.ivan.ID); err != nil || h.owners(t)[h.ivan.ID] != 9 {
				t.Errorf("and of that they got %d back, %v", h.owners(t)[h.ivan.ID], err)
			}
		})
	}
}

// What is just coming back to who is to go turns round.
func TestLeavingWhileClientsComeBack(t *testing.T) {
	for _, left := range []int{2, 3} { // the first page is to be written; half of it is
		h, ctx := newHandedTeam(t, 9, 0), t.Context()
		_, err := h.HandOverAll(ctx, h.as(h.owner), h.ivan.ID, []crm.MemberID{h.petr.ID})
		mustAll(t, err)
		h.cutShort(t, left+1, func(d *crm.Desk) error { return failure(d.UndoHanding(ctx, h.as(h.owner), h.ivan.ID)) })
		if _, err := h.RemoveMember(ctx, h.as(h.owner), h.ivan.ID, nil); fieldOf(err) != crm.FieldHeir || len(h.told(h.petr, crm.RemindHanded)) != 1 {
			t.Errorf("cut at write %d: asked to whom with %v, and told already: %+v", left, err, h.told(h.petr, crm.RemindHanded))
		}
		m, err := h.RemoveMember(ctx, h.as(h.owner), h.ivan.ID, []crm.MemberID{h.olga.ID})
		mustAll(t, err)
		mustAll(t, h.HandOn(ctx))
		if got := h.owners(t); m.Removed.IsZero() || got[h.ivan.ID] != 0 || got[h.olga.ID] != 9 {
			t.Errorf("cut at write %d: removed %v, the clients are with %v", left, m.Removed, got)
		}
		if lost := h.told(h.petr, crm.RemindHanded); len(lost) != 2 || !lost[1].Back && !lost[0].Back {
			t.Errorf("whoever had them is told %+v", lost)
		}
	}
}

// Nothing of theirs has come back yet, so that nobody is asked to whom it is to go.
func TestLeavingBeforeClientsComeBack(t *testing.T) {
	h, ctx := newHandedTeam(t, 9, 0), t.Context()
	_, err := h.HandOverAll(ctx, h.as(h.owner), h.ivan.ID, []crm.MemberID{h.petr.ID})
	mustAll(t, err)
	h.cutShort(t, 2, func(d *crm.Desk) error { return failure(d.UndoHanding(ctx, h.as(h.owner), h.ivan.ID)) })
	_, err = h.RemoveMember(ctx, h.as(h.owner), h.ivan.ID, nil)
	mustAll(t, err)
	mustAll(t, h.HandOn(ctx))
	if got := h.owners(t); got[h.petr.ID] != 9 {
		t.Errorf("the clients are with %v", got)
	}
}

// What came to them at the very moment at which they left goes after the rest, is told by itself, and comes back with it.
func TestClientsThatCameLate(t *testing.T) {
	h, ctx, b := newHandedTeam(t, 4, 0), t.Context(), &inbox{}
	out := h.as(h.owner)
	_, err := h.RemoveMember(ctx, out, h.ivan.ID, []crm.MemberID{h.petr.ID})
	mustAll(t, err)
	h.tick(b)
	h.comes(t, h.ivan)
	before := len(b.got)
	for range 2 {
		mustAll(t, h.HandOn(ctx))
	}
	m, err := h.store.Member(ctx, h.ivan.Team, h.ivan.ID)
	if got := h.owners(t); err != nil || got[h.petr.ID] != 5 || m.Handing.UnderWay() || m.Handing.Total != 5 {
		t.Errorf("the clients are with %v; %d of %d given, %v", got, m.Handing.Sum(), m.Handing.Total, err)
	}
	if h.tick(b); len(b.got) != before+1 || b.got[before].To.ID != h.petr.ID || b.got[before].Clients != 1 {
		t.Errorf("of the one that came late is told %+v", b.got[before:])
	}
	if _, err := h.ReturnStanding(ctx, h.as(h.owner), h.ivan.ID, out.Cause); err != nil || h.owners(t)[h.ivan.ID] != 5 {
		t.Errorf("%d came back, %v", h.owners(t)[h.ivan.ID], err)
	}
}

func TestClientsThatCameLate_withNothingBefore(t *testing.T) {
	h, ctx := newHandedTeam(t, 0, 0), t.Context()
	_, err := h.SetRole(ctx, h.as(h.owner), h.ivan.ID, crm.RoleAnalyst, nil)
	mustAll(t, err)
	h.comes(t, h.ivan)
	mustAll(t, h.HandOn(ctx))
	if got := h.owners(t); got[h.owner.ID] != 1 {
		t.Errorf("it is %v's", got)
	}
}

// comes adds a client as the member's who was Olga's: another process had read that they take clients.
func (h *handedTeam) comes(t *testing.T, m crm.Member) {
	t.Helper()
	c := h.add(h.olga, crm.Profile{Name: "Поздний Клиент"})
	c, err := h.store.Client(t.Context(), c.Team, c.ID)
	mustAll(t, err)
	c.Owner, c.Rev = m.ID, c.Rev+1
	mustAll(t, h.store.SaveClient(t.Context(), crm.ClientChange{Client: c, Event: crm.Event{ID: "u999.0", Team: c.Team, Schema: 1,
		Action: crm.ActionHandOverClient, Record: string(c.ID), Rev: c.Rev, By: h.owner.ID, At: h.clock.Now()}}))
	h.clients = append(h.clients, c.ID)
}
