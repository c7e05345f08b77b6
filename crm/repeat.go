package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
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
	every := r.Interval()
	switch days := r.Days(); r.Cycle() {
	case RepeatDaily, RepeatWorkdays:
		day = day.Plus(n * every)
	case RepeatWeekly:
		day = day.Plus(7 * n * every)
		if len(days) > 0 {
			day = weekdayOf(Date{y, m, d}, days, every, n)
		}
	case RepeatMonthly:
		months := int(m) - 1 + n*every
		day = Date{y + months/12, time.Month(months%12 + 1), 1}
		day.Day = min(d, daysIn(day.Year, day.Month))
	case RepeatYearly:
		day = day.In(y + n*every)
	}
	return time.Date(day.Year, day.Month, day.Day, first.Hour(), first.Minute(), 0, 0, first.Location())
}

// weekdayOf is the n-th of the days, in order from Monday, after the first, in each week or every few weeks from the first's.
func weekdayOf(first Date, days []time.Weekday, every, n int) Date {
	wd := first.utc().Weekday()
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

// turnOver moves a task that was not done to the turn that has come, if at is one: it is for that turn now, and comes again.
// What is wanted more often than it is done would be silent for ever otherwise.
func (d *Desk) turnOver(ctx context.Context, t Task, at time.Time) (Task, error) {
	next := t
	if t.State != TaskOpen || t.Repeat == RepeatNever || !t.Due.Before(at) || next.next(at.Add(-time.Millisecond)) != nil || !next.Due.Equal(at) {
		return t, nil
	}
	next.Rev++
	ev := Event{ID: Cause("turn." + string(t.ID) + "." + instant(at)).EventID(0), Team: t.Team, Schema: schemaVersion, Action: ActionEditTask,
		Record: string(t.ID), Rev: next.Rev, At: d.now(), Fields: diff(t, next)}
	err := d.saveTask(ctx, next, ev)
	if errors.Is(err, ErrConflict) {
		next, err = d.store.Task(ctx, t.Team, t.ID) // changed at this very moment: it is as it is
	}
	if err != nil {
		return t, fmt.Errorf("turn a task over: %w", err)
	}
	return next, nil
}

// turnDay moves m's tasks that were not done to the turn that this day brings, if it brings one: a list of the day has it among what
// is to be done today, not among what is left of yesterday.
func (d *Desk) turnDay(ctx context.Context, m Member) error {
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return fmt.Errorf("read team: %w", err)
	}
	var planned []Reminder
	for _, id := range team.charges(m.ID, d.now()) { // what was planned before somebody went away is planned for them
		page, err := d.store.Reminders(ctx, ReminderQuery{Team: m.Team, Member: id, States: []ReminderState{ReminderPlanned},
			DueBefore: d.endOfDay(m), Limit: itemsMost})
		if err != nil {
			return fmt.Errorf("turns of the day: %w", err)
		}
		planned = append(planned, page...)
	}
	for _, r := range planned {
		if r.Kind != RemindTask || !r.For.Before(d.endOfDay(m)) {
			continue
		}
		t, err := d.store.Task(ctx, m.Team, r.Task)
		if err == nil {
			_, err = d.turnOver(ctx, t, r.For)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("turn of the day: %w", err)
		}
	}
	return nil
}

// planTurn plans the reminder of a task's next turn, which comes whether or not this one is done.
func (d *Desk) planTurn(ctx context.Context, m Member, t Task) error {
	if t.Repeat == RepeatNever || t.next(d.now()) != nil {
		return nil
	}
	return d.planTask(ctx, m, t)
}
