package crm_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// recordsOf are the rows of a file of ours.
func recordsOf(records ...string) rowsOf {
	head := &crm.ExportHead{Content: crm.ExportContent, Version: 1, Fields: []crm.ExportField{{ID: "f1", Name: "Скидка", Kind: crm.FieldNumber}}}
	var rows rowsOf
	for i, raw := range records {
		rows = append(rows, crm.ImportRow{N: i + 1, Record: crm.DecodeRecord([]byte(raw), head)})
	}
	return rows
}

// Whatever a file of ours says is judged as if it were typed.
func TestRecordsAreJudged(t *testing.T) {
	for name, one := range map[string]struct{ record, why string }{
		"fine":                  {`{"name":"Иванов"}`, ""},
		"no record":             {`7`, "record"},
		"no name":               {`{"phones":[{"e164":"+79001234567"}]}`, "name"},
		"no phone":              {`{"name":"Иванов","phones":[{"e164":"<b>"}]}`, "phone"},
		"phones by the hundred": {`{"name":"Иванов","phones":[` + manyPhones(30) + `]}`, "phones"},
		"no address":            {`{"name":"Иванов","emails":["нет"]}`, "email"},
		"born tomorrow":         {`{"name":"Иванов","birthday":"2999-01-01"}`, "birthday"},
		"no date":               {`{"name":"Иванов","dates":[{"label":"","day":"2020-01-01"}]}`, "date"},
		"a long tag":            {`{"name":"Иванов","tags":["` + strings.Repeat("x", 61) + `"]}`, "tags"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			i := o.take(recordsOf(one.record), crm.ImportFill)
			why := ""
			for _, r := range i.Reasons() {
				why += r.What
			}
			if i.State != crm.ImportDone || why != one.why {
				t.Errorf("it is %s, refused for %q, want %q", i.State, why, one.why)
			}
		})
	}
}

func manyPhones(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`{"e164":"+7900%07d"}`, i))
	}
	return strings.Join(all, ",")
}

// What this version has no place for is in the notes; what cannot be is not on the card.
func TestRecordsOfAnotherHand(t *testing.T) {
	o := newOffice(t)
	record := `{"name":"Иванов","kind":"emperor","stage":"heaven","status":"blacklisted","shoe":"42","created":"2999-01-01T00:00:00Z","touches":-7,
		"bought":{"sum":-5,"currency":"rubles"},"custom":{"f1":"12.5","f2":"x"},"sealed":{"f9":"open"},"team":"far","owner":"Бог",
		"history":[{"id":"h1","kind":"call","at":"2999-01-01T00:00:00Z","by":"Бог"},{"id":"h2","kind":"undone"},{"id":"h3","kind":"note","text":"любит кофе","at":"2020-01-02T03:04:05Z"}],
		"tasks":[{"text":"Позвонить","state":"open","due":"2027-01-01T10:00:00Z","wall":"2027-01-01T13:00","zone":"Europe/Moscow","assignee":"Бог"},{"text":"x","zone":"Nowhere/At_All"}]}`
	i := o.take(recordsOf(record), crm.ImportFill)
	c := o.cards()["Иванов"]
	if i.Counts.New != 1 || c.Team != o.owner.Team || c.Owner != o.owner.ID || c.Kind != crm.KindPerson || c.Stage != crm.StageLead || c.Status != crm.StatusPaused {
		t.Fatalf("%+v %+v", i.Counts, c)
	}
	if c.Created.After(o.clock.Now()) || c.Touches < 0 || c.Bought.Sum != 0 || len(c.Sealed) > 0 {
		t.Errorf("the card is %+v", c)
	}
	team, err := o.Team(t.Context(), o.as(o.owner))
	if err != nil || len(team.Fields) != 1 || team.Fields[0].Kind != crm.FieldNumber || c.Custom[team.Fields[0].ID] != "12.5" {
		t.Errorf("fields %+v, values %v, %v", team.Fields, c.Custom, err)
	}
	if notes := o.notes(c.ID); !strings.Contains(notes, "shoe: 42") || !strings.Contains(notes, "любит кофе") {
		t.Errorf("notes: %s", notes)
	}
	for _, touch := range o.touches(c.ID) {
		if touch.By != o.owner.ID || touch.At.After(o.clock.Now()) || touch.Kind == crm.TouchUndone {
			t.Errorf("the history has %+v", touch)
		}
	}
	tasks, err := o.store.Tasks(t.Context(), crm.TaskQuery{Team: c.Team, Client: c.ID, Limit: 9})
	if err != nil || len(tasks) != 1 || tasks[0].Assignee != o.owner.ID {
		t.Errorf("tasks %+v, %v", tasks, err)
	}
}

