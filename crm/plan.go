package crm

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

// Bounds of what a query can make the store do.
const (
	maxQueryRunes = 256
	maxParts      = 8  // words, numbers, addresses of a query that count
	maxLooks      = 48 // alternatives for one of them
	maxPhrases    = 24 // alternatives for a name of two or three words
)

// plan is one reading of a query: what each of its parts is looked up as. It grows from stage to stage.
type plan struct {
	parts []*part
	asked int // looks that the store has been asked for
}

// part is one thing asked for: a word, a phone, an address, a tag.
type part struct {
	word  string   // folded; "" for what is not a word
	other string   // the word in the other layout, if that corresponds; "" none
	bases []string // the word and its readings: what typos are looked for around
	looks []look
}

// look is one alternative for a part: a term, or the beginning of terms.
type look struct {
	text   string
	prefix bool
	close  closeness
}

func (l look) matches(term string) bool {
	if l.prefix {
		return strings.HasPrefix(term, l.text)
	}
	return term == l.text
}

// searchPlans are the readings of a query that are tried as typed, in order, and those that are widened if
// nothing is found.
type searchPlans struct {
	typed, other []*plan
}

// newPlans reads a query in at most five ways: as a date, strictly (numbers, addresses and tags are what they look
// like), loosely (all of it is words), without a patronymic, and in the other layout. The last stands beside
// the typed words if there are as many, else it is a plan of its own.
func newPlans(text string) searchPlans {
	var ps searchPlans
	text = clip(text, maxQueryRunes)
	if day := dayPlan(text); day != nil {
		ps.typed = append(ps.typed, day)
	}
	strict, loose := parsePlan(text, true), parsePlan(text, false)
	if len(strict.parts) > 0 {
		ps.typed = append(ps.typed, strict)
	}
	if len(loose.parts) > 0 && !slices.EqualFunc(strict.parts, loose.parts, sameLooks) {
		ps.typed = append(ps.typed, loose)
	}
	if short := strict.withoutPatronymic(); short != nil {
		ps.typed = append(ps.typed, short)
	}
	for _, p := range ps.typed {
		if p.hasWords() {
			ps.other = append(ps.other, p)
			break
		}
	}
	swapped := parsePlan(spell.OtherLayout(text), true)
	if len(ps.other) == 1 && ps.other[0].pair(swapped) || len(swapped.parts) == 0 {
		return ps
	}
	swapped.demote()
	ps.other = append(ps.other, swapped)
	return ps
}

// dayPlan is the plan for a query that is a whole date, however it is written: the team's own fields hold such; nil for any other.
func dayPlan(text string) *plan {
	day, ok := parseDay(cleanLine(text), civil.Date{Year: 2099, Month: 12, Day: 31})
	if !ok || !day.Valid() || day.Year == 0 {
		return nil
	}
	p := &part{}
	p.add(day.String(), false, closeKey)
	return &plan{parts: []*part{p}}
}

// withoutPatronymic is the plan for a name of three words or more less its patronymic, which cards often lack;
// nil for any other.
func (p *plan) withoutPatronymic() *plan {
	i := slices.IndexFunc(p.parts, func(p *part) bool { return isPatronymic(p.word) })
	if i < 0 || len(p.parts) < 3 {
		return nil
	}
	return &plan{parts: slices.Delete(slices.Clone(p.parts), i, i+1)}
}

// shortPatronymics are those of men that do not end as the others, e.g. Ильич; surnames end like them, so they are listed.
var shortPatronymics = []string{"ильич", "кузьмич", "фомич", "лукич", "никитич", "фокич", "саныч", "палыч"}

func isPatronymic(w string) bool { return foldedPatronymic(strings.ToLower(w)) }

// foldedPatronymic is isPatronymic of a folded word.
func foldedPatronymic(w string) bool {
	return endsIn(w, "вич", "вна", "ична", "ваныч") || slices.Contains(shortPatronymics, w)
}

func sameLooks(a, b *part) bool { return slices.Equal(a.looks, b.looks) }

// fresh reports whether the plan has looks that the store has not been asked for.
func (p *plan) fresh() bool { return p.size() > p.asked }

func (p *plan) size() int {
	n := 0
	for _, part := range p.parts {
		n += len(part.looks)
	}
	return n
}

func (p *plan) hasWords() bool {
	return slices.ContainsFunc(p.parts, func(p *part) bool { return p.word != "" })
}

