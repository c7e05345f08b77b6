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

func TestDonePressedAgainSkipsNoTurn(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task планёрка каждый день в 10")
	at, done := anna.Message(), anna.Button("Сделано").Data
	anna.PressData(at, done)
	next := anna.Screen().Text
	wantIn(t, next, "Следующий раз")
	for range 3 {
		anna.PressData(at, done)
	}
	list, err := o.Desk.Tasks(t.Context(), anna.By(), crm.TaskQuery{Limit: 9})
	if err != nil || len(list) != 1 {
		t.Fatalf("got %d tasks, %v", len(list), err)
	}
	if day := crm.DateOf(list[0].Due.In(anna.By().Location())); day != (crm.Date{Year: 2026, Month: 11, Day: 22}) {
		t.Errorf("the task went on to %s: more than one turn", day)
	}
}

func TestDoneOfATurnThatWasPutOffToTheNextFinishesOneTurn(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	anna.Say("/task планёрка каждый день в 10")
	o.tick(22 * time.Hour)
	anna.Press("Завтра")
	wantIn(t, anna.Screen().Text, "Перенесено: завтра в 10:00")
	anna.Say("/tasks")
	anna.Press("1")
	at, done := anna.Message(), anna.Button("Сделано").Data
	for range 3 {
		anna.PressData(at, done)
	}
	list, err := o.Desk.Tasks(t.Context(), anna.By(), crm.TaskQuery{Limit: 9})
	if err != nil || len(list) != 1 {
		t.Fatalf("got %d tasks, %v", len(list), err)
	}
	if day := crm.DateOf(list[0].Due.In(anna.By().Location())); day != (crm.Date{Year: 2026, Month: 11, Day: 22}) {
		t.Errorf("the task went on to %s: more than one turn", day)
	}
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
		wantIn(t, anna.Screen().Text, "Сегодня день рождения", "Напомню: завтра в 10:00")
	}
	if list, err := o.Desk.Tasks(t.Context(), anna.By(), crm.TaskQuery{Limit: 9}); err != nil || len(list) != 1 {
		t.Errorf("got %d tasks, %v", len(list), err)
	}
}

func TestNotReachedPressedFiveTimesIsOneCall(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Иванов"})
	if _, err := o.Desk.EditClient(t.Context(), anna.By(), c.ID, crm.Edit{Field: crm.FieldNextContact, Value: "2026-11-21", Force: true}); err != nil {
		t.Fatal(err)
	}
	o.tick(22 * time.Hour)
	at, miss := anna.Message(), anna.Button("Не дозвонился").Data
	for range 5 {
		anna.PressData(at, miss)
	}
	wantIn(t, anna.Screen().Text, "Связаться: Иванов", "Срок: сегодня в 12:00")
	if calls, err := o.Desk.History(t.Context(), anna.By(), crm.TouchQuery{Client: c.ID, Kinds: []crm.TouchKind{crm.TouchCall}, Limit: 9}); err != nil || len(calls) != 1 {
		t.Errorf("got %d calls, %v", len(calls), err)
	}
}

func TestATaskNotReachedTwiceAtOnceIsCountedOnce(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Иванов"})
	anna.Say("/start c_" + string(c.ID))
	anna.Press("Напомнить")
	anna.Press("Через час")
	at, miss := anna.Message(), anna.Button("Не дозвонился").Data
	for range 5 {
		anna.PressData(at, miss)
	}
	wantIn(t, anna.Screen().Text, "Не дозвонились: 1 раз", "Срок: сегодня в 14:00")
}
