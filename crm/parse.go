package crm

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// parsePlan takes a query apart. Strictly, what looks like a phone, an address, a username or a tag is one,
// and digits that stand side by side are one number; else everything is words.
func parsePlan(text string, strict bool) *plan {
	p := &plan{}
	tokens := strings.Fields(text)
	for i := 0; i < len(tokens) && len(p.parts) < maxParts; i++ {
		if !strict {
			p.words(tokens[i], false)
			continue
		}
		if n := numberRun(tokens[i:]); n > 0 {
			p.number(strings.Join(tokens[i:i+n], " "))
			i += n - 1
			continue
		}
		if !p.special(tokens[i]) {
			p.words(tokens[i], true)
		}
	}
	p.parts = p.parts[:min(len(p.parts), maxParts)]
	p.dropNoise()
	return p
}

func (p *plan) words(token string, strict bool) {
	for _, w := range spell.Words(spell.Fold(token)) {
		if strict && len(w) >= wholeNumber && onlyDigits(w) == w { // тел.89001234567
			p.number(w)
			continue
		}
		part := &part{}
		part.addWord(clip(w, maxTermRunes-1))
		p.parts = append(p.parts, part)
	}
}

// dropNoise leaves out ООО and Ltd, which no card is indexed by, and what announces a number, unless there is
// nothing else.
func (p *plan) dropNoise() {
	rest := slices.DeleteFunc(slices.Clone(p.parts), func(p *part) bool { return legalForms[p.word] || announces[p.word] })
	if len(rest) > 0 {
		p.parts = rest
	}
}

var announces = spell.Set("тел телефон моб сот tel phone mob email почта")

// special adds what is known by its look: user@host, @username, t.me/username, #tag, name.with_dots.
func (p *plan) special(token string) bool {
	t := strings.Trim(strings.ToLower(token), ".,;:!?<>()«»\"'")
	for _, link := range []string{"https://", "http://", "t.me/", "telegram.me/"} {
		if rest, ok := strings.CutPrefix(t, link); ok {
			t = markHandle + rest
			t = strings.Replace(t, markHandle+"t.me/", markHandle, 1)
		}
	}
	part := &part{}
	switch at := strings.Index(t, "@"); {
	case len(t) < 2:
		return false
	case t[0] == '#':
		key := spell.Fold(t)
		if key == "" {
			return false
		}
		part.add(markTag+key, false, closeKey)
		part.add(markTag+key, true, closeHead)
	case at == 0:
		part.add(t, false, closeKey)
		part.add(t, true, closeHead)
	case at > 0:
		part.add(t, false, closeKey)
		part.add(t, true, closeHead)
	case isAddress(t):
		part.add(t, false, closeKey)
		part.add(markHandle+t, false, closeKey)
		part.add(t, true, closeHead)
		part.add(markHandle+t, true, closeHead)
	default:
		return false
	}
	p.parts = append(p.parts, part)
	return true
}

// isAddress reports whether a word in Latin letters has a dot or an underscore inside, as addresses,
// usernames and domains have.
func isAddress(t string) bool {
	if i := strings.IndexAny(t, "._"); i <= 0 || i == len(t)-1 {
		return false
	}
	for _, r := range t {
		if r >= utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-+", r) {
			return false
		}
	}
	return spell.HasLatin(t)
}

// From so many digits on, an end of a phone is looked for, and is taken for the whole of it.
const (
	minTail     = 4
	wholeNumber = 10
)

// numberRun is how many of the tokens, from the first, make one number of 3 to 15 digits; 0 if none.
func numberRun(tokens []string) int {
	n, total := 0, 0
	for i, t := range tokens {
		d := len(onlyDigits(t))
		if !isNumber(t) || total+d > 15 || i > 0 && strings.HasPrefix(t, "+") {
			break
		}
		n, total = i+1, total+d
	}
	if total < minNumber {
		return 0
	}
	return n
}

// isNumber reports whether a token has nothing but digits and what people put between them.
func isNumber(t string) bool {
	for _, r := range t {
		if (r < '0' || r > '9') && !strings.ContainsRune("+-–—‑().,;/\u00a0", r) {
			return false
		}
	}
	return true
}

// number looks digits up as a whole phone, as its beginning with and without the country code or the trunk
// prefix, as its end, and as they are (a contract's number, a year).
func (p *plan) number(typed string) {
	d := onlyDigits(typed)
	part := &part{}
	begins, ends := []string{national(d)}, []string{d}
	if !strings.HasPrefix(typed, "+") {
		begins = []string{d, national(d)}
		if d[0] == '8' || d[0] == '0' { // the trunk prefix: 8 900 … is +7 900 …, 030 … is +49 30 …
			begins, ends = []string{d, d[1:]}, []string{d, d[1:]}
		}
		part.add(d, false, closeWord)
		part.add(markTag+d, false, closeWord)
	}
	for _, e := range ends {
		switch {
		case len(e) >= wholeNumber:
			part.add(markTail+reverse(e), true, closeKey)
		case len(e) >= minTail && typed[0] != '+':
			part.add(markTail+reverse(e), true, closeHead)
		}
	}
	for _, b := range begins {
		if len(b) >= minNumber || typed[0] == '+' && b != "" {
			part.add(markNumber+b, true, closeHead)
		}
	}
	part.add(d, true, closeHead)
	p.parts = append(p.parts, part)
}
