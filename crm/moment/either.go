package moment

import (
	"slices"

	"kartoteka/crm/civil"
)

// hourRules read one hour, in the order in which they are tried.
var hourRules = []func(*reader, string, int) (piece, int){
	(*reader).sameTime, (*reader).noon, (*reader).halfHour, (*reader).hourPair, (*reader).writtenTime,
	(*reader).solidTime, (*reader).hour,
}

// oneHour reads an hour behind its preposition.
func (r *reader) oneHour(prep string, i int) (piece, int) {
	for _, rule := range hourRules {
		if p, end := rule(r, prep, i); end > 0 {
			return p, end
		}
	}
	return piece{}, 0
}

// orWord skips what stands before another choice: «или», "or maybe", «, может быть», «(либо»; i if nothing does.
func (r *reader) orWord(i int) int {
	j := i
	if r.is(j, ",", "(") {
		j++
	}
	marked, said := j > i, r.is(j, "или", "либо", "or")
	if said {
		j++
	}
	hedged := r.is(j, "может", "можно", "лучше", "даже", "maybe", "perhaps")
	if hedged {
		j++
	}
	if r.is(j, "быть") && hedged {
		j++
	}
	if said || marked && hedged {
		return j
	}
	return i
}

// between reads «между 9 и 10», "between 9 and 10am".
func (r *reader) between(i int) (piece, int) {
	if !r.is(i, "между", "between") {
		return piece{}, 0
	}
	p, and := r.oneHour("в", i+1)
	q, end := r.oneHour("в", and+1)
	if and == 0 || end == 0 || !r.is(and, "и", "and") || len(p.clocks) == 0 || len(q.clocks) == 0 {
		return piece{}, 0
	}
	if p = p.orHour(q); q.clocks[0].part == noPart && !q.clocks[0].exact {
		p.need = needNear // «между 9 и 10» are shelves as well
	}
	return p, end
}

// orElse reads the other hours of «в 9 или 10», «в 9, 10 или 11», "at 9am or maybe 10am", «в 9 (или 10)», «в 9 и 10»: one of
// them is meant, so they are asked.
func (r *reader) orElse(prep string, p piece, end int) (piece, int) {
	for len(p.clocks) > 0 {
		next := r.orWord(end)
		switch {
		case next > end && r.is(next, "позже", "позднее", "попозже", "раньше", "пораньше", "later", "earlier"):
			p.doubt = true
			return p, next + 1
		case next > end:
		case r.is(end, ",") && r.number(end+1, 2) >= 0 && r.orWord(end+2) > end+2, r.is(end, "и", "and", "&"):
			next = end + 1
		default:
			return p, end
		}
		q, after := r.otherHour(prep, next)
		if after == 0 || r.is(next-1, "и", "and", "&") && !r.apart(after) {
			return p, end
		}
		if r.is(end, "(") && r.is(after, ")") {
			after++
		}
		p, end = p.orHour(q), after
	}
	return p, end
}

// otherHour reads the hour behind «или», whose preposition may be the one before the first hour.
func (r *reader) otherHour(prep string, i int) (piece, int) {
	if r.dayAt(i) > 0 { // «в 10 или 12 декабря»
		return piece{}, 0
	}
	own, j := r.preposition(i)
	if j > i {
		prep = own
	}
	q, end := r.oneHour(prep, j)
	if len(q.clocks) == 0 {
		return piece{}, 0
	}
	return q, end
}

// orHourFollows reports whether «или 10» and nothing more, but perhaps a part of the day, stands at i.
func (r *reader) orHourFollows(i int) bool {
	next := r.orWord(i)
	if n := r.number(next, 2); next == i || n < 0 || n > 23 || r.dayAt(next) > 0 {
		return false
	}
	part, end := r.suffix(next + 1)
	return part != noPart || r.ends(end)
}

// orHour is p or q. A part of the day that is said once is of both: «5 или 6 вечера», but not "11 or 1pm".
func (p piece) orHour(q piece) piece {
	first, last := &p.clocks[len(p.clocks)-1], &q.clocks[0]
	const half = 12 * 60
	if first.minutes[0]%half < last.minutes[0]%half {
		switch {
		case last.part != noPart && first.loose:
			*first = first.in(last.part)
		case first.part != noPart && last.loose:
			*last = last.in(first.part)
		}
	}
	p.clocks = slices.Concat(p.clocks, q.clocks)
	p.need = min(p.need, q.need)
	p.doubt = true
	return p
}

// in is a loose hour as one of this part of the day.
func (c hourWritten) in(part dayPart) hourWritten {
	return hourWritten{minutes: c.readings(part), part: part, exact: c.exact}
}

