package vcard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

var options = Options{Region: "RU", Today: civil.Date{Year: 2026, Month: time.November, Day: 21}, Names: Names{Anniversary: "Годовщина", Other: "Дата"}}

// shown is a draft as one line.
func shown(d crm.Draft) string {
	p := d.Profile
	var out []string
	add := func(name, value string) {
		if value != "" {
			out = append(out, name+"="+value)
		}
	}
	add("name", p.Name)
	add("kind", string(p.Kind))
	add("company", p.Company)
	add("position", p.Position)
	for _, ph := range p.Phones {
		add("phone", strings.TrimSpace(ph.E164+" "+ph.Ext+" "+ph.Raw))
	}
	add("email", strings.Join(p.Emails, " "))
	for _, m := range p.Messengers {
		add(m.Kind, m.Handle)
	}
	add("city", p.City)
	add("address", p.Address)
	add("birthday", p.Birthday.String())
	for _, o := range p.Dates {
		often := "yearly"
		if o.Once {
			often = "once"
		}
		add("date", o.Label+" "+o.Day.String()+" "+often)
	}
	add("tags", strings.Join(p.Tags, " "))
	for _, n := range d.Notes {
		add("note", strings.ReplaceAll(n.Text, "\n", " / "))
	}
	return strings.Join(out, "; ")
}

func read(t *testing.T, file string) []crm.Draft {
	t.Helper()
	drafts, err := Read(strings.NewReader(file), options)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return drafts
}

func lines(s ...string) string { return strings.Join(s, "\r\n") + "\r\n" }

// wrapped puts properties into a card.
func wrapped(props ...string) string {
	return lines(append(append([]string{"BEGIN:VCARD", "VERSION:3.0"}, props...), "END:VCARD")...)
}

func encoded(t *testing.T, c *charmap.Charmap, s string) string {
	t.Helper()
	out, err := c.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func qp(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "=%02X", s[i])
	}
	return b.String()
}

func android() string {
	name := qp("Иванов") + ";" + qp("Иван") + ";" + qp("Петрович") + ";;"
	full := qp("Иван Петрович Иванов")
	return lines("BEGIN:VCARD", "VERSION:2.1",
		"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"+name[:74]+"=", name[74:],
		"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"+full[:60]+"=", full[60:],
		"TEL;CELL;PREF:8 900 123-45-67", "TEL;WORK:+74951234567,,12", "TEL;HOME;FAX:8 (8452) 12-05-85", "TEL;CELL:900",
		"EMAIL;HOME:Ivan@Romashka.ru", "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"+qp("ООО «Ромашка»"),
		"TITLE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"+qp("закупщик"), "BDAY:1985-05-12",
		"X-ANDROID-CUSTOM;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:vnd.android.cursor.item/nickname;"+qp("Ваня")+";1;;;;;;;;;;;;;",
		"NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"+qp("любит чай\r\nзвонить после 18"),
		"PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD", " /2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCw", "",
		"X-SKYPE-USERNAME:ivan.petrov", "END:VCARD")
}

const iosCard = `BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 17.4//EN
N:Петрова;Анна;;г-жа;
FN:г-жа Анна Петрова
NICKNAME:Аня
ORG:Лютик\, ООО;Отдел закупок;
TITLE:директор
item1.TEL;type=pref:+7 (900) 123‑45‑67
item1.X-ABLabel:Бухгалтерия
item2.TEL;type=CELL;type=VOICE:89007654321
item2.X-ABLabel:_$!<Mobile>!$_
EMAIL;type=INTERNET;type=HOME;type=pref:anna@lutik.ru
item3.ADR;type=WORK:;;ул. Ленина\, 5;Казань;Татарстан;420000;Россия
item3.X-ABADR:ru
item4.URL;type=pref:http\://lutik.ru
X-SOCIALPROFILE;type=telegram:https://t.me/anna_p
X-SOCIALPROFILE;type=Instagram;x-user=anna:https://www.instagram.com/anna
IMPP;X-SERVICE-TYPE=Skype;type=HOME:skype:anna.p
IMPP;X-SERVICE-TYPE=Telegram:x-apple:annushka
BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12
item5.X-ABDATE;type=pref:2010-06-01
item5.X-ABLabel:_$!<Anniversary>!$_
item6.X-ABRELATEDNAMES:Олег
item6.X-ABLabel:муж
NOTE:любит\nчай
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoH
 BwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsN
END:VCARD
`

