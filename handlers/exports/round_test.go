package exports

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"pgregory.net/rapid"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/export"
	"kartoteka/crm/intake"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/locales"
	"kartoteka/store/sqlite"
)

// post is a messenger that keeps what is sent.
type post struct {
	chat.Messenger
	files []sent
}

type sent struct {
	name string
	data []byte
}

func (p *post) Upload(_ context.Context, _ int64, name string, content io.Reader, _ string) (int64, error) {
	data, err := io.ReadAll(content)
	p.files = append(p.files, sent{name, data})
	return 1, err
}

func (p *post) Edit(context.Context, int64, int64, chat.Screen) error { return nil }

// base is a team of its own.
type base struct {
	*crm.Desk
	t       testing.TB
	store   *sqlite.Store
	clock   *clockwork.FakeClock
	by      crm.Member
	catalog *locales.Catalog
	post    post
	n       int
}

var catalog = sync.OnceValues(locales.Load)

func newBase(t testing.TB, dir, lang string) *base {
	t.Helper()
	st, err := sqlite.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	b := &base{t: t, store: st, clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))}
	b.Desk = crm.NewDesk(st, b.clock)
	claim, err := b.Open(t.Context(), crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: lang})
	if err == nil {
		b.by, err = b.Claim(t.Context(), crm.Newcomer{User: 1, Name: "Анна Петрова", Lang: lang}, claim, "u1")
	}
	if err == nil {
		b.catalog, err = catalog()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *base) as() crm.Actor {
	b.n++
	return crm.Actor{Member: b.by, Cause: crm.Cause(fmt.Sprintf("t%d", b.n))}
}

func (b *base) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// export makes the files of all that there is.
func (b *base) export(format crm.ExportFormat, most int64) []sent {
	b.t.Helper()
	by := b.as()
	_, err := b.BeginExport(b.t.Context(), by, crm.ExportInput{Format: format, Chat: 1, Screen: 1})
	b.must(err)
	b.must(b.WorkExports(b.t.Context(), Office{Out: &b.post, Catalog: b.catalog, Store: b.store, Most: most, Failed: func(err error) { b.t.Error(err) }}))
	e, err := b.ExportOf(b.t.Context(), by)
	b.must(err)
	if e.State != crm.ExportDone {
		b.t.Fatalf("the export is %s %s", e.State, e.Problem)
	}
	return b.post.files
}

// mail is a file that is imported.
type mail []byte

func (m mail) Open(context.Context, crm.Import) (crm.ImportRows, error) {
	return intake.Open(m, intake.Options{Region: "RU", Today: civil.Date{Year: 2026, Month: 11, Day: 20}})
}
func (m mail) Tell(context.Context, crm.Import)         {}
func (m mail) Report(context.Context, crm.Import) error { return nil }

// take imports a file as it comes, with nothing asked.
func (b *base) take(file []byte) crm.Import {
	b.t.Helper()
	rows, err := mail(file).Open(b.t.Context(), crm.Import{})
	b.must(err)
	var sample []crm.ImportRow
	for len(sample) < 60 {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		b.must(err)
		row.Cells = slices.Clone(row.Cells)
		sample = append(sample, row)
	}
	by := b.as()
	i, err := b.BeginImport(b.t.Context(), by, crm.ImportStart{File: crm.ImportFile{Hash: fmt.Sprint(b.n)}, Sample: sample, Rows: len(sample)})
	b.must(err)
	_, err = b.CheckImport(b.t.Context(), by, i.ID, 1)
	b.must(err)
	b.must(b.WorkImports(b.t.Context(), mail(file)))
	_, err = b.RunImport(b.t.Context(), by, i.ID, crm.ImportFill)
	b.must(err)
	b.must(b.WorkImports(b.t.Context(), mail(file)))
	i, err = b.Import(b.t.Context(), by, i.ID)
	b.must(err)
	return i
}

