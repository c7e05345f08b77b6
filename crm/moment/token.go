package moment

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// token is a word, a number or a mark.
type token struct {
	start, end int    // bytes of the text
	s          string // the word folded and rid of a typo, or the mark; "" beyond the text
	n          int    // the value of a number of at most four digits, else -1
	kind       kind
	glued      bool // no space before it
	capital    bool // written like a name
	mended     bool // s is not what was written
}

type kind int

const (
	markToken kind = iota
	wordToken
	numberToken
)

func tokens(text string) []token {
	var out []token
	glued := false
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(c) {
			glued = false
			i += size
			continue
		}
		t := token{start: i, n: -1, glued: glued}
		switch {
		case unicode.IsLetter(c):
			t.kind, t.end = wordToken, i+runLength(text[i:], wordRune)
			word := text[t.start:t.end]
			t.capital = unicode.IsUpper(c) && strings.ToUpper(word) != word
			folded := spell.Fold(word)
			t.s = mendMoment(folded, t.capital && len(out) > 0 && spell.HasCyrillic(word))
			t.mended = t.s != folded
			if strings.IndexFunc(word, spell.IsApostrophe) >= 0 && t.s != "oclock" { // tomorrow's is no day
				t.s, t.mended = word, false
			}
		case c >= '0' && c <= '9':
			t.kind, t.end = numberToken, i+runLength(text[i:], func(c rune) bool { return c >= '0' && c <= '9' })
			t.s = text[t.start:t.end]
			if len(t.s) <= 4 {
				t.n, _ = strconv.Atoi(t.s) // so many digits are always a number
			}
		default:
			t.end = i + size
			t.s = text[i:t.end]
		}
		out = append(out, t)
		glued = true
		i = t.end
	}
	return out
}

func wordRune(c rune) bool { return unicode.IsLetter(c) || unicode.IsMark(c) || spell.IsApostrophe(c) }

func runLength(s string, in func(rune) bool) int {
	if n := strings.IndexFunc(s, func(c rune) bool { return !in(c) }); n >= 0 {
		return n
	}
	return len(s)
}

// mendMoment rids a word of a typo if the word is unknown, long enough and near to one meaning only. A Russian name in the
// middle of a text is left alone: Субботин is no Saturday; English days begin with a capital, too.
func mendMoment(w string, name bool) string {
	length := utf8.RuneCountInString(w)
	if name || length < 5 || length > 14 || knownWords[w] || noTypos[w] {
		return w
	}
	found := ""
	for _, c := range typos {
		if spell.Distance(w, c.word) != 1 {
			continue
		}
		if found != "" && senses[found] != c.sense {
			return w
		}
		if found == "" {
			found = c.word
		}
	}
	if found == "" {
		return w
	}
	return found
}

// at is the token i; beyond the text one that is nothing.
func (r *reader) at(i int) token {
	if i < 0 || i >= len(r.tokens) {
		return token{n: -1}
	}
	return r.tokens[i]
}

func (r *reader) is(i int, words ...string) bool {
	t := r.at(i)
	return t.s != "" && slices.Contains(words, t.s)
}

// follows reports whether the words stand at i one after another.
func (r *reader) follows(i int, words ...string) bool {
	for k, w := range words {
		if !r.is(i+k, w) {
			return false
		}
	}
	return true
}

// glued reports whether the token i is one of the words and follows without a space.
func (r *reader) glued(i int, words ...string) bool { return r.at(i).glued && r.is(i, words...) }

// number is the value of the number at i with at most so many digits, or -1.
func (r *reader) number(i, digits int) int {
	if t := r.at(i); t.end-t.start <= digits {
		return t.n
	}
	return -1
}

// pair is the value of a number of exactly two digits that follows without a space, or -1.
func (r *reader) pair(i int) int {
	if t := r.at(i); t.glued && t.end-t.start == 2 {
		return t.n
	}
	return -1
}

// ends reports whether the text or a part of it ends before i.
func (r *reader) ends(i int) bool {
	t := r.at(i)
	return t.s == "" || t.kind == markToken && strings.ContainsAny(t.s, ".,;!?)»")
}

// free reports whether the number at i is not the tail of a longer thing: a phone, a sum, an address on the web.
func (r *reader) free(i int) bool {
	t, before := r.at(i), r.at(i-1)
	if before.s == "+" || before.s == "№" || before.s == "#" {
		return false
	}
	return !t.glued || before.kind == markToken && strings.ContainsAny(before.s, "(«\"“„[,;!?—~")
}

// whole reports whether what ends before i does not go on as a longer number, a share or an address.
func (r *reader) whole(i int) bool {
	t := r.at(i)
	if !t.glued {
		return true
	}
	switch {
	case t.kind != markToken:
		return false
	case strings.ContainsAny(t.s, ".,:-/"):
		return r.at(i+1).kind != numberToken || !r.at(i+1).glued
	}
	return !strings.ContainsAny(t.s, "%@_+*°$€₽\\")
}

// counted reports whether the word at i is what a number before it counts: «10 раз», «15 городов», "12 items".
func (r *reader) counted(i int) bool {
	t := r.at(i)
	switch {
	case t.kind == markToken:
		return t.s != "" && strings.ContainsAny(t.s, "%$€₽°")
	case t.kind == numberToken || t.capital:
		return false
	case counted[t.s]:
		next := i + 1
		if r.is(next, ".") {
			next++
		}
		return r.at(next).kind != numberToken // «в 10 кв. 15» is at ten, in a flat
	}
	numbered := func(stem string) bool { return strings.HasPrefix(t.s, stem) }
	several := func(stem string) bool { return numbered(stem) && t.s != stem } // «в 10 договор» is at ten
	return slices.ContainsFunc(numberedStems, numbered) || slices.ContainsFunc(countedStems, several)
}

// plural reports whether the word at i looks like many of something, as far as its ending tells.
func (r *reader) plural(i int) bool {
	t := r.at(i)
	return t.kind == wordToken && !t.capital &&
		slices.ContainsFunc(plurals, func(ending string) bool { return strings.HasSuffix(t.s, ending) })
}

// refers reports whether the token i says that a day after it belongs to something else: «договор от», «отчёт за», «ул.».
func (r *reader) refers(i int) bool {
	if r.is(i, ".") && r.at(i).glued {
		i--
	}
	return referring[r.at(i).s]
}

// preposition reads the word before a day or an hour, with what may stand around it: «не позднее», «часов в», "on the".
// It gives "" and i if there is none.
func (r *reader) preposition(i int) (string, int) {
	lead := i
	switch {
	case r.is(i, "не", "no", "not") && r.is(i+1, "позже", "позднее", "later"):
		i += 2
		if r.is(i, "than") {
			i++
		}
		return "до", i
	case r.follows(i, "в", "районе") && r.number(i+2, 2) >= 0:
		return "около", i + 2
	case leads[r.at(i).s]:
		i++
	}
	word := r.at(i).s
	if !prepositions[word] {
		return "", lead
	}
	i++
	if word != "the" && r.is(i, "the") {
		i++
	}
	return word, i
}
