// Package moment reads when people mean, in Russian and in English: a day and an hour in a sentence, how often something comes again,
// numbers of days and hours of a setting. What is doubtful is never guessed. What is done with the time is none of its business.
package moment

import (
	"slices"
	"strings"
	"time"

	"kartoteka/crm/civil"
)

// Moment is a time found in what a member wrote, and the rest of the text.
type Moment struct {
	At     time.Time   // in the zone of the member, after now; zero if Read failed
	Day    bool        // only a day was given: At is at 10:00 of it
	Repeat Repeat      // «каждый день», «по будням», "every week"; At is the first occurrence
	Rest   string      // the text without the words of the time: «позвонить Иванову»
	Maybe  []time.Time // what a doubtful time may mean, the likeliest first; at most two, all after now
	Often  Repeat      // how often may be meant, to be asked: "Mon and Thu", «еженедельный отчёт в пятницу»; Maybe holds the first of them
	Words  string      // the words of the time as they were written
	Named  bool        // a day was named, and not only how often
}

const (
	dayHour      = 10 // the hour of a day that was given without one
	maxYearAhead = 10 // later is rather a slip of the pen than a plan, and is asked back
)

// Read finds a date and a time, as people write them in Russian and in English, anywhere in a text: «завтра в 10»,
// «через неделю», «15.12 14:30», "next Tuesday at 9", "in half an hour", «каждую пятницу в 15:00». The time is read at
// the place of now. What is past or doubtful is asked back, never guessed: the error is Unclear then, and Rest and Repeat are filled
// unless it is Missing, which fills Often only.
//
// Days. A day without an hour is at 10:00. A weekday is the next such day after today; on that very day it is doubtful
// (today or in a week) unless today's hour has passed. «Следующий вторник» and "next Tuesday" are of next week, «этот» of
// this week. A date without a year is of this one or of the next month, «15 числа» is the next that exists, and so is «последний
// рабочий день месяца». Doubtful are the weekend, the beginning, middle and end of a month, a month alone, next week or month
// without a day, «через 2–3 дня», «после 12 мая», two different days, and all that is over ten years away. «Завтра» beside a weekday
// must agree with it.
//
// Hours. 7 to 23 are taken as written; 1 to 6 may be both in the morning and in the afternoon, so they are doubtful if
// both lie ahead («завтра в 5») and clear if one does («в 5», said at noon). «Утра», «вечера», pm, «вечером» and a
// leading zero (05:30) say which. Утром is 9:00, в обед 13:00, днём 14:00, вечером 19:00; ночью is doubtful. An hour
// without a day is today's; if that has passed it is doubtful, though tomorrow's is offered. A span of hours begins with
// its first: «с 10 до 12». Of «9 или 10», «между 9 и 10», «в 9-10» both are asked; «9-30» is half past nine. «1830» is an hour
// where «в» and a day stand beside it, and doubtful elsewhere. A number is an hour only where words or shape make it one: «квартира 15», «в 10 раз»,
// «12 штук», «10 000» and phones are none, nor is a day that something else is of: «договор от 12 мая».
//
// Repeats begin with the first occurrence that is still ahead. One that Repeat cannot express («каждые 2 рабочих дня», «2
// раза в неделю») is doubtful, and so are «каждый второй вторник», which may be each month's, and "biweekly", which may be
// twice a week. An adjective that begins the text is one, too, if it fits the time, «ежедневная планёрка в 9»; elsewhere, «отправить
// еженедельный отчёт в пятницу», Often holds it.
//
// Clock changes. A wall time that does not exist moves on to the first that does; of two the first is meant.
//
// Typos. One edit is seen in the commonest words of six letters and more and in a month behind its day, if it leads to one
// word only and no other day is named.
func Read(text string, now time.Time) (Moment, error) {
	text = strings.ToValidUTF8(text, "")
	r := &reader{text: text, now: now, today: civil.DateOf(now), tokens: tokens(text)}
	phrases := clearPhrases(r.phrases(r.pieces()))
	phrases, often := r.withHabit(phrases)
	if len(phrases) == 0 {
		return Moment{Rest: r.rest(nil), Often: often}, Unclear{Why: Missing}
	}
	all, agree := joinPhrases(phrases)
	m := Moment{Rest: r.rest(phrases), Repeat: all.whole(), Words: r.words(phrases),
		Named: len(all.days)+len(all.weekdays) > 0}
	switch {
	case all.broken:
		return m, m.unclear(Never)
	case all.strange:
		return m, m.unclear(Strange)
	case all.gone:
		return m, m.unclear(Past)
	case !agree:
		m.Rest, m.Repeat = r.rest(nil), RepeatNever // nobody knows which of the words are the time
		for _, p := range phrases {
			m.Maybe = append(m.Maybe, r.answer(p.meaning).times...)
		}
		m.Maybe = likeliest(m.Maybe)
		return m, m.unclear(Doubtful)
	}
	a := r.answer(all)
	a.doubt = a.doubt || often != RepeatNever || all.repeat != RepeatNever && r.limited() || r.besideDate(all, phrases)
	m.Day = a.day
	if len(a.times) == 0 && !a.doubt {
		return m, m.unclear(Past)
	}
	if why := a.unclear(all, now); why != "" {
		m.Maybe = likeliest(a.times)
		if m.Often = often; often == RepeatNever && all.repeat == RepeatNever && len(all.days) == 0 {
			m.Often = all.often()
		}
		return m, m.unclear(why)
	}
	m.At = a.times[0]
	return m, nil
}

