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

func TestFileWithManyCards(t *testing.T) {
	o := newOffice(t)
	o.Person.Add(crm.Profile{Name: "Старый", Phones: []crm.Phone{{E164: "+79031000003"}}})
	o.Out.Files["f"] = []byte(book(36) + vCard("Клиент Номер0", "+79031000000"))
	o.Send(fileOf("f", "клиенты <2024>.vcf"))
	o.sees("Файл «клиенты &lt;2024&gt;.vcf»", "37 карточек", "Новых: 35, уже есть: 2", "👤 Клиент Номер0", "и ещё 27")
	o.restart()
	o.Press("Сохранить новых: 35")
	o.sees("добавлено 35, уже были 2")
	if got := len(o.clients()); got != 36 {
		t.Errorf("got %d cards, want 36", got)
	}
}

// A large file is saved in parts; each press goes on where the last one ended, and one that comes twice makes nothing
// twice.
func TestLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("1,100 cards take seconds")
	}
	o := newOffice(t)
	o.Out.Files["f"] = []byte(book(1100))
	o.Send(fileOf("f", "all.vcf"))
	press := chat.Incoming{Update: 70001, Message: o.Message(), Press: &chat.Press{ID: "p", Data: o.Button("Сохранить новых: 1100").Data}}
	o.Send(press)
	o.sees("Просмотрено 1000 из 1100")
	o.Press("Продолжить")
	o.sees("добавлено 1100, уже были 0")
}

func TestFileThatIsGone(t *testing.T) {
	o := newOffice(t)
	o.Out.Files["f"] = []byte(book(3))
	o.Send(fileOf("f", "all.vcf"))
	delete(o.Out.Files, "f")
	o.Press("Сохранить новых: 3")
	o.sees("больше не открывается")
}

func TestListDropped(t *testing.T) {
	o := newOffice(t)
	o.Out.Files["f"] = []byte(book(3))
	o.Send(fileOf("f", "all.vcf"))
	o.Press("Не сохранять")
	o.sees("Не сохранено: контакты")
	o.Press("Вернуть")
	o.sees("3 карточки")
	o.Press("Сохранить новых: 3")
	o.sees("добавлено 3")
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
		"cut in many":     {vCard("Анна Ким", "+79031112233") + "BEGIN:VCARD\nFN:Борис Волков\nTEL:+7926", "Файл обрывается"},
		"a 5 MB photo":    {big, "👤 Борис Волков"},
		"10 MB of it":     {big + strings.Replace(big, "+79261112233", "+79261112244", 1), "2 карточки"},
		"too many cards":  {strings.Repeat("BEGIN:VCARD\nFN:Анна Ким\nEND:VCARD\n", 5002), "прочитано не всё"},
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

// The file is what is kept of a file, not the people in it.
func TestFileIsReadAgain(t *testing.T) {
	o := newOffice(t)
	o.Out.Files["f"] = []byte(book(3))
	o.Send(fileOf("f", "all.vcf"))
	d, err := o.Desk.Dialog(t.Context(), o.By(), fmt.Sprint(o.User))
	if err != nil || len(d.Drafts) != 0 || d.Answers["file"] != "f" {
		t.Errorf("got %d drafts, file %q, %v", len(d.Drafts), d.Answers["file"], err)
	}
}
