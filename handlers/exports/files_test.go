package exports

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/export"
	"kartoteka/crm/intake"
	"kartoteka/crm/moment"
	"kartoteka/crm/sheet"
	"kartoteka/locales"
)

// full is a base with so many clients, each with a phone, a birthday, a note and a task.
func full(t *testing.T, lang string, n int) *base {
	b := newBase(t, filepath.Join(t.TempDir(), "full.db"), lang)
	t.Cleanup(func() { _ = b.store.Close() })
	for i := range n {
		c, err := b.AddClient(t.Context(), b.as(), crm.Draft{Profile: crm.Profile{Name: fmt.Sprintf("Клиент Номер%d", i), Company: strings.Repeat("Ромашка и компаньоны ", 3),
			Phones: []crm.Phone{{E164: fmt.Sprintf("+79160%06d", i)}}, Birthday: civil.Date{Year: 1988, Month: 2, Day: 29},
			Dates: []crm.OtherDate{{Label: "Свадьба", Day: civil.Date{Month: 6, Day: 12}}, {Label: "Договор", Day: civil.Date{Year: 2027, Month: 1, Day: 15}, Once: true}}}}, true)
		b.must(err)
		b.clock.Advance(time.Minute)
		_, err = b.LogTouch(t.Context(), b.as(), c.ID, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeBought, Text: "=СУММ(A1)",
			Purchase: &crm.Purchase{What: "Кофе", Sum: 1_840_050, Currency: "RUB"}})
		b.must(err)
		_, err = b.AddTask(t.Context(), b.as(), crm.TaskInput{Client: c.ID, Text: "Позвонить; важно", Due: b.clock.Now().Add(time.Hour)})
		b.must(err)
	}
	b.clock.Advance(time.Minute)
	return b
}

func rowsOf(t *testing.T, data []byte) (names []string) {
	t.Helper()
	rows, err := intake.Open(data, intake.Options{Region: "RU", Today: civil.Date{Year: 2026, Month: 11, Day: 20}})
	if err != nil {
		t.Fatalf("%v\n%.300s", err, data)
	}
	for {
		row, err := rows.Next()
		if err == io.EOF {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case row.Draft != nil:
			names = append(names, row.Draft.Profile.Name)
		case row.Record != nil:
			names = append(names, row.Record.Name)
		case strings.HasPrefix(row.Cells[0], "Клиент "):
			names = append(names, row.Cells[0])
		}
	}
}

// What is too large for one file comes as several, each whole by itself, and nothing of it stays on the disk.
func TestSeveralFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	b := full(t, "ru", 40)
	var want []string
	for i := range 40 {
		want = append(want, fmt.Sprintf("Клиент Номер%d", i))
	}
	slices.Sort(want)
	for _, format := range []crm.ExportFormat{crm.ExportCSV, crm.ExportVCF, crm.ExportJSON, crm.ExportJSONL} {
		b.post.files = nil
		files := b.export(format, 6000)
		var got []string
		for i, f := range files {
			if len(f.data) > 6000 || len(files) < 3 {
				t.Errorf("%s: file %d of %d has %d bytes", format, i+1, len(files), len(f.data))
			}
			if name := fmt.Sprintf("клиенты 2026-11-20 %d.%s", i+1, format); f.name != name {
				t.Errorf("it is called %q, not %q", f.name, name)
			}
			got = append(got, rowsOf(t, f.data)...)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %d clients in %d files: %v", format, len(got), len(files), got)
		}
	}
	for _, f := range b.exportAnew(crm.ExportICS, 6000) {
		if !bytes.HasPrefix(f.data, []byte("BEGIN:VCALENDAR\r\n")) || !bytes.HasSuffix(f.data, []byte("END:VCALENDAR\r\n")) || len(f.data) > 6000 {
			t.Errorf("a calendar of %d bytes: %.60q", len(f.data), f.data)
		}
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || slices.ContainsFunc(left, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), "kartoteka-export") }) {
		t.Errorf("there is left %v, %v", left, err)
	}
}

func (b *base) exportAnew(format crm.ExportFormat, most int64) []sent {
	b.post.files = nil
	return b.export(format, most)
}

