package crm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// Retyped is what somebody plainly meant who typed in the wrong layout: "вавилов" for "dfdbkjd". That is so if there is a
// word that nobody could say as it is typed and everything can be said in the other layout; any other text is returned as
// it is.
func Retyped(s string) string {
	other := spell.OtherLayout(s)
	if other == "" {
		return s
	}
	plain := true // nothing in it looks wrong
	for _, w := range strings.Fields(s) {
		if letters := strings.Trim(w, ".,"); utf8.RuneCountInString(letters) >= minRetyped && !sayable(letters) {
			plain = false
		}
	}
	for _, w := range strings.Fields(other) {
		if !sayable(strings.Trim(w, ".,")) {
			return s
		}
	}
	if plain {
		return s
	}
	return other
}

// minRetyped is the least letters of a word that tells of a wrong layout: shorter ones are abbreviations (HTC, JBL).
const minRetyped = 4

// sayable reports whether a word could be a name in its alphabet: it has vowels, no heap of consonants, and no letters
// side by side that never stand so. It is generous: it is asked about keys that were hit in another alphabet, which
// break such rules soon.
func sayable(word string) bool {
	for _, w := range strings.FieldsFunc(spell.Fold(word), func(r rune) bool { return r == '-' || r == ' ' }) {
		if strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) >= 0 {
			return false
		}
		rules := latinSpeech
		if spell.HasCyrillic(w) {
			rules = cyrillicSpeech
		}
		if !rules.allow([]rune(w)) {
			return false
		}
	}
	return strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) < 0
}

func (s speech) vowel(r rune) bool { return strings.ContainsRune(s.vowels, r) }

func (s speech) allow(w []rune) bool {
	vowels, consonants, open := 0, 0, 0 // in all; in a row; vowels in a row
	for i, r := range w {
		if i > 0 && !s.follows(w[:i], r) {
			return false
		}
		if s.vowel(r) {
			vowels, consonants, open = vowels+1, 0, open+1
		} else {
			consonants, open = consonants+1, 0
		}
		if open > 3 || consonants > max(s.onset, s.coda) {
			return false
		}
	}
	return vowels > 0 && consonants <= s.coda && !strings.ContainsRune(s.never, w[0])
}

// follows reports whether a letter may stand behind the beginning of a word.
func (s speech) follows(head []rune, r rune) bool {
	last := head[len(head)-1]
	if may, ok := s.after[last]; ok && !strings.ContainsRune(may, r) {
		return false
	}
	may, ok := s.starts[last]
	return !ok || len(head) > 1 || s.vowel(r) || strings.ContainsRune(may, r)
}
