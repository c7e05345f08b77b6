// Package calendar is a date picker made of buttons: decades, years, months, days, each one tap deeper. It is pure: a
// view and today's date in, rows of buttons out.
package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Picker makes the buttons of one calendar.
type Picker struct {
	T     *locales.Texts
	ID    string    // of the record, in each button
	For   string    // what the date is for: the first part of each button's argument
	Verb  talk.Verb // of each button; "": VerbDay
	Today civil.Date
	Days  Days
}

// Days says which days can be picked; today always can.
type Days int

const (
	Any    Days = iota
	Past        // today and before
	Future      // today and after
)

// offers reports whether a day between two, both included, can be picked.
func (k Days) offers(first, last, today civil.Date) bool {
	switch k {
	case Past:
		return first.String() <= today.String()
	case Future:
		return last.String() >= today.String()
	}
	return true
}

// View is what the calendar shows, as a button carries it: "198" the years of a decade, "1985" the months of a year,
// "1985-05" the days of a month.
type View string

// Month is the view of a date's month.
func Month(d civil.Date) View { return View(fmt.Sprintf("%04d-%02d", d.Year, int(d.Month))) }

// Decade is the view of a year's decade.
func Decade(year int) View { return View(fmt.Sprintf("%03d", year/10)) }

// Rows of the view; the month of today for a view that is none.
func (p Picker) Rows(v View) [][]chat.Button {
	switch len(v) {
	case 3:
		if n, err := strconv.Atoi(string(v)); err == nil {
			return p.decade(n * 10)
		}
	case 4:
		if n, err := strconv.Atoi(string(v)); err == nil {
			return p.year(n)
		}
	case 7:
		if at, err := time.Parse("2006-01", string(v)); err == nil {
			return p.month(at.Year(), at.Month())
		}
	}
	return p.month(p.Today.Year, p.Today.Month)
}

func (p Picker) button(label, arg string) chat.Button {
	return talk.Button(label, cmp.Or(p.Verb, talk.VerbDay), p.ID, p.For+":"+arg)
}

// years, months and a day are a button, or nothing if no day of theirs can be picked.
func (p Picker) years(label string, first, last int, v View) chat.Button {
	return p.offered(label, civil.Date{Year: first, Month: 1, Day: 1}, civil.Date{Year: last, Month: 12, Day: 31}, string(v))
}

func (p Picker) monthOf(label string, first time.Time) chat.Button {
	from, to := civil.DateOf(first), civil.DateOf(first.AddDate(0, 1, -1))
	return p.offered(label, from, to, string(Month(from)))
}

func (p Picker) offered(label string, first, last civil.Date, arg string) chat.Button {
	if !p.Days.offers(first, last, p.Today) {
		return p.nothing()
	}
	return p.button(label, arg)
}

// nothing stands where no day can be picked. Telegram: a button whose label is blank is dropped, and the week with it is
// one day short.
func (p Picker) nothing() chat.Button { return talk.Button(nothing, talk.VerbNop, "", "") }

const nothing = "·"

func (p Picker) decade(first int) [][]chat.Button {
	var years []chat.Button
	for y := first; y < first+10; y++ {
		years = append(years, p.years(strconv.Itoa(y), y, y, View(fmt.Sprintf("%04d", y))))
	}
	rows := talk.Rows(5, years...)
	return append(rows, []chat.Button{
		p.years("‹ "+strconv.Itoa(first-10), first-10, first-1, Decade(first-10)),
		p.years(strconv.Itoa(first+10)+" ›", first+10, first+19, Decade(first+10)),
	})
}

func (p Picker) year(year int) [][]chat.Button {
	var months []chat.Button
	for m := time.January; m <= time.December; m++ {
		months = append(months, p.monthOf(p.T.Label("month.sheet."+strconv.Itoa(int(m))), time.Date(year, m, 1, 0, 0, 0, 0, time.UTC)))
	}
	rows := talk.Rows(3, months...)
	return append(rows, []chat.Button{p.button("‹ "+strconv.Itoa(year/10*10), string(Decade(year)))})
}

// month is a sheet of weeks that begin on Monday, those left out of which no day can be picked.
func (p Picker) month(year int, m time.Month) [][]chat.Button {
	first := time.Date(year, m, 1, 0, 0, 0, 0, time.UTC)
	rows := [][]chat.Button{p.head(first)}
	week := make([]chat.Button, 0, 7)
	for range (int(first.Weekday()) + 6) % 7 {
		week = append(week, p.nothing())
	}
	for day := first; day.Month() == m; day = day.AddDate(0, 0, 1) {
		week = append(week, p.day(civil.DateOf(day)))
		if len(week) == 7 {
			rows, week = append(rows, week), make([]chat.Button, 0, 7)
		}
	}
	if len(week) > 0 {
		for len(week) < 7 {
			week = append(week, p.nothing())
		}
		rows = append(rows, week)
	}
	return slices.DeleteFunc(rows, over)
}

// over reports whether there is nothing to pick in a week.
func over(week []chat.Button) bool {
	return !slices.ContainsFunc(week, func(b chat.Button) bool { return b.Text != nothing })
}

// head names the month and leads to its neighbours and to the year.
func (p Picker) head(first time.Time) []chat.Button {
	return []chat.Button{
		p.monthOf("‹", first.AddDate(0, -1, 0)),
		p.button(p.T.Month(first.Year(), first.Month()), first.Format("2006")),
		p.monthOf("›", first.AddDate(0, 1, 0)),
	}
}

func (p Picker) day(d civil.Date) chat.Button {
	label := strconv.Itoa(d.Day)
	if d == p.Today {
		label = "•" + label
	}
	return p.offered(label, d, d, d.String())
}

// Picked is the day that a button's argument names; ok is false if it is a view to leaf to.
func Picked(arg string) (day civil.Date, ok bool) {
	day, err := civil.ParseDate(arg)
	return day, err == nil && len(arg) == len("2006-01-02")
}
