package capture_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/find"
)

// Five forwarded messages, a contact and a voice note sent together are one draft with one preview, in any order.
func TestBurst(t *testing.T) {
	burst := []chat.Incoming{
		forwarded(77, "Боря", "Здравствуйте, интересует ремонт кофемашин"),
		forwarded(77, "Боря", "Модель старая"),
		forwarded(77, "Боря", "Когда можно привезти?"),
		forwarded(0, "Анна", "Завтра с десяти"), // the member's own answer
		forwarded(77, "Боря", "Отлично"),
		contactOf("Борис", "Волков", "+79261112233", 77),
		voice("v1"),
	}
	for i := range burst {
		if burst[i].Forward != nil {
			burst[i].Forward.At = burst[i].Forward.At.Add(time.Duration(i) * time.Minute)
		}
	}
	for n := range 12 {
		rnd := rand.New(rand.NewPCG(1, uint64(n)))
		o := newOffice(t)
		before := o.sent()
		for _, i := range rnd.Perm(len(burst)) {
			o.Send(burst[i])
			o.Clock.Advance(2 * time.Second)
		}
		o.sees("👤 Борис Волков", "+7 926 111-22-33", "Источник: переслано из Telegram",
			"«Здравствуйте, интересует ремонт кофемашин» и ещё 4 сообщения", "1 вложение")
		if got := o.sent() - before; got != 1 {
			t.Errorf("order %d: got %d previews, want one", n, got)
		}
		o.Press("Сохранить")
		c := o.only()
		h := o.history(c.ID)
		if c.TelegramID != 77 || len(h) != 6 || c.Touches != 5 {
			t.Errorf("order %d: got Telegram id %d, %d entries, %d touches", n, c.TelegramID, len(h), c.Touches)
		}
		last := h[len(h)-1]
		if !last.At.Equal(burst[0].Forward.At) || last.Via != "forward" || last.Direction != crm.DirectionIn {
			t.Errorf("order %d: the first message is %+v", n, last)
		}
		for _, e := range h {
			if e.Text == "Завтра с десяти" && e.Direction != crm.DirectionOut {
				t.Errorf("order %d: our own answer is %+v", n, e)
			}
		}
	}
}

// What has been said below the preview is not passed by: the next piece shows the preview anew, and only there are buttons.
func TestAPreviewThatIsCoveredComesAgain(t *testing.T) {
	for name, cover := range map[string]func(o *office){
		"a search": func(o *office) { o.Say("сидоров") },
		"a card":   func(o *office) { o.PressData(o.Message(), o.Button("Открыть").Data) },
	} {
		o := newOffice(t)
		find.Register(o.Router)
		p := borisProfile()
		p.TelegramID = 77
		o.Person.Add(p)
		o.Send(forwarded(77, "Боря", "Здравствуйте"))
		o.Send(forwarded(77, "Боря", "Модель старая"))
		above := o.Message()
		cover(o)
		if o.Message() == above {
			t.Fatalf("%s: nothing was said below", name)
		}
		o.Send(forwarded(77, "Боря", "Когда можно привезти?"))
		again := o.Message()
		o.sees("Этот человек уже есть", "«Здравствуйте» и ещё 2 сообщения")
		if s, _ := o.Out.Shown(o.User, above); again == above || len(s.Buttons) != 0 {
			t.Errorf("%s: the preview above still shows %+v", name, s)
		}
		o.Send(forwarded(77, "Боря", "Алло"))
		if o.sees("и ещё 3 сообщения"); o.Message() != again {
			t.Errorf("%s: nothing covers it now, and it was sent once more", name)
		}
		o.Press("Дополнить")
		if h := o.history(o.only().ID); len(h) != 4 {
			t.Errorf("%s: got %d entries, want 4", name, len(h))
		}
	}
}

// After the burst what is sent is about somebody else, unless it is known to be the same person.
func TestAfterTheBurst(t *testing.T) {
	o := newOffice(t)
	o.Send(forwarded(77, "Боря", "Здравствуйте"))
	first := o.Message()
	o.Clock.Advance(2 * time.Minute)
	o.Send(forwarded(77, "Боря", "Вы где?"))
	o.sees("«Здравствуйте» и ещё 1")
	if o.Message() == first {
		t.Error("the old preview was edited where nobody looks")
	}
	o.Clock.Advance(2 * time.Minute)
	o.Send(voice("v1"))
	o.sees("Как зовут клиента", "1 вложение")
	o.lacks("Боря")
}

