package crm

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text to the form in which it is compared, searched and sorted: compatibility forms
// unified (NFKC), lower case, ё as е, accents off (й stays й), invisible characters removed, everything
// that is neither letter nor digit a space, single spaces. An apostrophe inside a word goes without a
// trace (O'Brien is obrien). A text of nothing but pictures keeps them, so that a tag 🔥 has a key.
// Folding twice changes nothing. The zero value is "".
func Fold(s string) string {
	s = norm.NFKD.String(s)
	out := foldRunes(s, false)
	if out == "" {
		out = foldRunes(s, true)
	}
	return norm.NFC.String(out)
}

// Words splits a folded text.
func Words(folded string) []string { return strings.Fields(folded) }

// unaccented are letters that Unicode does not take apart.
var unaccented = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ħ': "h", 'ı': "i", 'ς': "σ", 'þ': "th", 'ð': "d",
}

func foldRunes(decomposed string, symbols bool) string {
	var b strings.Builder
	b.Grow(len(decomposed))
	var last rune     // the rune written last, ' ' at the start and after a gap
	apostrophe := ' ' // ' ' or the apostrophe that stands right after a letter
	last = ' '
	for _, r := range decomposed {
		if apostrophe != ' ' && !ignorable(r, last) {
			if !unicode.IsLetter(r) {
				last = space(&b, last)
			}
			apostrophe = ' '
		}
		switch {
		case isApostrophe(r):
			if unicode.IsLetter(last) {
				apostrophe = r
			} else {
				last = space(&b, last)
			}
		case ignorable(r, last):
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || symbols && unicode.Is(unicode.So, r):
			last = foldRune(&b, r)
		default:
			last = space(&b, last)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// ignorable reports what goes without leaving a gap: control and format characters (not the white ones)
// and accents. The breve over и makes й, and the kana marks make other letters: those stay.
func ignorable(r, last rune) bool {
	switch {
	case r == '\u0306':
		return last != 'и'
	case r == '\u3099' || r == '\u309a':
		return false
	case unicode.Is(unicode.Mn, r):
		return unicode.Is(unicode.Inherited, r)
	}
	return !unicode.IsSpace(r) && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs)
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʹ', '′', '`':
		return true
	}
	return false
}

func foldRune(b *strings.Builder, r rune) rune {
	r = unicode.ToLower(r)
	if s, ok := unaccented[r]; ok {
		b.WriteString(s)
		return rune(s[len(s)-1])
	}
	b.WriteRune(r)
	return r
}

func space(b *strings.Builder, last rune) rune {
	if last != ' ' {
		b.WriteByte(' ')
	}
	return ' '
}
