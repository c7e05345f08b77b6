package crm_test

import (
	"slices"
	"strings"
	"testing"

	"kartoteka/crm"
)

// shapes are files as other programs write them: their headings are those of real exports (files with people in them are not public, so
// the people are made up). To each what its columns must become.
var shapes = map[string]struct {
	program string
	rows    []string
	want    map[string]string // heading → target; those not named are notes
	client  string            // what the row is taken for
}{
	"Google Contacts, old .csv": {"google", []string{
		"Name;Given Name;Additional Name;Family Name;Birthday;Notes;Group Membership;E-mail 1 - Type;E-mail 1 - Value;Phone 1 - Type;Phone 1 - Value;Organization 1 - Name;Organization 1 - Title",
		"Анна Ким;Анна;;Ким;1990-05-12;любит чай;* myContacts ::: Клиенты;* Home;anna@x.ru ::: kim@x.ru;Mobile;+7 900 123-45-67 ::: +7 900 123-45-68;Ромашка;директор"},
		map[string]string{"Name": "name", "Given Name": "first", "Additional Name": "middle", "Family Name": "last", "Birthday": "birthday", "Group Membership": "tags",
			"E-mail 1 - Value": "emails", "Phone 1 - Value": "phones", "Organization 1 - Name": "company", "Organization 1 - Title": "position"},
		"Ким Анна|+79001234567,+79001234568|anna@x.ru,kim@x.ru|Ромашка|директор|1990-05-12|Клиенты"},
	"Google Contacts, new .csv": {"google", []string{
		"First Name;Middle Name;Last Name;Nickname;Organization Name;Organization Title;Birthday;Notes;Labels;E-mail 1 - Label;E-mail 1 - Value;Phone 1 - Label;Phone 1 - Value",
		"John;;Smith;Johnny;Acme;CEO;--05-12;;* myContacts;Work;john@acme.com;Mobile;+1 650-253-0000"},
		map[string]string{"First Name": "first", "Middle Name": "middle", "Last Name": "last", "Organization Name": "company", "Organization Title": "position",
			"Birthday": "birthday", "Labels": "tags", "E-mail 1 - Value": "emails", "Phone 1 - Value": "phones"},
		"John Smith|+16502530000|john@acme.com|Acme|CEO|0000-05-12|"},
	"Outlook .csv": {"outlook", []string{
		"Title;First Name;Middle Name;Last Name;Company;Job Title;E-mail Address;E-mail 2 Address;Business Phone;Home Phone;Mobile Phone;Birthday;Web Page",
		"Mr.;Иван;Петрович;Иванов;ООО «Ромашка»;закупщик;ivan@x.ru;i2@x.ru;8 (495) 123-45-67;;8 900 123-45-67;12.05.1985;https://romashka.ru"},
		map[string]string{"First Name": "first", "Middle Name": "middle", "Last Name": "last", "Company": "company", "Job Title": "position", "E-mail Address": "emails",
			"E-mail 2 Address": "emails", "Business Phone": "phones", "Home Phone": "phones", "Mobile Phone": "phones", "Birthday": "birthday", "Web Page": "at.site"},
		"Иванов Иван Петрович|+74951234567,+79001234567|ivan@x.ru,i2@x.ru|ООО «Ромашка»|закупщик|1985-05-12|"},
	"Outlook .csv, Russian": {"outlook", []string{
		"Обращение;Имя;Отчество;Фамилия;Суффикс;Организация;Отдел;Должность;Улица (раб. адрес);Город (раб. адрес);Индекс (раб. адрес);Рабочий факс;Рабочий телефон;" +
			"Телефон раб. 2;Основной телефон организации;Домашний телефон;Телефон дом. 2;Телефон переносной;Другой телефон;Основной телефон;Веб-страница;Годовщина;" +
			"День рождения;Заметки;Категории;Пол;Хобби;Адрес эл. почты;Тип эл. почты;Краткое имя эл. почты;Адрес 2 эл. почты;Язык",
		"г-н;Иван;Петрович;Иванов;;ООО «Ромашка»;сбыт;закупщик;Мира 1;Омск;644000;;8 (495) 123-45-67;;;;;8 900 123-45-67;;;https://romashka.ru;0.0.00;12.05.1985;" +
			"звонить утром;опт;Мужской;рыбалка;ivan@x.ru;SMTP;Иванов Иван (ivan@x.ru);i2@x.ru;"},
		map[string]string{"Имя": "first", "Отчество": "middle", "Фамилия": "last", "Организация": "company", "Должность": "position", "Улица (раб. адрес)": "address",
			"Город (раб. адрес)": "city", "Рабочий телефон": "phones", "Телефон раб. 2": "phones", "Основной телефон организации": "phones", "Домашний телефон": "phones",
			"Телефон дом. 2": "phones", "Телефон переносной": "phones", "Другой телефон": "phones", "Основной телефон": "phones", "Веб-страница": "at.site",
			"День рождения": "birthday", "Категории": "tags", "Хобби": "interests", "Адрес эл. почты": "emails", "Адрес 2 эл. почты": "emails"},
		"Иванов Иван Петрович|+74951234567,+79001234567|ivan@x.ru,i2@x.ru|ООО «Ромашка»|закупщик|1985-05-12|опт"},
	"RetailCRM, its template": {"retailcrm", []string{
		"Last Name;First Name;Patronymic;Phone Number;Email;Subscribed to the e-mail newsletter;Customer's external ID;Country",
		"Белова;Ольга;Ивановна;+7 900 123-45-67;o@x.ru;yes;77;Россия"},
		map[string]string{"Last Name": "last", "First Name": "first", "Patronymic": "middle", "Phone Number": "phones", "Email": "emails"},
		"Белова Ольга Ивановна|+79001234567|o@x.ru||||"},
	"amoCRM contacts": {"amocrm", []string{
		"ID;Тип;Полное имя контакта;Имя;Фамилия;Название компании;Ответственный;Дата создания контакта;Кем создан контакт;Сделки;Теги;Примечание 1;Рабочий телефон;Мобильный телефон;Рабочий email;Должность",
		"77;контакт;Пётр Сидоров;Пётр;Сидоров;Лютик;Анна;01.02.2024 10:00:00;Анна;Сделка 1;vip, опт;звонить утром;'+74951234567;'+79001234567;p@x.ru;директор"},
		map[string]string{"Полное имя контакта": "name", "Имя": "first", "Фамилия": "last", "Название компании": "company", "Ответственный": "owner", "Теги": "tags",
			"Рабочий телефон": "phones", "Мобильный телефон": "phones", "Рабочий email": "emails", "Должность": "position"},
		"Сидоров Пётр|+74951234567,+79001234567|p@x.ru|Лютик|директор||vip,опт"},
	"Bitrix24 contacts": {"bitrix24", []string{
		"ID;Обращение;Имя;Фамилия;Отчество;Дата рождения;Адрес;Рабочий телефон;Мобильный телефон;Корпоративный сайт;Рабочий e-mail;Частный e-mail;Контакт Telegram;Название компании;Должность;Комментарий;Источник;Ответственный",
		"5;;ОЛЬГА;БЕЛОВА;;12.05.1990;Омск, Мира 1;;79001234567;;o@x.ru;;@olgabelova;Ромашка;менеджер;;Сайт;Анна"},
		map[string]string{"Имя": "first", "Фамилия": "last", "Отчество": "middle", "Дата рождения": "birthday", "Адрес": "address", "Рабочий телефон": "phones",
			"Мобильный телефон": "phones", "Корпоративный сайт": "at.site", "Рабочий e-mail": "emails", "Частный e-mail": "emails", "Контакт Telegram": "at.telegram",
			"Название компании": "company", "Должность": "position", "Источник": "source", "Ответственный": "owner"},
		"Белова Ольга|+79001234567|o@x.ru|Ромашка|менеджер|1990-05-12|"},
	"by hand, a title above": {"", []string{
		"Наши клиенты;;", ";;", "ФИО;Тел.;Эл. почта;Д.Р.;Размер обуви", "Ким А.;8-900-123-45-67;kim@x.ru;31179;42"},
		map[string]string{"ФИО": "name", "Тел.": "phones", "Эл. почта": "emails", "Д.Р.": "birthday"},
		"Ким А.|+79001234567|kim@x.ru|||1985-05-12|"},
	"by hand, no headings": {"", []string{
		"Иванов Иван;+7 900 123-45-67;ivan@x.ru;ООО «Ромашка»", "Петрова Анна;+7 900 123-45-68;anna@x.ru;ИП Петрова"},
		map[string]string{"0": "name", "1": "phones", "2": "emails", "3": "company"},
		"Иванов Иван|+79001234567|ivan@x.ru|ООО «Ромашка»|||"},
	"one column of phones": {"", []string{"+7 900 123-45-67", "8 900 123-45-68"}, map[string]string{"0": "phones"}, "+7 900 123-45-67|+79001234567|||||"},
	"one column of names":  {"", []string{"Имя", "Иванов Иван"}, map[string]string{"Имя": "name"}, "Иванов Иван||||||"},
	"two columns of one name": {"", []string{"Имя;Телефон;Телефон;Имя", "Ким;+79001234567;+79001234568;Анна"},
		map[string]string{"Имя": "name", "Телефон": "phones"}, "Ким|+79001234567,+79001234568|||||"},
}

