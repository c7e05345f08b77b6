package crm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

func TestImport(t *testing.T) {
	o := newOffice(t)
	old, err := o.AddClient(t.Context(), o.as(o.owner), crm.Draft{Profile: crm.Profile{Name: "Белова Ольга",
		Phones: []crm.Phone{{E164: "+79002000004"}}, City: "Тула"}}, false)
	if err != nil {
		t.Fatal(err)
	}
	rows := sheetOf("ФИО;Телефон;E-mail;Город;Размер обуви;Метки",
		"ИВАНОВ иван ПЕТРОВИЧ;8 (900) 123-45-67;Ivan@Romashka.ru;Омск;42;опт, VIP",
		"Ольга Белова;+7 900 200-00-04;olga@x.ru;Казань;;",
		"Пётр Сидоров;12345;;;;",
		";;;;44;",
		"Сидоров Пётр;+79003334455, 8-495-123-45-67 доб. 12;;;;")
	i := o.begin(o.as(o.owner), rows)
	came(t, i, crm.ImportCounts{New: 2, Changed: 1, Refused: 2})
	if i.State != crm.ImportChecked || i.Rows != 5 || len(o.cards()) != 1 {
		t.Errorf("after the check: %s, %d rows, cards %v", i.State, i.Rows, o.cards())
	}
	i, err = o.RunImport(t.Context(), crm.Actor{Member: o.owner, Cause: "run"}, i.ID, crm.ImportFill)
	if err != nil {
		t.Fatal(err)
	}
	i = o.work(i, rows)
	came(t, i, crm.ImportCounts{New: 2, Changed: 1, Refused: 2})
	if i.State != crm.ImportDone || i.Refused["phone-1"] != "4" || i.Refused["nobody"] != "5" {
		t.Errorf("got %s, refused %v", i.State, i.Refused)
	}
	cards := o.cards()
	ivan, petr, olga := cards["Иванов Иван Петрович"], cards["Сидоров Пётр"], cards["Белова Ольга"]
	if ivan.Phones[0].E164 != "+79001234567" || ivan.Emails[0] != "ivan@romashka.ru" || !slices.Equal(ivan.Tags, []string{"опт", "VIP"}) ||
		ivan.Owner != o.owner.ID || o.notes(ivan.ID) != "Размер обуви: 42" {
		t.Errorf("got %+v, notes %q", ivan.Profile, o.notes(ivan.ID))
	}
	if len(petr.Phones) != 2 || petr.Phones[1].Ext != "12" {
		t.Errorf("got %+v", petr.Phones)
	}
	if olga.ID != old.ID || olga.City != "Тула" || olga.Emails[0] != "olga@x.ru" || !strings.Contains(o.notes(olga.ID), "Казань") {
		t.Errorf("nothing of what was there may be overwritten, nothing of what came lost: %+v, notes %q", olga.Profile, o.notes(olga.ID))
	}
}

// The same file brings nobody twice, and adds no note twice, whether its rows have anything that must be unique or not.
func TestImport_twice(t *testing.T) {
	o := newOffice(t)
	rows := sheetOf("ФИО;Телефон;Компания;Комментарий",
		"Иванов Иван;+79001234567;;любит чай",
		"Сидоров Пётр;;ООО «Ромашка»;звонить утром",
		"Ким Анна;;;",
		"Иванов Иван;+79001234567;;второй раз в файле")
	came(t, o.take(rows, crm.ImportFill), crm.ImportCounts{New: 3, Changed: 1})
	again := o.take(rows, crm.ImportFill)
	came(t, again, crm.ImportCounts{Same: 4})
	if again.Again.IsZero() {
		t.Error("nobody says that the file was there before")
	}
	cards := o.cards()
	if len(cards) != 3 || o.notes(cards["Сидоров Пётр"].ID) != "звонить утром" {
		t.Errorf("got %v", cards)
	}
	if got := o.notes(cards["Иванов Иван"].ID); got != "второй раз в файле / любит чай" && got != "любит чай / второй раз в файле" {
		t.Errorf("notes %q", got)
	}
	o.clock.Advance(time.Minute)
	swapped := o.take(sheetOf("Имя;Организация", "Пётр Сидоров;Ромашка, ООО"), crm.ImportFill)
	came(t, swapped, crm.ImportCounts{Changed: 1}) // how the company is written goes to the notes
}

