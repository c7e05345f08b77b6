package team_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
	"kartoteka/handlers/team"
)

func kit(t *testing.T) *talktest.Kit {
	t.Helper()
	return talktest.New(t, func(r *talk.Router) { team.Register(r, 0) })
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

// link is the start parameter of the link in a text.
func link(t *testing.T, text string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "?start=")
	if !ok {
		t.Fatalf("no link in:\n%s", text)
	}
	return strings.Fields(rest)[0]
}

func TestStrangerIsToldOnce(t *testing.T) {
	k := kit(t)
	s := k.Stranger("Пётр", "ru")
	s.Say("/start")
	wantIn(t, s.Screen().Text, "Доступ по приглашению")
	n := len(k.Out.Sent(s.User))
	s.Say("/start")
	s.Say("кто тут")
	s.Inline("ромаш", "")
	if got := len(k.Out.Sent(s.User)); got != n {
		t.Errorf("a stranger was told %d times", got)
	}
}

func TestInviteLetsOnePersonInOnce(t *testing.T) {
	k := kit(t)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/invite")
	anna.Press("Менеджер")
	anna.Press("7 дней")
	start := link(t, anna.Screen().Text)
	ivan, petr := k.Stranger("Иван", "en"), k.Stranger("Пётр", "ru")
	ivan.Say("/start " + start)
	wantIn(t, ivan.Screen().Text, "Hello, ")
	petr.Say("/start " + start)
	wantIn(t, petr.Screen().Text, "больше не действует")
	ivan.Say("/invite")
	wantIn(t, ivan.Screen().Text, "no right")
	anna.Say("/team")
	wantIn(t, anna.Screen().Text, "2 человека", "Анна · владелец", "менеджер")
}

func TestInviteExpires(t *testing.T) {
	k := kit(t)
	anna := k.Member("Anna", crm.RoleOwner, "en")
	anna.Say("/invite")
	anna.Press("Manager")
	anna.Press("1 day")
	start := link(t, anna.Screen().Text)
	k.Clock.Advance(25 * time.Hour)
	ivan := k.Stranger("Ivan", "en")
	ivan.Say("/start " + start)
	wantIn(t, ivan.Screen().Text, "no longer works")
}

func TestSettings(t *testing.T) {
	k := kit(t)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/settings")
	anna.Press("Команда")
	wantIn(t, anna.Screen().Text, "только своих клиентов")
	anna.Press("Открыть клиентов")
	wantIn(t, anna.Screen().Text, "Открыть всех клиентов менеджерам?")
	if team, err := k.Desk.Team(t.Context(), anna.By()); err != nil || team.Shared {
		t.Errorf("opened before it was confirmed, %v", err)
	}
	anna.Press("Открыть клиентов")
	wantIn(t, anna.Screen().Text, "видят всех клиентов")
	anna.Press("Только свои клиенты")
	wantIn(t, anna.Screen().Text, "только своих клиентов")
	anna.Press("Назад")
	anna.Press("Часовой пояс")
	anna.Press("Владивосток")
	wantIn(t, anna.Screen().Text, "Владивосток, сейчас 19:00")
	anna.Press("Часовой пояс")
	anna.Say("Вкусносырск")
	wantIn(t, anna.Screen().Text, "Не знаю такого города")
	anna.Press("Назад")
	anna.Press("English")
	wantIn(t, anna.Screen().Text, "Language: English")
}

func TestManagerCannotChangeTheTeam(t *testing.T) {
	k := kit(t)
	ivan := k.Member("Иван", crm.RoleManager, "ru")
	ivan.Say("/settings")
	at := ivan.Message()
	for _, d := range []talk.Data{
		{Verb: talk.VerbShared, Arg: "on"}, {Verb: talk.VerbShared, Arg: "on!"}, {Verb: talk.VerbCustomAdd}, {Verb: talk.VerbCustomDel, ID: "abc", Arg: "yes"},
		{Verb: talk.VerbInvite, Arg: "owner=30"}, {Verb: talk.VerbCustom},
	} {
		ivan.PressData(at, d.Pack())
		wantIn(t, ivan.Toast(), "нет прав")
	}
}

