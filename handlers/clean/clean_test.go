package clean_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/clean"
	"kartoteka/handlers/find"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
)

func kit(t *testing.T) (*talktest.Kit, *talktest.Person) {
	t.Helper()
	k := talktest.New(t, func(r *talk.Router) {
		card.Register(r)
		clean.Register(r)
		find.Register(r)
	})
	return k, k.Member("Анна", crm.RoleOwner, "ru")
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

// A wrong number is corrected by typing the right one, by sharing it, or goes with one tap; the right ones stay.
func TestWrongPhonesAreMended(t *testing.T) {
	k, anna := kit(t)
	wrong := crm.Phone{E164: "+7900123"}
	both := anna.Add(crm.Profile{Name: "Волков", Phones: []crm.Phone{{E164: "+79001112233"}, wrong}})
	shared := anna.Add(crm.Profile{Name: "Ким", Phones: []crm.Phone{{E164: "+7900124"}}})
	dropped := anna.Add(crm.Profile{Name: "Соколова", Phones: []crm.Phone{{E164: "+7900125"}}})
	anna.Say("/quality")
	anna.Press("Неверный номер: 3")
	anna.Press("Навести порядок")
	for range 3 {
		text := anna.Screen().Text
		wantIn(t, text, "По этому номеру не позвонить")
		switch {
		case strings.Contains(text, "👤 Волков"):
			anna.Say("8 900 111-22-44")
		case strings.Contains(text, "👤 Ким"):
			anna.Send(chat.Incoming{Contact: &chat.Contact{Phone: "+79001112255", First: "Ким"}})
		default:
			anna.Press("Убрать номер")
		}
	}
	wantIn(t, anna.Screen().Text, "Готово, спасибо", "Заполнено карточек: 3")
	for id, want := range map[crm.ClientID]string{both.ID: "+79001112233 +79001112244", shared.ID: "+79001112255", dropped.ID: ""} {
		c, err := k.Desk.Client(t.Context(), anna.By(), id)
		var got []string
		for _, p := range c.Phones {
			got = append(got, p.E164)
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s has %v, %v; want %s", c.Name, got, err, want)
		}
	}
}

// A round is ten cards; the next one goes on behind them. The words of a button are as good as a press.
func TestRoundGoesOnBehindItsCards(t *testing.T) {
	k, anna := kit(t)
	for n := range 12 {
		k.Clock.Advance(time.Second)
		anna.Add(crm.Profile{Name: fmt.Sprintf("Клиент %02d", n)})
	}
	anna.Say("/quality")
	anna.Press("Без телефона: 12")
	anna.Press("Навести порядок")
	wantIn(t, anna.Screen().Text, "1 из 10", "Клиент 11")
	anna.Say("пропустить")
	wantIn(t, anna.Screen().Text, "2 из 10", "Клиент 10")
	first, skip := anna.Message(), anna.Button("Пропустить").Data
	anna.PressData(first, skip)
	anna.PressData(first, skip) // the same press again skips nothing more
	wantIn(t, anna.Screen().Text, "3 из 10", "Клиент 09")
	for range 8 {
		anna.Press("Пропустить")
	}
	wantIn(t, anna.Screen().Text, "Пропущено: 10")
	anna.Press("Ещё десять")
	wantIn(t, anna.Screen().Text, "1 из 2", "Клиент 01")
	anna.Press("В архив")
	anna.Press("Остальное верно")
	wantIn(t, anna.Screen().Text, "В архив: 1", "Подтверждено: 1")
	anna.Say("/quality")
	wantIn(t, anna.Screen().Text, "11 клиентов")
}

// A stage that nobody has looked at, and a client whom nobody looks after.
func TestRoundSetsStageAndManager(t *testing.T) {
	k, anna := kit(t)
	ivan := k.Member("Иван", crm.RoleManager, "ru")
	petr := k.Member("Пётр", crm.RoleManager, "ru")
	c := ivan.Add(crm.Profile{Name: "Волков"})
	k.Clock.Advance(40 * 24 * time.Hour)
	anna.Say("/quality")
	anna.Press("Давно в лидах: 1")
	anna.Press("Навести порядок")
	wantIn(t, anna.Screen().Text, "На каком этапе")
	anna.Press("Переговоры")
	wantIn(t, anna.Screen().Text, "Переговоры", "Заполнено карточек: 1")
	m, err := k.Store.Member(t.Context(), ivan.By().Team, ivan.By().ID)
	if err == nil {
		m.Removed, m.Rev = k.Clock.Now(), m.Rev+1
		err = k.Store.SaveMember(t.Context(), m, crm.Event{ID: "gone", Team: m.Team, Record: string(m.ID), Rev: m.Rev})
	}
	if err != nil {
		t.Fatal(err)
	}
	anna.Say("/quality")
	anna.Press("Без менеджера: 1")
	anna.Press("Навести порядок")
	wantIn(t, anna.Screen().Text, "никто не отвечает")
	anna.Press("Пётр")
	wantIn(t, anna.Screen().Text, "Волков: Пётр")
	if got, err := k.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || got.Owner != petr.By().ID || got.Stage != crm.StageNegotiation {
		t.Errorf("got %s, %s, %v", got.Owner, got.Stage, err)
	}
}

// However often something is typed that is no answer there is one card in the chat, and nothing has been written.
func TestOneCardWhateverIsTyped(t *testing.T) {
	k, anna := kit(t)
	c := anna.Add(crm.Profile{Name: "Волков", Phones: []crm.Phone{{E164: "+79001112233"}}})
	anna.Say("/quality")
	anna.Press("Без почты: 1")
	anna.Press("Навести порядок")
	for _, text := range []string{"хочу позвонить маме", "kim@", "ещё раз", "@@"} {
		anna.Say(text)
		cards := 0
		for id := range anna.Message() + 1 {
			if s, ok := k.Out.Shown(anna.User, id); ok && strings.Contains(s.Text, "1 из 1") {
				cards++
			}
		}
		if cards != 1 {
			t.Errorf("after %q there are %d cards", text, cards)
		}
		wantIn(t, anna.Screen().Text, "1 из 1", "Нет почты")
	}
	anna.Say("8 900 111-22-33") // whoever has it
	wantIn(t, anna.Screen().Text, "Волков", "+7 900 111-22-33")
	anna.Say("volkov@mail.ru")
	wantIn(t, anna.Screen().Text, "Волков: volkov@mail.ru", "Заполнено карточек: 1")
	anna.Press("Отменить")
	wantIn(t, anna.Screen().Text, "1 из 1", "Нет почты", "вернули как было")
	if got, err := k.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || len(got.Emails) > 0 {
		t.Errorf("got %v, %v", got.Emails, err)
	}
}

// A name that is typed for a source is a search; what takes any text takes all else.
func TestNameIsNoSource(t *testing.T) {
	_, anna := kit(t)
	anna.Add(crm.Profile{Name: "Волков Олег"})
	anna.Say("/quality")
	anna.Press("Без источника: 1")
	anna.Press("Навести порядок")
	anna.Say("волков")
	if text := anna.Screen().Text; strings.Contains(text, "✓") {
		t.Errorf("it was taken for a source:\n%s", text)
	}
	anna.Say("посоветовал сосед")
	wantIn(t, anna.Screen().Text, "✓ Волков Олег: посоветовал сосед")
}
