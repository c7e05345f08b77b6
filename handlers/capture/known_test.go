package capture_test

import (
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

func borisProfile() crm.Profile {
	return crm.Profile{Name: "Волков Борис", Phones: []crm.Phone{{E164: "+79261112233"}}}
}

func TestKnownPhone(t *testing.T) {
	o := newOffice(t)
	c := o.Person.Add(borisProfile())
	o.Say("/add Борис Сергеевич Волков, 8 926 111-22-33, boris@volkov.ru, директор, просил прайс")
	o.sees("Такой телефон уже есть", "Волков Борис · ведёт Анна", "почта boris@volkov.ru", "должность директор", "записи в историю")
	if o.offers("Сохранить") {
		t.Error("a second card is offered first")
	}
	preview, add := o.Message(), o.Button("Дополнить").Data
	o.Press("Открыть")
	o.sees("Волков Борис")
	o.PressData(preview, add)
	o.sees("Борис Сергеевич Волков", "boris@volkov.ru")
	o.PressData(preview, add)
	o.sees("Борис Сергеевич Волков")
	got := o.only()
	if got.ID != c.ID || got.Position != "директор" || got.LastNote != "просил прайс" || got.Rev != 2 {
		t.Errorf("got rev %d, %+v", got.Rev, got.Profile)
	}
}

// Of a field with several values only those are shown that the card lacks.
func TestKnownTellsOnlyWhatIsNew(t *testing.T) {
	o := newOffice(t)
	p := borisProfile()
	p.Emails, p.Tags = []string{"boris@volkov.ru"}, []string{"опт"}
	o.Person.Add(p)
	o.Say("/add Борис Волков, 8 926 111-22-33, 8 495 123-45-67, boris@volkov.ru, info@volkov.ru, #опт #розница")
	o.sees("Нового: телефоны +7 495 123-45-67, почта info@volkov.ru, метки розница")
	if text := o.Screen().Text; strings.Contains(text, "926 111") || strings.Contains(text, "boris@") || strings.Contains(text, "опт") {
		t.Errorf("what the card has is told again: %s", text)
	}
}

func TestKnownWithoutNews(t *testing.T) {
	o := newOffice(t)
	o.Person.Add(borisProfile())
	o.Send(contactOf("Борис", "Волков", "8 926 111-22-33", 0))
	o.sees("Такой телефон уже есть", "Нового для карточки нет")
	if o.offers("Дополнить") {
		t.Error("there is nothing to add")
	}
	o.Press("Отмена")
	o.sees("Не сохранено")
	o.Press("Вернуть")
	o.Press("Всё-таки новый")
	if got := len(o.clients()); got != 2 {
		t.Errorf("got %d cards, want 2", got)
	}
}

// A card that the member may not see tells only whose client it is.
func TestKnownToAnother(t *testing.T) {
	o := newOffice(t)
	o.Person.Add(borisProfile())
	ivan := o.Kit.Member("Иван", crm.RoleManager, "ru")
	ivan.Say("/add Б. Волков, 8 926 111-22-33")
	text := ivan.Screen().Text
	if !strings.Contains(text, "Ведёт Анна") || strings.Contains(text, "Волков Борис") {
		t.Errorf("got %q", text)
	}
	ivan.Press("Всё-таки новый")
	if got := len(o.clients()); got != 2 {
		t.Errorf("got %d cards, want 2", got)
	}
}

// A forwarded message of somebody who is in the base goes into the history of the card.
func TestForwardedFromKnown(t *testing.T) {
	o := newOffice(t)
	p := borisProfile()
	p.TelegramID = 77
	c := o.Person.Add(p)
	o.Send(forwarded(77, "Боря", "Здравствуйте"))
	o.Send(forwarded(77, "Боря", "Вы где?"))
	o.sees("Этот человек уже есть в базе", "Волков Борис", "записи в историю", "и ещё 1")
	o.Press("Дополнить")
	h := o.history(c.ID)
	if len(h) != 2 || h[0].Via != "forward" || o.only().Name != "Волков Борис" {
		t.Errorf("got %+v", h)
	}
}

// A name alone is never enough: the card is offered beside a new one.
func TestForwardedFromNamesake(t *testing.T) {
	o := newOffice(t)
	c := o.Person.Add(crm.Profile{Name: "Волков Б.", Company: "Acme"})
	o.Person.Add(crm.Profile{Name: "Волкова Белла"})
	o.Person.Add(crm.Profile{Name: "Борис"})
	o.Send(forwarded(0, "Борис Волков", "Здравствуйте"))
	o.sees("Новый клиент", "👤 Борис Волков")
	rows := o.Labels()
	if len(rows) != 3 || rows[1][0] != "Это уже есть: Волков Б., Acme" {
		t.Fatalf("got %q", rows)
	}
	o.Press("Это уже есть: Волков Б., Acme")
	if h := o.history(c.ID); len(h) != 1 || h[0].Text != "Здравствуйте" {
		t.Errorf("got %+v", h)
	}
}

func TestNamesakesOfAnotherAreNotShown(t *testing.T) {
	o := newOffice(t)
	o.Person.Add(crm.Profile{Name: "Борис Волков"})
	ivan := o.Kit.Member("Иван", crm.RoleManager, "ru")
	ivan.Send(forwarded(0, "Борис Волков", "Здравствуйте"))
	if rows := ivan.Labels(); len(rows) != 2 {
		t.Errorf("got %q, want no card of somebody else's", rows)
	}
}

// Somebody else wrote the client down while the preview was open.
func TestKnownMeanwhile(t *testing.T) {
	o := newOffice(t)
	o.Say("/add Борис Волков, 8 926 111-22-33, директор")
	o.sees("Новый клиент")
	preview, save := o.Message(), o.Button("Сохранить").Data
	o.Person.Add(borisProfile())
	o.PressData(preview, save)
	o.sees("Такой телефон уже есть")
	if got := len(o.clients()); got != 1 {
		t.Errorf("got %d cards, want 1", got)
	}
}

// However often and wherever it is pressed, one card is made.
func TestSaveOnce(t *testing.T) {
	o := newOffice(t)
	o.Say("/add Борис Волков")
	old, save := o.Message(), o.Button("Сохранить").Data
	o.Press("Изменить")
	o.Press("Компания")
	o.Say("Acme")
	o.sees("🏢 Acme")
	now := o.Message()
	for _, message := range []int64{old, now, old, now} {
		o.PressData(message, save)
		o.sees("Борис Волков", "Acme")
	}
	press := chat.Incoming{Update: 9001, Message: now, Press: &chat.Press{ID: "p", Data: save}}
	o.Send(press)
	o.Send(press)
	o.only()
}

func TestDroppedDraft(t *testing.T) {
	o := newOffice(t)
	o.Say("/add Борис Волков")
	preview, save := o.Message(), o.Button("Сохранить").Data
	o.Press("Не сохранять")
	o.sees("Не сохранено: Борис Волков")
	o.PressData(preview, save)
	o.sees("Не сохранено")
	if got := len(o.clients()); got != 0 {
		t.Errorf("got %d cards, want none", got)
	}
	o.Press("Вернуть")
	o.sees("Новый клиент")
	o.Press("Сохранить")
	o.only()
}

func TestForgedPresses(t *testing.T) {
	o := newOffice(t)
	o.Say("/add Борис Волков")
	id := strings.Split(o.Button("Сохранить").Data, "|")[1]
	for _, data := range []string{"keep||", "keep|AAAAAAAAAAAAAAAA|", "complete|" + id + "|AAAA", "complete|" + id + "|", "change|" + id + "|stage",
		"change|" + id + "|x.none", "change|" + id + "|clear=owner", "change|" + id + "|open=AAAA", "import|" + id + "|", "add||", "forget||"} {
		o.PressData(o.Message(), data)
	}
	if got := len(o.clients()); got != 0 {
		t.Errorf("got %d cards, want none", got)
	}
}

func TestChangeDraft(t *testing.T) {
	o := newOffice(t)
	o.SaveTeam(func(team *crm.Team) {
		team.Fields = []crm.CustomField{{ID: "size", Name: "Размер", Kind: crm.FieldNumber}}
	})
	o.Say("/add Борис Волков, #опт, 8 926 111-22-33")
	o.Press("Изменить")
	o.sees("Что изменить")
	o.Press("✓ Метки")
	o.sees("Сейчас: опт")
	o.Press("Очистить")
	o.lacks("🏷")
	o.Press("Изменить")
	o.Press("Размер")
	o.Say("сорок")
	o.sees("Не похоже на число")
	o.Say("40,5")
	o.sees("Размер: 40.5")
	o.Press("Изменить")
	o.Press("✓ Телефоны")
	o.Send(voice("v1")) // joins the draft, and the question stands
	o.sees("Телефоны")
	o.Say("+44 20 7946 0958")
	o.sees("+44 20 7946 0958", "1 вложение")
	o.Press("Изменить")
	o.Press("Заметка")
	o.Say("звонить после обеда")
	o.sees("«звонить после обеда»")
	o.Press("Изменить")
	o.Press("✓ Имя")
	o.Press("Назад")
	o.sees("Новый клиент")
	o.Press("Сохранить")
	if c := o.only(); c.Custom["size"] != "40.5" || len(c.Tags) != 0 || c.Phones[0].E164 != "+442079460958" {
		t.Errorf("got %+v", c.Profile)
	}
}

// What was searched for in vain is written down with one press.
func TestAddFromSearch(t *testing.T) {
	o := newOffice(t)
	o.Say("ромаш")
	o.Press("Добавить «ромаш»")
	o.sees("Новый клиент", "👤 ромаш")
	o.Press("Сохранить")
	o.only()
}

// A search in between leaves the preview alone, and so does another form.
func TestDraftWaits(t *testing.T) {
	o := newOffice(t)
	c := o.Person.Add(borisProfile())
	o.Say("/add Анна Ким")
	preview, save := o.Message(), o.Button("Сохранить").Data
	o.Say("Волков")
	o.sees("Волков Борис")
	o.Press("Заметка")
	o.Say("перезвонить")
	if h := o.history(c.ID); len(h) != 1 {
		t.Errorf("got %d entries, want the note", len(h))
	}
	o.Say("/find")
	o.PressData(preview, save)
	o.sees("Анна Ким")
	if got := len(o.clients()); got != 2 {
		t.Errorf("got %d cards, want 2", got)
	}
}
