package moment

import (
	"strings"
	"time"

	"kartoteka/crm/spell"
)

// Words of repeating.
var (
	eachWords = spell.Set(`каждый каждая каждое каждую каждые каждого каждой every each`)
	always    = byForm(map[string]Repeat{
		"ежедневно daily everyday": RepeatDaily, "еженедельно weekly": RepeatWeekly, "ежемесячно monthly": RepeatMonthly,
		"ежегодно yearly annually annual": RepeatYearly, "ежеквартально quarterly": RepeatMonthly.Every(3),
		"fortnightly biweekly": RepeatWeekly.Every(2), "bimonthly": RepeatMonthly.Every(2),
	})
	// habits are the adjectives; the English ones are the same words.
	habits = []struct {
		stem   string
		repeat Repeat
	}{{"ежедневн", RepeatDaily}, {"каждодневн", RepeatDaily}, {"еженедельн", RepeatWeekly}, {"ежемесячн", RepeatMonthly}, {"ежегодн", RepeatYearly},
		{"ежеквартальн", RepeatMonthly.Every(3)}}
	cycles = map[timeUnit]Repeat{dayUnit: RepeatDaily, weekUnit: RepeatWeekly, monthUnit: RepeatMonthly,
		quarterUnit: RepeatMonthly.Every(3), yearUnit: RepeatYearly}

	eachPart = byForm(map[string]partSense{
		"утро утрам morning": partMorning, "вечер вечерам evening": partEvening, "ночь ночам night": partNight, "afternoon": partAfternoon,
	})
	workWords = spell.Set(`будний будням будни буднего рабочий рабочим рабочие рабочего working business work week`)
)

func repeatPiece(repeat Repeat) piece {
	return piece{meaning: meaning{repeat: repeat}}
}

// repeating reads «каждый день», «по будням», «ежемесячно», «раз в неделю», "every Monday", "on Fridays".
func (r *reader) repeating(i int) (piece, int) {
	if p, end := r.always(i); end > 0 {
		if r.at(i).s[0] < 'z' && r.at(i).s != "everyday" { // "the weekly report" is none
			p.need = needNearOrEnd
		}
		return p, end
	}
	switch {
	case eachWords[r.at(i).s]:
		return r.each(i + 1)
	case r.is(i, "раз") && r.is(i+1, "в"), r.is(i, "once", "twice") && r.is(i+1, "a", "every"):
		return r.timesIn(i)
	case r.is(i, "по", "on", "в"):
		if p, end := r.onDays(i+1, r.is(i, "по")); end > 0 {
			return p, end
		}
	case r.is(i, "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays", "weekdays"):
		return r.onDays(i, false)
	}
	return piece{}, 0
}

// always reads «ежедневно», "weekly", "bi-weekly"; the last may be twice a week as well.
func (r *reader) always(i int) (piece, int) {
	word, end := r.at(i).s, i+1
	if word == "bi" && r.glued(end, "-") && r.at(end+1).glued {
		word, end = word+r.at(end+1).s, end+2
	}
	repeat, ok := always[word]
	if !ok {
		return piece{}, 0
	}
	p := repeatPiece(repeat)
	p.doubt = strings.HasPrefix(word, "bi")
	return p, end
}

// each reads what follows «каждый».
func (r *reader) each(i int) (piece, int) {
	if p, end := r.eachDay(i); end > 0 {
		return p, end
	}
	switch {
	case r.is(i, "other"):
		return r.everyNth(i+1, 2, false)
	case eachWords[r.at(i).s], r.is(i, "second", "вторую", "второй", "второе"):
		return r.everyNth(i+1, 2, true)
	case r.is(i, "третий", "третью", "третье", "third"):
		return r.everyNth(i+1, 3, true)
	}
	if end := r.nth(i); end > 0 {
		return r.everyNth(end, max(r.number(i, 2), 1), true)
	}
	return r.cycle(i)
}

// cycle reads how often in units: «день», «2 недели», «полгода», «рабочий день».
func (r *reader) cycle(i int) (piece, int) {
	if r.is(i, "полгода") {
		return repeatPiece(RepeatMonthly.Every(6)), i + 1
	}
	if r.is(i, "полчаса", "сутки", "двое", "трое") {
		p, end := r.lapse(i, false)
		p.doubt = true
		return p, end
	}
	a, j := r.amount(i)
	unit, working, end := r.unit(j)
	switch {
	case unit == noUnit:
		return piece{}, 0
	case working && a.from == 1:
		return repeatPiece(RepeatWorkdays), end
	case a.half || a.to != a.from:
		return r.beyond(j, max(a.from, 1))
	}
	return r.everyNth(j, max(a.from, 1), false)
}

// everyNth reads what comes every n-th time: «вторую неделю», "other Friday". Of a weekday that may also be the n-th of each
// month, unless the words say otherwise.
func (r *reader) everyNth(i, n int, ordinal bool) (piece, int) {
	if wd, ok := weekdays[r.at(i).s]; ok {
		p := r.weekly([]time.Weekday{wd})
		p.repeat, p.doubt, p.weekdayDays = p.repeat.Every(n), ordinal, r.nextWeekday(wd)
		return p, i + 1
	}
	unit, working, end := r.unit(i)
	repeat := cycles[unit]
	if repeat == RepeatNever || working {
		return r.beyond(i, n)
	}
	if repeat = repeat.Every(n * repeat.Interval()); !repeat.Valid() {
		return r.beyond(i, n)
	}
	return repeatPiece(repeat), end
}