func TestImport_shapes(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			by := o.as(o.owner)
			rows := sheetOf(s.rows...)
			i, err := o.BeginImport(t.Context(), by, startOf(rows))
			if err != nil || i.Program != s.program {
				t.Fatalf("program %q, %v", i.Program, err)
			}
			seen := map[string]bool{}
			for n, c := range i.Columns {
				want, known := s.want[c.Heading]
				if c.Heading == "" {
					want, known = s.want[string(rune('0'+n))], true
				}
				if !known || seen[c.Heading] && want == "name" {
					want = "note"
				}
				if seen[c.Heading] = true; string(c.To) != want {
					t.Errorf("column %q is taken for %q, want %q", c.Heading, c.To, want)
				}
			}
			lines, err := o.ReadImport(t.Context(), by, i.ID, rows)
			if err != nil || len(lines) == 0 || len(lines[0].Problems) > 0 {
				t.Fatalf("got %+v, %v", lines, err)
			}
			if got := inOneLine(lines[0].Draft); got != s.client {
				t.Errorf("got  %s\nwant %s", got, s.client)
			}
			o.nothingIsLost(rows, i, lines)
		})
	}
}

func inOneLine(d crm.Draft) string {
	p := d.Profile
	var phones []string
	for _, ph := range p.Phones {
		phones = append(phones, ph.E164)
	}
	return strings.Join([]string{d.Title(), strings.Join(phones, ","), strings.Join(p.Emails, ","), p.Company, p.Position, p.Birthday.String(),
		strings.Join(p.Tags, ",")}, "|")
}

