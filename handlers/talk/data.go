package talk

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxData is what a button may carry. Telegram: callback_data is 1–64 bytes.
const maxData = 64

// Data is what a button carries: what to do, with which record, how. It comes back from outside, so whoever
// handles it checks rights and values as with any other input.
type Data struct {
	Verb Verb
	ID   string // of a record: at most 16 of A–Z a–z 0–9 _ -; may be ""
	Arg  string // no |, no control characters; may be ""
	From string // what leads back to where the button stands, as Under writes it; may be ""
}

// Pack is the button's data: verb|id|arg, and |from if there is one. It panics if that cannot be packed, which is a mistake in
// the code: a test packs every verb at full length.
func (d Data) Pack() string {
	s := string(d.Verb) + "|" + d.ID + "|" + d.Arg
	if d.From != "" {
		s += "|" + d.From
	}
	if got, err := Parse(s); err != nil || got != d {
		panic("talk: data of verb " + string(d.Verb) + " cannot be packed")
	}
	return s
}

// Fits reports whether a button can carry it.
func (d Data) Fits() bool { return len(d.Verb)+len(d.ID)+len(d.Arg)+len(d.From)+3 <= maxData }

// errForged: no button of ours carries that.
var errForged = errors.New("not data of ours")

// Parse reads what Pack made and refuses everything else.
func Parse(s string) (Data, error) {
	parts := strings.Split(s, "|")
	if len(s) > maxData || len(parts) < 3 || len(parts) > 4 || !utf8.ValidString(s) {
		return Data{}, errForged
	}
	d := Data{Verb: Verb(parts[0]), ID: parts[1], Arg: parts[2]}
	if !d.valid() {
		return Data{}, errForged
	}
	if len(parts) == 4 {
		d.From = parts[3]
		if _, ok := d.parent(); !ok && d.From != isBack {
			return Data{}, errForged
		}
	}
	return d, nil
}

func (d Data) valid() bool {
	return verbs[d.Verb] && len(d.ID) <= 16 && strings.IndexFunc(d.ID, notID) < 0 && strings.IndexFunc(d.Arg, unicode.IsControl) < 0
}

func notID(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
}
