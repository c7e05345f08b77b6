package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/sheet"
)

// column is one of a table of clients. Its heading is Words.Column of the key, or the name of an own field.
type column struct {
	key   string
	name  string
	width int
	cell  func(w *writer, c crm.Client) sheet.Cell
}

func text(s string) sheet.Cell { return sheet.Cell{Text: s} }

func day(d civil.Date) sheet.Cell {
	if d.Year == 0 || !sheet.Countable(d.Year, d.Month) {
		return text(d.String())
	}
	return sheet.Cell{Kind: sheet.CellDay, Time: time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)}
}

func (w *writer) at(t time.Time) sheet.Cell {
	if t.IsZero() {
		return sheet.Cell{}
	}
	return sheet.Cell{Kind: sheet.CellTime, Time: t.In(w.t.Place())}
}

func number(n int64) sheet.Cell {
	if n == 0 {
		return sheet.Cell{}
	}
	return sheet.Cell{Kind: sheet.CellNumber, Number: float64(n)}
}

// amount is a sum in hundredths.
func amount(sum int64) sheet.Cell {
	if sum == 0 {
		return sheet.Cell{}
	}
	return sheet.Cell{Kind: sheet.CellAmount, Number: float64(sum) / 100}
}

// of is a column of one of the card's own fields, as it is typed.
func of(f crm.Field, width int) column {
	return column{string(f), "", width, func(_ *writer, c crm.Client) sheet.Cell { return text(c.Value(f)) }}
}

// choice is a column of a field with words of its own.
func choice(f crm.Field) column {
	return column{string(f), "", 16, func(w *writer, c crm.Client) sheet.Cell { return text(w.o.Words.Value(string(f), c.Value(f))) }}
}

// accounts is a column of the accounts in one messenger.
func accounts(kind string) column {
	return column{kind, "", 16, func(_ *writer, c crm.Client) sheet.Cell {
		var handles []string
		for _, m := range c.Messengers {
			if m.Kind == kind {
				handles = append(handles, m.Handle)
			}
		}
		return text(strings.Join(handles, ", "))
	}}
}

// cardColumns are those of a table of clients: what an import takes back, then what follows from the history.
var cardColumns = []column{
	of(crm.FieldName, 30), choice(crm.FieldClientKind), of(crm.FieldCompany, 24), of(crm.FieldPosition, 18), of(crm.FieldPhones, 18), of(crm.FieldEmails, 24),
	accounts("telegram"), accounts("whatsapp"), accounts("viber"), accounts("vk"), accounts("max"), accounts("skype"), accounts("site"),
	{"telegram_id", "", 14, func(_ *writer, c crm.Client) sheet.Cell { return number(c.TelegramID) }},
	choice(crm.FieldChannel), of(crm.FieldCity, 16), of(crm.FieldAddress, 28),
	{string(crm.FieldBirthday), "", 13, func(_ *writer, c crm.Client) sheet.Cell { return day(c.Birthday) }},
	{string(crm.FieldDates), "", 24, func(w *writer, c crm.Client) sheet.Cell {
		return text(crm.WriteDates(c.Dates, w.o.Words.Value(string(crm.FieldDates), "once")))
	}},
	of(crm.FieldSource, 16), of(crm.FieldTags, 20), of(crm.FieldInterests, 20), choice(crm.FieldStage),
	{string(crm.FieldStatus), "", 16, func(w *writer, c crm.Client) sheet.Cell {
		status := w.o.Words.Value(string(crm.FieldStatus), string(c.Status))
		if c.Status == crm.StatusBlocked && c.StatusReason != "" {
			status += ": " + c.StatusReason
		}
		return text(status)
	}},
	{"owner", "", 18, func(w *writer, c crm.Client) sheet.Cell { return text(w.members[c.Owner]) }},
}

