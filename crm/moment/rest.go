package moment

import (
	"strings"
	"unicode"
)

// rest is the text without the phrases: nothing is added, only they, the marks that they leave behind and spare spaces go.
func (r *reader) rest(phrases []timePhrase) string {
	out, from := "", 0
	for _, p := range phrases {
		out = joinRest(out, r.text[from:r.tokens[p.from].start])
		from = r.tokens[p.to-1].end
	}
	if len(phrases) == 0 {
		out = r.text
	} else {
		out = joinRest(out, r.text[from:])
	}
	lines := strings.Split(out, "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), " ")
	}
	out = strings.TrimSpace(strings.Join(lines, "\n"))
	if strings.IndexFunc(out, func(c rune) bool { return !unicode.IsSpace(c) && !unicode.IsPunct(c) }) < 0 {
		return ""
	}
	return out
}

// words are the phrases as they were written.
func (r *reader) words(phrases []timePhrase) string {
	var out []string
	for _, p := range phrases {
		out = append(out, r.text[r.tokens[p.from].start:r.tokens[p.to-1].end])
	}
	return strings.Join(out, " ")
}

const (
	restMarks = ",;:-–—" // of no use where the time was cut out
	restEnds  = ".,;:!?)»"
)

// joinRest puts together what stood before a time and after it.
func joinRest(left, right string) string {
	left, right = strings.TrimRightFunc(left, sameLineSpace), strings.TrimLeftFunc(right, sameLineSpace)
	if strings.HasSuffix(left, "(") && strings.HasPrefix(right, ")") {
		left, right = strings.TrimRightFunc(left[:len(left)-1], sameLineSpace), strings.TrimLeftFunc(right[1:], sameLineSpace)
	}
	switch {
	case strings.TrimSpace(left) == "":
		return strings.TrimLeft(trimRestMark(right), " ")
	case right == "" || right[0] == '\n' || strings.ContainsRune(restEnds+"–—", []rune(right)[0]) || strings.HasPrefix(right, "- "):
		left = strings.TrimRightFunc(left, func(c rune) bool { return sameLineSpace(c) || strings.ContainsRune(restMarks, c) })
	}
	if strings.HasSuffix(left, ".") || strings.HasSuffix(left, "!") || strings.HasSuffix(left, "?") {
		right = strings.TrimLeft(right, ".,;:!?")
	}
	if left == "" || right == "" || strings.ContainsRune(restEnds, []rune(right)[0]) {
		return left + right
	}
	return left + " " + right
}

func sameLineSpace(c rune) bool { return c != '\n' && unicode.IsSpace(c) }

// trimRestMark drops the mark that followed a time at the beginning: «завтра: …», «завтра - …». A sign of a number stays.
func trimRestMark(s string) string {
	trimmed := strings.TrimLeft(s, ",;:.!?–—")
	if rest, dash := strings.CutPrefix(trimmed, "- "); dash {
		return rest
	}
	return trimmed
}
