package intake_test

import (
	"slices"
	"strings"
	"testing"

	"kartoteka/crm/intake"
)

// iCloud writes cards only: groups with labels of their own, and its name behind everything else. The people are made up.
var iCloud = strings.Join([]string{
	"BEGIN:VCARD", "VERSION:3.0", "N:Белова;Ольга;Ивановна;;", "FN:Ольга Ивановна Белова", "ORG:Ромашка;отдел закупок", "TITLE:закупщик",
	"BDAY;VALUE=date:1990-05-12", "item1.ADR;TYPE=WORK;TYPE=pref:;;Мира 1;Омск;;644000;Россия", "item1.X-ABADR:ru",
	"TEL;TYPE=CELL;TYPE=pref;TYPE=VOICE:8 900 123-45-67", "item2.TEL:+7 495 123-45-67", "item2.X-ABLabel:склад",
	"EMAIL;TYPE=HOME;TYPE=pref;TYPE=INTERNET:Olga@x.ru", "NOTE:", "PRODID:-//Apple Inc.//iCloud Web Address Book 2414B11//EN", "REV:2024-04-28T12:17:00Z", "END:VCARD",
	"BEGIN:VCARD", "VERSION:3.0", "N:;Ким;;;", "FN:Ким", "TEL;TYPE=CELL;TYPE=pref;TYPE=VOICE:+7 900 765-43-21",
	"PRODID:-//Apple Inc.//iCloud Web Address Book 2414B11//EN", "REV:2024-04-28T12:17:01Z", "END:VCARD", ""}, "\r\n")

func TestICloud(t *testing.T) {
	o, file := newOffice(t), kept(iCloud)
	if got := intake.Program(file); got != "icloud" || intake.Program(lines("Имя", "PRODID:-//Apple Inc.//iCloud")) != "" {
		t.Errorf("it is taken for %q", got)
	}
	if i, problem := o.take(file); problem != "" || i.Counts.New != 2 {
		t.Fatalf("%q, %+v", problem, i.Counts)
	}
	want := []string{"Белова Ольга Ивановна|+79001234567,+74951234567|1990-05-12", "Ким|+79007654321"}
	if got := o.cards(); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
