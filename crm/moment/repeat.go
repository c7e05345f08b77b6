package moment

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm/civil"
)

// Repeat says how a task comes again: how often, and perhaps every how many of that and on which days of the week, the
// days counted from Monday, 1: "weekly", "weekly/2", "weekly/1/2,4". Each has one way to be written: what is once a week on
// one day is "weekly".
type Repeat string

const (
	RepeatNever    Repeat = ""
	RepeatDaily    Repeat = "daily"
	RepeatWorkdays Repeat = "workdays" // Monday to Friday
	RepeatWeekly   Repeat = "weekly"
	RepeatMonthly  Repeat = "monthly" // the same day; the last one of shorter months
	RepeatYearly   Repeat = "yearly"  // 29 February is kept on 28 February in common years
)

// RepeatCountdown leads to a day: so many days before it as countdown says, on it, and each day from then on. Nobody chooses it.
const RepeatCountdown Repeat = "countdown"

// countdown are the days before the last day on which a countdown comes.
var countdown = []int{CountdownDays, 7, 3, 1, 0}

// CountdownDays is how many days a countdown lasts: its first occurrence is so long before the day to which it leads.
const CountdownDays = 14

// maxEvery is the longest that one may have to wait, in each unit: some years.
var maxEvery = map[Repeat]int{RepeatDaily: 365, RepeatWorkdays: 1, RepeatWeekly: 52, RepeatMonthly: 36, RepeatYearly: 10}

// Every is every n-th time of a repeat: every second week.
func (r Repeat) Every(n int) Repeat { return newRepeat(r.Cycle(), n, r.Days()) }

// On is a weekly repeat on several days of the week.
func (r Repeat) On(days []time.Weekday) Repeat { return newRepeat(r.Cycle(), r.Interval(), days) }

// Cycle is the repeat without its interval and its days: one of the constants.
func (r Repeat) Cycle() Repeat {
	cycle, _, _ := strings.Cut(string(r), "/")
	return Repeat(cycle)
}

// Interval is every how many days, weeks, months or years it comes.
func (r Repeat) Interval() int {
	parts := strings.Split(string(r), "/")
	if len(parts) < 2 {
		return 1
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return 1
	}
	return n
}

// Days are the days of the week on which it comes, from Monday on; none: the one of the first occurrence.
func (r Repeat) Days() []time.Weekday {
	parts := strings.Split(string(r), "/")
	if len(parts) < 3 {
		return nil
	}
	var days []time.Weekday
	for _, s := range strings.Split(parts[2], ",") {
		if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= 7 {
			days = append(days, time.Weekday(n%7))
		}
	}
	return days
}

func newRepeat(cycle Repeat, every int, days []time.Weekday) Repeat {
	days = slices.Clone(days)
	slices.SortFunc(days, func(a, b time.Weekday) int { return mondayFirst(a) - mondayFirst(b) })
	if days = slices.Compact(days); len(days) < 2 {
		days = nil
	}
	switch {
	case every == 1 && len(days) == 0:
		return cycle
	case len(days) == 0:
		return cycle + "/" + Repeat(strconv.Itoa(every))
	}
	var list []string
	for _, wd := range days {
		list = append(list, strconv.Itoa(mondayFirst(wd)+1))
	}
	return Repeat(string(cycle) + "/" + strconv.Itoa(every) + "/" + strings.Join(list, ","))
}

// Valid reports whether a task can repeat so.
func (r Repeat) Valid() bool {
	if r == RepeatNever {
		return true
	}
	cycle, every, days := r.Cycle(), r.Interval(), r.Days()
	return every >= 1 && every <= maxEvery[cycle] && (len(days) == 0 || cycle == RepeatWeekly) && newRepeat(cycle, every, days) == r
}

// Occurrence is the n-th after the first.
func (r Repeat) Occurrence(first time.Time, n int) time.Time {
	y, m, d := first.Date()
	day := civil.Date{Year: y, Month: m, Day: d}
	every := r.Interval()
	switch days := r.Days(); r.Cycle() {
	case RepeatDaily, RepeatWorkdays:
		day = day.Plus(n * every)
	case RepeatCountdown:
		day = day.Plus(CountdownDays - countdown[min(n, len(countdown)-1)] + max(0, n-len(countdown)+1))
	case RepeatWeekly:
		day = day.Plus(7 * n * every)
		if len(days) > 0 {
			day = weekdayOf(civil.Date{Year: y, Month: m, Day: d}, days, every, n)
		}
	case RepeatMonthly:
		months := int(m) - 1 + n*every
		day = civil.Date{Year: y + months/12, Month: time.Month(months%12 + 1), Day: 1}
		day.Day = min(d, civil.DaysIn(day.Year, day.Month))
	case RepeatYearly:
		day = day.In(y + n*every)
	}
	return time.Date(day.Year, day.Month, day.Day, first.Hour(), first.Minute(), 0, 0, first.Location())
}

// weekdayOf is the n-th of the days, in order from Monday, after the first, in each week or every few weeks from the first's.
func weekdayOf(first civil.Date, days []time.Weekday, every, n int) civil.Date {
	wd := first.UTC().Weekday()
	monday := first.Plus(-mondayFirst(wd))
	i := slices.IndexFunc(days, func(d time.Weekday) bool { return mondayFirst(d) >= mondayFirst(wd) })
	switch {
	case n == 0:
		return first
	case i < 0: // the first is on another day than all the others, and behind them
		i = len(days) - 1
	case days[i] != wd:
		n-- // … and the next of them is the first after it
	}
	i += n
	return monday.Plus(7*every*(i/len(days)) + mondayFirst(days[i%len(days)]))
}
