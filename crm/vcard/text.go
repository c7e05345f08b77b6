package vcard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// charsets are the encodings that cards in Russian come in, beside UTF-8.
var charsets = map[string]*charmap.Charmap{
	"WINDOWS-1251": charmap.Windows1251, "CP1251": charmap.Windows1251, "CP-1251": charmap.Windows1251, "WIN-1251": charmap.Windows1251,
	"WINDOWS1251": charmap.Windows1251, "X-CP1251": charmap.Windows1251, "1251": charmap.Windows1251,
	"KOI8-R": charmap.KOI8R, "KOI8R": charmap.KOI8R, "KOI8-U": charmap.KOI8U, "KOI8": charmap.KOI8R,
	"CP866": charmap.CodePage866, "IBM866": charmap.CodePage866, "ISO-8859-5": charmap.ISO8859_5,
	"X-MAC-CYRILLIC": charmap.MacintoshCyrillic, "ISO-8859-1": charmap.ISO8859_1, "LATIN1": charmap.ISO8859_1,
	"WINDOWS-1252": charmap.Windows1252, "ISO-8859-15": charmap.ISO8859_15,
}

// text is the value as text: encoding and charset undone, escapes still there.
func (p property) text() string {
	b := p.raw
	if p.quoted() {
		b = unquote(b)
	}
	return decode(b, p.param("CHARSET"))
}

// decode reads bytes in the charset named; if there is none or it cannot be right, in the likeliest one.
func decode(b []byte, charset string) string {
	declared := charsets[strings.ToUpper(strings.TrimSpace(charset))]
	if declared == nil && utf8.Valid(b) {
		return string(b)
	}
	if declared != nil && (!utf8.Valid(b) || isASCII(b) || likeness(declaredText(declared, b)) > likeness(string(b))) {
		return declaredText(declared, b)
	}
	if utf8.Valid(b) {
		return string(b)
	}
	if valid := validUTF8(b); len(valid) >= len(b)-3 && len(valid) > 6 { // UTF-8 that was cut in a character
		return string(valid)
	}
	best := declaredText(charmap.Windows1251, b) // a tie is Windows
	most := likeness(best)
	for _, c := range []*charmap.Charmap{charmap.KOI8R, charmap.CodePage866} {
		if s := declaredText(c, b); likeness(s) > most {
			best, most = s, likeness(s)
		}
	}
	return best
}

func declaredText(c *charmap.Charmap, b []byte) string {
	s, err := c.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(s)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// validUTF8 is b up to its first byte that is not UTF-8.
func validUTF8(b []byte) []byte {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size <= 1 {
			return b[:i]
		}
		i += size
	}
	return b
}

// likeness says how much a text looks like Russian: frequent and small letters speak for it, rare letters,
// capitals inside words and drawing characters against it.
func likeness(s string) int {
	score := 0
	last := ' '
	for _, r := range s {
		low := unicode.ToLower(r)
		switch {
		case r < utf8.RuneSelf || strings.ContainsRune("«»№—–“”", r):
		case strings.ContainsRune("оеаинтсрвлкмдп", low):
			score += 3
		case strings.ContainsRune("ъщэфцё", low):
			score -= 3
		case low < 'а' || low > 'я':
			score -= 4
		}
		switch {
		case r < utf8.RuneSelf:
		case unicode.IsLower(r):
			score++
		case unicode.IsUpper(r) && unicode.IsLower(last):
			score -= 4
		}
		last = r
	}
	return score
}

// unquote undoes quoted-printable; what is none stays as it is.
func unquote(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '=' && i+2 < len(b) && hex(b[i+1]) >= 0 && hex(b[i+2]) >= 0 {
			out = append(out, byte(hex(b[i+1])<<4|hex(b[i+2])))
			i += 2
			continue
		}
		out = append(out, b[i])
	}
	return out
}

func hex(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b >= 'A' && b <= 'F':
		return int(b-'A') + 10
	case b >= 'a' && b <= 'f':
		return int(b-'a') + 10
	}
	return -1
}

// unescape undoes \n, \, and the like.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		switch i++; s[i] {
		case 'n', 'N':
			b.WriteByte('\n')
		case '\\', ',', ';', ':', '"':
			b.WriteByte(s[i])
		default:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// split takes a structured value apart at sep and undoes the escapes in each part.
func split(s string, sep byte) []string {
	var out []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case sep:
			out = append(out, unescape(s[start:i]))
			start = i + 1
		}
	}
	return append(out, unescape(s[start:]))
}
