package crm

import (
	"context"
	"regexp"
	"strconv"
)

// DateOrder is what comes first in those dates of a column that are written with slashes: 5/12/1985 is 5 December or 12 May.
type DateOrder string

const (
	OrderNone  DateOrder = "" // no such date was seen; read with the day first
	DayFirst   DateOrder = "day"
	MonthFirst DateOrder = "month"
)

var slashedDate = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b`)

// nobodysDay is what programs write where there is no date: Outlook 0.0.00, databases 0000-00-00 or the first day of the year 1, Excel
// the day before the first that it counts.
var nobodysDay = regexp.MustCompile(`^(?:0{1,2}[./-]0{1,2}[./-]0{1,4}|0{4}[./-]0{1,2}[./-]0{1,2}|0?1[./-]0?1[./-]0001|0001-01-01|30[./-]12[./-]1899|12/30/1899|1899-12-30|0?0[./-]0?1[./-]1900)(?:[ T]0{1,2}:00(?::00)?Z?)?$`)

// orderOf judges a column by the dates that can be read in one way only. Where none tells, the day is first.
func orderOf(cells []string) DateOrder {
	order := OrderNone
	for _, cell := range cells {
		m := slashedDate.FindStringSubmatch(cell)
		if m == nil {
			continue
		}
		if number(m[1]) <= 12 && number(m[2]) > 12 {
			return MonthFirst
		}
		order = DayFirst
	}
	return order
}

// dayFirst writes a date with slashes so that there is one way to read it; ok is false if it cannot be of the column's order, which
// is then wrong for this cell or for the others.
func (o DateOrder) dayFirst(cell string) (text string, ok bool) {
	m := slashedDate.FindStringSubmatch(cell)
	if m == nil {
		return cell, true
	}
	day, month := number(m[1]), number(m[2])
	if o == MonthFirst {
		day, month = month, day
	}
	if month > 12 && day <= 12 {
		return cell, false
	}
	return strconv.Itoa(day) + "." + strconv.Itoa(month) + "." + m[3] + cell[len(m[0]):], true
}

// TurnDates has the dates of a column read in the other order. ErrInvalid on "column" if it has none that could be.
func (d *Desk) TurnDates(ctx context.Context, by Actor, id ImportID, column int) (Import, error) {
	if _, _, err := d.gate(ctx, by, ActionImport); err != nil {
		return Import{}, err
	}
	return d.editImport(ctx, by, id, []ImportState{ImportMapping, ImportChecked}, func(i *Import) error {
		if column < 0 || column >= len(i.Columns) || i.Columns[column].Order == OrderNone {
			return invalid("column")
		}
		i.Columns[column].Order = i.Columns[column].Order.turned()
		i.State = ImportMapping
		return nil
	})
}

func (o DateOrder) turned() DateOrder {
	if o == MonthFirst {
		return DayFirst
	}
	return MonthFirst
}

// HoldsDates reports whether the column's order says anything: it is taken for dates, and some have slashes.
func (c ImportColumn) HoldsDates(team Team) bool {
	f, own := team.Field(Field(c.To).Custom())
	return c.Order != OrderNone && (c.To == target(FieldBirthday) || c.To == target(FieldDates) || own && f.Kind == FieldDate ||
		c.To == ImportNew && c.Kind == FieldDate)
}
