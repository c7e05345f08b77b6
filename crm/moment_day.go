package crm

import (
	"slices"
	"time"
)

// day reads a day with its preposition: «до пятницы», «в следующий вторник», "on May 12". A day that something else is
// of («договор от 12 мая») is none; one after «с» counts only for what repeats, one after «после» is doubtful.
func (r *momentReader) day(i int) (momentPiece, int) {
	if p, end := r.before(i); end > 0 {
		return p, end
	}
	prep, j := r.preposition(i)
	if r.refers(i-1) || j > i && r.refers(j-1) {
		return momentPiece{}, 0
	}
	for _, rule := range []func(*momentReader, string, int) (momentPiece, int){
		(*momentReader).relativeDay, (*momentReader).weekday, (*momentReader).period, (*momentReader).edge, (*momentReader).weekend,
		(*momentReader).isoDate, (*momentReader).numericDate, (*momentReader).eitherDate, (*momentReader).namedDate, (*momentReader).monthFirst,
		(*momentReader).dayOfMonth, (*momentReader).monthAlone,
	} {
		p, end := rule(r, prep, j)
		if end == 0 {
			continue
		}
		switch prep {
		case "с", "со", "from", "since":
			p.since = true
		case "до", "until", "till":
			p.until = true
		case "после", "after":
			p.doubt = true
			for k := range p.days {
				p.days[k] = p.days[k].Plus(1)
			}
			for k := range p.weekdayDays {
				p.weekdayDays[k] = p.weekdayDays[k].Plus(1)
			}
			if len(p.weekdays) > 0 {
				p.days, p.weekdays, p.weekdayDays = p.weekdayDays, nil, nil
			}
		}
		return p, end
	}
	return momentPiece{}, 0
}

// before reads «за 3 дня до 15 декабря», "a week before May 12".
func (r *momentReader) before(i int) (momentPiece, int) {
	from := i
	if r.is(i, "за") {
		from++
	}
	a, j := r.amount(from)
	unit, working, end := r.unit(j)
	days := map[momentUnit]int{dayUnit: 1, weekUnit: 7}[unit] * a.from
	if days == 0 || working || a.half || a.to != a.from || !(from > i && r.is(end, "до") || a.said && r.is(end, "before")) {
		return momentPiece{}, 0
	}
	p, end := r.day(end)
	if end == 0 || len(p.days)+len(p.weekdayDays) == 0 {
		return momentPiece{}, 0
	}
	sense := momentSense{doubt: p.doubt, passed: p.passed}
	for _, d := range slices.Concat(p.days, p.weekdayDays) {
		sense.days = append(sense.days, d.Plus(-days))
	}
	return momentPiece{momentSense: sense}, end
}

func dayPiece(days ...Date) momentPiece { return momentPiece{momentSense: momentSense{days: days}} }

// brokenDay is a day that does not exist.
func brokenDay() momentPiece { return momentPiece{momentSense: momentSense{broken: true}} }

// strangeDay is a day that we cannot tell.
func strangeDay() momentPiece { return momentPiece{momentSense: momentSense{strange: true}} }

// doubtfulDays are days one of which may be meant; anything clearer goes before them.
func doubtfulDays(days ...Date) momentPiece {
	return momentPiece{momentSense: momentSense{days: slices.Compact(days), doubt: true, vague: true}}
}

// relativeDay reads «завтра», "the day after tomorrow", tonight, "this evening".
func (r *momentReader) relativeDay(_ string, i int) (momentPiece, int) {
	switch {
	case r.follows(i, "day", "after", "tomorrow"):
		return dayPiece(r.today.Plus(2)), i + 3
	case r.is(i, "tonight", "tonite"):
		p := dayPiece(r.today)
		p.parts = []momentPart{partEvening}
		return p, i + 1
	case r.is(i, "this") && r.is(i+1, "morning", "afternoon", "evening"):
		p := dayPiece(r.today)
		p.parts = []momentPart{momentPartsAfter[r.at(i+1).s]}
		return p, i + 2
	}
	n, ok := momentDays[r.at(i).s]
	switch {
	case !ok:
		return momentPiece{}, 0
	case n < 0:
		return momentPiece{momentSense: momentSense{gone: true}}, i + 1
	}
	return dayPiece(r.today.Plus(n)), i + 1
}

