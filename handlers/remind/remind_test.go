package remind_test

import (
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/history"
	"kartoteka/handlers/remind"
	"kartoteka/handlers/talk"
	"kartoteka/handlers/talk/talktest"
	"kartoteka/locales"
)

// office is a kit whose reminders are planned and sent by tick.
type office struct {
	*talktest.Kit
	t *testing.T
	n remind.Notifier
}

func newOffice(t *testing.T) *office {
	t.Helper()
	k := talktest.New(t, card.Register, history.Register, remind.Register)
	catalog, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &office{Kit: k, t: t, n: remind.Notifier{Out: k.Out, Catalog: catalog, Clock: k.Clock}}
}

func (o *office) tick(d time.Duration) {
	o.t.Helper()
	o.Clock.Advance(d)
	if err := o.Desk.PlanReminders(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.Desk.DeliverReminders(o.t.Context(), o.n); err != nil {
		o.t.Fatal(err)
	}
}

// noWeek spares the owner what comes once a week behind the digest.
func (o *office) noWeek(p *talktest.Person) {
	o.t.Helper()
	if _, err := o.Desk.SetReminding(o.t.Context(), p.By(), func(r *crm.Reminding) { r.Off = append(r.Off, crm.RemindWeek, crm.RemindNudge) }); err != nil {
		o.t.Fatal(err)
	}
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

func wantNotIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q in:\n%s", part, text)
		}
	}
}

func TestTaskFromALineIsRemindedAndDone(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	anna.Say("/task позвонить в банк завтра в 10")
	wantIn(t, anna.Screen().Text, "позвонить в банк", "Напомню: завтра в 10:00")
	o.tick(21 * time.Hour)
	o.tick(time.Hour)
	wantIn(t, anna.Screen().Text, "⏰ <b>позвонить в банк</b>")
	anna.Press("Через час")
	wantIn(t, anna.Screen().Text, "Перенесено: сегодня в 11:00")
	o.tick(time.Hour)
	anna.Press("Сделано")
	wantIn(t, anna.Screen().Text, "✓ Сделано")
	before := len(o.Out.Sent(anna.User))
	o.tick(30 * time.Minute)
	if got := len(o.Out.Sent(anna.User)); got != before {
		t.Errorf("a finished task is reminded of")
	}
}

func TestRemindFromACard(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Anna", crm.RoleOwner, "en")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Smith John", Phones: []crm.Phone{{E164: "+442079460958"}}})
	anna.Say("/start c_" + string(c.ID))
	anna.Press("Remind")
	wantIn(t, anna.Screen().Text, "Get in touch: Smith John", "When to remind?")
	anna.Say("send the price list in 3 days")
	wantIn(t, anna.Screen().Text, "send the price list — Smith John", "I will remind you")
	o.tick(3*24*time.Hour + time.Hour)
	wantIn(t, anna.Screen().Text, "send the price list — Smith John", "+44 20 7946 0958")
	anna.Press("Not reached")
	wantIn(t, anna.Screen().Text, "Not reached. I will remind you today at 15:00")
}

func TestNextContactIsReminded(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Иванов"})
	anna.Say("/start c_" + string(c.ID))
	anna.Press("Касание")
	anna.Press("Звонок")
	anna.Press("Думает")
	anna.Press("Завтра")
	o.tick(22 * time.Hour)
	wantIn(t, anna.Screen().Text, "Связаться: Иванов")
	anna.Press("Не дозвонился")
	wantIn(t, anna.Screen().Text, "Не дозвонились. Напомню: сегодня в 12:00")
	anna.Press("Карточка")
	wantIn(t, anna.Screen().Text, "Дальше: ⏰ сегодня в 12:00")
}

func TestBirthdayIsFinishedWithTheThumb(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(crm.Profile{Name: "Соколова Мария Ивановна", Birthday: civil.Date{Year: 1993, Month: 11, Day: 21}, Phones: []crm.Phone{{E164: "+79001234567"}}})
	o.tick(0)
	o.tick(21 * time.Hour)
	wantIn(t, anna.Screen().Text, "🎂 <b>Сегодня день рождения</b>", "Соколова Мария Ивановна, 33 года")
	copied := ""
	for _, row := range anna.Screen().Buttons {
		for _, b := range row {
			copied += b.Copy
		}
	}
	wantIn(t, copied, "Мария, с днём рождения")
	anna.Press("Поздравили")
	wantIn(t, anna.Screen().Text, "✓ Поздравили · Анна")
	at, twice := anna.Message(), talk.Data{Verb: talk.VerbGreet, ID: string(c.ID), Arg: "done"}.Pack()
	anna.PressData(at, twice)
	wantIn(t, anna.Toast(), "Это уже решено")
	wantIn(t, anna.Screen().Text, "✓ Поздравили · Анна")
	anna.Press("Вернуть")
	wantNotIn(t, anna.Screen().Text, "Поздравили ·")
	anna.PressData(at, twice)
	wantIn(t, anna.Screen().Text, "✓ Поздравили · Анна")
	anna.Press("Карточка")
	wantIn(t, anna.Screen().Text, "Было: сообщение только что — «Поздравили с днём рождения»")
	anna.Say("/birthdays")
	anna.Press("1")
	wantIn(t, anna.Screen().Text, "В этом году уже отмечено")
	anna.Press("Вернуть")
	anna.Press("Поздравили")
	if got, err := o.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || got.Greeted != 2026 {
		t.Errorf("got %d, %v", got.Greeted, err)
	}
}

