package talk

import (
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
)

// Numbers are those of a short answer, «45 дней», «10, 3 и 0»; ok is false if there is anything in it but numbers and the words
// that stand beside days.
func (t *Turn) Numbers(text string) (all []int, ok bool) {
	items, ok := Items(text, " ,;", t.T.Label("setting_words.days"), func(item string) (string, bool) {
		_, err := strconv.ParseUint(item, 10, 16)
		return item, err == nil
	})
	for _, item := range items {
		n, _ := strconv.Atoi(item) // it is one
		all = append(all, n)
	}
	return all, ok && len(all) > 0
}

// Items are the items of a line without the words that may stand beside them; none if one of them cannot be read.
func Items(text, between, words string, read func(string) (string, bool)) (out []string, ok bool) {
	for _, item := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(between, r) }) {
		if slices.Contains(strings.Fields(words), item) {
			continue
		}
		value, ok := read(item)
		if !ok {
			return nil, false
		}
		out = append(out, value)
	}
	return out, true
}

// Misread reports whether a text that could not be read as a number or an hour was meant for one: it has digits that are no
// phone. Anything else is what it would be without the question.
func Misread(text string) bool {
	return strings.ContainsAny(text, "0123456789") && len(crm.FindPhones(text, "")) == 0
}
