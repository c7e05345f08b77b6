package crm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// tidyName puts a person's name in order: Фамилия Имя Отчество, each with a capital. A company's name, and what nobody could
// put in order, stay as they are.
func tidyName(s string) string {
	s = cleanLine(s)
	if isCompanyName(s) || strings.ContainsAny(s, "\"«»“”„()/@0123456789") {
		return s
	}
	if last, rest, ok := strings.Cut(s, ","); ok && !strings.Contains(rest, ",") && strings.TrimSpace(rest) != "" && last != "" {
		s = strings.TrimSpace(last) + " " + strings.TrimSpace(rest) // Smith, John
		return strings.Join(withCapitals(strings.Fields(s)), " ")
	}
	words := withCapitals(strings.Fields(s))
	return strings.Join(inOrder(words), " ")
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

// withCapitals gives words that are written all in capitals or all in small letters a capital each.
func withCapitals(words []string) []string {
	out := slices.Clone(words)
	loud := len(words) > 1
	for _, w := range words {
		loud = loud && strings.ToUpper(w) == w
	}
	for i, w := range out {
		low := strings.ToLower(w)
		switch {
		case i > 0 && nameParticles[low]:
			out[i] = low
		case strings.ContainsRune(w, '.'), utf8.RuneCountInString(w) == 1: // initials
		case low == w, strings.ToUpper(w) == w && (loud || len(words) > 1 && utf8.RuneCountInString(w) > 3): // ИВАНОВ Иван
			out[i] = capitalParts(low)
		}
	}
	return out
}

// capitalParts is Салтыков-Щедрин of салтыков-щедрин, and О'Нил of о'нил.
func capitalParts(low string) string {
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

// setName makes one name of the parts, or takes the whole one; what the one says and the other does not is noted.
func (l *importLine) setName(n nameParts) {
	parts := cleanLine(n.last + " " + n.first + " " + n.middle)
	if n.last != "" && !spell.HasCyrillic(spell.Fold(parts)) { // John Smith
		parts = cleanLine(n.first + " " + n.middle + " " + n.last)
	}
	name := tidyName(parts)
	if parts == "" || holdsWords(n.whole, parts) && !holdsWords(parts, n.whole) {
		name = tidyName(n.whole)
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
