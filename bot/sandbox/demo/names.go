package demo

import (
	"strings"

	"kartoteka/crm"
)

// words is what cards of one language are made of. Lists begin with what is frequent.
type words struct {
	men, women     []string
	fathers        []string // patronymics, of men; Russian only
	surnames       []string // of men
	stems, endings []string // of rarer surnames
	cities         []string
	streets        []string
	address        string // of street and number
	firms          []string
	branches       []string // what a firm deals in
	forms          []string // of companies, of name and branch
	trader         string   // of a surname
	positions      []string
	sources        []string
	tags           []string
	interests      []string
	reasons        []string
	notes          []string
	tasks          tasks
	said           map[crm.Outcome][]string
}

// tasks are what there is to do about the first cards.
type tasks struct{ morning, later, overdue, weekly string }

// surname is a frequent one or one put together; two in five are rare, and there are some thousands of those.
func (w *words) surname(m *maker) string {
	s := m.one(w.surnames)
	if m.chance(40) {
		s = w.stems[m.IntN(len(w.stems))] + w.endings[m.IntN(len(w.endings))]
	}
	if m.woman && w.fathers != nil {
		return feminine(s)
	}
	return s
}

// full is the name as a card shows it: Фамилия Имя Отчество, or first and last name.
func (w *words) full(m *maker) string {
	if w.fathers == nil {
		return m.given + " " + m.sur
	}
	if m.chance(40) {
		return m.sur + " " + m.given
	}
	father := m.one(w.fathers)
	if m.woman {
		father = strings.TrimSuffix(father, "ич") + "на"
	}
	return m.sur + " " + m.given + " " + father
}

func (w *words) company(m *maker) string {
	name := m.one(w.firms)
	if m.chance(50) {
		name += "-" + m.one(w.branches)
	}
	return strings.Replace(m.one(w.forms), "%s", name, 1)
}

// feminine is a Russian surname as a woman bears it.
func feminine(s string) string {
	switch {
	case strings.HasSuffix(s, "ский"), strings.HasSuffix(s, "цкий"):
		return strings.TrimSuffix(s, "ий") + "ая"
	case strings.HasSuffix(s, "ов"), strings.HasSuffix(s, "ев"), strings.HasSuffix(s, "ёв"), strings.HasSuffix(s, "ин"):
		return s + "а"
	}
	return s
}

// letters gives the Latin for each Cyrillic letter of the names here.
var letters = strings.NewReplacer(
	"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "ё", "e", "ж", "zh", "з", "z", "и", "i", "й", "y",
	"к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f",
	"х", "h", "ц", "ts", "ч", "ch", "ш", "sh", "щ", "sch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya")

// latin is a word in small Latin letters and digits.
func latin(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, letters.Replace(strings.ToLower(s)))
}

// domain is a company's name as the beginning of its address: what stands in quotes if anything does.
func domain(company string) string {
	if _, rest, quoted := strings.Cut(company, "«"); quoted {
		company, _, _ = strings.Cut(rest, "»")
	}
	return latin(company)
}
