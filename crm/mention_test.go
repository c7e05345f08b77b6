package crm_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// base is a small base in which names, companies and common words lie close together.
func mentionOffice(t *testing.T) (*office, map[string]crm.Client) {
	o, all := newOffice(t), map[string]crm.Client{}
	for name, company := range map[string]string{
		"Золотухова Анна Сергеевна": "ООО «Ромашка»", "Петров Иван": "Акме", "Иван Сидоров": "", "Петрова Ольга": "Acme Ltd", "Толстой Лев": "",
		"Павел Кравец": "", "Игорь Чайковский": "Новые технологии", "Ким Роман": "Встреча", "Салтыков-Щедрин Михаил": "", "Семёнова Наталья": "",
		"John Smith": "Договор", "Tom Price": "Blue Sky", "Will Bill": "", "Иванов Пётр": "", "Иванова Пелагея": "", "Дудко Юрий": "1С",
		"Соколов Ян": "", "Ли Вера": "Окна",
	} {
		all[name] = o.add(o.owner, crm.Profile{Name: name, Company: company})
	}
	all["ООО «Лютик»"] = o.add(o.owner, crm.Profile{Name: "ООО «Лютик»", Kind: crm.KindCorporate, Phones: []crm.Phone{{E164: "+79001234567", Raw: "+79001234567"}}})
	all["Цветков"] = o.add(o.owner, crm.Profile{Name: "Цветков", Company: "ООО «Лютик»"})
	return o, all
}

