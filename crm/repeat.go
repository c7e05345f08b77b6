package crm

import (
	"slices"
	"time"
)

// Repeat says how a task comes again.
type Repeat string

const (
	RepeatNever    Repeat = ""
	RepeatDaily    Repeat = "daily"
	RepeatWorkdays Repeat = "workdays" // Monday to Friday
	RepeatWeekly   Repeat = "weekly"
	RepeatMonthly  Repeat = "monthly" // the same day; the last one of shorter months
	RepeatYearly   Repeat = "yearly"  // 29 February is kept on 28 February in common years
)

// Repeats in the order in which people are offered them.
var Repeats = []Repeat{RepeatNever, RepeatDaily, RepeatWorkdays, RepeatWeekly, RepeatMonthly, RepeatYearly}

// Valid reports whether it is one of Repeats.
func (r Repeat) Valid() bool { return slices.Contains(Repeats, r) }

// next moves a repeating task to its first occurrence after now and after the present one, which may be done early, by
// wall time: a task at ten is at ten on both sides of a clock change. The day of a monthly or yearly task is that of its first occurrence, however many short months
// lie between.
func (t *Task) next(now time.Time) error {
	loc, err := time.LoadLocation(t.Zone)
	if err != nil {
		loc = time.UTC
	}
	first, err := time.ParseInLocation(wallLayout, t.Wall, loc)
	if err != nil {
		return invalid("due")
	}
	after := t.Occurrence()
	if now.After(after) {
		after = now
	}
	t.Attempts = 0
	for n := 1; n < 4000; n++ { // more than ten years of days
		at := t.Repeat.occurrence(first, n)
		if at.After(after) && (t.Repeat != RepeatWorkdays || at.Weekday() != time.Saturday && at.Weekday() != time.Sunday) {
			t.Due, t.Occurs = stamp(at), stamp(at)
			return nil
		}
	}
	return invalid("repeat")
}

// occurrence is the n-th after the first.
func (r Repeat) occurrence(first time.Time, n int) time.Time {
	y, m, d := first.Date()
	day := Date{y, m, d}
	switch r {
	case RepeatDaily, RepeatWorkdays:
		day = day.Plus(n)
	case RepeatWeekly:
		day = day.Plus(7 * n)
	case RepeatMonthly:
		months := int(m) - 1 + n
		day = Date{y + months/12, time.Month(months%12 + 1), 1}
		day.Day = min(d, daysIn(day.Year, day.Month))
	case RepeatYearly:
		day = day.In(y + n)
	}
	return time.Date(day.Year, day.Month, day.Day, first.Hour(), first.Minute(), 0, 0, first.Location())
}
