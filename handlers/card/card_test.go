package card_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
)

func ivanov() crm.Profile {
	return crm.Profile{Name: "Иванов <b>Иван</b>", Company: "ООО «Ромашка»", Position: "закупщик",
		Phones: []crm.Phone{{E164: "+79001234567", Ext: "12"}}, Emails: []string{"ivan@romashka.ru"},
		Messengers: []crm.Messenger{{Kind: "telegram", Handle: "ivanov"}}, Birthday: civil.Date{Year: 1985, Month: 11, Day: 25}, Tags: []string{"опт"},
		City: "Казань", Source: "выставка"}
}

// open shows the client's card to a person.
func open(p *talktest.Person, c crm.Client) { p.Say("/start c_" + string(c.ID)) }

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

func TestCardShowsWhatIsKnown(t *testing.T) {
	for lang, want := range map[string][]string{
		"ru": {"<b>Иванов &lt;b&gt;Иван&lt;/b&gt;</b> 🟢", "🏢 ООО «Ромашка», закупщик", "📞 +7 900 123-45-67 доб. 12", "✉️ ivan@romashka.ru",
			"💬 @ivanov", "🎂 25 ноября, 41 год — через 5 дней", "🏷 опт", "Лид · потенциальный · ведёт Анна", "Город: Казань", "Источник: выставка"},
		"en": {"📞 +7 900 123-45-67 ext. 12", "🎂 25 November, turns 41 — in 5 days", "Lead · ", "with Анна", "City: Казань"},
	} {
		k := talktest.New(t, card.Register)
		anna := k.Member("Анна", crm.RoleOwner, lang)
		open(anna, anna.Add(ivanov()))
		wantIn(t, anna.Screen().Text, want...)
	}
}

func TestFreshnessFadesAndIsConfirmed(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(ivanov())
	k.Clock.Advance(100 * 24 * time.Hour)
	open(anna, c)
	wantIn(t, anna.Screen().Text, "🟡")
	k.Clock.Advance(100 * 24 * time.Hour)
	open(anna, c)
	wantIn(t, anna.Screen().Text, "🔴")
	anna.Press("Ещё…")
	anna.Press("Данные верны")
	wantIn(t, anna.Screen().Text, "🟢")
}

func TestEditText(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	open(anna, anna.Add(ivanov()))
	anna.Press("Изменить")
	anna.Press("✓ Телефоны")
	wantIn(t, anna.Screen().Text, "Сейчас: +7 900 123-45-67 #12")
	anna.Say("123-45-67")
	wantIn(t, anna.Screen().Text, "кода города", "Телефоны")
	anna.Say("8 903 555-66-77, +375 29 123-45-67 доб. 5")
	wantIn(t, anna.Screen().Text, "📞 +7 903 555-66-77", "+375", "доб. 5")
	anna.Press("Отменить изменение")
	wantIn(t, anna.Screen().Text, "📞 +7 900 123-45-67 доб. 12")
}

// A question that was answered, or is asked again below, has no buttons any more.
func TestAnsweredQuestionsHaveNoButtons(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	open(anna, anna.Add(ivanov()))
	anna.Press("Изменить")
	anna.Press("✓ Телефоны")
	first := anna.Message()
	anna.Say("123-45-67")
	second := anna.Message()
	anna.Say("8 903 555-66-77")
	for _, id := range []int64{first, second} {
		if s, _ := k.Out.Shown(anna.User, id); len(s.Buttons) != 0 || !strings.Contains(s.Text, "Телефоны") {
			t.Errorf("still live: %+v", s)
		}
	}
	if len(anna.Screen().Buttons) == 0 {
		t.Error("the card has lost its buttons")
	}
}

func TestEditChoiceDateAndEmpty(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	open(anna, anna.Add(ivanov()))
	anna.Press("Этап")
	anna.Press("Переговоры")
	wantIn(t, anna.Screen().Text, "Переговоры ·")

	anna.Press("Изменить")
	anna.Press("✓ Статус")
	anna.Press("В чёрном списке")
	wantIn(t, anna.Screen().Text, "Почему")
	anna.Say("не платит")
	wantIn(t, anna.Screen().Text, "в чёрном списке", "Причина: не платит")

	anna.Press("Изменить")
	anna.Press("✓ День рождения")
	anna.Press("›")
	anna.Press("24")
	wantIn(t, anna.Screen().Text, "🎂 24 декабря") // from the month of the birthday one leafs on to December

	anna.Press("Изменить")
	anna.Press("✓ Город")
	anna.Press("Очистить")
	if text := anna.Screen().Text; strings.Contains(text, "Казань") {
		t.Errorf("the city is still there:\n%s", text)
	}
}

