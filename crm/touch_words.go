package crm

import (
	"slices"
	"strings"
	"time"

	"kartoteka/crm/spell"
)

// touchWords begin a line that tells of a touch rather than being a note: stems of the folded first word.
var touchWords = []struct {
	kind      TouchKind
	direction Direction
	stems     []string
}{
	{TouchCall, DirectionIn, []string{"перезвонил сам", "позвонил сам", "звонил сам", "called us", "called me"}},
	{TouchCall, DirectionOut, []string{"звонок", "позвони", "созвон", "звони", "перезвон", "дозвон", "поговорил", "говорил", "call", "phoned", "spoke", "talked"}},
	{TouchMeeting, DirectionOut, []string{"встреч", "встрет", "met", "meeting"}},
	{TouchEmail, DirectionOut, []string{"письмо", "email", "e mail", "emailed", "mailed"}},
	{TouchMessage, DirectionOut, []string{"написал", "сообщени", "переписк", "wrote", "message", "texted"}},
	{TouchVisit, DirectionOut, []string{"визит", "заходил", "приезжал", "visit"}},
}

// outcomeWord tells how a touch ended.
type outcomeWord struct {
	outcome Outcome
	stems   []string
}

// in reports whether a line tells it, and does not deny it: «не договорились».
func (w outcomeWord) in(folded string) bool {
	return slices.ContainsFunc(w.stems, func(stem string) bool {
		return strings.Contains(folded, stem) && !strings.Contains(folded, "не "+stem) && !strings.Contains(folded, "not "+stem)
	})
}

// outcomeWords are stems anywhere in the folded line.
var outcomeWords = []outcomeWord{
	{OutcomeNotReached, []string{"не дозвон", "не ответил", "не взял", "no answer", "not reached"}},
	{OutcomeRefused, []string{"отказ", "не интересно", "refused", "declined", "not interested"}},
	{OutcomeOffer, []string{"отправили кп", "отправил кп", "отправила кп", "выслал кп", "offer sent", "sent the offer"}},
	{OutcomeBought, []string{"купил", "заказал", "оплатил", "bought", "ordered", "paid for"}},
	{OutcomeThinking, []string{"думает", "подумает", "подумают", "thinking", "will think"}},
	{OutcomeAgreed, []string{"договорил", "согласил", "agreed"}},
}

// ReadTouch understands what a member writes as a reply to a card: "звонок: договорились на пятницу" is a call that ended
// in an agreement, what begins with no such word is a note, and so is what begins with a verb of something to be done:
// «позвонить вчера». A word before a colon that has been understood is taken out of the text.
func ReadTouch(text string) TouchInput {
	in := TouchInput{Kind: TouchNote, Text: text}
	line, _, _ := strings.Cut(text, "\n")
	folded := spell.Fold(line)
	if begins := says(replyWords(line)); begins != saysDone && begins != saysTouch && begins != saysCall {
		return in
	}
	for _, w := range touchWords {
		if slices.ContainsFunc(w.stems, func(stem string) bool { return strings.HasPrefix(folded, stem) }) {
			in.Kind, in.Direction = w.kind, w.direction
			break
		}
	}
	if in.Kind == TouchNote {
		return in
	}
	fits := OutcomesOf(in.Kind, in.Direction)
	for _, w := range outcomeWords {
		if slices.Contains(fits, w.outcome) && w.in(folded) {
			in.Outcome = w.outcome
			break
		}
	}
	if head, rest, ok := strings.Cut(text, ":"); ok && len(strings.Fields(head)) == 1 && strings.TrimSpace(rest) != "" {
		in.Text = strings.TrimSpace(rest)
	}
	return in
}

// daysBack are words that say on which day something was, by how many days ago.
var daysBack = map[string]int{"вчера": 1, "позавчера": 2, "yesterday": 1}

// ToldOf is when a touch was that is told of like this, «созвонились вчера, всё хорошо»: that time of an earlier day, zero if it
// tells of none.
func ToldOf(text string, now time.Time) time.Time {
	line, _, _ := strings.Cut(text, "\n")
	folded := spell.Fold(line)
	if strings.Contains(folded, "the day before yesterday") {
		return now.AddDate(0, 0, -2)
	}
	for word := range strings.FieldsSeq(folded) {
		if n := daysBack[word]; n > 0 {
			return now.AddDate(0, 0, -n)
		}
	}
	return time.Time{}
}

// taskWords tell what a task asks for: what words of its folded text begin with; the first word that tells counts.
var taskWords = []struct {
	kind  TouchKind
	stems []string
}{
	{TouchMeeting, []string{"встре", "созвать", "переговор", "meet", "lunch"}},
	{TouchVisit, []string{"визит", "заехать", "съездить", "visit"}},
	{TouchEmail, []string{"письмо", "почт", "email", "mail"}},
	{TouchMessage, []string{"напис", "отправ", "выслать", "скинуть", "сообщ", "write", "send", "message"}},
	{TouchCall, []string{"звон", "позвон", "перезвон", "созвон", "обзвон", "набрать", "call", "phone", "ring"}},
}

// kindInTask is the touch that a task's text asks for; "" if it does not tell.
func kindInTask(text string) TouchKind {
	for word := range strings.FieldsSeq(spell.Fold(text)) {
		for _, w := range taskWords {
			if slices.ContainsFunc(w.stems, func(stem string) bool { return strings.HasPrefix(word, stem) }) {
				return w.kind
			}
		}
	}
	return ""
}
