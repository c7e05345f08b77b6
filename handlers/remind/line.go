package remind

import (
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/fit"
)

// How much a list shows, so that the longest one stays below Telegram's 4,096 UTF-16 units; lengths are in those units.
const (
	maxLines = 15  // things to do in a list
	maxLine  = 80  // of what is to be done, in a list
	maxName  = 40  // of a name among others in one line
	maxLabel = 36  // of a button
	maxHalf  = 18  // of one of two buttons in a row, on a phone
	perRow   = 5   // buttons with numbers
	maxAsked = 300 // of a text that is not a task yet
	maxSaid  = 100 // of what was said last, on a reminder
	maxNote  = 160 // of what was noted of a client, on a reminder
)

// nameLabel is one of so many buttons with a client's name, two in a row: of a long name of a person the first two words.
func nameLabel(mark string, c crm.Client, of int) string {
	name, room := fit.OneLine(c.Name), maxHalf-fit.Units(mark)
	if of == 1 {
		return mark + fit.Line(name, maxLabel-fit.Units(mark))
	}
	if words := strings.Fields(name); c.Kind == crm.KindPerson && fit.Units(name) > room && len(words) > 2 {
		name = words[0] + " " + words[1]
	}
	return mark + fit.Line(name, room)
}
