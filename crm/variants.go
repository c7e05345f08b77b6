package crm

import "unicode/utf8"

// The lengths, in runes, of the words that have variants. One letter left out of a shorter word leaves
// too little to mean anything; nobody types a longer one.
const (
	minVariant = 4
	maxVariant = 24
)

// Variants lists the spellings under which the vocabulary keeps a folded word besides the word itself:
// the distinct words with one letter left out, for words of 4 to 24 letters; none for others. Two words
// one edit apart share a variant, or one is a variant of the other: that is how a typo finds its word.
func Variants(word string) []string {
	n := utf8.RuneCountInString(word)
	if n < minVariant || n > maxVariant {
		return nil
	}
	out := make([]string, 0, n+1)
	last := utf8.RuneError
	for i, r := range word {
		if r == last { // leaving out either of a pair gives the same word
			continue
		}
		last = r
		out = append(out, word[:i]+word[i+utf8.RuneLen(r):])
	}
	return out
}
