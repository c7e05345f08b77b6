package crm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/intake"
	"kartoteka/crm/sheet"
	"kartoteka/store/sqlite"
)

// benchFile is a file in memory, as the messenger hands it out.
type benchFile []byte

func (f benchFile) Open(context.Context, crm.Import) (crm.ImportRows, error) {
	return intake.Open(f, intake.Options{Region: "RU", Today: civil.Date{Year: 2026, Month: 11, Day: 20}})
}
func (f benchFile) Tell(context.Context, crm.Import)         {}
func (f benchFile) Report(context.Context, crm.Import) error { return nil }

// benchRow is somebody; no two have one phone.
func benchRow(n int) []string {
	last := []string{"Иванов", "Петров", "Сидоров", "Белов", "Ким"}[n%5] + strconv.Itoa(n/7)
	return []string{last + " Иван Петрович", fmt.Sprintf("+7 9%02d %03d-%02d-%02d", n/10_000_000%100, n/10_000%1000, n/100%100, n%100),
		fmt.Sprintf("ivan%d@x%d.ru", n, n%900), "ООО «Ромашка " + strconv.Itoa(n%5000) + "»", "Омск", "12.05.1985", "опт"}
}

var benchHeadings = []string{"ФИО", "Телефон", "Почта", "Компания", "Город", "Дата рождения", "Метки"}

func benchFiles(b *testing.B, from, rows int) map[string]benchFile {
	b.Helper()
	files := map[string]benchFile{}
	for _, kind := range []string{"csv", "xlsx"} {
		var buf bytes.Buffer
		var w sheet.Writer
		var err error
		if kind == "xlsx" {
			w = sheet.NewBook(&buf)
		} else {
			w, err = sheet.NewText(&buf, ';')
		}
		if err == nil {
			err = w.Row(benchHeadings)
		}
		for n := from; n < from+rows && err == nil; n++ {
			err = w.Row(benchRow(n))
		}
		if err == nil {
			err = w.End()
		}
		if err != nil {
			b.Fatal(err)
		}
		files[kind] = buf.Bytes()
	}
	return files
}

// BenchmarkImport imports BENCH_ROWS rows into a base with as many clients, a tenth of which are in the file, and compares with what the
// store takes to write the same cards into the same base, before and after that. "searched" is the same while people search.
func BenchmarkImport(b *testing.B) {
	rows, err := strconv.Atoi(os.Getenv("BENCH_ROWS"))
	if err != nil {
		rows = 100_000
	}
	base := filepath.Join(b.TempDir(), "base.db")
	st, desk, by := benchBase(b, base)
	before := benchFiles(b, 0, rows)["csv"]
	beginBench(b, desk, by, before)
	if err := errors.Join(desk.WorkImports(b.Context(), before), st.Close()); err != nil {
		b.Fatal(err)
	}
	files := benchFiles(b, rows*9/10, rows)
	for _, kind := range slices.Sorted(maps.Keys(files)) {
		b.Run(kind, func(b *testing.B) {
			for range b.N {
				benchImport(b, base, files[kind], rows, false)
			}
		})
	}
	b.Run("searched", func(b *testing.B) {
		for range b.N {
			benchImport(b, base, files["csv"], rows, true)
		}
	})
}

// beginBench takes a file up to where its rows are about to be taken.
func beginBench(b *testing.B, desk *crm.Desk, by crm.Actor, f benchFile) crm.ImportID {
	b.Helper()
	r, err := f.Open(b.Context(), crm.Import{})
	if err != nil {
		b.Fatal(err)
	}
	var sample []crm.ImportRow
	for range 50 {
		row, err := r.Next()
		if err != nil {
			b.Fatal(err)
		}
		row.Cells = slices.Clone(row.Cells)
		sample = append(sample, row)
	}
	by.Cause = crm.Cause("file" + strconv.Itoa(len(f)))
	i, err := desk.BeginImport(b.Context(), by, crm.ImportStart{Sample: sample})
	if err == nil {
		_, err = desk.CheckImport(b.Context(), by, i.ID, 1)
	}
	if err == nil {
		err = desk.WorkImports(b.Context(), f)
	}
	if err == nil {
		_, err = desk.RunImport(b.Context(), by, i.ID, crm.ImportFill)
	}
	if err != nil {
		b.Fatal(err)
	}
	return i.ID
}

