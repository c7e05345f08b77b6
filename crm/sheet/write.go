package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// Writer writes rows of texts; End makes the file whole.
type Writer interface {
	Row(cells []string) error
	End() error
}

// NewText writes rows with a separator, as Excel opens them by itself: UTF-8 with a mark that says so. A cell that Excel would
// run as a formula is kept from it (OWASP, CSV Injection).
func NewText(to io.Writer, comma rune) (Writer, error) {
	if _, err := io.WriteString(to, "\uFEFF"); err != nil {
		return nil, err
	}
	w := csv.NewWriter(to)
	w.Comma, w.UseCRLF = comma, true
	return textWriter{w}, nil
}

type textWriter struct{ w *csv.Writer }

func (t textWriter) Row(cells []string) error {
	safe := make([]string, len(cells))
	for i, c := range cells {
		if safe[i] = c; c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			safe[i] = "'" + c
		}
	}
	return t.w.Write(safe)
}

func (t textWriter) End() error {
	t.w.Flush()
	return t.w.Error()
}

// The parts of a book with one sheet that stay the same.
var bookParts = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// NewBook writes an .xlsx of one sheet with its first row held still; all cells are texts, so that a phone stays one.
func NewBook(to io.Writer) (Writer, error) {
	z := zip.NewWriter(to)
	for _, part := range bookParts {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, xmlHead+part[1])
		}
		if err != nil {
			return nil, fmt.Errorf("write a book: %w", err)
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, fmt.Errorf("write a book: %w", err)
	}
	b := &bookWriter{z: z, w: bufio.NewWriter(w)}
	_, err = b.w.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`)
	return b, err
}

type bookWriter struct {
	z *zip.Writer
	w *bufio.Writer
	n int
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func (b *bookWriter) Row(cells []string) error {
	b.n++
	_, _ = fmt.Fprintf(b.w, `<row r="%d">`, b.n) // the writer keeps its error
	for i, c := range cells {
		if c == "" {
			continue
		}
		c = strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
				return -1 // no XML holds these
			}
			return r
		}, c)
		_, _ = fmt.Fprintf(b.w, `<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, columnName(i), b.n, xmlEscapes.Replace(c))
	}
	_, err := b.w.WriteString(`</row>`)
	return err
}

func (b *bookWriter) End() error {
	_, err := b.w.WriteString(`</sheetData></worksheet>`)
	if err == nil {
		err = b.w.Flush()
	}
	if err != nil {
		return fmt.Errorf("write a book: %w", err)
	}
	return b.z.Close()
}

// columnName is A for 0 and AB for 27.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
