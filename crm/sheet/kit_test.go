package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// all reads every row as cells between |, with the row's number before it.
func all(t *testing.T, data []byte, l Limits) (rows []string, err error) {
	t.Helper()
	r, err := Open(data, l)
	if err != nil {
		return nil, err
	}
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, strings.Join(row.Cells, "|"))
	}
}

func reads(t *testing.T, data []byte, want ...string) {
	t.Helper()
	got, err := all(t, data, Limits{})
	if err != nil || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, %v\nwant %q", got, err, want)
	}
}

func refuses(t *testing.T, data []byte, l Limits, want Problem) {
	t.Helper()
	_, err := all(t, data, l)
	var e *Error
	if !errors.As(err, &e) || e.Problem != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// zipOf packs files: name, content, name, content, …
func zipOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts of a book as Excel writes it; what is given stands in the sheet, the shared strings, the styles, the workbook.
type parts struct{ sheet, shared, styles, book string }

func bookOf(t *testing.T, p parts) []byte {
	t.Helper()
	return zipOf(t,
		"xl/workbook.xml", `<?xml version="1.0"?><workbook>`+p.book+`<sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="http://x/relationships/worksheet" Target="worksheets/sheet1.xml"/>`+
			`<Relationship Id="rId2" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/>`+
			`<Relationship Id="rId3" Type="http://x/relationships/styles" Target="/xl/styles.xml"/></Relationships>`,
		"xl/sharedStrings.xml", `<sst>`+p.shared+`</sst>`,
		"xl/styles.xml", `<styleSheet>`+p.styles+`</styleSheet>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+p.sheet+`</sheetData></worksheet>`)
}
