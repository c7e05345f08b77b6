package moment

import (
	"time"

	"kartoteka/crm/civil"
)

// amount is how many of a unit: «два», «2–3», «полтора», "a couple of".
type amount struct {
	from, to int // to is more than from where it is doubtful
	half     bool
	said     bool // there was a word for it
}

// amount reads how many and where that ends; without a word it is one.
func (r *reader) amount(i int) (amount, int) {
	n := r.number(i, 3)
	switch {
	case n >= 0 && r.glued(i+1, ",", ".") && r.at(i+2).glued && r.is(i+2, "5"):
		return amount{n, n, true, true}, i + 3
	case n >= 0 && r.is(i+1, "-", "–", "—", "или", "либо", "or") && r.number(i+2, 3) > n:
		return amount{n, r.number(i+2, 3), false, true}, i + 3
	case n >= 0:
		return amount{n, n, false, true}, i + 1
	case r.is(i, "полтора", "полторы"):
		return amount{1, 1, true, true}, i + 1
	case r.is(i, "пару", "пара"):
		return amount{2, 3, false, true}, i + 1
	case r.is(i, "несколько"):
		return amount{3, 5, false, true}, i + 1
	case r.follows(i, "a", "couple", "of"):
		return amount{2, 3, false, true}, i + 3
	case r.follows(i, "couple", "of"):
		return amount{2, 3, false, true}, i + 2
	case r.follows(i, "a", "few"):
		return amount{3, 5, false, true}, i + 2
	case r.is(i, "half") && r.is(i+1, "a", "an"):
		return amount{0, 0, true, true}, i + 2
	case r.is(i, "a", "an"):
		return amount{1, 1, false, true}, i + 1
	}
	if n, ok := numbers[r.at(i).s]; ok {
		return amount{n, n, false, true}, i + 1
	}
	return amount{from: 1, to: 1}, i
}

// unit reads a unit, with «рабочих» before days.
func (r *reader) unit(i int) (unit timeUnit, working bool, end int) {
	if r.is(i, "рабочий", "рабочих", "рабочие", "рабочего", "working", "business", "work") && units[r.at(i+1).s] == dayUnit {
		return dayUnit, true, i + 2
	}
	unit = units[r.at(i).s]
	return unit, false, i + 1
}

// span reads a time counted from now: «через 3 дня», «через полчаса», «через 1,5 часа», "in an hour and a half", "2 weeks
// from now".
func (r *reader) span(i int) (piece, int) {
	switch {
	case r.is(i, "через", "спустя"):
		return r.lapse(i+1, true)
	case r.is(i, "in"):
		return r.lapse(i+1, false)
	}
	p, end := r.lapse(i, false)
	if end > 0 && r.is(end, "from") && r.is(end+1, "now", "today") {
		return p, end + 2
	}
	return piece{}, 0
}

// lapse reads an amount with its unit and turns it into a span or a day; alone: a unit without an amount is one.
func (r *reader) lapse(i int, alone bool) (piece, int) {
	if r.is(i, "полчаса", "полчасика") {
		return piece{meaning: meaning{spans: []time.Duration{30 * time.Minute}}}, i + 1
	}
	if r.is(i, "полгода") {
		return piece{meaning: meaning{days: []civil.Date{r.today.PlusMonths(6)}}}, i + 1
	}
	a, j := r.amount(i)
	unit, working, end := r.unit(j)
	if r.is(j, "fortnight", "fortnights") {
		a.from, a.to, unit = 2*a.from, 2*a.to, weekUnit
	}
	if r.is(j, "сутки", "суток") && a.from > 0 && !a.half {
		return piece{meaning: meaning{spans: []time.Duration{time.Duration(a.from) * 24 * time.Hour}}}, j + 1
	}
	if unit == noUnit || !a.said && !alone || a.from == 0 && !a.half || a.half && unit != hourUnit {
		return piece{}, 0
	}
	if n, after := r.orSo(end); after > 0 {
		a.to, end = max(n, a.from+1), after
	}
	s := meaning{doubt: a.to > a.from}
	if unit == minuteUnit || unit == hourUnit {
		s.spans, end = r.hours(a, unit, end)
		return piece{meaning: s}, end
	}
	if unit == dayUnit && !a.said { // «через день» is both tomorrow and every other day
		a, s.doubt = amount{from: 2, to: 1}, true
	}
	for _, n := range []int{a.from, a.to} {
		s.days = append(s.days, r.dayAfter(n, unit, working))
	}
	if a.from == a.to {
		s.days = s.days[:1]
	}
	if unit == weekUnit && a.from == a.to {
		s.weeks = []int{a.from} // a weekday beside it is of that week
	}
	return piece{meaning: s}, end
}

// orSo reads the tail of «час-два», «неделю-другую», "an hour or two" and where it ends.
func (r *reader) orSo(i int) (int, int) {
	said := r.is(i, "или", "либо", "or")
	if said && r.is(i+1, "через", "in") {
		i++
	}
	if said && !r.ends(i+2) || !said && (!r.is(i, "-", "–") || !r.at(i+1).glued) {
		return 0, 0
	}
	if r.is(i+1, "другой", "другую", "полтора", "полторы") {
		return 2, i + 2
	}
	if n, ok := numbers[r.at(i+1).s]; ok {
		return n, i + 2
	}
	return 0, 0
}

// hours are the spans of minutes or hours, with the minutes that follow the hours.
func (r *reader) hours(a amount, unit timeUnit, i int) ([]time.Duration, int) {
	one := time.Minute
	if unit == hourUnit {
		one = time.Hour
	}
	extra := time.Duration(0)
	if a.half {
		extra = one / 2
	}
	if unit == hourUnit && r.follows(i, "and", "a", "half") {
		extra, i = 30*time.Minute, i+3
	}
	j := i
	if r.is(j, "и", "and") {
		j++
	}
	if n := r.number(j, 2); unit == hourUnit && n > 0 && units[r.at(j+1).s] == minuteUnit {
		extra, i = time.Duration(n)*time.Minute, j+2
	}
	spans := []time.Duration{time.Duration(a.from)*one + extra}
	if a.to > a.from {
		spans = append(spans, time.Duration(a.to)*one)
	}
	return spans, i
}

// dayAfter is today and so many days, weeks, months or years; working days are Monday to Friday.
func (r *reader) dayAfter(n int, unit timeUnit, working bool) civil.Date {
	d := r.today
	switch unit {
	case weekUnit:
		return d.Plus(7 * n)
	case monthUnit:
		return d.PlusMonths(n)
	case quarterUnit:
		return d.PlusMonths(3 * n)
	case yearUnit:
		return d.PlusMonths(12 * n)
	}
	if !working {
		return d.Plus(n)
	}
	for n > 0 {
		d = d.Plus(1)
		if mondayFirst(d.UTC().Weekday()) < 5 {
			n--
		}
	}
	return d
}

// ago reads what is over: «3 дня назад», "2 weeks ago".
func (r *reader) ago(i int) (piece, int) {
	if r.is(i, "через", "in") {
		return piece{}, 0
	}
	_, j := r.amount(i)
	if unit, _, end := r.unit(j); unit != noUnit && r.is(end, "назад", "ago") {
		return piece{meaning: meaning{gone: true}}, end + 1
	}
	return piece{}, 0
}
