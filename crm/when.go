package crm

import (
	"errors"
	"time"

	"kartoteka/crm/moment"
)

// ReadMoment is Read with errors that have words: ErrInvalid on "moment" if no time was found, else on "moment." and why it is asked
// back; Unclear is in it then.
func ReadMoment(text string, now time.Time) (moment.Moment, error) {
	m, err := moment.Read(text, now)
	if u := (moment.Unclear{}); errors.As(err, &u) {
		return m, unclearMoment(u)
	}
	return m, err
}

func unclearMoment(u moment.Unclear) error {
	e := &Error{Kind: ErrInvalid, Field: "moment.doubtful", Err: u}
	switch u.Why {
	case moment.Missing:
		return invalid("moment")
	case moment.Never:
		e.Field = "moment.never"
	case moment.Strange:
		e.Field = "moment.strange"
	case moment.Past:
		e.Field = "moment.past"
	case moment.Passed:
		e.Field = "moment.passed"
	case moment.Typo:
		e.Field = "moment.typo"
	}
	return e
}
