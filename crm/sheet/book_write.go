package sheet

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Book writes an .xlsx of several sheets, row by row: of what was written nothing stays in memory but a block of the compressor. The
// library that is kept (excelize, 2.11) spools a sheet to a file of its own and reads it again to pack it; here each sheet is one part of
// the archive from the start.
type Book struct {
	out    *counted
	z      *zip.Writer
	w      *bufio.Writer // of the sheet that is open; nil: none
	names  []string
	heads  []string // of the sheet that is open
	row    int
	buf    []byte
	failed error
}

// Cell is what stands in a cell: a text, a number, or a day, with or without its time. The zero value is an empty one.
type Cell struct {
	Text   string
	Number float64
	Time   time.Time // as the clock shows it, whatever the zone
	Kind   CellKind
}

// CellKind says which of a cell's values counts.
type CellKind byte

const (
	CellText CellKind = iota
	CellNumber
	CellAmount // a number with two decimals
	CellDay
	CellTime
)

const (
	// MostRows is how many rows a sheet of Excel holds.
	MostRows = 1_048_576
	// mostText is how many characters a cell of Excel holds.
	mostText = 32_767
	// mostName is how long the name of a sheet may be.
	mostName = 31
)

// Styles are numbered as styleSheet lists them.
const (
	stylePlain = iota
	styleHead
	styleDay
	styleTime
	styleAmount
	styleQuoted // a text that would be a formula if it were typed
)

const styleSheet = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<numFmts count="2"><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy"/><numFmt numFmtId="165" formatCode="dd\.mm\.yyyy\ hh:mm"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"/></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// WriteBook begins a book.
func WriteBook(to io.Writer) *Book {
	b := &Book{out: &counted{w: to}}
	b.z = zip.NewWriter(b.out)
	b.z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	return b
}