func TestATextNamesClients(t *testing.T) {
	o, all := mentionOffice(t)
	for _, c := range []struct {
		text string
		want string // names; "!" before one that is meant beyond doubt, "" none
	}{
		{"позвонить Золотуховой", "!Золотухова Анна Сергеевна"},
		{"позвонить золотуховой", "!Золотухова Анна Сергеевна"},
		{"Золотуховой позвонить", "!Золотухова Анна Сергеевна"},
		{"ПОЗВОНИТЬ ЗОЛОТУХОВОЙ", "!Золотухова Анна Сергеевна"},
		{"передать Золотухову", "Золотухова Анна Сергеевна"}, // the accusative of hers, or the dative of his
		{"позвонить Золотухову Анну", "!Золотухова Анна Сергеевна"},
		{"договор с Золотуховой", "!Золотухова Анна Сергеевна"},
		{"позвонить Золотухиной", ""},
		{"call Smith", "!John Smith"},
		{"Send Smith's offer", "!John Smith"},
		{"call smith", "John Smith"}, // a smith may be meant
		{"call John Smith", "!John Smith"},
		{"call john smith", "!John Smith"},
		{"check price", "Tom Price"},
		{"Price list", "Tom Price"},
		{"pay the bill", "Will Bill"},
		{"will check", "Will Bill"},
		{"позвонить Петрову", "Петров Иван, Петрова Ольга"},
		{"встретить Петровым", "!Петров Иван"},
		{"обсудить с Петровой", "!Петрова Ольга"},
		{"позвонить Ивану Петрову", "!Петров Иван, Иван Сидоров, Петрова Ольга"},
		{"позвонить петрову ивану", "!Петров Иван, Иван Сидоров, Петрова Ольга"},
		{"позвонить Ивану в Акме", "!Петров Иван, Иван Сидоров, Петрова Ольга"},
		{"позвонить Анне Петровой", "Золотухова Анна Сергеевна, Петрова Ольга"}, // none is both
		{"позвонить Марии Петровой", "Петрова Ольга"},                           // another Petrova
		{"позвонить Сергею Цветкову", "Цветков"},
		{"отправить КП Цветкову", "!Цветков"},
		{"письмо Толстому", "!Толстой Лев"},
		{"письмо Льву Толстому", "!Толстой Лев"},
		{"с Павлом Кравцом", "!Павел Кравец"},
		{"с Чайковским о деньгах", "!Игорь Чайковский"},
		{"Игорем Чайковским", "!Игорь Чайковский"},
		{"счёт для Новых технологий", "!Игорь Чайковский"},
		{"счёт для новых технологий", ""},
		{"о Салтыкове-Щедрине", "!Салтыков-Щедрин Михаил"},
		{"у Семеновой", "!Семёнова Наталья"},
		{"с Натальей", "!Семёнова Наталья"},
		{"Яну Соколову", "!Соколов Ян"},
		{"дать Яну", "!Соколов Ян"},
		{"прочитать роман", "Ким Роман"},
		{"встреча", ""}, {"Встреча", ""}, {"встреча с банком", ""}, {"подготовить договор", ""}, {"помыть окна", ""},
		{"в «Встречу»", "!Ким Роман"},
		{"в ООО окна", "!Ли Вера"},
		{"обновить 1С", "!Дудко Юрий"},
		{"зайти в Лютик", "!ООО «Лютик», Цветков"},
		{"зайти в лютик", ""},
		{"Цветков из лютика", "!Цветков"},
		{"о Лютике и Золотуховой", "Золотухова Анна Сергеевна, ООО «Лютик», Цветков"},
		{"набрать 8 900 123-45-67", "!ООО «Лютик»"},
		// in the other alphabet
		{"call Ivanov", "!Иванов Пётр"}, {"call ivanov", "!Иванов Пётр"}, {"call Ivanova", "!Иванова Пелагея"}, {"Ivanov: send the offer", "!Иванов Пётр"},
		{"Smith: send invoice", "!John Smith"}, {"Price: send invoice", "!Tom Price"}, {"Invoice: send it", ""}, {"Price list to send", "Tom Price"},
		{"call Zolotukhova", "!Золотухова Анна Сергеевна"}, {"meet with Chaikovsky", "!Игорь Чайковский"}, {"call Ivan Petrov", "!Петров Иван, Иван Сидоров"},
		{"call Pyotr Ivanov", "!Иванов Пётр"}, {"call Sergey Tsvetkov", "Цветков"}, {"call Ivan", "Петров Иван, Иван Сидоров"}, {"call Иванову", "Иванов Пётр, Иванова Пелагея"},
		{"позвонить Смиту", "!John Smith"}, {"встреча с Джоном Смитом", "John Smith"}, {"позвонить смиту", ""}, {"о Томе Прайсе", "Tom Price"},
		{"call the office", ""}, {"buy okna", ""}, {"read the roman", ""},
		{"позвонить", ""}, {"отправить КП", ""}, {"купить бумагу", ""}, {"call the bank", ""}, {"", ""}, {"«»", ""}, {"Иванову", "Иванов Пётр, Иванова Пелагея"},
	} {
		m, err := o.Mentioned(t.Context(), o.as(o.owner), c.text)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, client := range m.Clients {
			names = append(names, client.Name)
		}
		got := strings.Join(names, ", ")
		if m.Sure {
			got = "!" + got
		}
		if !sameNames(got, c.want) {
			t.Errorf("%q names %q, want %q", c.text, got, c.want)
		}
	}
	if len(all) != 20 {
		t.Errorf("%d clients", len(all))
	}
}

