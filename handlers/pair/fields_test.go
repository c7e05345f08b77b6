package pair_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/pair"
	"kartoteka/handlers/talk/talktest"
)

// Of two cards that differ in very many fields each can be chosen, and the message holds.
func TestManyFieldsDiffer(t *testing.T) {
	const own = 20
	k := talktest.New(t, card.Register, pair.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	k.SaveTeam(func(team *crm.Team) {
		for i := range own {
			id := crm.FieldID(fmt.Sprintf("f%02d", i))
			team.Fields = append(team.Fields, crm.CustomField{ID: id, Name: fmt.Sprintf("Поле %02d %s", i, strings.Repeat("ы", 30)), Kind: crm.FieldText})
		}
	})
	add := func(value string) crm.Client {
		t.Helper()
		p := crm.Profile{Name: "Иванов Иван", Phones: []crm.Phone{{E164: "+79001234567"}}, Custom: map[crm.FieldID]string{}}
		for i := range own {
			p.Custom[crm.FieldID(fmt.Sprintf("f%02d", i))] = value
		}
		k.Clock.Advance(time.Minute)
		c, err := k.Desk.AddClient(t.Context(), anna.By(), crm.Draft{Profile: p}, true)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := add(strings.Repeat("первое ", 10))
	add(strings.Repeat("второе ", 10))
	anna.Say("/duplicates")
	fits := func(want string) {
		t.Helper()
		text := anna.Screen().Text
		if n := len([]rune(text)); n > 4096 || !strings.Contains(text, want) {
			t.Errorf("%d characters, want %q:\n%s", n, want, text)
		}
	}
	fits("Поля 1–8 из 20")
	anna.Press("Выбрать поля")
	seen := 0
	for page := range 3 {
		fits(fmt.Sprintf("Поля %d–%d из 20", 8*page+1, min(8*page+8, own)))
		for _, row := range anna.Labels() {
			if strings.HasPrefix(row[0], "Поле ") {
				seen++
			}
		}
		if page < 2 {
			anna.Press("Дальше ›")
		}
	}
	if seen != own {
		t.Errorf("%d of %d fields can be chosen", seen, own)
	}
	last := anna.Labels()[3][0]
	anna.Press(last) // the page stays
	fits("Поля 17–20 из 20")
	anna.Press("‹ Раньше")
	fits("Поля 9–16 из 20")
	anna.Press("Объединить")
	now, err := k.Desk.Client(t.Context(), anna.By(), first.ID)
	if err != nil || !strings.HasPrefix(now.Custom["f19"], "второе") || !strings.HasPrefix(now.Custom["f18"], "первое") {
		t.Errorf("got %q and %q, %v", now.Custom["f18"], now.Custom["f19"], err)
	}
}
