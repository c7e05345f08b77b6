package crm_test

import (
	"errors"
	"slices"
	"testing"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// all is how many clients there are, whatever their names.
func (o *office) all() int {
	o.t.Helper()
	list, err := o.store.Clients(o.t.Context(), crm.ClientQuery{Team: o.owner.Team, Limit: 10_000})
	mustAll(o.t, err)
	return len(list)
}

// Two of one name and company may be two people: whoever has no phone is taken for one that is there only if the row says the same word for
// word, or is the very row of which the card was made.
func TestImport_namesakes(t *testing.T) {
	o := newOffice(t)
	lines := []string{"ФИО;Телефон;Компания;Должность;Комментарий",
		"Иванов Иван;;Ромашка;директор;",
		"Иванов Иван;;ООО «Ромашка»;кладовщик;", // like 2
		"Ли Анна;;Акме;;любит чай",
		"Ли Анна;;Акме;;любит кофе", // like 4
		"Строгов Евгений Николаевич;;ИП Строгов;;",
		"Строгов Евгений Васильевич;;ИП Строгов;;",
		"Пак Олег;;Акме;;",
		"Олег Пак;;ООО «Акме»;;", // 8 again
		"Ким Вера;+79001234567;Акме;;",
		"Ким Вера;;Акме;;",     // like 10
		"Цой Яна;;Вега;;шумит", // a note is what tells them apart
		"Цой Яна;;Вега;;"}      // like 12
	rows := sheetOf(lines...)
	i := o.begin(o.as(o.owner), rows)
	came(t, i, crm.ImportCounts{New: 7, Maybe: 4, Double: 1})
	i, err := o.RunImport(t.Context(), o.as(o.owner), i.ID, crm.ImportFill)
	mustAll(t, err)
	came(t, o.work(i, rows), crm.ImportCounts{New: 11, Maybe: 4, Changed: 1}) // how the company is written goes to the notes
	if n := o.all(); n != 11 {
		t.Errorf("%d clients came of eleven", n)
	}
	o.clock.Advance(week)
	edited := o.cards()["Строгов Евгений Васильевич"]
	_, err = o.EditClient(t.Context(), o.as(o.owner), edited.ID, crm.Edit{Field: crm.FieldPhones, Value: "+79009998877"})
	mustAll(t, err) // the row still means the card that it has made
	came(t, o.take(rows, crm.ImportFill), crm.ImportCounts{Same: 12})
	came(t, o.take(sheetOf(append(lines, "Новая Ольга;+79007654321;;;")...), crm.ImportFill), crm.ImportCounts{New: 2, Same: 11, Maybe: 1})
	if n := o.all(); n != 13 { // the one that is another by now, too
		t.Errorf("after the same rows again there are %d clients", n)
	}
}

// Neither a row without phone nor a card without one is certainly the other because of the name and the company.
func TestImport_namesakes_of_cards(t *testing.T) {
	o := newOffice(t)
	o.add(o.owner, crm.Profile{Name: "Орлов Пётр", Company: "Вега", Phones: []crm.Phone{{E164: "+79001234567"}}})
	o.add(o.owner, crm.Profile{Name: "Котов Ян", Company: "Вега"})
	rows := sheetOf("Имя;Телефон;Компания", "Орлов Пётр;;Вега", "Котов Ян;+79007654321;Вега", "Котов Ян;;Вега")
	i := o.begin(o.as(o.owner), rows)
	came(t, i, crm.ImportCounts{Changed: 1, Maybe: 2})
	i, err := o.RunImport(t.Context(), o.as(o.owner), i.ID, crm.ImportFill)
	mustAll(t, err)
	came(t, o.work(i, rows), crm.ImportCounts{New: 2, Maybe: 2, Same: 1})
}

// Of a row that is refused comes nobody: the one that has its phone behind it is new.
func TestImport_repeats_of_what_is_refused(t *testing.T) {
	o := newOffice(t)
	rows := sheetOf("Имя;Телефон;ДР", "Горский Лев;+79165550001;1990-13-45", "Горский Лев;+79165550001;", "Лев Горский;+79165550001;")
	i := o.begin(o.as(o.owner), rows)
	came(t, i, crm.ImportCounts{New: 1, Double: 1, Refused: 1})
}

// Of several cards that a row fits only those are offered that the member may change: where that is one, nothing has to be chosen.
func TestImport_asksOfOwnCardsOnly(t *testing.T) {
	for policy, want := range map[crm.ImportPolicy]crm.ImportCounts{
		crm.ImportFill: {Changed: 1}, crm.ImportPass: {Passed: 1}, crm.ImportAdd: {New: 1},
	} {
		o := newOffice(t)
		ctx := t.Context()
		ivan := o.hire(3, "Иван", crm.RoleManager)
		o.add(o.owner, crm.Profile{Name: "Ким", Emails: []string{"kim@x.ru"}})
		o.add(ivan, crm.Profile{Name: "Ким", Phones: []crm.Phone{{E164: "+79001234567"}}})
		rows := sheetOf("Имя;Почта;Телефон;Город", "Ким;kim@x.ru;+79001234567;Омск")
		by := o.as(ivan)
		i := o.takeAs(by, rows, crm.ImportAsk)
		a, err := o.AskedImport(ctx, by, i.ID, rows[1])
		if err != nil || len(a.Cards) != 1 || a.Cards[0].Owner != ivan.ID {
			t.Fatalf("asked of %+v, %v", a.Cards, err)
		}
		if i, err = o.JudgeImport(ctx, by, i.ID, crm.Judgement{Row: rows[1], Policy: policy}); err != nil {
			t.Errorf("%s: %v", policy, err)
			continue
		}
		came(t, i, want)
	}
}

// Who shares a switchboard is not one client: the extension is a part of the number.
func TestImport_of_colleagues_behind_one_number(t *testing.T) {
	o := newOffice(t)
	o.add(o.owner, crm.Profile{Name: "Иванов Иван", Phones: []crm.Phone{{E164: "+74951112233", Ext: "12"}}})
	rows := sheetOf("Имя;Телефон;Компания",
		"Алфёров Игорь;8 495 777-00-00 доб. 101;Завод",
		"Белкин Павел;8 495 777-00-00 доб. 102;Завод",
		"Приёмная;8 495 777-00-00;Завод",
		"Белкин П.;(495) 777-00-00, доб. 102;Завод", // like 3
		"Тел Антон;8(495)111-22-33 доб. 4567;",
		"Иванов Иван;8 (495) 111-22-33 доб. 12;")
	i := o.begin(o.as(o.owner), rows)
	came(t, i, crm.ImportCounts{New: 4, Changed: 1, Double: 1})
	i, err := o.RunImport(t.Context(), o.as(o.owner), i.ID, crm.ImportFill)
	mustAll(t, err)
	o.work(i, rows)
	for name, ext := range map[string]string{"Алфёров Игорь": "101", "Белкин Павел": "102", "Приёмная": "", "Тел Антон": "4567"} {
		if c := o.cards()[name]; len(c.Phones) != 1 || c.Phones[0].Ext != ext {
			t.Errorf("%s: %v, want the extension %q", name, c.Phones, ext)
		}
	}
}

// Whoever is added by the bare number may be any of those behind it, and whoever is added with an extension the one of the bare number.
func TestDuplicates_behind_one_number(t *testing.T) {
	o := newOffice(t)
	for name, ext := range map[string]string{"Алфёров Игорь": "101", "Белкин Павел": "102", "Приёмная": ""} {
		p := crm.Profile{Name: name, Phones: []crm.Phone{{E164: "+74957770000", Ext: ext}}}
		_, err := o.AddClient(t.Context(), o.as(o.owner), crm.Draft{Profile: p}, true)
		mustAll(t, err)
	}
	for ext, want := range map[string]int{"": 3, "101": 2, "103": 1} {
		p := crm.Profile{Name: "Новый", Phones: []crm.Phone{{E164: "+74957770000", Ext: ext}}}
		found, err := o.Duplicates(t.Context(), o.as(o.owner), p)
		if err != nil || len(found) != want {
			t.Errorf("extension %q: %d cards, %v, want %d", ext, len(found), err, want)
		}
		for _, f := range found {
			if crm.SharedField(p, f.Client) != crm.FieldPhones {
				t.Errorf("extension %q: %s is found by %q", ext, f.Client.Name, crm.SharedField(p, f.Client))
			}
		}
	}
}

// Of a row whose card has gone to the bin no new card is made but where that is asked for.
func TestImport_asksOfNobody(t *testing.T) {
	for policy, want := range map[crm.ImportPolicy]struct {
		err   error
		cards int
	}{crm.ImportFill: {crm.ErrConflict, 0}, crm.ImportOverwrite: {crm.ErrConflict, 0}, crm.ImportPass: {nil, 0}, crm.ImportAdd: {nil, 1}} {
		o := newOffice(t)
		c := o.add(o.owner, crm.Profile{Name: "Ким", Emails: []string{"kim@x.ru"}})
		rows := sheetOf("Имя;Почта", "Ким Анна;kim@x.ru")
		by := o.as(o.owner)
		i := o.begin(by, rows)
		_, err := o.RunImport(t.Context(), by, i.ID, crm.ImportAsk)
		mustAll(t, err)
		i = o.work(i, rows)
		_, err = o.DeleteClient(t.Context(), o.as(o.owner), c.ID)
		mustAll(t, err)
		_, err = o.JudgeImport(t.Context(), by, i.ID, crm.Judgement{Row: rows[1], Policy: policy})
		if !errors.Is(err, want.err) || len(o.cards()) != want.cards {
			t.Errorf("%s: %v, %d cards", policy, err, len(o.cards()))
		}
	}
}

// A row names who is responsible as the team calls them, by the first name where only one has it; whom nobody is called so is told.
func TestImport_managers(t *testing.T) {
	o := newOffice(t)
	petrova, lee := o.hire(51, "Вера Петрова", crm.RoleManager), o.hire(52, "Ivan Lee", crm.RoleManager)
	o.hire(53, "Олег Ким", crm.RoleManager)
	o.hire(54, "Олег Пак", crm.RoleManager)
	rows := sheetOf("Имя;Телефон;Менеджер", "Ан;+79001234561;Вера", "Бо;+79001234562;ivan", "Во;+79001234563;Борис", "Го;+79001234564;олег", "До;+79001234565;Борис",
		"Ежов;+79001234566;Пак")
	i := o.begin(o.as(o.owner), rows)
	if want := []string{"Борис", "олег"}; !slices.Equal(i.Strangers, want) {
		t.Errorf("checked: got %q, want %q", i.Strangers, want)
	}
	i, err := o.RunImport(t.Context(), o.as(o.owner), i.ID, crm.ImportFill)
	mustAll(t, err)
	i = o.work(i, rows)
	cards := o.cards()
	if cards["Ан"].Owner != petrova.ID || cards["Бо"].Owner != lee.ID || cards["Во"].Owner != o.owner.ID || cards["Го"].Owner != o.owner.ID ||
		cards["Ежов"].Owner == o.owner.ID || len(i.Strangers) != 2 || o.notes(cards["Го"].ID) != "Менеджер: олег" {
		t.Errorf("got %+v, strangers %q", cards, i.Strangers)
	}
}

// Who is filled in keeps the ё of the card; what the card has otherwise is noted with what it is, own fields too.
func TestImport_fills_without_loss(t *testing.T) {
	o := newOffice(t)
	team := must(o.AddField(t.Context(), o.as(o.owner), crm.CustomField{Name: "Размер", Kind: crm.FieldText}))
	old, err := o.AddClient(t.Context(), o.as(o.owner), crm.Draft{Profile: crm.Profile{Name: "Абрамов Пётр", City: "Тверь", Birthday: civil.Date{Year: 1985, Month: 5, Day: 12},
		Phones: []crm.Phone{{E164: "+79001234567"}}, Custom: map[crm.FieldID]string{team.Fields[0].ID: "42"}}}, false)
	if err != nil {
		t.Fatal(err)
	}
	o.take(sheetOf("Имя;Телефон;Город;ДР;Размер", "абрамов петр сергеевич;+7 900 123-45-67;Москва;13.05.1985;43"), crm.ImportFill)
	c := o.cards()["Абрамов Пётр Сергеевич"]
	if got := o.notes(old.ID); c.ID != old.ID || c.City != "Тверь" || got != "Город: Москва\nДР: 1985-05-13\nРазмер: 43" {
		t.Errorf("got %v, notes %q", o.cards(), got)
	}
}

// A card of an older version is found by the extension, too, and by the switchboard's number as one behind it only.
func TestUpgrade_extensions(t *testing.T) {
	p := crm.Profile{Name: "Иванов Иван", Phones: []crm.Phone{{E164: "+74957770000", Ext: "12"}}}
	c := crm.Client{Schema: 5, Profile: p, Keys: []string{"p+74957770000"}}
	if !c.Upgrade() || !slices.Contains(c.Keys, "p+74957770000#12") || slices.Contains(c.Keys, "p+74957770000") {
		t.Errorf("the keys are %q", c.Keys)
	}
}
