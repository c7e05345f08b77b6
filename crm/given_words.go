package crm

import (
	"slices"
	"strings"

	"kartoteka/crm/spell"
)

// GivenName is how a person is addressed: the given name out of «Фамилия Имя Отчество», «Имя Отчество», «Имя Фамилия»
// or "First Last". Where the order cannot be told it is the first word.
func GivenName(name string) string {
	words := strings.Fields(name)
	switch {
	case len(words) == 0:
		return ""
	case len(words) >= 3 && isPatronymic(spell.Fold(words[2])):
		return words[1]
	case len(words) == 2 && !isPatronymic(spell.Fold(words[1])) && secondIsGiven(spell.Fold(words[0]), spell.Fold(words[1])):
		return words[1]
	}
	return words[0]
}

// secondIsGiven reports of two folded words whether «Фамилия Имя» stands rather than «Имя Фамилия».
func secondIsGiven(first, second string) bool {
	if known := givenNames[second]; known != givenNames[first] {
		return known
	}
	return isSurname(first) && !isSurname(second)
}

// givenNames are frequent ones, folded: they tell the given name from the surname where endings do not.
var givenNames = spell.Set(`александр алексей анастасия андрей анна антон артем валентина валерий вера виктор виктория владимир галина
	дарья денис дмитрий евгений евгения екатерина елена иван игорь ирина кирилл ксения людмила максим марина мария михаил надежда
	наталия наталья никита николай оксана олег ольга павел петр роман светлана сергей станислав татьяна юлия юрий яна
	alexander alexey andrey anna dmitry elena ivan john maria michael natalia olga sergey`)

// belowSurname are the given name and the patronymic among the words of a folded name of several: fewer people are looked
// for by those. "" for what cannot be told. It is asked of the cards that a search considers.
func belowSurname(words []string) (given, patronymic string) {
	i := slices.IndexFunc(words, foldedPatronymic)
	switch {
	case len(words) < 2 || len(words) == 2 && i >= 0:
		return "", "" // the name says no surname
	case i > 0:
		return words[i-1], words[i]
	case len(words) == 2 && secondIsGiven(words[0], words[1]):
		return words[1], ""
	case len(words) == 2 || givenNames[words[0]]:
		return words[0], ""
	}
	return "", ""
}

// PartsOfName takes a person's name apart for a phone's book, which keeps the parts: «Фамилия Имя Отчество» in any order that can be told,
// "First Middle Last" in Latin letters. What is a single word is the given name.
func PartsOfName(name string) (family, given, middle string) {
	words := strings.Fields(name)
	folded := make([]string, len(words))
	for i, w := range words {
		folded[i] = spell.Fold(w)
	}
	last := len(words) - 1
	join := func(w []string) string { return strings.Join(w, " ") }
	switch {
	case last <= 0:
		return "", name, ""
	case last == 1 && isPatronymic(folded[1]):
		return "", words[0], words[1]
	case last == 2 && isMiddle(folded[1]) && !isMiddle(folded[2]):
		return words[2], words[0], words[1]
	case last == 1 && firstIsGiven(folded[0], folded[1]):
		return words[1], words[0], ""
	case spell.HasCyrillic(name), last == 1 && secondIsGiven(folded[0], folded[1]), last == 2 && isMiddle(folded[2]):
		return words[0], words[1], join(words[2:])
	}
	from := last // Ludwig van Beethoven
	for from > 1 && nameParticles[folded[from-1]] {
		from--
	}
	return join(words[from:]), words[0], join(words[1:from])
}

func isSurname(w string) bool {
	return hasEnding(w, "ов", "ев", "ин", "ын", "ова", "ева", "ина", "ына", "ский", "цкий", "ская", "цкая", "енко", "чук", "ян", "дзе", "швили")
}

func hasEnding(w string, endings ...string) bool { return endsIn(strings.ToLower(w), endings...) }

// endsIn reports whether a word in small letters has one of the endings, and more than that.
func endsIn(w string, endings ...string) bool {
	for _, e := range endings {
		if strings.HasSuffix(w, e) && len(w) > len(e)+2 {
			return true
		}
	}
	return false
}

// yo is the letter that many leave out, and folding makes е.
const yo = "ёЁ"