// A file that goes back into the base that it came from brings nothing twice; what it brought goes when the import is undone.
func TestRecordsGoBack(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Иванов Пётр", Phones: []crm.Phone{{E164: "+79001234567"}}})
	o.touch(o.owner, c.ID, crm.TouchInput{Kind: crm.TouchCall, Text: "звонил"})
	own := o.touches(c.ID)[0]
	o.clock.Advance(time.Minute)
	entry := fmt.Sprintf(`{"id":%q,"kind":"call","text":"звонил","at":%q}`, own.ID, own.At.Format(time.RFC3339Nano))
	other := `{"id":"elsewhere","kind":"meeting","text":"встреча","at":"2026-11-01T09:00:00Z"}`
	record := `{"name":"Иванов Пётр","phones":[{"e164":"+79001234567"}],"history":[` + entry + "," + other + `]}`
	i := o.take(recordsOf(record), crm.ImportFill)
	again := o.take(recordsOf(record), crm.ImportFill)
	if i.Counts.Changed != 1 || again.Counts.Same != 1 || len(o.touches(c.ID)) != 2 || o.look(c.ID).Touches != 2 {
		t.Fatalf("%+v then %+v, history %v", i.Counts, again.Counts, o.touches(c.ID))
	}
	if _, err := o.UndoImport(t.Context(), o.as(o.owner), i.ID); err != nil {
		t.Fatal(err)
	}
	o.work(i, recordsOf(record))
	left := slices.DeleteFunc(o.touches(c.ID), func(touch crm.Touch) bool { return touch.Kind == crm.TouchUndone })
	if len(left) != 1 || left[0].ID != own.ID || o.look(c.ID).Touches != 1 {
		t.Errorf("left are %+v, the card counts %d", left, o.look(c.ID).Touches)
	}
}

// A file of ours that overwrites leaves the reason of the blacklist, and takes one that it brings.
func TestTheBlacklistKeepsItsReason(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Иванов Пётр", Phones: []crm.Phone{{E164: "+79001234567"}}})
	if _, err := o.EditClient(t.Context(), o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldStatus, Value: "blacklisted: не платит", Force: true}); err != nil {
		t.Fatal(err)
	}
	record := `{"name":"Иванов Пётр","phones":[{"e164":"+79001234567"}],"status":"blacklisted","company":"Ромашка"%s}`
	for _, one := range []struct{ says, want string }{{``, "не платит"}, {`,"status_reason":"скандалит"`, "скандалит"}} {
		o.take(recordsOf(fmt.Sprintf(record, one.says)), crm.ImportOverwrite)
		if is := o.look(c.ID); is.Status != crm.StatusBlocked || is.StatusReason != one.want || is.Company != "Ромашка" {
			t.Errorf("with %q the card is %s for %q", one.says, is.Status, is.StatusReason)
		}
	}
	o.take(sheetOf("Имя;Телефон;Статус", "Иванов Пётр;+79001234567;в чёрном списке"), crm.ImportOverwrite)
	if is := o.look(c.ID); is.Status != crm.StatusBlocked || is.StatusReason == "" {
		t.Errorf("after a table the card is %s for %q", is.Status, is.StatusReason)
	}
}

// A date that the card has no more room for is noted, be the file what counts.
func TestOverwritingDropsNoDate(t *testing.T) {
	o := newOffice(t)
	p := crm.Profile{Name: "Иванов Пётр", Phones: []crm.Phone{{E164: "+79001234567"}}}
	for i := range 20 {
		p.Dates = append(p.Dates, crm.OtherDate{Label: fmt.Sprint("день ", i), Day: civil.Date{Year: 2000, Month: 5, Day: i + 1}})
	}
	c := o.add(o.owner, p)
	for range 2 {
		o.take(recordsOf(`{"name":"Иванов Пётр","phones":[{"e164":"+79001234567"}],"dates":[{"label":"свадьба","day":"2001-06-12"}]}`), crm.ImportOverwrite)
	}
	if is := o.look(c.ID); len(is.Dates) != 20 || is.Dates[0].Label != "Свадьба" {
		t.Errorf("the card has %d dates, the first is %v", len(is.Dates), is.Dates[0])
	}
	if notes := o.notes(c.ID); strings.Count(notes, "день 19") != 1 {
		t.Errorf("noted is %q", notes)
	}
}