// counted counts what is written.
type counted struct {
	w io.Writer
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// Size is how many bytes the book has so far, less what the compressor holds back.
func (b *Book) Size() int64 { return b.out.n }

// Full reports whether the sheet that is open has no room for another row.
func (b *Book) Full() bool { return b.row >= MostRows }

// Sheet ends the sheet before, and begins another with its headings, which stay in view. Each column is so many characters wide.
func (b *Book) Sheet(name string, heads []string, widths []int) error {
	b.endSheet()
	w, err := b.create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(b.names)+1))
	if err != nil {
		return err
	}
	b.w, b.row, b.heads = bufio.NewWriterSize(w, 64<<10), 0, heads
	b.names = append(b.names, b.sheetName(name))
	b.put(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i := range heads {
		width := 14
		if i < len(widths) && widths[i] > 0 {
			width = widths[i]
		}
		b.put(fmt.Sprintf(`<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width))
	}
	b.put(`</cols><sheetData>`)
	cells := make([]Cell, len(heads))
	for i, h := range heads {
		cells[i] = Cell{Text: h}
	}
	return b.write(cells, styleHead)
}

// sheetName is a name that Excel takes, and that no sheet has yet.
func (b *Book) sheetName(name string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return ' '
		}
		return r
	}, name), "' ")
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = " " + strconv.Itoa(n)
		}
		whole := firstRunes(name, mostName-len(tail)) + tail
		taken := false
		for _, have := range b.names {
			taken = taken || strings.EqualFold(have, whole)
		}
		if !taken {
			return whole
		}
	}
}

func firstRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// Row writes a row of the sheet that is open.
func (b *Book) Row(cells []Cell) error { return b.write(cells, stylePlain) }

func (b *Book) write(cells []Cell, style int) error {
	b.row++
	b.buf = append(b.buf[:0], `<row r="`...)
	b.buf = append(strconv.AppendInt(b.buf, int64(b.row), 10), `">`...)
	for i, c := range cells {
		b.cell(i, c, style)
	}
	b.buf = append(b.buf, `</row>`...)
	if _, err := b.w.Write(b.buf); err != nil && b.failed == nil {
		b.failed = fmt.Errorf("write a book: %w", err)
	}
	return b.failed
}

func (b *Book) cell(column int, c Cell, style int) {
	if c.Kind == CellText {
		b.text(column, c.Text, style)
		return
	}
	value := c.Number
	switch c.Kind {
	case CellDay, CellTime:
		if c.Time.IsZero() {
			return
		}
		style = styleTime
		if value = serialOf(c.Time); c.Kind == CellDay {
			style, value = styleDay, math.Floor(value)
		}
	case CellAmount:
		style = styleAmount
	}
	b.open(column, style)
	b.buf = append(b.buf, `><v>`...)
	b.buf = append(strconv.AppendFloat(b.buf, value, 'f', -1, 64), `</v></c>`...)
}

func (b *Book) open(column, style int) {
	b.buf = append(b.buf, `<c r="`...)
	b.buf = append(b.buf, columnName(column)...)
	b.buf = append(strconv.AppendInt(b.buf, int64(b.row), 10), '"')
	if style != stylePlain {
		b.buf = append(strconv.AppendInt(append(b.buf, ` s="`...), int64(style), 10), '"')
	}
}

func (b *Book) text(column int, text string, style int) {
	if text == "" {
		return
	}
	if strings.ContainsRune("=+-@\t\r'", rune(text[0])) && style == stylePlain {
		style = styleQuoted
	}
	b.open(column, style)
	b.buf = append(b.buf, ` t="inlineStr"><is><t xml:space="preserve">`...)
	b.buf = appendXML(b.buf, firstRunes(text, mostText))
	b.buf = append(b.buf, `</t></is></c>`...)
}

// appendXML writes a text as XML holds it; what no XML holds is left out.
func appendXML(to []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '&':
			to = append(to, "&amp;"...)
		case r == '<':
			to = append(to, "&lt;"...)
		case r == '>':
			to = append(to, "&gt;"...)
		case r == '"':
			to = append(to, "&quot;"...)
		case r < ' ' && r != '\n' && r != '\t', r == 0xFFFE, r == 0xFFFF:
		default:
			to = utf8.AppendRune(to, r)
		}
	}
	return to
}

// serialOf is a time as spreadsheets count days.
func serialOf(t time.Time) float64 {
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	return float64(wall.Unix())/secondsADay - days1900
}

// Countable reports whether a spreadsheet has the day: before 1 March 1900 programs count differently.
func Countable(year int, month time.Month) bool {
	return year > 1900 || year == 1900 && month >= time.March
}

func (b *Book) put(s string) {
	if _, err := b.w.WriteString(s); err != nil && b.failed == nil {
		b.failed = fmt.Errorf("write a book: %w", err)
	}
}

func (b *Book) create(name string) (io.Writer, error) {
	w, err := b.z.Create(name)
	if err != nil {
		return nil, fmt.Errorf("write a book: %w", err)
	}
	return w, nil
}

func (b *Book) endSheet() {
	if b.w == nil {
		return
	}
	last := columnName(max(len(b.heads)-1, 0))
	b.put(fmt.Sprintf(`</sheetData><autoFilter ref="A1:%s%d"/></worksheet>`, last, b.row))
	if err := b.w.Flush(); err != nil && b.failed == nil {
		b.failed = fmt.Errorf("write a book: %w", err)
	}
	b.w = nil
}

// End makes the file whole.
func (b *Book) End() error {
	b.endSheet()
	var types, sheets, rels strings.Builder
	for i, name := range b.names {
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, i+1)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="r%d"/>`, appendXML(nil, name), i+1, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="r%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, i+1)
	}
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
			`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="styles" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` + rels.String() + `</Relationships>`},
		{"xl/styles.xml", styleSheet},
	} {
		w, err := b.create(part[0])
		if err == nil {
			_, err = io.WriteString(w, xmlHead+part[1])
		}
		if err != nil && b.failed == nil {
			b.failed = fmt.Errorf("write a book: %w", err)
		}
	}
	if err := b.z.Close(); err != nil && b.failed == nil {
		b.failed = fmt.Errorf("write a book: %w", err)
	}
	return b.failed
}
