package crm

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// IsFollowUp reports whether a reply to a card begins with a time and goes on, such as «через 3 дня отправить КП»: that is
// something to do then, also if the time cannot be, is past this year or has a typo. Anything else belongs to a note, and so
// does a time further on: "любит чай, завтра уезжает".
func IsFollowUp(text string, now time.Time) bool {
	m, err := ReadMoment(text, now)
	rest, _, _ := strings.Cut(Fold(m.Rest), " ")
	if rest == "" || strings.HasPrefix(Fold(text), rest) {
		return false
	}
	var e *Error
	return err == nil || errors.As(err, &e) && slices.Contains([]string{"moment.never", "moment.passed", "moment.typo"}, e.Field)
}

// Unread reports whether the rest of an answer to "when?" holds a number, as in «завтра в 99»: probably a time that was
// not understood, and surely not what is to be done.
func (m Moment) Unread() bool { return strings.ContainsAny(m.Rest, "0123456789") }
