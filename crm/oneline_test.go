package crm

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
)

var lineToday = civil.Date{Year: 2026, Month: time.November, Day: 21}

// shown is a draft as one line: fields that are set, then the note and the errors.
func shown(d Draft, errs []error) string {
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
	add("tags", strings.Join(p.Tags, " "))
	for _, n := range d.Notes {
		add("note", n.Text)
	}
	for _, err := range errs {
		var e *Error
		if errors.As(err, &e) {
			add("!", e.Field)
		}
	}
	return strings.Join(out, "; ")
}

func TestParseLine(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Иванов Иван Петрович, ООО «Ромашка», +7 900 123-45-67, ivan@romashka.ru, #опт, др 12.05.1985, закупщик, любит чай",
			"name=Иванов Иван Петрович; company=ООО «Ромашка»; position=закупщик; phone=+79001234567; email=ivan@romashka.ru; birthday=1985-05-12; tags=опт; note=любит чай"},
		{"Иванов Иван +79001234567 ivan@x.ru", "name=Иванов Иван; phone=+79001234567; email=ivan@x.ru"},
		{"иванов иван 89001234567", "name=иванов иван; phone=+79001234567"},
		{"+79001234567 иванов иван", "name=иванов иван; phone=+79001234567"},
		{"Иванов И.И.; +79001234567\nлюбит чай", "name=Иванов И.И.; phone=+79001234567; note=любит чай"},
		{"ИП Иванов И. И.", "name=Иванов И. И.; kind=business; company=ИП Иванов И. И."},
		{"ИП Иванов И. И., Пётр, 89001234567", "name=Пётр; kind=business; company=ИП Иванов И. И.; phone=+79001234567"},
		{"ип иванов иван петрович, чай", "name=иванов иван петрович; kind=business; company=ип иванов иван петрович; note=чай"},
		{"Иванов Иван, ИП", "name=Иванов Иван; kind=business; company=ИП"},
		{"ООО «Ромашка», 8 495 123-45-67 доб. 12", "name=ООО «Ромашка»; kind=corporate; phone=+74951234567 12"},
		{"ООО Ромашка и Партнёры, любит чай", "name=ООО Ромашка и Партнёры; kind=corporate; note=любит чай"},
		{"ООО «Ромашка, Лютик и Ко», Иван", "name=Иван; company=ООО «Ромашка, Лютик и Ко»"},
		{"«Ромашка», Иван Петров", "name=Иван Петров; company=«Ромашка»"},
		{"Иван, магазин \"Чай\"", "name=Иван; company=магазин \"Чай\""},
		{"Romashka LLC, John Smith, CEO", "name=John Smith; company=Romashka LLC; position=CEO"},
		{"Acme Inc., John Smith, head of sales", "name=John Smith; company=Acme Inc.; position=head of sales"},
		{"ТОО Арай, Айгуль, 8 701 123 45 67", "name=Айгуль; company=ТОО Арай; phone=+77011234567"},
		{"Иванов Иван ООО Ромашка закупщик +79001234567 #опт",
			"name=Иванов Иван; company=ООО Ромашка; position=закупщик; phone=+79001234567; tags=опт"},
		{"Иванов Иван, старший менеджер по закупкам", "name=Иванов Иван; position=старший менеджер по закупкам"},
		{"Анна, менеджер по работе с клиентами", "name=Анна; position=менеджер по работе с клиентами"},
		{"Анна, руководитель отдела продаж, чай", "name=Анна; position=руководитель отдела продаж; note=чай"},
		{"Анна, зам. директора", "name=Анна; position=зам. директора"},
		{"директор Иван Петров", "name=Иван Петров; position=директор"},
		{"Анна, директор сказал перезвонить", "name=Анна; position=директор; note=директор сказал перезвонить"},
		{"Анна, муж врач", "name=Анна; note=муж врач"},
		{"Анна любит чай", "name=Анна; note=любит чай"},
		{"Анна, Любит чай", "name=Анна; note=Любит чай"},
		{"Гасан оглы Али, 89001234567", "name=Гасан оглы Али; phone=+79001234567"},
		{"Людвиг ван Бетховен", "name=Людвиг ван Бетховен"},
		{"Анна, #опт, #два_слова #опт-розница", "name=Анна; tags=опт два_слова опт-розница"},
		{"Анна #1 в списке", "name=Анна; note=#1 в списке"},
		{"Анна, г. Казань", "name=Анна; city=Казань"},
		{"Анна г.Нижний Новгород +79001234567", "name=Анна; phone=+79001234567; city=Нижний Новгород"},
		{"Анна, город Ростов-на-Дону", "name=Анна; city=Ростов-на-Дону"},
		{"Анна, Казань, чай", "name=Анна; city=Казань; note=чай"},
		{"Анна, приехала из г. Казани", "name=Анна; note=приехала из г. Казани"},
		{"Анна, 500 г Чая", "name=Анна; note=500 г Чая"},
		{"Владимир, 89001234567", "name=Владимир; phone=+79001234567"},
		{"Анна, @BVolkov, vk.com/id1, сайт romashka.ru", "name=Анна; telegram=bvolkov; vk=id1; site=romashka.ru"},
		{"Анна, wa.me/79001234567, skype: live:anna", "name=Анна; phone=+79001234567; skype=live:anna"},
		{"Анна, д.р. 12 мая", "name=Анна; birthday=0000-05-12"},
		{"Анна, May 12, 1985 born", "name=Анна; note=May 12, 1985 born"},
		{"Анна, born May 12, 1985, чай", "name=Анна; birthday=1985-05-12; note=чай"},
		{"Анна, 12.05.1985", "name=Анна; birthday=1985-05-12"},
		{"Анна, 12.05.2026", "name=Анна; note=12.05.2026"},
		{"Анна, встреча 12 мая", "name=Анна; note=встреча 12 мая"},
		{"Анна, др 31.02.1985", "name=Анна; note=др 31.02.1985; !=birthday"},
		{"Анна, др 12.05.2985", "name=Анна; note=др 12.05.2985; !=birthday.future"},
		{"Анна, др 12.05.1885", "name=Анна; note=др 12.05.1885; !=birthday.old"},
		{"Анна, др 99", "name=Анна; note=др 99; !=birthday"},
		{"Анна, тел. 8 900 12A-45-67", "name=Анна; note=тел. 8 900 12A-45-67; !=phone"},
		{"Анна, +7900", "name=Анна; note=+7900; !=phone.short"},
		{"Анна, 123-45-67", "name=Анна; note=123-45-67; !=phone.area"},
		{"Анна, тел 22-33-44", "name=Анна; note=тел 22-33-44; !=phone.area"},
		{"Анна, 8 000 000 руб", "name=Анна; note=8 000 000 руб"},
		{"Анна, ИНН 7701234567", "name=Анна; note=ИНН 7701234567"},
		{"Анна, anna@", "name=Анна; note=anna@; !=email"},
		{"Анна, @ab", "name=Анна; note=@ab; !=username"},
		{"Анна, скидка 1,5%", "name=Анна; note=скидка 1,5%"},
		{"Анна, 8 900 123-45-67, 8 900 123-45-68, моб. 8 900 123-45-69",
			"name=Анна; phone=+79001234567; phone=+79001234568; phone=+79001234569  моб. 8 900 123-45-69"},
		{"Анна 89001234567, +7 900 123-45-67", "name=Анна; phone=+79001234567"},
		{"Имя: иван\r\nТелефон: 89001234567\r\nГород: казань\r\nКомментарий: просит скидку",
			"name=иван; phone=+79001234567; city=казань; note=просит скидку"},
		{"Мария, звонить +79001234567 после 18:00", "name=Мария; phone=+79001234567; note=звонить, после 18:00"},
		{"<b>Иван</b>, чай", "name=<b>Иван</b>; note=чай"},
		{"\u202eИван\u202c Пет\u200bров", "name=Иван Петров"},
		{"Анна 👩‍💻, чай ☕", "name=Анна 👩‍💻; note=чай ☕"},
		{strings.Repeat("я", 300) + ", 89001234567", "phone=+79001234567; note=" + strings.Repeat("я", 300) + "; !=name.long"},
		{"@", ""},
		{"", ""},
		{", ; \n", ""},
	}
	for _, tt := range tests {
		d, errs := ParseLine(tt.in, "RU", lineToday)
		if got := shown(d, errs); got != tt.want {
			t.Errorf("ParseLine(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
		if named := d.Named == NamedByMember; named != (d.Profile.Name != "") {
			t.Errorf("ParseLine(%q): named %d with name %q", tt.in, d.Named, d.Profile.Name)
		}
		checkNothingLost(t, tt.in)
	}
}

// dropped are the words that may go when the field they announce was filled.
var dropped = func() map[string]bool {
	words := spell.Set(`тел телефон номер контактный т phone tel telephone ph моб мобильный сот сотовый раб рабочий дом домашний гор городской
		email e mail почта эл электронная мыло имейл емейл telegram телеграм телеграмм тг tg сайт site web vk вк вконтакте skype скайп max макс
		д р др день рождения дата г год года bday b day birthday birth date dob born on of го е ое st nd rd th y
		доб добав добавочный вн внутр внутренний ext extension доп x w p город city имя фио ф и о клиент name компания организация фирма
		company должность position job адрес address заметка примечание комментарий коммент note comment
		http https www t me dog com ru m u wa resolve domain direct profile api chat send whatsapp viber number add contact`)
	return words
}()

// checkNothingLost looks for every run of letters or digits of the line in the draft. A line is read once as it
// is and once with its О between digits as zeroes, as phones are.
func checkNothingLost(t interface{ Fatalf(string, ...any) }, text string) {
	d, _ := ParseLine(text, "RU", lineToday)
	fold := func(s string) string { return strings.ToLower(norm.NFC.String(s)) }
	hay := fold(valuesOf(d))
	hay += "\n" + fold(plainPhones(hay).n)
	folded := spell.Fold(hay) // tags that differ in accents alone are one
	clean := newLine(text, "RU", lineToday).text()
	missing := ""
	for _, s := range []string{fold(clean), fold(plainPhones(clean).n)} {
		missing = ""
		for _, run := range runs(s) {
			if !strings.Contains(hay, run) && !strings.Contains(folded, spell.Fold(run)) && !excused(d.Profile, run) {
				missing = run
				break
			}
		}
		if missing == "" {
			return
		}
	}
	t.Fatalf("ParseLine(%q) lost %q:\n%+v", text, missing, d)
}

func valuesOf(d Draft) string {
	p := d.Profile
	values := []string{p.Name, p.Company, p.Position, p.City, p.Address}
	values = append(append(values, p.Emails...), p.Tags...)
	for _, m := range p.Messengers {
		values = append(values, m.Handle)
	}
	for _, ph := range p.Phones {
		values = append(values, ph.E164, ph.Ext, ph.Raw)
	}
	for _, n := range d.Notes {
		values = append(values, n.Text)
	}
	return strings.Join(values, "\n")
}

func runs(s string) []string {
	var out []string
	class := 0
	for _, r := range s {
		now := 0
		switch {
		case unicode.IsDigit(r):
			now = 2
		case unicode.IsLetter(r), unicode.IsMark(r) && class == 1:
			now = 1
		}
		if now != 0 && now == class {
			out[len(out)-1] += string(r)
		} else if now != 0 {
			out = append(out, string(r))
		}
		class = now
	}
	return out
}

// excused tells runs that show up in another shape: as part of a phone or a date, as a word of a label.
func excused(p Profile, run string) bool {
	if civil.MonthNamed(run) != 0 && !p.Birthday.IsZero() || dropped[run] {
		return true
	}
	if b := p.Birthday; !b.IsZero() && slices.Contains([]int{b.Day, int(b.Month), b.Year, b.Year % 100}, number(run)) {
		return true
	}
	for _, ph := range p.Phones {
		if slices.Contains([]string{"8", "10", "0", "00", "810", "80", "007"}, run) {
			return true
		}
		if isDigit(run[0]) && !strings.HasPrefix(ph.E164, "+7") && !strings.HasPrefix(ph.E164, "+3") {
			return true // far plans put digits in and take some out (+49 030…, Norfolk Island)
		}
		for _, trunk := range []string{"", "8", "0", "80", "00", "78", "810", "8+7"} {
			if rest, ok := strings.CutPrefix(run, trunk); ok && strings.Contains(ph.E164, rest) {
				return true
			}
		}
	}
	return false
}

func TestParseLine_loses_nothing(t *testing.T) {
	// The digits of the phones are not those of the other numbers, so that no number passes for part of a phone.
	pieces := []string{"Иванов", "Иван", "Петрович", "иванов", "ООО «Ромашка»", "ООО", "ИП", "Ромашка", "GmbH", "+7 900 333-44-66", "89003334466",
		"8 343 300-44-66", "доб. 12", "тел.", "моб", "ivan@x.ru", "почта", "@bvolkov", "@", "t.me/bvolkov", "wa.me/79003334466?text=a", "romashka.ru",
		"#опт", "#два_слова", "#", "др", "12.05.1985", "12 мая", "31.02.1985", "12.05", "закупщик", "директор", "по", "отдела", "продаж", "г.", "Казань",
		"любит", "чай", "1,5", "5000 руб", "ИНН 7701234567", "👩‍💻", "<b>", "«", "»", "\"", "Имя:", "заметка:", "skype:", "live", "и", "-", "&", "12", "500"}
	seps := []string{" ", ", ", ",", "; ", "\n", "", "  "}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 14).Draw(t, "n") {
			b.WriteString(rapid.SampledFrom(pieces).Draw(t, "piece"))
			b.WriteString(rapid.SampledFrom(seps).Draw(t, "sep"))
		}
		checkNothingLost(t, b.String())
	})
}