// which reads «следующий», «этот», «ближайший», «прошлый», «первый» and where it ends.
func (r *momentReader) which(i int) (string, int) {
	if w, ok := momentWhich[r.at(i).s]; ok {
		return w, i + 1
	}
	return "", i
}

// weekday reads a day of the week.
func (r *momentReader) weekday(prep string, i int) (momentPiece, int) {
	which, j := r.which(i)
	wd, full := momentWeekdays[r.at(j).s]
	if !full {
		short := false
		if wd, short = momentWeekdaysShort[r.at(j).s]; !short {
			return momentPiece{}, 0
		}
	}
	p := momentPiece{need: r.weekdayNeed(prep, which, j, full), momentSense: momentSense{weekdays: []time.Weekday{wd}}}
	p.weekdayDays = r.nextWeekday(wd)
	switch which {
	case "":
		p.cycle = RepeatWeekly
	case "last":
		return momentPiece{momentSense: momentSense{gone: true}}, j + 1
	case "odd": // «в первый понедельник месяца» is beyond us
		return strangeDay(), j + 1
	case "next":
		p.weekdayDays = []Date{r.monday(1).Plus(mondayFirst(wd))}
	case "this":
		p.weekdayDays = []Date{r.monday(0).Plus(mondayFirst(wd))}
		if p.weekdayDays[0].String() < r.today.String() { // it has passed: the coming one may be meant
			p.weekdayDays, p.doubt = r.nextWeekday(wd), true
		}
	}
	return p, j + 1
}

// nextWeekday is the next such day after today; if today is one, today or that.
func (r *momentReader) nextWeekday(wd time.Weekday) []Date {
	ahead := (mondayFirst(wd) - mondayFirst(r.today.utc().Weekday()) + 7) % 7
	if ahead == 0 {
		return []Date{r.today, r.today.Plus(7)}
	}
	return []Date{r.today.Plus(ahead)}
}

// weekdayNeed: without a preposition «пятница» is taken at the edge of a text, «среда» (surroundings) and the short names
// only beside an hour.
func (r *momentReader) weekdayNeed(prep, which string, i int, full bool) momentNeed {
	s := r.at(i).s
	switch {
	case prep != "" && prep != "the" || which != "":
		return needNothing
	case full && s[0] < 'z':
		return needNothing
	case !full || s == "среда" || s == "среду" || s == "среды" || s == "среде":
		return needNear
	}
	return needNearOrEdge
}

// period reads «на следующей неделе», "next month", "last week".
func (r *momentReader) period(_ string, i int) (momentPiece, int) {
	which, j := r.which(i)
	s := r.at(j).s
	week := slices.Contains([]string{"неделя", "неделе", "неделю", "недели", "week"}, s)
	month := slices.Contains([]string{"месяц", "месяце", "месяца", "month"}, s)
	switch {
	case !week && !month && s != "год" && s != "году" && s != "year" || which == "":
		return momentPiece{}, 0
	case which == "last":
		return momentPiece{momentSense: momentSense{gone: true}}, j + 1
	case week && which == "next":
		return momentPiece{momentSense: momentSense{weeks: []int{1}, vague: true}}, j + 1
	case week && which == "this":
		return momentPiece{momentSense: momentSense{weeks: []int{0}, vague: true}}, j + 1
	case month && which == "next":
		first := Date{r.today.Year, r.today.Month, 1}.plusMonths(1)
		return doubtfulDays(first, r.today.plusMonths(1)), j + 1
	}
	return momentPiece{}, 0
}

