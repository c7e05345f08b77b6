package crm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCompanyWords is how many words of a company's name are believed without quotes around them.
const maxCompanyWords = 5

// company takes a company by its legal form, or a segment that is nothing but a name in quotes.
func (p *line) company() {
	for _, s := range p.segments() {
		if p.d.Profile.Company != "" {
			break
		}
		if quotedAlone.Match(p.rest[s.start:s.end]) {
			p.setCompany(p.take(s.start, s.end))
			continue
		}
		w := p.words(s)
		for i := range w {
			if from, to := companyWords(w, i); to > from && fits(p.rest[w[from].start:w[to-1].end]) {
				p.takeCompany(w[from:to])
				break
			}
		}
	}
	if isForm(firstWord(p.d.Profile.Company), soleTrader) {
		p.d.Profile.Kind = KindBusiness
		p.trader = behindForm(p.d.Profile.Company)
	}
}

func (p *line) takeCompany(w []word) {
	p.setCompany(strings.TrimRight(p.take(w[0].start, w[len(w)-1].end), ".:") + lastDot(w))
}

// lastDot keeps the dot of initials and of Inc.
func lastDot(w []word) string {
	last := w[len(w)-1].s
	letters := utf8.RuneCountInString(strings.Trim(last, ".:"))
	if strings.HasSuffix(last, ".") && (letters <= 3 || latinForms[strings.Trim(last, ".")]) {
		return "."
	}
	return ""
}

// behindForm is the person's name in "ИП Иванов И. И.", "" if there is something else.
func behindForm(company string) string {
	_, name, _ := strings.Cut(company, " ")
	if strings.ContainsAny(name, "«»\"“”„") || strings.IndexFunc(name, unicode.IsDigit) >= 0 {
		return ""
	}
	name, err := CleanName(name)
	if err != nil {
		return ""
	}
	return name
}

// companyWords is the range of words that make a company with the form at i; empty if there is none.
func companyWords(w []word, i int) (from, to int) {
	form := strings.TrimRight(w[i].s, ".:")
	switch {
	case isForm(form, soleTrader):
		return i, i + 1 + traderWords(w[i+1:])
	case latinForms[form] || anyCaseForms[form] && form[0] < utf8.RuneSelf:
		from = i
		for from > 0 && i-from < maxCompanyWords && (companyWord(w[from-1]) || from == i && w[from-1].plain()) {
			from--
		}
		if from == i {
			return i, i + 1 + nameRun(w[i+1:])
		}
		return from, i + 1
	case companyForms[form] || anyCaseForms[form]:
		if n := nameRun(w[i+1:]); n > 0 {
			return i, i + 1 + n
		}
		if i > 0 && i+1 == len(w) && i <= maxCompanyWords {
			return 0, i + 1
		}
	}
	return 0, 0
}

// nameRun counts the words of a company's name behind its form: one, and those in capitals after it.
func nameRun(w []word) int {
	if len(w) == 0 || !visible(w[0].s) || w[0].emoji() {
		return 0
	}
	n := 1
	for n < len(w) && n < maxCompanyWords && !w[n-1].ends() {
		switch {
		case companyWord(w[n]):
			n++
		case n+1 < len(w) && (w[n].s == "&" || w[n].s == "и" || w[n].s == "-" || w[n].s == "and") && companyWord(w[n+1]):
			n += 2
		default:
			return n
		}
	}
	return n
}

func companyWord(w word) bool {
	return w.s == "&" || (w.capital() || w.digits()) && !positionHeads[w.bare()]
}

// traderWords counts the words of a person's name behind ИП: capitals and initials; in small letters the whole
// segment if it is short, else one.
func traderWords(w []word) int {
	n := 0
	for n < len(w) && n < 3 && w[n].plain() && w[n].capital() && !positionHeads[w[n].bare()] {
		n++
	}
	if n > 0 || len(w) == 0 || !w[0].plain() || positionHeads[w[0].bare()] {
		return n
	}
	if len(w) <= 3 && plainName(w) {
		return len(w)
	}
	return 1
}

// city takes г. Казань. After a preposition the name is not in its own form, and after a number г is grams
// or a year.
func (p *line) city() {
	text := p.text()
	for _, m := range cityShape.FindAllStringSubmatchIndex(text, -1) {
		before := strings.TrimRight(text[:m[0]], " ")
		if p.d.Profile.City != "" || !wordStarts(text, m[0]) || endsDigit(before) || endsPreposition(before) {
			continue
		}
		end := m[3]
		tail := text[m[1]:]
		if m[4] < m[5] && (cityPairs.MatchString(text[m[2]:m[3]]) || closesSegment(tail) && !p.afterSegmentStart(before)) {
			end = m[5]
		}
		if fits(p.rest[m[2]:end]) {
			p.d.Profile.City = text[m[2]:end]
			p.take(m[0], end)
		}
	}
}

func endsPreposition(s string) bool {
	switch s[strings.LastIndexAny(s, " ,;\n\x1f")+1:] {
	case "из", "в", "во", "по", "под", "до", "от", "Из", "В", "По":
		return true
	}
	return false
}

func closesSegment(tail string) bool {
	return tail == "" || strings.ContainsRune(",;\n\x1f", rune(tail[0]))
}

// afterSegmentStart reports whether something stands before the city in its segment.
func (p *line) afterSegmentStart(before string) bool {
	return before != "" && !strings.ContainsRune(",;\n\x1f", rune(before[len(before)-1]))
}

// bigCity takes a segment that is the name of a big city.
func (p *line) bigCity() {
	for _, s := range p.segments() {
		part := cleanLine(string(p.rest[s.start:s.end]))
		if p.d.Profile.City == "" && bigCities[strings.ToLower(part)] {
			p.d.Profile.City = part
			p.take(s.start, s.end)
		}
	}
}
