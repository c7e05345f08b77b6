package export

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/sheet"
)

// book writes a sheet a kind of record, one after the other: a sheet ends before the next begins.
func (w *writer) book(ctx context.Context) error {
	x := &workbook{writer: w}
	columns := w.columns()
	heads, widths := w.headings(columns)
	cells := make([]sheet.Cell, len(columns))
	x.begin("clients", heads, widths)
	err := x.ready()
	if err == nil {
		err = w.t.Clients(ctx, func(c crm.Client) error {
			for i, col := range columns {
				cells[i] = col.cell(w, c)
				cells[i].Text = crm.Guard(cells[i].Text, true)
			}
			w.wrote()
			return x.row(ctx, cells)
		})
	}
	for _, more := range []func(context.Context) error{x.history, x.tasks, x.dates} {
		if err == nil {
			err = more(ctx)
		}
	}
	if err == nil {
		err = x.b.End()
	}
	if err != nil {
		return err
	}
	return w.send(ctx, true)
}

// workbook is a book, or several where one would become too large.
type workbook struct {
	*writer
	b      *sheet.Book // nil: none is open
	kind   string
	heads  []string
	widths []int
	begun  bool // the kind's sheet is open
}

// spare is how much the compressor may hold back beside what it has written, with a row.
const spare = 1 << 20

// begin says what the rows are that follow.
func (x *workbook) begin(kind string, heads []string, widths []int) {
	x.kind, x.heads, x.widths, x.begun = kind, heads, widths, false
}

// of begins rows whose columns have their headings by key.
func (x *workbook) of(kind string, widths []int, keys ...string) {
	heads := make([]string, len(keys))
	for i, key := range keys {
		heads[i] = x.o.Words.Column(key)
	}
	x.begin(kind, heads, widths)
}

// ready opens the sheet for the next row, and a book if there is none.
func (x *workbook) ready() error {
	if x.b == nil {
		if err := x.open(); err != nil {
			return err
		}
		x.b, x.begun = sheet.WriteBook(&x.parts), false
	}
	if x.begun && !x.b.Full() {
		return nil
	}
	x.begun = true
	return x.b.Sheet(x.o.Words.Sheet(x.kind), x.heads, x.widths)
}

func (x *workbook) row(ctx context.Context, cells []sheet.Cell) error {
	if x.b != nil && x.b.Size() > x.o.Most-min(spare, x.o.Most/4) {
		if err := x.b.End(); err != nil {
			return err
		}
		if err := x.send(ctx, false); err != nil {
			return err
		}
		x.b = nil
	}
	if err := x.ready(); err != nil {
		return err
	}
	return x.b.Row(cells)
}

// history is what happened with the clients, a row an entry.
func (x *workbook) history(ctx context.Context) error {
	x.of("history", []int{30, 16, 12, 14, 16, 60, 18, 20, 12, 8, 20}, "client", "when", "touch", "direction", "outcome", "text", "who", "bought", "sum", "currency", "card")
	return x.t.History(ctx, func(c crm.Client, t crm.Touch) error {
		what, said := x.o.Words.Value("touch", string(t.Kind)), t.Text
		if t.Kind == crm.TouchDecision {
			what, said = x.o.Words.Decision(t.Decision, x.members, x.t.Place())
		}
		return x.row(ctx, []sheet.Cell{text(c.Name), x.at(t.At), text(what), text(x.o.Words.Value("direction", string(t.Direction))),
			text(x.o.Words.Value("outcome", string(t.Outcome))), text(said), text(x.members[t.By]), text(t.Purchase.What), amount(t.Purchase.Sum),
			text(t.Purchase.Currency), text(string(c.ID))})
	})
}

// tasks are what is, or was, to be done.
func (x *workbook) tasks(ctx context.Context) error {
	x.of("tasks", []int{50, 16, 12, 18, 30, 16, 20}, "task", "due", "state", "assignee", "client", "closed", "card")
	return x.t.Tasks(ctx, func(c crm.Client, t crm.Task) error {
		return x.row(ctx, []sheet.Cell{text(x.o.Words.Task(t, c.Name)), x.at(t.Due), text(x.o.Words.Value("task", string(t.State))), text(x.members[t.Assignee]), text(c.Name),
			x.at(t.Closed), text(string(c.ID))})
	})
}

// dates are the birthdays and whatever else comes again.
func (x *workbook) dates(ctx context.Context) error {
	x.of("dates", []int{30, 24, 13, 12, 20}, "client", "what", "day", "repeats", "card")
	return x.t.Clients(ctx, func(c crm.Client) error {
		row := func(what string, d civil.Date, once bool) error {
			repeats := x.o.Words.Value(string(crm.FieldDates), "yearly")
			if once {
				repeats = x.o.Words.Value(string(crm.FieldDates), "once")
			}
			return x.row(ctx, []sheet.Cell{text(c.Name), text(what), day(d), text(strings.ToLower(repeats)), text(string(c.ID))})
		}
		if !c.Birthday.IsZero() {
			if err := row(x.o.Words.Column(string(crm.FieldBirthday)), c.Birthday, false); err != nil {
				return err
			}
		}
		for _, o := range c.Dates {
			if err := row(o.Label, o.Day, o.Once); err != nil {
				return err
			}
		}
		return nil
	})
}
