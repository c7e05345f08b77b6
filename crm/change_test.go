package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// A change is taken back though others came after it; not if its field was changed again, and not twice.
func TestUndoChange(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, boris := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Борис", crm.RoleManager)
	c := o.add(ivan, crm.Profile{Name: "Клиент"})
	set := func(f crm.Field, v string) crm.EventID {
		t.Helper()
		by := o.as(ivan)
		if _, err := o.EditClient(ctx, by, c.ID, crm.Edit{Field: f, Value: v, Force: true}); err != nil {
			t.Fatal(err)
		}
		return by.Cause.EventID(0)
	}
	city, company := set(crm.FieldCity, "Тула"), set(crm.FieldCompany, "Ромашка")
	again := set(crm.FieldCompany, "Лютик")
	undo := func(by crm.Member, e crm.EventID) (crm.Client, error) {
		return o.UndoChange(ctx, o.as(by), c.ID, e, false)
	}

	if _, err := undo(boris, city); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("a colleague's card: got %v", err)
	}
	if _, err := undo(ivan, company); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("a field that was changed again: got %v, want a conflict", err)
	}
	got, err := undo(ivan, city)
	if err != nil || got.City != "" || got.Company != "Лютик" {
		t.Errorf("got %q, %q, %v, want the city alone taken back", got.City, got.Company, err)
	}
	if _, err := undo(ivan, city); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("twice: got %v", err)
	}
	for _, e := range []crm.EventID{again, company} { // the later first, then the older one
		if got, err = undo(ivan, e); err != nil {
			t.Fatal(err)
		}
	}
	if got.Company != "" {
		t.Errorf("got %q", got.Company)
	}
	if _, err := undo(ivan, "u999.0"); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("no such change: got %v", err)
	}
}

// What would give a client back to somebody who has left is not taken back: nobody would look after them.
func TestUndoGivesNothingToThoseWhoLeft(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, sam := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Сэм", crm.RoleManager)
	c := o.add(sam, crm.Profile{Name: "Клиент"})
	by := o.as(o.owner)
	given, err := o.HandOverClient(ctx, by, c.ID, ivan.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.RemoveMember(ctx, o.as(o.owner), sam.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := o.UndoChange(ctx, o.as(ivan), c.ID, by.Cause.EventID(0), false); fieldOf(err) != "owner.gone" {
		t.Errorf("one change: %v", err)
	}
	if _, err := o.UndoClient(ctx, o.as(ivan), c.ID, given.Rev); fieldOf(err) != "owner.gone" {
		t.Errorf("the last change: %v", err)
	}
	if _, err := o.TakeBackClient(ctx, by, c.ID, given.Rev); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("the handing over: %v", err)
	}
	if got, err := o.Client(ctx, o.as(ivan), c.ID); err != nil || got.Owner != ivan.ID {
		t.Errorf("the card is of %q, %v", got.Owner, err)
	}
}

// A page of changes says what each set, and goes on where the one before ended.
func TestChanges(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	for _, city := range []string{"Тула", "Омск", "Уфа"} {
		if _, err := o.EditClient(ctx, o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldCity, Value: city, Force: true}); err != nil {
			t.Fatal(err)
		}
	}
	first, err := o.Changes(ctx, o.as(o.owner), c.ID, crm.ChangeMark{}, 2)
	if err != nil || len(first) != 2 {
		t.Fatalf("got %d changes, %v", len(first), err)
	}
	if one := first[0]; len(one.Set) != 1 || one.Set[0] != crm.FieldCity || one.Was.City != "Омск" || one.Is.City != "Уфа" {
		t.Errorf("got %+v", one)
	}
	rest, err := o.Changes(ctx, o.as(o.owner), c.ID, crm.ChangeMark{}.Behind(first[1]), 9)
	if err != nil || len(rest) != 2 || rest[1].Action != crm.ActionAddClient || rest[1].Is.Name != "Клиент" {
		t.Errorf("got %+v, %v", rest, err)
	}
}

