package card_test

import (
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
)

func TestNextContactCanBeToday(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(crm.Profile{Name: "Иванов"})
	anna.Say("/start c_" + string(c.ID))
	anna.PressData(anna.Message(), talk.Data{Verb: talk.VerbDay, ID: string(c.ID), Arg: "next_contact:"}.Pack())
	anna.Press("•20")
	if got, err := k.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || !got.NextContact.After(k.Clock.Now()) {
		t.Errorf("got %v, %v; said %q", got.NextContact, err, anna.Toast())
	}
}

func TestACustomDateCanBeAnyDay(t *testing.T) {
	k := talktest.New(t, card.Register)
	k.SaveTeam(func(team *crm.Team) {
		team.Fields = []crm.CustomField{{ID: "met", Name: "Знакомство", Kind: crm.FieldDate}}
	})
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(crm.Profile{Name: "Иванов"})
	anna.Say("/start c_" + string(c.ID))
	for label, want := range map[string]string{"19": "2026-11-19", "21": "2026-11-21"} {
		anna.PressData(anna.Message(), talk.Data{Verb: talk.VerbDay, ID: string(c.ID), Arg: "x.met:"}.Pack())
		anna.Press(label)
		if got, err := k.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || got.Custom["met"] != want {
			t.Errorf("got %q, %v; want %s", got.Custom["met"], err, want)
		}
	}
}