const googleCard = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Мария Иванова-Очень-Длинная\r\nN:Иванова-Очень-Длинная;Мария;;;\r\n" +
	"TEL;TYPE=CELL:+375 29 123-45-67\r\nTEL;TYPE=WORK:8 495 123-45-67 ::: 8 495 123-45-68\r\nCATEGORIES:myContacts,VIP,опт\r\n" +
	"NOTE:длинная заметка\\, которая не поме\r\n стилась в одну\r\n\t строку\r\nitem1.URL:https\\://vk.com/id1\r\nitem1.X-ABLabel:Профиль\r\nEND:VCARD\r\n"

func TestRead_exports(t *testing.T) {
	outlook := encoded(t, charmap.Windows1251, lines("BEGIN:VCARD", "VERSION:2.1", "N;LANGUAGE=ru:Сидоров;Пётр;Ильич", "FN:Пётр Ильич Сидоров",
		"ORG:Ромашка;Склад", "TITLE:Кладовщик", "TEL;WORK;VOICE:(495) 123-45-67", "TEL;CELL;VOICE:8 900 123-45-67",
		"ADR;WORK;PREF:;;ул. Мира, 1;Москва;;101000;Россия",
		"LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:"+qp(encoded(t, charmap.Windows1251, "ул. Мира, 1"))+"=0D=0A=", qp(encoded(t, charmap.Windows1251, "Москва 101000")),
		"X-MS-OL-DEFAULT-POSTAL-ADDRESS:2", "EMAIL;PREF;INTERNET:petr@romashka.ru", "REV:20240101T000000Z", "END:VCARD"))
	tests := []struct{ name, file, want string }{
		{"android", android(), "name=Иванов Иван Петрович; company=ООО «Ромашка»; position=закупщик; phone=+79001234567; phone=+74951234567 12; " +
			"phone=+78452120585  fax: 8 (8452) 12-05-85; email=ivan@romashka.ru; skype=ivan.petrov; birthday=1985-05-12; note=любит чай / звонить после 18 / 900 / Ваня"},
		{"ios", iosCard, "name=Петрова Анна; company=Лютик, ООО; position=директор; phone=+79001234567  Бухгалтерия: +7 (900) 123‑45‑67; phone=+79007654321; " +
			"email=anna@lutik.ru; site=http://lutik.ru; telegram=anna_p; site=https://www.instagram.com/anna; skype=anna.p; telegram=annushka; " +
			"city=Казань; address=420000, Россия, Татарстан, ул. Ленина, 5; birthday=0000-05-12; date=Годовщина 2010-06-01 yearly; note=любит / чай / Аня / Отдел закупок / муж: Олег / г-жа"},
		{"outlook", outlook, "name=Сидоров Пётр Ильич; company=Ромашка; position=Кладовщик; phone=+74951234567; phone=+79001234567; email=petr@romashka.ru; " +
			"city=Москва; address=101000, Россия, ул. Мира, 1; note=Склад"},
		{"google", googleCard, "name=Иванова-Очень-Длинная Мария; phone=+375291234567; phone=+74951234567; phone=+74951234568; vk=id1; tags=VIP опт; " +
			"note=длинная заметка, которая не поместилась в одну строку"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			drafts := read(t, tt.file)
			if len(drafts) != 1 || shown(drafts[0]) != tt.want {
				t.Errorf("got %d cards\n got %s\nwant %s", len(drafts), shown(drafts[0]), tt.want)
			}
			if drafts[0].Named != crm.NamedByContact {
				t.Errorf("named %d", drafts[0].Named)
			}
		})
	}
}

