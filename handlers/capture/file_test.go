package capture_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"kartoteka/crm"
	"kartoteka/handlers/capture"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
	"kartoteka/locales"
)

func vCard(name, phone string) string {
	return "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:" + name + "\r\nTEL;TYPE=CELL:" + phone + "\r\nEND:VCARD\r\n"
}

// book is a file of n cards.
func book(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(vCard(fmt.Sprintf("Клиент Номер%d", i), fmt.Sprintf("+7903%07d", 1000000+i)))
	}
	return b.String()
}

func TestContactWithVCard(t *testing.T) {
	o := newOffice(t)
	in := contactOf("Боря", "", "79261112233", 77)
	in.Contact.VCard = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=92=D0=BE=D0=BB=D0=BA=D0=BE=D0=B2;" +
		"=D0=91=D0=BE=D1=80=D0=B8=D1=81\nTEL;CELL:+79261112233\nTEL;WORK:8 (495) 123-45-67\nEMAIL:boris@volkov.ru\n" +
		"ORG:Acme;Sales\nTITLE:Director\nBDAY:1985-05-12\nEND:VCARD"
	o.Send(in)
	o.sees("Волков", "Борис", "+7 926 111-22-33", "+7 495 123-45-67", "boris@volkov.ru", "Acme", "Director", "12 мая 1985")
	o.lacks("Боря")
	o.Press("Сохранить")
	if c := o.only(); len(c.Phones) != 2 || c.TelegramID != 77 {
		t.Errorf("got %+v", c.Profile)
	}
}

func TestFileWithOneCard(t *testing.T) {
	o := newOffice(t)
	o.Out.Files["f"] = []byte(vCard("Борис Волков", "+79261112233"))
	o.Send(fileOf("f", "boris.VCF"))
	o.sees("Новый клиент", "👤 Борис Волков")
	o.Press("Сохранить")
	o.only()
}

// A file of many cards is imported like a table.
func TestFileWithManyCards(t *testing.T) {
	o := newOffice(t)
	o.Out.Files["f"] = []byte(book(36))
	o.Send(fileOf("f", "клиенты <2024>.vcf"))
	o.sees("Файл «клиенты &lt;2024&gt;.vcf»", "36 строк")
	o.Button("Проверить")
}

func TestListDropped(t *testing.T) {
	o := newOffice(t)
	for i := range 3 {
		o.Send(contactOf(fmt.Sprint("Контакт ", i), "", fmt.Sprintf("+7926111223%d", i), 0))
	}
	o.Press("Не сохранять")
	o.sees("Не сохранено: контакты")
	o.Press("Вернуть")
	o.sees("3 контакта")
	o.Press("Сохранить новых: 3")
	o.sees("добавлено: 3")
}

// Files that are not what they seem get one clear sentence.
func TestBadFiles(t *testing.T) {
	photo := "PHOTO;ENCODING=b;TYPE=JPEG:" + strings.Repeat("QUJD", 5<<20/4) + "\r\n"
	big := strings.Replace(vCard("Борис Волков", "+79261112233"), "END:", photo+"END:", 1)
	for name, try := range map[string]struct{ content, want string }{
		"a picture":       {"\x89PNG\r\n\x1a\n\x00\x00\x00", "нет контактов"},
		"nothing":         {"", "нет контактов"},
		"a text":          {"Просто письмо", "нет контактов"},
		"an empty card":   {"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", "нет контактов"},
		"cut":             {"BEGIN:VCARD\nVERSION:3.0\nFN:Борис Волков\nTEL:+7926111", "Файл обрывается"},
		"a 5 MB photo":    {big, "👤 Борис Волков"},
		"10 MB of it":     {big + strings.Replace(big, "+79261112233", "+79261112244", 1), "2 строки"},
		"over the limit":  {strings.Repeat("x", 20<<20+1), "больше 20 МБ"},
		"zero-width name": {vCard("\u200b\u2060", "+79261112233"), "+7 926 111-22-33"},
		"HTML in a name":  {vCard("<a href=x>Борис</a> & Ко", "+79261112233"), "&lt;a href=x&gt;"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.Out.Files["f"] = []byte(try.content)
			o.Send(fileOf("f", "contacts.vcf"))
			o.sees(try.want)
		})
	}
}

func TestFileSaidToBeLarge(t *testing.T) {
	o := newOffice(t)
	in := fileOf("f", "contacts.vcf")
	in.File.Size = 50 << 20
	o.Send(in)
	o.sees("больше 20 МБ")
}

// restart forgets all that is not in the store.
func (o *office) restart() {
	o.tb.Helper()
	catalog, err := locales.Load()
	if err != nil {
		o.tb.Fatal(err)
	}
	o.Kit.Router = talk.New(talk.Options{Desk: o.Desk, Out: o.Out, Catalog: catalog, Clock: o.Clock,
		Log: slog.New(slog.DiscardHandler), Bot: talktest.Bot})
	card.Register(o.Kit.Router)
	capture.Register(o.Kit.Router)
}

func TestRestart(t *testing.T) {
	o := newOffice(t)
	o.Say("/add")
	o.restart()
	o.Say("Борис Волков")
	o.restart()
	o.sees("Телефон")
	o.Say("8 926 111-22-33")
	for range 5 {
		o.restart()
		o.Press("Пропустить")
	}
	o.sees("Новый клиент")
	o.restart()
	o.Send(voice("v1"))
	o.sees("Борис Волков", "1 вложение")
	o.restart()
	o.Press("Сохранить")
	if got := len(o.history(o.only().ID)); got != 1 {
		t.Errorf("got %d entries, want the voice note", got)
	}
}

// In English too, with no text missing.
func TestEnglish(t *testing.T) {
	o := newOffice(t)
	john := o.Kit.Member("John", crm.RoleManager, "en")
	o.Out.Files["f"] = []byte(book(2))
	for _, in := range []chat.Incoming{
		contactOf("Boris", "Volkov", "+79261112233", 0), contactOf("Ann", "Kim", "+79261112244", 0), fileOf("f", "all.vcf"), fileOf("g", "x.pdf"),
		forwarded(5, "Kim", "Hello"), voice("v"), {Text: "/add", Command: "add"}, {Text: "..."},
	} {
		john.Send(in)
		if text := john.Screen().Text; text == "" || strings.ContainsAny(strings.ReplaceAll(text, "Клиент Номер", ""), "абвгдежзиклмнопрст") {
			t.Errorf("got %q", text)
		}
	}
}
