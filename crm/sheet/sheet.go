// Package sheet reads a table out of a file, row by row: .xlsx and text with separators (.csv, .tsv, .txt), each also inside a
// .zip. It knows nothing of clients. What a file is, is told by its content, not by its name.
//
// Whatever a file holds, reading it takes little memory and ends: what is packed is unpacked only so far, and rows, columns
// and cells are bounded (Limits). What goes beyond is an *Error, never a part of a table that looks like all of it.
//
//	r, err := sheet.Open(data, sheet.Limits{})
//	for row, err := r.Next(); err != io.EOF; row, err = r.Next() { … }
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Row is one row that holds something: empty ones are passed over.
type Row struct {
	N     int      // as the program that made the file numbers it, from 1
	Cells []string // without white space around; good until the next call of Next
	Long  bool     // a cell was cut at Limits.Cell
	Cut   bool     // the file breaks off within it: in the middle of a letter, or between quotes
}

// Rows are the rows of a table. Next is io.EOF behind the last one.
type Rows interface{ Next() (Row, error) }

// Others are the names of a book's further sheets that hold something: rows are of one sheet only, the first that has any. It is asked
// when a row has been read.
func Others(r Rows) []string {
	b, ok := r.(*bounded)
	if !ok {
		return nil
	}
	book, ok := b.rows.(*bookRows)
	if !ok {
		return nil
	}
	return book.others()
}

// Limits bound what is read; zero fields are the usual ones.
type Limits struct {
	Rows    int   // that hold something; 300,000
	Columns int   // 300
	Cell    int   // bytes; 128 KB: four times what a cell of Excel holds in characters, in UTF-8
	Bytes   int64 // of a table when it is unpacked; 512 MB
	Words   int64 // of the texts that cells of an .xlsx share, in bytes; 64 MB
}

func (l Limits) filled() Limits {
	for _, d := range []struct {
		have *int
		want int
	}{{&l.Rows, 300_000}, {&l.Columns, 300}, {&l.Cell, 128 << 10}} {
		if *d.have <= 0 {
			*d.have = d.want
		}
	}
	if l.Bytes <= 0 {
		l.Bytes = 512 << 20
	}
	if l.Words <= 0 {
		l.Words = 64 << 20
	}
	return l
}

// Problem says why a file cannot be read, or not to its end.
type Problem string

const (
	Unknown  Problem = "unknown"  // it is no table of a kind that is known
	Old      Problem = "old"      // .xls: to be saved as .xlsx
	Locked   Problem = "locked"   // with a password
	Broken   Problem = "broken"   // it breaks off, or its parts do not fit together
	Empty    Problem = "empty"    // no row holds anything
	TooLarge Problem = "large"    // more bytes than Limits.Bytes or Limits.Words when unpacked
	TooLong  Problem = "rows"     // more rows than Limits.Rows
	TooWide  Problem = "columns"  // more columns than Limits.Columns
	Several  Problem = "several"  // a .zip with more than one table
	Nothing  Problem = "no_table" // a .zip with none
)

// Error is the only kind of error that this package makes, beside io.EOF.
type Error struct {
	Problem Problem
	Err     error // may be nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("sheet: %s: %v", e.Problem, e.Err)
	}
	return "sheet: " + string(e.Problem)
}

// Unwrap is what the problem came from.
func (e *Error) Unwrap() error { return e.Err }

func problem(p Problem, err error) error { return &Error{p, err} }

// Kind is what a file is, by its content.
type Kind string

const (
	KindText Kind = "text" // rows of cells with separators
	KindXLSX Kind = "xlsx"
	KindXLS  Kind = "xls"
	KindZip  Kind = "zip"
	KindCard Kind = "vcf"
	KindJSON Kind = "json" // an array or an object, or one a line
	KindNone Kind = ""     // none of these
)

var (
	zipHead = []byte("PK\x03\x04")
	zipNone = []byte("PK\x05\x06") // an empty one
	cfbHead = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
)

