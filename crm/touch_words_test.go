package crm

import (
	"testing"
	"time"
)

func TestReadTouch(t *testing.T) {
	for text, want := range map[string]TouchInput{
		"звонок: думает до пятницы":         {Kind: TouchCall, Direction: DirectionOut, Outcome: OutcomeThinking, Text: "думает до пятницы"},
		"Позвонила, договорились":           {Kind: TouchCall, Direction: DirectionOut, Outcome: OutcomeAgreed, Text: "Позвонила, договорились"},
		"не дозвонился":                     {Kind: TouchNote, Text: "не дозвонился"},
		"созвон не дозвонились":             {Kind: TouchCall, Direction: DirectionOut, Outcome: OutcomeNotReached, Text: "созвон не дозвонились"},
		"созвон: не договорились":           {Kind: TouchCall, Direction: DirectionOut, Text: "не договорились"},
		"звонок: купил кофемашину":          {Kind: TouchCall, Direction: DirectionOut, Outcome: OutcomeBought, Text: "купил кофемашину"},
		"звонок: не купил, дорого":          {Kind: TouchCall, Direction: DirectionOut, Text: "не купил, дорого"},
		"met, ordered 20 boxes":             {Kind: TouchMeeting, Direction: DirectionOut, Outcome: OutcomeBought, Text: "met, ordered 20 boxes"},
		"встреча: отказ":                    {Kind: TouchMeeting, Direction: DirectionOut, Outcome: OutcomeRefused, Text: "отказ"},
		"called us about the delivery":      {Kind: TouchCall, Direction: DirectionIn, Text: "called us about the delivery"},
		"встреча: не дозвонился, перенесли": {Kind: TouchMeeting, Direction: DirectionOut, Text: "не дозвонился, перенесли"},
		"call: offer sent":                  {Kind: TouchCall, Direction: DirectionOut, Outcome: OutcomeOffer, Text: "offer sent"},
		"звонок:":                           {Kind: TouchCall, Direction: DirectionOut, Text: "звонок:"},
		"любит чай, думает о ремонте":       {Kind: TouchNote, Text: "любит чай, думает о ремонте"},
	} {
		got := ReadTouch(text)
		if got.Kind != want.Kind || got.Direction != want.Direction || got.Outcome != want.Outcome || got.Text != want.Text {
			t.Errorf("ReadTouch(%q) = %+v, want %+v", text, got, want)
		}
	}
}

func TestToldOf(t *testing.T) {
	now := time.Date(2026, 11, 22, 15, 30, 0, 0, time.UTC)
	for text, back := range map[string]int{"созвонились вчера, всё хорошо": 1, "Позавчера встреча": 2, "spoke yesterday, all fine": 1,
		"met the day before yesterday": 2} {
		if got := ToldOf(text, now); !got.Equal(now.AddDate(0, 0, -back)) {
			t.Errorf("%q was %v", text, got)
		}
	}
	for _, text := range []string{"созвонились", "вчерашний счёт", "звонил\nвчера"} {
		if got := ToldOf(text, now); !got.IsZero() {
			t.Errorf("%q was %v", text, got)
		}
	}
	if got := ReadTouch("spoke yesterday, all fine").Kind; got != TouchCall {
		t.Errorf("spoke: %q", got)
	}
}
