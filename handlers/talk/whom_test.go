package talk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/find"
	"kartoteka/handlers/record"
	"kartoteka/handlers/remind"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
	"kartoteka/handlers/team"
)

// Wherever one of the team is chosen, each of a large one can be.
func TestEachOfALargeTeamCanBeChosen(t *testing.T) {
	const people = 120
	press := func(v talk.Verb, id, arg string) func(*talktest.Person) {
		return func(p *talktest.Person) { p.PressData(p.Message(), talk.Data{Verb: v, ID: id, Arg: arg}.Pack()) }
	}
	labels := func(all ...string) func(*talktest.Person) {
		return func(p *talktest.Person) {
			for _, label := range all {
				p.Press(label)
			}
		}
	}
	k := talktest.New(t, card.Register, find.Register, remind.Register, record.Register,
		func(r *talk.Router) { team.Register(r, 0) })
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	var names []string
	for i := range people {
		names = append(names, fmt.Sprintf("Менеджер %03d", i))
		k.Clock.Advance(time.Second)
		k.Member(names[i], crm.RoleManager, "ru")
	}
	c := anna.Add(crm.Profile{Name: "Иванов Иван"})
	if _, err := k.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Text: "позвонить", Due: k.Clock.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func(*talktest.Person){
		"a card":            press(talk.VerbHand, string(c.ID), ""),
		"a task":            func(p *talktest.Person) { p.Say("/tasks"); labels("1", "Ещё…", "Передать")(p) },
		"marked clients":    labels("Выбрать", "▫️ Иванов Иван", "Передать: 1"),
		"many clients":      labels("Выбрать", "Изменить всех: 1", "Передать"),
		"all of a member's": press(talk.VerbMember, string(anna.Actor.ID), "hand"),
		"who stands in":     press(talk.VerbAway, string(anna.Actor.ID), "d-2026-11-25-2026-11-27=~0"),
		"whose doings":      press(talk.VerbAudit, "", "7.who"),
	} {
		t.Run(name, func(t *testing.T) {
			anna.Say("/clients")
			open(anna)
			var offered []string
			for {
				rows := slices.Concat(anna.Labels()...)
				if len(rows) > 30 {
					t.Fatalf("a message has %d buttons", len(rows))
				}
				for _, label := range rows {
					if strings.HasPrefix(label, "Менеджер ") {
						offered = append(offered, label)
					}
				}
				if !slices.Contains(rows, "Дальше ›") {
					break
				}
				anna.Press("Дальше ›")
			}
			if slices.Sort(offered); !slices.Equal(offered, names) {
				t.Errorf("offered are %d of %d: %q", len(offered), people, anna.Screen().Text)
			}
			anna.Press("‹ Раньше")
			if !slices.Contains(slices.Concat(anna.Labels()...), "Дальше ›") {
				t.Errorf("there is no way on from the page before: %q", anna.Labels())
			}
		})
	}
	anna.Say("/clients")
	press(talk.VerbHand, string(c.ID), "~5")(anna)
	anna.Press(names[people-1])
	if now, err := k.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || now.Owner == anna.Actor.ID {
		t.Errorf("the card is %s's, %v", now.Owner, err)
	}
}
