package locales_test

import (
	"html"
	"testing"
	"time"
	"unicode/utf8"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/locales"
)

// load gives a catalogue that fails the test on any mistake it is told of.
func load(t testing.TB) *locales.Catalog {
	t.Helper()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	c.Report = func(problem string) { t.Errorf("reported: %s", problem) }
	return c
}

func TestFor(t *testing.T) {
	c := load(t)
	for tag, want := range map[string]string{
		"ru": "ru", "ru-RU": "ru", "RU": "ru", "uk": "ru", "be": "ru", "kk_KZ": "ru",
		"en": "en", "en-GB": "en", "de": "en", "zh-hans": "en", "": "ru", "?": "en",
	} {
		if got := c.For(tag).Lang(); got != want {
			t.Errorf("For(%q) speaks %s, want %s", tag, got, want)
		}
	}
	c.Default = "en"
	if got := c.For("").Lang(); got != "en" {
		t.Errorf("For(\"\") with English as default speaks %s", got)
	}
}

func TestEscapedOnce(t *testing.T) {
	ru := load(t).For("ru")
	const evil = `<b>Рога & "Копыта"</b>`
	if got, want := ru.HTML("list.last", "list", evil, "last", ru.Raw("list.last", "list", "<a>", "last", 1)),
		`&lt;b&gt;Рога &amp; &quot;Копыта&quot;&lt;/b&gt; и &lt;a&gt; и 1`; got != want {
		t.Errorf("HTML = %s\nwant   %s", got, want)
	}
	if got, want := ru.Label("list.last", "list", evil, "last", crm.StageLead), evil+" и lead"; got != want {
		t.Errorf("Label = %s, want %s", got, want)
	}
}

func TestMistakesAreReported(t *testing.T) {
	c := load(t)
	var told []string
	c.Report = func(problem string) { told = append(told, problem) }
	en := c.For("en")
	for _, try := range []struct{ got, want string }{
		{en.HTML("no.such"), "[no.such]"},
		{en.HTML("list.last", "list", "a"), "a and [last]"},
		{en.HTML("list.last", "list", "a", "last"), "a and [last]"},
		{en.HTML("list.last", 7, "a", "last", nil), "[list] and &lt;nil&gt;"},
		{en.Label("list.last", "list", locales.Raw("<b>"), "last", "c"), "<b> and c"},
	} {
		if try.got != try.want {
			t.Errorf("got %q, want %q", try.got, try.want)
		}
	}
	if len(told) != 5 {
		t.Errorf("told %d mistakes: %q", len(told), told)
	}
}