// What was planned long ago elsewhere moves nothing that is planned here; what a file plans is taken where nothing is.
func TestHistoryPlansNothingAnew(t *testing.T) {
	o := newOffice(t)
	now := o.clock.Now()
	for name, one := range map[string]struct{ here, there, want time.Time }{
		"planned here":      {now.Add(week), now.Add(-50 * week), now.Add(week)},
		"nothing planned":   {time.Time{}, now.Add(-50 * week), time.Time{}},
		"still to come":     {time.Time{}, now.Add(2 * week), now.Add(2 * week)},
		"planned otherwise": {now.Add(week), now.Add(2 * week), now.Add(week)},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			c := o.add(o.owner, crm.Profile{Name: "Иванов Пётр", Phones: []crm.Phone{{E164: "+79001234567"}}})
			if !one.here.IsZero() {
				o.touch(o.owner, c.ID, crm.TouchInput{Kind: crm.TouchCall, Next: one.here})
			}
			o.take(recordsOf(fmt.Sprintf(`{"name":"Иванов Пётр","phones":[{"e164":"+79001234567"}],
				"history":[{"id":"h","kind":"call","text":"x","at":"2024-03-01T09:00:00Z","next":%q}]}`, one.there.Format(time.RFC3339))), crm.ImportFill)
			if is := o.look(c.ID); !is.NextContact.Equal(one.want) || is.FirstContact.Year() != 2024 {
				t.Errorf("the next contact is %s, want %s; the first was %s", is.NextContact, one.want, is.FirstContact)
			}
		})
	}
}

// The tasks of a record that was asked about come with the card that it becomes.
func TestTasksOfARecordThatWasAskedAbout(t *testing.T) {
	o := newOffice(t)
	o.add(o.owner, crm.Profile{Name: "Иванов Пётр", Phones: []crm.Phone{{E164: "+79001234567"}}})
	rows := recordsOf(`{"name":"Иванова Анна","phones":[{"e164":"+79001234567"}],
		"tasks":[{"text":"Позвонить","state":"open","due":"2027-01-01T10:00:00Z","wall":"2027-01-01T13:00","zone":"Europe/Moscow"}]}`)
	by := o.as(o.owner)
	i := o.takeAs(by, rows, crm.ImportAsk)
	if i.Counts.Asked != 1 {
		t.Fatalf("%+v", i.Counts)
	}
	for range 2 { // a second press judges nothing, and makes no task twice
		_, _ = o.JudgeImport(t.Context(), by, i.ID, crm.Judgement{Row: rows[0], Policy: crm.ImportAdd})
	}
	tasks, err := o.store.Tasks(t.Context(), crm.TaskQuery{Team: i.Team, Client: o.cards()["Иванова Анна"].ID, Limit: 9})
	if err != nil || len(tasks) != 1 || tasks[0].Text != "Позвонить" {
		t.Errorf("tasks %+v, %v", tasks, err)
	}
}

// What the dry run says of a file is what comes of it: namesakes are somebody new each, and named as alike, unless a phone or every word is
// the same.
func TestTheDryRunKnowsNamesakes(t *testing.T) {
	for name, one := range map[string]struct {
		rows               []string
		fresh, maybe, seen int
	}{
		"two phones":          {[]string{"Иванов Пётр;+79001234567;Ромашка", "Иванов Пётр;+79001234568;Ромашка"}, 1, 1, 0},
		"one phone":           {[]string{"Иванов Пётр;+79001234567;Ромашка", "Иванов Пётр;+79001234567;Ромашка"}, 1, 0, 1},
		"one without a phone": {[]string{"Иванов Пётр;+79001234567;Ромашка", "Иванов Пётр;;Ромашка"}, 1, 1, 0},
		"and the other way":   {[]string{"Иванов Пётр;;Ромашка", "Иванов Пётр;+79001234567;Ромашка"}, 1, 1, 0},
		"neither has one":     {[]string{"Иванов Пётр;;", "Иванов Пётр;;"}, 1, 0, 1},
		"nor a company":       {[]string{"Иванов Пётр;+79001234567;", "Иванов Пётр;;"}, 1, 1, 0},
		"two companies":       {[]string{"Иванов Пётр;+79001234567;Ромашка", "Иванов Пётр;;Вега"}, 2, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			rows := sheetOf(append([]string{"Имя;Телефон;Компания"}, one.rows...)...)
			came(t, o.begin(o.as(o.owner), rows), crm.ImportCounts{New: one.fresh, Maybe: one.maybe, Double: one.seen})
			came(t, o.take(rows, crm.ImportFill), crm.ImportCounts{New: one.fresh + one.maybe, Maybe: one.maybe, Same: one.seen})
		})
	}
}

