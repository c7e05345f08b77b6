package find

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// company is where a client works, or what else tells namesakes apart; "" if nothing does.
func company(c crm.Client) string {
	switch {
	case c.Company != "" && c.Company != c.Name:
		return c.Company
	case c.Position != "":
		return c.Position
	}
	return c.City
}

// maxLabel is what of a button's label a phone held in one hand shows.
const maxLabel = 36

// clientButton opens a client of a list: the name, and a few words to know them by.
func clientButton(here place, c crm.Client, words string) chat.Button {
	here.what, here.client = whatOpen, c.ID
	return here.button(label(line(c.Name), line(words)))
}

// label joins a name and a hint in one line of a button. What is too long of the name goes first, down to its half.
func label(name, words string) string {
	if words == "" {
		return cut(name, maxLabel)
	}
	const between = " · "
	room := maxLabel - utf8.RuneCountInString(between)
	name = cut(name, max(room-utf8.RuneCountInString(words), room/2))
	return name + between + cut(words, room-utf8.RuneCountInString(name))
}

// cut shortens a text to at most n characters, the last of them … if anything is missing.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return strings.TrimRight(string(r[:n-1]), " \u200d") + "…"
}

// line puts a text into one line and takes out what would turn its direction, and the button's with it.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