// What became of a client's consents stands among the changes of the card by its time, with who wrote it down, on pages of any size.
func TestChanges_consents(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	city := func(to string) {
		t.Helper()
		o.clock.Advance(time.Minute)
		_, err := o.EditClient(ctx, o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldCity, Value: to, Force: true})
		mustAll(t, err)
	}
	withdraw := func(p crm.Purpose) crm.Consent {
		t.Helper()
		o.clock.Advance(time.Minute)
		off, err := o.WithdrawConsent(ctx, o.as(o.owner), c.ID, p, civil.Date{})
		mustAll(t, err)
		return off
	}
	city("Тула")
	_, err := o.GiveConsent(ctx, o.as(o.owner), c.ID, crm.ConsentInput{Purpose: crm.PurposeGreeting, Way: crm.WayPaper})
	_, err2 := o.GiveConsent(ctx, o.as(o.owner), c.ID, crm.ConsentInput{Purpose: crm.PurposeMailing, Way: crm.WayPaper}) // in the same moment
	mustAll(t, err, err2)
	city("Омск")
	off := withdraw(crm.PurposeMailing)
	city("Уфа")
	o.clock.Advance(time.Minute)
	mustAll(t, o.ReturnConsent(ctx, o.as(o.owner), c.ID, off.ID))
	withdraw(crm.PurposeGreeting)
	read := func(size int) (said []string) {
		t.Helper()
		for from, n := (crm.ChangeMark{}), size; n == size; {
			page, err := o.Changes(ctx, o.as(o.owner), c.ID, from, size)
			mustAll(t, err)
			for _, one := range page {
				from = from.Behind(one)
				said = append(said, string(one.Action)+" "+string(one.Consent)+one.Is.City)
				if one.By != o.owner.ID || one.Consent != "" && (one.Undoable() || len(one.Set) > 0) {
					t.Errorf("got %+v", one)
				}
			}
			n = len(page)
		}
		return said
	}
	all := read(50)
	want := []string{"consent.withdraw greeting", "consent.return mailing", "client.edit Уфа", "consent.withdraw mailing", "client.edit Омск",
		"consent.give mailing", "consent.give greeting", "client.edit Тула", "client.add "}
	sameMoment := all[5:7:7]
	slices.Sort(sameMoment)
	slices.Reverse(sameMoment)
	if !slices.Equal(all, want) {
		t.Errorf("got %q, want %q", all, want)
	}
	for size := 1; size < 6; size++ {
		got := read(size)
		slices.Sort(got[5:7])
		slices.Reverse(got[5:7])
		if !slices.Equal(got, all) {
			t.Errorf("in pages of %d: %q", size, got)
		}
	}
	if _, err := o.Changes(ctx, o.as(ivan), c.ID, crm.ChangeMark{}, 9); err == nil {
		t.Error("a colleague reads the changes of a client that is none of theirs")
	}
}

// What a restricted field held comes back only by a role that is named for it, whether by its number or as the last change.
func TestUndoChange_restricted(t *testing.T) {
	a, ctx := newArchive(t), t.Context()
	m := a.hire(50, "Ян", crm.RoleManager)
	_, err := a.HandOverClient(ctx, a.as(a.owner), a.c.ID, m.ID)
	mustAll(t, err)
	c := a.write(a.owner, "4510 000000")
	changes := func() crm.Change {
		t.Helper()
		list, err := a.Changes(ctx, a.as(m), a.c.ID, crm.ChangeMark{}, 10)
		mustAll(t, err)
		return list[0]
	}
	if changes().Undoable() {
		t.Error("it is offered to be taken back")
	}
	if _, err := a.UndoChange(ctx, a.as(m), a.c.ID, changes().ID, false); fieldOf(err) != "field.restricted" {
		t.Errorf("by its number: %v", err)
	}
	if _, err := a.UndoClient(ctx, a.as(m), a.c.ID, c.Rev); fieldOf(err) != "field.restricted" {
		t.Errorf("as the last change: %v", err)
	}
	a.name(crm.RoleManager, true)
	if !changes().Undoable() {
		t.Error("it is not offered to a role that is named")
	}
	_, err = a.UndoChange(ctx, a.as(m), a.c.ID, changes().ID, false)
	mustAll(t, err)
	if got, err := a.look(m); err != nil || got != passport {
		t.Errorf("got %q, %v", got, err)
	}
}
