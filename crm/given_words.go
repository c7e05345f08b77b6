package crm

import "strings"

// GivenName is how a person is addressed: the given name out of «Фамилия Имя Отчество», «Имя Отчество», «Имя Фамилия»
// or "First Last". Where the order cannot be told it is the first word.
func GivenName(name string) string {
	words := strings.Fields(name)
	switch {
	case len(words) == 0:
		return ""
	case len(words) >= 3 && isPatronymic(Fold(words[2])):
		return words[1]
	case len(words) == 2 && !isPatronymic(Fold(words[1])) && isSurname(words[0]) && !isSurname(words[1]):
		return words[1]
	}
	return words[0]
}

func isSurname(w string) bool {
	return hasEnding(w, "ов", "ев", "ёв", "ин", "ын", "ова", "ева", "ёва", "ина", "ына", "ский", "цкий", "ская", "цкая", "енко", "чук", "ян", "дзе", "швили")
}

func hasEnding(w string, endings ...string) bool {
	w = strings.ToLower(w)
	for _, e := range endings {
		if strings.HasSuffix(w, e) && len(w) > len(e)+2 {
			return true
		}
	}
	return false
}
