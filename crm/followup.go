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

// Unread reports whether the rest of an answer to "when?" holds a number, as in «завтра в 99»: probably a time that was
// not understood, and surely not what is to be done.
func (m Moment) Unread() bool { return strings.ContainsAny(m.Rest, "0123456789") }
