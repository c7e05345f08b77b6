package remind_test

import (
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// The list that a whole group reads keeps its owner's language and greeting, whoever turns its page.
func TestAGroupsListSpeaksItsOwnersLanguage(t *testing.T) {
	const hall = int64(-100)
	o := newOffice(t)
	anna, ivan := o.Member("Анна Петрова", crm.RoleOwner, "ru"), o.Member("Ivan", crm.RoleManager, "en")
	team, err := o.Desk.LinkPlace(t.Context(), anna.By(), hall, 0, "Отдел")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Desk.SetReminding(t.Context(), anna.By(), func(r *crm.Reminding) { r.Place = team.Places[0].ID }); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		if _, err := o.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Text: fmt.Sprintf("дело %02d", i+1), Due: o.Clock.Now().Add(time.Duration(i+1) * time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	message, err := o.Out.Send(t.Context(), hall, chat.Screen{Text: "the list"})
	if err != nil {
		t.Fatal(err)
	}
	ivan.Send(chat.Incoming{Chat: chat.Chat{ID: hall, Group: true}, Message: message,
		Press: &chat.Press{ID: "press", Data: "agenda|" + string(anna.Actor.ID) + "|today.1"}})
	s, _ := o.Out.Shown(hall, message)
	wantIn(t, s.Text, "Доброе утро, Анна", "дело 11", "Для: Анна Петрова")
}
