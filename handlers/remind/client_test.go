package remind_test

import (
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

func TestAReminderTellsWhatOneNeedsToAct(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Иванов Иван", Company: "ООО «Ромашка»", Birthday: civil.Date{Year: 1985, Month: 11, Day: 22},
		Phones: []crm.Phone{{E164: "+79001234567"}}})
	for _, in := range []crm.TouchInput{
		{Kind: crm.TouchMeeting, Text: "просил прайс\nна зиму", At: o.Clock.Now().Add(-9 * 24 * time.Hour)},
		{Kind: crm.TouchNote, Text: "любит кофе без сахара"},
	} {
		if _, err := o.Desk.LogTouch(t.Context(), anna.By(), c.ID, in); err != nil {
			t.Fatal(err)
		}
	}
	in := crm.TaskInput{Client: c.ID, Text: "отправить КП", Due: o.Clock.Now().Add(time.Hour)}
	if _, err := o.Desk.AddTask(t.Context(), anna.By(), in); err != nil {
		t.Fatal(err)
	}
	o.tick(time.Hour)
	wantIn(t, anna.Screen().Text, "<b>отправить КП — Иванов Иван</b>", "👤 Иванов Иван, 40 лет · ООО «Ромашка»\n📞 +7 900 123-45-67\n"+
		"Было: встреча 9 дней назад — «просил прайс · на зиму»\n«любит кофе без сахара»")
	o.tick(48 * time.Hour)
	wantIn(t, anna.Screen().Text, "🎂 <b>Сегодня день рождения</b>", "👤 Иванов Иван, 41 год · ООО «Ромашка»")
}

func TestALastTouchWithoutWordsTellsHowItEnded(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Иванов"})
	in := crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeThinking, Next: o.Clock.Now().Add(3 * time.Hour)}
	if _, err := o.Desk.LogTouch(t.Context(), anna.By(), c.ID, in); err != nil {
		t.Fatal(err)
	}
	o.tick(3 * time.Hour)
	wantIn(t, anna.Screen().Text, "Связаться: Иванов", "Было: звонок 3 часа назад — думает")
}
