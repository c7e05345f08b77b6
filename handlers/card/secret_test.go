package card_test

import (
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/talk/talktest"
)

// A restricted value is shown on the message whose button was pressed, where it is hidden again later, and on no other: not on a new
// one if that message is gone.
func TestASecretIsShownOnItsMessageAlone(t *testing.T) {
	const passport = "4509 123456"
	k := talktest.New(t, card.Register)
	vault, err := crm.ParseVault("a2FydG90ZWthIGthcnRvdGVrYSBrYXJ0b3Rla2EhISE=")
	if err != nil {
		t.Fatal(err)
	}
	*k.Desk = *k.Desk.WithVault(vault)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	team, err := k.Desk.AddField(t.Context(), anna.By(), crm.CustomField{Name: "Паспорт", Kind: crm.FieldText, Restricted: true})
	if err != nil {
		t.Fatal(err)
	}
	field := team.Fields[0].ID
	c := anna.Add(ivanov())
	if _, err := k.Desk.EditClient(t.Context(), anna.By(), c.ID, crm.Edit{Field: crm.CustomKey(field), Value: passport, Force: true}); err != nil {
		t.Fatal(err)
	}
	press := "secret|" + string(c.ID) + "|" + string(field)
	open(anna, c)
	anna.PressData(anna.Message(), press)
	wantIn(t, anna.Screen().Text, passport)
	open(anna, c)
	gone := anna.Message()
	if err := k.Out.Delete(t.Context(), anna.User, gone); err != nil {
		t.Fatal(err)
	}
	before := len(k.Out.Sent(anna.User))
	anna.PressData(gone, press)
	for _, s := range k.Out.Sent(anna.User)[before:] {
		if strings.Contains(s.Text, passport) {
			t.Errorf("shown on a message that nobody will hide it on: %q", s.Text)
		}
	}
}
