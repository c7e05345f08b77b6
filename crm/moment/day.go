package moment

import (
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// day reads a day with its preposition: «до пятницы», «в следующий вторник», "on May 12". A day that something else is
// of («договор от 12 мая») is none; one after «с» counts only for what repeats, one after «после» is doubtful.
func (r *reader) day(i int) (piece, int) {
	if p, end := r.before(i); end > 0 {
		return p, end
	}
	prep, j := r.preposition(i)
	if r.refers(i-1) || j > i && r.refers(j-1) {
		return piece{}, 0
	}
	for _, rule := range []func(*reader, string, int) (piece, int){
		(*reader).relativeDay, (*reader).lastDay, (*reader).weekday, (*reader).period, (*reader).edge, (*reader).weekend,
		(*reader).isoDate, (*reader).numericDate, (*reader).eitherDate, (*reader).namedDate, (*reader).monthFirst,
		(*reader).dayOfMonth, (*reader).monthAlone,
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
	return piece{}, 0
}

// before reads «за 3 дня до 15 декабря», "a week before May 12".
func (r *reader) before(i int) (piece, int) {
	from := i
	if r.is(i, "за") {
		from++
	}
	a, j := r.amount(from)
	unit, working, end := r.unit(j)
	days := map[timeUnit]int{dayUnit: 1, weekUnit: 7}[unit] * a.from
	if days == 0 || working || a.half || a.to != a.from || !(from > i && r.is(end, "до") || a.said && r.is(end, "before")) {
		return piece{}, 0
	}
	p, end := r.day(end)
	if end == 0 || len(p.days)+len(p.weekdayDays) == 0 {
		return piece{}, 0
	}
	sense := meaning{doubt: p.doubt, passed: p.passed}
	for _, d := range slices.Concat(p.days, p.weekdayDays) {
		sense.days = append(sense.days, d.Plus(-days))
	}
	return piece{meaning: sense}, end
}

func dayPiece(days ...civil.Date) piece { return piece{meaning: meaning{days: days}} }

// brokenDay is a day that does not exist.
func brokenDay() piece { return piece{meaning: meaning{broken: true}} }

// strangeDay is a day that we cannot tell.
func strangeDay() piece { return piece{meaning: meaning{strange: true}} }

// doubtfulDays are days one of which may be meant; anything clearer goes before them.
func doubtfulDays(days ...civil.Date) piece {
	return piece{meaning: meaning{days: slices.Compact(days), doubt: true, vague: true}}
}

// relativeDay reads «завтра», "the day after tomorrow", tonight, "this evening".
func (r *reader) relativeDay(_ string, i int) (piece, int) {
	switch {
	case r.follows(i, "day", "after", "tomorrow"):
		return dayPiece(r.today.Plus(2)), i + 3
	case r.is(i, "tonight", "tonite"):
		p := dayPiece(r.today)
		p.parts = []partSense{partEvening}
		return p, i + 1
	case r.is(i, "this") && r.is(i+1, "morning", "afternoon", "evening"):
		p := dayPiece(r.today)
		p.parts = []partSense{partsAfter[r.at(i+1).s]}
		return p, i + 2
	}
	n, ok := dayWords[r.at(i).s]
	switch {
	case !ok:
		return piece{}, 0
	case n < 0:
		return piece{meaning: meaning{gone: true}}, i + 1
	}
	return dayPiece(r.today.Plus(n)), i + 1
}

// which reads «следующий», «этот», «ближайший», «прошлый», «первый» and where it ends.
func (r *reader) which(i int) (string, int) {
	if w, ok := whichWords[r.at(i).s]; ok {
		return w, i + 1
	}
	return "", i
}

// weekday reads a day of the week.
func (r *reader) weekday(prep string, i int) (piece, int) {
	which, j := r.which(i)
	wd, full := weekdays[r.at(j).s]
	if !full {
		short := false
		if wd, short = weekdaysShort[r.at(j).s]; !short {
			return piece{}, 0
		}
	}
	p := piece{need: r.weekdayNeed(prep, which, j, full), meaning: meaning{weekdays: []time.Weekday{wd}}}
	p.weekdayDays = r.nextWeekday(wd)
	switch which {
	case "":
		p.cycle = RepeatWeekly
	case "last":
		return piece{meaning: meaning{gone: true}}, j + 1
	case "odd": // «в первый понедельник месяца» is beyond us
		return strangeDay(), j + 1
	case "next":
		p.weekdayDays = []civil.Date{r.monday(1).Plus(mondayFirst(wd))}
	case "this":
		p.weekdayDays = []civil.Date{r.monday(0).Plus(mondayFirst(wd))}
		if p.weekdayDays[0].String() < r.today.String() { // it has passed: the coming one may be meant
			p.weekdayDays, p.doubt = r.nextWeekday(wd), true
		}
	}
	return p, j + 1
}

// nextWeekday is the next such day after today; if today is one, today or that.
func (r *reader) nextWeekday(wd time.Weekday) []civil.Date {
	ahead := (mondayFirst(wd) - mondayFirst(r.today.UTC().Weekday()) + 7) % 7
	if ahead == 0 {
		return []civil.Date{r.today, r.today.Plus(7)}
	}
	return []civil.Date{r.today.Plus(ahead)}
}

// weekdayNeed: without a preposition «пятница» is taken at the edge of a text, «среда» (surroundings) and the short names
// only beside an hour.
func (r *reader) weekdayNeed(prep, which string, i int, full bool) condition {
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
func (r *reader) period(_ string, i int) (piece, int) {
	which, j := r.which(i)
	s := r.at(j).s
	week := slices.Contains([]string{"неделя", "неделе", "неделю", "недели", "week"}, s)
	month := slices.Contains([]string{"месяц", "месяце", "месяца", "month"}, s)
	switch {
	case !week && !month && s != "год" && s != "году" && s != "year" || which == "":
		return piece{}, 0
	case which == "last":
		return piece{meaning: meaning{gone: true}}, j + 1
	case week && which == "next":
		return piece{meaning: meaning{weeks: []int{1}, vague: true}}, j + 1
	case week && which == "this":
		return piece{meaning: meaning{weeks: []int{0}, vague: true}}, j + 1
	case month && which == "next":
		first := civil.Date{Year: r.today.Year, Month: r.today.Month, Day: 1}.PlusMonths(1)
		return doubtfulDays(first, r.today.PlusMonths(1)), j + 1
	}
	return piece{}, 0
}

// edge reads the beginning, the middle and the end of a longer time: «в конце месяца», "by the end of the week".
func (r *reader) edge(prep string, i int) (piece, int) {
	edge := 0
	switch {
	case r.is(i, "начале", "начала", "началу", "beginning", "start"):
		edge = -1
	case r.is(i, "конце", "конца", "концу", "end"):
		edge = 1
	case !r.is(i, "середине", "середины", "середину", "middle"):
		return piece{}, 0
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
	if month, ok := monthAlone[r.at(j).s]; ok {
		first := r.nextMonth(month)
		return doubtfulDays(edgeOfMonth(first, edge)...), j + 1
	}
	if prep == "" && r.at(i).s[0] > 'z' {
		return piece{}, 0
	}
	switch edgeUnits[r.at(j).s] {
	case dayUnit:
		p := doubtfulDays(r.today)
		p.clocks = []hourWritten{{minutes: []int{18 * 60, 19 * 60}}}
		return p, j + 1
	case weekUnit:
		return doubtfulDays(r.edgeOfWeek(next, edge)...), j + 1
	case monthUnit:
		first := civil.Date{Year: r.today.Year, Month: r.today.Month, Day: 1}.PlusMonths(next)
		if days := edgeOfMonth(first, edge); next == 1 || days[len(days)-1].String() > r.today.String() {
			return doubtfulDays(days...), j + 1
		}
		return doubtfulDays(edgeOfMonth(first.PlusMonths(1), edge)...), j + 1
	case yearUnit:
		if edge > 0 {
			return doubtfulDays(civil.Date{Year: r.today.Year + next, Month: 12, Day: 25}, civil.Date{Year: r.today.Year + next, Month: 12, Day: 31}), j + 1
		}
	}
	return piece{}, 0
}

var edgeUnits = byForm(map[string]timeUnit{"дня day": dayUnit, "недели week": weekUnit, "месяца month": monthUnit, "года year": yearUnit})

// edgeOfMonth are two days that may be meant by the beginning (-1), the middle (0) or the end (1) of a month.
func edgeOfMonth(first civil.Date, edge int) []civil.Date {
	switch edge {
	case -1:
		work := first
		for mondayFirst(work.UTC().Weekday()) > 4 {
			work = work.Plus(1)
		}
		return []civil.Date{work, first.Plus(4)}
	case 0:
		return []civil.Date{first.Plus(14), first.Plus(15)}
	}
	return []civil.Date{lastOf(first, true), lastOf(first, false)}
}

func (r *reader) edgeOfWeek(week, edge int) []civil.Date {
	from, to := 0, 1 // Monday, Tuesday
	switch edge {
	case 0:
		from, to = 2, 3
	case 1:
		from, to = 4, 6
	}
	if monday := r.monday(week); week > 0 || monday.Plus(to).String() >= r.today.String() {
		return []civil.Date{monday.Plus(from), monday.Plus(to)}
	}
	return []civil.Date{r.monday(1).Plus(from), r.monday(1).Plus(to)}
}

// weekend reads «на выходных», "next weekend": Saturday or Sunday.
func (r *reader) weekend(prep string, i int) (piece, int) {
	which, j := r.which(i)
	if !r.is(j, "выходные", "выходных", "выходным", "weekend") || prep == "" && which == "" {
		return piece{}, 0
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