func TestRead_properties(t *testing.T) {
	tests := []struct {
		name  string
		props []string
		want  string
	}{
		{"fn alone", []string{"FN:Иван Петров"}, "name=Иван Петров"},
		{"no fn", []string{"N:Иванов;Иван;Иванович"}, "name=Иванов Иван Иванович"},
		{"in Latin letters as it is said", []string{"N:Watson;Grace;;;", "FN:Grace Watson"}, "name=Grace Watson"},
		{"a surname in capitals", []string{"N:MUSTERMANN;Max;;Dr.;", "FN:Dr. Max MUSTERMANN"}, "name=Mustermann Max; note=Dr."},
		{"all in capitals", []string{"N:ИВАНОВ;ПЁТР;;;", "FN:ПЁТР ИВАНОВ"}, "name=Иванов Пётр"},
		{"a company in capitals", []string{"FN:ЛУКОЙЛ"}, "name=ЛУКОЙЛ"},
		{"in capitals by us", []string{"PRODID:" + Ours, "FN:ИВАНОВ ПЁТР"}, "name=ИВАНОВ ПЁТР"},
		{"by the surname, as it says itself", []string{"N:Watson;Grace;;;", "FN:Watson, Grace"}, "name=Watson Grace"},
		{"an export of ours", []string{"PRODID:" + Ours, "N:Петров;Иван;;;", "FN:Иван Петров"}, "name=Иван Петров"},
		{"empty n", []string{"N:;;;;", "FN:Иван Сантехник"}, "name=Иван Сантехник"},
		{"half of n", []string{"N:;Иван;;;", "FN:Иван Сантехник"}, "name=Иван Сантехник"},
		{"fn says something else", []string{"N:Петров;Иван;;;", "FN:Сантехник"}, "name=Петров Иван; note=Сантехник"},
		{"small letters", []string{"fn:Иван", "tel;type=cell:89001234567"}, "name=Иван; phone=+79001234567"},
		{"company alone", []string{"ORG:Ромашка;", "TEL:89001234567"}, "name=Ромашка; kind=corporate; phone=+79001234567"},
		{"company as name", []string{"FN:Ромашка", "N:;;;;", "ORG:Ромашка", "X-ABShowAs:COMPANY"}, "name=Ромашка; kind=corporate"},
		{"tel uri", []string{"FN:Иван", "TEL;VALUE=uri;TYPE=\"voice,work\":tel:+7-495-123-45-67;ext=102"}, "name=Иван; phone=+74951234567 102"},
		{"two phones in one", []string{"FN:Иван", "TEL:89001234567, 89007654321"}, "name=Иван; phone=+79001234567; phone=+79007654321"},
		{"same phone twice", []string{"FN:Иван", "TEL:89001234567", "TEL:+7 900 123-45-67"}, "name=Иван; phone=+79001234567"},
		{"phone with letters", []string{"FN:Иван", "TEL:8 900 12A 45 67"}, "name=Иван; note=8 900 12A 45 67"},
		{"local phone", []string{"FN:Иван", "TEL:22-33-44"}, "name=Иван; note=22-33-44"},
		{"bad mail", []string{"FN:Иван", "EMAIL:ivan@"}, "name=Иван; note=ivan@"},
		{"bday basic", []string{"FN:Иван", "BDAY:19850512"}, "name=Иван; birthday=1985-05-12"},
		{"bday time", []string{"FN:Иван", "BDAY;VALUE=date-time:1985-05-12T00:00:00Z"}, "name=Иван; birthday=1985-05-12"},
		{"bday no year", []string{"FN:Иван", "BDAY:--0512"}, "name=Иван; birthday=0000-05-12"},
		{"bday no year, dashes", []string{"FN:Иван", "BDAY:--05-12"}, "name=Иван; birthday=0000-05-12"},
		{"bday in Russian", []string{"FN:Иван", "BDAY:12.05.1985"}, "name=Иван; birthday=1985-05-12"},
		{"anniversary", []string{"FN:Иван", "ANNIVERSARY:20100601"}, "name=Иван; date=Годовщина 2010-06-01 yearly"},
		{"anniversary no year", []string{"FN:Иван", "X-ANNIVERSARY;X-APPLE-OMIT-YEAR=1604:1604-06-01"}, "name=Иван; date=Годовщина 0000-06-01 yearly"},
		{"anniversary twice", []string{"FN:Иван", "ANNIVERSARY:20100601", "X-ANNIVERSARY:2010-06-01"}, "name=Иван; date=Годовщина 2010-06-01 yearly"},
		{"date with a label", []string{"FN:Иван", "item1.X-ABDATE:2027-03-01", "item1.X-ABLabel:конец договора"}, "name=Иван; date=Конец договора 2027-03-01 once"},
		{"date of something", []string{"FN:Иван", "item1.X-ABDATE:2010-06-01", "item1.X-ABLabel:_$!<Other>!$_"}, "name=Иван; date=Дата 2010-06-01 yearly"},
		{"anniversary impossible", []string{"FN:Иван", "ANNIVERSARY:2010-02-31"}, "name=Иван; note=2010-02-31"},
		{"anniversary words", []string{"FN:Иван", "ANNIVERSARY;VALUE=text:в мае"}, "name=Иван; note=в мае"},
		{"bday impossible", []string{"FN:Иван", "BDAY:1985-02-31"}, "name=Иван; note=1985-02-31"},
		{"bday future", []string{"FN:Иван", "BDAY:2985-02-01"}, "name=Иван; note=2985-02-01"},
		{"bday words", []string{"FN:Иван", "BDAY;VALUE=text:circa 1800"}, "name=Иван; note=circa 1800"},
		{"label alone", []string{"FN:Иван", `LABEL:ул. Мира\, 1\nМосква`}, "name=Иван; address=ул. Мира, 1 Москва"},
		{"two addresses", []string{"FN:Иван", "ADR:;;ул. Мира, 1;Москва;;;", "ADR:;;Невский;Питер;;;"}, "name=Иван; city=Москва; address=ул. Мира, 1; note=Питер, Невский"},
		{"telegram", []string{"FN:Иван", "X-TELEGRAM:@BVolkov", "IMPP:telegram:bvolkov", "URL:t.me/bvolkov"}, "name=Иван; telegram=bvolkov"},
		{"whatsapp link", []string{"FN:Иван", "URL:https://wa.me/79001234567"}, "name=Иван; phone=+79001234567"},
		{"unknown messenger", []string{"FN:Иван", "IMPP:aim:ivan", "X-ICQ:123456"}, "name=Иван; note=aim:ivan / 123456"},
		{"title and role", []string{"FN:Иван", "TITLE:директор", "ROLE:закупки"}, "name=Иван; position=директор; note=закупки"},
		{"agent nested", []string{"FN:Иван", "AGENT:", "BEGIN:VCARD", "FN:Ольга", "TEL:89007654321", "END:VCARD", "TEL:89001234567"},
			"name=Иван; phone=+79001234567; note=Ольга, 89007654321"},
		{"agent inline", []string{"FN:Иван", `AGENT:BEGIN:VCARD\nFN:Ольга\nTEL:89007654321\nEND:VCARD\n`, "TEL:89001234567"},
			"name=Иван; phone=+79001234567; note=Ольга, 89007654321"},
		{"photo without white space", []string{"FN:Иван", "PHOTO;ENCODING=BASE64:AAAA", "BBBB", "CCCC==", "", "TEL:89001234567"}, "name=Иван; phone=+79001234567"},
		{"photo link", []string{"FN:Иван", "PHOTO;VALUE=uri:https://x.ru/a.jpg", "TEL:89001234567"}, "name=Иван; phone=+79001234567"},
		{"colon in quotes", []string{"FN:Иван", `ADR;LABEL="a:b;c":;;ул. Мира;Уфа;;;`}, "name=Иван; city=Уфа; address=ул. Мира"},
		{"quotes never closed", []string{"FN:Иван", `TEL;TYPE="WORK:89001234567`}, "name=Иван; phone=+79001234567"},
		{"qp with stray signs", []string{"FN;ENCODING=QUOTED-PRINTABLE:A=ZZ=41="}, "name=A=ZZA="},
		{"hostile characters", []string{"FN:\u202eИв\x00ан\u200b <b>&", "NOTE:a\x07b"}, "name=Иван <b>&; note=ab"},
		{"emoji", []string{"FN:Анна 👩‍💻"}, "name=Анна 👩‍💻"},
		{"html entity stays", []string{"FN:Ivan &amp; Co"}, "name=Ivan &amp; Co"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			drafts := read(t, wrapped(tt.props...))
			if len(drafts) != 1 || shown(drafts[0]) != tt.want {
				t.Errorf("got %d cards\n got %s\nwant %s", len(drafts), shown(drafts[0]), tt.want)
			}
		})
	}
}