// nth skips the number of «каждый 2-й вторник», "every 3rd Friday".
func (r *reader) nth(i int) int {
	switch {
	case r.number(i, 2) < 0:
		return 0
	case r.glued(i+1, "-") && r.at(i+2).kind == wordToken && r.at(i+2).glued:
		return i + 3
	case r.glued(i+1, "st", "nd", "rd", "th", "й", "я", "ю", "е"):
		return i + 2
	}
	return 0
}

// eachDay reads «каждый будний день», «каждое утро», «каждую среду», «каждое 15 число», «каждые выходные».
func (r *reader) eachDay(i int) (piece, int) {
	part, isPart := eachPart[r.at(i).s]
	switch {
	case r.is(i, "weekday", "workday"):
		return repeatPiece(RepeatWorkdays), i + 1
	case workWords[r.at(i).s] && units[r.at(i+1).s] == dayUnit:
		return repeatPiece(RepeatWorkdays), i + 2
	case isPart:
		p := repeatPiece(RepeatDaily)
		p.parts = []partSense{part}
		return p, i + 1
	case r.is(i, "выходные", "weekend"):
		return r.weekly([]time.Weekday{time.Saturday, time.Sunday}), i + 1
	}
	if p, end := r.dayOfMonth("каждое", i); end > 0 {
		p.repeat = RepeatMonthly
		return p, end
	}
	if p, end := r.namedDate("", i); end > 0 {
		p.repeat, p.passed = RepeatYearly, false
		return p, end
	}
	return r.weekdayList(i, func(s string) (time.Weekday, bool) {
		wd, ok := weekdays[s]
		if !ok {
			wd, ok = weekdaysShort[s]
		}
		return wd, ok
	})
}

// onDays reads what follows «по» or stands alone: «по будням», «по утрам», «по средам и пятницам», mondays.
func (r *reader) onDays(i int, po bool) (piece, int) {
	part, isPart := eachPart[r.at(i).s]
	switch {
	case r.is(i, "weekdays", "workdays", "будням", "будни"):
		end := i + 1
		if r.is(end, "дням") {
			end++
		}
		return repeatPiece(RepeatWorkdays), end
	case workWords[r.at(i).s] && r.is(i+1, "дням", "дни", "days"):
		return repeatPiece(RepeatWorkdays), i + 2
	case po && isPart:
		p := repeatPiece(RepeatDaily)
		p.parts = []partSense{part}
		return p, i + 1
	case po && r.is(i, "выходным"), r.is(i, "weekends"):
		return r.weekly([]time.Weekday{time.Saturday, time.Sunday}), i + 1
	case po && r.is(i+1, "числам"), po && r.glued(i+1, "-") && r.is(i+3, "числам"):
		if p, _ := r.dayOfMonth("каждое", i); len(p.days) > 0 {
			p.repeat = RepeatMonthly
			return p, i + 2
		}
	}
	return r.weekdayList(i, func(s string) (time.Weekday, bool) {
		wd, ok := weekdaysEach[s]
		if !ok && po {
			wd, ok = weekdaysShort[s]
		}
		return wd, ok
	})
}

// weekdayList reads weekdays with commas and «и» between them.
func (r *reader) weekdayList(i int, known func(string) (time.Weekday, bool)) (piece, int) {
	var list []time.Weekday
	end := 0
	for j := i; ; j++ {
		wd, ok := known(r.at(j).s)
		if !ok {
			break
		}
		list = append(list, wd)
		end = j + 1
		j = end
		if !r.is(j, ",", "и", "and", "&") {
			break
		}
	}
	if end == 0 {
		return piece{}, 0
	}
	return r.weekly(list), end
}

// often is what several days of the week may mean together; RepeatNever if one of them is meant.
func (s meaning) often() Repeat {
	days := s.weekdays
	if s.row && len(days) == 2 {
		first, last := mondayFirst(days[0]), mondayFirst(days[1])
		if first == 0 && last == 4 {
			return RepeatWorkdays
		}
		days = nil
		for wd := first; wd <= last; wd++ {
			days = append(days, time.Weekday((wd+1)%7))
		}
	}
	if often := RepeatWeekly.On(days); !s.either && often != RepeatWeekly {
		return often
	}
	return RepeatNever
}

func (r *reader) weekly(days []time.Weekday) piece {
	p := repeatPiece(RepeatWeekly)
	p.weekdays = days
	for _, wd := range days {
		p.weekdayDays = append(p.weekdayDays, r.today.Plus((int(wd)-int(r.today.UTC().Weekday())+7)%7))
	}
	return p
}

// timesIn reads «раз в неделю», "once a month"; more often than once is beyond Repeat.
func (r *reader) timesIn(i int) (piece, int) {
	if !r.is(i, "twice") && r.at(i-1).kind != numberToken && numbers[r.at(i-1).s] == 0 {
		return r.cycle(i + 2)
	}
	a, j := r.amount(i + 2)
	if unit, _, _ := r.unit(j); unit == noUnit {
		return piece{}, 0
	}
	return r.beyond(j, max(a.from, 1))
}

// beyond is a repeat that cannot be kept: its first time is offered as one without repeating.
func (r *reader) beyond(i, n int) (piece, int) {
	unit, working, end := r.unit(i)
	switch unit {
	case noUnit:
		return strangeDay(), i
	case minuteUnit, hourUnit:
		spans, end := r.hours(amount{from: n, to: n}, unit, end)
		return piece{meaning: meaning{spans: spans, doubt: true}}, end
	}
	p := dayPiece(r.dayAfter(n, unit, working))
	p.doubt = true
	return p, end
}
