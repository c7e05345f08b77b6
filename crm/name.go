package crm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName is the longest name of a client, in characters.
const maxName = 200

// CleanName brings a name into shape: what cannot be seen goes (control, zero-width and direction
// characters; joiners inside emoji stay), white space becomes single spaces. It fails with ErrInvalid on
// "name.long" over 200 characters and on "name" if no letter, digit or emoji is there.
func CleanName(s string) (string, error) {
	s = cleanLine(s)
	switch {
	case !visible(s):
		return "", invalid("name")
	case utf8.RuneCountInString(s) > maxName:
		return "", invalid("name.long")
	}
	return s, nil
}

// cleanLine makes one line of a text: invisible characters gone, white space single spaces.
func cleanLine(s string) string { return strings.Join(strings.Fields(stripHidden(s)), " ") }

// CleanLine is cleanLine for the readers of files: one line, nothing invisible, of any length.
func CleanLine(s string) string { return cleanLine(s) }

// visible reports whether there is a letter, a digit or an emoji.
func visible(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || isPicture(r)
	}) >= 0
}

func isPicture(r rune) bool { return unicode.Is(unicode.So, r) || r >= 0x1F3FB && r <= 0x1F3FF }

// stripHidden removes what is not seen and keeps white space and the joiners inside emoji (👩‍💻, 🏴󠁧󠁢󠁥󠁮󠁧󠁿). Letters with
// loose accents, as macOS writes й, become single ones.
func stripHidden(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	b.Grow(len(s))
	var last rune // the last rune that was written
	for i, r := range s {
		if hiddenRune(r) && !insideEmoji(last, r, s[i+utf8.RuneLen(r):]) {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return norm.NFC.String(b.String())
}

// hiddenRune is true of the characters that leave no trace on the screen, letters by name among them (the
// Hangul fillers, with which empty names are made).
func hiddenRune(r rune) bool {
	switch r {
	case '\u115F', '\u1160', '\u3164', '\uFFA0', '\u2800', '\u034F', '\u17B4', '\u17B5':
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Co) || unicode.IsControl(r) && !unicode.IsSpace(r)
}

func insideEmoji(last, r rune, rest string) bool {
	afterPicture := isPicture(last) || last == '\uFE0F'
	switch {
	case r == '\u200D':
		next, _ := utf8.DecodeRuneInString(rest)
		return afterPicture && isPicture(next)
	case r >= 0xE0020 && r <= 0xE007F: // tags: the flags of England and others
		return afterPicture || last >= 0xE0020 && last <= 0xE007E
	}
	return false
}