// A manager's file is a manager's doing, whatever names it has.
func TestAManagerForgesNobody(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(20, "Иван", crm.RoleManager)
	record := `{"name":"Иванов","owner":"Анна","history":[{"id":"h","kind":"call","text":"x","by":"Анна","at":"2026-11-01T09:00:00Z"}],
		"tasks":[{"text":"Позвонить","state":"open","due":"2027-01-01T10:00:00Z","wall":"2027-01-01T13:00","zone":"Europe/Moscow","assignee":"Анна"}]}`
	o.takeAs(o.as(ivan), recordsOf(record), crm.ImportFill)
	c := o.cards()["Иванов"]
	tasks, err := o.store.Tasks(t.Context(), crm.TaskQuery{Team: c.Team, Client: c.ID, Limit: 9})
	if c.Owner != ivan.ID || o.touches(c.ID)[0].By != ivan.ID || err != nil || len(tasks) != 1 || tasks[0].Assignee != ivan.ID {
		t.Errorf("the card is %s's, its history %s's, its tasks %+v, %v", c.Owner, o.touches(c.ID)[0].By, tasks, err)
	}
}

// What keeps a cell from being run is taken off again, whatever the cell is.
func TestGuard(t *testing.T) {
	for _, cell := range []string{"", "Иванов", "=1+1", "'=1", "''=1", "'", "''", "+7 900", "-5", "@SUM(A1)", "a=b", "\t=1", "\r1", "'7", "'a"} {
		for _, book := range []bool{false, true} {
			out := crm.Guard(cell, book)
			if !book && out != "" && strings.ContainsRune("=+-@\t\r", rune(out[0])) {
				t.Errorf("%q goes out as %q", cell, out)
			}
			if back := crm.Unguarded(out); back != cell {
				t.Errorf("%q goes out as %q and comes back as %q", cell, out, back)
			}
		}
	}
}

// What a colleague did whom this team does not know stands as the importer's, with a word on whose it was; so does whose client it was.
func TestRecordsOfStrangers(t *testing.T) {
	o := newOffice(t)
	vera := o.hire(61, "Вера Ким", crm.RoleManager)
	rows := recordsOf(`{"name":"Иванов","owner":"Ivan Lee","history":[
		{"id":"h1","kind":"call","text":"просил счёт","at":"2020-01-02T03:04:05Z","by":"Ivan Lee"},
		{"id":"h2","kind":"call","at":"2020-01-03T03:04:05Z","by":"Ivan Lee"},
		{"id":"h3","kind":"call","text":"сам","at":"2020-01-04T03:04:05Z","by":"` + o.owner.Name + `"},
		{"id":"h4","kind":"call","text":"её","at":"2020-01-05T03:04:05Z","by":"Вера Ким"}]}`)
	start := startOf(rows)
	start.Labels = map[crm.ImportTarget]string{crm.ImportOwner: "Ответственный"}
	by := o.as(o.owner)
	i, err := o.BeginImport(t.Context(), by, start)
	mustAll(t, err)
	_, err = o.CheckImport(t.Context(), by, i.ID, 1)
	mustAll(t, err)
	if i = o.work(i, rows); !slices.Equal(i.Strangers, []string{"Ivan Lee"}) {
		t.Errorf("strangers %q", i.Strangers)
	}
	_, err = o.RunImport(t.Context(), by, i.ID, crm.ImportFill)
	mustAll(t, err)
	o.work(i, rows)
	c := o.cards()["Иванов"]
	var got []string
	for _, touch := range o.touches(c.ID) {
		if touch.Kind == crm.TouchCall {
			got = append(got, touch.Text)
			if (touch.By == vera.ID) != (touch.Text == "её") {
				t.Errorf("%q is by %s", touch.Text, touch.By)
			}
		}
	}
	slices.Sort(got)
	if want := []string{"Ivan Lee", "Ivan Lee: просил счёт", "её", "сам"}; !slices.Equal(got, want) || o.notes(c.ID) != "Ответственный: Ivan Lee" {
		t.Errorf("got %q, want %q; notes %q", got, want, o.notes(c.ID))
	}
}

