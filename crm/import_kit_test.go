package crm_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// rowsOf is the world outside of an import whose file has these rows.
type rowsOf []crm.ImportRow

func (r rowsOf) Open(_ context.Context, i crm.Import) (crm.ImportRows, error) {
	if i.File.Hash != fmt.Sprint(r) {
		return nil, &crm.Error{Kind: crm.ErrInvalid, Field: "import.gone"}
	}
	return &walkRows{rows: r}, nil
}
func (r rowsOf) Tell(context.Context, crm.Import)         {}
func (r rowsOf) Report(context.Context, crm.Import) error { return nil }

type walkRows struct {
	rows []crm.ImportRow
	at   int
}

func (w *walkRows) Next() (crm.ImportRow, error) {
	if w.at == len(w.rows) {
		return crm.ImportRow{}, io.EOF
	}
	w.at++
	return w.rows[w.at-1], nil
}

func (w *walkRows) Close() error { return nil }

// sheetOf makes rows of lines with cells between semicolons.
func sheetOf(lines ...string) rowsOf {
	var rows rowsOf
	for i, line := range lines {
		rows = append(rows, crm.ImportRow{N: i + 1, Cells: strings.Split(line, ";")})
	}
	return rows
}

func startOf(rows rowsOf) crm.ImportStart {
	return crm.ImportStart{File: crm.ImportFile{ID: "f", Name: "f.csv", Hash: fmt.Sprint(rows)}, Sample: rows, Rows: len(rows)}
}

// importOf is a file with somebody new each time.
func importOf(s *scene) crm.ImportStart {
	return startOf(sheetOf("Имя;Телефон;День рождения", "Клиент "+string(s.by.Cause)+";;5/12/1985"))
}

// withImport calls f with an import that by has begun, if they may.
func withImport(f func(s *scene, id crm.ImportID) (any, error)) func(s *scene) (any, error) {
	return func(s *scene) (any, error) {
		_, _ = s.BeginImport(s.ctx, s.by, importOf(s)) // f says what is wrong
		return f(s, crm.NewImportID(s.by.Team, s.by.Cause))
	}
}

// checked brings the import through its dry run.
func checked(s *scene, id crm.ImportID) crm.ImportID {
	if _, err := s.CheckImport(s.ctx, s.by, id, 1); err == nil {
		_ = s.WorkImports(s.ctx, rowsOf(importOf(s).Sample))
	}
	return id
}

// begin takes a file up and checks it.
func (o *office) begin(by crm.Actor, rows rowsOf) crm.Import {
	o.t.Helper()
	i, err := o.BeginImport(o.t.Context(), by, startOf(rows))
	if err == nil {
		_, err = o.CheckImport(o.t.Context(), by, i.ID, 1)
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return o.work(i, rows)
}

// work does what there is to do.
func (o *office) work(i crm.Import, rows crm.ImportOffice) crm.Import {
	o.t.Helper()
	if err := o.WorkImports(o.t.Context(), rows); err != nil {
		o.t.Fatal(err)
	}
	i, err := o.store.Import(o.t.Context(), i.Team, i.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return i
}

// take imports all of a file.
func (o *office) take(rows rowsOf, p crm.ImportPolicy) crm.Import {
	o.t.Helper()
	return o.takeAs(o.as(o.owner), rows, p)
}

func (o *office) takeAs(by crm.Actor, rows rowsOf, p crm.ImportPolicy) crm.Import {
	o.t.Helper()
	i := o.begin(by, rows)
	i, err := o.RunImport(o.t.Context(), by, i.ID, p)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.work(i, rows)
}

// cards are the clients outside of the bin by their names; of several of one name the last counts.
func (o *office) cards() map[string]crm.Client {
	o.t.Helper()
	list, err := o.store.Clients(o.t.Context(), crm.ClientQuery{Team: o.owner.Team, Limit: 10_000})
	if err != nil {
		o.t.Fatal(err)
	}
	byName := map[string]crm.Client{}
	for _, c := range list {
		byName[c.Name] = c
	}
	if len(byName) < len(list) {
		byName["?"] = crm.Client{}
	}
	return byName
}

func (o *office) notes(id crm.ClientID) string {
	o.t.Helper()
	list, err := o.store.Touches(o.t.Context(), crm.TouchQuery{Team: o.owner.Team, Client: id, Limit: 100})
	if err != nil {
		o.t.Fatal(err)
	}
	var texts []string
	for _, t := range list {
		if t.Kind == crm.TouchNote {
			texts = append(texts, t.Text)
		}
	}
	return strings.Join(texts, " / ")
}

func came(t *testing.T, i crm.Import, want crm.ImportCounts) {
	t.Helper()
	if i.Counts != want {
		t.Errorf("got %+v\nwant %+v (%s %s)", i.Counts, want, i.State, i.Problem)
	}
}

// brokenRows end with an error after some rows.
type brokenRows struct {
	rowsOf
	after int
	err   error
}

func (b brokenRows) Open(context.Context, crm.Import) (crm.ImportRows, error) {
	return &breaking{walkRows{rows: b.rowsOf[:b.after]}, b.err}, nil
}

type breaking struct {
	walkRows
	err error
}

func (b *breaking) Next() (crm.ImportRow, error) {
	row, err := b.walkRows.Next()
	if errors.Is(err, io.EOF) {
		err = b.err
	}
	return row, err
}

const week = 7 * 24 * time.Hour

// whenAsked calls f with a row that waits to be judged, if by may import: the same client is in the file twice.
func whenAsked(s *scene, f func(id crm.ImportID, row crm.ImportRow) (any, error)) (any, error) {
	start := importOf(s)
	start.Sample = append(start.Sample, crm.ImportRow{N: 3, Cells: start.Sample[1].Cells})
	by := s.by
	by.Cause += "asked"
	i, err := s.BeginImport(s.ctx, by, startOf(start.Sample))
	if err != nil { // f says it too
		return f(i.ID, start.Sample[2])
	}
	_, e1 := s.CheckImport(s.ctx, by, i.ID, 1)
	e2 := s.WorkImports(s.ctx, rowsOf(start.Sample))
	_, e3 := s.RunImport(s.ctx, by, i.ID, crm.ImportAsk)
	e4 := s.WorkImports(s.ctx, rowsOf(start.Sample))
	if err := errors.Join(e1, e2, e3, e4); err != nil {
		return nil, err
	}
	s.by = by
	return f(i.ID, start.Sample[2])
}
