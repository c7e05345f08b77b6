package find

import (
	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
)

// company is where a client works, or what else tells namesakes apart; "" if nothing does.
func company(c crm.Client) string {
	switch {
	case c.Company != "" && c.Company != c.Name:
		return c.Company
	case c.Position != "":
		return c.Position
	}
	return c.City
}

// maxLabel is what of a button's label a phone held in one hand shows.
const maxLabel = 36

// clientButton opens a client of a list: the name, and a few words to know them by.
func clientButton(here place, c crm.Client, words string) chat.Button {
	here.what, here.client = whatOpen, c.ID
	return here.button(label(c.Name, words))
}

// label joins a name and a hint in one line of a button. What is too long of the name goes first, down to its half.
func label(name, words string) string {
	if words = fit.OneLine(words); words == "" {
		return fit.Line(name, maxLabel)
	}
	const between = " · "
	room := maxLabel - fit.Units(between)
	name = fit.Line(name, max(room-fit.Units(words), room/2))
	return name + between + fit.Text(words, room-fit.Units(name))
}
