package crm

import "unicode/utf8"

// The lengths, in runes, of the words that have variants. One letter left out of a shorter word leaves
// too little to mean anything; nobody types a longer one.
const (
	minVariant = 4
	maxVariant = 24
)

// Variants lists what the vocabulary keeps a folded word under besides the word itself: the distinct words
// with one letter left out, for words of 4 to 24 letters, and its sound keys (soundKeys), for words of 3 to
// 24. Two words one edit apart share a variant, or one is a variant of the other: that is how a typo finds
// its word. Two spellings of a name share a sound key, whatever their alphabets are.
func Variants(word string) []string {
	return append(shortened(word), soundKeys(word)...)
}

func shortened(word string) []string {
	n := utf8.RuneCountInString(word)
	if n < minVariant || n > maxVariant {
		return nil
	}
	out := make([]string, 0, n+maxKeys)
	last := rune(-1)
	for i, r := range word {
		if r == last { // leaving out either of a pair gives the same word
			continue
		}
		last = r
		out = append(out, word[:i]+word[i+utf8.RuneLen(r):])
	}
	return out
}
