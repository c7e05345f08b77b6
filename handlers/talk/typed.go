package talk

import (
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/spell"
	"kartoteka/handlers/chat"
)

// TypedButton is the button of these whose words were typed instead of pressing it.
func TypedButton(rows [][]chat.Button, text string) (Data, bool) {
	for _, row := range rows {
		for _, b := range row {
			if d, err := Parse(b.Data); err == nil && spell.Fold(b.Text) == spell.Fold(text) {
				return d, true
			}
		}
	}
	return Data{}, false
}

// Misread reports whether a text that could not be read as a number or an hour was meant for one: it has digits that are no
// phone. Anything else is what it would be without the question.
func Misread(text string) bool {
	return strings.ContainsAny(text, "0123456789") && len(crm.FindPhones(text, "")) == 0
}