func TestImport_policies(t *testing.T) {
	for p, want := range map[crm.ImportPolicy]string{crm.ImportFill: "Тула", crm.ImportOverwrite: "Омск", crm.ImportPass: "Тула"} {
		o := newOffice(t)
		c, err := o.AddClient(t.Context(), o.as(o.owner), crm.Draft{Profile: crm.Profile{Name: "Ким", Emails: []string{"kim@x.ru"}, City: "Тула"}}, false)
		if err != nil {
			t.Fatal(err)
		}
		i := o.take(sheetOf("Имя;Почта;Город;Телефон", "Ким Анна;kim@x.ru;Омск;+79001234567"), p)
		got, err := o.Client(t.Context(), o.as(o.owner), c.ID)
		if err != nil || got.City != want || (len(got.Phones) == 0) != (p == crm.ImportPass) {
			t.Errorf("%s: got %+v, %v (%+v)", p, got.Profile, err, i.Counts)
		}
		if (i.Counts.Replaced == 1) != (p == crm.ImportOverwrite) {
			t.Errorf("%s: %+v", p, i.Counts)
		}
		if len(o.cards()) != 1 {
			t.Errorf("%s: %d cards", p, len(o.cards()))
		}
	}
}

// A manager brings in their own clients and touches nobody else's.
func TestImport_of_a_manager(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(42, "Иван Ли", crm.RoleManager)
	o.AddClient(t.Context(), o.as(o.owner), crm.Draft{Profile: crm.Profile{Name: "Чужая", Emails: []string{"a@x.ru"}}}, false)
	i := o.takeAs(o.as(ivan), sheetOf("Имя;Почта;Менеджер", "Моя;b@x.ru;Анна", "Чужая;a@x.ru;"), crm.ImportOverwrite)
	came(t, i, crm.ImportCounts{New: 1, Refused: 1})
	if c := o.cards()["Моя"]; c.Owner != ivan.ID || i.Refused["held"] != "3" || o.notes(c.ID) != "Менеджер: Анна" {
		t.Errorf("got %+v, %v, %q", c, i.Refused, o.notes(c.ID))
	}
	i = o.takeAs(o.as(o.owner), sheetOf("Имя;Почта;Менеджер", "Третья;c@x.ru;Ли Иван"), crm.ImportFill)
	if c := o.cards()["Третья"]; c.Owner != ivan.ID {
		t.Errorf("got %+v, %+v", c, i.Counts)
	}
}

