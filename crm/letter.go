package crm

import (
	"strings"
	"time"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// Tone is what a letter to a client goes by. Texts are letter.<tone>.<1 to Letters>.
type Tone string

const (
	ToneBirthday Tone = "birthday" // today, or in the days around it
	ToneOffer    Tone = "offer"    // an offer was sent last
	ToneCall     Tone = "call"     // we spoke on the telephone last
	ToneMeeting  Tone = "meeting"  // we met last
	ToneMissed   Tone = "missed"   // we called last, and they did not answer
	ToneSilence  Tone = "silence"  // nothing for long
	TonePlain    Tone = "plain"

	ToneAnniversary Tone = "anniversary" // how long we have worked together
	ToneTogether    Tone = "together"    // the same, of whom it is not known how long
	ToneDate        Tone = "date"        // one of the client's other dates
)

// Tones are all of them.
var Tones = []Tone{ToneBirthday, ToneOffer, ToneCall, ToneMeeting, ToneMissed, ToneSilence, TonePlain, ToneAnniversary, ToneTogether, ToneDate}

// Letters is how many texts there are for each.
const Letters = 3

const (
	// longSilence is after how many days nobody remembers what was said last.
	longSilence = 60
	// wishDays is for how many days after a birthday one can still congratulate.
	wishDays = 3
)

// ToneFor is how to write to a client of whom last was the last touch; now is at the member's place.
func ToneFor(c Client, last Touch, now time.Time) Tone {
	today := civil.DateOf(now)
	if b := c.Birthday; !b.IsZero() {
		if day := b.Next(today.Plus(-wishDays)); day.String() <= today.String() && c.Greeted != day.Year {
			return ToneBirthday
		}
	}
	switch days := civil.DateOf(last.At.In(now.Location())).DaysUntil(today); {
	case last.ID == "":
		return TonePlain
	case days >= longSilence:
		return ToneSilence
	case last.Outcome == OutcomeOffer:
		return ToneOffer
	case last.Outcome == OutcomeNotReached:
		return ToneMissed
	case last.Kind == TouchCall:
		return ToneCall
	case last.Kind == TouchMeeting || last.Kind == TouchVisit:
		return ToneMeeting
	}
	return TonePlain
}

// Addressed is how a client is addressed in a letter; "" where the name is that of a company.
func (c Client) Addressed() string {
	var words []string
	for word := range strings.FieldsSeq(c.Name) {
		switch low := strings.TrimRight(strings.ToLower(word), "."); {
		case low == soleTrader:
			continue // a person's name is behind it
		case !isNameForm(word) || anyCaseForms[low]:
			return ""
		}
		words = append(words, word)
	}
	if c.Company != "" && spell.Fold(c.Name) == spell.Fold(c.Company) {
		return ""
	}
	return GivenName(strings.Join(words, " "))
}