// unclear is why an answer is asked back; "" if it is clear.
func (a answer) unclear(s meaning, now time.Time) Why {
	switch {
	case a.doubt || len(a.times) > 1 || a.times[0].After(now.AddDate(maxYearAhead, 0, 0)):
		return Doubtful
	case s.passed && s.repeat.Cycle() != RepeatYearly:
		return Passed
	case s.typo:
		return Typo
	}
	return ""
}

// Unclear is the error of a time that is asked back. It tells nothing of what was written but by its fields.
type Unclear struct {
	Why   Why
	Words string    // as they were written; "" if no time was found
	At    time.Time // what they mean most likely; zero if that cannot be told
}

// Why says why a time is asked back.
type Why string

const (
	Missing  Why = "missing"  // no time was found
	Never    Why = "never"    // it does not exist: 31 ноября, 25:00
	Strange  Why = "strange"  // we do not know it: «в первый понедельник месяца»
	Past     Why = "past"     // it is over: 12.05.2020, «сегодня в 9:00» at noon, «вчера»
	Passed   Why = "passed"   // a date without a year that is over this year; Maybe holds the next one's
	Typo     Why = "typo"     // a word is one edit away from one of a time; Maybe holds what that would mean
	Doubtful Why = "doubtful" // Maybe holds what may be meant, possibly nothing
)

func (u Unclear) Error() string { return "unclear time: " + string(u.Why) }

// unclear says of what is asked back how it was written and what it may mean.
func (m Moment) unclear(why Why) error {
	u := Unclear{Why: why, Words: m.Words}
	if len(m.Maybe) > 0 {
		u.At = m.Maybe[0]
	}
	return u
}

// limited reports whether the text says where a repeat ends or what it leaves out: «каждый день до 15 декабря», «кроме
// среды», which Repeat cannot express.
func (r *reader) limited() bool {
	for i := range r.tokens {
		if r.is(i, "кроме", "except") {
			return true
		}
		if p, end := r.day(i); end > 0 && p.until {
			return true
		}
	}
	return false
}

// besideDate reports whether an hour of no day stands beside what may be a day: "12.15 at 2pm", "12-15 at 2pm".
func (r *reader) besideDate(all meaning, phrases []timePhrase) bool {
	if all.dated() || len(all.weeks) > 0 || all.repeat != RepeatNever {
		return false
	}
	pair := func(i int) bool {
		a, b := r.number(i, 2), r.number(i+2, 2)
		return r.free(i) && r.glued(i+1, ".", "-", "/") && r.at(i+2).glued && r.whole(i+3) && !r.counted(i+3) &&
			min(a, b) > 0 && min(a, b) <= 12 && max(a, b) <= 31
	}
	return slices.ContainsFunc(phrases, func(p timePhrase) bool { return pair(p.from-3) || pair(p.to) })
}

// likeliest are the first two different times.
func likeliest(times []time.Time) []time.Time {
	var out []time.Time
	for _, t := range times {
		if len(out) == 0 || len(out) == 1 && !t.Equal(out[0]) {
			out = append(out, t)
		}
	}
	return out
}

// reader reads one text.
type reader struct {
	text   string
	tokens []token
	now    time.Time
	today  civil.Date
}

// pieceRule reads a piece that begins at token i and says where it ends; 0: there is none.
type pieceRule func(r *reader, i int) (piece, int)

// rules in the order in which they are tried: a later one would be content with a part of what an earlier one reads.
var rules = []pieceRule{
	(*reader).repeating,
	(*reader).span,
	(*reader).ago,
	(*reader).day,
	(*reader).clock,
	(*reader).dayPart,
}

// pieces are all that speak of time, in the order of the text.
func (r *reader) pieces() []piece {
	var out []piece
	for i := 0; i < len(r.tokens); {
		next := i + 1
		for _, rule := range rules {
			if p, end := rule(r, i); end > 0 {
				p.from, p.to = i, end
				p.typo = p.typo || slices.ContainsFunc(r.tokens[i:end], func(t token) bool { return t.mended })
				out = append(out, p)
				next = end
				break
			}
		}
		i = next
	}
	if slices.ContainsFunc(out, func(p piece) bool { return p.dated() && !p.typo && !p.gone }) { // then it was none
		out = slices.DeleteFunc(out, func(p piece) bool { return p.dated() && p.typo })
	}
	return out
}

// Unread reports whether the rest of an answer to "when?" holds a number, as in «завтра в 99»: probably a time that was
// not understood, and surely not what is to be done.
func (m Moment) Unread() bool { return strings.ContainsAny(m.Rest, "0123456789") }
