package intake_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/intake"
	"kartoteka/crm/sheet/sheettest"
	"kartoteka/locales"
	"kartoteka/store/sqlite"
)

// office is a base into which files are imported.
type office struct {
	*testing.T
	desk  *crm.Desk
	store *sqlite.Store
	by    crm.Actor
	texts *locales.Texts // the same keys are in each language
	files int
}

func newOffice(t *testing.T) *office {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "intake.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	o := &office{T: t, store: st, desk: crm.NewDesk(st, clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)))}
	claim, err := o.desk.Open(t.Context(), crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"})
	if err == nil {
		o.by.Member, err = o.desk.Claim(t.Context(), crm.Newcomer{User: 1, Name: "Анна", Lang: "ru"}, claim, "u1")
	}
	if err != nil {
		t.Fatal(err)
	}
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	o.texts = catalog.For("ru")
	return o
}

var usual = intake.Options{Region: "RU", Today: civil.Date{Year: 2026, Month: 11, Day: 20}}

// kept is a file as the messenger keeps it.
type kept []byte

func (f kept) Open(context.Context, crm.Import) (crm.ImportRows, error) { return intake.Open(f, usual) }
func (f kept) Tell(context.Context, crm.Import)                         {}
func (f kept) Report(context.Context, crm.Import) error                 { return nil }

// begin reads the first rows, as whoever sends the file has it done; the problem that it ends with, "" if there is none.
func (o *office) begin(file kept) (crm.Import, string) {
	o.Helper()
	start := crm.ImportStart{File: crm.ImportFile{ID: "f", Name: "f", Hash: hashOf(file)}}
	rows, err := file.Open(o.Context(), crm.Import{})
	for err == nil && start.Rows < 2000 {
		var row crm.ImportRow
		if row, err = rows.Next(); err == nil {
			row.Cells = slices.Clone(row.Cells)
			start.Sample, start.Rows = append(start.Sample, row), start.Rows+1
		}
	}
	if err != nil && err != io.EOF {
		return crm.Import{}, o.said(err)
	}
	o.files++
	o.by.Cause = crm.Cause("file" + string(rune('a'+o.files)))
	i, err := o.desk.BeginImport(o.Context(), o.by, start)
	if errors.Is(err, crm.ErrInvalid) {
		return i, o.said(err)
	}
	if err == nil {
		_, err = o.desk.CheckImport(o.Context(), o.by, i.ID, 1)
	}
	if err != nil {
		o.Fatal(err)
	}
	return o.work(i.ID, file), ""
}

// take imports all of a file.
func (o *office) take(file kept) (crm.Import, string) {
	o.Helper()
	i, problem := o.begin(file)
	if problem != "" || i.State != crm.ImportChecked {
		return i, cmp.Or(problem, i.Problem)
	}
	if _, err := o.desk.RunImport(o.Context(), o.by, i.ID, crm.ImportFill); err != nil {
		o.Fatal(err)
	}
	return o.work(i.ID, file), ""
}

func (o *office) work(id crm.ImportID, file kept) crm.Import {
	o.Helper()
	err := o.desk.WorkImports(o.Context(), file)
	if err != nil {
		o.Fatal(err)
	}
	i, err := o.desk.Import(o.Context(), o.by, id)
	if err != nil {
		o.Fatal(err)
	}
	return i
}

// said is the problem that an error names.
func (o *office) said(err error) string {
	o.Helper()
	e, ok := err.(*crm.Error)
	if !ok || e.Kind != crm.ErrInvalid {
		o.Fatalf("got %v, want what the file is to blame for", err)
	}
	return e.Field
}

// spoken checks that what an import ends with is said in words.
func (o *office) spoken(i crm.Import, problem string) {
	o.Helper()
	var keys []string
	if problem != "" {
		keys = append(keys, "error.invalid."+problem)
	}
	for _, r := range i.Reasons() {
		keys = append(keys, "import_problem."+r.What)
	}
	for _, key := range keys {
		if !o.texts.Has(key) {
			o.Errorf("there are no words for %s", key)
		}
	}
}

// cards are what is in the base, in the order of the names: name|phones|birthday.
func (o *office) cards() []string {
	o.Helper()
	q := crm.ClientQuery{Team: o.by.Team, Sort: crm.SortByName, Limit: 1000}
	var all []string
	for {
		page, err := o.store.Clients(o.Context(), q)
		if err != nil {
			o.Fatal(err)
		}
		for _, c := range page {
			var phones []string
			for _, p := range c.Phones {
				phones = append(phones, p.E164)
			}
			all = append(all, strings.TrimRight(c.Name+"|"+strings.Join(phones, ",")+"|"+c.Birthday.String(), "|"))
		}
		if len(page) < q.Limit {
			return all
		}
		mark := page[len(page)-1].Mark(q.Sort)
		q.After = &mark
	}
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// bookOf is an .xlsx with these rows, and what stands behind them; style 1 is a date.
func bookOf(t *testing.T, rows, behind string) kept {
	return sheettest.Book(t, sheettest.Parts{Rows: rows, Behind: behind, Styles: `<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>`})
}

// lines are a text's.
func lines(all ...string) kept { return kept(strings.Join(all, "\r\n") + "\r\n") }
