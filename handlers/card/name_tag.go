package card

import (
	"kartoteka/crm"
	"kartoteka/handlers/fit"
)

// Company is where a client works, or what else tells namesakes apart; "" if nothing does.
func Company(c crm.Client) string {
	switch {
	case c.Company != "" && c.Company != c.Name:
		return c.Company
	case c.Position != "":
		return c.Position
	}
	return c.City
}

// MaxLabel is what of a button's label a phone held in one hand shows.
const MaxLabel = 36

// NameTag joins a name and a hint in one line of a button. What is too long of the name goes first, down to its half.
func NameTag(name, words string) string {
	if words = fit.OneLine(words); words == "" {
		return fit.Line(name, MaxLabel)
	}
	const between = " · "
	room := MaxLabel - fit.Units(between)
	name = fit.Line(name, max(room-fit.Units(words), room/2))
	return name + between + fit.Text(words, room-fit.Units(name))
}
