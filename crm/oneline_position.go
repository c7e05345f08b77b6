package crm

import "slices"

// position takes the first position. One with small words behind it ("закупщик любит чай") also stays where
// it is: it may be the subject of a note.
func (p *line) position() {
	for i, s := range p.segments() {
		if p.d.Profile.Position != "" {
			return
		}
		w := p.words(s)
		at, n := findPosition(w, i == 0 && s.start == firstVisible(p.rest))
		if n == 0 {
			continue
		}
		start, end := w[at].start, w[at+n-1].end
		if !fits(p.rest[start:end]) {
			continue
		}
		p.d.Profile.Position = cleanLine(string(p.rest[start:end]))
		if at+n == len(w) || w[at+n].capital() || !w[at+n].plain() {
			p.take(start, end)
		}
	}
}

// findPosition finds a position at the beginning of a segment or behind a name; n is 0 if there is none.
func findPosition(w []word, first bool) (at, n int) {
	for i := range w {
		if n := positionWords(w[i:]); n > 0 {
			return i, n
		}
		nameLike := w[i].capital() || nameParticles[w[i].bare()] || !hasLetter(w[i].s) || first && i < 3 && w[i].plain()
		if !nameLike {
			return 0, 0
		}
	}
	return 0, 0
}

// positionWords counts the words of a position at the beginning of w: старший менеджер по закупкам.
func positionWords(w []word) int {
	n := 0
	for n < len(w) && positionModifiers[w[n].bare()] && !positionHeads[w[n].bare()] {
		n++
	}
	if n == len(w) || !positionHeads[w[n].bare()] {
		return 0
	}
	for n < len(w) && positionHeads[w[n].bare()] { // sales director, помощник менеджер
		n++
		if closed(w[n-1]) {
			return n
		}
	}
	return n + positionTail(w[n:])
}

// positionTail counts the words that a position has behind it: отдела продаж, по закупкам, of sales.
func positionTail(w []word) int {
	n := 0
	for n < len(w) && positionRelated[w[n].bare()] {
		n++
		if positionPlaces[w[n-1].bare()] && n < len(w) && w[n].plain() && !closed(w[n-1]) && !w[n].capital() {
			n++
		}
		if closed(w[n-1]) {
			return n
		}
	}
	if n+1 >= len(w) || !slices.Contains([]string{"по", "of", "for"}, w[n].s) {
		return n
	}
	if w[n+1].bare() == "работе" && n+3 < len(w) && w[n+2].s == "с" {
		return n + 4
	}
	return n + 2
}

// closed reports whether punctuation ends the phrase behind the word.
func closed(w word) bool {
	last := w.s[len(w.s)-1]
	return last == ':' || last == '!' || last == ')' || last == '?'
}