func benchImport(b *testing.B, base string, file benchFile, rows int, searched bool) {
	path := copyOf(b, base)
	st, desk, by := reopened(b, path)
	id := beginBench(b, desk, by, file)
	idle := searchTimes(b, desk, by, func(done int) bool { return searched && done < 100 })
	most, stop, busy := resident(b), make(chan struct{}), make(chan []time.Duration, 1)
	rss := most
	go func() {
		busy <- searchTimes(b, desk, by, func(int) bool {
			most = max(most, resident(b))
			return !isClosed(stop)
		})
	}()
	if !searched {
		close(stop)
	}
	began := time.Now()
	if err := desk.WorkImports(b.Context(), file); err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	if searched {
		close(stop)
		work := <-busy
		for _, part := range []struct {
			name string
			of   int
		}{{"median", 2}, {"p90", 10}} {
			free, at := idle[len(idle)-1-len(idle)/part.of], work[len(work)-1-len(work)/part.of]
			b.ReportMetric(float64(at)/float64(free), part.name+"_search_ratio")
			b.ReportMetric(free.Seconds()*1000, part.name+"_idle_ms")
		}
	}
	most = max(most, resident(b))
	if i, err := desk.Import(b.Context(), by, id); err != nil || i.State != crm.ImportDone || i.Counts.New != rows*9/10 || i.Counts.Same != rows/10 {
		b.Fatalf("%s %s %+v, %v", i.State, i.Problem, i.Counts, err)
	}
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
	changes := changesOf(b, path, id)
	inserted := bulkAgain(b, base, changes)
	rate := float64(rows) / took.Seconds()
	b.ReportMetric(rate, "rows/s")
	b.ReportMetric(inserted, "bulk/s")
	b.ReportMetric(rate/inserted, "of_bulk")
	b.ReportMetric(float64(most-rss)/(1<<20), "MB_over_idle")
}

// copyOf copies a base that nobody has open.
func copyOf(b *testing.B, path string) string {
	b.Helper()
	raw, err := os.ReadFile(path)
	to := filepath.Join(b.TempDir(), "copy.db")
	if err == nil {
		err = os.WriteFile(to, raw, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
	return to
}

func benchBase(b *testing.B, path string) (*sqlite.Store, *crm.Desk, crm.Actor) {
	st, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	desk := crm.NewDesk(st, clockwork.NewRealClock())
	claim, err := desk.Open(b.Context(), crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"})
	if err != nil {
		b.Fatal(err)
	}
	m, err := desk.Claim(b.Context(), crm.Newcomer{User: 1, Name: "Анна", Lang: "ru"}, claim, "u1")
	if err != nil {
		b.Fatal(err)
	}
	return st, desk, crm.Actor{Member: m}
}

// reopened is a base that benchBase has made.
func reopened(b *testing.B, path string) (*sqlite.Store, *crm.Desk, crm.Actor) {
	st, err := sqlite.Open(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	teams, err := st.Teams(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	members, err := st.Members(b.Context(), teams[0].ID)
	if err != nil {
		b.Fatal(err)
	}
	return st, crm.NewDesk(st, clockwork.NewRealClock()), crm.Actor{Member: members[0]}
}

// changesOf are the cards that an import has made.
func changesOf(b *testing.B, path string, id crm.ImportID) []crm.ClientChange {
	src, err := sqlite.OpenSource(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	var cards []crm.Client
	events := map[string]crm.Event{}
	var d crm.Decoder
	err = src.Dump(b.Context(), func(kind crm.RecordKind, doc []byte) error {
		r, err := d.Record(kind, doc)
		if c, ok := r.(crm.Client); ok {
			cards = append(cards, c)
		}
		if e, ok := r.(crm.Event); ok && strings.HasPrefix(string(e.ID), "i"+string(id)) {
			events[e.Record] = e
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	var changes []crm.ClientChange
	for _, c := range cards {
		if e, there := events[string(c.ID)]; there {
			changes = append(changes, crm.ClientChange{Client: c, Event: e})
		}
	}
	return changes
}

// bulkAgain writes cards into the base as it was, as many at a time as the import does, and returns how many a second.
func bulkAgain(b *testing.B, base string, changes []crm.ClientChange) float64 {
	st, _, _ := reopened(b, copyOf(b, base))
	defer func() { _ = st.Close() }()
	began := time.Now()
	for page := range slices.Chunk(changes, 500) {
		if err := st.SaveClients(b.Context(), page); err != nil {
			b.Fatal(err)
		}
	}
	return float64(len(changes)) / time.Since(began).Seconds()
}

// searchTimes are how long searches take, the longest last: one each fiftieth of a second, as many people make.
func searchTimes(b *testing.B, desk *crm.Desk, by crm.Actor, more func(done int) bool) []time.Duration {
	var all []time.Duration
	for n := 0; more(n); n++ {
		time.Sleep(20 * time.Millisecond)
		began := time.Now()
		if _, err := desk.FindPage(b.Context(), by, "петров"+strconv.Itoa(n*31)+" иван", 0, 8); err != nil {
			b.Error(err)
		}
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	return all
}

// resident is the memory of this process in bytes, 0 where the system does not say.
func resident(b *testing.B) int {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.Atoi(strings.Fields(string(raw))[1])
	if err != nil {
		b.Error(err)
	}
	return pages * os.Getpagesize()
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
