package remind_test

import (
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
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
	if day := civil.DateOf(list[0].Due.In(anna.By().Location())); day != (civil.Date{Year: 2026, Month: 11, Day: 22}) {
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
	if day := civil.DateOf(list[0].Due.In(anna.By().Location())); day != (civil.Date{Year: 2026, Month: 11, Day: 22}) {
		t.Errorf("the task went on to %s: more than one turn", day)
	}
}

func TestTomorrowPressedTwiceIsOneReminder(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	anna.Add(crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 21}})
	o.tick(21 * time.Hour)
	at, again := anna.Message(), anna.Button("Завтра").Data
	for range 3 {
		anna.PressData(at, again)
		wantIn(t, anna.Screen().Text, "Сегодня день рождения", "Перенесено: завтра в 10:00")
	}
	o.tick(25 * time.Hour)
	wantIn(t, anna.Screen().Text, "День рождения вчера", "Ким")
	came := anna.Message()
	o.tick(time.Hour)
	if anna.Message() != came {
		t.Errorf("it came once more: %s", anna.Screen().Text)
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
	wantIn(t, anna.Screen().Text, "Связаться: Иванов", "Не дозвонились. Напомню: сегодня в 12:00")
	wantIn(t, anna.Toast(), "Это уже решено")
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
	wantIn(t, anna.Screen().Text, "Не дозвонились. Напомню: сегодня в 14:00")
	anna.Press("Вернуть")
	wantIn(t, anna.Screen().Text, "Срок: сегодня в 13:00")
	wantNotIn(t, anna.Screen().Text, "Не дозвонились")
	anna.PressData(at, miss) // it is open again: this is no second press
	wantIn(t, anna.Screen().Text, "Не дозвонились. Напомню: сегодня в 14:00")
}

// An offer that was tried and put off once more waits for its answer again when that is taken back.
func TestATriedOfferComesBackWhole(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Иванов"})
	if _, err := o.Desk.LogTouch(t.Context(), anna.By(), c.ID, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeThinking, At: o.Clock.Now().Add(-time.Hour)}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Desk.LogTouch(t.Context(), anna.By(), c.ID, crm.TouchInput{Kind: crm.TouchEmail, Outcome: crm.OutcomeOffer}); err != nil {
		t.Fatal(err)
	}
	o.tick(0)
	for range 3 {
		o.tick(24 * time.Hour)
	}
	wantIn(t, anna.Screen().Text, "Нет ответа на предложение: Иванов")
	was := anna.Screen()
	for _, later := range []string{"", "Через час", "Завтра"} {
		anna.Press("Не дозвонился")
		if later != "" {
			anna.Press(later)
			wantIn(t, anna.Screen().Text, "Перенесено")
		}
		anna.Press("Вернуть")
		if got := anna.Screen(); !strings.Contains(got.Text, "Нет ответа на предложение: Иванов") || anna.Button("Не дозвонился").Data == "" || len(got.Buttons) != len(was.Buttons) {
			t.Errorf("after %q: got %q %v", later, got.Text, got.Buttons)
		}
		if got, err := o.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || got.Offered.IsZero() || !got.NextContact.IsZero() || got.Touches != 2 {
			t.Errorf("after %q: offered %v, next %v, %d touches, %v", later, got.Offered, got.NextContact, got.Touches, err)
		}
	}
}
