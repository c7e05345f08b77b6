package crm_test

import (
	"testing"

	"kartoteka/crm"
)

// A form of address is no part of the name: it is noted. Words of capitals become names where they can be nothing else.
func TestImport_names(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	rows := sheetOf("ФИО;Телефон")
	cases := []struct{ cell, name, note string }{
		{"ИВАНОВ", "Иванов", ""}, {"ОЛЬГА", "Ольга", ""}, {"ЛУКОЙЛ", "ЛУКОЙЛ", ""}, {"МТС", "МТС", ""}, {"IBM", "IBM", ""},
		{"JP Morgan", "JP Morgan", ""}, {"JP MORGAN", "JP Morgan", ""}, {"ИВАНОВ И.И.", "Иванов И.И.", ""}, {"иванов и.и.", "Иванов И.И.", ""},
		{"MCDONALD RONALD", "McDonald Ronald", ""}, {"O'NEIL SHAUN", "O'Neil Shaun", ""}, {"Juan de la Cruz", "Juan de la Cruz", ""},
		{"ИП ИВАНОВ", "ИП ИВАНОВ", ""}, {"г-н Иванов", "Иванов", "Обращение: г-н"}, {"Г-жа ПЕТРОВА АННА", "Петрова Анна", "Обращение: Г-жа"},
		{"гр. Петров", "Петров", "Обращение: гр."}, {"гр.Петров", "Петров", "Обращение: гр."}, {"Mr Smith", "Smith", "Обращение: Mr"},
		{"Prof. Dr. Hans Braun", "Hans Braun", "Обращение: Prof. Dr."}, {"Dr.", "Dr.", ""}, {"ООО «Доктор»", "ООО «Доктор»", ""}, {"Dr. Smith LLC", "Dr. Smith LLC", ""},
		{"Грачёв Пётр", "Грачёв Пётр", ""},
	}
	for n, c := range cases {
		rows = append(rows, crm.ImportRow{N: n + 2, Cells: []string{c.cell, ""}})
	}
	start := startOf(rows)
	start.Labels = map[crm.ImportTarget]string{crm.ImportAddress: "Обращение"}
	i, err := o.BeginImport(t.Context(), by, start)
	mustAll(t, err)
	got, err := o.ReadImport(t.Context(), by, i.ID, rows)
	mustAll(t, err)
	for n, c := range cases {
		d := got[n].Draft
		note := ""
		if len(d.Notes) > 0 {
			note = d.Notes[0].Text
		}
		if d.Profile.Name != c.name || note != c.note {
			t.Errorf("%s: got %q and %q, want %q and %q", c.cell, d.Profile.Name, note, c.name, c.note)
		}
	}
}

// A surname in a column of its own is one, whatever it looks like.
func TestImport_surnames(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	rows := sheetOf("Фамилия;Имя;Телефон", "КИМ;;+79001234561", "КИМ;г-н ОЛЕГ;+79001234562", "SMITH;Mr John;+79001234563")
	i, err := o.BeginImport(t.Context(), by, startOf(rows))
	mustAll(t, err)
	got, err := o.ReadImport(t.Context(), by, i.ID, rows)
	mustAll(t, err)
	for n, want := range []string{"Ким", "Ким Олег", "John Smith"} {
		if name := got[n].Draft.Profile.Name; name != want {
			t.Errorf("row %d: got %q, want %q", n, name, want)
		}
	}
}
