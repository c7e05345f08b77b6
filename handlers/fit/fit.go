// Package fit makes texts fit where they are shown: a button, a line of a list, a page of a message. Lengths are in
// UTF-16 units, in which Telegram counts: a letter is one, an emoji two of them or more.
package fit

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// Line is a text in one line of at most n units, the last of them … if anything is missing. What would turn the
// direction of the text around it is taken out.
func Line(s string, n int) string { return Text(OneLine(s), n) }

// OneLine is Line without a limit.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Lines is Line for what was written in several lines: there is a dot between them, so that they do not run together.
func Lines(s string, n int) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = OneLine(line); line != "" {
			lines = append(lines, line)
		}
	}
	return Text(strings.Join(lines, " · "), n)
}

// Text is a text of at most n units, its lines kept, the last unit … if anything is missing. What people see as one
// character is kept or left out whole.
func Text(s string, n int) string {
	if Units(s) <= n {
		return s
	}
	units, end := 0, 0
	before := rune(0)
	for i, r := range s {
		if units >= n {
			break
		}
		if !continues(before, r) {
			end = i // all before it leaves room for the ellipsis
		}
		units += utf16.RuneLen(r)
		before = r
	}
	return strings.TrimRightFunc(s[:end], unicode.IsSpace) + "…"
}

// Units is the length of a text.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

const joiner = '\u200d'

// continues reports whether a rune belongs to the character that the one before it began: an accent, the tone of a
// hand, the next one of a family.
func continues(before, r rune) bool {
	return before == joiner || r == joiner || unicode.Is(unicode.M, r) || r >= '\U0001F3FB' && r <= '\U0001F3FF'
}