var pastColumns = []column{
	{"first_contact", "", 16, func(w *writer, c crm.Client) sheet.Cell { return w.at(c.FirstContact) }},
	{"last_touch", "", 16, func(w *writer, c crm.Client) sheet.Cell { return w.at(c.LastTouch) }},
	{"next_contact", "", 16, func(w *writer, c crm.Client) sheet.Cell { return w.at(c.NextContact) }},
	{"touches", "", 10, func(_ *writer, c crm.Client) sheet.Cell { return number(int64(c.Touches)) }},
	{"last_note", "", 30, func(_ *writer, c crm.Client) sheet.Cell { return text(strings.Join(strings.Fields(c.LastNote), " ")) }},
	{"bought", "", 20, func(_ *writer, c crm.Client) sheet.Cell { return text(c.Bought.What) }},
	{"sum", "", 12, func(_ *writer, c crm.Client) sheet.Cell { return amount(c.Bought.Sum) }},
	{"currency", "", 8, func(_ *writer, c crm.Client) sheet.Cell { return text(c.Bought.Currency) }},
	{"bought_at", "", 16, func(w *writer, c crm.Client) sheet.Cell { return w.at(c.Bought.At) }},
	{"created", "", 16, func(w *writer, c crm.Client) sheet.Cell { return w.at(c.Created) }},
	{"card", "", 20, func(_ *writer, c crm.Client) sheet.Cell { return text(string(c.ID)) }},
}

// own is the column of one of the team's own fields, in the kind of cell that it has.
func own(f crm.CustomField) column {
	name := f.Name
	if crm.OwnHeading(name) {
		name += " (2)"
	}
	return column{"", name, 16, func(_ *writer, c crm.Client) sheet.Cell {
		value := c.Custom[f.ID]
		switch f.Kind {
		case crm.FieldNumber:
			if n, err := strconv.ParseFloat(value, 64); err == nil {
				return sheet.Cell{Kind: sheet.CellNumber, Number: n}
			}
		case crm.FieldDate:
			if d, err := civil.ParseDate(value); err == nil {
				return day(d)
			}
		}
		return text(value)
	}}
}

// columns are those of the table of clients.
func (w *writer) columns() []column {
	all := slices.Clone(cardColumns)
	for _, f := range w.t.Fields() {
		all = append(all, own(f))
	}
	return append(all, pastColumns...)
}

func (w *writer) headings(columns []column) (heads []string, widths []int) {
	for _, c := range columns {
		head := c.name
		if head == "" {
			head = w.o.Words.Column(c.key)
		}
		heads, widths = append(heads, head), append(widths, c.width)
	}
	return heads, widths
}

// csv writes the clients as Excel opens them by itself: UTF-8 with a mark that says so, the language's separator.
func (w *writer) csv(ctx context.Context) error {
	columns := w.columns()
	cells, _ := w.headings(columns)
	var line bytes.Buffer
	lines := csv.NewWriter(&line)
	lines.Comma, lines.UseCRLF = w.o.Words.Comma(), true
	row := func() ([]byte, error) {
		line.Reset()
		for i, c := range cells {
			cells[i] = crm.Guard(c, false)
		}
		err := lines.Write(cells)
		lines.Flush()
		return line.Bytes(), errors.Join(err, lines.Error())
	}
	head, err := row()
	if err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	head = append([]byte("\uFEFF"), head...)
	w.head = func() []byte { return head }
	err = w.t.Clients(ctx, func(c crm.Client) error {
		for i, col := range columns {
			cells[i] = plain(col.cell(w, c), w.o.Words.Point())
		}
		b, err := row()
		if err != nil {
			return fmt.Errorf("write a table: %w", err)
		}
		w.wrote()
		return w.add(ctx, b)
	})
	if err != nil {
		return err
	}
	return w.end(ctx)
}

// plain is a cell as a text says it.
func plain(c sheet.Cell, point string) string {
	switch c.Kind {
	case sheet.CellNumber:
		return strings.Replace(strconv.FormatFloat(c.Number, 'f', -1, 64), ".", point, 1)
	case sheet.CellAmount:
		return strings.Replace(strconv.FormatFloat(c.Number, 'f', 2, 64), ".", point, 1)
	case sheet.CellDay:
		return c.Time.Format(time.DateOnly)
	case sheet.CellTime:
		return c.Time.Format("2006-01-02 15:04")
	}
	return c.Text
}