// edge reads the beginning, the middle and the end of a longer time: «в конце месяца», "by the end of the week".
func (r *momentReader) edge(prep string, i int) (momentPiece, int) {
	edge := 0
	switch {
	case r.is(i, "начале", "начала", "началу", "beginning", "start"):
		edge = -1
	case r.is(i, "конце", "конца", "концу", "end"):
		edge = 1
	case !r.is(i, "середине", "середины", "середину", "middle"):
		return momentPiece{}, 0
	}
	j := i + 1
	if r.is(j, "of") {
		j++
	}
	if r.is(j, "the") {
		j++
	}
	which, j := r.which(j)
	next := 0
	if which == "next" {
		next = 1
	}
	if month, ok := momentMonthAlone[r.at(j).s]; ok {
		first := r.nextMonth(month)
		return doubtfulDays(edgeOfMonth(first, edge)...), j + 1
	}
	if prep == "" && r.at(i).s[0] > 'z' {
		return momentPiece{}, 0
	}
	switch momentEdgeUnits[r.at(j).s] {
	case dayUnit:
		p := doubtfulDays(r.today)
		p.clocks = []momentClock{{minutes: []int{18 * 60, 19 * 60}}}
		return p, j + 1
	case weekUnit:
		return doubtfulDays(r.edgeOfWeek(next, edge)...), j + 1
	case monthUnit:
		first := Date{r.today.Year, r.today.Month, 1}.plusMonths(next)
		if days := edgeOfMonth(first, edge); next == 1 || days[len(days)-1].String() > r.today.String() {
			return doubtfulDays(days...), j + 1
		}
		return doubtfulDays(edgeOfMonth(first.plusMonths(1), edge)...), j + 1
	case yearUnit:
		if edge > 0 {
			return doubtfulDays(Date{r.today.Year + next, 12, 25}, Date{r.today.Year + next, 12, 31}), j + 1
		}
	}
	return momentPiece{}, 0
}

var momentEdgeUnits = byForm(map[string]momentUnit{"дня day": dayUnit, "недели week": weekUnit, "месяца month": monthUnit, "года year": yearUnit})

// edgeOfMonth are two days that may be meant by the beginning (-1), the middle (0) or the end (1) of a month.
func edgeOfMonth(first Date, edge int) []Date {
	switch edge {
	case -1:
		work := first
		for mondayFirst(work.utc().Weekday()) > 4 {
			work = work.Plus(1)
		}
		return []Date{work, first.Plus(4)}
	case 0:
		return []Date{first.Plus(14), first.Plus(15)}
	}
	last := first.plusMonths(1).Plus(-1)
	work := last
	for mondayFirst(work.utc().Weekday()) > 4 {
		work = work.Plus(-1)
	}
	return []Date{work, last}
}

func (r *momentReader) edgeOfWeek(week, edge int) []Date {
	from, to := 0, 1 // Monday, Tuesday
	switch edge {
	case 0:
		from, to = 2, 3
	case 1:
		from, to = 4, 6
	}
	if monday := r.monday(week); week > 0 || monday.Plus(to).String() >= r.today.String() {
		return []Date{monday.Plus(from), monday.Plus(to)}
	}
	return []Date{r.monday(1).Plus(from), r.monday(1).Plus(to)}
}

// weekend reads «на выходных», "next weekend": Saturday or Sunday.
func (r *momentReader) weekend(prep string, i int) (momentPiece, int) {
	which, j := r.which(i)
	if !r.is(j, "выходные", "выходных", "выходным", "weekend") || prep == "" && which == "" {
		return momentPiece{}, 0
	}
	week := 0
	if which == "next" {
		week = 1
	}
	saturday := r.monday(week).Plus(5)
	if r.today == saturday.Plus(1) {
		return doubtfulDays(r.today, saturday.Plus(7)), j + 1
	}
	return doubtfulDays(saturday, saturday.Plus(1)), j + 1
}
