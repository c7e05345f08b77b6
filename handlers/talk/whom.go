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
	page = min(max(page, 0), max(len(people)-1, 0)/whomPage)
	from, to := page*whomPage, min(len(people), (page+1)*whomPage)
	var choices, turns []chat.Button
	for _, m := range people[from:to] {
		choices = append(choices, pick(fit.Line(m.Name, whomName), string(m.ID)))
	}
	if page > 0 {
		turns = append(turns, pick(t.T.Label("page.prev"), turned+strconv.Itoa(page-1)))
	}
	if to < len(people) {
		turns = append(turns, pick(t.T.Label("page.next"), turned+strconv.Itoa(page+1)))
	}
	return append(Rows(2, choices...), Rows(2, turns...)...)
}