// sameNames compares two lists of which only the one that is meant beyond doubt has its place.
func sameNames(a, b string) bool {
	x, y := strings.Split(a, ", "), strings.Split(b, ", ")
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func TestNobodyLearnsOfACardByNamingIt(t *testing.T) {
	o := newOffice(t)
	ivan, boris := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Борис", crm.RoleManager)
	theirs := o.add(ivan, crm.Profile{Name: "Золотухова Анна", Phones: []crm.Phone{{E164: "+79001234567", Raw: "+79001234567"}}})
	due := o.clock.Now().Add(time.Hour)
	for _, text := range []string{"позвонить Золотуховой", "набрать +7 900 123-45-67"} {
		if task, m, err := o.NoteTask(t.Context(), o.as(boris), crm.TaskInput{Text: text, Due: due}); err != nil || len(m.Clients) > 0 || task.Client != "" {
			t.Errorf("%s: %v, %v, %v", text, task.Client, m, err)
		}
		if task, _, err := o.NoteTask(t.Context(), o.as(ivan), crm.TaskInput{Text: text, Due: due}); err != nil || task.Client != theirs.ID {
			t.Errorf("%s: own client not linked: %v, %v", text, task.Client, err)
		}
	}
	vera := o.hire(4, "Вера", crm.RoleAccountant)
	if m, err := o.Mentioned(t.Context(), o.as(vera), "счёт Золотуховой"); err != nil || !m.Sure || len(m.Clients[0].Phones) > 0 {
		t.Errorf("by name, to an accountant: %v, %v", m, err)
	}
	if m, err := o.Mentioned(t.Context(), o.as(vera), "набрать +7 900 123-45-67"); err != nil || len(m.Clients) > 0 {
		t.Errorf("by a phone that an accountant does not see: %v, %v", m, err)
	}
	if _, err := o.DeleteClient(t.Context(), o.as(ivan), theirs.ID); err != nil {
		t.Fatal(err)
	}
	if m, err := o.Mentioned(t.Context(), o.as(ivan), "позвонить Золотуховой на +7 900 123-45-67"); err != nil || len(m.Clients) > 0 {
		t.Errorf("from the bin: %v, %v", m, err)
	}
}

// A name of many is found by both of its words, and one word of it says nothing.
func TestATextNamesOneOfMany(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.add(ivan, crm.Profile{Name: "Кузнецов Владимир"})
	for i := range 70 {
		o.add(ivan, crm.Profile{Name: "Анна " + strings.Repeat("а", i+3), City: "Владимир"})
		o.add(ivan, crm.Profile{Name: "Петрова " + strings.Repeat("о", i+3), Position: "Клиент"})
		o.add(o.owner, crm.Profile{Name: "Клиент " + strings.Repeat("о", i+3)})
	}
	o.add(ivan, crm.Profile{Name: "Петрова Анна"})
	o.add(ivan, crm.Profile{Name: "Лебедев Владимир"})
	for text, want := range map[string]string{
		"позвонить Анне Петровой": "!Петрова Анна", "позвонить анне петровой": "!Петрова Анна", "позвонить клиенту": "", "позвонить Лебедеву": "!Лебедев Владимир",
		"позвонить Владимиру Лебедеву": "!Лебедев Владимир",
	} {
		m, err := o.Mentioned(t.Context(), o.as(o.owner), text)
		got := ""
		if len(m.Clients) > 0 {
			got = m.Clients[0].Name
		}
		if m.Sure {
			got = "!" + got
		}
		if err != nil || got != want {
			t.Errorf("%q names %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"позвонить Анне", "позвонить Владимиру"} { // there may be more than were looked at
		if m, err := o.Mentioned(t.Context(), o.as(o.owner), text); err != nil || m.Sure {
			t.Errorf("%q means %v, %v", text, m.Clients, err)
		}
	}
}

func TestLinkTask(t *testing.T) {
	o := newOffice(t)
	ivan, boris := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Борис", crm.RoleManager)
	c, due := o.add(ivan, crm.Profile{Name: "Золотухова Анна"}), o.clock.Now().Add(time.Hour)
	task := o.task(boris, crm.TaskInput{Text: "позвонить", Due: due})
	if _, err := o.LinkTask(t.Context(), o.as(boris), task.ID, c.ID); fieldOf(err) != "client" {
		t.Errorf("linked to a card that is not to be seen: %v", err)
	}
	task = o.task(ivan, crm.TaskInput{Client: c.ID, Due: due})
	if _, err := o.LinkTask(t.Context(), o.as(ivan), task.ID, ""); fieldOf(err) != "task" {
		t.Errorf("nothing is left of the task: %v", err)
	}
	b := &inbox{}
	task = o.task(ivan, crm.TaskInput{Text: "позвонить", Due: time.Date(2026, 11, 20, 22, 0, 0, 0, msk)})
	o.wait(b, 12*time.Hour, time.Hour) // planned, and kept back by the quiet hours
	if task, err := o.LinkTask(t.Context(), o.as(ivan), task.ID, c.ID); err != nil || task.Client != c.ID {
		t.Fatalf("%v, %v", task.Client, err)
	}
	o.wait(b, 12*time.Hour, time.Hour)
	if !slices.ContainsFunc(b.got, func(n crm.Notice) bool { return n.Task.ID == task.ID && n.Client.ID == c.ID }) {
		t.Errorf("reminded of %v, none with the client", kinds(b.got))
	}
	if _, err := o.CloseTask(t.Context(), o.as(ivan), task.ID, crm.TaskDone, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.LinkTask(t.Context(), o.as(ivan), task.ID, ""); fieldOf(err) != "task" {
		t.Errorf("linked when it is over: %v", err)
	}
}
