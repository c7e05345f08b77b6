package card_test

import (
	"slices"
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

// However many hidden fields a card has, and whatever can be taken back: it has five rows of buttons at the most, and a way to each field.
func TestHiddenFieldsLeaveFiveRows(t *testing.T) {
	k := talktest.New(t, card.Register)
	vault, err := crm.ParseVault("a2FydG90ZWthIGthcnRvdGVrYSBrYXJ0b3Rla2EhISE=")
	if err != nil {
		t.Fatal(err)
	}
	*k.Desk = *k.Desk.WithVault(vault)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(ivanov())
	names := []string{"Паспорт", "Номер банковской карты", "СНИЛС", "ИНН", "Счёт"}
	for n := range len(names) + 1 {
		open(anna, c)
		for _, changed := range []bool{false, true} {
			if changed {
				anna.Press("Изменить")
				anna.Press("✓ Город")
				anna.Say("Тула" + strings.Repeat("!", n))
			}
			rows := anna.Labels()
			if undo := slices.Equal(rows[len(rows)-1], []string{"Отменить изменение"}); len(rows) > 5 || undo != changed {
				t.Errorf("%d hidden fields, changed %v: %q", n, changed, rows)
			}
			shown := anna.Message()
			for _, name := range names[:n] {
				for _, label := range []string{"🔒 Скрытое", "🔒 " + name} {
					if slices.ContainsFunc(anna.Labels(), func(row []string) bool { return slices.Contains(row, label) }) {
						anna.Press(label)
					}
				}
				wantIn(t, anna.Screen().Text, "<b>"+name+"</b>", "за "+name)
				anna.Press("Назад")
				if anna.Message() != shown {
					t.Error("the card is on another message")
				}
			}
		}
		if n == len(names) {
			break
		}
		team, err := k.Desk.AddField(t.Context(), anna.By(), crm.CustomField{Name: names[n], Kind: crm.FieldText, Restricted: true})
		if err != nil {
			t.Fatal(err)
		}
		e := crm.Edit{Field: crm.CustomKey(team.Fields[n].ID), Value: "за " + names[n], Force: true}
		if _, err := k.Desk.EditClient(t.Context(), anna.By(), c.ID, e); err != nil {
			t.Fatal(err)
		}
	}
}
