package moment

import "kartoteka/crm/civil"

// lastDay reads «в последний день месяца», «последний рабочий день мая», "the last day of next month". On that very day this one or
// the next may be meant.
func (r *reader) lastDay(_ string, i int) (piece, int) {
	if !r.is(i, "последний", "последнего", "последнему", "last") {
		return piece{}, 0
	}
	unit, working, j := r.unit(i + 1)
	if unit != dayUnit {
		return piece{}, 0
	}
	of := j
	if r.is(of, "of") {
		of++
	}
	if month, ok := monthAlone[r.at(of).s]; ok {
		day := lastOf(r.nextMonth(month), working)
		return piece{meaning: meaning{days: []civil.Date{day}, gone: day.String() < r.today.String()}}, of + 1
	}
	which, end := r.ofMonth(j)
	first := civil.Date{Year: r.today.Year, Month: r.today.Month, Day: 1}
	this, next := lastOf(first, working), lastOf(first.PlusMonths(1), working)
	switch {
	case end == 0:
		return piece{}, 0
	case which == "each":
		return strangeDay(), end
	case which == "last":
		return piece{meaning: meaning{gone: true}}, end
	case which == "next":
		return dayPiece(next), end
	case this == r.today:
		return dayPiece(this, next), end
	case this.String() < r.today.String():
		return dayPiece(next), end
	}
	return dayPiece(this), end
}

// lastOf is the last day of a month, or the last working one.
func lastOf(first civil.Date, working bool) civil.Date {
	day := first.PlusMonths(1).Plus(-1)
	for working && mondayFirst(day.UTC().Weekday()) > 4 {
		day = day.Plus(-1)
	}
	return day
}