// A book that is too large is several, and each opens.
func TestSeveralBooks(t *testing.T) {
	const most = 400_000
	b := newBase(t, filepath.Join(t.TempDir(), "books.db"), "ru")
	t.Cleanup(func() { _ = b.store.Close() })
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range 500 {
		var address strings.Builder
		for range 1000 {
			address.WriteRune('а' + rune(noise.IntN(32)))
		}
		_, err := b.AddClient(t.Context(), b.as(), crm.Draft{Profile: crm.Profile{Name: fmt.Sprintf("Клиент Номер%d", i), Address: address.String() + "."}}, true)
		b.must(err)
	}
	b.clock.Advance(time.Minute)
	seen := map[string]bool{}
	files := b.export(crm.ExportXLSX, most)
	for _, f := range files {
		if len(files) < 2 || len(f.data) > most*5/4 {
			t.Errorf("%s of %d has %d bytes", f.name, len(files), len(f.data))
		}
		for _, name := range rowsOf(t, f.data) {
			seen[name] = true
		}
	}
	if len(seen) != 500 {
		t.Errorf("%d clients are in %d books", len(seen), len(files))
	}
}

// Each heading of ours is known to our own import, in both languages, and so is each word of a choice.
func TestHeadingsAreRecognised(t *testing.T) {
	for _, lang := range []string{"ru", "en"} {
		b := full(t, lang, 1)
		_, err := b.AddField(t.Context(), b.as(), crm.CustomField{Name: "Размер", Kind: crm.FieldText})
		b.must(err)
		for _, format := range []crm.ExportFormat{crm.ExportCSV, crm.ExportXLSX} {
			to := newBase(t, filepath.Join(t.TempDir(), "to.db"), lang)
			t.Cleanup(func() { _ = to.store.Close() })
			i := to.take(b.exportAnew(format, 0)[0].data)
			if i.Program != "kartoteka" || i.Heading != 1 {
				t.Errorf("%s %s: a file of %q, headings in row %d", lang, format, i.Program, i.Heading)
			}
			targets := map[crm.ImportTarget]int{}
			for _, c := range i.Columns {
				if targets[c.To]++; c.To == "" || c.To == crm.ImportNote || strings.HasPrefix(string(c.To), "x.") != (c.Heading == "Размер") {
					t.Errorf("%s %s: %q is taken for %q", lang, format, c.Heading, c.To)
				}
			}
			for to, n := range targets {
				if n > 1 && to != crm.ImportSkip {
					t.Errorf("%s %s: %d columns are taken for %s", lang, format, n, to)
				}
			}
		}
		texts := words{b.catalog.For(lang)}
		for f, values := range map[crm.Field][]string{crm.FieldStage: strs(crm.Stages), crm.FieldStatus: strs(crm.Statuses), crm.FieldClientKind: strs(crm.Kinds), crm.FieldChannel: strs(crm.Channels)} {
			for _, v := range values {
				if v == string(crm.StatusBlocked) { // which stands with its reason: TestRoundTrip
					continue
				}
				if got, ok := crm.ChoiceOf(f, texts.Value(string(f), v)); !ok || got != v {
					t.Errorf("%s: %s %q comes back as %q", lang, f, texts.Value(string(f), v), got)
				}
			}
		}
	}
}

func strs[S ~string](list []S) (out []string) {
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

// A table opens in Excel by itself: a mark that says UTF-8, the language's separator, nothing that runs.
func TestTableForExcel(t *testing.T) {
	for lang, comma := range map[string]rune{"ru": ';', "en": ','} {
		data := full(t, lang, 1).exportAnew(crm.ExportCSV, 0)[0].data
		text, marked := bytes.CutPrefix(data, []byte("\uFEFF"))
		r := csv.NewReader(bytes.NewReader(text))
		r.Comma = comma
		rows, err := r.ReadAll()
		if !marked || err != nil || len(rows) != 2 || len(rows[0]) != len(rows[1]) || !bytes.HasSuffix(data, []byte("\r\n")) {
			t.Fatalf("%s: %v %q", lang, err, data)
		}
		for _, cell := range rows[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("%s: Excel runs %q", lang, cell)
			}
		}
		if !slices.Contains(rows[1], "1988-02-29") || !slices.Contains(rows[1], "'+79160000000") || !slices.Contains(rows[1], map[string]string{"ru": "18400,50", "en": "18400.50"}[lang]) {
			t.Errorf("%s: %q", lang, rows[1])
		}
	}
}