// told are the clients by their names, each as what a file of the format holds of it, in words that do not depend on the base.
func (b *base) told(format crm.ExportFormat) map[string]string {
	b.t.Helper()
	team, err := b.Team(b.t.Context(), b.as())
	b.must(err)
	all, err := b.store.Clients(b.t.Context(), crm.ClientQuery{Team: b.by.Team, Sort: crm.SortByName, Limit: 1000})
	b.must(err)
	told := map[string]string{}
	for _, c := range all {
		if c.Owner != b.by.ID {
			b.t.Errorf("%s is %s's", c.Name, c.Owner)
		}
		custom := map[string]string{}
		c = export.Kept(format, c)
		for id, v := range c.Custom {
			f, _ := team.Field(id)
			custom[f.Name] = v
		}
		owner := ""
		if c.Owner != "" {
			owner = b.by.Name
		}
		c.Custom = nil
		r := crm.RecordOf(c, owner)
		r.ID = ""
		if format == crm.ExportJSON || format == crm.ExportJSONL {
			r.History, r.Tasks = b.hanging(c)
		}
		raw, err := json.MarshalIndent(r, "", " ")
		b.must(err)
		if told[c.Name] != "" {
			b.t.Errorf("%s is there twice", c.Name)
		}
		told[c.Name] = fmt.Sprint(string(raw), custom)
	}
	return told
}

// less are the lines of a that b does not have.
func less(a, b string) string {
	has := strings.Split(b, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(a, "\n"), func(line string) bool { return slices.Contains(has, line) }), "\n")
}

func (b *base) hanging(c crm.Client) (history []crm.ExportTouch, tasks []crm.ExportTask) {
	touches, err := b.store.Touches(b.t.Context(), crm.TouchQuery{Team: c.Team, Client: c.ID, Limit: 100})
	b.must(err)
	for _, t := range touches {
		t.ID = ""
		history = append(history, crm.TouchRecord(t, map[crm.MemberID]string{b.by.ID: b.by.Name}))
	}
	list, err := b.store.Tasks(b.t.Context(), crm.TaskQuery{Team: c.Team, Client: c.ID, Limit: 100})
	b.must(err)
	for _, t := range list {
		t.ID, t.Created = "", time.Time{}
		tasks = append(tasks, crm.TaskRecord(t, b.by.Name))
	}
	return history, tasks
}

// Whatever is in a base comes back from a file as far as the file's format holds it, with nothing asked.
func TestRoundTrip(t *testing.T) {
	dir, n := t.TempDir(), 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		format := rapid.SampledFrom([]crm.ExportFormat{crm.ExportXLSX, crm.ExportCSV, crm.ExportVCF, crm.ExportJSON, crm.ExportJSONL}).Draw(rt, "format")
		lang := rapid.SampledFrom([]string{"ru", "en"}).Draw(rt, "lang")
		from := newBase(t, filepath.Join(dir, fmt.Sprintf("%d.from.db", n)), lang)
		to := newBase(t, filepath.Join(dir, fmt.Sprintf("%d.to.db", n)), lang)
		defer func() { _, _ = from.store.Close(), to.store.Close() }()
		from.fill(rt)
		from.clock.Advance(time.Hour)
		to.clock.Advance(2 * time.Hour)
		files := from.export(format, 0)
		if len(files) != 1 {
			rt.Fatalf("%d files", len(files))
		}
		i := to.take(files[0].data)
		if i.State != crm.ImportDone || i.Counts.Refused > 0 {
			rt.Fatalf("%s: the import is %s %s, refused %v\n%s", format, i.State, i.Problem, i.Refused, files[0].data)
		}
		want, got := from.told(format), to.told(format)
		for name, is := range want {
			if got[name] != is {
				rt.Errorf("%s in %s: of %q there is no\n%s\nthere is\n%s", format, lang, name, less(is, got[name]), less(got[name], is))
			}
		}
		if len(got) != len(want) {
			rt.Errorf("%s in %s: %d clients became %d", format, lang, len(want), len(got))
		}
	})
}

