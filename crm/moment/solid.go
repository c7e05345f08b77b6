package moment

import "strings"

// solidTime reads an hour and its minutes written as one number: «в 1830», "at 0900", "1830h". Such a number may also be a year
// or a sum, so without a day beside it it is asked back, and so it is where no «в» stands before it.
func (r *reader) solidTime(prep string, i int) (piece, int) {
	t, end := r.at(i), i+1
	size, h, m := t.end-t.start, t.n/100, t.n%100
	unit := r.glued(end, "h", "hrs", "ч") || strongPrepositions[prep] && r.is(end, "hrs", "hours")
	switch {
	case t.n < 0 || size != 4 && size != 3 || h > 23 && t.n != 2400 || m > 59 || prep != "-" && !r.free(i):
		return piece{}, 0
	case unit:
		end++
	case !r.whole(end) && !r.is(end, "am", "pm") && !r.solidEnd(prep, i), r.counted(end), r.is(end, "г"), r.plural(end):
		return piece{}, 0
	}
	zero := strings.HasPrefix(t.s, "0")
	p, end := r.suffixed(h, m, !zero && h <= 12, needNear, end)
	if len(p.clocks) == 0 {
		return p, end
	}
	p.clocks[0].exact = true
	if unit || p.clocks[0].part != noPart {
		p.need = needNothing
		return p, end
	}
	return r.judgeSolid(prep, i, p, end)
}

// solidEnd reports whether the number at i begins a span: «в 1000-1200», "0900-1030".
func (r *reader) solidEnd(prep string, i int) bool {
	return (strongPrepositions[prep] || r.at(i).s[0] == '0') && r.is(i+1, "-") && r.at(i+2).end-r.at(i+2).start == 4 && r.whole(i+3)
}

// judgeSolid says what a number without colon and unit needs to be an hour, and where it is doubtful.
func (r *reader) judgeSolid(prep string, i int, p piece, end int) (piece, int) {
	t, at := r.at(i), prep == "at" || prep == "@"
	minute, zero := t.n%100, t.s[0] == '0'
	year := t.n >= 2000 && t.n <= r.today.Year+maxYearAhead && !at
	switch {
	case t.end-t.start == 3:
		if p.doubt = true; !strongPrepositions[prep] {
			return piece{}, 0
		}
	case at || strongPrepositions[prep] && !year:
		if r.apart(end) && !sums[r.at(i-2).s] {
			p.need = needNothing
		}
		p.alone = !zero && (!at || minute == 0 || minute%5 != 0)
		p.doubt = at && !zero && r.at(end).capital // "at 1830 Main Street"
	case strongPrepositions[prep]: // «5 декабря в 2030», «завтра в 2030»
		p.doubt = minute%5 != 0 || r.namesMonth(i-2) || r.at(i-2).kind == numberToken && r.at(i-2).n < 100
	case prep == "":
		if p.doubt = !zero; year || !zero && !r.ends(end) {
			return piece{}, 0
		}
	case strings.Contains(" к до с со by until till before from about around около - ", " "+prep+" "):
		p.doubt = !zero
	default:
		return piece{}, 0
	}
	return p, end
}
