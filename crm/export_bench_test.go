package crm_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/export"
	"kartoteka/store/sqlite"
)

// benchWords are what a file says whose language does not matter.
type benchWords struct{}

func (benchWords) Column(key string) string         { return key }
func (benchWords) Sheet(kind string) string         { return kind }
func (benchWords) Value(_, value string) string     { return value }
func (benchWords) Event(what, name string) string   { return what + name }
func (benchWords) Task(t crm.Task, _ string) string { return t.Text }
func (benchWords) Decision(d crm.Decision, _ map[crm.MemberID]string, _ *time.Location) (what, about string) {
	return string(d.What), d.Text
}
func (benchWords) Comma() rune   { return ';' }
func (benchWords) Point() string { return "," }

// benchPost takes files and forgets them.
type benchPost struct {
	files int
	bytes int64
}

func (p *benchPost) Tell(context.Context, crm.Export) {}
func (p *benchPost) Write(ctx context.Context, t *crm.Taking) error {
	return export.Write(ctx, t, export.Options{Words: benchWords{}, Send: func(_ context.Context, f export.File) error {
		n, err := io.Copy(io.Discard, f)
		p.files, p.bytes = p.files+1, p.bytes+n
		return err
	}})
}

// BenchmarkExport exports BENCH_ROWS clients in each format, and compares with what the store takes to stream the same decoded clients in
// the same run.
func BenchmarkExport(b *testing.B) {
	rows, err := strconv.Atoi(os.Getenv("BENCH_ROWS"))
	if err != nil {
		rows = 100_000
	}
	st, desk, by := benchBase(b, filepath.Join(b.TempDir(), "export.db"))
	defer func() { _ = st.Close() }()
	benchFill(b, st, by, rows)
	for _, format := range []crm.ExportFormat{crm.ExportCSV, crm.ExportXLSX, crm.ExportVCF, crm.ExportJSON} {
		b.Run(string(format), func(b *testing.B) {
			for range b.N {
				benchExport(b, st, desk, by, format, rows)
			}
		})
	}
}

func benchFill(b *testing.B, st *sqlite.Store, by crm.Actor, rows int) {
	began := time.Now().Add(-24 * time.Hour).UTC().Truncate(time.Millisecond)
	var page []crm.ClientChange
	for n := range rows {
		row, at := benchRow(n), began.Add(time.Duration(n)*time.Millisecond)
		c := crm.Client{ID: crm.NewClientID(by.Team, "bench", n), Team: by.Team, Rev: 1, Schema: crm.SchemaVersion, Owner: by.ID, Stage: crm.StageLead,
			Status: crm.StatusActive, Confirmed: at, Created: at, Updated: at, Profile: crm.Profile{Name: row[0], Kind: crm.KindPerson,
				Phones: []crm.Phone{{E164: "+7" + strconv.Itoa(9_000_000_000+n)}}, Emails: []string{row[2]}, Company: row[3], City: row[4],
				Birthday: civil.Date{Year: 1985, Month: 5, Day: 12}, Tags: []string{row[6]}}}
		c.Index(nil)
		page = append(page, crm.ClientChange{Client: c, Event: crm.Event{ID: crm.EventID("b" + strconv.Itoa(n)), Team: by.Team, Action: crm.ActionAddClient,
			Record: string(c.ID), Rev: 1, At: at}})
		if len(page) == 2000 || n == rows-1 {
			if err := st.SaveClients(b.Context(), page); err != nil {
				b.Fatal(err)
			}
			page = page[:0]
		}
	}
}

func benchExport(b *testing.B, st *sqlite.Store, desk *crm.Desk, by crm.Actor, format crm.ExportFormat, rows int) {
	began, seen := time.Now(), 0
	q := crm.ClientQuery{Team: by.Team, Sort: crm.SortByNewest, Limit: 500}
	for {
		page, err := st.Clients(b.Context(), q)
		if err != nil {
			b.Fatal(err)
		}
		if seen += len(page); len(page) < q.Limit {
			break
		}
		mark := page[len(page)-1].Mark(q.Sort)
		q.After = &mark
	}
	streamed := time.Since(began)
	if seen != rows {
		b.Fatalf("%d clients are streamed", seen)
	}
	debug.FreeOSMemory()
	idle, most, stop, over := resident(b), 0, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for ; !isClosed(stop); time.Sleep(5 * time.Millisecond) {
			most = max(most, resident(b))
		}
	}()
	post := &benchPost{}
	by.Cause = crm.Cause("bench" + string(format) + strconv.FormatInt(time.Now().UnixNano(), 36))
	began = time.Now()
	_, err := desk.BeginExport(b.Context(), by, crm.ExportInput{Format: format})
	if err == nil {
		err = desk.WorkExports(b.Context(), post)
	}
	took := time.Since(began)
	close(stop)
	<-over
	if e, bad := desk.ExportOf(b.Context(), by); err != nil || bad != nil || e.State != crm.ExportDone || e.Clients != rows {
		b.Fatalf("%+v %v %v", e, err, bad)
	}
	b.ReportMetric(float64(rows)/took.Seconds(), "clients/s")
	b.ReportMetric(took.Seconds()/streamed.Seconds(), "of_streaming")
	b.ReportMetric(float64(most-idle)/(1<<20), "MB_over_idle")
	b.ReportMetric(float64(post.bytes)/(1<<20), "MB")
	b.ReportMetric(float64(post.files), "files")
}
