package crm

import (
	"slices"
	"time"
)

// momentSense is what words say of a time. Each list holds what may be meant, the likeliest first.
type momentSense struct {
	days        []Date         // dates and days counted from today
	later       []Date         // meant if the hour of all days has passed, and then doubtful
	weekdays    []time.Weekday // with weekdayDays, the days that they are if nothing else is said
	weekdayDays []Date
	weeks       []int // weeks from this one: «на следующей неделе» is 1
	clocks      []momentClock
	parts       []momentPart
	spans       []time.Duration // from now
	repeat      Repeat
	doubt       bool   // asked back in any case
	vague       bool   // gives way to anything better
	gone        bool   // speaks of the past
	broken      bool   // looks like a time but cannot be
	strange     bool   // is a time, but none that we can tell
	passed      bool   // a date without a year that is over this year: days holds the next one's
	typo        bool   // a word was taken for another
	since       bool   // says when something begins: «с понедельника»
	until       bool   // says when something ends at the latest: «до пятницы»
	row         bool   // the weekdays are the first and the last of several: «пн-пт»
	either      bool   // one of the weekdays is meant: «в пт или сб»
	cycle       Repeat // how often the day that was named comes round: a weekday each week, «5-го» each month
}

// momentNeed is what a piece that may also mean something else needs to count.
type momentNeed int

const (
	needNothing    momentNeed = iota
	needNear                  // a piece of another kind beside it
	needNearOrEdge            // or that the text begins or ends with it
	needNearOrEnd             // or that the text ends with it
)

// momentPiece is a few words that say one thing of a time: the tokens from, up to but not including to.
type momentPiece struct {
	from, to int
	need     momentNeed
	alone    bool // doubtful unless a piece of another kind stands beside it
	momentSense
}

// momentPhrase is pieces that stand together.
type momentPhrase struct {
	from, to int
	momentSense
}

func (s momentSense) dated() bool { return len(s.days)+len(s.weekdays)+len(s.spans) > 0 }

func (s momentSense) kinds() [4]bool {
	return [4]bool{s.dated() || len(s.weeks) > 0, len(s.clocks) > 0, len(s.parts) > 0, s.repeat != RepeatNever}
}

// join adds what other says.
func (s momentSense) join(other momentSense) momentSense {
	s.days = slices.Concat(s.days, other.days)
	s.later = slices.Concat(s.later, other.later)
	s.weekdays = slices.Concat(s.weekdays, other.weekdays)
	s.weekdayDays = slices.Concat(s.weekdayDays, other.weekdayDays)
	s.weeks = slices.Concat(s.weeks, other.weeks)
	s.clocks = slices.Concat(s.clocks, other.clocks)
	s.parts = slices.Concat(s.parts, other.parts)
	s.spans = slices.Concat(s.spans, other.spans)
	s.doubt = s.doubt || other.doubt
	s.repeat = s.joinRepeat(other.repeat)
	s.vague = s.vague && other.vague
	s.gone = s.gone || other.gone
	s.broken = s.broken || other.broken
	s.strange = s.strange || other.strange
	s.passed = s.passed || other.passed
	s.typo = s.typo || other.typo
	s.since = s.since || other.since
	s.row = s.row || other.row
	s.either = s.either || other.either
	if s.cycle == RepeatNever {
		s.cycle = other.cycle
	}
	return s
}

// joinRepeat is the repeat that two say together: «каждые 2 недели по вторникам». Two that differ are doubtful.
func (s *momentSense) joinRepeat(other Repeat) Repeat {
	switch {
	case s.repeat == RepeatNever || s.repeat == RepeatWeekly && other.Cycle() == RepeatWeekly:
		return other
	case other != RepeatNever && other != s.repeat && !(other == RepeatWeekly && s.repeat.Cycle() == RepeatWeekly):
		s.doubt = true
	}
	return s.repeat
}

// whole is the repeat with the days of the week on which it comes.
func (s momentSense) whole() Repeat {
	if s.doubt || s.repeat.Cycle() != RepeatWeekly {
		return s.repeat
	}
	return s.repeat.On(s.weekdays)
}

