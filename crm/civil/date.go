// Package civil holds days of the calendar, without time and zone, and the names of months. When a day begins somewhere is here;
// what people write for a day is read by moment, birthdays by crm.
package civil

import (
	"errors"
	"fmt"
	"time"
)

// Date is a calendar date without time and zone. Year 0 means that the year is not known (a birthday
// written as 12.05); the zero Date means no date at all.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Valid reports whether the date exists in the calendar. Without a year 29 February exists.
func (d Date) Valid() bool {
	year := d.Year
	if year == 0 {
		year = 2000
	}
	if year < 1 || year > 9999 || d.Month < 1 || d.Month > 12 || d.Day < 1 {
		return false
	}
	return d.Day <= DaysIn(year, d.Month)
}

// DaysIn is how many days a month has.
func DaysIn(year int, m time.Month) int {
	return time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// String is YYYY-MM-DD with 0000 for an unknown year, "" for no date. It sorts by date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

var errNotDate = errors.New("no date")

// ParseDate reads what String writes.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	var d Date
	var month int
	if n, err := fmt.Sscanf(s, "%04d-%02d-%02d", &d.Year, &month, &d.Day); n != 3 || err != nil || len(s) != 10 {
		return Date{}, errNotDate
	}
	d.Month = time.Month(month)
	if !d.Valid() {
		return Date{}, errNotDate
	}
	return d, nil
}

// MarshalText keeps a date as its String in JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) error {
	got, err := ParseDate(string(b))
	*d = got
	return err
}

// DateOf is the calendar date of t in t's own zone.
func DateOf(t time.Time) Date { return Date{t.Year(), t.Month(), t.Day()} }

// In is the occurrence of the date's month and day in a year; 29 February falls on the 28th in common years.
func (d Date) In(year int) Date {
	day := d.Day
	if last := DaysIn(year, d.Month); day > last {
		day = last
	}
	return Date{year, d.Month, day}
}

// Next is the first occurrence of the date's month and day on or after today.
func (d Date) Next(today Date) Date {
	next := d.In(today.Year)
	if next.String() < today.String() {
		next = d.In(today.Year + 1)
	}
	return next
}

// Nearest is the occurrence of the date's month and day that is nearest to today: what is dealt with some days late is the
// one that was, not the next.
func (d Date) Nearest(today Date) Date {
	next := d.Next(today)
	last := d.In(next.Year - 1)
	if last.DaysUntil(today) < today.DaysUntil(next) {
		return last
	}
	return next
}

// DaysUntil counts the days from d to other; negative if other is earlier. Both need a year.
func (d Date) DaysUntil(other Date) int {
	return int(other.UTC().Sub(d.UTC()).Hours() / 24)
}

// UTC is when the day begins in Greenwich.
func (d Date) UTC() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Plus is the date so many days later.
func (d Date) Plus(days int) Date { return DateOf(d.UTC().AddDate(0, 0, days)) }

// Minutes are those after midnight of a time of day, 15:04.
func Minutes(clock string) (int, bool) {
	at, err := time.Parse("15:04", clock)
	return at.Hour()*60 + at.Minute(), err == nil
}

// At is a time of day of a date in a zone. A time that a clock change leaves out comes as soon as the clock is past it.
func At(d Date, clock string, loc *time.Location) time.Time {
	m, _ := Minutes(clock)
	t := time.Date(d.Year, d.Month, d.Day, m/60, m%60, 0, 0, loc)
	asked := time.Date(d.Year, d.Month, d.Day, m/60, m%60, 0, 0, time.UTC)
	shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	begin, end := t.ZoneBounds()
	switch { // time.Date resolves what is left out to either side of it
	case shown.Before(asked):
		return end
	case shown.After(asked):
		return begin
	}
	return t
}

// PlusMonths is the same day so many months later, or the last one of a shorter month.
func (d Date) PlusMonths(n int) Date {
	months := int(d.Month) - 1 + n
	year, month := d.Year+months/12, time.Month(months%12+1)
	return Date{year, month, min(d.Day, DaysIn(year, month))}
}

// Begins is when the day begins at a place.
func (d Date) Begins(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}
