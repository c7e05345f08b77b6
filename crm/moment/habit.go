package moment

import (
	"slices"
	"strings"
)

// habit is an adjective that says how often something is: «ежедневная планёрка», "weekly report".
type habit struct {
	from, to int
	sense    meaning
}

// habit finds the first such adjective that no phrase holds.
func (r *reader) habit(phrases []timePhrase) (habit, bool) {
	for i := range r.tokens {
		if slices.ContainsFunc(phrases, func(p timePhrase) bool { return p.from <= i && i < p.to }) {
			continue
		}
		if p, end := r.always(i); end > 0 && r.at(i).s[0] < 'z' {
			return habit{i, end, p.meaning}, true
		}
		for _, h := range habits {
			if strings.HasPrefix(r.at(i).s, h.stem) {
				return habit{i, i + 1, meaning{repeat: h.repeat}}, true
			}
		}
	}
	return habit{}, false
}

// fits reports whether what is said of the time names when something comes round as often: an hour each day, a weekday each week.
func (h habit) fits(s meaning) bool {
	if h.sense.repeat == RepeatDaily {
		return !s.dated() && len(s.weeks) == 0
	}
	return s.cycle == h.sense.repeat.Cycle() && len(s.weeks) == 0 && (len(s.days) == 0 || len(s.weekdays) == 0)
}

// withHabit adds what an adjective says. At the beginning of a text it says how often, if that fits the time: «ежедневная планёрка
// в 9». Else it may be the name of something that is done once, «отправить еженедельный отчёт в пятницу»: then how often is
// returned, to be asked. Where it does not fit at all, "the weekly report tomorrow", it is a name.
func (r *reader) withHabit(phrases []timePhrase) ([]timePhrase, Repeat) {
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
		return slices.Insert(phrases, 0, timePhrase{h.from, h.to, h.sense}), RepeatNever
	case begins || fits:
		return phrases, h.sense.repeat
	}
	return phrases, RepeatNever
}

// BeginsWithHabit reports whether the first word of a text is such an adjective.
func BeginsWithHabit(text string) bool {
	r := &reader{text: text, tokens: tokens(text)}
	h, ok := r.habit(nil)
	return ok && h.from == 0
}