// phrases puts pieces that stand together into one and drops those that lack what they need.
func (r *momentReader) phrases(pieces []momentPiece) []momentPhrase {
	repeats := slices.ContainsFunc(pieces, func(p momentPiece) bool { return p.repeat != RepeatNever })
	pieces = slices.DeleteFunc(pieces, func(p momentPiece) bool { return p.since && !repeats || p.until && repeats })
	var kept []momentPiece
	for i, p := range pieces {
		near := i > 0 && r.supports(pieces[i-1], p) || i+1 < len(pieces) && r.supports(p, pieces[i+1])
		end := r.ends(p.to) && r.ends(p.to+1)
		p.doubt = p.doubt || p.alone && !near
		if p.need == needNothing || near || p.need == needNearOrEdge && (p.from == 0 || end) || p.need == needNearOrEnd && end {
			kept = append(kept, p)
		}
	}
	var out []momentPhrase
	for i, p := range kept {
		if i > 0 && r.together(kept[i-1], p) && !r.another(out[len(out)-1], p) {
			last := &out[len(out)-1]
			last.either = last.either || r.orWord(last.to) > last.to
			last.row = last.row || p.from > last.to && r.is(last.to, "-", "–", "—") && len(last.weekdays) == 1 && len(p.weekdays) == 1
			last.doubt = last.doubt || last.either
			last.to, last.momentSense = p.to, last.join(p.momentSense)
			continue
		}
		out = append(out, momentPhrase{p.from, p.to, p.momentSense})
	}
	return out
}

// another reports whether p, after «и» or the like, begins another time than the phrase: «сегодня в 18 и завтра в 10».
func (r *momentReader) another(phrase momentPhrase, p momentPiece) bool {
	return p.from > phrase.to && phrase.dated() && len(phrase.clocks) > 0 && p.dated() && !r.sameDay(phrase.momentSense, p.momentSense)
}

// supports reports whether two neighbours are of different kinds and stand together.
func (r *momentReader) supports(a, b momentPiece) bool {
	row := len(a.weekdays) > 0 && len(b.weekdays) > 0 && b.from > a.to // пн-вт
	return r.together(a, b) && (row || a.kinds() != b.kinds() || r.sameDay(a.momentSense, b.momentSense))
}

// together reports whether b follows a at once or after one comma, dash, «и», or after «или» and the like. A comma between two
// different days parts two thoughts: «завтра позвонить, в пятницу …».
func (r *momentReader) together(a, b momentPiece) bool {
	switch b.from - a.to {
	case 0, r.orWord(a.to) - a.to:
		return true
	case 1:
		if !r.is(a.to, ",", "-", "–", "—", "и", "and") {
			return false
		}
		return !r.is(a.to, ",") || !a.dated() || !b.dated() || r.sameDay(a.momentSense, b.momentSense)
	}
	return false
}

func (r *momentReader) sameDay(a, b momentSense) bool {
	if len(a.weekdays) == 0 {
		a, b = b, a
	}
	return slices.ContainsFunc(b.days, func(d Date) bool { return slices.Contains(a.weekdays, d.utc().Weekday()) })
}

// clearPhrases drops what speaks of the past or vaguely where something better is said.
func clearPhrases(phrases []momentPhrase) []momentPhrase {
	weekday := slices.ContainsFunc(phrases, func(p momentPhrase) bool { return len(p.weekdays) > 0 })
	worse := func(p momentPhrase) bool { return p.gone || p.vague && !(weekday && len(p.weeks) > 0) }
	better := slices.ContainsFunc(phrases, func(p momentPhrase) bool { return !worse(p) && (p.dated() || p.repeat != RepeatNever) })
	return slices.DeleteFunc(phrases, func(p momentPhrase) bool { return better && worse(p) })
}

// joinPhrases puts together what a text says in several places; false if the places contradict each other: two days, two
// hours.
func joinPhrases(phrases []momentPhrase) (momentSense, bool) {
	all := phrases[0].momentSense
	agree := true
	for _, p := range phrases[1:] {
		ours, theirs := all.kinds(), p.kinds()
		if len(all.weeks) > 0 && len(p.weekdays) > 0 || len(all.weekdays) > 0 && len(p.weeks) > 0 || all.repeat.Cycle() == RepeatWeekly && len(p.weekdays) > 0 && len(all.weekdays) == 0 {
			theirs[0] = false // «на следующей неделе … в среду»
		}
		for i := range ours {
			agree = agree && !(ours[i] && theirs[i])
		}
		agree = agree && (len(all.spans) == 0 || !theirs[1] && !theirs[2]) && (len(p.spans) == 0 || !ours[1] && !ours[2])
		all = all.join(p.momentSense)
	}
	return all, agree
}