// nothingIsLost looks for the words of each note's cell in the notes of its row.
func (o *office) nothingIsLost(rows rowsOf, i crm.Import, lines []crm.ImportLine) {
	o.t.Helper()
	for _, l := range lines {
		at := slices.IndexFunc(rows, func(r crm.ImportRow) bool { return r.N == l.N })
		var notes string
		for _, n := range l.Draft.Notes {
			notes += n.Text + "\n"
		}
		for n, cell := range rows[at].Cells {
			if i.Columns[n].To == crm.ImportNote && !strings.Contains(notes, cell) {
				o.t.Errorf("row %d: %q of %q is nowhere in %q", l.N, cell, i.Columns[n].Heading, notes)
			}
		}
	}
}

// What spreadsheets do to cells, and what people write into them.
func TestImport_cells(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	rows := sheetOf("Имя;Телефон;Почта;ДР;Метки",
		`Ан;="+79001234567";;;`,
		"Бо;7.9001234567E+10;;;",
		"Ве;79001234567.0;;;",
		"Го;7,90012E+10;;;",
		"До;+7 900 123-45-67, +7 900 123-45-68 (жена), 8 495 123-45-67 доб. 12;;;",
		"Ев;-;нет;;#опт, #опт, vip",
		"Жо;;кто-то at x.ru;;",
		"За;;Иван <ivan@x.ru>, MAILTO:b@x.ru;;",
		"Ив;;;12.05.1985;",
		"Ка;;;1985-05-12 00:00:00;",
		"Лю;;;12 мая 1985 г.;",
		"Ма;;;31179;",
		"На;;;31.02.1985;",
		"Ол;;;;"+strings.Repeat("ж", 61),
		";;;;",
	)
	i, err := o.BeginImport(t.Context(), by, startOf(rows))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := o.ReadImport(t.Context(), by, i.ID, rows)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []string{"Ан|+79001234567|||||", "Бо|+79001234567|||||", "Ве|+79001234567|||||", "!phone_lost", "До|+79001234567,+79001234568,+74951234567|||||",
		"Ев||||||опт,vip", "!email", "За||ivan@x.ru,b@x.ru||||", "Ив|||||1985-05-12|", "Ка|||||1985-05-12|", "Лю|||||1985-05-12|", "Ма|||||1985-05-12|",
		"!birthday", "!tags", "!nobody"} {
		got := inOneLine(lines[n].Draft)
		if len(lines[n].Problems) > 0 {
			got = "!" + lines[n].Problems[0].What
		}
		if got != want {
			t.Errorf("row %d: got %s, want %s", n+2, got, want)
		}
	}
	if ph := lines[4].Draft.Profile.Phones; len(ph) == 3 && ph[2].Ext != "12" {
		t.Errorf("got %+v", ph)
	}
}
