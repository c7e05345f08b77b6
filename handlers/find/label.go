package find

import (
	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
)

// clientButton opens a client of a list: the name, and a few words to know them by.
func clientButton(here place, c crm.Client, words string) chat.Button {
	here.what, here.client = whatOpen, c.ID
	return here.button(card.NameTag(c.Name, words))
}
