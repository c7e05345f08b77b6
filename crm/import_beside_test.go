package crm_test

import (
	"fmt"
	"strings"
	"testing"

	"kartoteka/crm"
)

// Where a field has room for one value, or for an address alone, what else a row says is a note of the card.
func TestImport_what_a_field_has_no_room_for_is_a_note(t *testing.T) {
	for name, c := range map[string]struct{ heading, cells, field, note string }{
		"two columns of one own field":     {"Скидка;Скидка", "пять;семь", "пять", "Скидка: семь"},
		"the same in both":                 {"Скидка;Скидка", "пять;пять", "пять", ""},
		"an id among the accounts":         {"Telegram;Telegram ID", "123456789;987654321", "987654321", "Telegram: 123456789"},
		"the same id in both":              {"Telegram;Telegram ID", "987654321;987654321", "987654321", ""},
		"words beside an address":          {"E-mail", "a@x.ru (не писать после шести)", "a@x.ru", "E-mail: a@x.ru (не писать после шести)"},
		"an address with its owner's name": {"E-mail", "Анна <a@x.ru>, MAILTO:b@x.ru", "a@x.ru", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			team, err := o.AddField(t.Context(), o.as(o.owner), crm.CustomField{Name: "Скидка", Kind: crm.FieldText})
			if err != nil {
				t.Fatal(err)
			}
			came(t, o.take(sheetOf("Имя;Телефон;"+c.heading, "Ким Анна;+79001234567;"+c.cells), crm.ImportFill), crm.ImportCounts{New: 1})
			card := o.cards()["Ким Анна"]
			is := card.Custom[team.Fields[len(team.Fields)-1].ID]
			if strings.HasPrefix(c.heading, "Telegram") {
				is = fmt.Sprint(card.TelegramID)
			} else if c.heading == "E-mail" {
				is = card.Emails[0]
			}
			if got := o.notes(card.ID); is != c.field || got != c.note {
				t.Errorf("of %q got %q, notes %q; want %q, %q", c.cells, is, got, c.field, c.note)
			}
		})
	}
}

// Whose client it is by the file, where the card is a colleague's, is a note.
func TestImport_another_owner_becomes_a_note(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	for owner, want := range map[string]string{"Иван": "Ответственный: Иван", o.owner.Name: ""} {
		card := o.add(o.owner, crm.Profile{Name: "Ким Анна", Phones: []crm.Phone{{E164: "+79001234567"}}})
		o.take(sheetOf("Имя;Телефон;Ответственный", "Ким Анна;+79001234567;"+owner), crm.ImportFill)
		if got := o.notes(card.ID); got != want || o.look(card.ID).Owner == ivan.ID {
			t.Errorf("of %s the notes are %q, want %q", owner, got, want)
		}
		_, err := o.DeleteClient(t.Context(), o.as(o.owner), card.ID)
		mustAll(t, err)
	}
}

// A card that is only filled in keeps its stage and status; what the row says of them is a note, once.
func TestImport_another_stage_and_status_become_notes(t *testing.T) {
	for says, want := range map[string]string{
		"Клиент;VIP": "Этап: client\nСтатус: vip",
		"Клиент;В чёрном списке: не платит":   "Этап: client\nСтатус: blacklisted\nСтатус: не платит",
		"Переговоры;Потенциальный":            "Этап: negotiation",
		"Лид;Потенциальный":                   "",
		"ждёт ответа;В чёрном списке: спорит": "Статус: blacklisted\nСтатус: спорит / Этап: ждёт ответа",
	} {
		o := newOffice(t)
		card := o.add(o.owner, crm.Profile{Name: "Ким Анна", Phones: []crm.Phone{{E164: "+79001234567"}}})
		rows := sheetOf("Имя;Телефон;Этап;Статус", "Ким Анна;+79001234567;"+says)
		o.take(rows, crm.ImportFill)
		again := o.take(rows, crm.ImportFill)
		is := o.look(card.ID)
		if got := o.notes(card.ID); got != want || is.Stage != crm.StageLead || is.Status != crm.StatusLead || again.Counts.Same != 1 {
			t.Errorf("of %q the card is %s, %s, notes %q, want %q; again %+v", says, is.Stage, is.Status, got, want, again.Counts)
		}
	}
}
