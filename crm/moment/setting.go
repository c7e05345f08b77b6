package moment

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// What people type for a setting: days before something, hours of the day. Each is the whole text; a number somewhere in a
// sentence is none.

// Words beside the days and the hours.
var (
	daysFillers  = spell.Set(`за через до и а также еще , ; before after ahead advance in and then also earlier more plus + & :`)
	clockFillers = spell.Set(`в к с со до от по и между час часа часов ч , - – — at from between to till until and o oclock :`)
	onTheDay     = []string{"в сам день", "в тот же день", "в этот же день", "в этот день", "в день", "день в день", "on the day itself", "on the very day", "on the same day",
		"on the day", "same day", "the day itself"}
	dayBefore = []string{"накануне", "the day before", "day before"}
)

// ReadDays reads numbers of days: «45 дней», «за неделю и в сам день», "a week before", «10, 3 и 0»; each once, in the order in
// which they are said. A week is 7 days, a month 30.
func ReadDays(text string) (days []int, ok bool) {
	r := &reader{text: text, tokens: tokens(text), now: time.Unix(0, 0).UTC(), today: civil.Date{Year: 1970, Month: 1, Day: 1}}
	for i := 0; i < len(r.tokens); {
		n, end := r.daysAt(i)
		switch {
		case end > 0 && !slices.Contains(days, n):
			days = append(days, n)
		case end > 0:
		case daysFillers[r.at(i).s]:
			end = i + 1
		default:
			return nil, false
		}
		i = end
	}
	return days, len(days) > 0
}

// ReadRepeat reads how often something that is due comes again, and nothing else: «каждые 2 недели по вторникам», «вт, чт», «раз в квартал»,
// "every other Friday at 9". The moment's time is the first from due on; it is zero where neither a day nor an hour is named.
func ReadRepeat(text string, due, now time.Time) (m Moment, ok bool) {
	due = due.In(now.Location())
	from := now
	if day := civil.At(civil.DateOf(due), "00:00", now.Location()); day.After(now) {
		from = day
	}
	for _, said := range []string{text, "по " + text} { // «вт, чт» are days once, but not where it is asked how often
		m, err := Read(said, from)
		if m.Repeat == RepeatNever {
			m.Repeat = m.Often
		}
		if err != nil && len(m.Maybe) > 0 {
			m.At = slices.MinFunc(m.Maybe, time.Time.Compare)
		}
		if m.Repeat == RepeatNever || m.Rest != "" || m.At.IsZero() {
			continue
		}
		m.Named = m.Named && m.Repeat != RepeatWorkdays // of «пн-пт» no day is the first
		first, clock := civil.DateOf(m.At), m.At
		if !m.Named {
			first = civil.DateOf(due)
		}
		if m.Day {
			clock = due
		}
		if m.At = (time.Time{}); !m.Named && m.Day {
			return m, true
		}
		begin := civil.At(first, clock.Format("15:04"), now.Location())
		m.At = begin
		for n := 1; !m.At.After(now); n++ {
			m.At = m.Repeat.Occurrence(begin, n)
		}
		return m, true
	}
	return Moment{}, false
}

// ReadWeekdays reads days of the week, and nothing else: «пн-пт», «вт, чт и сб», «будни», «каждый день», "Mon-Sat", from Monday on.
func ReadWeekdays(text string) (days []time.Weekday, ok bool) {
	m, ok := ReadRepeat(text, time.Unix(0, 0).UTC(), time.Unix(0, 0).UTC())
	if !ok || m.Repeat.Interval() != 1 || !m.Day {
		return nil, false
	}
	week := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
	switch {
	case m.Repeat == RepeatDaily:
		return week, true
	case m.Repeat == RepeatWorkdays:
		return week[:5], true
	case len(m.Repeat.Days()) > 0:
		return m.Repeat.Days(), true
	case m.Repeat == RepeatWeekly && m.Named:
		return []time.Weekday{m.At.Weekday()}, true
	}
	return nil, false
}

// daysAt is a number of days that begins at i, and where it ends; 0 if there is none.
func (r *reader) daysAt(i int) (n, end int) {
	for days, forms := range [][]string{onTheDay, dayBefore} {
		for _, form := range forms {
			if words := strings.Fields(form); r.follows(i, words...) {
				return days, i + len(words)
			}
		}
	}
	a, j := r.amount(i)
	unit, _, end := r.unit(j)
	long := map[timeUnit]int{dayUnit: 1, weekUnit: 7, monthUnit: 30}[unit]
	switch {
	case a.half || a.to != a.from:
		return 0, 0
	case long > 0 && (a.said || unit != dayUnit):
		return a.from * long, end
	case a.said && r.number(i, 3) >= 0 && (r.whole(j) || r.is(j, ",")):
		return a.from, j
	}
	return 0, 0
}

// ReadClocks reads so many hours of the day: «8», «в 8.30», "8:30am", «полседьмого», and of two «с 10 вечера до 8 утра»,
// "10pm-7am". A bare hour is as it is written.
func ReadClocks(text string, want int) (clocks []string, ok bool) {
	if dashes := strings.FieldsFunc(text, isDash); want == 2 && len(dashes) == 2 { // 22-07 are no minutes
		text = strings.Join(dashes, " - ")
	}
	r := &reader{text: text, tokens: tokens(text), now: time.Unix(0, 0).UTC(), today: civil.Date{Year: 1970, Month: 1, Day: 1}}
	for i := 0; i < len(r.tokens); {
		minutes, end := r.clockAt(i)
		if end > 0 {
			clocks = append(clocks, fmt.Sprintf("%02d:%02d", minutes/60%24, minutes%60))
		} else if end = i + 1; !clockFillers[r.at(i).s] {
			return nil, false
		}
		i = end
	}
	return clocks, len(clocks) == want
}

func isDash(c rune) bool { return strings.ContainsRune("-–—", c) }

// clockAt is an hour that begins at i, and where it ends; 0 if there is none.
func (r *reader) clockAt(i int) (minutes, end int) {
	for _, rule := range []func(*reader, string, int) (piece, int){
		(*reader).noon, (*reader).halfHour, (*reader).writtenTime, (*reader).hour,
	} {
		if p, end := rule(r, "-", i); end > 0 && len(p.clocks) > 0 {
			return p.clocks[0].minutes[0], end
		}
	}
	return 0, 0
}
