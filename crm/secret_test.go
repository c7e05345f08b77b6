package crm_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

const passport = "4510 777123"

// archive is an office with a restricted field and a card that holds a value in it.
type archive struct {
	*office
	field crm.FieldID
	c     crm.Client
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{office: newOffice(t).withVault()}
	a.field = a.restrict("Паспорт")
	a.c = a.add(a.owner, crm.Profile{Name: "Иванов Иван"})
	a.c = a.write(a.owner, passport)
	return a
}

func (a *archive) restrict(name string) crm.FieldID {
	a.t.Helper()
	team, err := a.AddField(a.t.Context(), a.as(a.owner), crm.CustomField{Name: name, Kind: crm.FieldText, Restricted: true})
	if err != nil {
		a.t.Fatal(err)
	}
	return team.Fields[len(team.Fields)-1].ID
}

func (a *archive) write(m crm.Member, value string) crm.Client {
	a.t.Helper()
	c, err := a.EditClient(a.t.Context(), a.as(m), a.c.ID, crm.Edit{Field: crm.CustomKey(a.field), Value: value, Force: true})
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

func (a *archive) look(m crm.Member) (string, error) {
	return a.ShowSecret(a.t.Context(), a.as(m), a.c.ID, a.field, 7)
}

func (a *archive) name(role crm.Role, sees bool) {
	a.t.Helper()
	if _, err := a.SetFieldRole(a.t.Context(), a.as(a.owner), a.field, role, sees); err != nil {
		a.t.Fatal(err)
	}
}

func TestRestrictedFieldIsForNamedRoles(t *testing.T) {
	a := newArchive(t)
	if got, err := a.look(a.owner); err != nil || got != passport {
		t.Errorf("the owner: %q, %v", got, err)
	}
	for i, role := range crm.Secretive {
		m := a.hire(int64(50+i), "Ян", role)
		card := a.c
		card.Owner = m.ID // a manager sees own cards
		if role == crm.RoleManager {
			if _, err := a.HandOverClient(t.Context(), a.as(a.owner), a.c.ID, m.ID); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := a.look(m); !errors.Is(err, crm.ErrDenied) || got != "" {
			t.Errorf("%s, not named: %q, %v", role, got, err)
		}
		if c, err := a.Client(t.Context(), a.as(m), a.c.ID); err != nil || len(c.Sealed) > 0 {
			t.Errorf("%s, not named, sees that there is one: %v, %v", role, c.Sealed, err)
		}
		if _, err := a.EditClient(t.Context(), a.as(m), a.c.ID, crm.Edit{Field: crm.CustomKey(a.field), Value: "1", Force: true}); !errors.Is(err, crm.ErrDenied) {
			t.Errorf("%s, not named, writes it: %v", role, err)
		}
		a.name(role, true)
		if got, err := a.look(m); err != nil || got != passport {
			t.Errorf("%s, named: %q, %v", role, got, err)
		}
		if c, err := a.Client(t.Context(), a.as(m), a.c.ID); err != nil || len(c.Sealed) != 1 {
			t.Errorf("%s, named, does not see that there is one: %v, %v", role, c.Sealed, err)
		}
		a.name(role, false)
		if _, err := a.look(m); !errors.Is(err, crm.ErrDenied) {
			t.Errorf("%s, no longer named: %v", role, err)
		}
	}
	for _, role := range []crm.Role{crm.RoleAnalyst, crm.RoleOwner, "tsar"} {
		if _, err := a.SetFieldRole(t.Context(), a.as(a.owner), a.field, role, true); fieldOf(err) != "role" {
			t.Errorf("%s is named: %v", role, err)
		}
	}
}

func TestRestrictedFieldOfSomebodyElsesClient(t *testing.T) {
	a := newArchive(t)
	a.name(crm.RoleManager, true)
	if got, err := a.look(a.hire(60, "Пётр", crm.RoleManager)); !errors.Is(err, crm.ErrNotFound) || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestEachLookIsInTheAudit(t *testing.T) {
	a := newArchive(t)
	lena := a.hire(61, "Лена", crm.RoleAdmin)
	a.name(crm.RoleAdmin, true)
	before, err := a.LastChange(t.Context(), a.as(a.owner), a.c.ID)
	if err != nil {
		t.Fatal(err)
	}
	by := a.as(lena)
	for range 2 { // the press comes twice
		if _, err := a.ShowSecret(t.Context(), by, a.c.ID, a.field, 7); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.look(lena); err != nil {
		t.Fatal(err)
	}
	entries, err := a.Audit(t.Context(), a.as(a.owner), crm.AuditFilter{Days: 1, Group: crm.AuditSecrets}, nil, 10)
	if err != nil || len(entries) != 2 || entries[0].By != lena.ID || entries[0].Client.ID != a.c.ID || entries[0].LookedAt() != a.field {
		t.Fatalf("%+v, %v", entries, err)
	}
	if last, err := a.LastChange(t.Context(), a.as(a.owner), a.c.ID); err != nil || last.ID != before.ID {
		t.Errorf("the last change is %s, %v: a look changes nothing", last.ID, err)
	}
	if _, err := a.look(a.hire(62, "Ян", crm.RoleSupport)); !errors.Is(err, crm.ErrDenied) {
		t.Fatal(err)
	}
	if entries, _ := a.Audit(t.Context(), a.as(a.owner), crm.AuditFilter{Days: 1, Group: crm.AuditSecrets}, nil, 10); len(entries) != 2 {
		t.Errorf("what was refused is in the audit as a look")
	}
}

// The value is nowhere in clear: not in the files of the base, the record of changes, or what the search knows.
func TestRestrictedValueIsNowhereInClear(t *testing.T) {
	a := newArchive(t)
	a.write(a.owner, passport+" 2")
	c, err := a.Client(t.Context(), a.as(a.owner), a.c.ID)
	if err != nil {
		t.Fatal(err)
	}
	if raw, _ := json.Marshal(c); strings.Contains(string(raw), "777123") {
		t.Errorf("the card holds it: %s", raw)
	}
	events, err := a.store.Events(t.Context(), crm.EventQuery{Team: a.c.Team, Record: string(a.c.ID), Limit: 50})
	if err != nil || len(events) != 3 {
		t.Fatal(len(events), err)
	}
	if raw, _ := json.Marshal(events); strings.Contains(string(raw), "777123") {
		t.Errorf("events hold it: %s", raw)
	}
	if res, err := a.FindPage(t.Context(), a.as(a.owner), "777123", 0, 10); err != nil || len(res.Hits) > 0 {
		t.Errorf("it is found: %+v, %v", res, err)
	}
	files, err := filepath.Glob(a.file + "*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "777123") {
			t.Errorf("%s holds it", filepath.Base(file))
		}
	}
}

func TestAChangeOfARestrictedFieldIsTakenBack(t *testing.T) {
	a := newArchive(t)
	c := a.write(a.owner, "другой")
	changes, err := a.Changes(t.Context(), a.as(a.owner), a.c.ID, crm.ChangeMark{}, 1)
	if err != nil || len(changes) != 1 || len(changes[0].Set) != 1 || changes[0].Set[0] != crm.CustomKey(a.field) ||
		!crm.SealedText(changes[0].Was.Value(crm.CustomKey(a.field))) {
		t.Fatalf("%+v, %v", changes, err)
	}
	if _, err := a.UndoClient(t.Context(), a.as(a.owner), a.c.ID, c.Rev); err != nil {
		t.Fatal(err)
	}
	if got, err := a.look(a.owner); err != nil || got != passport {
		t.Errorf("%q, %v", got, err)
	}
	a.write(a.owner, "")
	if got, err := a.look(a.owner); fieldOf(err) != "field" {
		t.Errorf("emptied: %q, %v", got, err)
	}
}

func TestADossierHasWhatItsTakerSees(t *testing.T) {
	a := newArchive(t)
	lena := a.hire(61, "Лена", crm.RoleAdmin)
	for _, one := range []struct {
		by   crm.Member
		sees bool
	}{{a.owner, true}, {lena, false}} {
		all, err := a.Dossier(t.Context(), a.as(one.by), a.c.ID)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := json.Marshal(all)
		if strings.Contains(string(raw), "777123") != one.sees || strings.Contains(string(raw), "sealed1.") {
			t.Errorf("%s: %s", one.by.Role, raw)
		}
		if (len(all.Withheld) == 0) != one.sees {
			t.Errorf("%s is told that %q is left out", one.by.Role, all.Withheld)
		}
	}
}

func TestRestrictedFieldsNeedAKeyAndAnOwner(t *testing.T) {
	o := newOffice(t)
	add := func(m crm.Member) error {
		_, err := o.AddField(t.Context(), o.as(m), crm.CustomField{Name: "Счёт", Kind: crm.FieldText, Restricted: true})
		return err
	}
	if err := add(o.owner); fieldOf(err) != "field.key" {
		t.Errorf("without a key: %v", err)
	}
	o.withVault()
	if err := add(o.hire(61, "Лена", crm.RoleAdmin)); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("an admin: %v", err)
	}
	if err := add(o.owner); err != nil {
		t.Fatal(err)
	}
	a := newArchive(t)
	for keys, want := range map[string]string{anotherKey: "field.key", anotherKey + "," + oneKey: ""} {
		a.Desk = a.WithVault(vault(t, keys))
		if _, err := a.look(a.owner); err != nil && fieldOf(err) != want || err == nil && want != "" {
			t.Errorf("with other keys: %v, want %q", err, want)
		}
	}
	a.write(a.owner, "новый") // sealed with the new key
	a.Desk = a.WithVault(vault(t, anotherKey))
	if got, err := a.look(a.owner); err != nil || got != "новый" {
		t.Errorf("the old key is still needed for what was written with the new one: %q, %v", got, err)
	}
	a.Desk = crm.NewDesk(a.store, a.clock)
	if _, err := a.EditClient(t.Context(), a.as(a.owner), a.c.ID, crm.Edit{Field: crm.CustomKey(a.field), Value: "1", Force: true}); fieldOf(err) != "field.key" {
		t.Errorf("written without a key: %v", err)
	}
}

func TestDraftsHoldNothingRestricted(t *testing.T) {
	a := newArchive(t)
	team, err := a.Team(t.Context(), a.as(a.owner))
	if err != nil {
		t.Fatal(err)
	}
	var d crm.Draft
	if err := d.Set(team, crm.CustomKey(a.field), passport, a.clock.Now()); fieldOf(err) != "field" || len(d.Profile.Custom) > 0 {
		t.Errorf("%+v, %v", d.Profile.Custom, err)
	}
}

func TestRequisites(t *testing.T) {
	a := newArchive(t)
	team, err := a.AddField(t.Context(), a.as(a.owner), crm.CustomField{Name: "ИНН", Kind: crm.FieldText})
	if err != nil {
		t.Fatal(err)
	}
	inn := team.Fields[1].ID
	if _, err := a.EditClient(t.Context(), a.as(a.owner), a.c.ID, crm.Edit{Field: crm.CustomKey(inn), Value: "7707083893", Force: true}); err != nil {
		t.Fatal(err)
	}
	zina := a.hire(63, "Зина", crm.RoleAccountant)
	sees := func() string {
		c, err := a.Client(t.Context(), a.as(zina), a.c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return c.Custom[inn]
	}
	if got := sees(); got != "" {
		t.Errorf("before: %q", got)
	}
	if _, err := a.SetRequisites(t.Context(), a.as(a.owner), inn, true); err != nil {
		t.Fatal(err)
	}
	if got := sees(); got != "7707083893" {
		t.Errorf("an accountant sees %q", got)
	}
	if res, err := a.FindPage(t.Context(), a.as(zina), "7707083893", 0, 10); err != nil || len(res.Hits) != 1 {
		t.Errorf("an accountant finds by it: %+v, %v", res, err)
	}
	if _, err := a.SetRequisites(t.Context(), a.as(a.owner), a.field, true); fieldOf(err) != "field" {
		t.Errorf("of a restricted field: %v", err)
	}
	if _, err := a.SetFieldRole(t.Context(), a.as(a.owner), inn, crm.RoleAdmin, true); fieldOf(err) != "field" {
		t.Errorf("roles of an open field: %v", err)
	}
}

func TestAMergeKeepsRestrictedValues(t *testing.T) {
	a := newArchive(t)
	account := a.restrict("Счёт")
	kept := a.add(a.owner, crm.Profile{Name: "Иванов И."})
	if _, err := a.EditClient(t.Context(), a.as(a.owner), kept.ID, crm.Edit{Field: crm.CustomKey(account), Value: "40817", Force: true}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.MergeClients(t.Context(), a.as(a.owner), crm.MergeInput{Kept: kept.ID, Gone: a.c.ID}); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[crm.FieldID]string{a.field: passport, account: "40817"} {
		if got, err := a.ShowSecret(t.Context(), a.as(a.owner), kept.ID, field, 7); err != nil || got != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	notes, err := a.History(t.Context(), a.as(a.owner), crm.TouchQuery{Client: kept.ID, Limit: 10})
	if raw, _ := json.Marshal(notes); err != nil || strings.Contains(string(raw), "777123") || strings.Contains(string(raw), "sealed1.") {
		t.Errorf("notes tell it: %s, %v", raw, err)
	}
}

func TestAValueThatIsShownIsHiddenAgain(t *testing.T) {
	a := newArchive(t)
	hiding := func() (n int) {
		for _, r := range a.told(a.owner, crm.RemindHide) {
			if r.Message != 7 || r.Field != a.field || r.Due.Sub(a.clock.Now()) > time.Minute {
				t.Errorf("hidden %+v, want the field of message 7 within a minute", r)
			}
			n++
		}
		return n
	}
	for range 2 {
		if _, err := a.look(a.owner); err != nil {
			t.Fatal(err)
		}
	}
	if n := hiding(); n != 2 {
		t.Fatalf("%d of 2 looks are to be hidden", n)
	}
	if err := a.HideSecret(t.Context(), a.as(a.owner), 8); err != nil || hiding() != 2 {
		t.Errorf("another message: %d left, %v", hiding(), err)
	}
	if err := a.HideSecret(t.Context(), a.as(a.owner), 7); err != nil || hiding() != 0 {
		t.Errorf("the card is back: %d left, %v", hiding(), err)
	}
	// Whatever becomes of the card and of the member, what stands in the chat goes.
	if _, err := a.look(a.owner); err != nil {
		t.Fatal(err)
	}
	if _, err := a.DeleteClient(t.Context(), a.as(a.owner), a.c.ID); err != nil {
		t.Fatal(err)
	}
	a.clock.Advance(time.Minute)
	out := &inbox{}
	if _, err := a.DeliverReminders(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	if n := hiding(); n != 0 || !slices.ContainsFunc(out.got, func(n crm.Notice) bool { return n.Kind == crm.RemindHide && n.Message == 7 }) {
		t.Errorf("%d left; told %+v", n, out.got)
	}
}
