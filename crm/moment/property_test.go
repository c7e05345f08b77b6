package moment

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"kartoteka/crm/civil"
)

var zones = []string{"Europe/Moscow", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Apia", "Asia/Beirut", "America/St_Johns"}

func anyMomentNow(t *rapid.T) time.Time {
	zone := mustZone(rapid.SampledFrom(zones).Draw(t, "zone"))
	return time.Unix(rapid.Int64Range(1_700_000_000, 2_000_000_000).Draw(t, "now"), 0).In(zone)
}

// phrases say a time by themselves, whenever they are said; %d is a number.
var samples = strings.Split(`завтра|послезавтра|сегодня|в %d|в %d:30|завтра в %d|в %d утра|в %d дня|в %d вечера|в полдень|вечером|ночью|в пятницу|в среду вечером|`+
	`в следующий вторник|в эту субботу|через неделю|через %d дней|через час|через %d минут|%d мая|%d.12|%d.02.2027|на выходных|в конце месяца|до пятницы|`+
	`tomorrow at %d|next Tuesday at %d|in %d days|in half an hour|May %d at 3pm|%dam|tonight|every day|every Monday at %d|каждый день в %d|по будням|`+
	`каждый месяц %d числа|по средам и пятницам|раз в %d недели|каждые %d дня|с %d до 18|до %d июня|в %d-%d|%d-%dpm|в %d или %d|между %d и %d|%d или %d мая|%d мая или %d|в 18%d|5 мая в 20%d|ежедневная планёрка|еженедельный отчёт|bi-weekly report|через %d-12 дней|%d:%d|в начале мая|полчаса|через|в|каждый|до|31 февраля`, "|")

func anyMomentText(t *rapid.T) string {
	var words []string
	for range rapid.IntRange(1, 4).Draw(t, "pieces") {
		s := rapid.SampledFrom(samples).Draw(t, "phrase")
		for strings.Contains(s, "%d") {
			s = strings.Replace(s, "%d", fmt.Sprint(rapid.IntRange(0, 40).Draw(t, "n")), 1)
		}
		words = append(words, s)
		if rapid.Bool().Draw(t, "filled") {
			words = append(words, rapid.SampledFrom([]string{"позвонить", "Иванову", ",", "и", "-", "call", "15", "кв. 3", "(x)"}).Draw(t, "filler"))
		}
	}
	return strings.Join(words, " ")
}

// checkMoment is what holds of every answer.
func checkMoment(t interface{ Errorf(string, ...any) }, text string, now time.Time) {
	m, err := Read(text, now)
	word := written(m, err)
	switch {
	case err == nil && (!m.At.After(now) || m.At.Location() != now.Location() || len(m.Maybe) > 0):
		t.Errorf("Read(%q, %v) = %+v", text, now, m)
	case err == nil && m.Day && (m.At.Hour() < dayHour || m.At.Hour() > dayHour+1):
		t.Errorf("Read(%q, %v): a day at %v", text, now, m.At)
	case err != nil && !slices.Contains([]string{"missing", "past", "doubtful", "never", "strange", "passed", "typo"}, strings.Fields(word)[0]):
		t.Errorf("Read(%q, %v): error %v", text, now, err)
	case err != nil && (!m.At.IsZero() || len(m.Maybe) > 2):
		t.Errorf("Read(%q, %v) failed with %+v", text, now, m)
	case !m.Repeat.Valid():
		t.Errorf("Read(%q): repeat %q", text, m.Repeat)
	}
	for _, at := range m.Maybe {
		if !at.After(now) {
			t.Errorf("Read(%q, %v) offers %v", text, now, at)
		}
	}
	if !isPartOf(m.Rest, text) {
		t.Errorf("Read(%q): rest %q is no part of it", text, m.Rest)
	}
}

// isPartOf reports whether what is left can be had by striking out of the text.
func isPartOf(rest, text string) bool {
	left := []rune(text)
	for _, c := range rest {
		if unicode.IsSpace(c) {
			continue
		}
		i := slices.Index(left, c)
		if i < 0 {
			return false
		}
		left = left[i+1:]
	}
	return true
}

func TestReadMoment_property(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkMoment(t, anyMomentText(t), anyMomentNow(t)) })
}

// Whatever stands around a time is kept to the letter.
func TestReadMoment_keepsTheRest(t *testing.T) {
	filler := rapid.SliceOfN(rapid.SampledFrom([]string{"позвонить", "Иванову", "насчёт", "КП", "Ленина", "№ 15", "договор", "call", "Smith", "обсудить", "+7 900 123-45-67",
		"ООО Ромашка", "кв. 15", "12 штук", "30%", "a@b.ru"}), 1, 4)
	rapid.Check(t, func(t *rapid.T) {
		before, after := strings.Join(filler.Draw(t, "before"), " "), strings.Join(filler.Draw(t, "after"), " ")
		when := rapid.SampledFrom([]string{"завтра в 10", "в следующую среду в 15:00", "через 3 дня", "tomorrow at 9am", "15.12.2027 14:30", "по будням в 9:30",
			"каждую пятницу", "в 8 вечера", "до 12 декабря", "in half an hour", "послезавтра утром"}).Draw(t, "when")
		m, err := Read(before+" "+when+" "+after, noon)
		if want := before + " " + after; err != nil || m.Rest != want {
			t.Fatalf("%q %q %q: rest %q, %v", before, when, after, m.Rest, err)
		}
	})
}