// A second person's messages make a draft of their own; the first one keeps its preview and can be saved.
func TestTwoPeopleForwarded(t *testing.T) {
	o := newOffice(t)
	o.Send(forwarded(77, "Боря", "Здравствуйте"))
	first, save := o.Message(), o.Button("Сохранить").Data
	o.Send(forwarded(88, "Оля", "Добрый день"))
	o.sees("👤 Оля", "«Добрый день»")
	o.lacks("Боря")
	o.Press("Сохранить")
	o.PressData(first, save)
	o.sees("Боря")
	if got := len(o.clients()); got != 2 {
		t.Errorf("got %d cards, want 2", got)
	}
}

func TestForwardedFromHiddenAndChannel(t *testing.T) {
	o := newOffice(t)
	post := forwarded(0, "Кофе и точка", "Скидки")
	post.Forward.Channel, post.Forward.Username = true, "coffee_dot"
	o.Send(post)
	o.sees("👤 Кофе и точка", "Скидки")
	o.Send(forwarded(0, "Боря Волков", "Это интересно"))
	o.sees("👤 Боря Волков")
	o.Send(forwarded(0, "Оля Ким", "А мне нет"))
	o.sees("👤 Оля Ким")
	o.lacks("Боря")
}

// A colleague's words are ours; who works for another company that the same bot serves may be a client.
func TestForwardedFromAMember(t *testing.T) {
	o := newOffice(t)
	ivan := o.Kit.Member("Иван", crm.RoleManager, "ru")
	other := ivan.Actor.Member
	other.ID, other.Team, other.User = "other", "another", 88
	if err := o.Store.SaveMember(t.Context(), other, crm.Event{ID: "other.0", Team: other.Team, Action: crm.ActionJoin, Record: string(other.ID), Rev: 1}); err != nil {
		t.Fatal(err)
	}
	o.Send(forwarded(ivan.User, "Иван", "Мы всё привезли"))
	o.sees("Как зовут клиента")
	o.Clock.Advance(2 * time.Minute)
	o.Send(forwarded(88, "Олег Другой", "Нужны три кофемашины"))
	o.sees("👤 Олег Другой")
}

// Contacts of different people sent in a row are a list, not one person with many phones.
func TestContactsInARow(t *testing.T) {
	o := newOffice(t)
	o.Person.Add(crm.Profile{Name: "Старый", Phones: []crm.Phone{{E164: "+79030000000"}}})
	before := o.sent()
	o.Send(contactOf("Борис", "Волков", "+79261112233", 77))
	o.Send(forwarded(77, "Боря", "Здравствуйте"))
	save := o.Button("Сохранить").Data
	o.Send(contactOf("Анна", "Ким", "+79031112233", 0))
	o.sees("2 контакта", "Борис Волков", "Анна Ким", "Новых: 2")
	o.Send(contactOf("Старый", "Друг", "+79030000000", 0))
	o.sees("3 контакта", "Новых: 2, уже есть: 1")
	if got := o.sent() - before; got != 1 {
		t.Errorf("got %d messages, want one", got)
	}
	list, importAll := o.Message(), o.Button("Сохранить новых: 2").Data
	o.PressData(list, save) // of the preview that the list has grown out of
	o.sees("3 контакта")
	o.PressData(list, importAll)
	o.sees("добавлено: 2, уже были: 1")
	o.PressData(list, importAll)
	o.sees("добавлено: 2, уже были: 1")
	if got := len(o.clients()); got != 3 {
		t.Errorf("got %d cards, want 3", got)
	}
}

// One contact with two phones shared twice is one person.
func TestSameContactTwice(t *testing.T) {
	o := newOffice(t)
	o.Send(contactOf("Борис", "Волков", "+79261112233", 0))
	o.Send(contactOf("Волков", "Борис", "+79261112244", 0))
	o.sees("👤 Борис Волков", "+7 926 111-22-33", "+7 926 111-22-44")
}

