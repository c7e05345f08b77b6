package crm_test

import (
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// What an older key has sealed is sealed with the new one by the clock, on cards wherever they are and for codes, and then the older one
// can go.
func TestAnOlderKeyCanGo(t *testing.T) {
	a := newArchive(t)
	p := a.phone(a.owner)
	binned := a.add(a.owner, crm.Profile{Name: "Сидорова Мария"})
	if _, err := a.EditClient(t.Context(), a.as(a.owner), binned.ID, crm.Edit{Field: crm.CustomKey(a.field), Value: "4512 000111", Force: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.DeleteClient(t.Context(), a.as(a.owner), binned.ID); err != nil {
		t.Fatal(err)
	}
	emptied := a.add(a.owner, crm.Profile{Name: "Волков Олег"})
	for _, value := range []string{"4513 999000", ""} {
		var err error
		emptied, err = a.EditClient(t.Context(), a.as(a.owner), emptied.ID, crm.Edit{Field: crm.CustomKey(a.field), Value: value, Force: true})
		mustAll(t, err)
	}
	count := func(want crm.KeptSecrets) {
		t.Helper()
		if got, err := a.CountSecrets(t.Context(), a.owner.Team); err != nil || got != want {
			t.Errorf("counted %+v, %v; want %+v", got, err, want)
		}
	}
	reseal := func(want int) {
		t.Helper()
		if n, err := a.ResealSecrets(t.Context()); err != nil || n != want {
			t.Errorf("%d are sealed anew, %v; want %d", n, err, want)
		}
	}
	changed := a.write(a.owner, "другой")
	before, err := a.LastChange(t.Context(), a.as(a.owner), a.c.ID)
	if err != nil {
		t.Fatal(err)
	}
	reseal(0) // one key alone has nothing to renew
	a.Desk = a.WithVault(vault(t, anotherKey+","+oneKey))
	count(crm.KeptSecrets{All: 3, Older: 3})
	reseal(3)
	count(crm.KeptSecrets{All: 3})
	reseal(0)

	// Nobody sees that anything has changed, and what was changed before can still be taken back.
	if last, err := a.LastChange(t.Context(), a.as(a.owner), a.c.ID); err != nil || last.ID != before.ID {
		t.Errorf("the last change is %s, %v; want %s", last.ID, err, before.ID)
	}
	changes, err := a.Changes(t.Context(), a.as(a.owner), a.c.ID, crm.ChangeMark{}, 50)
	for _, ch := range changes {
		if ch.Action == crm.ActionReseal {
			t.Error("the history tells of it")
		}
	}
	mustAll(t, err)
	if one, err := a.Changes(t.Context(), a.as(a.owner), a.c.ID, crm.ChangeMark{}, 1); err != nil || len(one) != 1 || one[0].ID != changes[0].ID {
		t.Errorf("the first page holds %+v, %v", one, err)
	}
	if _, err := a.UndoClient(t.Context(), a.as(a.owner), a.c.ID, changed.Rev); err != nil {
		t.Fatalf("undo: %v", err)
	}
	if got, err := a.look(a.owner); err != nil || got != passport {
		t.Errorf("taken back: %q, %v", got, err)
	}
	count(crm.KeptSecrets{All: 3, Older: 1}) // as it was written then
	a.clock.Advance(24 * time.Hour)
	reseal(1)

	a.Desk = a.WithVault(vault(t, anotherKey))
	count(crm.KeptSecrets{All: 3})
	if got, err := a.look(a.owner); err != nil || got != passport {
		t.Errorf("without the older key: %q, %v", got, err)
	}
	a.clock.Advance(time.Minute)
	if err := a.EnterCode(t.Context(), a.as(a.owner), p.code(0)); err != nil {
		t.Errorf("a code without the older key: %v", err)
	}
	// A value that no key opens any more does not come back.
	if _, err := a.UndoClient(t.Context(), a.as(a.owner), emptied.ID, emptied.Rev); fieldOf(err) != "field.key" {
		t.Errorf("an unreadable value comes back: %v", err)
	}
	a.Desk = a.WithVault(vault(t, strings.Replace(anotherKey, "H", "G", 1)))
	count(crm.KeptSecrets{All: 3, Lost: 3})
}
