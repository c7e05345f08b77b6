package crm

import (
	"strings"
	"time"
)

// Moment is a time found in what a member wrote, and the rest of the text.
type Moment struct {
	At     time.Time   // in the zone of the member, after now; zero if ReadMoment failed
	Day    bool        // only a day was given: At is at 10:00 of it
	Repeat Repeat      // «каждый день», «по будням», "every week"; At is the first occurrence
	Rest   string      // the text without the words of the time: «позвонить Иванову»
	Maybe  []time.Time // what a doubtful time may mean, the likeliest first; at most two, all after now
}

const (
	dayHour      = 10 // the hour of a day that was given without one
	maxYearAhead = 10 // later is rather a slip of the pen than a plan, and is asked back
)

// ReadMoment finds a date and a time, as people write them in Russian and in English, anywhere in a text: «завтра в 10»,
// «через неделю», «15.12 14:30», "next Tuesday at 9", "in half an hour", «каждую пятницу в 15:00». The time is read at
// the place of now. What is past or doubtful is asked back, never guessed:
//
//   - ErrInvalid on "moment": no time was found, or one that does not exist (31 ноября, 25:00).
//   - ErrInvalid on "moment.past": the time is over: 12.05.2020, «сегодня в 9:00» at noon, «вчера».
//   - ErrInvalid on "moment.doubtful": Maybe holds what may be meant, possibly nothing. Rest and Repeat are filled.
//
// Days. A day without an hour is at 10:00. A weekday is the next such day after today; on that very day it is doubtful
// (today or in a week) unless today's hour has passed. «Следующий вторник» and "next Tuesday" are of next week, «этот» of
// this week. A date without a year, «15 числа» and 29 February are the next that exist. Doubtful are the weekend, the
// beginning, middle and end of a month, a month alone, next week or month without a day, «через 2–3 дня», «после 12 мая»,
// two different days, and all that is over ten years away. «Завтра» beside a weekday must agree with it.
//
// Hours. 7 to 23 are taken as written; 1 to 6 may be both in the morning and in the afternoon, so they are doubtful if
// both lie ahead («завтра в 5») and clear if one does («в 5», said at noon). «Утра», «вечера», pm, «вечером» and a
// leading zero (05:30) say which. Утром is 9:00, в обед 13:00, днём 14:00, вечером 19:00; ночью is doubtful. An hour
// without a day is today's; if that has passed it is doubtful, though tomorrow's is offered. A span of hours begins with
// its first: «с 10 до 12». A number is an hour only where words or shape make it one: «квартира 15», «в 10 раз»,
// «12 штук», «10 000» and phones are none, nor is a day that something else is of: «договор от 12 мая».
//
// Repeats begin with the first occurrence that is still ahead. One that Repeat cannot express («каждые 2 недели», «по
// средам и пятницам») is doubtful.
//
// Clock changes. A wall time that does not exist moves on to the first that does; of two the first is meant.
//
// Typos. One edit is forgiven in the commonest words of six letters and more, if it leads to one word only.
func ReadMoment(text string, now time.Time) (Moment, error) {
	text = strings.ToValidUTF8(text, "")
	r := &momentReader{text: text, now: now, today: DateOf(now), tokens: momentTokens(text)}
	phrases := clearPhrases(r.phrases(r.pieces()))
	if len(phrases) == 0 {
		return Moment{Rest: r.rest(nil)}, invalid("moment")
	}
	all, agree := joinPhrases(phrases)
	m := Moment{Rest: r.rest(phrases), Repeat: all.repeat}
	switch {
	case all.broken:
		return m, invalid("moment")
	case all.gone:
		return m, invalid("moment.past")
	case !agree:
		m.Rest, m.Repeat = r.rest(nil), RepeatNever // nobody knows which of the words are the time
		for _, p := range phrases {
			m.Maybe = append(m.Maybe, r.answer(p.momentSense).times...)
		}
		m.Maybe = likeliest(m.Maybe)
		return m, invalid("moment.doubtful")
	}
	a := r.answer(all)
	a.doubt = a.doubt || all.repeat != RepeatNever && r.limited()
	m.Day = a.day
	switch {
	case len(a.times) == 0 && !a.doubt:
		return m, invalid("moment.past")
	case a.doubt || len(a.times) > 1 || a.times[0].After(now.AddDate(maxYearAhead, 0, 0)):
		m.Maybe = likeliest(a.times)
		return m, invalid("moment.doubtful")
	}
	m.At = a.times[0]
	return m, nil
}

// limited reports whether the text says where a repeat ends or what it leaves out: «каждый день до 15 декабря», «кроме
// среды», which Repeat cannot express.
func (r *momentReader) limited() bool {
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

// momentReader reads one text.
type momentReader struct {
	text   string
	tokens []momentToken
	now    time.Time
	today  Date
}

// momentRule reads a piece that begins at token i and says where it ends; 0: there is none.
type momentRule func(r *momentReader, i int) (momentPiece, int)

// momentRules in the order in which they are tried: a later one would be content with a part of what an earlier one reads.
var momentRules = []momentRule{
	(*momentReader).repeating,
	(*momentReader).span,
	(*momentReader).ago,
	(*momentReader).day,
	(*momentReader).clock,
	(*momentReader).dayPart,
}

// pieces are all that speak of time, in the order of the text.
func (r *momentReader) pieces() []momentPiece {
	var out []momentPiece
	for i := 0; i < len(r.tokens); {
		next := i + 1
		for _, rule := range momentRules {
			if p, end := rule(r, i); end > 0 {
				p.from, p.to = i, end
				out = append(out, p)
				next = end
				break
			}
		}
		i = next
	}
	return out
}