func TestImport_remembers_the_columns(t *testing.T) {
	o := newOffice(t)
	rows := sheetOf("Имя;Телефон;Размер обуви;Цвет", "Ким;+79001234567;42;белый")
	by := o.as(o.owner)
	i, err := o.BeginImport(t.Context(), by, startOf(rows))
	if err != nil {
		t.Fatal(err)
	}
	for column, to := range map[int]crm.ImportTarget{2: crm.ImportNew, 3: crm.ImportSkip} {
		if i, err = o.MapColumn(t.Context(), by, i.ID, column, to); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.CheckImport(t.Context(), by, i.ID, 1); err != nil {
		t.Fatal(err)
	}
	o.work(i, rows)
	if i, err = o.RunImport(t.Context(), by, i.ID, crm.ImportFill); err != nil {
		t.Fatal(err)
	}
	o.work(i, rows)
	team, err := o.Team(t.Context(), o.as(o.owner))
	if err != nil || len(team.Fields) != 1 || team.Fields[0].Name != "Размер обуви" {
		t.Fatalf("fields %+v, %v", team.Fields, err)
	}
	if c := o.cards()["Ким"]; c.Custom[team.Fields[0].ID] != "42" || o.notes(c.ID) != "" {
		t.Errorf("got %+v, notes %q", c.Profile, o.notes(c.ID))
	}
	next, err := o.BeginImport(t.Context(), o.as(o.owner), startOf(sheetOf("Имя;Телефон;Размер обуви;Цвет", "Ли;+79001234568;43;синий")))
	if err != nil || next.Columns[2].To != crm.ImportTarget(crm.CustomKey(team.Fields[0].ID)) || next.Columns[3].To != crm.ImportSkip {
		t.Errorf("got %+v, %v", next.Columns, err)
	}
}

// A file without headings is taken as the last one whose columns looked the same; what was only looked at is no such file.
func TestImport_remembers_columns_without_headings(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	begin := func(lines ...string) crm.Import {
		t.Helper()
		by.Cause += "x"
		i, err := o.BeginImport(t.Context(), by, startOf(sheetOf(lines...)))
		if err != nil || i.Heading != 0 {
			t.Fatalf("heading %d, %v", i.Heading, err)
		}
		return i
	}
	to := func(i crm.Import) (list []crm.ImportTarget) {
		for _, c := range i.Columns {
			list = append(list, c.To)
		}
		return list
	}
	i := begin("Ким Анна;+79001234567;a@x.ru", "Ли Олег;+79001234568;b@x.ru")
	if _, err := o.MapColumn(t.Context(), by, i.ID, 2, crm.ImportSkip); err != nil {
		t.Fatal(err)
	}
	if _, err := o.StopImport(t.Context(), by, i.ID); err != nil {
		t.Fatal(err)
	}
	if got := to(begin("Цой Юрий;+79001234560;c@x.ru", "Ан Вера;+79001234569;d@x.ru")); got[2] != "emails" {
		t.Errorf("after one that was put away: %v", got)
	}
	rows := sheetOf("Ким Анна;+79001234567;a@x.ru", "Ли Олег;+79001234568;b@x.ru")
	if i = o.take(rows, crm.ImportFill); i.State != crm.ImportDone {
		t.Fatalf("got %+v", i)
	}
	if got := to(begin("+79001234561;Цой Юрий;c@x.ru", "+79001234569;Ан Вера;d@x.ru")); got[0] != "phones" || got[1] != "name" {
		t.Errorf("in another order: %v", got)
	}
}

// Whatever stops the work, it goes on behind what was taken, and what was taken counts once.
func TestImport_goes_on(t *testing.T) {
	o := newOffice(t)
	lines := []string{"Имя;Телефон"}
	for n := range 1700 {
		lines = append(lines, fmt.Sprintf("Клиент %d;+7900%07d", n%1600, 1000000+n%1600))
	}
	rows := sheetOf(lines...)
	by := o.as(o.owner)
	i := o.begin(by, rows)
	i, err := o.RunImport(t.Context(), by, i.ID, crm.ImportFill)
	if err != nil {
		t.Fatal(err)
	}
	down := errors.New("the network is down")
	if err := o.WorkImports(t.Context(), brokenRows{rows, 900, down}); !errors.Is(err, down) {
		t.Fatalf("got %v", err)
	}
	half, err := o.store.Import(t.Context(), i.Team, i.ID)
	if err != nil || half.Cursor == 0 || half.State != crm.ImportRunning {
		t.Fatalf("got %+v, %v", half, err)
	}
	lost := half // a process that was killed after it had written and before it could note that
	lost.Rev, lost.Cursor, lost.Counts = half.Rev+1, 1, crm.ImportCounts{}
	if err := o.store.SaveImport(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	i = o.work(i, rows)
	came(t, i, crm.ImportCounts{New: 1600, Same: 100})
	if i.State != crm.ImportDone || len(o.cards()) != 1600 {
		t.Errorf("%s, %d cards", i.State, len(o.cards()))
	}
}

func TestImport_is_stopped_and_undone(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	kim, err := o.AddClient(ctx, o.as(o.owner), crm.Draft{Profile: crm.Profile{Name: "Ким", Emails: []string{"kim@x.ru"}}}, false)
	if err != nil {
		t.Fatal(err)
	}
	before := o.cards()["Ким"]
	rows := sheetOf("Имя;Почта;Город;Заметка", "Ким;kim@x.ru;Омск;новая", "Ли;li@x.ru;;", "Пак;pak@x.ru;;", "Ли;li@x.ru;Тула;ещё")
	i := o.take(rows, crm.ImportFill)
	came(t, i, crm.ImportCounts{New: 2, Changed: 2})
	o.clock.Advance(time.Hour)
	if _, err := o.EditClient(ctx, o.as(o.owner), o.cards()["Пак"].ID, crm.Edit{Field: crm.FieldCity, Value: "Уфа"}); err != nil {
		t.Fatal(err)
	}
	// What is decided about a client's task touches no card.
	task := o.task(o.owner, crm.TaskInput{Client: kim.ID, Text: "позвонить", Due: o.clock.Now().Add(time.Hour)})
	if _, err := o.SnoozeTask(ctx, o.as(o.owner), task.ID, time.Time{}, o.clock.Now().Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	by := o.as(o.owner)
	if i, err = o.UndoImport(ctx, by, i.ID); err != nil {
		t.Fatal(err)
	}
	i = o.work(i, rows)
	cards := o.cards()
	if i.State != crm.ImportUndone || i.Counts.Undone != 3 || i.Counts.Kept != 1 || i.Kept[0] != cards["Пак"].ID || len(cards) != 2 {
		t.Errorf("got %s %+v, kept %v, cards %v", i.State, i.Counts, i.Kept, cards)
	}
	if kept, err := o.KeptClients(ctx, by, i.ID); err != nil || len(kept) != 1 || kept[0].Name != "Пак" {
		t.Errorf("kept %v, %v", kept, err)
	}
	if c := cards["Ким"]; c.City != before.City || c.LastNote != "" || o.notes(kim.ID) != "" {
		t.Errorf("got %+v, notes %q", c, o.notes(kim.ID))
	}
	late := o.take(sheetOf("Имя;Почта", "Цой;tsoy@x.ru"), crm.ImportFill)
	o.clock.Advance(week)
	if _, err := o.UndoImport(ctx, o.as(o.owner), late.ID); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("after a week: %v", err)
	}
}

// stoppingBase stops the import as soon as some of its rows are written.
type stoppingBase struct {
	crm.Store
	stop func()
}

func (b *stoppingBase) SaveClients(ctx context.Context, batch []crm.ClientChange) error {
	err := b.Store.SaveClients(ctx, batch)
	b.stop()
	return err
}

// reported is the world outside of an import, and notes of which import the rows that were not taken were sent.
type reported struct {
	rowsOf
	of *[]crm.Import
}

func (r reported) Report(_ context.Context, i crm.Import) error {
	*r.of = append(*r.of, i)
	return nil
}

func TestImport_cancelled(t *testing.T) {
	o := newOffice(t)
	lines := []string{"Имя;Телефон", "Без Телефона;123-45"}
	for n := range 2000 {
		lines = append(lines, fmt.Sprintf("Клиент Номер%d", n))
	}
	rows, by := sheetOf(lines...), o.as(o.owner)
	i := o.begin(by, rows)
	i, err := o.RunImport(t.Context(), by, i.ID, crm.ImportFill)
	if err != nil {
		t.Fatal(err)
	}
	desk := crm.NewDesk(&stoppingBase{o.store, func() { o.StopImport(t.Context(), by, i.ID) }}, o.clock)
	var sent []crm.Import
	mustAll(t, desk.WorkImports(t.Context(), reported{rows, &sent}))
	if len(sent) != 1 || sent[0].Counts.Refused != 1 {
		t.Errorf("what was not taken was sent of %+v", sent)
	}
	if i, err = o.Import(t.Context(), by, i.ID); err != nil {
		t.Fatal(err)
	}
	if n := len(o.cards()); i.State != crm.ImportCancelled || n == 0 || n == 2000 || i.Counts.New != n {
		t.Errorf("%s, %d cards, %+v", i.State, n, i.Counts)
	}
	if i, err = o.UndoImport(t.Context(), by, i.ID); err != nil {
		t.Fatal(err)
	}
	if i = o.work(i, rows); len(o.cards()) != 0 || i.State != crm.ImportUndone {
		t.Errorf("%s, %d cards are left", i.State, len(o.cards()))
	}
}

// What seems to be there is asked about one by one.
func TestImport_asks(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	for _, p := range []crm.Profile{{Name: "Ким", Emails: []string{"kim@x.ru"}}, {Name: "Ли", Emails: []string{"li@x.ru"}},
		{Name: "Иванов Иван", Company: "ООО «Ромашка»", Emails: []string{"ivan@x.ru"}}} {
		o.add(o.owner, p)
	}
	rows := sheetOf("Имя;Почта;Город;Компания", "Ким;kim@x.ru;Омск;", "Ли;li@x.ru;Уфа;", "Иван Иванов;other@x.ru;;Ромашка", "Пак;pak@x.ru;;")
	by := o.as(o.owner)
	i := o.begin(by, rows)
	came(t, i, crm.ImportCounts{New: 1, Changed: 2, Maybe: 1})
	_, err := o.TakeLikely(ctx, by, i.ID, crm.ImportAsk)
	mustAll(t, err)
	i, err = o.RunImport(ctx, by, i.ID, crm.ImportAsk)
	if err != nil {
		t.Fatal(err)
	}
	i = o.work(i, rows)
	came(t, i, crm.ImportCounts{New: 1, Maybe: 1, Asked: 3})
	if i.State != crm.ImportDone || i.Asked != "2-4" {
		t.Fatalf("%s, asked %q", i.State, i.Asked)
	}
	a, err := o.AskedImport(ctx, by, i.ID, rows[3])
	if err != nil || len(a.Cards) != 1 || a.Cards[0].Name != "Иванов Иван" || a.Certain {
		t.Errorf("got %+v, %v", a, err)
	}
	for n, p := range map[int]crm.ImportPolicy{1: crm.ImportFill, 2: crm.ImportPass, 3: crm.ImportAdd} {
		for range 2 { // a button pressed twice
			_, err = o.JudgeImport(ctx, by, i.ID, crm.Judgement{Row: rows[n], Policy: p})
		}
		if !errors.Is(err, crm.ErrConflict) {
			t.Errorf("row %d judged again: %v", n, err)
		}
	}
	i, _ = o.Import(ctx, by, i.ID)
	came(t, i, crm.ImportCounts{New: 2, Changed: 1, Passed: 1, Maybe: 1})
	cards := o.cards()
	if i.Asked != "" || cards["Ким"].City != "Омск" || cards["Ли"].City != "" || len(cards) != 5 {
		t.Errorf("asked %q, cards %v", i.Asked, cards)
	}
	if i, err = o.UndoImport(ctx, by, i.ID); err != nil {
		t.Fatal(err)
	}
	if i = o.work(i, rows); len(o.cards()) != 3 || o.cards()["Ким"].City != "" {
		t.Errorf("after the undo %v, %+v", o.cards(), i.Counts)
	}
}

// Who has a card's name and company, but another phone, is somebody new unless somebody says otherwise.
func TestImport_likely(t *testing.T) {
	for as, want := range map[crm.ImportPolicy]struct {
		counts crm.ImportCounts
		cards  int
		city   string
	}{
		"":             {crm.ImportCounts{New: 2, Maybe: 1}, 3, ""},
		crm.ImportAdd:  {crm.ImportCounts{New: 2, Maybe: 1}, 3, ""},
		crm.ImportSame: {crm.ImportCounts{New: 1, Changed: 1, Maybe: 1}, 2, "Омск"},
		crm.ImportAsk:  {crm.ImportCounts{New: 1, Asked: 1, Maybe: 1}, 2, ""},
	} {
		o := newOffice(t)
		old := o.add(o.owner, crm.Profile{Name: "Иванов Иван", Company: "ООО «Ромашка»", Emails: []string{"ivan@x.ru"}})
		rows := sheetOf("Имя;Почта;Город;Компания", "Иван Иванов;other@x.ru;Омск;Ромашка", "Пак;pak@x.ru;;")
		by := o.as(o.owner)
		i := o.begin(by, rows)
		came(t, i, crm.ImportCounts{New: 1, Maybe: 1})
		if as != "" {
			_, err := o.TakeLikely(t.Context(), by, i.ID, as)
			mustAll(t, err)
		}
		i, err := o.RunImport(t.Context(), by, i.ID, crm.ImportFill)
		mustAll(t, err)
		i = o.work(i, rows)
		came(t, i, want.counts)
		got, err := o.Client(t.Context(), by, old.ID)
		if err != nil || got.City != want.city || len(o.cards()) != want.cards || i.Done() != 2 {
			t.Errorf("%q: city %q, %d cards, %d rows done, %v", as, got.City, len(o.cards()), i.Done(), err)
		}
		mustAll(t, o.SearchPairs(t.Context()))
		if pairs := o.pairs(); (pairs == 1) != (want.cards == 3) {
			t.Errorf("%q: %d pairs to be compared", as, pairs)
		}
		if _, err := o.TakeLikely(t.Context(), by, i.ID, crm.ImportPass); !errors.Is(err, crm.ErrInvalid) {
			t.Errorf("what is none of the choices: %v", err)
		}
	}
}

// That somebody else looks after a client of that name is no affair of a manager's.
func TestImport_likely_of_others(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(42, "Иван Ли", crm.RoleManager)
	o.add(o.owner, crm.Profile{Name: "Иванов Иван", Company: "Ромашка", Emails: []string{"ivan@x.ru"}})
	rows, by := sheetOf("Имя;Почта;Компания", "Иван Иванов;other@x.ru;Ромашка"), o.as(ivan)
	i := o.begin(by, rows)
	came(t, i, crm.ImportCounts{New: 1})
	_, err := o.TakeLikely(t.Context(), by, i.ID, crm.ImportSame)
	mustAll(t, err)
	i, err = o.RunImport(t.Context(), by, i.ID, crm.ImportFill)
	mustAll(t, err)
	came(t, o.work(i, rows), crm.ImportCounts{New: 1})
}

func TestRun(t *testing.T) {
	var r crm.Run
	for _, n := range []int{3, 4, 5, 9, 11, 7, 10, 5} {
		r = r.Add(n)
	}
	if r != "3-5,7,9-11" || r.Len() != 7 || !r.Has(10) || r.Has(8) || r.First() != 3 {
		t.Errorf("got %q, %d", r, r.Len())
	}
	for n, want := range map[int]crm.Run{4: "3,5,7,9-11", 7: "3-5,9-11", 3: "4-5,7,9-11", 8: "3-5,7,9-11"} {
		if got := r.Without(n); got != want {
			t.Errorf("without %d: %q", n, got)
		}
	}
	if got := crm.Run("5").Without(5); got != "" || got.First() != 0 {
		t.Errorf("got %q", got)
	}
}

func TestTidyName(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	names := [][2]string{{"ИВАНОВ ИВАН ПЕТРОВИЧ", "Иванов Иван Петрович"}, {"иван петрович иванов", "Иванов Иван Петрович"}, {"Иван Иванов", "Иванов Иван"},
		{"Иванов Иван", "Иванов Иван"}, {"салтыков-щедрин михаил", "Салтыков-Щедрин Михаил"}, {"SMITH, JOHN", "Smith John"}, {"John Smith", "John Smith"},
		{"IVAN PETROVICH IVANOV", "Ivanov Ivan Petrovich"}, {"ООО «РОМАШКА»", "ООО «РОМАШКА»"}, {"Иванов И. И.", "Иванов И. И."}, {"мамедов али оглы", "Мамедов Али оглы"},
		{"Ольга", "Ольга"}, {"Анна Ким", "Ким Анна"}, {"Ким Анна", "Ким Анна"}, {"ИВАНОВ Иван", "Иванов Иван"}, {"McDonald Ronald", "McDonald Ronald"}}
	lines := []string{"ФИО;Телефон"}
	for _, n := range names {
		lines = append(lines, n[0]+";")
	}
	rows := sheetOf(lines...)
	i, err := o.BeginImport(t.Context(), by, startOf(rows))
	if err != nil {
		t.Fatal(err)
	}
	got, err := o.ReadImport(t.Context(), by, i.ID, rows)
	if err != nil {
		t.Fatal(err)
	}
	for n, l := range got {
		if l.Draft.Profile.Name != names[n][1] {
			t.Errorf("%s: got %q, want %q", names[n][0], l.Draft.Profile.Name, names[n][1])
		}
	}
}

// TestImportChoices: only what makes a difference is asked for.
func TestImportChoices(t *testing.T) {
	several := map[string]crm.Run{"several": crm.Run("").Add(2)}
	all, none := crm.ImportPolicies, []crm.ImportPolicy(nil)
	for name, c := range map[string]struct {
		i     crm.Import
		want  []crm.ImportPolicy
		makes int
	}{
		"new":              {crm.Import{Counts: crm.ImportCounts{New: 2}}, none, 2},
		"twice in a file":  {crm.Import{Counts: crm.ImportCounts{New: 1, Double: 1}}, none, 1},
		"known":            {crm.Import{Counts: crm.ImportCounts{Changed: 1}}, all, 0},
		"like a card":      {crm.Import{Counts: crm.ImportCounts{New: 1, Maybe: 1}}, none, 2},
		"asked apart":      {crm.Import{Counts: crm.ImportCounts{New: 1, Maybe: 1}, Likely: crm.ImportAsk}, none, 1},
		"the same":         {crm.Import{Counts: crm.ImportCounts{Maybe: 1}, Likely: crm.ImportSame}, all[:3], 0},
		"several":          {crm.Import{Counts: crm.ImportCounts{New: 1, Refused: 1}, Refused: several}, []crm.ImportPolicy{crm.ImportAsk}, 1},
		"same and several": {crm.Import{Counts: crm.ImportCounts{Maybe: 1, Refused: 1}, Likely: crm.ImportSame, Refused: several}, all, 0},
	} {
		if got := c.i.Choices(); !slices.Equal(got, c.want) || c.i.Makes() != c.makes {
			t.Errorf("%s: got %v and %d new, want %v and %d", name, got, c.i.Makes(), c.want, c.makes)
		}
	}
}
