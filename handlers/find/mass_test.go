package find_test

import (
	"fmt"
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/talk/talktest"
)

// plain is the text of the last screen with the spaces that people read.
func plain(text string) string { return strings.ReplaceAll(text, "\u00a0", " ") }

// many gives somebody so many clients at once.
func many(t *testing.T, k *talktest.Kit, p *talktest.Person, n int) {
	t.Helper()
	var batch []crm.ClientChange
	for i := range n {
		id := crm.NewClientID(k.Team.ID, "many", i)
		name := fmt.Sprintf("клиент %05d", i)
		batch = append(batch, crm.ClientChange{
			Client: crm.Client{ID: id, Team: k.Team.ID, Rev: 1, Schema: 1, Profile: crm.Profile{Name: name}, SortName: name,
				Stage: crm.StageLead, Status: crm.StatusLead, Owner: p.Actor.ID, Created: k.Clock.Now(), Updated: k.Clock.Now()},
			Event: crm.Event{ID: crm.Cause("many").EventID(i), Team: k.Team.ID, Schema: 1, Action: crm.ActionAddClient, Record: string(id), Rev: 1,
				By: p.Actor.ID, At: k.Clock.Now()},
		})
	}
	if err := k.Store.SaveClients(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// Of a very long list the number is not looked up again on each page, but whenever it begins.
func TestAVeryLongListIsCountedWhereItBegins(t *testing.T) {
	k := newKit(t)
	olga := k.Member("Ольга", crm.RoleOwner, "ru")
	many(t, k, olga, 10_000)
	shows := func(want string) {
		t.Helper()
		if got := plain(first(olga)); got != want {
			t.Errorf("shows %q, want %q", got, want)
		}
	}
	olga.Say("/clients")
	shows("<b>Мои клиенты</b> · 1–8 из 10 000")
	olga.Add(crm.Profile{Name: "Новый"})
	olga.Press("Дальше ›")
	shows("<b>Мои клиенты</b> · 9–16 из 10 000")
	olga.Press("‹ Раньше")
	shows("<b>Мои клиенты</b> · 1–8 из 10 001")
}

// Of a long list the number is the whole one, on the button too; a change of all of it that was stopped says how far it got.
func TestALongListIsChangedTogether(t *testing.T) {
	k := newKit(t)
	olga := k.Member("Ольга", crm.RoleOwner, "ru")
	many(t, k, olga, 1020)
	olga.Say("/clients")
	if got := plain(olga.Screen().Text); !strings.Contains(got, "1 020") {
		t.Errorf("the list says %q", got)
	}
	olga.Press("Выбрать")
	var all string
	for _, row := range olga.Labels() {
		for _, label := range row {
			if strings.HasPrefix(label, "Изменить всех") {
				all = label
			}
		}
	}
	if plain(all) != "Изменить всех: 1 020" {
		t.Errorf("the button says %q", all)
	}
	olga.Press(all)
	if got := plain(olga.Screen().Text); !strings.Contains(got, "1 020") {
		t.Errorf("asked: %q", got)
	}
	for _, label := range []string{"В архив", "Да, изменить", "Остановить"} {
		olga.Press(label)
	}
	if got := plain(olga.Screen().Text); !strings.Contains(got, "Остановлено") || !strings.Contains(got, "600 из 1 020") {
		t.Errorf("stopped: %q", got)
	}
	olga.Press("Отменить всё")
	if got := plain(olga.Screen().Text); !strings.Contains(got, "Вернули как было") || !strings.Contains(got, "600") {
		t.Errorf("taken back: %q", got)
	}
}

// Who may change all and archive only their own is asked about as many as that will be.
func TestChangeAllThatOneMay(t *testing.T) {
	k := newKit(t)
	k.SaveTeam(func(team *crm.Team) { team.Shared = true })
	olga, ivan := k.Member("Ольга", crm.RoleOwner, "ru"), k.Member("Иван", crm.RoleManager, "ru")
	ivan.Add(crm.Profile{Name: "Свой"})
	olga.Add(crm.Profile{Name: "Чужой"})
	ivan.Say("/clients")
	ivan.Press("Все клиенты")
	if len(rows(ivan)) != 2 {
		t.Fatalf("listed are %q", rows(ivan))
	}
	ivan.Press("Выбрать")
	ivan.Press("Изменить всех: 2")
	ivan.Press("В архив")
	if got := ivan.Screen().Text; !strings.Contains(got, "1 клиент") {
		t.Errorf("asked: %q", got)
	}
}
