package crm_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// A row that was judged after later ones is taken back before them: what stood before all of them comes back.
func TestImportUndo_of_what_was_judged_later(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Ким Анна", Company: "Ромашка", Emails: []string{"kim@x.ru"}, City: "А"})
	rows := sheetOf("Имя;Компания;Почта;Город", "Ким Анна;Ромашка;;В", "Ким Анна;Ромашка;kim@x.ru;Б")
	i := o.begin(o.as(o.owner), rows)
	i, err := o.TakeLikely(t.Context(), o.as(o.owner), i.ID, crm.ImportAsk)
	mustAll(t, err)
	i, err = o.RunImport(t.Context(), o.as(o.owner), i.ID, crm.ImportOverwrite)
	mustAll(t, err)
	i = o.work(i, rows)
	if got := o.look(c.ID).City; got != "Б" {
		t.Fatalf("imported: %s", got)
	}
	o.clock.Advance(time.Minute)
	i, err = o.JudgeImport(t.Context(), o.as(o.owner), i.ID, crm.Judgement{Row: rows[1], Policy: crm.ImportOverwrite})
	mustAll(t, err)
	if got := o.look(c.ID).City; got != "В" {
		t.Fatalf("judged: %s", got)
	}
	i, err = o.UndoImport(t.Context(), o.as(o.owner), i.ID)
	mustAll(t, err)
	if i = o.work(i, rows); i.State != crm.ImportUndone || i.Counts.Undone != 2 || i.Counts.Kept != 0 || o.look(c.ID).City != "А" {
		t.Errorf("undone: %+v, city %s", i.Counts, o.look(c.ID).City)
	}
}

// A card that stays is one card, however many rows were about it.
func TestImportUndo_keeps_a_card_once(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Ким Анна", Emails: []string{"kim@x.ru"}})
	rows := sheetOf("Имя;Почта;Телефон", "Ким Анна;kim@x.ru;+79001234561", "Ким Анна;kim@x.ru;+79001234562", "Ким Анна;kim@x.ru;+79001234563")
	i := o.take(rows, crm.ImportFill)
	o.clock.Advance(time.Minute)
	_, err := o.EditClient(t.Context(), o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldCity, Value: "Омск", Force: true})
	mustAll(t, err)
	_, err = o.UndoImport(t.Context(), o.as(o.owner), i.ID)
	mustAll(t, err)
	if i = o.work(i, rows); i.Counts.Kept != 1 || len(i.Kept) != 1 {
		t.Errorf("kept %d: %v", i.Counts.Kept, i.Kept)
	}
}

// What a card has no room for, or has another value of, is a note.
func TestImport_notes_what_finds_no_room(t *testing.T) {
	phones, tags := []crm.Phone{}, []string{}
	for n := range 20 {
		phones = append(phones, crm.Phone{E164: fmt.Sprintf("+790010000%02d", n)})
	}
	for n := range 50 {
		tags = append(tags, fmt.Sprintf("метка%d", n))
	}
	for p, want := range map[crm.ImportPolicy][]string{crm.ImportOverwrite: {"+7 900 100-00-19", "новая"}, crm.ImportFill: {"+7 900 200-00-00", "новая", "сайт", "777"}} {
		o := newOffice(t)
		c := o.add(o.owner, crm.Profile{Name: "Ким Анна", Emails: []string{"kim@x.ru"}, Phones: phones, Tags: tags, Source: "выставка", TelegramID: 555})
		o.take(sheetOf("Имя;Почта;Телефон;Метки;Источник;Telegram ID", "Ким Анна;kim@x.ru;+79002000000;новая;сайт;777"), p)
		got := o.look(c.ID)
		if len(got.Phones) != 20 || len(got.Tags) != 50 {
			t.Errorf("%s: %d phones, %d tags", p, len(got.Phones), len(got.Tags))
		}
		for _, part := range want {
			if !strings.Contains(o.notes(c.ID), part) {
				t.Errorf("%s: no %s in %q", p, part, o.notes(c.ID))
			}
		}
	}
}

// Where thousands bear a name, the same file twice finds the one whom it brought.
func TestImport_twice_of_a_common_name(t *testing.T) {
	o := newOffice(t)
	lines := []string{"Имя;Почта"}
	for n := range 4100 {
		lines = append(lines, fmt.Sprintf("Иван %s;k%d@x.ru", spelled(n), n))
	}
	o.take(sheetOf(lines...), crm.ImportFill)
	rows := sheetOf("Имя;Город", "Иван;Омск", "Мария;Тула")
	for again, want := range []crm.ImportCounts{{New: 2}, {Same: 2}} {
		o.clock.Advance(time.Minute)
		if i := o.take(rows, crm.ImportFill); i.Counts.New != want.New || i.Counts.Same != want.Same {
			t.Errorf("time %d: %+v", again+1, i.Counts)
		}
	}
}
