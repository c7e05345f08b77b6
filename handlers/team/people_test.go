package team_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kartoteka/crm"
)

// A manager of a large team turns pages: what does not fit a message would be cut off, and nobody would know.
func TestManagersTurnPagesOfTheTeam(t *testing.T) {
	k := kit(t)
	k.Member("Анна", crm.RoleOwner, "ru")
	ivan := k.Member("Иван", crm.RoleManager, "ru")
	long := strings.Repeat("Ы", 60)
	for i := range 58 {
		k.Member(fmt.Sprintf("%02d%s", i, long), crm.RoleManager, "ru")
	}
	ivan.Say("/team")
	text := ivan.Screen().Text
	for range 2 {
		ivan.Press("Дальше ›")
		text += ivan.Screen().Text
	}
	for i := range 58 {
		if name := fmt.Sprintf("%02dЫЫ", i); strings.Count(text, name) != 1 {
			t.Errorf("%s is named %d times", name, strings.Count(text, name))
		}
	}
}

// While clients of somebody are on their way, they can be taken out of the team all the same.
func TestWhoHandsOverCanBeRemoved(t *testing.T) {
	k := kit(t)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	ivan, petr := k.Member("Иван", crm.RoleManager, "ru"), k.Member("Пётр", crm.RoleManager, "ru")
	ivan.Add(crm.Profile{Name: "Клиент Один"})
	m, err := k.Store.Member(t.Context(), k.Team.ID, ivan.Actor.ID)
	if err != nil {
		t.Fatal(err)
	}
	m.Rev++
	m.Handing = crm.Handing{Cause: "u900", By: anna.Actor.ID, To: []crm.MemberID{petr.Actor.ID}, Begun: k.Clock.Now(), Total: 1}
	if err := k.Store.SaveMember(t.Context(), m, crm.Event{ID: "u900.0", Team: m.Team, Schema: 1, Action: crm.ActionGoOn, Record: string(m.ID), Rev: m.Rev,
		By: anna.Actor.ID, At: k.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	anna.Say("/team")
	anna.Press("Иван · 1 клиент")
	wantIn(t, anna.Screen().Text, "Передаётся: 0 из 1")
	for _, row := range anna.Labels() {
		if slices.Contains(row, "Передать клиентов") {
			t.Errorf("handed over twice at once: %q", row)
		}
	}
	anna.Press("Убрать из команды")
	anna.Press("Пётр")
	anna.Press("Убрать из команды")
	wantIn(t, anna.Screen().Text, "Иван", "Пётр", "1 клиент")
	if m, err := k.Store.Member(t.Context(), k.Team.ID, m.ID); err != nil || m.Removed.IsZero() || m.Handing.Sum() != 1 {
		t.Errorf("got %+v, %v", m, err)
	}
}
