package remind

import (
	"strings"
	"unicode/utf16"
)

// How much a list shows, so that the longest one stays below Telegram's 4,096 UTF-16 units; lengths are in those units.
const (
	maxLines = 15  // things to do in a list
	maxOpen  = 8   // of them with a button
	maxLine  = 80  // of what is to be done, in a list
	maxName  = 40  // of a name among others in one line
	maxLabel = 36  // of a button
	maxAsked = 300 // of a text that is not a task yet
)

// short is a text in one line, at most n UTF-16 units long.
func short(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	units, end := 0, 0
	for i, r := range s {
		if units < n {
			end = i // all before it leaves room for the ellipsis
		}
		if units += utf16.RuneLen(r); units > n {
			return strings.TrimSpace(s[:end]) + "…"
		}
	}
	return s
}