func TestRead_long_values_go_to_the_note(t *testing.T) {
	long := "Я" + strings.Repeat("я", 299)
	d := read(t, wrapped("FN:"+long, "ORG:"+strings.Repeat("ю", 400), "NOTE:"+strings.Repeat("э", 9000)))[0]
	if d.Profile.Name != long[:400] || d.Profile.Company != strings.Repeat("ю", 300) {
		t.Errorf("name %d bytes, company %d bytes", len(d.Profile.Name), len(d.Profile.Company))
	}
	all := ""
	for _, n := range d.Notes {
		if len([]rune(n.Text)) > maxNote {
			t.Errorf("a note of %d characters", len([]rune(n.Text)))
		}
		all += n.Text
	}
	if !strings.Contains(all, long) || strings.Count(all, "ю") != 400 || strings.Count(all, "э") != 9000 {
		t.Error("something was lost")
	}
}

func TestRead_encodings(t *testing.T) {
	const want = "name=Ёлкин Пётр; company=Щука; phone=+79001234567; note=съел этих мягких булок"
	plain := wrapped("N:Ёлкин;Пётр;;;", "ORG:Щука", "TEL:89001234567", "NOTE:съел этих мягких булок")
	named := func(cs string, c *charmap.Charmap) string {
		return wrapped("N;CHARSET="+cs+":"+encoded(t, c, "Ёлкин;Пётр;;;"), "ORG;CHARSET="+cs+";ENCODING=QUOTED-PRINTABLE:"+qp(encoded(t, c, "Щука")),
			"TEL:89001234567", "NOTE;CHARSET="+cs+":"+encoded(t, c, "съел этих мягких булок"))
	}
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy) string {
		s, err := unicode.UTF16(e, bom).NewEncoder().String(plain)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, file := range map[string]string{
		"utf-8":            plain,
		"bom":              "\uFEFF" + plain,
		"lf":               strings.ReplaceAll(plain, "\r\n", "\n"),
		"cr":               strings.ReplaceAll(plain, "\r\n", "\r"),
		"mixed ends":       strings.Replace(strings.Replace(plain, "\r\n", "\r", 1), "\r\n", "\n", 2),
		"blank lines":      strings.ReplaceAll(plain, "\r\n", "\r\n\r\n"),
		"1251 named":       named("windows-1251", charmap.Windows1251),
		"koi8-r named":     named("KOI8-R", charmap.KOI8R),
		"1251 not named":   encoded(t, charmap.Windows1251, plain),
		"koi8-r not named": encoded(t, charmap.KOI8R, plain),
		"named wrongly":    strings.NewReplacer("N:", "N;CHARSET=windows-1251:", "NOTE:", "NOTE;CHARSET=windows-1251:").Replace(plain),
		"utf-16 le bom":    utf16(unicode.LittleEndian, unicode.UseBOM),
		"utf-16 be bom":    utf16(unicode.BigEndian, unicode.UseBOM),
		"utf-16 le":        utf16(unicode.LittleEndian, unicode.IgnoreBOM),
		"utf-16 be":        utf16(unicode.BigEndian, unicode.IgnoreBOM),
	} {
		t.Run(name, func(t *testing.T) {
			drafts := read(t, file)
			if len(drafts) != 1 || shown(drafts[0]) != want {
				t.Errorf("got %d cards\n got %s\nwant %s", len(drafts), shown(drafts[0]), want)
			}
		})
	}
}