// KindOf tells what a file is. A text that is nothing else is a table.
func KindOf(data []byte) Kind {
	switch {
	case bytes.HasPrefix(data, zipHead), bytes.HasPrefix(data, zipNone):
		if z, err := openZip(data); err == nil && z.isBook() {
			return KindXLSX
		}
		return KindZip
	case bytes.HasPrefix(data, cfbHead):
		return KindXLS
	}
	text, err := decode(data[:min(len(data), sniffed)])
	head := strings.TrimSpace(string(text))
	switch {
	case err != nil || head == "" || !isText(head):
		return KindNone
	case len(head) >= 11 && strings.EqualFold(head[:11], "BEGIN:VCARD"):
		return KindCard
	case looksJSON(head):
		return KindJSON
	}
	return KindText
}

// isText tells a text from what is something else, whatever it begins with: of what was packed or drawn each tenth character is none
// that a text holds, while some programs leave one or two in a text, and DOS one at its end.
func isText(s string) bool {
	strange := 0
	for _, r := range s {
		if noText(r) {
			strange++
		}
	}
	return strange <= 1+utf8.RuneCountInString(s)/200
}

// plainText leaves out what no text holds.
func plainText(text []byte) []byte {
	if bytes.IndexFunc(text, noText) < 0 {
		return text
	}
	return bytes.Map(func(r rune) rune {
		if noText(r) {
			return -1
		}
		return r
	}, text)
}

// noText reports a character that no text holds.
func noText(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != '\v'
}

func looksJSON(head string) bool {
	for _, open := range []string{"{", "["} {
		if rest, ok := strings.CutPrefix(head, open); ok {
			rest = strings.TrimSpace(rest)
			return strings.HasPrefix(rest, `"`) || strings.HasPrefix(rest, "{") || rest == "" || rest[0] == ']' || rest[0] == '}'
		}
	}
	return false
}

// Open reads a table. The data must stay as they are while rows are read.
func Open(data []byte, l Limits) (Rows, error) {
	l = l.filled()
	var rows Rows
	var err error
	switch KindOf(data) {
	case KindXLSX:
		rows, err = openBook(data, l)
	case KindText:
		rows, err = openText(data, l)
	case KindXLS:
		return nil, oldBook(data)
	case KindZip:
		inner, _, err := Unpack(data, l)
		if err != nil {
			return nil, err
		}
		if KindOf(inner) == KindZip {
			return nil, problem(Nothing, nil) // one in another is no table, and who knows how deep they go
		}
		return Open(inner, l)
	default:
		return nil, problem(Unknown, nil)
	}
	if err != nil {
		return nil, err
	}
	return &bounded{rows: rows, limits: l}, nil
}

// oldBook tells an .xls from an .xlsx with a password, which Office wraps in the same container. An .xls is not read: the last version of
// the one reader for Go with all its kinds of cells (shakinm/xlsReader v0.9.12) is of 2022 and under the GPL, and a damaged file of 450 KB
// had it ask for more than 4 GB of memory.
func oldBook(data []byte) error {
	if bytes.Contains(data, utf16le("EncryptedPackage")) {
		return problem(Locked, nil)
	}
	return problem(Old, nil)
}

func utf16le(s string) []byte {
	var b []byte
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// bounded passes over what is empty and holds rows and columns within their limits.
type bounded struct {
	rows   Rows
	limits Limits
	seen   int
	err    error
}

func (b *bounded) Next() (Row, error) {
	for b.err == nil {
		row, err := b.rows.Next()
		if err != nil {
			if b.err = err; err == io.EOF && b.seen == 0 {
				b.err = problem(Empty, nil)
			}
			break
		}
		n := len(row.Cells)
		for n > 0 && row.Cells[n-1] == "" {
			n--
		}
		if row.Cells = row.Cells[:n]; n == 0 {
			continue
		}
		switch b.seen++; {
		case n > b.limits.Columns:
			b.err = problem(TooWide, nil)
		case b.seen > b.limits.Rows:
			b.err = problem(TooLong, nil)
		default:
			return row, nil
		}
	}
	return Row{}, b.err
}