// What is written out of a time is read back as that time.
func TestReadMoment_roundTrip(t *testing.T) {
	months := strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
	rapid.Check(t, func(t *rapid.T) {
		now := anyMomentNow(t)
		day := civil.DateOf(now).Plus(rapid.IntRange(1, 360).Draw(t, "days"))
		minute := rapid.IntRange(0, 24*60-1).Draw(t, "minute")
		r := &reader{now: now, today: civil.DateOf(now)}
		at := r.wall(day, minute)
		text := rapid.SampledFrom([]string{
			at.Format("2006-01-02 15:04"), at.Format("02.01.2006 15:04"), at.Format("02.01 15:04"), at.Format("02.01.06 в 15:04"), at.Format("January 2 at 3:04pm"),
			at.Format("2 Jan 2006 3:04 PM"), fmt.Sprintf("%d %s в %s", at.Day(), months[at.Month()-1], at.Format("15:04")),
			fmt.Sprintf("%d %s %d года, %s", at.Day(), months[at.Month()-1], at.Year(), at.Format("15:04")),
			fmt.Sprintf("через %d дней в %s", civil.DateOf(now).DaysUntil(civil.DateOf(at)), at.Format("15:04")),
		}).Draw(t, "text")
		m, err := Read("позвонить "+text, now)
		if civil.DateOf(at) == civil.DateOf(now) || at.Hour() == 0 && strings.ContainsAny(text, "mM") && err != nil {
			return // midnight of 12:30am may be either; a skipped midnight may be today's
		}
		if word := written(m, err); at.Year() > now.Year() && (strings.HasPrefix(word, "passed") || at.YearDay() == 60 && strings.HasPrefix(word, "doubtful")) {
			m.At, err = m.Maybe[0], nil // asked back, since no year was said; 29 February perhaps has none this year
		}
		if err != nil || !m.At.Equal(at) || m.Rest != "позвонить" {
			t.Fatalf("now %v, %q: got %s, rest %q, want %v", now, text, written(m, err), m.Rest, at)
		}
	})
}

func TestReadMoment_clockChanges(t *testing.T) {
	at := func(zone, s string) time.Time {
		now, err := time.ParseInLocation("2006-01-02 15:04", s, mustZone(zone))
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	for _, c := range []struct {
		now  time.Time
		text string
		want string // RFC 3339
	}{
		{at("Europe/Berlin", "2027-03-27 12:00"), "завтра в 02:30", "2027-03-28T03:00:00+02:00"},
		{at("Europe/Berlin", "2027-03-27 12:00"), "завтра в 03:00", "2027-03-28T03:00:00+02:00"},
		{at("Europe/Berlin", "2027-10-30 12:00"), "завтра в 02:30", "2027-10-31T02:30:00+02:00"},
		{at("Europe/Berlin", "2027-10-30 12:00"), "завтра в 03:00", "2027-10-31T03:00:00+01:00"},
		{at("Europe/Berlin", "2027-03-27 12:00"), "через 24 часа", "2027-03-28T13:00:00+02:00"},
		{at("Europe/Berlin", "2027-03-27 12:00"), "завтра", "2027-03-28T10:00:00+02:00"},
		{at("Asia/Beirut", "2027-03-27 12:00"), "завтра в 00:15", "2027-03-28T01:00:00+03:00"},
		{at("Pacific/Apia", "2011-12-29 12:00"), "завтра в 10", "2011-12-31T00:00:00+14:00"},
		{at("Australia/Lord_Howe", "2026-10-03 12:00"), "завтра в 02:10", "2026-10-04T02:30:00+11:00"},
	} {
		m, err := Read(c.text, c.now)
		if got := m.At.Format(time.RFC3339); err != nil || got != c.want {
			t.Errorf("Read(%q, %v) = %s, %v; want %s", c.text, c.now, got, err, c.want)
		}
	}
}

func FuzzMoment(f *testing.F) {
	for _, s := range samples {
		f.Add(s)
	}
	for _, s := range []string{"", "\x00", "завтра\n\nв 10", "(завтра)", "в 10 в 10 в 10", "99.99.9999", "2026-02-30T25:61", "через 999 лет", "-", "каждый каждый", "без пяти", "пол", "a.m.",
		"\xff\xfeзавтра", "зáвтра в 10", "5-го-го", "в 10-", "12 мая,", "по 5-м числам", "каждое 31 число", strings.Repeat("завтра ", 200), strings.Repeat("часов в ", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkMoment(t, s, noon) })
}
