package capture_test

import (
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

func TestAddForm(t *testing.T) {
	o := newOffice(t)
	o.Say("/add")
	o.sees("Как зовут")
	if o.offers("Назад") || o.offers("Пропустить") {
		t.Errorf("the first question can be left: %q", o.Labels())
	}
	o.Say("Иванов Пётр")
	o.sees("Телефон")
	o.Say("8 916 123-45-67, 8 (495) 123-45-67 доб. 12")
	o.sees("Компания и должность")
	o.Say("ООО «Ромашка, Лютик и Ко», закупщик")
	o.sees("Почта")
	o.Press("Пропустить")
	o.sees("Метки")
	o.Press("Назад")
	o.sees("Почта")
	o.Say("Petr@Romashka.RU")
	o.Say("опт, кофемашины")
	o.Say("12.05")
	o.Send(voice("v1"))
	o.sees("Добавлено", "Заметка")
	o.Say("любит чай")
	o.sees("Новый клиент", "👤 Иванов Пётр", "🏢 ООО «Ромашка, Лютик и Ко», закупщик", "+7 916 123-45-67", "доб. 12",
		"petr@romashka.ru", "🎂 12 мая", "🏷 опт, кофемашины", "«любит чай»", "1 вложение")
	o.Press("Сохранить")
	o.sees("Иванов Пётр", "закупщик")
	c := o.only()
	if c.Position != "закупщик" || len(c.Phones) != 2 || c.Phones[1].Ext != "12" || c.LastNote != "любит чай" {
		t.Errorf("got %+v", c.Profile)
	}
	if h := o.history(c.ID); len(h) != 2 {
		t.Errorf("got %d entries in the history, want the note and the voice", len(h))
	}
}

// Of all that the form has asked only what stands last has buttons.
func TestAddFormLeavesNoLiveButtonsBehind(t *testing.T) {
	o := newOffice(t)
	o.Say("/add")
	for _, answer := range []string{"Иванов Пётр", "123", "8 916 123-45-67", "Ромашка", "petr@romashka.ru", "опт", "12.05", "любит чай"} {
		o.Say(answer)
	}
	o.sees("Новый клиент", "любит чай")
	for id := int64(1); id < o.Message(); id++ {
		if s, ok := o.Out.Shown(o.User, id); ok && len(s.Buttons) > 0 {
			t.Errorf("still live: %+v", s)
		}
	}
}

// A wrong answer is refused with what is wrong, and nothing is lost.
func TestAddFormRefuses(t *testing.T) {
	o := newOffice(t)
	o.Say("/add")
	o.Say("\u200b\u202e")
	o.sees("Не вижу имени", "Как зовут")
	o.Say("Петров \u202eИван\u202c\u200b")
	o.sees("Телефон")
	for answer, want := range map[string]string{
		"123-45-67": "кода города",
		"позвоните после обеда": "Не похоже на телефон",
		"8 900 ABC-45-67":       "Не похоже на телефон",
	} {
		o.Say(answer)
		o.sees(want, "<b>Телефон</b>")
	}
	o.Say("8 900 123-45-67 8 901 123-45-67")
	o.sees("Компания")
	o.Press("Пропустить")
	o.Say("@")
	o.sees("Не похоже на почту")
	o.Press("Пропустить")
	o.Press("Пропустить")
	for answer, want := range map[string]string{"31.02.1990": "Такой даты нет", "12.05.2090": "не наступил", "1.1.1700": "давно"} {
		o.Say(answer)
		o.sees(want, "День рождения")
	}
	o.Send(chat.Incoming{}) // a sticker
	o.sees("нужен текст", "День рождения")
	o.Send(chat.Incoming{Text: "12.05.1985", Edited: true})
	o.sees("не перечитываю")
	o.Say("12.05.1985")
	o.Press("Пропустить")
	o.sees("Петров Иван", "+7 900 123-45-67", "+7 901 123-45-67", "12 мая 1985")
}

func TestAddFormTakesContact(t *testing.T) {
	o := newOffice(t)
	o.Say("/add")
	o.Say("Борис Волков")
	o.Send(contactOf("Боря", "", "79261112233", 77))
	o.sees("Компания и должность")
	o.Press("Назад")
	o.sees("Как зовут")
	o.Say("Волков Борис")
	o.sees("Компания и должность")
	for range 5 {
		o.Press("Пропустить")
	}
	o.sees("👤 Волков Борис", "+7 926 111-22-33")
}

// A command wins over the form, which can be resumed; so does another draft.
func TestAddFormIsParked(t *testing.T) {
	o := newOffice(t)
	o.Say("/add")
	o.Say("Борис Волков")
	o.Say("/add Ким Анна, 8 903 111-22-33")
	o.sees("Ким Анна")
	o.Press("Сохранить")
	sent := o.Out.Sent(o.User)
	parked := sent[len(sent)-2]
	if len(parked.Buttons) == 0 || parked.Buttons[0][0].Text != "Продолжить" {
		t.Fatalf("got %+v, want the form put aside", parked)
	}
	o.PressData(o.Message()-1, parked.Buttons[0][0].Data)
	o.sees("Телефон")
	for range 6 {
		o.Press("Пропустить")
	}
	o.Press("Сохранить")
	if got := len(o.clients()); got != 2 {
		t.Errorf("got %d cards, want 2", got)
	}
}

func TestAddFormStalePresses(t *testing.T) {
	o := newOffice(t)
	o.Say("/add")
	first := o.Message()
	cancel := o.Button("Отмена").Data
	o.Say("Борис Волков")
	skip, second := o.Button("Пропустить").Data, o.Message()
	o.PressData(first, cancel)
	if o.Toast() == "" {
		t.Error("an old cancel said nothing")
	}
	o.Press("Пропустить")
	o.sees("Компания")
	o.PressData(second, skip)
	o.sees("Компания")
	o.Press("Отмена")
	o.sees("Отменено")
	o.PressData(second, skip)
	if o.Toast() == "" {
		t.Error("a press after the end said nothing")
	}
	if got := len(o.clients()); got != 0 {
		t.Errorf("got %d cards, want none", got)
	}
}

// The same update delivered again shows the present step and changes nothing.
func TestAddFormRepeatedUpdate(t *testing.T) {
	o := newOffice(t)
	o.Say("/add")
	o.Send(chat.Incoming{Update: 5000, Text: "Борис Волков"})
	o.sees("Телефон")
	o.Send(chat.Incoming{Update: 5000, Text: "Борис Волков"})
	o.sees("Телефон")
}

func TestAddLine(t *testing.T) {
	o := newOffice(t)
	o.Say("/add Иванов Иван Петрович, ООО «Ромашка», +7 900 123-45-67, ivan@romashka.ru, #опт, др 12.05.1985, закупщик, любит чай")
	o.sees("👤 Иванов Иван Петрович", "🏢 ООО «Ромашка», закупщик", "+7 900 123-45-67", "ivan@romashka.ru", "🏷 опт", "12 мая 1985", "«любит чай»")
	o.Press("Сохранить")
	if c := o.only(); c.LastNote != "любит чай" {
		t.Errorf("got note %q", c.LastNote)
	}
}

func TestAddLineSaysWhatItDidNotUnderstand(t *testing.T) {
	o := newOffice(t)
	o.Send(chat.Incoming{Text: "/add", Command: "add", Args: "Петров Пётр\nдр 31.02.1985\nтел. 123-45"})
	o.sees("👤 Петров Пётр", "Не понято и осталось в заметке: день рождения, телефоны", "31.02.1985")
	o.Press("Изменить")
	o.Press("День рождения")
	o.Say("01.03.1985")
	o.sees("Не понято и осталось в заметке: телефоны", "1 марта 1985")
}

func TestAddLineEscapes(t *testing.T) {
	o := newOffice(t)
	o.Say("/add <b>Иван</b> & Ко 👩‍💻")
	o.lacks("<b>Иван")
	o.sees("&lt;b&gt;")
}

func TestAddDenied(t *testing.T) {
	o := newOffice(t)
	boss := o.Kit.Member("Смотритель", crm.RoleSupport, "ru")
	boss.Say("/add Пётр Иванов")
	if got := boss.Screen().Text; got != "Добавлять клиентов ваша роль не может. Передайте контакт менеджеру." {
		t.Errorf("got %q", got)
	}
}

// The command itself delivered again asks the first question again, and puts nothing aside.
func TestAddFormRepeatedCommand(t *testing.T) {
	o := newOffice(t)
	for range 2 {
		o.Send(chat.Incoming{Update: 5000, Text: "/add", Command: "add"})
		o.sees("Как зовут")
	}
	if got := o.sent(); got != 2 {
		t.Errorf("got %d messages, want the question twice", got)
	}
}
