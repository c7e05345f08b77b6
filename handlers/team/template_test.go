package team_test

import (
	"slices"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// An update that comes twice loses no way back: the parts that were there before the change come back by the first message's button.
func TestATemplateSetTwiceCanBeTakenBack(t *testing.T) {
	k := kit(t)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	anna.PressData(0, "templ||")
	in := chat.Incoming{Update: 9001, Message: 9001, Text: "Итог\nДальше"}
	anna.Send(in)
	first := anna.Message()
	anna.PressData(0, "templ||") // the second delivery finds the question open again
	anna.Send(in)
	for _, row := range anna.Labels() {
		if slices.Contains(row, "Вернуть прежний шаблон") {
			t.Error("the second message offers a way back to what is there")
		}
	}
	anna.PressData(first, "templ||back")
	if team, err := k.Desk.Team(t.Context(), anna.By()); err != nil || len(team.NoteParts) > 0 {
		t.Errorf("after the way back the parts are %q, %v; want the usual ones", team.NoteParts, err)
	}
	if anna.Toast() != "Вернули прежний шаблон" {
		t.Errorf("it says %q", anna.Toast())
	}
}
