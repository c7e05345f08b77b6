package crm_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/crm/intake"
	"kartoteka/crm/sheet"
	"kartoteka/store/sqlite"
)

// benchFile is a file in memory, as the messenger hands it out.
type benchFile []byte

func (f benchFile) Open(context.Context, crm.Import) (crm.ImportRows, error) {
	return intake.Open(f, intake.Options{Region: "RU", Today: crm.Date{Year: 2026, Month: 11, Day: 20}})
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
			w, err = sheet.NewBook(&buf)
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
// store takes to write the same changes in the same run.
func BenchmarkImport(b *testing.B) {
	rows, err := strconv.Atoi(os.Getenv("BENCH_ROWS"))
	if err != nil {
		rows = 100_000
	}
	for kind, file := range benchFiles(b, rows*9/10, rows) {
		b.Run(kind, func(b *testing.B) {
			for range b.N {
				benchImport(b, file, rows)
			}
		})
	}
}

func benchImport(b *testing.B, file benchFile, rows int) {
	path := filepath.Join(b.TempDir(), "import.db")
	st, desk, by := benchBase(b, path)
	begin := func(f benchFile, cause crm.Cause) crm.ImportID {
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
		by.Cause = cause
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
	before := benchFiles(b, 0, rows)["csv"]
	begin(before, "before")
	if err := desk.WorkImports(b.Context(), before); err != nil {
		b.Fatal(err)
	}
	id := begin(file, "file")
	idle := searchTime(b, desk, by, 200)
	rss := resident(b)
	busy, most, stop, over := time.Duration(0), 0, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for !isClosed(stop) {
			busy, most = max(busy, searchTime(b, desk, by, 50)), max(most, resident(b))
		}
	}()
	began := time.Now()
	if err := desk.WorkImports(b.Context(), file); err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	close(stop)
	<-over
	if i, err := desk.Import(b.Context(), by, id); err != nil || i.State != crm.ImportDone || i.Counts.New != rows*9/10 || i.Counts.Same != rows/10 {
		b.Fatalf("%s %s %+v, %v", i.State, i.Problem, i.Counts, err)
	}
	inserted := bulkAgain(b, path)
	_ = st.Close()
	rate := float64(rows) / took.Seconds()
	b.ReportMetric(rate, "rows/s")
	b.ReportMetric(inserted, "bulk/s")
	b.ReportMetric(rate/inserted, "of_bulk")
	b.ReportMetric(float64(most-rss)/(1<<20), "MB_over_idle")
	b.ReportMetric(float64(busy)/float64(idle), "search_ratio")
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

// bulkAgain writes the cards that there are into a new base, as many at a time as the import does, behind as many of the others, and
// returns how many a second of the latter half.
func bulkAgain(b *testing.B, path string) float64 {
	src, err := sqlite.OpenSource(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = src.Close() }()
	var changes []crm.ClientChange
	events := map[string]crm.Event{}
	var d crm.Decoder
	err = src.Dump(b.Context(), func(kind crm.RecordKind, doc []byte) error {
		r, err := d.Record(kind, doc)
		if c, ok := r.(crm.Client); ok {
			c.Rev = 1
			changes = append(changes, crm.ClientChange{Client: c})
		}
		if e, ok := r.(crm.Event); ok {
			events[e.Record] = e
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	st, _, _ := benchBase(b, filepath.Join(b.TempDir(), "bulk.db"))
	defer func() { _ = st.Close() }()
	half, n, began := len(changes)/2, 0, time.Time{}
	for page := range slices.Chunk(changes, 500) {
		if n >= half && began.IsZero() {
			began, half = time.Now(), n
		}
		for i := range page {
			page[i].Event = events[string(page[i].Client.ID)]
		}
		if err := st.SaveClients(b.Context(), page); err != nil {
			b.Fatal(err)
		}
		n += len(page)
	}
	return float64(n-half) / time.Since(began).Seconds()
}

// searchTime is the median of some searches.
func searchTime(b *testing.B, desk *crm.Desk, by crm.Actor, times int) time.Duration {
	var all []time.Duration
	for n := range times {
		began := time.Now()
		if _, err := desk.FindPage(b.Context(), by, "петров"+strconv.Itoa(n*31)+" иван", 0, 8); err != nil {
			b.Error(err)
		}
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	return all[len(all)/2]
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