// What is still to be done by a record whose card is there is a note of it, once; what the card has on its own list is none.
func TestRecordsOfACardThatIsThere(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Иванова Анна", Emails: []string{"a@x.ru"}})
	due := o.clock.Now().Add(100 * time.Hour)
	_, err := o.AddTask(t.Context(), o.as(o.owner), crm.TaskInput{Text: "Отправить счёт", Client: c.ID, Due: due})
	mustAll(t, err)
	task := `{"text":"%s","state":"%s","due":"%s","wall":"2027-01-01T13:00","zone":"Europe/Moscow"}`
	record := `{"name":"Иванова Анна","emails":["a@x.ru"],"tasks":[` + strings.Join([]string{fmt.Sprintf(task, "Позвонить", "open", "2027-01-01T10:00:00Z"),
		fmt.Sprintf(task, "Старое", "done", "2020-01-01T10:00:00Z"), fmt.Sprintf(task, "Отправить счёт", "open", due.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano))}, ",") + `]}`
	for range 2 {
		o.clock.Advance(time.Minute)
		o.take(recordsOf(record), crm.ImportFill)
	}
	if got := o.notes(c.ID); got != "Позвонить · 2027-01-01 13:00" {
		t.Errorf("notes %q", got)
	}
}

// What can be neither an entry nor a task here is a note; what is more than a record may hold is refused with all of it.
func TestRecordsLoseNothing(t *testing.T) {
	o := newOffice(t)
	task := `{"text":"%s","state":"open","due":"2027-01-01T10:00:00Z","wall":"2027-01-01T13:00","zone":"%s"}`
	many := func(n int) string {
		return strings.TrimSuffix(strings.Repeat(fmt.Sprintf(task, "Платёж", "Europe/Moscow")+",", n), ",")
	}
	long := strings.Repeat("ъ ", 4500)
	i := o.take(recordsOf(`{"name":"Иванов","history":[{"id":"h1","kind":"fax","text":"пришёл факс"},{"id":"h2","kind":"call","text":"`+long+`"},
		{"id":"h3","kind":"decision","decision":{"what":"prophecy","text":"вернётся"}},{"id":"h4","kind":"undone","text":"ошибка"},
		{"id":"h5","kind":"note","files":[{"id":"f","kind":"photo"}]}],
		"tasks":[`+fmt.Sprintf(task, "Слетать", "Mars/Olympus")+`,`+many(600)+`]}`,
		`{"name":"Петров","tasks":[`+many(10_001)+`]}`), crm.ImportFill)
	c := o.cards()["Иванов"]
	notes := o.notes(c.ID)
	for _, said := range []string{"пришёл факс", "вернётся", "Слетать · 2027-01-01 13:00"} {
		if !strings.Contains(notes, said) {
			t.Errorf("%q is not in the notes", said)
		}
	}
	if n := strings.Count(notes, "ъ"); n != 4500 || strings.Contains(notes, "ошибка") {
		t.Errorf("%d letters of 4500", n)
	}
	tasks, err := o.store.Tasks(t.Context(), crm.TaskQuery{Team: c.Team, Client: c.ID, Limit: 9999})
	if err != nil || len(tasks) != 600 {
		t.Errorf("%d tasks of 600, %v", len(tasks), err)
	}
	if why := i.Reasons(); i.Counts.New != 1 || len(why) != 1 || why[0].What != "record_long" {
		t.Errorf("%+v, refused for %+v", i.Counts, why)
	}
}

// Words beside a phone are kept with it; more than there is room for are a note.
func TestImportDropsNoWordsBesideAPhone(t *testing.T) {
	o := newOffice(t)
	long := strings.Repeat("спросить секретаря ", 25) + "добавочный забыли"
	o.take(sheetOf("Имя;Телефон", "Длинный Телефон;+79001234567 "+long), crm.ImportOverwrite)
	list, err := o.List(t.Context(), o.as(o.owner), crm.ClientQuery{Sort: crm.SortByNewest, Limit: 1})
	if err != nil || len(list) != 1 || len(list[0].Phones) != 1 || list[0].Phones[0].E164 != "+79001234567" {
		t.Fatalf("got %+v, %v", list, err)
	}
	if notes := o.notes(list[0].ID); !strings.Contains(notes, long) {
		t.Errorf("noted is %q", notes)
	}
}
