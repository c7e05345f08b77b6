package crm_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// TestDossierTellsOfNobodyElse: after a wrong merge was taken apart the record of changes still has what was the other's; whoever asks
// what is known of them does not get it.
func TestDossierTellsOfNobodyElse(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	_, p := tw.merge()
	tw.clock.Advance(time.Minute)
	_, err := tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
	mustAll(t, err)
	d, err := tw.Dossier(ctx, tw.as(tw.owner), tw.kept.ID)
	mustAll(t, err)
	raw, err := json.Marshal(d)
	mustAll(t, err)
	for _, others := range []string{"s.petrov@mail.ru", "Сергей П.", "1980", "Тула"} {
		if strings.Contains(string(raw), others) {
			t.Errorf("it tells of the other: %q", others)
		}
	}
	if len(d.Changes) < 3 {
		t.Errorf("%d changes; that there were is said", len(d.Changes))
	}
}

// A change of a restricted field is named, with its values for a role that sees them; no sealed text is in it.
func TestDossierNamesChangesOfRestrictedFields(t *testing.T) {
	a, ctx := newArchive(t), t.Context()
	shoe, err := a.AddField(ctx, a.as(a.owner), crm.CustomField{Name: "Обувь", Kind: crm.FieldText})
	mustAll(t, err)
	plain := crm.CustomKey(shoe.Fields[len(shoe.Fields)-1].ID)
	_, err = a.EditClient(ctx, a.as(a.owner), a.c.ID, crm.Edit{Field: plain, Value: "42", Force: true})
	mustAll(t, err)
	a.write(a.owner, "4510 888000")
	a.write(a.owner, "")
	for sees, by := range map[bool]crm.Member{true: a.owner, false: a.hire(60, "Ян", crm.RoleAdmin)} {
		d, err := a.Dossier(ctx, a.as(by), a.c.ID)
		mustAll(t, err)
		raw, err := json.Marshal(d)
		mustAll(t, err)
		team, err := a.Team(ctx, a.as(a.owner))
		mustAll(t, err)
		for _, e := range d.Changes {
			named := slices.Contains(e.Touched(team), crm.CustomKey(a.field))
			held := slices.Equal(d.WithheldOf[e.ID], []string{"Паспорт"})
			if sets := e.Action == crm.ActionEditClient && !slices.Contains(e.Touched(team), plain); named != (sets && sees) || held != (sets && !sees) {
				t.Errorf("sees %v: revision %d is %v, withheld %v", sees, e.Rev, e.Touched(team), d.WithheldOf[e.ID])
			}
		}
		for _, value := range []string{passport, "4510 888000"} {
			if strings.Contains(string(raw), value) != sees {
				t.Errorf("sees %v: %s is in it or not", sees, value)
			}
		}
		if strings.Contains(string(raw), "sealed") || strings.Contains(string(raw), "k1.") {
			t.Errorf("it holds sealed texts: %s", raw)
		}
	}
}
