package sqlite

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/spell"
)

// How many clients, e.g. BENCH_CLIENTS=10000,100000,1000000.
const benchSizes = "BENCH_CLIENTS"

const benchBatch = 10000 // clients a transaction

func sizes(b *testing.B, otherwise string) []int {
	text := os.Getenv(benchSizes)
	if text == "" {
		text = otherwise
	}
	var out []int
	for _, s := range strings.Split(text, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}

// town makes clients that are distributed like those of a real base: few first names, many surnames of which
// some are very common, phones that are all different.
type town struct {
	r        *rand.Rand
	surnames []string
	names    []string
	common   *rand.Zipf
}

func newTown() *town {
	t := &town{r: rand.New(rand.NewPCG(1, 2))}
	for range 30000 {
		t.surnames = append(t.surnames, t.word(3)+[]string{"ов", "ев", "ин", "ова", "ева", "ина", "ский"}[t.r.IntN(7)])
	}
	for range 200 {
		t.names = append(t.names, t.word(2))
	}
	t.common = rand.NewZipf(t.r, 1.1, 20, uint64(len(t.surnames)-1))
	return t
}

func (t *town) word(syllables int) string {
	var b strings.Builder
	for range syllables {
		b.WriteRune([]rune("бвгджзклмнпрстфхч")[t.r.IntN(17)])
		b.WriteRune([]rune("аеиоуя")[t.r.IntN(6)])
	}
	return b.String()
}

func (t *town) change(i int) crm.ClientChange {
	last, first, middle := t.surnames[t.common.Uint64()], t.names[t.r.IntN(200)], t.names[t.r.IntN(200)]+"ович"
	company, city := t.surnames[t.r.IntN(len(t.surnames))], t.names[t.r.IntN(200)]+"ск"
	phone := fmt.Sprintf("79%09d", t.r.IntN(1e9))
	back := []byte(phone)
	slices.Reverse(back)
	email := fmt.Sprintf("%s%d", first, i)
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	team := crm.TeamID("AbCdEfGhIjKlMnOp")
	c := crm.Client{
		ID: crm.NewClientID(team, "bench", i), Team: team, Rev: 1, Schema: crm.SchemaVersion,
		Profile: crm.Profile{Name: last + " " + first + " " + middle, Kind: crm.KindPerson, Company: "ООО " + company,
			Position: "директор по закупкам", Phones: []crm.Phone{{E164: "+" + phone}}, Emails: []string{email + "@example.ru"},
			City: city, Address: "улица Ленина, 1", Source: "выставка", Tags: []string{"опт"}},
		Stage: crm.Stages[t.r.IntN(5)], Status: crm.Statuses[t.r.IntN(6)],
		Owner:     crm.MemberID(fmt.Sprintf("AbCdEfGhIjKlM%03d", t.r.IntN(20))),
		LastTouch: at.Add(time.Duration(t.r.IntN(1000)) * time.Hour), Confirmed: at, Created: at, Updated: at,
		LastNote: "просил прислать новый прайс и позвонить после праздников", SortName: last + " " + first + " " + middle,
		Terms: []string{last, first, middle, company, city, "опт", phone, string(back), email, "директор"},
		Words: []string{last, first, middle, company, city}, Keys: []string{"p+" + phone, "e" + email + "@example.ru"},
		TagKeys: []string{"опт"},
	}
	return crm.ClientChange{Client: c, Event: crm.Event{
		ID: crm.Cause("u1").EventID(i), Team: team, Schema: crm.SchemaVersion, Action: crm.ActionAddClient, Record: string(c.ID), Rev: 1, By: c.Owner, At: at}}
}

// clock measures time and, since the machine may have other work, the processor time of this process.
type clock struct{ wall, cpu time.Duration }

func (c *clock) measure(work func()) {
	wall, cpu := time.Now(), processorTime()
	work()
	c.wall += time.Since(wall)
	c.cpu += processorTime() - cpu
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// load fills the store; it returns the time spent in it.
func load(b *testing.B, s *Store, n int) clock {
	t := newTown()
	var spent clock
	for i := 0; i < n; {
		var batch []crm.ClientChange
		for ; i < n && len(batch) < benchBatch; i++ {
			batch = append(batch, t.change(i))
		}
		spent.measure(func() {
			if err := s.SaveClients(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
		})
	}
	return spent
}

// raw inserts the same documents by one prepared statement into one table without an index.
func raw(b *testing.B, n int) clock {
	db, err := connect(filepath.Join(b.TempDir(), "raw.db"), writerCache, 1, "query_only(0)")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(`CREATE TABLE raw (id TEXT, doc TEXT)`); err != nil {
		b.Fatal(err)
	}
	t := newTown()
	var spent clock
	for i := 0; i < n; {
		var ids, docs []string
		for ; i < n && len(docs) < benchBatch; i++ {
			c := t.change(i).Client
			doc, _ := json.Marshal(c)
			ids, docs = append(ids, string(c.ID)), append(docs, string(doc))
		}
		spent.measure(func() { insertRaw(b, db, ids, docs) })
	}
	return spent
}

func insertRaw(b *testing.B, db *sql.DB, ids, docs []string) {
	begun, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	st, err := begun.Prepare(`INSERT INTO raw (id, doc) VALUES (?, ?)`)
	if err != nil {
		b.Fatal(err)
	}
	for i := range ids {
		if _, err := st.Exec(ids[i], docs[i]); err != nil {
			b.Fatal(err)
		}
	}
	if err := begun.Commit(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkBulkInsert compares SaveClients, with all that a card is found by and its event, to the bare insert.
func BenchmarkBulkInsert(b *testing.B) {
	for _, n := range sizes(b, "100000") {
		b.Run(fmt.Sprintf("clients=%d", n), func(b *testing.B) {
			for b.Loop() {
				bare := raw(b, n)
				full := load(b, openTemp(b), n)
				b.ReportMetric(float64(n)/full.wall.Seconds(), "clients/s")
				b.ReportMetric(float64(n)/bare.wall.Seconds(), "raw/s")
				b.ReportMetric(bare.wall.Seconds()/full.wall.Seconds(), "of-raw")
				b.ReportMetric(bare.cpu.Seconds()/full.cpu.Seconds(), "of-raw-cpu")
			}
		})
	}
}

// BenchmarkSearch measures the searches that people make at several sizes. "x" is the time as a multiple of
// that at the first size.
func BenchmarkSearch(b *testing.B) {
	first := map[string]float64{} // search → ns at the first size
	for _, n := range sizes(b, "10000,100000") {
		s := openTemp(b)
		load(b, s, n)
		for _, c := range searches(b, s) {
			b.Run(fmt.Sprintf("clients=%d/%s", n, c.name), func(b *testing.B) {
				i, cards := 0, 0
				for b.Loop() {
					cards += c.run(i)
					i++
				}
				b.ReportMetric(float64(cards)/float64(i), "cards")
				ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
				if first[c.name] == 0 {
					first[c.name] = ns
				}
				b.ReportMetric(ns/first[c.name], "x")
			})
		}
		_ = s.Close()
	}
}

func begin(w string, n int) string { return string([]rune(w)[:n]) }

// mistyped has another third letter.
func mistyped(w string) string { return begin(w, 2) + "щ" + strings.TrimPrefix(w, begin(w, 3)) }

type benchSearch struct {
	name string
	run  func(i int) (cards int)
}

func searches(b *testing.B, s *Store) []benchSearch {
	t := newTown()
	var asked []crm.Client // clients that exist in every size
	for i := range 500 {
		asked = append(asked, t.change(i).Client)
	}
	find := func(owner crm.MemberID, groups ...crm.TermGroup) int {
		q := crm.TermQuery{Team: asked[0].Team, Owner: owner, Groups: groups, Limit: 50}
		cards, err := s.SearchClients(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		return len(cards)
	}
	word := func(w string) crm.TermGroup { return crm.TermGroup{Exact: []string{w}, Prefixes: []string{w}} }
	near := func(w string) []string {
		words, err := s.WordsNear(b.Context(), asked[0].Team, append(spell.Variants(w), w), 20)
		if err != nil {
			b.Fatal(err)
		}
		return words
	}
	at := func(i int) crm.Client { return asked[i%len(asked)] }
	list := func(q crm.ClientQuery) int {
		q.Team, q.Limit = asked[0].Team, 10
		cards, err := s.Clients(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		return len(cards)
	}
	return []benchSearch{
		{"phone", func(i int) int { return find("", word(begin(at(i).Terms[7], 8))) }},
		{"phone_end", func(i int) int { return find("", word(begin(at(i).Terms[7], 4))) }},
		{"surname", func(i int) int { return find("", word(at(i).Terms[0])) }},
		{"beginning", func(i int) int { return find("", word(begin(at(i).Terms[0], 2))) }},
		{"two_words", func(i int) int { return find("", word(at(i).Terms[0]), word(at(i).Terms[1])) }},
		{"two_beginnings", func(i int) int { return find("", word(begin(at(i).Terms[0], 3)), word(begin(at(i).Terms[1], 1))) }},
		{"own_clients", func(i int) int { return find(at(i).Owner, word(at(i).Terms[0]), word(begin(at(i).Terms[1], 3))) }},
		{"nothing", func(i int) int { return find("", word(at(i).Terms[0]), word(at(i).Terms[1]), word("щщщ")) }},
		{"typo_words", func(i int) int { return len(near(mistyped(at(i).Terms[0]))) }},
		{"typo", func(i int) int {
			if words := near(mistyped(at(i).Terms[0])); len(words) > 0 {
				return find("", crm.TermGroup{Exact: words})
			}
			return 0
		}},
		{"list_by_name", func(i int) int {
			c := at(i).Mark(crm.SortByName)
			return list(crm.ClientQuery{Sort: crm.SortByName, After: &c})
		}},
		{"list_own_stage", func(i int) int { return list(crm.ClientQuery{Owner: at(i).Owner, Stages: []crm.Stage{at(i).Stage}}) }},
		{"count_stage", func(i int) int {
			n, err := s.CountClients(b.Context(), crm.ClientQuery{Team: asked[0].Team, Stages: crm.Stages[:1]}, 1000)
			if err != nil {
				b.Fatal(err)
			}
			return n
		}},
	}
}