func TestRead_several_cards(t *testing.T) {
	one := func(n string) string { return wrapped("FN:Иван "+n, "TEL:8900123450"+n) }
	group := wrapped("FN:Друзья", "X-ADDRESSBOOKSERVER-KIND:group")
	noEnd := strings.Replace(one("3"), "END:VCARD\r\n", "", 1)
	drafts := read(t, "junk\r\n"+one("1")+group+"\r\n"+wrapped()+noEnd+one("2"))
	var names []string
	for _, d := range drafts {
		names = append(names, d.Profile.Name)
	}
	if got := strings.Join(names, ", "); got != "Иван 1, Иван 3, Иван 2" {
		t.Errorf("got %s", got)
	}
}

func wantError(t *testing.T, err, kind error, field string) {
	t.Helper()
	var e *crm.Error
	if !errors.As(err, &e) || !errors.Is(err, kind) || e.Field != field {
		t.Errorf("got error %v, want %v on %s", err, kind, field)
	}
}

func TestRead_damaged(t *testing.T) {
	whole := wrapped("FN:Иван", "TEL:89001234567")
	t.Run("cut", func(t *testing.T) {
		drafts, err := Read(strings.NewReader(whole+"BEGIN:VCARD\r\nFN:Пётр\r\nTEL:8900"), options)
		wantError(t, err, crm.ErrInvalid, "vcard.cut")
		if len(drafts) != 2 || shown(drafts[1]) != "name=Пётр; note=8900" {
			t.Errorf("got %+v", drafts)
		}
	})
	t.Run("cut in a photo", func(t *testing.T) {
		drafts, err := Read(strings.NewReader("BEGIN:VCARD\nFN:Пётр\nPHOTO;ENCODING=b:AAAA\n BBBB"), options)
		wantError(t, err, crm.ErrInvalid, "vcard.cut")
		if len(drafts) != 1 {
			t.Errorf("got %+v", drafts)
		}
	})
	t.Run("reader fails", func(t *testing.T) {
		drafts, err := Read(io.MultiReader(strings.NewReader(whole), iotest.ErrReader(io.ErrClosedPipe)), options)
		wantError(t, err, crm.ErrInvalid, "vcard.cut")
		if len(drafts) != 1 || !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %+v, %v", drafts, err)
		}
	})
	for _, file := range []string{"", "hello", "FN:Иван", "PK\x03\x04", wrapped()} {
		_, err := Read(strings.NewReader(file), options)
		wantError(t, err, crm.ErrInvalid, "vcard")
	}
	t.Run("too many cards", func(t *testing.T) {
		opts := options
		opts.MaxCards = 3
		drafts, err := Read(strings.NewReader(strings.Repeat(whole, 4)), opts)
		wantError(t, err, crm.ErrTooLarge, "vcard.cards")
		if len(drafts) != 3 {
			t.Errorf("got %d", len(drafts))
		}
		if drafts, err = Read(strings.NewReader(strings.Repeat(whole, 3)), opts); err != nil || len(drafts) != 3 {
			t.Errorf("got %d, %v", len(drafts), err)
		}
	})
	t.Run("too many bytes", func(t *testing.T) {
		opts := options
		opts.MaxBytes = int64(len(whole)) + 20
		drafts, err := Read(strings.NewReader(whole+whole), opts)
		wantError(t, err, crm.ErrTooLarge, "vcard.bytes")
		if len(drafts) != 1 {
			t.Errorf("got %d", len(drafts))
		}
		opts.MaxBytes = int64(len(whole))
		if drafts, err = Read(strings.NewReader(whole), opts); err != nil || len(drafts) != 1 {
			t.Errorf("got %d, %v", len(drafts), err)
		}
	})
	t.Run("too much in a card", func(t *testing.T) {
		drafts, err := Read(strings.NewReader(wrapped("FN:Иван", "NOTE:"+strings.Repeat("a", 100_000))+whole), options)
		wantError(t, err, crm.ErrTooLarge, "vcard.card")
		if len(drafts) != 2 || drafts[0].Profile.Name != "Иван" {
			t.Errorf("got %d", len(drafts))
		}
	})
}

