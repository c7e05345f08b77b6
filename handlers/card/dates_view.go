package card

import (
	"cmp"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// DateLine is one of a client's other dates with how long it is until then.
func DateLine(t *talk.Turn, o crm.OtherDate) string {
	return t.T.HTML("card.date", "date", DateWords(t.T, o, t.Today()))
}

// DateWords says what a date is, when, and how long it is until then: «Конец договора, 31 декабря 2026 — через 39 дней».
func DateWords(t *locales.Texts, o crm.OtherDate, today civil.Date) string {
	next, _ := o.Next(today)
	day := t.DayMonth(o.Day)
	if o.Once && o.Day.Year != today.Year {
		day = t.Date(o.Day)
	}
	if n := o.Years(next); n > 0 {
		return t.Label("dates.years", "label", o.Label, "day", day, "n", n, "until", t.Until(next, today))
	}
	return t.Label("dates.plain", "label", o.Label, "day", day, "until", t.Until(next, today))
}

// LeadLabel is how many days before something one is reminded: «за 3 дня».
func LeadLabel(t *locales.Texts, days int) string {
	if days == 0 {
		return t.Label("reminding.on_the_day")
	}
	return t.Label("reminding.before", "n", days)
}

// dateValue is the value of the field: what each date is and when.
func dateValue(t *locales.Texts, dates []crm.OtherDate) string {
	parts := make([]string, len(dates))
	for i, o := range dates {
		day := t.DayMonth(o.Day)
		if o.Day.Year != 0 {
			day = t.Date(o.Day)
		}
		parts[i] = o.Label + " " + day
	}
	return strings.Join(parts, "; ")
}

// openDates is how many other dates stand open on a card; more of them fold, and so do those that are over.
const openDates = 3

// dates are the lines of the other dates, the nearest first: those that stand open and those that fold.
func (v *view) dates() (open, folded []string) {
	today := v.t.Today()
	list := slices.Clone(v.c.Dates)
	over := func(o crm.OtherDate) int {
		if _, coming := o.Next(today); coming {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b crm.OtherDate) int {
		first, _ := a.Next(today)
		second, _ := b.Next(today)
		return cmp.Or(over(a)-over(b), strings.Compare(first.String(), second.String()))
	})
	for _, o := range list {
		if line := DateLine(v.t, o); len(open) < openDates && over(o) == 0 {
			open = append(open, line)
		} else {
			folded = append(folded, line)
		}
	}
	return open, folded
}
