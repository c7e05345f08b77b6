package remind_test

import (
	"testing"
	"time"

	"kartoteka/crm"
)

func TestDoneOfARepeatingTaskSaysNothingOfOthers(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task планёрка каждый понедельник в 10")
	anna.Press("Сделано")
	wantIn(t, anna.Screen().Text, "Следующий раз")
	anna.Say("/task купить бумагу завтра в 10")
	anna.Press("Сделано")
	wantIn(t, anna.Screen().Text, "купить бумагу", "✓ Сделано")
	wantNotIn(t, anna.Screen().Text, "Следующий раз")
}

func TestGreetTomorrowPressedTwiceIsOneTask(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	anna.Add(crm.Profile{Name: "Ким", Birthday: crm.Date{Month: 11, Day: 21}})
	o.tick(21 * time.Hour)
	at, again := anna.Message(), anna.Button("Завтра").Data
	for range 3 {
		anna.PressData(at, again)
		wantIn(t, anna.Screen().Text, "Поздравить: Ким", "Напомню: завтра в 10:00")
	}
	if list, err := o.Desk.Tasks(t.Context(), anna.By(), crm.TaskQuery{Limit: 9}); err != nil || len(list) != 1 {
		t.Errorf("got %d tasks, %v", len(list), err)
	}
}