// A book has typed cells, headings that stay and can be filtered by, and a sheet a kind of record.
func TestBook(t *testing.T) {
	data := full(t, "ru", 2).exportAnew(crm.ExportXLSX, 0)[0].data
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(raw)
	}
	for i, name := range []string{"Клиенты", "История", "Дела", "Даты"} {
		sheet := parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)]
		if !strings.Contains(parts["xl/workbook.xml"], `name="`+name+`"`) || !strings.Contains(sheet, `state="frozen"`) || !strings.Contains(sheet, `<autoFilter ref="A1:`) {
			t.Errorf("sheet %s: %.400s", name, sheet)
		}
		if strings.Contains(sheet, "<f>") {
			t.Errorf("sheet %s has a formula", name)
		}
	}
	cards, history := parts["xl/worksheets/sheet1.xml"], parts["xl/worksheets/sheet2.xml"]
	for _, cell := range []string{`s="2"><v>32202</v>`, `s="4"><v>18400.5</v>`, `s="5" t="inlineStr"><is><t xml:space="preserve">+79160000000</t>`} {
		if !strings.Contains(cards, cell) {
			t.Errorf("no cell %s in %s", cell, cards)
		}
	}
	if !strings.Contains(history, `<t xml:space="preserve">=СУММ(A1)</t>`) {
		t.Errorf("the history is %s", history)
	}
	if _, err := sheet.Open(data, sheet.Limits{}); err != nil {
		t.Error(err)
	}
}

// A calendar keeps to RFC 5545: its lines, a day without its year, 29 February, what comes once.
func TestCalendar(t *testing.T) {
	b := full(t, "ru", 1)
	_, err := b.AddTask(t.Context(), b.as(), crm.TaskInput{Text: strings.Repeat("Отвезти договор на подпись ", 10), Due: b.clock.Now().Add(time.Hour)})
	b.must(err)
	data := string(b.exportAnew(crm.ExportICS, 0)[0].data)
	for line := range strings.SplitSeq(strings.TrimSuffix(data, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	whole := strings.ReplaceAll(data, "\r\n ", "")
	for _, want := range []string{"VERSION:2.0\r\n", "PRODID:", "DTSTART;VALUE=DATE:19880229\r\nTRANSP:TRANSPARENT\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
		"DTSTART;VALUE=DATE:20260612\r\nTRANSP:TRANSPARENT\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Свадьба: Клиент Номер0",
		"DTSTART;VALUE=DATE:20270115\r\nTRANSP:TRANSPARENT\r\nSUMMARY:Договор", "DTSTART:20261120T100100Z\r\nDURATION:PT30M\r\nSUMMARY:Позвонить\\; важно — Клиент Номер0"} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in\n%s", want, whole)
		}
	}
	if events := regexp.MustCompile(`BEGIN:VEVENT\r\nUID:[^\r]+@kartoteka\r\nDTSTAMP:\d{8}T\d{6}Z\r\nDTSTART`).FindAllString(whole, -1); len(events) != 5 {
		t.Errorf("%d events in\n%s", len(events), whole)
	}
}

