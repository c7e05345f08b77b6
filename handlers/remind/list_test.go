package remind_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// wantFits proves that Telegram takes the text: markup does not count there, here it does.
func wantFits(t *testing.T, text string) {
	t.Helper()
	if n := len(utf16.Encode([]rune(text))); n > 4096 {
		t.Errorf("%d UTF-16 units", n)
	}
}

// busy fills a base with long tasks that fall due at noon on Monday and with birthdays of the week.
func (o *office) busy(p interface {
	Say(string)
	Add(crm.Profile) crm.Client
}, tasks int) {
	for i := range 20 {
		p.Add(crm.Profile{Name: fmt.Sprintf("Клиент %02d %s", i, strings.Repeat("🎂", 60)), Birthday: civil.Date{Month: 11, Day: 24}})
	}
	for i := range tasks {
		p.Say(fmt.Sprintf("/task дело %02d %s в понедельник в 12:%02d", i, strings.Repeat("🚚", 470), i))
	}
}

func TestLongListsFit(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.noWeek(anna)
	o.tick(0)
	o.busy(anna, 20)
	o.tick(69 * time.Hour)
	digest := anna.Screen().Text
	wantFits(t, digest)
	wantIn(t, digest, "На сегодня 20 дел", "12:00 дело 00", "дело 09", "… и ещё 5", "🎂 Клиент 00", "Клиент 14")
	wantNotIn(t, digest, "дело 10", "Клиент 15")
	anna.Press("Дальше ›")
	wantIn(t, anna.Screen().Text, "На сегодня 20 дел", "дело 10", "дело 19")
	wantNotIn(t, anna.Screen().Text, "дело 09")
	o.Clock.Advance(100 * time.Hour)
	o.tick(0)
	sent := o.Out.Sent(anna.User)
	missed := sent[len(sent)-2].Text
	wantIn(t, missed, "Пока бот был недоступен", "<b>1</b>  дело 00", "<b>10</b>  дело 09")
	wantNotIn(t, missed, "дело 10")
	wantFits(t, missed)
	anna.Say("/birthdays")
	wantFits(t, anna.Screen().Text)
}

func TestTasksAreLeafedThrough(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.busy(anna, 20)
	anna.Say("/tasks")
	seen := map[string]int{}
	for page := 1; ; page++ {
		text := anna.Screen().Text
		wantFits(t, text)
		next := false
		for _, row := range anna.Labels() {
			next = next || row[0] == "Дальше ›"
		}
		for line := range strings.Lines(text) {
			if i := strings.Index(line, "дело "); i > 0 {
				seen[line[i:i+len("дело 00")]]++
			}
		}
		if !next {
			wantIn(t, text, "Открыто 20 дел", "<b>11</b>", "<b>20</b>")
			if page != 2 {
				t.Errorf("got %d pages", page)
			}
			break
		}
		anna.Press("Дальше ›")
	}
	if len(seen) != 20 {
		t.Errorf("got %d tasks: %v", len(seen), seen)
	}
}

func TestALongTaskWithoutTimeIsAskedShort(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task " + strings.Repeat("🚚", 2040))
	wantFits(t, anna.Screen().Text)
	wantIn(t, anna.Screen().Text, "Когда напомнить?")
}

func TestACardShowsItsNextTasks(t *testing.T) {
	o := newOffice(t)
	anna, boris := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("Борис", crm.RoleManager, "ru")
	c := boris.Add(crm.Profile{Name: "Иванов"})
	for i, text := range []string{"третье", "отправить КП <b>", "", "второе"} {
		in := crm.TaskInput{Client: c.ID, Text: text, Due: o.Clock.Now().Add(time.Duration(9-i) * 24 * time.Hour)}
		if _, err := o.Desk.AddTask(t.Context(), boris.By(), in); err != nil {
			t.Fatal(err)
		}
	}
	own := crm.TaskInput{Client: c.ID, Text: "своё дело владельца", Due: o.Clock.Now().Add(time.Hour)}
	if _, err := o.Desk.AddTask(t.Context(), anna.By(), own); err != nil {
		t.Fatal(err)
	}
	boris.Say("/start c_" + string(c.ID))
	wantIn(t, boris.Screen().Text, "⏰ чт, 26 нояб. в 12:00 второе\n⏰ пт, 27 нояб. в 12:00 связаться")
	wantIn(t, boris.Screen().Text, "связаться\n… и ещё 2 дела\n<blockquote expandable>⏰ сб, 28 нояб. в 12:00 отправить КП")
	wantNotIn(t, boris.Screen().Text, "своё дело")
	anna.Say("/start c_" + string(c.ID))
	wantIn(t, anna.Screen().Text, "⏰ сегодня в 13:00 своё дело владельца\n⏰ чт, 26 нояб. в 12:00 второе")
}

func TestALateListNamesAllThatItTellsOf(t *testing.T) {
	for lang, want := range map[string][]string{
		"ru": {"Группа «Продажи» недоступна", "Вам передали: отвезти", "Вам передали: Иванов"},
		"en": {"The group “Продажи” is out of reach", "Handed over to you: отвезти", "Handed over to you: Иванов"},
	} {
		o := newOffice(t)
		m := o.Member("Анна", crm.RoleOwner, lang)
		list := crm.Notice{To: m.Actor.Member, Missed: []crm.Notice{
			{Kind: crm.RemindPlaceLost, Lost: crm.Place{Title: "Продажи"}, Late: time.Hour},
			{Kind: crm.RemindHanded, Task: crm.Task{ID: "t", Text: "отвезти"}},
			{Kind: crm.RemindHanded, Client: crm.Client{ID: "c", Profile: crm.Profile{Name: "Иванов"}}},
		}}
		if _, err := o.n.Notify(t.Context(), list); err != nil {
			t.Fatal(err)
		}
		wantIn(t, m.Screen().Text, want...)
		t.Log(m.Screen().Text)
	}
}

func TestWhatWasHandedOverIsLateForNothing(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(crm.Profile{Name: "Ким"})
	n := crm.Notice{To: anna.By().Member, Missed: []crm.Notice{
		{Kind: crm.RemindHanded, Client: c}, {Kind: crm.RemindTask, Task: crm.Task{Text: "отвезти"}, Late: 2 * time.Hour},
	}}
	if _, err := o.n.Notify(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	wantIn(t, anna.Screen().Text, "отвезти — 2 часа назад", "Ким")
	wantNotIn(t, anna.Screen().Text, "минуту")
}

// An occasion is of a day: nobody is told by how many hours it is late.
func TestAnOccasionIsLateByNoHours(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(crm.Profile{Name: "Ким"})
	day := civil.Date{Year: 2026, Month: 11, Day: 19}
	n := crm.Notice{To: anna.By().Member, Kind: crm.RemindTask, Client: c, Late: time.Hour, Task: crm.Task{ID: "t", Client: c.ID, Text: c.Name},
		Occasion: crm.Occasion{Kind: crm.RemindBirthday, Client: c, Day: day}}
	if _, err := o.n.Notify(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	wantIn(t, anna.Screen().Text, "Ким")
	wantNotIn(t, anna.Screen().Text, "опоздало")
}
