package demo

import (
	"fmt"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
)

// The people of the sandbox: who owns the base, who works in it, and who is a client of it.
var (
	Owner   = sandbox.PersonSpec{ID: 101, First: "Анна", Last: "Петрова", Username: "demo_anna", Lang: "ru"}
	Manager = sandbox.PersonSpec{ID: 102, First: "Ivan", Last: "Lee", Username: "demo_ivan", Lang: "en"}
	Client  = sandbox.PersonSpec{ID: 103, First: "Борис", Last: "Волков", Username: "demo_boris", Lang: "ru"}
)

// Group is a group of those who work in the base, with its topics.
const Group = "Отдел продаж"

// Topics of the group.
var Topics = []string{"Напоминания", "Новости"}

// Fields are what the owner added to the cards; Card.Extra has a value for each.
var Fields = []crm.CustomField{
	{Name: "Номер договора", Kind: crm.FieldText},
	{Name: "Рассрочка", Kind: crm.FieldChoice, Choices: []string{"нет", "3 месяца", "6 месяцев"}},
}

// extra fills the fields of clients who have bought something.
func (m *maker) extra(c *Card) {
	c.Extra = make([]string, len(Fields))
	if c.Stage != crm.StageClient {
		return
	}
	c.Extra[0] = fmt.Sprintf("К-%d/%d", 100+m.i, c.Created.Year())
	if m.chance(50) {
		c.Extra[1] = m.one(Fields[1].Choices)
	}
}
