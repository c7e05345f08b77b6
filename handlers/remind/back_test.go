package remind_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/talk/talktest"
)

// noted is a base with two pages of each list: tasks, next contacts, birthdays, stale clients.
func noted(t *testing.T) (*office, *talktest.Person) {
	t.Helper()
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	for i := range 13 {
		c := anna.Add(crm.Profile{Name: fmt.Sprintf("Клиент %02d", i), Birthday: civil.Date{Month: 2, Day: 5 + i},
			Phones: []crm.Phone{{E164: fmt.Sprintf("+790012345%02d", i)}}})
		anna.Add(crm.Profile{Name: fmt.Sprintf("Забытый %02d", i)})
		if _, err := o.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Client: c.ID, Text: fmt.Sprintf("дело %02d", i), Due: o.Clock.Now().Add(time.Duration(i+1) * time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Desk.SnoozeContact(t.Context(), anna.By(), c.ID, crm.PutOff{Until: o.Clock.Now().Add(time.Duration(i+1)*time.Hour + time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	o.Clock.Advance(70 * 24 * time.Hour)
	return o, anna
}

// Whatever is opened from a list, and from what is opened there, leads back to the same page of it.
func TestEachListIsTheWayBack(t *testing.T) {
	for _, list := range []struct {
		command, second string // the list, and what its second page shows
		item            string // the label of one item of it
		paths           [][]string
	}{
		{"/today", "<b>11</b>", "12", [][]string{
			{}, {"Карточка", "Назад"}, {"Карточка", "Напомнить", "Отмена", "Назад"}, {"Карточка", "Ещё…", "Назад", "Назад"},
			{"Написать", "Назад"}, {"Ещё…", "Передать", "Назад"}, {"Ещё…", "Назад"}, {"Сделано", "Назад"}, {"Дата…", "Назад"}, {"Не дозвонился"}, {"Завтра"}, {"Сделано", "Договорились"},
			{"Сделано", "Договорились", "Вернуть"}, {"Карточка", "Изменить", "Назад", "Назад"},
		}},
		{"/tasks", "<b>11</b>", "11", [][]string{{}, {"Карточка", "Назад"}, {"Написать", "Назад"}, {"Написать", "Написано"}, {"Ещё…", "Передать", "Назад"}, {"Ещё…", "Назад"}}},
		{"/birthdays", "<b>11</b>", "11", [][]string{{}, {"Карточка", "Назад"}, {"Другой текст", "Назад"}, {"Поздравили"}, {"Карточка", "Ещё…", "Назад", "Назад"}}},
		{"/stale", "7. ", "7. ", [][]string{
			{}, {"Карточка", "Назад"}, {"Карточка", "Напомнить", "Отмена", "Назад"}, {"Карточка", "Ещё…", "Назад", "Назад"}, {"Написать", "Назад"},
			{"Изменить", "Назад", "Назад"}, {"В архив", "Назад"},
		}},
	} {
		for _, path := range list.paths {
			t.Run(strings.Join(append([]string{list.command}, path...), " "), func(t *testing.T) {
				_, anna := noted(t)
				anna.Say(list.command)
				message := anna.Message()
				anna.Press("Дальше ›")
				wantIn(t, anna.Screen().Text, list.second)
				pressNamed(t, anna, list.item)
				for _, label := range path {
					anna.Press(label)
				}
				if !slices.ContainsFunc(anna.Labels(), func(row []string) bool { return slices.Contains(row, "‹ К списку") }) {
					t.Fatalf("no way back: %v of\n%s", anna.Labels(), anna.Screen().Text)
				}
				anna.Press("‹ К списку")
				wantIn(t, anna.Screen().Text, list.second)
				if anna.Message() != message {
					t.Errorf("the list has moved to another message")
				}
				for _, row := range anna.Labels() {
					if slices.Contains(row, "‹ Раньше") {
						anna.Press("‹ Раньше")
						wantNotIn(t, anna.Screen().Text, list.second)
						return
					}
				}
				t.Errorf("no way to the first page: %v", anna.Labels())
			})
		}
	}
}

func TestTheWayThroughTheDayLeadsBackToIt(t *testing.T) {
	_, anna := noted(t)
	anna.Say("/today")
	anna.Press("Дальше ›")
	anna.Press("По порядку")
	wantIn(t, anna.Screen().Text, "По порядку · 1 из 26")
	anna.Press("Пропустить")
	anna.Press("Карточка")
	anna.Press("Назад")
	wantIn(t, anna.Screen().Text, "По порядку · 2 из 26")
	anna.Press("‹ К списку")
	wantIn(t, anna.Screen().Text, "Просрочено: 26", "<b>11</b>")
}

func TestAReminderThatCameAloneIsBehindItsCard(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	c := anna.Add(crm.Profile{Name: "Иванов"})
	if _, err := o.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.Clock.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	o.tick(time.Hour)
	anna.Press("Карточка")
	anna.Press("Ещё…")
	anna.Press("Назад")
	anna.Press("Назад")
	wantIn(t, anna.Screen().Text, "⏰ <b>позвонить — Иванов</b>")
	for _, row := range anna.Labels() {
		if slices.Contains(row, "‹ К списку") {
			t.Errorf("it came from no list: %v", anna.Labels())
		}
	}
}

// Who puts a client of the list of the forgotten into the archive, or puts them off, is on the page of that list again.
func TestTheForgottenAreLeftOneByOne(t *testing.T) {
	for _, path := range [][]string{{"В архив", "Не отвечает", "Назад"}, {"В архив", "=закрылись", "Назад"}, {"В архив", "=закрылись", "История", "Назад", "Назад"}, {"Через 2 недели"}, {"Через 2 недели", "Вернуть", "‹ К списку"}} {
		_, anna := noted(t)
		anna.Say("/stale")
		anna.Press("Дальше ›")
		pressNamed(t, anna, "7. ")
		for _, step := range path {
			if typed, ok := strings.CutPrefix(step, "="); ok {
				anna.Say(typed)
				continue
			}
			pressNamed(t, anna, step)
		}
		wantIn(t, anna.Screen().Text, "Давно не общались: 2", "7. ", "12. ")
	}
}
