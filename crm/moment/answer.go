package moment

import (
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// answer is the times that a sense means, the likeliest first, all after now.
type answer struct {
	times []time.Time
	day   bool // no hour was given
	doubt bool // to be asked back even if there is only one
}

// answer works out what a sense means.
func (r *reader) answer(s meaning) answer {
	days, doubt := r.meantDays(s)
	minutes := s.minutes()
	a := answer{day: len(minutes) == 0, doubt: doubt}
	if len(s.spans) > 0 {
		return r.answerSpan(s)
	}
	if a.day {
		minutes = []int{dayHour * 60}
	}
	if s.repeat != RepeatNever {
		a.times = r.answerRepeat(s, days, minutes)
		return a
	}
	a.times = r.ahead(days, minutes)
	if !slices.Contains(days, r.today) {
		return a
	}
	if a.day && !r.wall(r.today, dayHour*60).After(r.now) {
		a.doubt = true
		today := r.ahead([]civil.Date{r.today}, []int{14 * 60, 19 * 60})
		a.times = slices.Concat(today[:min(len(today), max(1, 2-len(a.times)))], a.times)
	}
	if len(a.times) == 0 {
		later := s.later
		if !s.dated() && len(s.weeks) == 0 {
			later = []civil.Date{r.today.Plus(1)}
		}
		a.times = slices.Concat(r.soon(s.parts), r.ahead([]civil.Date{r.today}, s.evenings()), r.ahead(later, minutes))
		a.doubt = len(a.times) > 0
	}
	return a
}

// answerSpan is now and a span. Anything else that is said beside it contradicts it.
func (r *reader) answerSpan(s meaning) answer {
	a := answer{doubt: s.doubt || len(s.days)+len(s.weekdays)+len(s.clocks)+len(s.parts) > 0 || s.repeat != RepeatNever}
	for _, span := range s.spans {
		a.times = append(a.times, r.now.Truncate(time.Minute).Add(span))
	}
	return a
}

// meantDays are the days that a sense names, without any today's; true if they are to be asked back.
func (r *reader) meantDays(s meaning) ([]civil.Date, bool) {
	switch {
	case len(s.weeks) > 0 && len(s.weekdays) > 0:
		return r.daysOfWeeks(s)
	case len(s.weeks) > 0 && len(s.days) == 0:
		week := s.weeks[0]
		if week == 0 {
			return []civil.Date{r.today.Plus(1), r.monday(0).Plus(4)}, true
		}
		return []civil.Date{r.monday(week), r.today.Plus(7 * week)}, true
	case len(s.days) > 0 && len(s.weekdays) > 0:
		same := slices.DeleteFunc(slices.Clone(s.days), func(d civil.Date) bool { return !slices.Contains(s.weekdays, d.UTC().Weekday()) })
		if len(same) > 0 {
			return same, s.doubt
		}
		return slices.Concat(s.days, s.weekdayDays), true
	case len(s.days) > 0:
		return s.days, s.doubt
	case len(s.weekdays) == 0:
		return []civil.Date{r.today}, s.doubt
	case s.repeat == RepeatNever:
		if s.either { // of each of them the nearest
			slices.SortFunc(s.weekdayDays, func(a, b civil.Date) int { return a.UTC().Compare(b.UTC()) })
		}
		return s.weekdayDays, s.doubt
	}
	var days []civil.Date
	for _, wd := range s.weekdays {
		days = append(days, r.today.Plus((int(wd)-int(r.today.UTC().Weekday())+7)%7))
	}
	return days, s.doubt || s.repeat.Cycle() != RepeatWeekly && !s.since
}

// daysOfWeeks are days of the week in weeks from this one. Counted from today, «через две недели в понедельник», it may be
// the one of that week or the one nearest to the day that is so far away.
func (r *reader) daysOfWeeks(s meaning) ([]civil.Date, bool) {
	var days []civil.Date
	doubt := s.doubt
	for _, week := range s.weeks {
		for _, wd := range s.weekdays {
			day, away := r.monday(week).Plus(mondayFirst(wd)), r.today.Plus(7*week)
			if days = append(days, day); !slices.Contains(s.days, away) {
				continue // «на следующей неделе»
			}
			if near := away.Plus((mondayFirst(wd)-mondayFirst(away.UTC().Weekday())+10)%7 - 3); near != day {
				days, doubt = append(days[:len(days)-1], near, day), true
			}
		}
	}
	return days, doubt
}

// ahead are the given minutes of the given days that are after now.
func (r *reader) ahead(days []civil.Date, minutes []int) []time.Time {
	var out []time.Time
	for _, d := range days {
		for _, m := range minutes {
			if t := r.wall(d, m); t.After(r.now) {
				out = append(out, t)
			}
		}
	}
	return out
}

// soon is the next full hour, if a part of today that has begun lasts till then.
func (r *reader) soon(parts []partSense) []time.Time {
	next := r.now.Hour() + 1
	if r.now.Minute() >= 30 {
		next++
	}
	if !slices.ContainsFunc(parts, func(p partSense) bool { return next < p.end && len(p.minutes) == 1 }) {
		return nil
	}
	return r.ahead([]civil.Date{r.today}, []int{next * 60})
}

// answerRepeat is when a repeat may begin. On several days of the week it begins with the nearest, and every second Friday
// with the next one.
func (r *reader) answerRepeat(s meaning, days []civil.Date, minutes []int) []time.Time {
	step := s.repeat
	if len(s.weekdays) > 0 {
		step = step.Cycle()
	}
	times := r.firstOccurrences(step, days, minutes)
	if s.whole() != s.repeat {
		slices.SortFunc(times, time.Time.Compare)
		if len(minutes) == 1 {
			times = times[:min(len(times), 1)]
		}
	}
	return likeliest(times)
}

// firstOccurrences are, for each day and minute, the first occurrence that is after now.
func (r *reader) firstOccurrences(repeat Repeat, days []civil.Date, minutes []int) []time.Time {
	var out []time.Time
	for _, day := range days {
		for _, m := range minutes {
			for n := range 400 { // more than a year of days
				d := civil.DateOf(repeat.Occurrence(day.UTC(), n))
				wd := d.UTC().Weekday()
				if repeat == RepeatWorkdays && (wd == time.Saturday || wd == time.Sunday) {
					continue
				}
				if (repeat.Cycle() == RepeatMonthly || repeat.Cycle() == RepeatYearly) && d.Day != day.Day {
					continue // the first occurrence sets the day of all: the 31st must not begin on a 28th
				}
				if t := r.wall(d, m); t.After(r.now) {
					out = append(out, t)
					break
				}
			}
		}
	}
	return out
}

// wall is a minute of a day at the place of now. What a clock change skips moves on to the first that exists; of two
// the first is meant.
func (r *reader) wall(d civil.Date, minute int) time.Time {
	loc := r.now.Location()
	meant := time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, time.UTC)
	var skipped time.Time
	var found []time.Time
	for _, around := range []time.Time{meant.Add(-24 * time.Hour), meant.Add(24 * time.Hour)} {
		_, offset := around.In(loc).Zone()
		t := meant.Add(-time.Duration(offset) * time.Second).In(loc)
		if _, got := t.Zone(); got == offset {
			found = append(found, t)
		} else if skipped.IsZero() {
			skipped = t
		}
	}
	if len(found) == 0 {
		change, _ := skipped.ZoneBounds()
		return change.In(loc)
	}
	return slices.MinFunc(found, time.Time.Compare)
}

// monday begins the week that is so many after this one.
func (r *reader) monday(weeks int) civil.Date {
	return r.today.Plus(7*weeks - mondayFirst(r.today.UTC().Weekday()))
}

func mondayFirst(wd time.Weekday) int { return (int(wd) + 6) % 7 }
