package export

import (
	"strings"
	"unicode/utf8"
)

// mostOctets is how long a line of a card or a calendar should be (RFC 6350, section 3.2; RFC 5545, section 3.1).
const mostOctets = 75

// lines are content lines of a card or a calendar.
type lines struct{ b []byte }

// put adds a line, folded where it is too long, never within a character.
func (l *lines) put(line string) {
	room := mostOctets
	for len(line) > room {
		at := room
		for !utf8.RuneStart(line[at]) {
			at--
		}
		l.b = append(append(l.b, line[:at]...), "\r\n "...)
		line, room = line[at:], mostOctets-1
	}
	l.b = append(append(l.b, line...), "\r\n"...)
}

// say adds a property with a text, unless there is none.
func (l *lines) say(property, text string) {
	if text != "" {
		l.put(property + ":" + escaped(text))
	}
}

var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// escaped is a text as a value (RFC 6350, section 3.4; RFC 5545, section 3.3.11).
func escaped(s string) string { return escapes.Replace(s) }