func TestTwoManagersEditOneField(t *testing.T) {
	k := talktest.New(t, card.Register)
	k.SaveTeam(func(team *crm.Team) { team.Shared = true })
	anna, ivan := k.Member("Анна", crm.RoleOwner, "ru"), k.Member("Иван", crm.RoleManager, "ru")
	c := anna.Add(ivanov())
	for _, p := range []*talktest.Person{anna, ivan} {
		open(p, c)
		p.Press("Изменить")
		p.Press("✓ Компания")
	}
	ivan.Say("АО «Лютик»")
	wantIn(t, ivan.Screen().Text, "АО «Лютик»")
	anna.Say("ООО «Ромашка-2»")
	wantIn(t, anna.Screen().Text, "Иван", "АО «Лютик»", "ООО «Ромашка-2»")
	anna.Press("Моё")
	wantIn(t, anna.Screen().Text, "🏢 ООО «Ромашка-2»")
}

func TestTags(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	anna.Add(crm.Profile{Name: "Ким", Tags: []string{"vip", "кофе"}})
	open(anna, anna.Add(ivanov()))
	anna.Press("Метки")
	anna.Press("кофе")
	anna.Press("✓ опт")
	anna.Press("Готово")
	wantIn(t, anna.Screen().Text, "🏷 кофе\n")
	anna.Press("Метки")
	anna.Say("#розница, Кофе, срочно")
	wantIn(t, anna.Screen().Text, "🏷 кофе, розница, срочно")
}

func TestArchiveDeleteRestoreUndo(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(ivanov())
	open(anna, c)
	anna.Press("Ещё…")
	anna.Press("В архив")
	anna.Say("переехал")
	wantIn(t, anna.Screen().Text, "Архив ·", "В архиве: переехал")
	anna.Press("Ещё…")
	anna.Press("Вернуть")
	wantIn(t, anna.Screen().Text, "Лид ·")
	anna.Press("Ещё…")
	anna.Press("Удалить")
	wantIn(t, anna.Screen().Text, "Удалить карточку?")
	old := anna.Message()
	anna.Press("Удалить")
	wantIn(t, anna.Screen().Text, "🗑 В корзине")
	anna.Press("Вернуть")
	anna.PressData(old, talk.Data{Verb: talk.VerbUndo, ID: string(c.ID), Arg: "1"}.Pack())
	wantIn(t, anna.Toast(), "Отменять уже нечего")
}

func TestHandOver(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna, ivan := k.Member("Анна", crm.RoleManager, "ru"), k.Member("Иван", crm.RoleManager, "ru")
	c := anna.Add(ivanov())
	open(anna, c)
	before := anna.Message()
	anna.Press("Ещё…")
	anna.Press("Передать")
	anna.Press("Иван")
	wantIn(t, anna.Screen().Text, "теперь ведёт Иван")
	anna.PressData(before, talk.Data{Verb: talk.VerbCard, ID: string(c.ID)}.Pack())
	wantIn(t, anna.Toast(), "Этой карточки нет")
	open(ivan, c)
	wantIn(t, ivan.Screen().Text, "ведёт Иван")
}

func TestForgedPressesShowNothing(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna, ivan := k.Member("Анна", crm.RoleManager, "ru"), k.Member("Иван", crm.RoleManager, "ru")
	c := anna.Add(ivanov())
	open(ivan, ivan.Add(crm.Profile{Name: "Свой"}))
	at := ivan.Message()
	for _, v := range []talk.Verb{talk.VerbCard, talk.VerbMore, talk.VerbEdit, talk.VerbStage, talk.VerbTags, talk.VerbConfirm, talk.VerbArchive,
		talk.VerbRestore, talk.VerbDelete, talk.VerbHand} {
		for _, arg := range []string{"", "yes", "0", "name", "stage=1"} {
			ivan.PressData(at, talk.Data{Verb: v, ID: string(c.ID), Arg: arg}.Pack())
			if s := ivan.Screen(); strings.Contains(s.Text, "Иванов") || strings.Contains(s.Text, "Ромашка") {
				t.Errorf("%s %q shows another member's client:\n%s", v, arg, s.Text)
			}
		}
	}
	got, err := k.Desk.Client(t.Context(), anna.By(), c.ID)
	if err != nil || got.Rev != c.Rev {
		t.Errorf("the card changed: %+v, %v", got, err)
	}
}

func TestCustomFields(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	team, err := k.Desk.AddField(t.Context(), anna.By(), crm.CustomField{Name: "Договор до", Kind: crm.FieldDate})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = k.Desk.AddField(t.Context(), anna.By(), crm.CustomField{Name: "Размер", Kind: crm.FieldChoice, Choices: []string{"S", "M", "L"}}); err != nil {
		t.Fatal(err)
	}
	open(anna, anna.Add(ivanov()))
	anna.Press("Изменить")
	anna.Press("Другие поля")
	anna.Press(team.Fields[0].Name)
	anna.Say("31.02.2027")
	wantIn(t, anna.Screen().Text, "Не похоже на дату")
	anna.Say("31.01.2027")
	wantIn(t, anna.Screen().Text, "Договор до: 31 января 2027")
	anna.Press("Изменить")
	anna.Press("Другие поля")
	anna.Press("Размер")
	anna.Press("M")
	wantIn(t, anna.Screen().Text, "Размер: M")
}

