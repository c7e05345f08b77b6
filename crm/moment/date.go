package moment

import (
	"strings"
	"time"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// isoDate reads 2026-12-15, with the T before an hour.
func (r *reader) isoDate(_ string, i int) (piece, int) {
	if r.at(i).end-r.at(i).start != 4 || !r.glued(i+1, "-", ".") || r.pair(i+2) < 0 || !r.glued(i+3, r.at(i+1).s) || r.pair(i+4) < 0 || !r.free(i) {
		return piece{}, 0
	}
	end := i + 5
	if r.glued(end, "t") && r.at(end+1).glued && r.number(end+1, 2) >= 0 {
		r.tokens[end+1].glued = false
		end++
	} else if !r.whole(end) {
		return piece{}, 0
	}
	return r.fullDate(civil.Date{Year: r.at(i).n, Month: time.Month(r.pair(i + 2)), Day: r.pair(i + 4)}, end)
}

// fullDate is a date with its year.
func (r *reader) fullDate(d civil.Date, end int) (piece, int) {
	if d.Year < 1000 || !d.Valid() {
		return brokenDay(), end
	}
	if d.String() < r.today.String() {
		return piece{meaning: meaning{gone: true}}, end
	}
	return dayPiece(d), end
}

// numericDate reads 15.12, 15.12.26, 15.12.2026, 15/12/2026 and 15-12-2026. After «в» a short one is an hour (в 14.30); a
// slash without a year needs a preposition (else 15/12 is a house) or an hour, beside which it is doubtful; and so are day
// and month that may be either.
func (r *reader) numericDate(prep string, i int) (piece, int) {
	day, mark := r.number(i, 2), r.at(i+1).s
	if day < 0 || !r.free(i) || !r.glued(i+1, ".", "/", "-") || !r.at(i+2).glued || r.number(i+2, 2) < 0 {
		return piece{}, 0
	}
	month, end := r.number(i+2, 2), i+3
	year := -1
	if size := r.at(i+4).end - r.at(i+4).start; r.glued(i+3, mark) && r.at(i+4).glued && (size == 4 || size == 2 && mark != "-") && r.at(i+4).n >= 0 {
		year, end = r.at(i+4).n, i+5
		if size == 2 {
			year += r.today.Year / 100 * 100
		}
	}
	if !r.whole(end) && !r.is(end, "г") || r.counted(end) && !r.is(end, "г", "года", "году") {
		return piece{}, 0
	}
	if year >= 0 {
		if r.is(end, "г", "года") {
			end++
		}
		if r.glued(end, ".") && r.is(end-1, "г") {
			end++
		}
	}
	loose := year < 0 && mark == "/" && prep == "" && !(day == 24 && month == 7)
	short := year < 0 && !loose && (r.pair(i+2) < 0 || mark == "-" || mark == "/" && (prep == "" || strongPrepositions[prep]))
	if short || year < 0 && strongPrepositions[prep] && day < 24 || day > 31 || day == 0 || month == 0 {
		return piece{}, 0
	}
	p, end := r.slashed(civil.Date{Year: year, Month: time.Month(month), Day: day}, mark == "/", end)
	if loose {
		p.need, p.doubt = needNear, true
	}
	return p, end
}

// slashed decides which of two numbers is the day.
func (r *reader) slashed(d civil.Date, slash bool, end int) (piece, int) {
	american := civil.Date{Year: d.Year, Month: time.Month(d.Day), Day: int(d.Month)}
	read := func(d civil.Date) (piece, int) {
		if d.Year < 0 {
			return r.nextDate(d.Day, d.Month, end)
		}
		return r.fullDate(d, end)
	}
	switch {
	case d.Month > 12 && (!slash || d.Day > 12):
		return piece{}, 0
	case d.Month > 12:
		return read(american)
	case !slash || d.Day > 12 || d.Day == int(d.Month):
		return read(d)
	}
	p, _ := read(d)
	q, _ := read(american)
	gone := p.gone && q.gone
	p.meaning = p.join(q.meaning)
	p.gone, p.doubt = gone, true
	return p, end
}

// turnOfYear is how many days ahead a day of the next year is meant without a question: 5 January, said in December.
const turnOfYear = 31

// nextDate is the next day of this name on or after today. One of another year than this is not meant by itself.
func (r *reader) nextDate(day int, month time.Month, end int) (piece, int) {
	d := civil.Date{Year: 0, Month: month, Day: day}
	if !d.Valid() {
		return brokenDay(), end
	}
	var found []civil.Date
	for year := r.today.Year; len(found) < 2; year++ {
		d.Year = year
		if d.Valid() && d.String() >= r.today.String() {
			found = append(found, d)
		}
	}
	p := dayPiece(found[0])
	p.cycle = RepeatYearly
	switch d.Year = r.today.Year; {
	case found[0] == r.today:
		p.later = found[1:]
	case found[0].Year == r.today.Year, r.today.DaysUntil(found[0]) <= turnOfYear:
	case d.Valid():
		p.passed = true
	default: // 29 February
		p.doubt = true
	}
	return p, end
}

// monthAt is the month named by token i behind its day, in full, short or with a typo.
func (r *reader) monthAt(i int) (m time.Month, typo, ok bool) {
	t := r.at(i)
	if m = civil.MonthNamed(t.s); m != 0 {
		return m, false, true
	}
	if utf8.RuneCountInString(t.s) < 4 || t.kind != wordToken || t.capital && spell.HasCyrillic(t.s) || r.counted(i) {
		return 0, false, false
	}
	for name, month := range civil.MonthNames() {
		if utf8.RuneCountInString(name) < 4 || spell.Distance(t.s, name) != 1 {
			continue
		}
		if ok && month != m {
			return 0, false, false
		}
		m, ok = month, true
	}
	return m, true, ok
}

// ordinal skips the ending of a number: 12-го, 12th.
func (r *reader) ordinal(i int) int {
	if r.glued(i, "-") && r.glued(i+1, "го", "е", "ое", "му", "ого") {
		return i + 2
	}
	if r.glued(i, "го", "е", "ое", "st", "nd", "rd", "th") {
		return i + 1
	}
	return i
}

// year reads the year behind a month, with «года» or after «в»; -1 and i if there is none. A sum of money is none, nor is an hour:
// «5 декабря в 1830».
func (r *reader) year(i int) (int, int) {
	j := i
	in := r.is(j, "в", "in")
	if in || r.is(j, ",") {
		j++
	}
	n := r.number(j, 4)
	word := r.is(j+1, "г", "года", "году")
	if word && r.at(j).end-r.at(j).start == 2 {
		return r.today.Year/100*100 + n, j + 2
	}
	if n < 1900 || n > 2199 || r.at(j).end-r.at(j).start != 4 || !r.whole(j+1) && !word || r.counted(j+1) && !word {
		return -1, i
	}
	if ahead := n >= r.today.Year && n <= r.today.Year+maxYearAhead; in && !word && (!ahead || n%5 == 0 && r.is(i, "в")) {
		return -1, i
	}
	j++
	if word {
		j++
		if r.glued(j, ".") && r.is(j-1, "г") {
			j++
		}
	}
	return n, j
}

// namedDate reads «12 мая», «12-го мая 2027 года», "12th of May".
func (r *reader) namedDate(_ string, i int) (piece, int) {
	day := r.number(i, 2)
	j := r.ordinal(i + 1)
	if r.is(j, "of") {
		j++
	}
	if day < 1 || !r.free(i) {
		return piece{}, 0
	}
	month, typo, ok := r.monthAt(j)
	if !ok {
		return piece{}, 0
	}
	j++
	if r.glued(j, ".") && utf8.RuneCountInString(r.at(j-1).s) <= 4 && !r.ends(j+1) && r.at(j+1).s != "" {
		j++ // 12 дек. 2026
	}
	p, end := piece{}, j
	if year, after := r.year(j); year > 0 {
		p, end = r.fullDate(civil.Date{Year: year, Month: month, Day: day}, after)
	} else {
		p, end = r.nextDate(day, month, j)
	}
	p.typo = typo
	return r.orDay(p, end)
}

// monthFirst reads "May 12", "May 12th, 2027".
func (r *reader) monthFirst(_ string, i int) (piece, int) {
	month := civil.MonthNamed(r.at(i).s)
	ok := month != 0
	j := i + 1
	if r.glued(j, ".") {
		j++
	}
	if r.is(j, "the") {
		j++
	}
	day := r.number(j, 2)
	if !ok || r.at(i).s[0] > 'z' || day < 1 || day > 31 {
		return piece{}, 0
	}
	end := r.ordinal(j + 1)
	if row := r.is(end, "-", "–") && r.number(end+1, 2) > 0 && r.whole(end+2); r.counted(end) || !row && !r.whole(end) || r.is(end, "am", "pm") {
		return piece{}, 0
	}
	if year, after := r.year(end); year > 0 {
		return r.fullDate(civil.Date{Year: year, Month: month, Day: day}, after)
	}
	p, end := r.nextDate(day, month, end)
	return r.orDay(p, end)
}

// dayOfMonth reads «15 числа», «15-го», "on the 15th": the next one that exists.
func (r *reader) dayOfMonth(prep string, i int) (piece, int) {
	day := r.number(i, 2)
	end := r.ordinal(i + 1)
	if day < 1 || day > 31 || !r.free(i) {
		return piece{}, 0
	}
	each, ofMonth := r.ofMonth(end)
	switch {
	case ofMonth > 0 && (end > i+1 || r.is(end, "числа")):
		end = ofMonth
	case r.is(end, "числа", "число", "числу"):
		end++
	case prep != "" && r.monthlyBefore(i) && (end > i+1 || prep == "on"):
	case end == i+1 || prep == "" && r.at(i+1).s != "-":
		return piece{}, 0
	case !r.ends(end) && !prepositions[r.at(end).s] && r.at(end).kind != numberToken && partWords[r.at(end).s].end == 0:
		return piece{}, 0 // «до 2-го этажа», "on the 5th floor"
	}
	from := r.today
	if each == "next" {
		from = civil.Date{Year: from.Year, Month: from.Month, Day: 1}.PlusMonths(1)
	}
	found := comingDays(day, from)
	p := dayPiece(found[0])
	p.cycle = RepeatMonthly
	if found[0] == r.today {
		p.later = found[1:]
	}
	if each == "each" {
		p.repeat = RepeatMonthly
	}
	return p, end
}

// monthlyBefore reports whether what repeats each month is said right before a day: "every month on the 31st invoice" is of no 31st invoice.
func (r *reader) monthlyBefore(i int) bool {
	for i--; r.is(i, "on", "the", "на"); i-- {
	}
	return r.is(i, "month", "monthly", "месяц", "ежемесячно")
}

// comingDays are the first two days of this number that are not before from.
func comingDays(day int, from civil.Date) []civil.Date {
	var found []civil.Date
	for first := (civil.Date{Year: from.Year, Month: from.Month, Day: 1}); len(found) < 2; first = first.PlusMonths(1) {
		d := civil.Date{Year: first.Year, Month: first.Month, Day: day}
		if d.Valid() && d.String() >= from.String() {
			found = append(found, d)
		}
	}
	return found
}

// ofMonth reads «числа следующего месяца», "of every month", "of the month" behind a day: which month ("each" is every
// one) and where it ends.
func (r *reader) ofMonth(i int) (string, int) {
	if r.is(i, "числа") || r.is(i, "of") {
		i++
	}
	which, j := r.which(i)
	switch {
	case eachWords[r.at(i).s]:
		which, j = "each", i+1
	case r.is(i, "the"):
		j = i + 1
	}
	if !r.is(j, "месяца", "month") {
		return "", 0
	}
	return which, j + 1
}

// monthAlone reads «в мае», "by June": no day in it is better than another.
func (r *reader) monthAlone(prep string, i int) (piece, int) {
	month, ok := monthAlone[r.at(i).s]
	if !ok || !strings.Contains(" в к до in by until till before ", " "+prep+" ") || prep == "" {
		return piece{}, 0
	}
	end := i + 1
	first := r.nextMonth(month)
	if year, after := r.year(end); year > 0 {
		first.Year, end = year, after
	}
	return doubtfulDays(first, first.Plus(14), first.PlusMonths(1).Plus(-1)), end
}

// nextMonth begins the next month of this name, which may be the present one.
func (r *reader) nextMonth(month time.Month) civil.Date {
	first := civil.Date{Year: r.today.Year, Month: month, Day: 1}
	if month < r.today.Month {
		first.Year++
	}
	return first
}
