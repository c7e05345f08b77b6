package crm

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What people type for a setting: days before something, hours of the day. Each is the whole text; a number somewhere in a
// sentence is none.

// Words beside the days and the hours.
var (
	daysFillers  = wordSet(`за через до и а также еще , ; before after ahead advance in and then also earlier more plus + & :`)
	clockFillers = wordSet(`в к с со до от по и между час часа часов ч , - – — at from between to till until and o oclock :`)
	onTheDay     = []string{"в сам день", "в тот же день", "в этот же день", "в этот день", "в день", "день в день", "on the day itself", "on the very day", "on the same day",
		"on the day", "same day", "the day itself"}
	neverSaid = []string{"нет", "не надо", "не нужно", "никогда", "ни за сколько", "не напоминать", "не напоминай", "не присылать", "не присылай", "выключить", "выключи", "отключить", "отключи",
		"без них", "без тихих часов", "no", "none", "never", "off", "turn off", "not at all", "do not remind", "dont remind", "no reminders", "no quiet hours"}
	dayBefore = []string{"накануне", "the day before", "day before"}

	// leadSaid is how early to remind of a date, said with the date.
	leadSaid = regexp.MustCompile(`(?i)(?:(?:напомни(?:ть|те)?|предупреди(?:ть)?)[ \t]+)?за[ \t]+(?:\d{1,2}[ \t]+(?:дня|дней|день|недел[юи]|недель)|недел[юи]|две[ \t]+недели|три[ \t]+дня|пару[ \t]+дней|день|месяц)(?:[ \t]+до)?` +
		`|(?:(?:remind(?:[ \t]+me)?)[ \t]+)?(?:\d{1,2}[ \t]+(?:days?|weeks?)|an?[ \t]+(?:day|week|month)|two[ \t]+weeks)[ \t]+(?:before|ahead|in[ \t]+advance|earlier)`)
)

// ReadDays reads numbers of days: «45 дней», «за неделю и в сам день», "a week before", «10, 3 и 0»; each once, in the order in
// which they are said. A week is 7 days, a month 30.
func ReadDays(text string) (days []int, ok bool) {
	r := &momentReader{text: text, tokens: momentTokens(text), now: time.Unix(0, 0).UTC(), today: Date{1970, 1, 1}}
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

// ReadNever reports whether a text says that something is not wanted at all: «нет», «не напоминать», "never".
func ReadNever(text string) bool {
	return slices.Contains(neverSaid, Fold(text))
}

// ReadRepeat reads how often something that is due comes again, and nothing else: «каждые 2 недели по вторникам», «вт, чт», «раз в квартал»,
// "every other Friday at 9". The moment's time is the first from due on; it is zero where neither a day nor an hour is named.
func ReadRepeat(text string, due, now time.Time) (m Moment, ok bool) {
	due = due.In(now.Location())
	from := now
	if day := at(DateOf(due), "00:00", now.Location()); day.After(now) {
		from = day
	}
	for _, said := range []string{text, "по " + text} { // «вт, чт» are days once, but not where it is asked how often
		m, err := ReadMoment(said, from)
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
		first, clock := DateOf(m.At), m.At
		if !m.Named {
			first = DateOf(due)
		}
		if m.Day {
			clock = due
		}
		if m.At = (time.Time{}); !m.Named && m.Day {
			return m, true
		}
		begin := at(first, clock.Format("15:04"), now.Location())
		m.At = begin
		for n := 1; !m.At.After(now); n++ {
			m.At = m.Repeat.occurrence(begin, n)
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
func (r *momentReader) daysAt(i int) (n, end int) {
	for days, forms := range [][]string{onTheDay, dayBefore} {
		for _, form := range forms {
			if words := strings.Fields(form); r.follows(i, words...) {
				return days, i + len(words)
			}
		}
	}
	a, j := r.amount(i)
	unit, _, end := r.unit(j)
	long := map[momentUnit]int{dayUnit: 1, weekUnit: 7, monthUnit: 30}[unit]
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

// CutLead takes out of what is written of a date how early to remind of it: «за 10 дней», "a week before".
func CutLead(text string) (lead int, rest string, ok bool) {
	m := leadSaid.FindStringIndex(text)
	if m == nil || !wordStarts(text, m[0]) || !wordEnds(text, m[1]) {
		return 0, text, false
	}
	days, ok := ReadDays(strings.Join(Words(leadVerb.ReplaceAllString(Fold(text[m[0]:m[1]]), "")), " "))
	if !ok || len(days) != 1 {
		return 0, text, false
	}
	return days[0], strings.Trim(strings.TrimRight(text[:m[0]], " ,;(–—-")+" "+strings.TrimLeft(text[m[1]:], " ,;)"), " "), true
}

// leadVerb asks to be reminded.
var leadVerb = regexp.MustCompile(`^(?:напомни(?:ть|те)?|предупреди(?:ть)?|remind(?: me)?) `)

// ReadClocks reads so many hours of the day: «8», «в 8.30», "8:30am", «полседьмого», and of two «с 10 вечера до 8 утра»,
// "10pm-7am". A bare hour is as it is written.
func ReadClocks(text string, want int) (clocks []string, ok bool) {
	if dashes := strings.FieldsFunc(text, isDash); want == 2 && len(dashes) == 2 { // 22-07 are no minutes
		text = strings.Join(dashes, " - ")
	}
	r := &momentReader{text: text, tokens: momentTokens(text), now: time.Unix(0, 0).UTC(), today: Date{1970, 1, 1}}
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
func (r *momentReader) clockAt(i int) (minutes, end int) {
	for _, rule := range []func(*momentReader, string, int) (momentPiece, int){
		(*momentReader).noon, (*momentReader).halfHour, (*momentReader).writtenTime, (*momentReader).hour,
	} {
		if p, end := rule(r, "-", i); end > 0 && len(p.clocks) > 0 {
			return p.clocks[0].minutes[0], end
		}
	}
	return 0, 0
}

var percentWords = regexp.MustCompile(`^(?i)(?:цель|до|на|goal|to)?[ \t:—-]*(\d{1,4})(?:[.,]0{1,3})?[ \t]*(?:%|процент[а-я]*|per ?cent)?[ \t.]*$`)

// ReadPercent reads «95», «95 %», «95,0 %», «цель 95 процентов», "goal 95 percent"; ok is false if it is anything else, such as a part of a
// percent. Whether it can be so many is for whoever asked to say.
func ReadPercent(text string) (percent int, ok bool) {
	m := percentWords.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}