// hourPair reads two hours with a mark between them: «в 9-10», «9–11 утра», "at 9/10", "2-3pm". One of them is meant, or it is a
// span, which begins with the first: that is sure only of "2-3pm" and the like. What may be minutes, «10-15», is none.
func (r *reader) hourPair(prep string, i int) (piece, int) {
	h, g, end := r.number(i, 2), r.number(i+2, 2), i+3
	glued, slash, strong := r.at(i+1).glued && r.at(i+2).glued, r.is(i+1, "/"), strongPrepositions[prep]
	unit := r.is(end, "ч", "час", "часа", "часов", "часам", "h")
	if unit {
		end++
	}
	part, after := r.suffix(end)
	bare := part == noPart && !unit
	if q, after := r.writtenTime("-", i+2); r.glued(i+3, ":") && len(q.clocks) > 0 && h >= 0 && h < 24 && r.is(i+1, "-", "–", "—") && r.free(i) {
		return clockPiece(r.looseAt(i), needNear, h*60).orHour(q), after
	}
	switch {
	case !r.is(i+1, "-", "–", "—", "/") || h < 0 || h > 23 || g < 1 || g > 24 || h == g || !r.free(i):
		return piece{}, 0
	case bare && (r.counted(end) || !r.whole(end) || r.ordinal(end) > end || r.is(end, "числа") || r.plural(end) || r.namesMonth(end)):
		return piece{}, 0
	case !glued && bare && !r.ends(end), prep == "" && part == noPart && (unit || !r.apart(end) && r.pair(i+2) < 0):
		return piece{}, 0
	case prep == "" && part == noPart && r.pair(i+2) < 0 && !knownWords[r.at(i-1).s]: // «дом 5-6»
		return piece{}, 0
	case slash && !strong && !r.ends(after):
		return piece{}, 0
	case r.is(after-1, "дня", "ночи") && part != noPart && !strong && prep != "к" && prep != "до" && !unit: // «2-3 дня» is a span
		return piece{}, 0
	case r.glued(i+1, "-") && r.pair(i+2) >= 0 && prep != "at" && part != amPart && part != pmPart && g != h+1 && (g < h || g%5 == 0):
		return piece{}, 0 // «10-15» is a quarter past ten
	}
	need := needNear
	if !bare || strong && !slash && r.apart(end) {
		need = needNothing
	}
	q, _ := r.suffixed(g, 0, r.looseAt(i+2), need, end)
	if len(q.clocks) == 0 {
		return piece{}, 0
	}
	switch {
	case part == noPart && r.looseAt(i) && h <= 6 && g > 6 && g <= 12: // from five to eight
		q.clocks[0] = hourWritten{minutes: []int{(g + 12) * 60, g * 60}}
	case h > 12 && g < h:
		q.clocks[0] = hourWritten{minutes: []int{(g + 24) * 60}}
	}
	p := clockPiece(r.looseAt(i), need, h*60).orHour(q)
	if part != noPart && !strong && !slash {
		p.clocks, p.doubt = p.clocks[:1], false
	}
	return p, after
}

// looseAt reports whether the number at i is an hour of the morning or of the afternoon.
func (r *reader) looseAt(i int) bool {
	t := r.at(i)
	return t.n >= 1 && t.n <= 12 && t.s[0] != '0'
}

// namesMonth reports whether a month is named at i.
func (r *reader) namesMonth(i int) bool {
	_, _, ok := r.monthAt(i)
	return ok
}

// eitherDate reads two days of a month, of which one is meant: «5 или 6 декабря», «5-6 декабря», «5-го или 6-го», "on the 5th or
// 6th".
func (r *reader) eitherDate(prep string, i int) (piece, int) {
	day, j := r.number(i, 2), r.ordinal(i+1)
	next := r.orWord(j)
	if r.is(j, "-", "–", "—", "и", "and", "&") {
		next = j + 1
	}
	if day < 1 || day > 31 || !r.free(i) || next == j || r.number(next, 2) < 1 || strongPrepositions[prep] {
		return piece{}, 0
	}
	glued := r.tokens[next].glued
	r.tokens[next].glued = false // the second of «5-6 декабря» is a day for all that
	p, end := r.namedDate("", next)
	if end == 0 {
		p, end = r.dayOfMonth(prep, next)
	}
	r.tokens[next].glued = glued
	if end == 0 || len(p.days) == 0 {
		return piece{}, 0
	}
	first := civil.Date{Year: p.days[0].Year, Month: p.days[0].Month, Day: day}
	if p.cycle == RepeatMonthly {
		first = comingDays(day, r.today)[0]
	}
	if p.doubt = true; first.Valid() && first.String() >= r.today.String() {
		p.days = slices.Insert(p.days, 0, first)
	}
	return p, end
}

// orDay reads the other day of «5 декабря или 6», "December 5-6".
func (r *reader) orDay(p piece, end int) (piece, int) {
	next := r.orWord(end)
	if r.is(end, "-", "–") && r.at(end+1).glued {
		next = end + 1
	}
	n, after := r.number(next, 2), r.ordinal(next+1)
	part, _ := r.suffix(after)
	if next == end || n < 1 || n > 31 || len(p.days) == 0 || part != noPart || !r.whole(after) || r.counted(after) || r.plural(after) || r.dayAt(next) > 0 {
		return p, end
	}
	if d := (civil.Date{Year: p.days[0].Year, Month: p.days[0].Month, Day: n}); d.Valid() && d.String() >= r.today.String() {
		p.days = slices.Concat(p.days, []civil.Date{d})
	}
	p.doubt = true
	return p, after
}