func TestPlurals(t *testing.T) {
	c := load(t)
	for n, want := range map[int]string{
		1: "1 день назад", 2: "2 дня назад", 5: "5 дней назад", 11: "11 дней назад", 12: "12 дней назад",
		21: "21 день назад", 102: "102 дня назад", 111: "111 дней назад", 1284: "1\u00a0284 дня назад",
	} {
		if got := c.For("ru").Label("day.ago", "n", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	type typed int32
	if got := c.For("en").Label("day.ago", "n", typed(1)); got != "1 day ago" {
		t.Errorf("one in English: %q", got)
	}
}

func TestDays(t *testing.T) {
	c := load(t)
	today := civil.Date{Year: 2025, Month: time.November, Day: 21}
	for _, try := range []struct {
		date         civil.Date
		ru, en       string
		ruFar, enFar string
	}{
		{today, "сегодня", "today", "сегодня", "today"},
		{civil.Date{Year: 2025, Month: 11, Day: 22}, "завтра", "tomorrow", "завтра", "tomorrow"},
		{civil.Date{Year: 2025, Month: 11, Day: 20}, "вчера", "yesterday", "вчера", "yesterday"},
		{civil.Date{Year: 2025, Month: 11, Day: 27}, "чт, 27 нояб.", "Thu, 27 Nov", "через 6 дней", "in 6 days"},
		{civil.Date{Year: 2026, Month: 5, Day: 1}, "пт, 1 мая 2026", "Fri, 1 May 2026", "через 161 день", "in 161 days"},
		{civil.Date{Year: 2025, Month: 3, Day: 21}, "пт, 21 марта", "Fri, 21 Mar", "8 месяцев назад", "8 months ago"},
		{civil.Date{Year: 2020, Month: 2, Day: 29}, "сб, 29 февр. 2020", "Sat, 29 Feb 2020", "5 лет назад", "5 years ago"},
	} {
		for lang, want := range map[string][2]string{"ru": {try.ru, try.ruFar}, "en": {try.en, try.enFar}} {
			tx := c.For(lang)
			if got := tx.Day(try.date, today); got != want[0] {
				t.Errorf("%s Day(%s) = %q, want %q", lang, try.date, got, want[0])
			}
			if got := tx.Until(try.date, today); got != want[1] {
				t.Errorf("%s Until(%s) = %q, want %q", lang, try.date, got, want[1])
			}
		}
	}
}

func TestDates(t *testing.T) {
	ru := load(t).For("ru")
	birthday := civil.Date{Year: 1985, Month: time.May, Day: 12}
	for got, want := range map[string]string{
		ru.Date(birthday):                                 "12 мая 1985",
		ru.DayMonth(birthday):                             "12 мая",
		ru.Day(civil.Date{Month: 2, Day: 29}, birthday):   "29 февраля",
		ru.Month(2025, time.November):                     "нояб. 2025",
		ru.Date(civil.Date{}):                             "",
		ru.Weekday(time.Sunday) + ru.Weekday(time.Monday): "вспн",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	c := load(t)
	zone := time.FixedZone("UTC+3", 3*3600)
	now := time.Date(2025, time.November, 21, 14, 30, 0, 0, zone)
	ru, en := c.For("ru"), c.For("en")
	for _, try := range []struct{ got, want string }{
		{ru.When(time.Date(2025, 11, 22, 10, 0, 0, 0, zone), now), "завтра в 10:00"},
		{en.When(time.Date(2025, 11, 21, 9, 5, 0, 0, zone), now), "today at 09:05"},
		{ru.When(time.Date(2025, 11, 27, 10, 0, 0, 0, zone), now), "чт, 27 нояб. в 10:00"},
		{ru.Ago(now.Add(-59*time.Second), now), "только что"},
		{ru.Ago(now.Add(time.Hour), now), "только что"},
		{ru.Ago(now.Add(-time.Minute), now), "1 минуту назад"},
		{ru.Ago(now.Add(-3*time.Hour), now), "3 часа назад"},
		{ru.Ago(now.Add(-14*time.Hour), now), "14 часов назад"},
		{ru.Ago(now.Add(-15*time.Hour), now), "вчера"},
		{ru.Ago(time.Date(2025, 11, 20, 23, 30, 0, 0, zone), time.Date(2025, 11, 21, 1, 0, 0, 0, zone)), "1 час назад"},
		{ru.Ago(now.AddDate(0, 0, -9), now), "9 дней назад"},
		{ru.Ago(now.AddDate(0, 0, -47), now), "47 дней назад"},
		{en.Ago(now.AddDate(0, -3, 0), now), "3 months ago"},
		{en.Ago(now.AddDate(-2, 0, 0), now), "2 years ago"},
	} {
		if try.got != try.want {
			t.Errorf("got %q, want %q", try.got, try.want)
		}
	}
}

func TestAmounts(t *testing.T) {
	c := load(t)
	ru, en := c.For("ru"), c.For("en")
	for _, try := range []struct{ got, want string }{
		{ru.Money(1840000, "RUB"), "18\u00a0400\u00a0₽"},
		{ru.Money(1840005, "RUB"), "18\u00a0400,05\u00a0₽"},
		{ru.Money(-50, "USD"), "−0,50\u00a0$"},
		{en.Money(-125050, "USD"), "−$1,250.50"},
		{en.Money(1234567, "JPY"), "1,234,567\u00a0JPY"},
		{ru.Money(0, "RUB"), "0\u00a0₽"},
		{ru.Number(999), "999"}, {ru.Number(-1000000), "−1\u00a0000\u00a0000"},
		{ru.Years(41), "41 год"}, {ru.Years(33), "33 года"}, {en.Years(1), "1 year"},
		{ru.Join(nil), ""}, {ru.Join([]string{"а"}), "а"},
		{ru.Join([]string{"а", "б", "в"}), "а, б и в"}, {en.Join([]string{"a", "b"}), "a and b"},
	} {
		if try.got != try.want {
			t.Errorf("got %q, want %q", try.got, try.want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "a<b>&amp;\"'", "\xff\x00", "\u202eש\u200b👨‍👩‍👧", "&lt;&#60;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := string(locales.Escape(s))
		if !utf8.ValidString(got) {
			t.Fatalf("Escape(%q) = %q is no UTF-8", s, got)
		}
		for _, r := range got {
			if r == '<' || r == '>' || r == '"' {
				t.Fatalf("Escape(%q) = %q holds %q", s, got, r)
			}
		}
		if utf8.ValidString(s) && html.UnescapeString(got) != s {
			t.Fatalf("Escape(%q) = %q reads as %q", s, got, html.UnescapeString(got))
		}
	})
}

func BenchmarkHTML(b *testing.B) {
	ru := load(b).For("ru")
	b.ReportAllocs()
	for b.Loop() {
		ru.HTML("day.ago", "n", 5)
		ru.HTML("list.last", "list", "Иванов <Иван>", "last", "Пётр")
	}
}