// What repeats is a rule, at the hour of the wall: a zone that changes its clocks would move it else.
func TestCalendar_repeats(t *testing.T) {
	b := full(t, "ru", 0)
	due := time.Date(2026, time.December, 31, 9, 0, 0, 0, mustZone(t, "Europe/Moscow"))
	for _, r := range []moment.Repeat{moment.RepeatWeekly, moment.RepeatWeekly.On([]time.Weekday{time.Monday, time.Thursday}).Every(2), moment.RepeatMonthly, moment.RepeatDaily} {
		_, err := b.AddTask(t.Context(), b.as(), crm.TaskInput{Text: "Отчёт " + string(r), Due: due, Repeat: r})
		b.must(err)
	}
	data := string(b.exportAnew(crm.ExportICS, 0)[0].data)
	for _, want := range []string{"DTSTART:20261231T090000\r\nDURATION:PT30M\r\nRRULE:FREQ=WEEKLY\r\n", "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=MO,TH\r\n",
		"RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1\r\n", "RRULE:FREQ=DAILY\r\n"} {
		if !strings.Contains(data, want) {
			t.Errorf("no %q in\n%s", want, data)
		}
	}
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A phone's book shows who it is: the parts of a name in their places, of a person in a company's card too.
func TestCardsOfPeople(t *testing.T) {
	b := newBase(t, filepath.Join(t.TempDir(), "cards.db"), "en")
	t.Cleanup(func() { _ = b.store.Close() })
	for _, p := range []crm.Profile{{Name: "Grace Watson"}, {Name: "Иван Петров"}, {Name: "Holley George", Kind: crm.KindCorporate, Company: "Acme"},
		{Name: "Globex", Kind: crm.KindCorporate}, {Name: "Иванов, Пётр"}} {
		_, err := b.AddClient(t.Context(), b.as(), crm.Draft{Profile: p}, true)
		b.must(err)
	}
	b.clock.Advance(time.Minute)
	book := string(b.export(crm.ExportVCF, 0)[0].data)
	for _, want := range []string{"N:Watson;Grace;;;\r\nFN:Grace Watson\r\n", "N:Петров;Иван;;;\r\nFN:Иван Петров\r\n", "N:George;Holley;;;\r\nFN:Holley George\r\nORG:Acme\r\n",
		"N:;;;;\r\nFN:Globex\r\nORG:Globex\r\nX-ABSHOWAS:COMPANY\r\n", "N:;Иванов\\, Пётр;;;\r\n"} {
		if !strings.Contains(book, want) {
			t.Errorf("no %q in\n%s", want, book)
		}
	}
}

// A record of each client is JSON by itself, and says what version it is of.
func TestRecords(t *testing.T) {
	b := full(t, "en", 3)
	var whole struct {
		Kartoteka string
		Version   int
		Clients   []map[string]any
	}
	if err := json.Unmarshal(b.exportAnew(crm.ExportJSON, 0)[0].data, &whole); err != nil || whole.Kartoteka != "clients" || whole.Version != 1 || len(whole.Clients) != 3 {
		t.Errorf("%+v, %v", whole, err)
	}
	for line := range strings.Lines(string(b.exportAnew(crm.ExportJSONL, 0)[0].data)) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
	for _, hidden := range []string{"keys", "terms", "words", "sealed", "rev", "team"} {
		if _, there := whole.Clients[0][hidden]; there {
			t.Errorf("%s leaves", hidden)
		}
	}
}

// What was decided, and an occasion that was handed over, are in words: on a card of which nothing else is told too.
func TestDecisionsInWords(t *testing.T) {
	b := newBase(t, filepath.Join(t.TempDir(), "decided.db"), "ru")
	t.Cleanup(func() { _ = b.store.Close() })
	c, err := b.AddClient(t.Context(), b.as(), crm.Draft{Profile: crm.Profile{Name: "Иванов Пётр", Birthday: civil.Date{Month: 11, Day: 22}}}, true)
	b.must(err)
	b.decide(c.ID)
	b.clock.Advance(time.Minute)
	book := b.exportAnew(crm.ExportXLSX, 0)[0].data
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	b.must(err)
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		b.must(err)
		raw, err := io.ReadAll(r)
		b.must(err)
		parts[f.Name] = string(raw)
	}
	history, tasks := parts["xl/worksheets/sheet2.xml"], parts["xl/worksheets/sheet3.xml"]
	for _, want := range []string{">отложено<", ">Отправить КП → 22 ноября 2026 14:00<", ">передано<", "День рождения, 22 ноября → Анна Петрова"} {
		if !strings.Contains(history, want) {
			t.Errorf("no %s in the history: %s", want, history)
		}
	}
	if want := ">Поздравить: Иванов Пётр<"; !strings.Contains(tasks, want) {
		t.Errorf("no %s in the tasks: %s", want, tasks)
	}
	if ics := string(b.exportAnew(crm.ExportICS, 0)[0].data); strings.Contains(ics, "Иванов Пётр — Иванов") || !strings.Contains(ics, "SUMMARY:Поздравить: Иванов Пётр\r\n") {
		t.Errorf("the calendar is %s", ics)
	}
}

// Nobody to export is no file and no failure.
func TestNobody(t *testing.T) {
	b := newBase(t, filepath.Join(t.TempDir(), "none.db"), "ru")
	t.Cleanup(func() { _ = b.store.Close() })
	if files := b.export(crm.ExportVCF, 0); len(files) != 0 {
		t.Errorf("%d files", len(files))
	}
}

var _ export.Words = words{&locales.Texts{}}
