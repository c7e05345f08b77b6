package telegram

import (
	"iter"
	"regexp"
	"strings"
	"unicode/utf8"
)

// What Telegram takes: in UTF-16 units after its markup was read, and in bytes before.
const (
	mostText    = 4096
	mostCaption = 1024
	mostBytes   = 32000 // 32,768, less what the closing tags may need
)

// entity is what Telegram reads as one character; any other & stands for itself.
var entity = regexp.MustCompile(`^&(?:lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});`)

// piece is the least part of HTML that must stay whole: a tag, an entity or a character.
type piece struct {
	at, end int    // bytes
	units   int    // what it counts: 0 for a tag
	tag     string // "b", "/b"; "" if it is no tag
}

// pieces takes HTML apart.
func pieces(html string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		for i := 0; i < len(html); {
			p := pieceAt(html, i)
			if !yield(p) {
				return
			}
			i = p.end
		}
	}
}

func pieceAt(html string, i int) piece {
	rest := html[i:]
	if n := strings.IndexByte(rest, '>'); rest[0] == '<' && n > 1 {
		name, _, _ := strings.Cut(rest[1:n], " ")
		return piece{at: i, end: i + n + 1, tag: name}
	}
	if rest[0] == '&' {
		if s := entity.FindString(rest); s != "" {
			return piece{at: i, end: i + len(s), units: 1 + len(s)/8} // "&#128512;" may be two units
		}
	}
	r, n := utf8.DecodeRuneInString(rest)
	if r > 0xFFFF {
		return piece{at: i, end: i + n, units: 2}
	}
	return piece{at: i, end: i + n, units: 1}
}

// cut returns html shortened to most units, with "…" and the open tags closed; as it is, if it fits. It cuts at
// the end of a line if there is one in the last quarter, else between words, never within a tag or an entity.
// Long lists are paged above; this is only the last defence against losing a whole message.
func cut(html string, most int) string {
	if len(html) <= most { // a unit has at least one byte
		return html
	}
	units, end, line, word := 0, 0, 0, 0
	for p := range pieces(html) {
		if units += p.units; units > most || p.end > mostBytes {
			switch {
			case line > 0:
				end = line
			case word > 0:
				end = word
			}
			return html[:end] + "…" + closing(html[:end])
		}
		if units == most {
			continue // the dots need this place
		}
		end = p.end
		if units > most*3/4 {
			switch html[p.at:p.end] {
			case "\n":
				line = p.at
			case " ":
				word = p.at
			}
		}
	}
	return html
}

// closing returns the tags that close what html leaves open.
func closing(html string) string {
	var open []string
	for p := range pieces(html) {
		switch {
		case p.tag == "":
		case p.tag[0] != '/':
			open = append(open, p.tag)
		case len(open) > 0:
			open = open[:len(open)-1]
		}
	}
	var b strings.Builder
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString("</" + open[i] + ">")
	}
	return b.String()
}

// plain returns s, which is no HTML, shortened to most characters.
func plain(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
