package crm_test

import (
	"fmt"
	"maps"
	"testing"

	"kartoteka/crm"
)

// TestMassLeft: what stays as it is is counted by its reason, on every page.
func TestMassLeft(t *testing.T) {
	w := newMassOffice(t, 120, 0)
	by := func() crm.Actor { return w.as(w.fresh(w.owner)) }
	var full []string
	for i := range 50 {
		full = append(full, fmt.Sprint("м", i))
	}
	crowded := w.add(w.owner, crm.Profile{Name: "Полная Карточка", Tags: full})
	binned := w.add(w.owner, crm.Profile{Name: "Лишний Клиент"})
	_, err := w.DeleteClient(t.Context(), by(), binned.ID)
	mustAll(t, err)
	left := func(got crm.Mass, changed int, want map[crm.MassLeft]int) {
		t.Helper()
		if got.Changed != changed || !maps.Equal(got.Left, want) || got.UnderWay() {
			t.Errorf("%s: %d changed, left %v; want %d and %v", got.Kind, got.Changed, got.Left, changed, want)
		}
	}
	tag := func(tag string, of ...crm.ClientID) crm.Mass {
		return w.begin(w.owner, crm.MassInput{Kind: crm.MassTag, Value: tag, Of: of})
	}
	left(tag("все"), 0, map[crm.MassLeft]int{crm.LeftSame: 120, crm.LeftFull: 1}) // the query leaves out the bin
	left(tag("м7", crowded.ID), 0, map[crm.MassLeft]int{crm.LeftSame: 1})
	left(tag("новая", crowded.ID, binned.ID, "nobody"), 0, map[crm.MassLeft]int{crm.LeftFull: 1, crm.LeftGone: 2})

	// Whose client it was has left the team since, and somebody else has changed another.
	theirs, changed := w.add(w.ivan, crm.Profile{Name: "Клиент Ивана"}), w.add(w.petr, crm.Profile{Name: "Клиент Петра"})
	given := w.begin(w.owner, crm.MassInput{Kind: crm.MassGive, Value: string(w.owner.ID), Of: []crm.ClientID{theirs.ID, changed.ID}})
	left(given, 2, nil)
	_, err = w.HandOverClient(t.Context(), by(), changed.ID, w.petr.ID)
	mustAll(t, err)
	_, err = w.RemoveMember(t.Context(), by(), w.ivan.ID, []crm.MemberID{w.owner.ID})
	mustAll(t, err)
	back, err := w.UndoMass(t.Context(), by(), given.Begun)
	mustAll(t, err)
	left(back, 0, map[crm.MassLeft]int{crm.LeftOwner: 1, crm.LeftSince: 1})
	kept, err := w.MassKept(t.Context(), by())
	mustAll(t, err)
	if len(kept) != 2 || kept[0].ID != theirs.ID || kept[1].ID != changed.ID {
		t.Errorf("named are %+v", kept)
	}
}