func TestParseLine_long_hostile_texts(t *testing.T) {
	for _, unit := range []string{"г. К", "ООО ", "#а ", "@a ", "др 1", "«", "директор ", "a@b.c ", "12.", "+7 ", "Имя:\n", "и & ", "\"а\" ", "я"} {
		text := strings.Repeat(unit, 4096/len(unit))
		start := time.Now()
		ParseLine(text, "RU", lineToday)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("ParseLine(%q…) took %v", unit, d)
		}
	}
}

func TestIsBare(t *testing.T) {
	tests := []struct {
		in   string
		want BareKind
	}{
		{"+7 900 123-45-67", BarePhone},
		{"89001234567", BarePhone},
		{"тел. 8 495 123-45-67 доб. 12", BarePhone},
		{"\u202a+79001234567\u202c", BarePhone},
		{"wa.me/79001234567", BarePhone},
		{"ivan@x.ru", BareEmail},
		{"@bvolkov", BareUsername},
		{"https://t.me/bvolkov", BareUsername},
		{"bvolkov", BareNone},
		{"900 123", BareNone},
		{"4567", BareNone},
		{"8 900 123", BareNone},
		{"123-45-67", BareNone},
		{"7701234567", BareNone},
		{"Иван +79001234567", BareNone},
		{"+79001234567, +79007654321", BareNone},
		{"ivan@x.ru petr@x.ru", BareNone},
		{"@", BareNone},
		{"", BareNone},
		{"Иванов", BareNone},
	}
	for _, tt := range tests {
		if got := IsBare(tt.in, "RU"); got != tt.want {
			t.Errorf("IsBare(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{
		"Иванов Иван Петрович, ООО «Ромашка», +7 900 123-45-67, ivan@romashka.ru, #опт, др 12.05.1985, закупщик, любит чай",
		"ИП Иванов И. И.", "@", "\u202eИван\u200b", "<b>Иван</b>", "Анна 👩‍💻", "др 31.02", "8 900 12A-45-67", "wa.me/79001234567?text=1",
		"Acme Inc., head of sales of", "г. Нижний Новгород", "#a-b #1", "Имя: a\nтел: 1", "зам.", "«»", "t.me/+79001234567 тг: bvolkov", "9О01234567, 12",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 300 {
			return
		}
		checkNothingLost(t, s)
		IsBare(s, "RU")
	})
}
