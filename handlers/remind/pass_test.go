package remind_test

import (
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/talk/talktest"
)

// handOver has somebody hand the occasion that their last message is over to another, and be told of it.
func (o *office) handOver(from *talktest.Person, labels ...string) {
	o.t.Helper()
	for _, label := range labels {
		from.Press(label)
	}
	o.tick(0)
}

// What was handed over alone is the occasion still, in the language of whoever has it.
func TestAnOccasionHandedOverSpeaksTheLanguageOfItsReader(t *testing.T) {
	o := newOffice(t)
	anna, john := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("John", crm.RoleManager, "en")
	o.noWeek(anna)
	o.tick(0)
	julia := john.Add(crm.Profile{Name: "Афанасьева Юлия", Phones: []crm.Phone{{E164: "+79001234567"}}})
	if _, err := o.Desk.LogTouch(t.Context(), john.By(), julia.ID, crm.TouchInput{Kind: crm.TouchCall}); err != nil {
		t.Fatal(err)
	}
	o.tick(358 * 24 * time.Hour) // a Saturday: nothing else is due
	wantIn(t, john.Screen().Text, "Anniversary", "1 year together")
	o.handOver(john, "Hand over", "Only this", "Анна")
	text := anna.Screen().Text
	wantIn(t, text, "🤝 <b>Годовщина сотрудничества через 7 дней</b>", "Передано от коллеги: John", "1 год вместе", "👤 Афанасьева Юлия")
	wantNotIn(t, text, "nniversary", "⏰")
	for _, label := range []string{"Скопировать текст", "Поздравили", "Завтра", "Через год", "Передать"} {
		anna.Button(label)
	}
	wantIn(t, anna.Button("Скопировать текст").Copy, "Юлия", "1 год")
	anna.Press("Другой текст")
	wantIn(t, anna.Screen().Text, "1 год")
	anna.Press("Назад")
	anna.Say("/tasks")
	wantIn(t, anna.Screen().Text, "🤝 Поздравить с годовщиной: Афанасьева Юлия")
	anna.Press("1")
	anna.Press("Поздравили")
	c, err := o.Desk.Client(t.Context(), anna.By(), julia.ID)
	if err != nil || c.Touches != 2 {
		t.Fatalf("%d touches, %v; want the congratulation", c.Touches, err)
	}
	if last, err := o.Desk.LastTouch(t.Context(), anna.By(), julia.ID); err != nil || last.Kind != crm.TouchMessage || last.Text != "Поздравили с годовщиной сотрудничества" || last.By != anna.Actor.ID {
		t.Errorf("got %s «%s» by %s, %v", last.Kind, last.Text, last.By, err)
	}
}

// After a stop it is on the list of what was missed as what it is; the list says once how long ago it was.
func TestWhatWasMissedSaysOnceHowLongAgo(t *testing.T) {
	o := newOffice(t)
	anna, john := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("John", crm.RoleManager, "en")
	o.noWeek(anna)
	o.tick(0)
	john.Add(crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 26}})
	for _, name := range []string{"Волков", "Цой", "Белов"} {
		anna.Add(crm.Profile{Name: name, Birthday: civil.Date{Month: 12, Day: 1}})
	}
	o.tick(24 * time.Hour) // a Saturday
	o.handOver(john, "Hand over", "Only this", "Анна")
	wantIn(t, anna.Screen().Text, "🎂 <b>День рождения через 5 дней</b>", "👤 Ким")
	o.tick(28 * 24 * time.Hour) // another
	text := anna.Screen().Text
	wantIn(t, text, "🎂 Поздравить: Ким — 23 дня назад", "🎂 День рождения: Цой (18 дней назад)")
	wantNotIn(t, text, "(18 дней назад) —")
}

// Who has not the card is given the texts that need no more than what the message says, unless the client is not to be congratulated.
func TestWhoHasNotTheCardHasTheGreeting(t *testing.T) {
	for _, needed := range []bool{false, true} {
		o := newOffice(t)
		anna, john := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("John", crm.RoleManager, "en")
		o.noWeek(anna)
		o.tick(0)
		c := anna.Add(crm.Profile{Name: "Ким Олег", Birthday: civil.Date{Year: 1990, Month: 11, Day: 26}, Phones: []crm.Phone{{E164: "+79001234567"}}})
		if _, err := o.Desk.NeedConsent(t.Context(), anna.By(), crm.PurposeGreeting, needed); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Desk.HandOverOccasion(t.Context(), anna.By(), c.ID, crm.Finish{Kind: crm.RemindBirthday}, john.Actor.ID); err != nil {
			t.Fatal(err)
		}
		o.tick(0)
		john.Say("/tasks")
		john.Press("1")
		wantIn(t, john.Screen().Text, "Birthday", "Ким Олег")
		wantNotIn(t, john.Screen().Text, "+7 900", "36")
		if needed {
			wantIn(t, john.Screen().Text, "Has not consented")
			for _, label := range []string{"Copy a greeting", "Another text", "Consents"} {
				wantNotIn(t, fmt.Sprint(john.Labels()), label)
			}
			continue
		}
		wantIn(t, john.Button("Copy a greeting").Copy, "Олег")
		john.Press("Another text")
		wantIn(t, john.Screen().Text, "Happy birthday, Олег!")
		john.Press("Written")
		wantIn(t, john.Screen().Text, "Congratulated")
	}
}