func TestDigestAndLists(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.noWeek(anna)
	o.tick(0)
	anna.Add(crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 27}})
	anna.Say("/task отправить КП в понедельник в 15:00")
	for range 3 {
		o.tick(23 * time.Hour)
	}
	wantIn(t, anna.Screen().Text, "Доброе утро, Анна. На сегодня 1 дело", "15:00 отправить КП", "🎂 Ким (через 4 дня)")
	anna.Press("1")
	wantIn(t, anna.Screen().Text, "Срок: сегодня в 15:00")
	anna.Say("/birthdays")
	wantIn(t, anna.Screen().Text, "27 ноября (через 4 дня) — Ким")
	anna.Say("/tasks")
	wantIn(t, anna.Screen().Text, "Открыто 1 дело")
}

func TestDoubtfulTimeIsAskedBack(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task купить бумагу")
	wantIn(t, anna.Screen().Text, "купить бумагу", "Когда напомнить?")
	anna.Say("вчера")
	wantIn(t, anna.Screen().Text, "Когда напомнить?")
	anna.Press("Через 3 дня")
	wantIn(t, anna.Screen().Text, "купить бумагу", "Напомню: пн, 23 нояб. в 10:00")
}

func TestSettings(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/today")
	at := anna.Message()
	press := func(arg string) { anna.PressData(at, talk.Data{Verb: talk.VerbReminding, Arg: arg}.Pack()) }
	press("digest=07:00")
	press("quiet=00:00-00:00")
	press("days=6")
	press("birthdays=7.1.0")
	press("kinds=contact")
	shown, _ := o.Out.Shown(anna.User, at)
	wantIn(t, shown.Text, "в 07:00 (пн, вт, ср, чт, пт, сб)", "Тихие часы: нет", "за 7 дней, за 1 день, в сам день")
	for _, forged := range []string{"digest=25:00", "birthdays=99", "birthdays=x", "kinds=nope"} {
		press(forged)
		wantIn(t, anna.Toast(), "Так напоминать нельзя")
	}
}

func TestABareTaskListens(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task")
	wantIn(t, anna.Screen().Text, "Напишите, что и когда")
	anna.Say("оплатить счёт завтра в 10")
	wantIn(t, anna.Screen().Text, "оплатить счёт", "Напомню: завтра в 10:00")
}

func TestAWrongTimeIsNoPartOfTheTask(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task Ромашка")
	anna.Say("завтра в 99")
	wantIn(t, anna.Screen().Text, "Не вижу времени", "<b>Ромашка</b>")
	anna.Say("завтра в 9")
	wantIn(t, anna.Screen().Text, "⏰ <b>Ромашка</b>", "Напомню: завтра в 09:00")
}

func TestFailuresAreShownToTheOwner(t *testing.T) {
	o := newOffice(t)
	anna, ivan := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("Иван", crm.RoleManager, "ru")
	o.tick(0)
	anna.Say("/today")
	anna.PressData(anna.Message(), "fails||")
	wantIn(t, anna.Screen().Text, "Всё доставлено")
	ivan.Say("/task отвезти договор через час")
	o.Out.Fail = func(string) error { o.Out.Fail = nil; return chat.ErrUnreachable } // Ivan has blocked the bot, Anna has not
	o.tick(time.Hour)
	wantIn(t, anna.Screen().Text, "<b>Иван</b> не получает напоминаний")
	anna.Press("Недоставленное")
	wantIn(t, anna.Screen().Text, "сегодня в 13:00 · Дела · Иван: бот заблокирован")
	wantNotIn(t, anna.Screen().Text, "договор")
	ivan.Say("/today") // he is back
	o.tick(0)
	wantIn(t, ivan.Screen().Text, "отвезти договор")
	anna.PressData(anna.Message(), "fails||")
	wantIn(t, anna.Screen().Text, "Всё доставлено")
}