func TestOwnFields(t *testing.T) {
	k := kit(t)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/fields")
	anna.Press("Добавить поле")
	anna.Say("Размер")
	anna.Press("Выбор из списка")
	anna.Say("один")
	wantIn(t, anna.Screen().Text, "от 2 до 20")
	anna.Say("S, M, L")
	wantIn(t, anna.Screen().Text, "Размер — выбор из списка", "S, M, L")
	anna.Press("Размер")
	anna.Press("Убрать «Размер»")
	anna.Press("Убрать")
	wantIn(t, anna.Screen().Text, "Пока нет ни одного")
}

func TestCommandParksAnOpenForm(t *testing.T) {
	k := kit(t)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/fields")
	anna.Press("Добавить поле")
	anna.Say("Размер")
	anna.Say("/help")
	sent := k.Out.Sent(anna.User)
	parked := sent[len(sent)-2]
	wantIn(t, parked.Text, "Отложено", "Ничего не пропало")
	anna.PressData(anna.Message()-1, parked.Buttons[0][0].Data)
	anna.Press("Число")
	wantIn(t, anna.Screen().Text, "Размер — число")
}

// A start gives every member the menu of their role, those who do nothing as well; the next one only those whom it brings another.
func TestMenusOfAStart(t *testing.T) {
	k := kit(t)
	anna, ivan, gone := k.Member("Анна", crm.RoleOwner, "ru"), k.Member("Ivan", crm.RoleManager, "en"), k.Member("Пётр", crm.RoleManager, "ru")
	if _, err := k.Desk.RemoveMember(t.Context(), anna.By(), gone.By().ID, []crm.MemberID{anna.By().ID}); err != nil {
		t.Fatal(err)
	}
	team.SetMenus(t.Context(), k.Options, func(context.Context) error { return nil })
	if got := k.Out.MenuOf(anna.User); !slices.Contains(got, "invite") {
		t.Errorf("the owner's menu: %v", got)
	}
	if got := k.Out.MenuOf(ivan.User); !slices.Contains(got, "add") || slices.Contains(got, "invite") {
		t.Errorf("the manager's menu: %v", got)
	}
	if got := k.Out.MenuOf(gone.User); len(got) > 0 {
		t.Errorf("who has left: %v", got)
	}
	for _, user := range []int64{anna.User, ivan.User} {
		if err := k.Out.Menu(t.Context(), user, nil); err != nil {
			t.Fatal(err)
		}
	}
	m := ivan.By().Member
	m.Role, m.Rev = crm.RoleAnalyst, m.Rev+1
	if err := k.Store.SaveMember(t.Context(), m, crm.Event{ID: "analyst", Team: m.Team, Rev: m.Rev}); err != nil {
		t.Fatal(err)
	}
	team.SetMenus(t.Context(), k.Options, func(context.Context) error { return nil })
	if got := k.Out.MenuOf(anna.User); len(got) > 0 {
		t.Errorf("the same menu once more: %v", got)
	}
	if got := k.Out.MenuOf(ivan.User); !slices.Contains(got, "funnel") || slices.Contains(got, "add") {
		t.Errorf("the analyst's menu: %v", got)
	}
}

func TestMenuIsOfTheRole(t *testing.T) {
	k := kit(t)
	anna, ivan := k.Member("Анна", crm.RoleOwner, "ru"), k.Member("Иван", crm.RoleManager, "ru")
	anna.Say("/start")
	ivan.Say("/start")
	if got := k.Out.MenuOf(anna.User); !slices.Contains(got, "invite") || !slices.Contains(got, "fields") {
		t.Errorf("the owner's menu is %v", got)
	}
	if got := k.Out.MenuOf(ivan.User); !slices.Contains(got, "add") || slices.Contains(got, "invite") || slices.Contains(got, "fields") {
		t.Errorf("a manager's menu is %v", got)
	}
}