func TestRead_photo_is_not_held(t *testing.T) {
	for name, photo := range map[string]string{
		"folded":   "PHOTO;ENCODING=b:" + strings.Repeat(strings.Repeat("A", 74)+"\r\n ", 70_000),
		"one line": "PHOTO;ENCODING=BASE64;JPEG:" + strings.Repeat("A", 5<<20),
		"data uri": "PHOTO:data:image/jpeg;base64," + strings.Repeat("A", 5<<20),
	} {
		t.Run(name, func(t *testing.T) {
			file := []byte(wrapped("FN:Иван", photo, "TEL:89001234567"))
			read(t, wrapped("FN:Иван", "TEL:89001234567"))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			drafts, err := Read(bytes.NewReader(file), options)
			runtime.ReadMemStats(&after)
			if err != nil || len(drafts) != 1 || len(drafts[0].Profile.Phones) != 1 {
				t.Fatalf("got %+v, %v", drafts, err)
			}
			// A photo that was kept would be 5 MB at once, and twice that while it grew.
			if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
				t.Errorf("%d KB allocated", used>>10)
			}
		})
	}
}

func TestDecoder_streams(t *testing.T) {
	whole := wrapped("FN:Иван", "TEL:89001234567", "NOTE:"+strings.Repeat("чай ", 100))
	file := io.LimitReader(&repeated{s: []byte(whole)}, 10<<20)
	d := NewDecoder(file, Options{Region: "RU", Today: options.Today, MaxCards: 1 << 20})
	n := 0
	for {
		_, err := d.Next()
		if err == io.EOF {
			break
		}
		if n++; err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatal(err)
		}
	}
	if want := 10<<20/len(whole) + 1; n != want {
		t.Errorf("read %d cards, want %d", n, want)
	}
}

