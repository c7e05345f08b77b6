package find

import (
	"strings"
	"unicode/utf8"

	"kartoteka/crm"
)

// plainText is up to how many bytes a query stands in a button as it was typed. In a longer one each letter takes one byte, where
// UTF-8 takes two for a Russian one: else a full name would not fit, and each list of its hits would have to be remembered.
const plainText = 34

// withText puts a query behind what else a button says, cutText takes both apart.
func withText(arg, text string) string {
	if len(text) > plainText {
		if short, ok := squeeze(text); ok {
			return arg + "~" + short
		}
	}
	return arg + "=" + text
}

func cutText(arg string) (rest, text string, ok bool) {
	at := strings.IndexAny(arg, "=~")
	switch {
	case at < 0:
		return arg, "", true
	case arg[at] == '=':
		return arg[:at], arg[at+1:], true
	}
	text, ok = unsqueeze(arg[at+1:])
	return arg[:at], text, ok
}

// carried is the text if every button of a search's screen can carry it, else "".
func carried(text string) string {
	longest := place{client: "0123456789abcdef", what: whatOpen, page: crm.MostFound / pageSize, text: text}.data()
	if !fits(longest) {
		return ""
	}
	return text
}

// What a squeezed text consists of: the letters of Unicode's Cyrillic alphabet in their order, and behind them what else is in
// names, with quotation marks, the number sign, and the letter that stands apart. Each is written as one byte from squeezedFrom on;
// that ends before the bar, which separates what a button says.
const (
	firstLetter  = '\u0410'
	lastLetter   = '\u044f'
	otherRunes   = " 0123456789-.,\"()&+/'\u00ab\u00bb\u2116\u0401\u0451"
	squeezedFrom = ' '
)

var others = []rune(otherRunes)

// squeeze is false for a text with anything else in it.
func squeeze(text string) (string, bool) {
	var out strings.Builder
	for _, r := range text {
		switch i := strings.IndexRune(otherRunes, r); {
		case r >= firstLetter && r <= lastLetter:
			out.WriteByte(byte(squeezedFrom + r - firstLetter))
		case i >= 0:
			out.WriteByte(byte(squeezedFrom + lastLetter - firstLetter + 1 + utf8.RuneCountInString(otherRunes[:i])))
		default:
			return "", false
		}
	}
	return out.String(), true
}

// unsqueeze is false for what squeeze cannot have made.
func unsqueeze(short string) (string, bool) {
	var out strings.Builder
	for _, b := range []byte(short) {
		r := rune(b) - squeezedFrom + firstLetter
		if i := int(r - lastLetter - 1); i >= 0 && i < len(others) {
			r = others[i]
		} else if r < firstLetter || i >= 0 {
			return "", false
		}
		out.WriteRune(r)
	}
	return out.String(), true
}
