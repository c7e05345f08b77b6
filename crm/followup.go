package crm

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/moment"
	"kartoteka/crm/spell"
)

// ReplyKind says what a reply to a client's card is.
type ReplyKind int

const (
	ReplyLog  ReplyKind = iota // it tells what was: a note or a touch
	ReplyTask                  // something to be done at a time that is clear
	ReplyAsk                   // it may be to remind of or to write down, or when is unclear: it is asked
)

// Reply is a reply to a client's card as it was understood.
type Reply struct {
	Kind ReplyKind
	Text string    // what is to be done, with its time, without «напомни»
	Then time.Time // a time ahead that it speaks of, clear; zero: none
}

// replyKinds say what a reply is by how it begins and by what it says of the time. What speaks of the future is never taken
// for a touch: that would take a client who waits off the lists.
var replyKinds = map[saying][4]ReplyKind{
	//           no time,  one over,  clear,     unclear
	saysNothing: {ReplyLog, ReplyLog, ReplyLog, ReplyLog},
	saysDone:    {ReplyLog, ReplyLog, ReplyLog, ReplyLog},
	saysToDo:    {ReplyAsk, ReplyAsk, ReplyTask, ReplyAsk},
	saysAct:     {ReplyLog, ReplyAsk, ReplyTask, ReplyAsk},
	saysMaybe:   {ReplyLog, ReplyLog, ReplyAsk, ReplyAsk},
	saysWill:    {ReplyAsk, ReplyAsk, ReplyAsk, ReplyAsk},
	saysTouch:   {ReplyLog, ReplyLog, ReplyTask, ReplyAsk},
	saysCall:    {ReplyAsk, ReplyAsk, ReplyTask, ReplyAsk},
}

const (
	timeNone = iota
	timeOver
	timeClear
	timeUnclear
)

// ReadReply understands what a member writes as a reply to a client's card.
//
//   - What begins with a verb of something to be done and has a time is a task: «перезвонить в понедельник», "send the offer
//     tomorrow"; so is a touch with a time ahead, «встреча завтра в 10», and what begins with a time, «через 3 дня отправить
//     КП», or is nothing else.
//   - Where the time is missing, over or unclear it is asked, and so is «перезвонит завтра».
//   - What begins with a verb of the past, names a touch with a colon or tells how one ended is written down: «позвонила,
//     думает до пятницы». So is everything else; Then is the time ahead that it speaks of.
func ReadReply(text string, now time.Time) Reply {
	m, err := ReadMoment(text, now)
	words := replyWords(m.Rest)
	begins, at := says(words), timeSaid(err)
	r := Reply{Kind: replyKinds[begins][at], Text: withoutRemind(text)}
	past := slices.ContainsFunc(words, replyWord.past)
	told := past || toldOutcome(text)
	if at == timeClear && (!past || slices.ContainsFunc(words, replyWord.acts) || plannedBefore(text, m.Words)) {
		r.Then = m.At
	}
	switch {
	case utf8.RuneCountInString(text) > maxTask:
		r.Kind = ReplyLog
	case begins == saysNothing && !told && at >= timeClear && moment.BeginsWithHabit(text): // «ежемесячный платёж 5-го» may be news
		r.Kind = ReplyAsk
	case begins == saysNothing && !told && at >= timeClear && beginsWithTime(text, m):
		r.Kind = replyKinds[saysTouch][at]
	case begins == saysNothing && !told && at == timeClear && !declined(words) && slices.ContainsFunc(words, replyWord.doing):
		r.Kind = ReplyTask
	case begins == saysTouch || begins == saysCall:
		if told || headed(text) && len(words) > 1 || at == timeNone && !goesOn(text) {
			r.Kind = ReplyLog
		}
	case told && at == timeNone && (begins == saysToDo || begins == saysAct):
		r.Kind = ReplyLog
	case told && r.Kind == ReplyTask:
		r.Kind = ReplyAsk
	}
	return r
}

// beginsWithTime reports whether the first word of a text is of the time in it.
func beginsWithTime(text string, m moment.Moment) bool {
	words, time := spell.Words(spell.Fold(text)), spell.Words(spell.Fold(m.Words))
	return len(words) > 0 && len(time) > 0 && words[0] == time[0]
}

// headed reports whether a text is a word, a colon and more.
func headed(text string) bool {
	head, more, ok := strings.Cut(text, ":")
	return ok && len(strings.Fields(head)) == 1 && strings.TrimSpace(more) != "" && strings.IndexFunc(head, unicode.IsDigit) < 0
}

// goesOn reports whether nothing but a space stands between the first two words: "call him", and not "call, no answer".
func goesOn(text string) bool {
	words := strings.Fields(text)
	if len(words) < 2 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(words[0])
	first, _ := utf8.DecodeRuneInString(words[1])
	return isWordRune(last) && isWordRune(first)
}

// toldOutcome reports whether a text tells how a touch ended.
func toldOutcome(text string) bool {
	folded := spell.Fold(text)
	return slices.ContainsFunc(outcomeWords, func(w outcomeWord) bool { return w.in(folded) })
}

// plannedBefore reports whether a word such as «договорились» stands before the words of a time: then the time is ahead.
func plannedBefore(text, time string) bool {
	first, _, _ := strings.Cut(spell.Fold(time), " ")
	planned := false
	for word := range strings.FieldsSeq(spell.Fold(text)) {
		if planned && word == first {
			return true
		}
		planned = planned || slices.ContainsFunc(plannedStems, func(stem string) bool { return strings.HasPrefix(word, stem) })
	}
	return false
}

func timeSaid(err error) int {
	var e *Error
	switch {
	case err == nil:
		return timeClear
	case errors.As(err, &e) && e.Field == "moment":
		return timeNone
	case errors.As(err, &e) && e.Field == "moment.past":
		return timeOver
	}
	return timeUnclear
}

// ReadMove reads a reply to a reminder that is nothing but another time for it: «завтра в 10», «перенеси на пятницу», "every
// Monday at 9"; ok is false for anything else. The time and the error are those of ReadMoment.
func ReadMove(text string, now time.Time) (m moment.Moment, ok bool, err error) {
	m, err = ReadMoment(text, now)
	if timeSaid(err) == timeNone {
		return m, false, nil
	}
	return m, !slices.ContainsFunc(replyWords(m.Rest), func(w replyWord) bool { return !moveWords[w.s] }), err
}
