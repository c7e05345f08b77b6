package crm

import (
	"strings"
	"time"
)

// ReadFollowUp understands a reply to a card that begins with a time, such as «через 3 дня отправить КП», as something to
// do then; ok is false for anything else. A time further on ("любит чай, завтра уезжает") belongs to a note.
func ReadFollowUp(text string, now time.Time) (m Moment, ok bool) {
	m, err := ReadMoment(text, now)
	rest, _, _ := strings.Cut(Fold(m.Rest), " ")
	if err != nil || rest == "" {
		return m, false
	}
	return m, !strings.HasPrefix(Fold(text), rest)
}
