package spell

import (
	"slices"
	"unicode/utf8"
)

// The lengths, in runes, of the words that have variants. One letter left out of a shorter word leaves
// too little to mean anything; nobody types a longer one.
const (
	MinVariant = 4
	MaxVariant = 24
)

// Variants lists what the vocabulary keeps a folded word under besides the word itself: the distinct words
// with one letter left out, for words of 4 to 24 letters, and its sound keys (Sounds), for words of 3 to
// 24. Two words one edit apart share a variant, or one is a variant of the other: that is how a typo finds
// its word. Two spellings of a name share a sound key, whatever their alphabets are.
func Variants(word string) []string {
	return append(Shortened(word), Sounds(word)...)
}

// Shortened are a folded word without each of its letters in turn: two words that are one edit apart share one of them, or the
// word itself. Words that are too short or too long for typos have none.
func Shortened(word string) []string {
	n := utf8.RuneCountInString(word)
	if n < MinVariant || n > MaxVariant {
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

// MinFar is the length, in runes, from which a word may have two typos.
const MinFar = 6

// Slips are what a word may have been before one likely slip: two letters swapped, one too many, one for its
// neighbour on the keyboard or in sound.
func Slips(word string) []string {
	rs := []rune(word)
	if len(rs) > MaxVariant {
		return nil
	}
	out := Shortened(word)
	for i, r := range rs {
		if i > 0 && rs[i-1] != r {
			swapped := slices.Clone(rs)
			swapped[i-1], swapped[i] = r, rs[i-1]
			out = append(out, string(swapped))
		}
		for _, n := range mistakenFor[r] {
			other := slices.Clone(rs)
			other[i] = n
			out = append(out, string(other))
		}
	}
	return out
}

// mistakenFor: letter → those it is taken for, by the finger beside or by the ear.
var mistakenFor = confusions(
	[]string{"йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "qwertyuiop", "asdfghjkl", "zxcvbnm"},
	[]string{"ао", "еи", "еэ", "яе", "ои", "бп", "вф", "гк", "дт", "жш", "зс", "шщ", "цс", "ыи", "йи", "чщ", "иь",
		"ae", "ie", "ou", "ck", "sz", "iy", "vw", "kq", "bp", "dt", "mn", "ao"})

func confusions(rows, pairs []string) map[rune][]rune {
	m := make(map[rune][]rune)
	add := func(a, b rune) {
		if !slices.Contains(m[a], b) {
			m[a], m[b] = append(m[a], b), append(m[b], a)
		}
	}
	for _, list := range slices.Concat(rows, pairs) {
		rs := []rune(list)
		for i := 1; i < len(rs); i++ {
			add(rs[i-1], rs[i])
		}
	}
	return m
}

// Distance counts the edits between two words: a letter more, one less, another one, two neighbours swapped
// (optimal string alignment). Words of more than 24 runes are infinitely far.
func Distance(a, b string) int {
	const side = MaxVariant + 1
	var ra, rb [side]rune
	la, lb := spread(a, ra[:]), spread(b, rb[:])
	if la > MaxVariant || lb > MaxVariant {
		return side
	}
	var d [side][side]int
	for i := range la + 1 {
		d[i][0] = i
	}
	for j := range lb + 1 {
		d[0][j] = j
	}
	for i := 1; i <= la; i++ {
		for j := 1; j <= lb; j++ {
			change := d[i-1][j-1]
			if ra[i-1] != rb[j-1] {
				change++
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, change)
			if i > 1 && j > 1 && ra[i-1] == rb[j-2] && ra[i-2] == rb[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[la][lb]
}

// spread writes the runes of a word into a row and returns how many there are, at most one more than count.
func spread(s string, row []rune) int {
	n := 0
	for _, r := range s {
		if n == len(row) {
			return n
		}
		row[n] = r
		n++
	}
	return n
}
