package crm

import (
	"slices"
	"strings"
)

// touchWords begin a line that tells of a touch rather than being a note: stems of the folded first word.
var touchWords = []struct {
	kind      TouchKind
	direction Direction
	stems     []string
}{
	{TouchCall, DirectionIn, []string{"перезвонил сам", "позвонил сам", "звонил сам", "called us", "called me"}},
	{TouchCall, DirectionOut, []string{"звонок", "позвони", "созвон", "звони", "перезвон", "дозвон", "call", "phoned"}},
	{TouchMeeting, DirectionOut, []string{"встреч", "встрет", "met", "meeting"}},
	{TouchEmail, DirectionOut, []string{"письмо", "email", "e mail", "emailed", "mailed"}},
	{TouchMessage, DirectionOut, []string{"написал", "сообщени", "переписк", "wrote", "message", "texted"}},
	{TouchVisit, DirectionOut, []string{"визит", "заходил", "приезжал", "visit"}},
}

// ReadTouch understands what a member writes as a reply to a card: "звонок: договорились на пятницу" is a call, what
// begins with no such word is a note. The text is kept whole.
func ReadTouch(text string) TouchInput {
	in := TouchInput{Kind: TouchNote, Text: text}
	line, _, _ := strings.Cut(text, "\n")
	folded := Fold(line)
	for _, w := range touchWords {
		if slices.ContainsFunc(w.stems, func(stem string) bool { return strings.HasPrefix(folded, stem) }) {
			in.Kind, in.Direction = w.kind, w.direction
			break
		}
	}
	if in.Kind == TouchCall && (strings.Contains(folded, "не дозвон") || strings.Contains(folded, "no answer")) {
		in.Outcome = OutcomeNotReached
	}
	return in
}