// Namesakes of one company come back each by themselves, whichever of them has a phone.
func TestNamesakesComeBack(t *testing.T) {
	dir := t.TempDir()
	from := newBase(t, filepath.Join(dir, "from.db"), "ru")
	t.Cleanup(func() { _ = from.store.Close() })
	for _, p := range []crm.Profile{{Position: "директор"}, {Position: "кладовщик"}, {Phones: []crm.Phone{{E164: "+79001234567"}}}} {
		p.Name, p.Company = "Строгов Евгений", "ИП Строгов"
		_, err := from.AddClient(t.Context(), from.as(), crm.Draft{Profile: p}, true)
		from.must(err)
	}
	from.clock.Advance(time.Hour)
	for _, format := range []crm.ExportFormat{crm.ExportXLSX, crm.ExportCSV, crm.ExportVCF, crm.ExportJSON, crm.ExportJSONL} {
		to := newBase(t, filepath.Join(dir, string(format)+".db"), "ru")
		t.Cleanup(func() { _ = to.store.Close() })
		i := to.take(from.exportAnew(format, 0)[0].data)
		n, err := to.store.CountClients(t.Context(), crm.ClientQuery{Team: to.by.Team}, 10)
		if err != nil || n != 3 || i.Counts.New != 3 || i.Counts.Maybe != 2 {
			t.Errorf("%s: three clients became %d, %v: %+v", format, n, err, i.Counts)
		}
	}
}

// hostile are texts that a table could take for something else.
var hostile = []string{"=1+1", "=cmd|' /C calc'!A0", "'=1", "''", "@SUM(A1)", "-5", "+7", "нет", "No", "Ромашка; Ко", `Он "сказал"`, "a, b", "<b>&amp;", "1985", "0012", "12.05.2020", "1e5", "Ёж 🦔", `\n;\,`, "="}

func line(rt *rapid.T, label string) string {
	return rapid.OneOf(rapid.Just(""), rapid.SampledFrom(hostile), rapid.SampledFrom([]string{"Омск", "ООО «Ромашка»", "Закупщик"})).Draw(rt, label)
}

// fill makes some clients, each with a name of its own.
func (b *base) fill(rt *rapid.T) {
	ctx := b.t.Context()
	var fields []crm.FieldID
	for _, f := range []crm.CustomField{{Name: "Размер", Kind: crm.FieldText}, {Name: "Скидка", Kind: crm.FieldNumber}, {Name: "Договор до", Kind: crm.FieldDate},
		{Name: "Сорт", Kind: crm.FieldChoice, Choices: []string{"Первый", "Второй"}}} {
		team, err := b.AddField(ctx, b.as(), f)
		b.must(err)
		fields = append(fields, team.Fields[len(team.Fields)-1].ID)
	}
	for i := range rapid.IntRange(1, 5).Draw(rt, "clients") {
		p := b.profile(rt, i, fields)
		c, err := b.AddClient(ctx, b.as(), crm.Draft{Profile: p}, true)
		b.must(err)
		for f, values := range map[crm.Field][]string{crm.FieldStage: {"lead", "negotiation", "client"}, crm.FieldStatus: {"active", "vip", "blacklisted: не платит: совсем"}} {
			_, err := b.EditClient(ctx, b.as(), c.ID, crm.Edit{Field: f, Value: rapid.SampledFrom(values).Draw(rt, string(f)), Force: true})
			b.must(err)
		}
		b.hang(rt, c.ID)
	}
}

