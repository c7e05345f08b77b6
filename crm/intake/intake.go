// Package intake opens the files that an import reads: tables (crm/sheet), files of cards (crm/vcard) and those that an export of ours
// has made (json.go), as rows in the words of crm.
package intake

import (
	"bytes"
	"errors"
	"io"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/sheet"
	"kartoteka/crm/vcard"
)

// MaxFile is how large a file may be: more than that a bot may not download. Telegram: 20 MB.
const MaxFile = 20 << 20

// mostCards is how many cards of one file are read.
const mostCards = 300_000

// Options tell how to read cards.
type Options struct {
	Region string
	Today  civil.Date
	Names  vcard.Names
}

// Known reports whether a file looks like one that can be imported, by its name or its kind of content.
func Known(name, mime string) bool { return knownName(name) || knownMIME(mime) }

// Open reads a file from its beginning. Errors are *crm.Error on "import.…": what the file is not, or why it cannot be read.
func Open(data []byte, o Options) (crm.ImportRows, error) {
	kind := sheet.KindOf(data)
	if kind == sheet.KindZip {
		inner, _, err := sheet.Unpack(data, sheet.Limits{})
		if err != nil {
			return nil, explained(err)
		}
		if data, kind = inner, sheet.KindOf(inner); kind == sheet.KindZip {
			return nil, refused(sheet.Nothing)
		}
	}
	if kind == sheet.KindCard {
		return &cards{d: vcard.NewDecoder(bytes.NewReader(data), vcard.Options{Region: o.Region, Today: o.Today, Names: o.Names,
			MaxCards: mostCards, MaxBytes: 64 << 20})}, nil
	}
	if kind == sheet.KindJSON {
		return openRecords(data)
	}
	rows, err := sheet.Open(data, sheet.Limits{})
	if err != nil {
		return nil, explained(err)
	}
	return table{rows}, nil
}

// Others are the names of the sheets of a book that hold something and are not read. It is asked when a row has been read.
func Others(r crm.ImportRows) []string {
	t, ok := r.(table)
	if !ok {
		return nil
	}
	return sheet.Others(t.rows)
}

// table are the rows of a sheet.
type table struct{ rows sheet.Rows }

func (t table) Next() (crm.ImportRow, error) {
	row, err := t.rows.Next()
	return crm.ImportRow{N: row.N, Cells: row.Cells, Long: row.Long, Cut: row.Cut}, explained(err)
}

// Close has nothing to let go: the file is in memory.
func (t table) Close() error { return nil }

// cards are the cards of a file, numbered as they stand in it.
type cards struct {
	d *vcard.Decoder
	n int
}

func (c *cards) Next() (crm.ImportRow, error) {
	for {
		draft, err := c.d.Next()
		var e *crm.Error
		switch {
		case err == io.EOF && c.n == 0:
			return crm.ImportRow{}, refused(sheet.Empty)
		case err == nil, errors.As(err, &e) && e.Field == "vcard.card": // parts of it were left out
		case errors.As(err, &e) && e.Field == "vcard.cut":
			return crm.ImportRow{}, refused(sheet.Broken)
		case errors.As(err, &e):
			return crm.ImportRow{}, refused(sheet.TooLarge)
		default:
			return crm.ImportRow{}, err
		}
		if c.n++; draft.Empty() && len(draft.Notes) == 0 {
			continue
		}
		return crm.ImportRow{N: c.n, Draft: &draft, Long: err != nil}, nil
	}
}

// Close has nothing to let go.
func (c *cards) Close() error { return nil }

// explained makes an error of crm of what a file is to blame for.
func explained(err error) error {
	var e *sheet.Error
	if errors.As(err, &e) {
		return &crm.Error{Kind: crm.ErrInvalid, Field: "import." + string(e.Problem), Err: e.Err}
	}
	return err
}

func refused(p sheet.Problem) error {
	return &crm.Error{Kind: crm.ErrInvalid, Field: "import." + string(p)}
}