func TestBareThenBare(t *testing.T) {
	o := newOffice(t)
	o.Say("8 926 111-22-33")
	o.sees("+7 926 111-22-33", "Имени нет")
	o.Say("boris@volkov.ru")
	o.sees("+7 926 111-22-33", "boris@volkov.ru")
	o.Say("8 926 111-22-44")
	o.sees("+7 926 111-22-44")
	o.lacks("boris@volkov.ru")
	o.Say("Оля Ким")
	o.sees("👤 Оля Ким", "+7 926 111-22-44")
	o.Say("Оля Ким") // there is a name now: a search
	o.lacks("Новый клиент")
}

func TestNamelessIsSavedUnderItsPhone(t *testing.T) {
	o := newOffice(t)
	o.Say("8 926 111-22-33")
	o.Clock.Advance(time.Hour)
	o.Say("ромашка") // too late for a name
	o.lacks("Новый клиент")
	o.Say("8 926 111-22-33")
	o.Press("Сохранить")
	if c := o.only(); c.Name != "+7 926 111-22-33" {
		t.Errorf("got %q", c.Name)
	}
}

func TestBareKnownOpensTheCard(t *testing.T) {
	o := newOffice(t)
	o.Person.Add(crm.Profile{Name: "Борис Волков", Phones: []crm.Phone{{E164: "+79261112233"}}, Emails: []string{"b@volkov.ru"},
		Messengers: []crm.Messenger{{Kind: "telegram", Handle: "bvolkov"}}})
	for _, text := range []string{"89261112233", "B@volkov.ru", "@BVolkov"} {
		o.Say(text)
		o.sees("Борис Волков")
		if !o.offers("Касание") {
			t.Errorf("%s: got %q, want the card", text, o.Screen().Text)
		}
	}
}

func TestAttachments(t *testing.T) {
	o := newOffice(t)
	o.Send(fileOf("f1", "договор.pdf"))
	o.sees("Ответьте им на карточку")
	o.Send(contactOf("Борис", "Волков", "+79261112233", 0))
	o.Clock.Advance(time.Hour)
	o.Send(fileOf("f1", "договор.pdf"))
	o.sees("Борис Волков", "1 вложение")
	reply := chat.Incoming{Text: "перезвонить в среду", Reply: &chat.Reply{Message: o.Message(), Ours: true}}
	o.Send(reply)
	o.sees("Борис Волков", "«перезвонить в среду»")
}

// What failed half-way is done again when the update is delivered again, and nothing is there twice.
func TestRedelivery(t *testing.T) {
	o := newOffice(t)
	piece := forwarded(77, "Боря", "Здравствуйте")
	piece.Update = 7001
	o.Send(piece)
	o.Send(piece)
	o.sees("«Здравствуйте»")
	o.lacks("и ещё")
	second := forwarded(77, "Боря", "Вы где?")
	second.Update = 7002
	o.Send(second)
	o.Send(piece)
	o.Send(second)
	o.sees("«Здравствуйте» и ещё 1")
	o.Press("Сохранить")
	o.Send(piece) // the first message after all: its card is shown
	if !o.offers("Касание") {
		t.Errorf("got %q, want the card", o.Screen().Text)
	}
	if h := o.history(o.only().ID); len(h) != 2 {
		t.Errorf("got %d entries, want 2", len(h))
	}
}

// A preview that was deleted from the chat is sent anew.
func TestPreviewGone(t *testing.T) {
	o := newOffice(t)
	o.Send(forwarded(77, "Боря", "Здравствуйте"))
	if err := o.Out.Delete(t.Context(), o.User, o.Message()); err != nil && !errors.Is(err, chat.ErrGone) {
		t.Fatal(err)
	}
	o.Send(forwarded(77, "Боря", "Вы где?"))
	o.sees("и ещё 1")
}

func TestLongValuesFit(t *testing.T) {
	o := newOffice(t)
	long := strings.Repeat("ы", 4000)
	o.Send(contactOf(strings.Repeat("Я", 300), "", "не телефон", 5))
	o.Send(forwarded(5, strings.Repeat("Ж", 300), long))
	o.Say("/add " + long)
	o.Say("/add " + strings.Repeat("#"+strings.Repeat("т", 55)+" ", 60))
	for _, s := range o.Out.Sent(o.User) {
		if n := len([]rune(s.Text)); n > 4096 || n == 0 {
			t.Errorf("a message of %d characters", n)
		}
	}
}