type repeated struct {
	s  []byte
	at int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.s[r.at:])
	r.at = (r.at + n) % len(r.s)
	return n, nil
}

func FuzzVCard(f *testing.F) {
	f.Add([]byte(android()))
	f.Add([]byte(iosCard))
	f.Add([]byte(googleCard))
	f.Add([]byte("\xFF\xFEB\x00E\x00G\x00"))
	f.Add([]byte(wrapped("N;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=C8=E2;=", "AGENT:", "BEGIN:VCARD", "FN:a", "END:VCARD")))
	f.Add([]byte("BEGIN:VCARD\rBDAY;X-APPLE-OMIT-YEAR=1:1\rTEL;TYPE=\":;,\rX-SOCIALPROFILE:x-apple:\r:"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4000 {
			return
		}
		drafts, err := Read(bytes.NewReader(b), options)
		if len(drafts) == 0 && err == nil {
			t.Fatal("neither a card nor an error")
		}
		for _, d := range drafts {
			checkDraft(t, d)
		}
	})
}

// checkDraft holds a draft against what crm promises of its fields.
func checkDraft(t *testing.T, d crm.Draft) {
	p := d.Profile
	for name, s := range map[string]string{"name": p.Name, "company": p.Company, "position": p.Position, "city": p.City, "address": p.Address} {
		if s != crm.CleanLine(s) || len([]rune(s)) > maxValue {
			t.Fatalf("%s is not clean: %q", name, s)
		}
	}
	if p.Name != "" {
		if name, err := crm.CleanName(p.Name); err != nil || name != p.Name {
			t.Fatalf("name %q: %v", p.Name, err)
		}
	}
	for _, ph := range p.Phones {
		if _, err := crm.ParsePhone(ph.E164, "RU"); err != nil {
			t.Fatalf("phone %+v: %v", ph, err)
		}
	}
	if !p.Birthday.IsZero() && crm.CheckBirthday(p.Birthday, options.Today) != nil {
		t.Fatalf("birthday %s", p.Birthday)
	}
	for _, m := range p.Messengers {
		if again, err := crm.ParseMessenger(m.Kind + ": " + m.Handle); err != nil || again != m {
			t.Fatalf("messenger %+v reads back as %+v, %v", m, again, err)
		}
	}
	for _, n := range d.Notes {
		if n.Text == "" || len([]rune(n.Text)) > maxNote {
			t.Fatalf("note %q", n.Text)
		}
	}
}
