package crm

import (
	"errors"
	"fmt"
)

// The classes of errors that use cases return; test with errors.Is.
var (
	// ErrNotFound: the team has no such record (also another team's record, so that nothing is told of it).
	ErrNotFound = errors.New("not found")
	// ErrDenied: the member may not do this.
	ErrDenied = errors.New("denied")
	// ErrInvalid: a value is not acceptable; Error.Field says which.
	ErrInvalid = errors.New("invalid")
	// ErrConflict: somebody changed the record since it was read.
	ErrConflict = errors.New("conflict")
	// ErrApplied: the event of this change is stored already; the change has had its effect.
	ErrApplied = errors.New("already applied")
	// ErrExpired: an invitation, a link or a dialog is too old or used up.
	ErrExpired = errors.New("expired")
	// ErrNeedsCode: the member has to enter a one-time code first, or cannot just now; Error.Field says which.
	ErrNeedsCode = errors.New("needs a code")
	// ErrTooLarge: more than a record or a file may hold; Error.Field says what.
	ErrTooLarge = errors.New("too large")
)

// Error is a class with the field it is about. It holds no wording: what people read comes from the
// locales by error.<kind>.<field>, and Field never holds what they typed.
type Error struct {
	Kind  error  // one of the classes above
	Field string // e.g. "phone", "birthday.future"; "" if the whole record is meant
	Err   error  // the cause, may be nil
}

func (e *Error) Error() string {
	s := e.Kind.Error()
	if e.Field != "" {
		s += ": " + e.Field
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap makes errors.Is find both the class and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// Unreadable is the error of a read that has found records which are none of their kind: somebody has worked over the base, or a disk
// has. It names their ids and quotes nothing of them. The other records that were asked for come back with it.
type Unreadable struct{ IDs []string }

func (u Unreadable) Error() string {
	if len(u.IDs) == 0 {
		return "unreadable"
	}
	return fmt.Sprintf("%d unreadable, first %s", len(u.IDs), u.IDs[0])
}

// unreadable takes the ids of what could not be read out of an error; any other error stays.
func unreadable(err error) (ids []string, other error) {
	if u := (Unreadable{}); errors.As(err, &u) {
		return u.IDs, nil
	}
	return nil, err
}

func invalid(field string) error { return &Error{Kind: ErrInvalid, Field: field} }
