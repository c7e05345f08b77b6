package crm

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

const (
	maxNearEach = 10  // vocabulary words that stand in for one word of a query
	maxBases    = 4   // readings of a word around which typos are looked for
	maxStrings  = 512 // strings that the vocabulary is asked for at once
)

// addReadings adds the words as they are in the other layout and the other alphabet.
func (p *plan) addReadings() {
	for _, part := range p.parts {
		if part.word == "" || len(part.bases) > 1 {
			continue
		}
		list := spell.Readings(part.word)
		if part.other != "" {
			list = slices.Insert(list, 0, part.other)
		}
		for _, r := range list {
			part.bases = append(part.bases, r)
			part.add(r, true, closeRead)
			part.add(markTag+r, true, closeRead)
			if spell.HasLatin(r) {
				part.add(markHandle+r, true, closeRead)
			}
		}
	}
}

// nearStrings are what the vocabulary is asked for to find the words one edit away from the words of the plan
// and their readings, and those of the same sound.
func (p *plan) nearStrings() []string {
	return p.around(func(base string) []string { return append([]string{base}, spell.Variants(base)...) })
}

// farStrings are the same for two edits. The vocabulary knows of one; the other is made here, so it must be a
// likely one (slips).
func (p *plan) farStrings() []string {
	return p.around(func(base string) []string {
		if utf8.RuneCountInString(base) < spell.MinFar {
			return nil
		}
		var out []string
		for _, w := range spell.Slips(base) {
			out = append(append(out, w), spell.Shortened(w)...)
		}
		return out
	})
}

// around collects the strings for the first bases of all words, then for the second ones, up to maxStrings.
func (p *plan) around(expand func(base string) []string) []string {
	var out []string
	seen := make(map[string]bool)
	for i := range maxBases {
		for _, part := range p.parts {
			if i >= len(part.bases) || !spelled(part.bases[i]) {
				continue
			}
			for _, s := range expand(part.bases[i]) {
				if len(out) == maxStrings {
					return out
				}
				if !seen[s] {
					seen[s] = true
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// spelled reports whether a word is all letters and not too long, as vocabulary words are.
func spelled(w string) bool {
	return utf8.RuneCountInString(w) <= spell.MaxVariant && strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// addNear adds to each word of the plan those vocabulary words that are as close as c to it, nearest first.
func (p *plan) addNear(vocabulary []string, c closeness) {
	for _, part := range p.parts {
		if part.word == "" {
			continue
		}
		var list []nearWord
		for _, w := range vocabulary {
			if n, ok := part.near(w); ok && n.close == c {
				list = append(list, n)
			}
		}
		slices.SortFunc(list, func(a, b nearWord) int {
			return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(a.word, b.word))
		})
		for _, n := range list[:min(len(list), maxNearEach)] {
			part.add(n.word, false, c)
			part.add(markTag+n.word, false, c)
		}
	}
}

// nearWord is a vocabulary word that may stand in for a word of the query.
type nearWord struct {
	word  string
	edits int // from the nearest reading
	close closeness
}

// near judges a vocabulary word; false if it is too far from the part's word and its readings.
func (p *part) near(w string) (nearWord, bool) {
	n := nearWord{word: w, edits: spell.MaxVariant, close: closeFar}
	var nearest string
	for _, base := range p.bases[:min(len(p.bases), maxBases)] {
		if d := spell.Distance(base, w); d < n.edits {
			n.edits, nearest = d, base
		}
	}
	length := utf8.RuneCountInString(nearest)
	switch {
	case spell.HasCyrillic(w) != spell.HasCyrillic(p.word) && p.sounds(w):
		n.close = closeRead
	case n.edits == 0 && w != p.word:
		n.close = closeRead
	case n.edits == 0:
		return n, false // looked up as typed
	case p.sounds(w), n.edits == 1 && length >= spell.MinVariant:
		n.close = closeTypo
	case n.edits == 2 && length >= spell.MinFar:
		n.close = closeFar
	default:
		return n, false
	}
	return n, true
}

// sounds reports whether the word and a reading of the part share a sound key.
func (p *part) sounds(w string) bool {
	keys := spell.Sounds(w)
	return slices.ContainsFunc(p.bases[:min(len(p.bases), 2)], func(base string) bool {
		return slices.ContainsFunc(spell.Sounds(base), func(k string) bool { return slices.Contains(keys, k) })
	})
}
