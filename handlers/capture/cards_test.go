package capture_test

import (
	"fmt"
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// contactWith is a contact whose card of the phone says more than Telegram does.
func contactWith(first, last, phone, more string) chat.Incoming {
	in := contactOf(first, last, phone, 0)
	in.Contact.VCard = "BEGIN:VCARD\nVERSION:3.0\nFN:" + first + " " + last + "\nTEL:" + phone + "\n" + more + "\nEND:VCARD\n"
	return in
}

// Nothing is dropped of what is sent in a row with contacts of those who are there already.
func TestListAddsToThoseWhoAreThere(t *testing.T) {
	o := newOffice(t)
	boris := o.Person.Add(borisProfile())
	o.Person.Add(crm.Profile{Name: "Ким Анна", Phones: []crm.Phone{{E164: "+79031112233"}}})
	o.Send(contactOf("Ольга", "Сидорова", "8 926 999-88-77", 0))
	o.Send(contactOf("Анна", "Ким", "8 903 111-22-33", 0)) // nothing new
	o.Send(contactWith("Борис", "Волков", "+79261112233", "EMAIL:boris@volkov.ru\nNOTE:любит чай"))
	o.Send(voice("v1"))
	o.sees("Новых: 1, уже есть: 2", "👤 Ольга Сидорова", "👤 Борис Волков — уже есть, прислано новое")
	o.lacks("Анна Ким")
	o.Press("Сохранить новых: 1")
	list := o.Message()
	o.sees("добавлено: 1, уже были: 2", "Чью карточку дополнить?")
	if rows := o.Labels(); len(rows) != 1 || rows[0][0] != "Борис Волков" {
		t.Fatalf("got %q", rows)
	}
	name := o.Button("Борис Волков").Data
	o.Press("Борис Волков")
	o.sees("Такой телефон уже есть", "почта boris@volkov.ru", "записи в историю", "1 вложение")
	preview := o.Message()
	if s, _ := o.Out.Shown(o.User, list); preview == list || len(s.Buttons) != 0 {
		t.Errorf("the list still asks: %+v", s)
	}
	o.PressData(list, name) // once more, in a hurry: it is shown where one looks
	o.sees("Такой телефон уже есть")
	o.Press("Дополнить")
	if h := o.history(boris.ID); len(h) != 2 || len(h[0].Files)+len(h[1].Files) != 1 {
		t.Errorf("got %+v, want the note and the voice note", h)
	}
	o.PressData(list, name)
	if got := o.Toast(); !strings.Contains(got, "старого сообщения") {
		t.Errorf("a draft that is no more was answered %q", got)
	}
	for _, bad := range []string{"known=0", "known=-1", "known=99", "known=x", "known="} {
		o.PressData(list, strings.ReplaceAll(name, "known=2", bad))
	}
	if got := len(o.clients()); got != 3 {
		t.Errorf("got %d cards, want 3", got)
	}
}

// Where all are there already, the cards can be added to all the same, however many they are.
func TestListOfThoseWhoAreThere(t *testing.T) {
	o := newOffice(t)
	const all = 10
	for i := range all {
		phone := fmt.Sprintf("+7926111223%d", i)
		o.Person.Add(crm.Profile{Name: fmt.Sprint("Клиент ", i), Phones: []crm.Phone{{E164: phone}}})
		o.Send(contactWith("Клиент", fmt.Sprint(i), phone, fmt.Sprintf("EMAIL:k%d@volkov.ru", i)))
	}
	o.sees("10 контактов", "Новых: 0, уже есть: 10", "…и ещё 2")
	o.Press("Дополнить карточки: 10")
	list := o.Message()
	o.sees("добавлено: 0, уже были: 10", "…и ещё 2")
	for i := range all {
		s, _ := o.Out.Shown(o.User, list)
		o.PressData(list, s.Buttons[0][0].Data)
		o.sees(fmt.Sprintf("почта k%d@volkov.ru", i))
		o.Press("Дополнить")
	}
	if s, _ := o.Out.Shown(o.User, list); len(s.Buttons) != 0 || strings.Contains(s.Text, "ещё") {
		t.Errorf("the list still asks: %+v", s)
	}
	for _, c := range o.clients() {
		if len(c.Emails) != 1 {
			t.Errorf("%s has got nothing", c.Name)
		}
	}
}

// There is nothing to press where nothing would come of it.
func TestListWithoutNews(t *testing.T) {
	o := newOffice(t)
	for i := range 2 {
		phone := fmt.Sprintf("+7926111223%d", i)
		o.Person.Add(crm.Profile{Name: fmt.Sprint("Клиент ", i), Phones: []crm.Phone{{E164: phone}}})
		o.Send(contactOf("Клиент", fmt.Sprint(i), phone, 0))
	}
	o.sees("уже есть: 2", "Нового о них нет")
	if rows := o.Labels(); len(rows) != 1 || rows[0][0] != "Не сохранять" {
		t.Errorf("got %q", rows)
	}
}

// What was sent of a colleague's client says whose it is, and no more.
func TestListOfAColleaguesClient(t *testing.T) {
	o := newOffice(t)
	o.Person.Add(borisProfile())
	ivan := o.Kit.Member("Иван", crm.RoleManager, "ru")
	ivan.Send(contactOf("Ольга", "Сидорова", "8 926 999-88-77", 0))
	ivan.Send(contactOf("Б.", "Волков", "8 926 111-22-33", 0))
	ivan.Press("Сохранить новых: 1")
	ivan.Press("Б. Волков")
	if text := ivan.Screen().Text; !strings.Contains(text, "Ведёт Анна") || strings.Contains(text, "Волков Борис") {
		t.Errorf("got %q", text)
	}
}
