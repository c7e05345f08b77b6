package moment

import (
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// meaning is what words say of a time. Each list holds what may be meant, the likeliest first.
type meaning struct {
	days        []civil.Date   // dates and days counted from today
	later       []civil.Date   // meant if the hour of all days has passed, and then doubtful
	weekdays    []time.Weekday // with weekdayDays, the days that they are if nothing else is said
	weekdayDays []civil.Date
	weeks       []int // weeks from this one: «на следующей неделе» is 1
	clocks      []hourWritten
	parts       []partSense
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

// condition is what a piece that may also mean something else needs to count.
type condition int

const (
	needNothing    condition = iota
	needNear                 // a piece of another kind beside it
	needNearOrEdge           // or that the text begins or ends with it
	needNearOrEnd            // or that the text ends with it
)

// piece is a few words that say one thing of a time: the tokens from, up to but not including to.
type piece struct {
	from, to int
	need     condition
	alone    bool // doubtful unless a piece of another kind stands beside it
	meaning
}

// timePhrase is pieces that stand together.
type timePhrase struct {
	from, to int
	meaning
}

func (s meaning) dated() bool { return len(s.days)+len(s.weekdays)+len(s.spans) > 0 }

func (s meaning) kinds() [4]bool {
	return [4]bool{s.dated() || len(s.weeks) > 0, len(s.clocks) > 0, len(s.parts) > 0, s.repeat != RepeatNever}
}

// join adds what other says.
func (s meaning) join(other meaning) meaning {
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
func (s *meaning) joinRepeat(other Repeat) Repeat {
	switch {
	case s.repeat == RepeatNever || s.repeat == RepeatWeekly && other.Cycle() == RepeatWeekly:
		return other
	case other != RepeatNever && other != s.repeat && !(other == RepeatWeekly && s.repeat.Cycle() == RepeatWeekly):
		s.doubt = true
	}
	return s.repeat
}

// whole is the repeat with the days of the week on which it comes.
func (s meaning) whole() Repeat {
	if s.doubt || s.repeat.Cycle() != RepeatWeekly {
		return s.repeat
	}
	return s.repeat.On(s.weekdays)
}

// phrases puts pieces that stand together into one and drops those that lack what they need.
func (r *reader) phrases(pieces []piece) []timePhrase {
	repeats := slices.ContainsFunc(pieces, func(p piece) bool { return p.repeat != RepeatNever })
	pieces = slices.DeleteFunc(pieces, func(p piece) bool { return p.since && !repeats || p.until && repeats })
	var kept []piece
	for i, p := range pieces {
		near := i > 0 && r.supports(pieces[i-1], p) || i+1 < len(pieces) && r.supports(p, pieces[i+1])
		end := r.ends(p.to) && r.ends(p.to+1)
		p.doubt = p.doubt || p.alone && !near
		if p.need == needNothing || near || p.need == needNearOrEdge && (p.from == 0 || end) || p.need == needNearOrEnd && end {
			kept = append(kept, p)
		}
	}
	var out []timePhrase
	for i, p := range kept {
		if i > 0 && r.together(kept[i-1], p) && !r.another(out[len(out)-1], p) {
			last := &out[len(out)-1]
			last.either = last.either || r.orWord(last.to) > last.to
			last.row = last.row || p.from > last.to && r.is(last.to, "-", "–", "—") && len(last.weekdays) == 1 && len(p.weekdays) == 1
			last.doubt = last.doubt || last.either
			last.to, last.meaning = p.to, last.join(p.meaning)
			continue
		}
		out = append(out, timePhrase{p.from, p.to, p.meaning})
	}
	return out
}

// another reports whether p, after «и» or the like, begins another time than the phrase: «сегодня в 18 и завтра в 10».
func (r *reader) another(phrase timePhrase, p piece) bool {
	return p.from > phrase.to && phrase.dated() && len(phrase.clocks) > 0 && p.dated() && !r.sameDay(phrase.meaning, p.meaning)
}

// supports reports whether two neighbours are of different kinds and stand together.
func (r *reader) supports(a, b piece) bool {
	row := len(a.weekdays) > 0 && len(b.weekdays) > 0 && b.from > a.to // пн-вт
	return r.together(a, b) && (row || a.kinds() != b.kinds() || r.sameDay(a.meaning, b.meaning))
}

// together reports whether b follows a at once or after one comma, dash, «и», or after «или» and the like. A comma between two
// different days parts two thoughts: «завтра позвонить, в пятницу …».
func (r *reader) together(a, b piece) bool {
	switch b.from - a.to {
	case 0, r.orWord(a.to) - a.to:
		return true
	case 1:
		if !r.is(a.to, ",", "-", "–", "—", "и", "and") {
			return false
		}
		return !r.is(a.to, ",") || !a.dated() || !b.dated() || r.sameDay(a.meaning, b.meaning)
	}
	return false
}

func (r *reader) sameDay(a, b meaning) bool {
	if len(a.weekdays) == 0 {
		a, b = b, a
	}
	return slices.ContainsFunc(b.days, func(d civil.Date) bool { return slices.Contains(a.weekdays, d.UTC().Weekday()) })
}

// clearPhrases drops what speaks of the past or vaguely where something better is said.
func clearPhrases(phrases []timePhrase) []timePhrase {
	weekday := slices.ContainsFunc(phrases, func(p timePhrase) bool { return len(p.weekdays) > 0 })
	worse := func(p timePhrase) bool { return p.gone || p.vague && !(weekday && len(p.weeks) > 0) }
	better := slices.ContainsFunc(phrases, func(p timePhrase) bool { return !worse(p) && (p.dated() || p.repeat != RepeatNever) })
	return slices.DeleteFunc(phrases, func(p timePhrase) bool { return better && worse(p) })
}

// joinPhrases puts together what a text says in several places; false if the places contradict each other: two days, two
// hours.
func joinPhrases(phrases []timePhrase) (meaning, bool) {
	all := phrases[0].meaning
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
		all = all.join(p.meaning)
	}
	return all, agree
}
