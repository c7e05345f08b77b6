package talk

import (
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
)

const (
	whomPage = 20  // people that a message offers
	whomName = 22  // characters of a name, two in a row
	turned   = "~" // in front of a page's number, in the place of a member's id
)

// Turned reports whether what a button of Whom carries in the place of a member's id asks for another page.
func Turned(choice string) bool { return strings.HasPrefix(choice, turned) }

// Whom are the buttons of the people to choose from, a page of them: pick makes a button that carries a member's id, or in its place
// which page is shown next. Choice is what the button that was pressed carried there; of what is no page it is the first.
func (t *Turn) Whom(people []crm.Member, choice string, pick func(label, choice string) chat.Button) [][]chat.Button {
	page, _ := strconv.Atoi(strings.TrimPrefix(choice, turned))
	span := SpanOf(page, whomPage, len(people))
	var choices []chat.Button
	for _, m := range people[span.From:span.To] {
		choices = append(choices, pick(fit.Line(m.Name, whomName), string(m.ID)))
	}
	turns := span.Turns(t, func(label string, page int) chat.Button { return pick(label, turned+strconv.Itoa(page)) })
	return append(Rows(2, choices...), turns...)
}
