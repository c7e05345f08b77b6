package card

import (
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/fit"
	"kartoteka/locales"
)

// Names are what crm.Desk calls things in the notes that it writes.
type Names struct{ Catalog *locales.Catalog }

// Field is what a field of every team is called.
func (n Names) Field(lang string, f crm.Field) string {
	return Label(n.Catalog.For(lang), crm.Team{}, f)
}

// Value is a value of a field as people read it.
func (n Names) Value(lang string, f crm.Field, value string) string {
	return Chosen(n.Catalog.For(lang), f, value)
}

// Date is a day as people read it, without the year if that is not known.
func (n Names) Date(lang string, d civil.Date) string { return n.Catalog.For(lang).Date(d) }

// Left is what a draft did not take, in a line.
func Left(t *locales.Texts, team crm.Team, l crm.Leftover) string {
	text, day := l.Parts(team)
	return Label(t, team, l.Field) + ": " + strings.TrimSpace(Chosen(t, l.Field, text)+" "+t.Date(day))
}

// Chosen is a value of a field among whose values is chosen, in words; of any other as it is.
func Chosen(t *locales.Texts, f crm.Field, value string) string {
	prefix := map[crm.Field]string{crm.FieldClientKind: "kind.", crm.FieldStage: "stage.", crm.FieldStatus: "status.", crm.FieldChannel: "channel."}[f]
	if prefix == "" || !t.Has(prefix+value) {
		return value
	}
	return t.Label(prefix + value)
}

// What Listed shows: how many names, each how long, in UTF-16 units.
const (
	mostListed = 5
	listedName = 40
)

// Listed are the names of the first of some cards, and how many more there are; "" for none.
func Listed(t *locales.Texts, cards []crm.Client) string {
	var names []string
	for _, c := range cards[:min(len(cards), mostListed)] {
		names = append(names, fit.Line(c.Name, listedName))
	}
	list := strings.Join(names, ", ")
	if more := len(cards) - len(names); more > 0 {
		list += t.Label("mass.and_more", "more", more)
	}
	return list
}
