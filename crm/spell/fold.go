// Package spell knows how words are written: in which case and with which accents, in the other alphabet, on the other layout of the
// keyboard, by ear, with a slip of the finger. Search, matching and all that reads text stand on it. It knows no words of its own:
// names, months and cities are those of whoever asks.
package spell

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text to the form in which it is compared, searched and sorted: compatibility forms
// unified (NFKC), lower case, ё as е, accents off (й stays й), invisible characters removed, everything
// that is neither letter nor digit a space, single spaces. An apostrophe inside a word goes without a
// trace (O'Brien is obrien). A text of nothing but pictures keeps them, so that a tag 🔥 has a key.
// Folding twice changes nothing. The zero value is "".
func Fold(s string) string {
	plain := strings.IndexFunc(s, func(r rune) bool { return !isPlain(r) }) < 0
	if !plain {
		s = norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")) // behind a broken byte it leaves a letter as it is
	}
	out := foldRunes(s, false)
	if out == "" {
		out = foldRunes(s, true)
	}
	if plain {
		return out
	}
	return norm.NFC.String(out)
}

// isPlain reports a character that is folded without a look at Unicode's tables, as nearly all are.
func isPlain(r rune) bool {
	return r >= ' ' && r <= '~' || r >= 'А' && r <= 'я' || r == 'ё' || r == 'Ё'
}

// isPlainWord reports a small letter or a digit that stays as it is.
func isPlainWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'а' && r <= 'я' || r >= '0' && r <= '9'
}

// Words splits a folded text.
func Words(folded string) []string { return strings.Fields(folded) }

// unaccented are letters that Unicode does not take apart.
var unaccented = map[rune]string{
	'ё': "е", 'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ħ': "h", 'ı': "i", 'ς': "σ", 'þ': "th", 'ð': "d",
}

func foldRunes(decomposed string, symbols bool) string {
	var b strings.Builder
	b.Grow(len(decomposed))
	last := ' '         // the rune written last, ' ' at the start and after a gap
	apostrophe := false // one was read right after a letter
	for _, r := range decomposed {
		if apostrophe && !ignorable(r, last) {
			if !unicode.IsLetter(r) {
				last = space(&b, last)
			}
			apostrophe = false
		}
		switch {
		case isPlainWord(r):
			b.WriteRune(r)
			last = r
		case IsApostrophe(r):
			if apostrophe = unicode.IsLetter(last); !apostrophe {
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

// IsApostrophe reports whether a character stands for the apostrophe in names and in "tomorrow's".
func IsApostrophe(r rune) bool {
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
		last, _ := utf8.DecodeLastRuneInString(s)
		return last
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

// Set is a list of folded words, split at spaces, to be asked.
func Set(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
