package moment

import "strings"

// hourWritten is an hour as it was written.
type hourWritten struct {
	minutes []int   // of the day, 1440 and more is the night after it
	loose   bool    // 1 to 12, of the morning or of the afternoon: minutes is the one as written
	exact   bool    // with minutes: 9:00 is of the morning unless a part of the day is said
	part    dayPart // said with it: «9 утра»
}

// readings are the minutes that a clock means beside a part of the day, or without one (noPart).
func (c hourWritten) readings(part dayPart) []int {
	if !c.loose {
		return c.minutes
	}
	hour, minute := c.minutes[0]/60, c.minutes[0]%60
	if hours := part.hours(hour); len(hours) > 0 {
		var out []int
		for _, h := range hours {
			out = append(out, h*60+minute)
		}
		return out
	}
	if hour <= 6 {
		return []int{(hour+12)*60 + minute, hour*60 + minute}
	}
	return c.minutes
}

// minutes are all that a sense says of the hour, first the likeliest of each clock; none if it names a day only.
func (s meaning) minutes() []int {
	var out, others []int
	for _, c := range s.clocks {
		part := noPart
		if len(s.parts) > 0 {
			part = s.parts[0].part
		}
		readings := c.readings(part)
		out, others = append(out, readings[0]), append(others, readings[1:]...)
	}
	out = append(out, others...)
	if len(s.clocks) == 0 {
		for _, p := range s.parts {
			out = append(out, p.minutes...)
		}
	}
	return out
}

// evenings are the afternoon readings of hours that were taken as of the morning.
func (s meaning) evenings() []int {
	var out []int
	for _, c := range s.clocks {
		if c.loose && !c.exact && len(s.parts) == 0 && c.minutes[0] < 12*60 {
			out = append(out, c.minutes[0]+12*60)
		}
	}
	return out
}

// clock reads an hour: «в 10», «10:30», «к 8 вечера», "at 3pm", «в полдень».
func (r *reader) clock(i int) (piece, int) {
	if p, end := r.between(i); end > 0 {
		return p, end
	}
	prep, j := r.preposition(i)
	p, end := r.oneHour(prep, j)
	if end == 0 {
		return piece{}, 0
	}
	if prep == "с" || prep == "from" || r.is(end, "-", "–", "—") {
		end = r.spanEnd(end)
	}
	return r.orElse(prep, p, end)
}

// spanEnd skips the end of a span of hours, of which the beginning was read.
func (r *reader) spanEnd(i int) int {
	if !r.is(i, "-", "–", "—", "до", "по", "to", "till", "until") || r.dayAt(i+1) > 0 {
		return i
	}
	for _, rule := range []func(*reader, string, int) (piece, int){(*reader).writtenTime, (*reader).solidTime, (*reader).hour} {
		if _, end := rule(r, "-", i+1); end > 0 && !r.plural(end) {
			return end
		}
	}
	return i
}

func clockPiece(loose bool, need condition, minutes ...int) piece {
	return piece{need: need, meaning: meaning{clocks: []hourWritten{{minutes: minutes, loose: loose}}}}
}

// sameTime reads «в это же время», "at the same time": the hour that it is now.
func (r *reader) sameTime(prep string, i int) (piece, int) {
	end := 0
	switch {
	case prep == "в" && r.is(i, "это", "то") && r.is(i+1, "же") && r.is(i+2, "время"), prep == "в" && r.follows(i, "это", "самое", "время"):
		end = i + 3
	case prep == "в" && r.follows(i, "это", "время"), r.follows(i, "same", "time"):
		end = i + 2
	default:
		return piece{}, 0
	}
	return clockPiece(false, needNear, r.now.Hour()*60+r.now.Minute()), end
}

// noon reads «полдень» and «полночь»; midnight is either end of a day.
func (r *reader) noon(prep string, i int) (piece, int) {
	switch {
	case r.is(i, "полдень", "полудню", "полудня", "noon", "midday"):
		return clockPiece(false, needNothing, 12*60), i + 1
	case r.is(i, "полночь", "полночи", "полуночи", "midnight"):
		return clockPiece(false, needNothing, 24*60, 0), i + 1
	}
	return piece{}, 0
}

