package talk

import (
	"context"
	"errors"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/locales"
)

// kinds maps the classes of errors to the second word of their keys.
var kinds = []struct {
	class error
	name  string
}{
	{crm.ErrInvalid, "invalid"}, {crm.ErrDenied, "denied"}, {crm.ErrNotFound, "not_found"}, {crm.ErrConflict, "conflict"},
	{crm.ErrExpired, "expired"}, {crm.ErrTooLarge, "too_large"}, {crm.ErrNeedsCode, "needs_code"},
}

// Explain is what people read of an error: one kind sentence that says what to do, by key error.<kind>.<field>, or
// error.<kind>.any where there is none for the field. ok is false if the error is not theirs but ours.
func Explain(t *locales.Texts, err error) (text string, ok bool) {
	for _, k := range kinds {
		if !errors.Is(err, k.class) {
			continue
		}
		var e *crm.Error
		if errors.As(err, &e) {
			for _, field := range []string{e.Field, lastPart(e.Field)} {
				if field != "" && t.Has("error."+k.name+"."+field) {
					return t.Label("error."+k.name+"."+field, details(t, err)...), true
				}
			}
		}
		return t.Label("error." + k.name + ".any"), true
	}
	return "", false
}

// details are the parameters of an error's words.
func details(t *locales.Texts, err error) []any {
	if s := (crm.ShortPhone{}); errors.As(err, &s) {
		return []any{"code", s.Code, "have", s.Have, "want", s.Want}
	}
	if c := (crm.CodeTrouble{}); errors.As(err, &c) {
		if c.Wait > 0 {
			return []any{"wait", t.Span((c.Wait + time.Minute - 1).Truncate(time.Minute))} // whoever comes back then is not too early
		}
		return []any{"n", c.Left}
	}
	if m := (moment.Unclear{}); errors.As(err, &m) {
		date := ""
		if !m.At.IsZero() {
			date = t.Date(civil.DateOf(m.At))
		}
		return []any{"words", fit.Line(m.Words, maxWords), "date", date}
	}
	return nil
}

// maxWords is how much of what was typed an error repeats.
const maxWords = 60

// lastPart is what is wrong with a field, whichever it is: "long" of "company.long".
func lastPart(field string) string {
	_, what, _ := strings.Cut(field, ".")
	return what
}

// Ref is a short reference by which a failure is found in the log: four hexadecimal digits of the update's hash.
func Ref(in chat.Incoming) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(CauseOf(in)))
	s := strconv.FormatUint(uint64(h.Sum32()&0xFFFF|0x10000), 16)
	return s[1:]
}

// sayStale answers a press whose screen no longer means anything.
func sayStale(ctx context.Context, t *Turn) error {
	t.Toast(t.T.Label("press.stale"))
	return nil
}

// Stale answers a press whose dialog is over: the button does nothing any more and says so.
func (t *Turn) Stale(ctx context.Context) error { return sayStale(ctx, t) }