func (b *base) profile(rt *rapid.T, i int, fields []crm.FieldID) crm.Profile {
	day := func(label string) civil.Date {
		return rapid.SampledFrom([]civil.Date{{}, {Month: 2, Day: 29}, {Year: 1985, Month: 5, Day: 12}, {Year: 1890 + 60, Month: 1, Day: 1}}).Draw(rt, label)
	}
	p := crm.Profile{Name: strings.TrimSpace(rapid.SampledFrom(append([]string{"Иван Петров", "иванов", "SMITH John"}, hostile...)).Draw(rt, "name") + fmt.Sprintf(" Кто%c", 'а'+rune(i))),
		Kind: rapid.SampledFrom(crm.Kinds).Draw(rt, "kind"), Company: line(rt, "company"), Position: line(rt, "position"), City: line(rt, "city"),
		Address: line(rt, "address"), Source: line(rt, "source"), Channel: rapid.SampledFrom(crm.Channels).Draw(rt, "channel"), Birthday: day("birthday")}
	if rapid.Bool().Draw(rt, "phones") {
		p.Phones = []crm.Phone{{E164: fmt.Sprintf("+7916000000%d", i)}, {E164: fmt.Sprintf("+7495000000%d", i), Ext: "102"}}
		p.Emails = []string{fmt.Sprintf("a%d@x.ru", i), fmt.Sprintf("b.%d@пример.рф", i)}[:1]
		p.TelegramID = int64(5_000_000_000 + i)
	}
	if rapid.Bool().Draw(rt, "wrong") {
		p.Phones = append(p.Phones, crm.Phone{E164: fmt.Sprintf("+712%d", i)})
	}
	if rapid.Bool().Draw(rt, "accounts") {
		p.Messengers = []crm.Messenger{{Kind: "telegram", Handle: fmt.Sprintf("bvolkov%d", i)}, {Kind: "whatsapp", Handle: fmt.Sprintf("+7903000000%d", i)},
			{Kind: "vk", Handle: fmt.Sprintf("id%d", i+7)}, {Kind: "skype", Handle: fmt.Sprintf("live:a%d", i)}, {Kind: "site", Handle: fmt.Sprintf("https://x%d.ru/a?b=1", i)}, {Kind: "max", Handle: fmt.Sprintf("volkov%d", i)}}
	}
	if d := day("date"); !d.IsZero() {
		p.Dates = []crm.OtherDate{{Label: "Свадьба", Day: d, Lead: 5}, {Label: "Договор: новый", Day: civil.Date{Year: 2027, Month: 3, Day: 1}, Once: true, Lead: 3}}
	}
	for _, list := range []*[]string{&p.Tags, &p.Interests} {
		*list = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"опт", "=vip", "-5", "нет", "b2b|x", "* my", "'кав"}), 0, 3, rapid.ID[string]).Draw(rt, "tags")
	}
	p.Custom = map[crm.FieldID]string{}
	for n, values := range [][]string{hostile, {"12.5", "-3", "1000000"}, {"2027-01-15", "1890-02-03"}, {"Первый"}} {
		if rapid.Bool().Draw(rt, "custom") {
			p.Custom[fields[n]] = rapid.SampledFrom(values).Draw(rt, "value")
		}
	}
	return p
}

// hang gives a client a history and tasks.
func (b *base) hang(rt *rapid.T, id crm.ClientID) {
	ctx := b.t.Context()
	for range rapid.IntRange(0, 2).Draw(rt, "touches") {
		b.clock.Advance(time.Minute)
		_, err := b.LogTouch(ctx, b.as(), id, rapid.SampledFrom([]crm.TouchInput{{Kind: crm.TouchCall, Outcome: crm.OutcomeBought, Text: "=1\nвторая строка",
			Purchase: &crm.Purchase{What: "Кофе", Sum: 1_840_050, Currency: "RUB"}}, {Kind: crm.TouchNote, Text: "@любит собак"},
			{Kind: crm.TouchMeeting, Direction: crm.DirectionIn, Outcome: crm.OutcomeOffer, Next: b.clock.Now().Add(72 * time.Hour)}}).Draw(rt, "touch"))
		b.must(err)
	}
	if rapid.Bool().Draw(rt, "task") {
		_, err := b.AddTask(ctx, b.as(), crm.TaskInput{Client: id, Text: "Позвонить", Due: b.clock.Now().In(b.by.Location()).Add(26 * time.Hour), Repeat: moment.RepeatWeekly})
		b.must(err)
	}
	if rapid.Bool().Draw(rt, "decided") {
		b.clock.Advance(time.Minute)
		b.decide(id)
	}
}

// decide puts a task about a client off, and has the nearest birthday be a task.
func (b *base) decide(id crm.ClientID) {
	ctx := b.t.Context()
	task, err := b.AddTask(ctx, b.as(), crm.TaskInput{Client: id, Text: "Отправить КП", Due: b.clock.Now().In(b.by.Location()).Add(time.Hour)})
	b.must(err)
	_, err = b.SnoozeTask(ctx, b.as(), task.ID, time.Time{}, b.clock.Now().In(b.by.Location()).Add(50*time.Hour))
	b.must(err)
	b.clock.Advance(time.Minute) // entries of one time come in the order of their ids, which are others where they come back
	c, err := b.Client(ctx, b.as(), id)
	b.must(err)
	if !c.Birthday.IsZero() {
		_, err = b.HandOverOccasion(ctx, b.as(), id, crm.Finish{Kind: crm.RemindBirthday}, b.by.ID)
		b.must(err)
	}
}