func (p *plan) allWords() bool {
	return !slices.ContainsFunc(p.parts, func(p *part) bool { return p.word == "" })
}

// pair keeps the words of the other layout beside the typed ones; false if the two do not correspond.
func (p *plan) pair(swapped *plan) bool {
	fits := func(a, b *part) bool { return a.word != "" && b.word != "" || sameLooks(a, b) }
	if !slices.EqualFunc(p.parts, swapped.parts, fits) {
		return false
	}
	for i, s := range swapped.parts {
		p.parts[i].other = s.word
	}
	return true
}

// demote makes a plan a reading: nothing in it is as typed.
func (p *plan) demote() {
	for _, part := range p.parts {
		for i := range part.looks {
			part.looks[i].close = closeRead
		}
	}
}

func (p *part) add(text string, prefix bool, c closeness) {
	l := look{text: clip(text, maxTermRunes), prefix: prefix, close: c}
	known := func(k look) bool { return k.text == l.text && k.prefix == l.prefix }
	if len(p.looks) < maxLooks && !slices.ContainsFunc(p.looks, known) {
		p.looks = append(p.looks, l)
	}
}

// addWord looks a word up as a word of its own, as the beginning of one, of an address, a username, a tag.
func (p *part) addWord(w string) {
	p.word, p.bases = w, []string{w}
	p.add(w, false, closeWord)
	p.add(markTag+w, false, closeWord)
	p.add(w, true, closeHead)
	p.add(markHandle+w, true, closeHead)
	p.add(markTag+w, true, closeHead)
}

// groups are the look-up of the plan part by part, the rarest part first.
func (p *plan) groups() []TermGroup {
	parts := slices.Clone(p.parts)
	slices.SortStableFunc(parts, func(a, b *part) int { return a.commonness() - b.commonness() })
	out := make([]TermGroup, 0, len(parts))
	for _, part := range parts {
		var g TermGroup
		for _, l := range part.looks {
			switch {
			case !l.prefix:
				g.Exact = append(g.Exact, l.text)
			case !part.covered(l):
				g.Prefixes = append(g.Prefixes, l.text)
			}
		}
		out = append(out, g)
	}
	return out
}

// covered reports whether another beginning includes this one.
func (p *part) covered(l look) bool {
	return slices.ContainsFunc(p.looks, func(k look) bool {
		return k.prefix && len(k.text) < len(l.text) && strings.HasPrefix(l.text, k.text)
	})
}

// phrase is the look-up of two or three words as a name said in one go; nil if the plan is anything else.
// The last word may be unfinished.
func (p *plan) phrase() []TermGroup {
	if len(p.parts) < 2 || len(p.parts) > 3 || !p.allWords() {
		return nil
	}
	list := []phrase{{}}
	for _, part := range p.parts {
		var next []phrase
		for i, w := range part.spellings() {
			for _, ph := range list {
				next = append(next, phrase{text: ph.text + " " + w, cost: ph.cost + i})
			}
		}
		slices.SortStableFunc(next, func(a, b phrase) int { return a.cost - b.cost })
		list = next[:min(len(next), maxPhrases)]
	}
	var g TermGroup
	for _, ph := range list {
		g.Prefixes = append(g.Prefixes, clip(markPhrase+ph.text[1:], maxTermRunes))
	}
	slices.Sort(g.Prefixes)
	g.Prefixes = slices.Compact(g.Prefixes)
	return []TermGroup{g}
}

type phrase struct {
	text string
	cost int // how far down the lists of spellings its words stand
}

// spellings are the words that the part is looked up as, likeliest first.
func (p *part) spellings() []string {
	var out []string
	for _, l := range p.looks {
		if r, _ := utf8.DecodeRuneInString(l.text); !strings.ContainsRune(markHandle+markTag, r) && !slices.Contains(out, l.text) {
			out = append(out, l.text)
		}
	}
	return out[:min(len(out), maxPhrases)]
}

// commonness orders the parts of a query by how many cards they are likely to be on.
func (p *part) commonness() int {
	switch {
	case p.word == "":
		return 0
	case givenNames[p.word], commonWords[p.word]:
		return 300
	case isPatronymic(p.word):
		return 200
	}
	return 100 - min(utf8.RuneCountInString(p.word), 50)
}

var commonWords = spell.Set(`москва петербург санкт новосибирск екатеринбург казань самара ростов краснодар директор менеджер vip вип новый клиент
	moscow director manager`)