// halfHour reads «полдесятого», «половину десятого», «без четверти десять», "half past ten", "quarter to ten".
func (r *reader) halfHour(prep string, i int) (piece, int) {
	w := r.at(i).s
	minutes, end := -1, 0
	if half, ok := strings.CutPrefix(w, "пол"); ok {
		if h, ok := halves[half]; ok {
			minutes, end = h*60+30, i+1
		}
	}
	h, known := halves[r.at(i+1).s]
	next, nextEnd := r.hourNumber(i + 2)
	switch {
	case r.is(i, "половина", "половину", "половине", "половины") && known:
		minutes, end = h*60+30, i+2
	case next < 1 || next > 12:
	case r.follows(i, "half", "past"):
		minutes, end = next*60+30, nextEnd
	case r.follows(i, "quarter", "past"):
		minutes, end = next*60+15, nextEnd
	case r.follows(i, "quarter", "to"):
		minutes, end = next*60-15, nextEnd
	case r.is(i, "без"):
		if less := r.minutesLess(i + 1); less > 0 {
			minutes, end = next*60-less, nextEnd
		}
	}
	if end == 0 {
		return piece{}, 0
	}
	if minutes < 60 {
		minutes += 12 * 60 // half past twelve is written as 0:30
	}
	return r.suffixed(minutes/60, minutes%60, true, needNothing, end)
}

// minutesLess are the minutes of «без пяти десять».
func (r *reader) minutesLess(i int) int {
	if r.is(i, "четверти") {
		return 15
	}
	if n := max(r.number(i, 2), numbers[r.at(i).s]); n > 0 && n < 30 {
		return n
	}
	return 0
}

// hourNumber is an hour in figures or words, or -1.
func (r *reader) hourNumber(i int) (int, int) {
	if n := r.number(i, 2); n >= 0 {
		return n, i + 1
	}
	if n, ok := numbers[r.at(i).s]; ok {
		return n, i + 1
	}
	return -1, 0
}

// writtenTime reads hours with minutes: «10:30», «в 10.30», «в 10-30», «в 10 30», «10 ч 30 мин», "10:30 pm".
func (r *reader) writtenTime(prep string, i int) (piece, int) {
	h := r.number(i, 2)
	if h < 0 || prep != "-" && !r.free(i) {
		return piece{}, 0
	}
	strong := strongPrepositions[prep]
	minute, end := r.pair(i+2), i+3
	need := needNothing
	doubtful := false
	switch {
	case r.glued(i+1, ":"):
		if minute >= 0 && r.glued(end, ":") && r.pair(end+1) >= 0 {
			end += 2
		}
	case r.glued(i+1, "."):
		if !strong && prep != "до" && prep != "к" && prep != "с" {
			need = needNear
		}
	case r.glued(i+1, "-") && minute >= 0 && r.whole(i+3):
		doubtful = minute > 0 && minute < 24
		if !strong {
			need = needNear
		}
	case strong && r.number(i+1, 2) >= 0 && r.at(i+1).end-r.at(i+1).start == 2 && !r.counted(i+2) && r.dayAt(i+1) == 0:
		minute, end = r.number(i+1, 2), i+2
		doubtful = !r.apart(end)
	case r.is(i+1, "ч", "час", "часа", "часов", "h") && r.number(i+2, 2) >= 0 && (r.is(i+3, "мин", "минут", "минуты", "м") || r.pair(i+2) >= 0):
		minute, end = r.number(i+2, 2), i+3
		if r.is(i+3, "мин", "минут", "минуты", "м") {
			end++
		}
	default:
		return piece{}, 0
	}
	if minute < 0 || r.counted(end) && !r.is(end, "дня") || !r.wholeClock(end) {
		return piece{}, 0
	}
	zero := strings.HasPrefix(r.at(i).s, "0")
	if h == 24 && minute == 0 || h == 0 && minute < 60 {
		return clockPiece(false, need, h*60+minute), end
	}
	if h > 23 || minute > 59 {
		return piece{need: need, meaning: meaning{broken: true}}, end
	}
	p, end := r.suffixed(h, minute, !zero && h <= 12, need, end)
	if len(p.clocks) > 0 {
		p.clocks[0].exact = true
	}
	if doubtful { // 10-15: a quarter past ten, or ten to fifteen
		p.doubt = true
		whole := hourWritten{minutes: []int{h * 60}, loose: r.looseAt(i), exact: true}
		if len(p.clocks) > 0 && p.clocks[0].part != noPart && whole.loose {
			whole = whole.in(p.clocks[0].part)
		}
		p.clocks = append(p.clocks, whole)
	}
	return p, end
}

