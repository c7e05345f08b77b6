// Package sheettest makes archives and books for the tests of whatever reads them: as Excel writes them, and as nobody should.
package sheettest

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
)

// Zip packs files: name, content, name, content, …
func Zip(t testing.TB, files ...string) []byte {
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

// Parts of a book, in its markup: what stands in the sheet and behind its rows, the shared strings, the styles, the workbook.
type Parts struct{ Rows, Behind, Shared, Styles, Book string }

// Book is an .xlsx of these, with one sheet.
func Book(t testing.TB, p Parts) []byte {
	t.Helper()
	return Zip(t,
		"xl/workbook.xml", `<?xml version="1.0"?><workbook>`+p.Book+`<sheets><sheet name="Лист1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="http://x/relationships/worksheet" Target="worksheets/sheet1.xml"/>`+
			`<Relationship Id="rId2" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/>`+
			`<Relationship Id="rId3" Type="http://x/relationships/styles" Target="/xl/styles.xml"/></Relationships>`,
		"xl/sharedStrings.xml", `<sst>`+p.Shared+`</sst>`,
		"xl/styles.xml", `<styleSheet>`+p.Styles+`</styleSheet>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+p.Rows+`</sheetData>`+p.Behind+`</worksheet>`)
}

// Row is one of a book: each cell its reference and its text.
func Row(cells ...string) string {
	var b strings.Builder
	b.WriteString("<row>")
	for i := 0; i < len(cells); i += 2 {
		b.WriteString(`<c r="` + cells[i] + `" t="inlineStr"><is><t>` + cells[i+1] + `</t></is></c>`)
	}
	return b.String() + "</row>"
}
