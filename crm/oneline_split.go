package crm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// segment is a part of a line between separators; word one between spaces.
type segment struct{ start, end int }

type word struct {
	start, end int
	s          string
}

// segments are the parts of the line that were not taken yet.
func (p *line) segments() []segment {
	var out []segment
	start := 0
	for i := 0; i <= len(p.rest); i++ {
		if i < len(p.rest) && !p.separates(i) {
			continue
		}
		if strings.TrimSpace(string(p.rest[start:i])) != "" {
			out = append(out, segment{start, i})
		}
		start = i + 1
	}
	return out
}

// separates reports whether a separator stands at i. A comma between digits is a decimal one.
func (p *line) separates(i int) bool {
	switch p.rest[i] {
	case '\n', ';', '\x1f':
		return true
	case ',':
		return i == 0 || i+1 == len(p.rest) || !isDigit(p.rest[i-1]) || !isDigit(p.rest[i+1])
	}
	return false
}

func (p *line) words(s segment) []word {
	var out []word
	text := string(p.rest[s.start:s.end])
	for i := 0; i < len(text); {
		n := strings.IndexByte(text[i:]+" ", ' ')
		if n > 0 {
			out = append(out, word{s.start + i, s.start + i + n, text[i : i+n]})
		}
		i += n + 1
	}
	return out
}

// bare is a word in small letters without the punctuation around it.
func (w word) bare() string { return strings.ToLower(w.trimmed()) }

func (w word) trimmed() string {
	return strings.TrimFunc(w.s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// capital reports whether the word's first letter is one.
func (w word) capital() bool {
	i := strings.IndexFunc(w.s, unicode.IsLetter)
	if i < 0 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(w.s[i:])
	return unicode.IsUpper(r) || unicode.IsTitle(r) || !unicode.IsLower(r) // scripts without capitals count
}

func (w word) plain() bool { return hasLetter(w.s) && !w.digits() }

func (w word) digits() bool { return strings.IndexFunc(w.s, unicode.IsDigit) >= 0 }

// emoji reports whether the word is a picture.
func (w word) emoji() bool {
	r, _ := utf8.DecodeRuneInString(w.s)
	return isPicture(r) && !hasLetter(w.s)
}

func (w word) ends() bool { return strings.HasSuffix(w.s, ":") || strings.HasSuffix(w.s, "!") }

// maxNameWords is how many words a name has, particles not counted.
const maxNameWords = 4

// leadingName counts the words at the beginning of a segment that look like a name. Where the line begins with
// them one is enough and capitals are not needed; elsewhere one capital word before small ones begins a sentence.
func leadingName(w []word, first bool) int {
	if first && plainName(w) && (!w[0].capital() || capitals(w) == 0) {
		return len(w)
	}
	n := capitals(w)
	if n == 0 || n == 1 && len(w) > 1 && !first {
		return 0
	}
	return n
}

// capitals counts the words of a name in capitals at the beginning of w.
func capitals(w []word) int {
	n, names := 0, 0
	for i := range w {
		switch {
		case w[i].plain() && w[i].capital() && names < maxNameWords && isNameForm(w[i].s):
			names++
			n = i + 1
		case i > 0 && w[i].emoji(), i == 0 && w[i].emoji() && len(w) > 1:
			n = i + 1
		case i > 0 && nameParticles[w[i].bare()]:
		default:
			return onlyIf(names > 0, n)
		}
		if w[i].ends() {
			return onlyIf(names > 0, n)
		}
	}
	return onlyIf(names > 0, n)
}

func onlyIf(ok bool, n int) int {
	if ok {
		return n
	}
	return 0
}

// isNameForm keeps the names of legal forms out of names.
func isNameForm(s string) bool { return !companyForms[s] && !latinForms[strings.TrimRight(s, ".")] }

// plainName reports whether a whole segment may be a name in small letters.
func plainName(w []word) bool {
	if len(w) == 0 || len(w) > maxNameWords {
		return false
	}
	return !slices.ContainsFunc(w, func(w word) bool { return !w.plain() && !w.emoji() }) && slices.ContainsFunc(w, word.plain)
}

// fields takes what is named as in a form: "Город: Казань". The word for a note goes, the note stays.
func (p *line) fields() {
	for _, s := range p.segments() {
		text := string(p.rest[s.start:s.end])
		m := fieldWord.FindStringSubmatchIndex(text)
		if m == nil {
			continue
		}
		label := strings.NewReplacer(".", "", " ", "").Replace(strings.ToLower(text[m[2]:m[3]]))
		fieldOf, value := fieldByWord[label], cleanLine(text[m[1]:])
		if fieldOf == nil {
			p.take(s.start, s.start+m[1])
			continue
		}
		if field := fieldOf(&p.d.Profile); *field == "" && visible(value) && utf8.RuneCountInString(value) <= maxName {
			*field = value
			p.take(s.start, s.end)
		}
	}
}
