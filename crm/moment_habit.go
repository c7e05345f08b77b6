package crm

import (
	"slices"
	"strings"
)

// momentHabit is an adjective that says how often something is: «ежедневная планёрка», "weekly report".
type momentHabit struct {
	from, to int
	sense    momentSense
}

// habit finds the first such adjective that no phrase holds.
func (r *momentReader) habit(phrases []momentPhrase) (momentHabit, bool) {
	for i := range r.tokens {
		if slices.ContainsFunc(phrases, func(p momentPhrase) bool { return p.from <= i && i < p.to }) {
			continue
		}
		if p, end := r.always(i); end > 0 && r.at(i).s[0] < 'z' {
			return momentHabit{i, end, p.momentSense}, true
		}
		for _, h := range momentHabits {
			if strings.HasPrefix(r.at(i).s, h.stem) {
				return momentHabit{i, i + 1, momentSense{repeat: h.repeat}}, true
			}
		}
	}
	return momentHabit{}, false
}

// fits reports whether what is said of the time names when something comes round as often: an hour each day, a weekday each week.
func (h momentHabit) fits(s momentSense) bool {
	if h.sense.repeat == RepeatDaily {
		return !s.dated() && len(s.weeks) == 0
	}
	return s.cycle == h.sense.repeat.Cycle() && len(s.weeks) == 0 && (len(s.days) == 0 || len(s.weekdays) == 0)
}

// withHabit adds what an adjective says. At the beginning of a text it says how often, if that fits the time: «ежедневная планёрка
// в 9». Else it may be the name of something that is done once, «отправить еженедельный отчёт в пятницу»: then how often is
// returned, to be asked. Where it does not fit at all, "the weekly report tomorrow", it is a name.
func (r *momentReader) withHabit(phrases []momentPhrase) ([]momentPhrase, Repeat) {
	h, ok := r.habit(phrases)
	if !ok {
		return phrases, RepeatNever
	}
	begins := h.from == 0 && h.to < len(r.tokens)
	if len(phrases) == 0 && begins {
		return nil, h.sense.repeat
	} else if len(phrases) == 0 {
		return nil, RepeatNever
	}
	all, agree := joinPhrases(phrases)
	if !agree || all.repeat != RepeatNever || len(all.spans) > 0 {
		return phrases, RepeatNever
	}
	name := r.at(h.from).capital && r.at(h.to).capital // Daily Mail
	switch fits := h.fits(all); {
	case begins && fits && !name:
		return slices.Insert(phrases, 0, momentPhrase{h.from, h.to, h.sense}), RepeatNever
	case begins || fits:
		return phrases, h.sense.repeat
	}
	return phrases, RepeatNever
}

// beginsWithHabit reports whether the first word of a text is such an adjective.
func beginsWithHabit(text string) bool {
	r := &momentReader{text: text, tokens: momentTokens(text)}
	h, ok := r.habit(nil)
	return ok && h.from == 0
}