// wholeClock is whole, but am, pm and the end of a span may follow at once.
func (r *reader) wholeClock(i int) bool {
	return r.whole(i) || r.at(i).kind == wordToken || r.is(i, "-") && r.number(i+1, 2) >= 0
}

// hour reads an hour without minutes: «в 10», «в десять», «10 утра», "9am", «к 18 часам». A bare number is one only after
// «в» or at; after the other prepositions and at the end of the text it needs a day beside it.
func (r *reader) hour(prep string, i int) (piece, int) {
	strong := strongPrepositions[prep]
	if strong && r.is(i, "час") && r.is(i+1, "дня", "ночи") {
		return r.suffixed(1, 0, true, needNothing, i+1)
	}
	if strong && r.is(i, "час") {
		return clockPiece(true, needNear, 60), i + 1
	}
	h, end := r.hourNumber(i)
	words := r.at(i).kind == wordToken
	if h < 0 || h > 23 || !words && prep != "-" && !r.free(i) || words && h > 12 {
		return piece{}, 0
	}
	unit := r.is(end, "ч", "час", "часа", "часов", "часам", "oclock")
	if unit {
		end++
	}
	loose := h >= 1 && h <= 12 && !strings.HasPrefix(r.at(i).s, "0")
	if p, after := r.suffixed(h, 0, loose, needNothing, end); after > end {
		if r.is(end, "дня", "ночи") && !strong && prep != "к" && prep != "до" && !unit { // «3 дня», «2 ночи» are spans
			return piece{}, 0
		}
		return p, after
	}
	if h == 0 && !unit || r.counted(end) || !unit && !r.bareHour(end) {
		return piece{}, 0
	}
	if strong && !unit && !words && r.plural(end) { // «завтра в 15 новостей»
		p := clockPiece(loose, needNear, h*60)
		p.doubt = true
		return p, end
	}
	need := needNear
	switch {
	case unit && prep != "" && (strong || prep != "около" && prep != "about" && prep != "for" && prep != "на"):
		need = needNothing
	case prep == "" && (unit || words || !r.ends(end) && !r.orHourFollows(end)):
		return piece{}, 0
	case strong && (!words || h > 1 && r.apart(end)):
		need = needNothing
	}
	return clockPiece(loose, need, h*60), end
}

// bareHour reports whether the number that ends before i may be an hour by what follows.
func (r *reader) bareHour(i int) bool {
	t := r.at(i)
	if !r.whole(i) || t.s == "-" && t.glued || t.s == "," && t.glued && r.at(i+1).glued {
		return false
	}
	return t.kind != numberToken || t.end-t.start != 3 // 10 000
}

// apart reports whether the word at i is not what «два» before it counts.
func (r *reader) apart(i int) bool {
	t := r.at(i)
	for _, ending := range []string{"ть", "ться", "ти", "чь"} {
		if strings.HasSuffix(t.s, ending) {
			return true
		}
	}
	return r.ends(i) || t.capital || r.dayAt(i) > 0 || prepositions[t.s]
}

// dayAt is where the day ends that begins at i; 0 if none does.
func (r *reader) dayAt(i int) int {
	_, end := r.day(i)
	return end
}
