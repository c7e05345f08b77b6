// Package export writes the files by which clients leave: tables (.xlsx, .csv), the phone's book (.vcf), a calendar (.ics), and the
// records that come back without loss (.json, .jsonl). It knows neither messenger nor language: Words are what the files say, Send is
// where they go.
//
//	table.go  the columns of both kinds of table
//	vcf.go, ics.go, json.go
//	parts.go  files as large as may be sent
//	holds.go  what of a client comes back from each format
//
// However many clients there are, few are in memory: they come page by page (crm.Taking), and go to a temporary file.
package export

import (
	"context"
	"io"
	"time"

	"kartoteka/crm"
)

// Options are what files are made with.
type Options struct {
	Words Words
	Dir   string // of temporary files; "": the system's
	Most  int64  // bytes of one file; 0: as many as its format has
	Send  func(ctx context.Context, f File) error
}

// File is one that is ready to go. Content is good until Send returns.
type File struct {
	Format crm.ExportFormat
	No     int // of the export's files, from 1
	Last   bool
	Size   int64
	io.ReadSeeker
}

// Words are what files say, in the member's language.
type Words interface {
	// Column is the heading of a column, by its key.
	Column(key string) string
	// Sheet is the name of a sheet: "clients", "history", "tasks", "dates".
	Sheet(kind string) string
	// Value is a choice in words: of a field of a client's, "touch", "direction", "outcome", "task".
	Value(of, value string) string
	// Decision is what was decided, and about what; names are the members', place is where times are told.
	Decision(d crm.Decision, names map[crm.MemberID]string, place *time.Location) (what, about string)
	// Task is what there is to do; client "" is nobody.
	Task(t crm.Task, client string) string
	// Event is the line of a calendar for a day of a client's: what "" is the birthday.
	Event(what, name string) string
	// Comma separates cells as the language's Excel expects it, Point is what its numbers have.
	Comma() rune
	Point() string
}

// Most is how large a file may be: Telegram takes 50 MB of a bot, and gives it 20 MB, so that what is to come back is smaller.
const (
	mostSent = 47 << 20
	mostBack = 19 << 20
)

// Write makes the files of what is taken and sends each as it is full.
func Write(ctx context.Context, t *crm.Taking, o Options) error {
	format := t.Export().Format
	if o.Most == 0 {
		o.Most = mostSent
		if format == crm.ExportJSON || format == crm.ExportJSONL {
			o.Most = mostBack
		}
	}
	names, err := t.Members(ctx)
	if err != nil {
		return err
	}
	w := &writer{t: t, o: o, members: names, parts: parts{format: format, o: o, t: t}}
	defer w.drop()
	switch format {
	case crm.ExportXLSX:
		return w.book(ctx)
	case crm.ExportCSV:
		return w.csv(ctx)
	case crm.ExportVCF:
		return w.cards(ctx)
	case crm.ExportICS:
		return w.calendar(ctx)
	}
	return w.recordFiles(ctx)
}

// writer makes the files of one export.
type writer struct {
	parts
	t       *crm.Taking
	o       Options
	members map[crm.MemberID]string
	clients int
}

// wrote counts a client that is in the files.
func (w *writer) wrote() {
	w.clients++
	w.t.Wrote(w.clients)
}
