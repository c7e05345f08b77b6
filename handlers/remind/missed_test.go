package remind_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/talk"
)

// The list that comes after a stop is worked through from itself, today's birthdays first.
func TestWhatWasMissedIsDealtWithFromItsList(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	if _, err := o.Desk.SetReminding(t.Context(), anna.By(), func(r *crm.Reminding) { r.Off = append(r.Off, crm.RemindDigest, crm.RemindWeek) }); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		due := o.Clock.Now().Add(time.Duration(i+1) * time.Minute)
		if _, err := o.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Text: fmt.Sprintf("дело %02d", i), Due: due}); err != nil {
			t.Fatal(err)
		}
	}
	date := crm.OtherDate{Label: "договор", Day: civil.Date{Month: 11, Day: 24}, Lead: 1}
	anna.Add(crm.Profile{Name: "Волков", Birthday: civil.Date{Month: 11, Day: 28}, Dates: []crm.OtherDate{date}})
	maria := anna.Add(crm.Profile{Name: "Мария", Birthday: civil.Date{Year: 1990, Month: 11, Day: 23}})
	o.tick(72 * time.Hour)
	list := anna.Message()
	wantIn(t, anna.Screen().Text, "прошло 15 напоминаний", "<b>1</b>  🎂 День рождения: Мария (сегодня)", "<b>2</b>  дело 00", "<b>10</b>  дело 08")
	wantNotIn(t, anna.Screen().Text, "дело 09", "<b>11</b>")
	anna.Press("1")
	wantIn(t, anna.Screen().Text, "Мария")
	anna.Press("Поздравили")
	anna.Press("‹ К списку")
	wantIn(t, anna.Screen().Text, "✓ <b>1</b>  🎂 День рождения: Мария", "<b>2</b>  дело 00 — 3 дня назад")
	anna.Press("Сегодня") // and that list does not take its place
	wantIn(t, anna.Screen().Text, "На сегодня")
	anna.Press("Дела")
	anna.Press("‹ К списку")
	wantIn(t, anna.Screen().Text, "прошло 15 напоминаний")
	if c, err := o.Desk.Client(t.Context(), anna.By(), maria.ID); err != nil || c.Touches != 1 {
		t.Errorf("%d touches, %v; want the congratulation", c.Touches, err)
	}
	anna.Press("Дальше ›")
	wantIn(t, anna.Screen().Text, "<b>11</b>  дело 09", "<b>13</b>  дело 11", "🎂 День рождения: Волков", "📅 Волков: договор")
	anna.Press("11")
	wantIn(t, anna.Screen().Text, "дело 09")
	anna.Press("Сделано")
	anna.Press("‹ К списку")
	wantIn(t, anna.Screen().Text, "✓ <b>11</b>  дело 09", "<b>12</b>  дело 10")
	for _, no := range []string{"14", "15"} {
		anna.Press(no)
		wantIn(t, anna.Screen().Text, "Волков")
		anna.Press("‹ К списку")
	}
	anna.Press("‹ Раньше")
	wantIn(t, anna.Screen().Text, "✓ <b>1</b>", "<b>10</b>")
	if anna.Message() != list {
		t.Error("the list has moved to another message")
	}
}

// Whoever stands in for a colleague leafs through the colleague's missed tasks as well.
func TestADeputysMissedListKeepsTheColleaguesTasks(t *testing.T) {
	o := newOffice(t)
	anna, ivan := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("Иван", crm.RoleManager, "ru")
	o.tick(0)
	for i := range 12 {
		in := crm.TaskInput{Text: fmt.Sprintf("дело %02d", i), Due: o.Clock.Now().Add(time.Duration(i+1) * time.Minute)}
		if _, err := o.Desk.AddTask(t.Context(), ivan.By(), in); err != nil {
			t.Fatal(err)
		}
	}
	today := civil.DateOf(o.Clock.Now())
	if _, err := o.Desk.SetAbsence(t.Context(), anna.By(), ivan.Actor.ID, crm.Away{From: today, To: today.Plus(9), Deputy: anna.Actor.ID}); err != nil {
		t.Fatal(err)
	}
	o.tick(time.Hour)
	wantIn(t, anna.Screen().Text, "прошло 12 напоминаний", "<b>1</b>  дело 00")
	anna.Press("Дальше ›")
	wantIn(t, anna.Screen().Text, "<b>11</b>  дело 10", "<b>12</b>  дело 11")
	anna.Press("‹ Раньше")
	wantIn(t, anna.Screen().Text, "<b>1</b>  дело 00", "<b>10</b>  дело 09")
}

func TestAListOfSomebodyElseIsNotShown(t *testing.T) {
	o := newOffice(t)
	anna, boris := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("Борис", crm.RoleManager, "ru")
	o.tick(0)
	for i := range 5 {
		if _, err := o.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Text: "тайное", Due: o.Clock.Now().Add(time.Duration(i+1) * time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	o.tick(time.Hour)
	wantIn(t, anna.Screen().Text, "Пока бот был недоступен")
	boris.Say("/today")
	boris.PressData(anna.Message(), talk.Data{Verb: talk.VerbAgenda, Arg: "missed.0"}.Pack())
	boris.PressData(boris.Message(), talk.Data{Verb: talk.VerbAgenda, Arg: "missed.0"}.Pack())
	wantIn(t, boris.Screen().Text, "На сегодня дел нет")
	wantNotIn(t, boris.Screen().Text, "тайное")
	if !slices.Contains(boris.Labels()[0], "Дела") {
		t.Errorf("got %v", boris.Labels())
	}
}
