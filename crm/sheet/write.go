package sheet

import (
	"encoding/csv"
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

// NewBook writes an .xlsx of one sheet, its first row the headings; all cells are texts, so that a phone stays one.
func NewBook(to io.Writer) Writer { return &textBook{book: WriteBook(to)} }

type textBook struct {
	book  *Book
	begun bool
}

func (t *textBook) Row(cells []string) error {
	if !t.begun {
		t.begun = true
		return t.book.Sheet("1", cells, nil)
	}
	row := make([]Cell, len(cells))
	for i, c := range cells {
		row[i] = Cell{Text: c}
	}
	return t.book.Row(row)
}

func (t *textBook) End() error { return t.book.End() }

// columnName is A for 0 and AB for 27.
func columnName(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