func TestTheLongestCardFits(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	long := strings.Repeat("ж", 300)
	p := crm.Profile{Name: strings.Repeat("Ж", 200), Company: long, Position: long, City: long, Address: long, Source: long}
	for i := range 32 {
		if i >= 20 {
			p.Tags = append(p.Tags, strings.Repeat("т", 58)+string(rune('а'+i)))
			continue
		}
		p.Phones = append(p.Phones, crm.Phone{E164: "+7900123450" + string(rune('0'+i%10)), Ext: strings.Repeat("1", i+1)})
		p.Emails = append(p.Emails, strings.Repeat("a", 60)+"@"+strings.Repeat("b", i+1)+".ru")
		p.Tags = append(p.Tags, strings.Repeat("т", 50)+string(rune('а'+i)))
		p.Interests = append(p.Interests, strings.Repeat("и", 50)+string(rune('а'+i)))
	}
	open(anna, anna.Add(p))
	if n := len(utf16.Encode([]rune(anna.Screen().Text))); n > 4096 {
		t.Errorf("the card has %d units, Telegram takes 4096", n)
	}
}

func TestAQuestionTakesOnlyItsOwnAnswer(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	c, other := anna.Add(ivanov()), anna.Add(crm.Profile{Name: "Петрова"})
	unchanged := func(what string) {
		t.Helper()
		if got, err := k.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || got.Rev != c.Rev {
			t.Errorf("%s changed the card: %+v, %v", what, got, err)
		}
	}
	ask := func() {
		open(anna, c)
		anna.Press("Ещё…")
		anna.Press("В архив")
	}
	ask()
	anna.Send(chat.Incoming{Text: "здравствуйте", Forward: &chat.Forward{Name: "Пётр", At: talktest.Start}})
	unchanged("a forwarded message")
	anna.Send(chat.Incoming{Text: "звонок", Reply: &chat.Reply{Message: 1, Ours: true, Data: []string{talk.Data{Verb: talk.VerbCard, ID: string(other.ID)}.Pack()}}})
	unchanged("a reply to another card")
	anna.Send(chat.Incoming{Text: "подпись", File: &chat.File{ID: "p", Unique: "p", Kind: "photo"}})
	unchanged("a photo")
	k.Clock.Advance(time.Hour)
	anna.Say("петрова")
	unchanged("a search an hour later")
}

func TestOldButtonsLeaveTheOpenQuestionAlone(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(ivanov())
	open(anna, c)
	anna.Press("Изменить")
	anna.Press("✓ Город")
	old := anna.Message()
	open(anna, anna.Add(crm.Profile{Name: "Петрова"}))
	anna.Press("Изменить")
	anna.Press("Город")
	anna.PressData(old, talk.Data{Verb: talk.VerbCancel}.Pack())
	wantIn(t, anna.Toast(), "старого сообщения")
	anna.Say("Омск")
	wantIn(t, anna.Screen().Text, "Петрова", "Город: Омск")
}

func TestAPhoneOfAnotherCardIsAskedAbout(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	anna.Add(crm.Profile{Name: "Петрова", Phones: []crm.Phone{{E164: "+79035556677"}}})
	open(anna, anna.Add(ivanov()))
	anna.Press("Изменить")
	anna.Press("✓ Телефоны")
	anna.Say("8 903 555-66-77")
	wantIn(t, anna.Screen().Text, "уже есть", "Петрова · ведёт Анна")
	anna.Press("Всё равно записать")
	wantIn(t, anna.Screen().Text, "Иванов", "📞 +7 903 555-66-77")
}

func TestRestoringATwinIsAskedAbout(t *testing.T) {
	k := talktest.New(t, card.Register)
	anna := k.Member("Анна", crm.RoleOwner, "ru")
	old := anna.Add(ivanov())
	if _, err := k.Desk.DeleteClient(t.Context(), anna.By(), old.ID); err != nil {
		t.Fatal(err)
	}
	anna.Add(crm.Profile{Name: "Иванов снова", Phones: ivanov().Phones})
	open(anna, old)
	anna.Press("Вернуть")
	wantIn(t, anna.Screen().Text, "уже есть", "Иванов снова")
	anna.Press("Всё равно вернуть")
	wantIn(t, anna.Screen().Text, "🏢 ООО «Ромашка»", "Лид")
}
