package crm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// tidyName puts a person's name in order: Фамилия Имя Отчество, each with a capital. A company's name, and what nobody could
// put in order, stay as they are. Person is true of what only people have, a surname in a column of its own.
func tidyName(s string, person bool) string {
	s = cleanLine(s)
	if isCompanyName(s) || strings.ContainsAny(s, "\"«»“”„()/@0123456789") {
		return s
	}
	if last, rest, ok := strings.Cut(s, ","); ok && !strings.Contains(rest, ",") && strings.TrimSpace(rest) != "" && last != "" {
		s = strings.TrimSpace(last) + " " + strings.TrimSpace(rest) // Smith, John
		return strings.Join(withCapitals(strings.Fields(s), person), " ")
	}
	words := withCapitals(strings.Fields(s), person)
	return strings.Join(inOrder(words), " ")
}

// NameCase gives each word of a person's name that stands in capitals, or without any, one, and leaves their order. A company's name, and
// what nobody could put in order, stay as they are.
func NameCase(s string) string {
	if isCompanyName(s) || strings.ContainsAny(s, "\"«»“”„()/@&;0123456789") {
		return s
	}
	return strings.Join(withCapitals(strings.Fields(s), false), " ")
}

// inOrder puts the surname first where it can be told which word that is.
func inOrder(words []string) []string {
	folded := make([]string, len(words))
	for i, w := range words {
		folded[i] = spell.Fold(w)
	}
	switch {
	case len(words) == 3 && isMiddle(folded[1]) && !isMiddle(folded[2]): // Имя Отчество Фамилия
		return []string{words[2], words[0], words[1]}
	case len(words) == 3 && isMiddle(folded[2]) && !isMiddle(folded[1]) && givenNames[folded[0]] && !givenNames[folded[1]]:
		return []string{words[1], words[0], words[2]} // Имя Фамилия Отчество
	case len(words) == 2 && spell.HasCyrillic(folded[0]) && spell.HasCyrillic(folded[1]) && !isMiddle(folded[1]) && firstIsGiven(folded[0], folded[1]):
		return []string{words[1], words[0]}
	}
	return words
}

// firstIsGiven reports that «Имя Фамилия» stands, not only that it may.
func firstIsGiven(first, second string) bool {
	if a, b := givenNames[first], givenNames[second]; a != b {
		return a
	}
	return isSurname(second) && !isSurname(first)
}

// isMiddle tells a patronymic, also in Latin letters.
func isMiddle(word string) bool {
	return isPatronymic(word) || !spell.HasCyrillic(word) && hasEnding(word, "ovich", "evich", "ovna", "evna", "ichna", "ovitch", "evitch")
}

// cutTitle takes the forms of address before a name off it: г-н, Mrs. Who is called by nothing else keeps it.
func cutTitle(s string) (name, title string) {
	if isCompanyName(s) {
		return s, ""
	}
	head, _, _ := strings.Cut(s, ".")
	if rest, glued := strings.CutPrefix(s, head+"."); glued && isTitle(head) { // гр.Петров
		s = head + ". " + rest
	}
	words, n := strings.Fields(s), 0
	for n < len(words)-1 && isTitle(words[n]) {
		n++
	}
	return strings.Join(words[n:], " "), strings.Join(words[:n], " ")
}

func isTitle(word string) bool { return nameTitles[strings.ToLower(strings.TrimSuffix(word, "."))] }

// withCapitals gives words that are written all in capitals or all in small letters a capital each. A word of capitals that stands alone
// may be a company's (ЛУКОЙЛ), unless it is a person's for certain or looks like a surname; one without vowels is an abbreviation (JP).
func withCapitals(words []string, person bool) []string {
	out := slices.Clone(words)
	loud := person || len(words) > 1 || len(words) == 1 && (givenNames[spell.Fold(words[0])] || isSurname(words[0]))
	for _, w := range words {
		loud = loud && strings.ToUpper(w) == w
	}
	for i, w := range out {
		low := strings.ToLower(w)
		switch {
		case i > 0 && nameParticles[low]:
			out[i] = low
		case 2*strings.Count(w, ".") == utf8.RuneCountInString(w): // initials
			out[i] = strings.ToUpper(w)
		case strings.ContainsRune(w, '.'), utf8.RuneCountInString(w) == 1, !strings.ContainsAny(low, anyVowels):
		case low == w, strings.ToUpper(w) == w && (loud || len(words) > 1 && utf8.RuneCountInString(w) > 3): // ИВАНОВ Иван
			out[i] = capitalParts(low)
		}
	}
	return out
}

// capitalParts is Салтыков-Щедрин of салтыков-щедрин, О'Нил of о'нил, and McDonald of mcdonald.
func capitalParts(low string) string {
	if rest, scottish := strings.CutPrefix(low, "mc"); scottish && len(rest) > 2 {
		return "Mc" + capitalParts(rest)
	}
	begins := true
	return strings.Map(func(r rune) rune {
		if begins && unicode.IsLetter(r) {
			begins = false
			return unicode.ToUpper(r)
		}
		begins = begins || r == '-' || spell.IsApostrophe(r)
		return r
	}, low)
}

// nameParts are the pieces of a name in their own columns.
type nameParts struct{ whole, first, middle, last string }

// setName makes one name of the parts, or takes the whole one; what the one says and the other does not is noted. So are forms of address,
// as what they are.
func (l *importLine) setName(n nameParts, address string) {
	for _, part := range []*string{&n.whole, &n.first, &n.middle, &n.last} {
		var title string
		if *part, title = cutTitle(*part); title != "" {
			l.leave(ImportColumn{Heading: address}, title)
		}
	}
	parts := cleanLine(n.last + " " + n.first + " " + n.middle)
	if n.last != "" && !spell.HasCyrillic(spell.Fold(parts)) { // John Smith
		parts = cleanLine(n.first + " " + n.middle + " " + n.last)
	}
	name := tidyName(parts, true)
	if parts == "" || holdsWords(n.whole, parts) && !holdsWords(parts, n.whole) {
		name = tidyName(n.whole, false)
	} else if n.whole != "" && !holdsWords(parts, n.whole) {
		l.notes = append(l.notes, n.whole)
	}
	short, rest := draftName(name)
	if l.draft.Profile.Name = short; rest != "" {
		l.notes = append(l.notes, rest)
	}
	if short != "" {
		l.draft.Named = NamedByContact
	}
}
