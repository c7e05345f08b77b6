package remind_test

import (
	"strconv"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
)

// pack is a button's data.
func pack(v talk.Verb, id, arg string) string { return talk.Data{Verb: v, ID: id, Arg: arg}.Pack() }

func TestButtonsOfTheDaysBeforeStillWork(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(crm.Profile{Name: "Иванов"})
	due := o.Clock.Now().Add(time.Hour)
	task, err := o.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Client: c.ID, Text: "позвонить", Due: due})
	if err != nil {
		t.Fatal(err)
	}
	o.tick(time.Hour)
	at, seen, id := anna.Message(), strconv.FormatInt(due.Unix(), 36), string(task.ID)
	anna.PressData(at, pack(talk.VerbTaskSnooze, id, "1h"))
	wantIn(t, anna.Screen().Text, "Перенесено: сегодня в 14:00")
	anna.PressData(at, pack(talk.VerbTaskMiss, id, seen))
	wantIn(t, anna.Screen().Text, "Срок: сегодня в 14:00")
	wantIn(t, anna.Toast(), "Это уже решено")
	anna.PressData(at, pack(talk.VerbTask, id, ""))
	wantIn(t, anna.Screen().Text, "Срок: сегодня в 14:00")
	anna.PressData(at, pack(talk.VerbTaskDone, id, ""))
	wantIn(t, anna.Screen().Text, "Чем закончилось?")
	anna.Press("Договорились")
	wantIn(t, anna.Screen().Text, "✓ Сделано: договорились · Анна")
	anna.PressData(at, pack(talk.VerbTaskDrop, id, ""))
	wantIn(t, anna.Screen().Text, "✓ Сделано: договорились · Анна")
	anna.PressData(at, pack(talk.VerbContact, string(c.ID), "tomorrow"))
	wantIn(t, anna.Screen().Text, "Перенесено: завтра в 10:00")
	anna.PressData(at, pack(talk.VerbContactMiss, string(c.ID), seen))
	wantIn(t, anna.Screen().Text, "Срок: завтра в 10:00")
}

func TestWhoLostTheRightIsToldSo(t *testing.T) {
	o := newOffice(t)
	anna, boris, lena := o.Member("Анна", crm.RoleOwner, "ru"), o.Member("Борис", crm.RoleManager, "ru"), o.Member("Лена", crm.RoleAnalyst, "ru")
	c := anna.Add(crm.Profile{Name: "Иванов"})
	task, err := o.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Client: c.ID, Text: "позвонить", Due: o.Clock.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	boris.Say("/today")
	lena.Say("/today")
	for _, data := range []string{
		pack(talk.VerbFinish, string(task.ID), "t"), pack(talk.VerbFinish, string(task.ID), "t.agreed"), pack(talk.VerbMiss, string(task.ID), "t"),
		pack(talk.VerbLater, string(task.ID), "t.1h"), pack(talk.VerbPass, string(task.ID), "t."+string(boris.Actor.ID)), pack(talk.VerbWrite, string(task.ID), "t"),
		pack(talk.VerbRetract, string(task.ID), "t.1"), pack(talk.VerbDue, string(task.ID), "t"), pack(talk.VerbTaskDrop, string(task.ID), ""),
	} {
		boris.PressData(boris.Message(), data)
		if got := boris.Toast(); got != "Это дело уже не у вас." {
			t.Errorf("%s: Boris is told %q", data, got)
		}
		lena.PressData(lena.Message(), data)
		if got := lena.Toast(); got != "Дел у вашей роли нет: она видит только цифры. Итоги недели: /week." {
			t.Errorf("%s: Lena is told %q", data, got)
		}
	}
	for _, data := range []string{
		pack(talk.VerbFinish, string(c.ID), "c"), pack(talk.VerbMiss, string(c.ID), "c"), pack(talk.VerbLater, string(c.ID), "c.1h"),
		pack(talk.VerbPass, string(c.ID), "c"), pack(talk.VerbWrite, string(c.ID), "c.sent"), pack(talk.VerbGreet, string(c.ID), "done"),
	} {
		boris.PressData(boris.Message(), data)
		if got := boris.Toast(); got != "Этой карточки нет или она не ваша." {
			t.Errorf("%s: Boris is told %q", data, got)
		}
	}
	if got, err := o.Desk.Task(t.Context(), anna.By(), task.ID); err != nil || got.Rev != 1 {
		t.Errorf("the task has changed: rev %d, %v", got.Rev, err)
	}
	if got, err := o.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || got.Rev != c.Rev {
		t.Errorf("the card has changed: rev %d, %v", got.Rev, err)
	}
}

func TestForgedMattersDoNothing(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	c := anna.Add(crm.Profile{Name: "Иванов"})
	anna.Say("/today")
	for _, data := range []string{
		pack(talk.VerbFinish, "", "t"), pack(talk.VerbFinish, string(c.ID), ""), pack(talk.VerbFinish, string(c.ID), "x"), pack(talk.VerbLater, string(c.ID), "c.never"),
		pack(talk.VerbRetract, string(c.ID), "c.!"), pack(talk.VerbOrder, "", "next"), pack(talk.VerbLater, string(c.ID), "c.day:2020-01-01"),
	} {
		anna.PressData(anna.Message(), data)
		if anna.Toast() == "" {
			t.Errorf("%s: nothing is said", data)
		}
	}
	if got, err := o.Desk.Client(t.Context(), anna.By(), c.ID); err != nil || got.Rev != c.Rev {
		t.Errorf("the card has changed: rev %d, %v", got.Rev, err)
	}
}

func TestANoteOfAnotherMatterIsNotTaken(t *testing.T) {
	o := newOffice(t)
	anna := o.Member("Анна", crm.RoleOwner, "ru")
	o.tick(0)
	var at []int64
	for _, name := range []string{"Иванов", "Волков"} {
		c := anna.Add(crm.Profile{Name: name})
		if _, err := o.Desk.AddTask(t.Context(), anna.By(), crm.TaskInput{Client: c.ID, Due: o.Clock.Now().Add(time.Minute)}); err != nil {
			t.Fatal(err)
		}
		o.tick(time.Minute)
		at = append(at, anna.Message())
	}
	first, _ := o.Out.Shown(anna.User, at[0])
	anna.PressData(at[0], first.Buttons[0][0].Data) // done, of the first
	anna.Say("ждёт счёт")
	second, _ := o.Out.Shown(anna.User, at[1])
	anna.PressData(at[1], second.Buttons[0][0].Data)
	anna.Press("Договорились")
	wantIn(t, anna.Screen().Text, "Волков", "✓ Сделано: договорились")
	wantNotIn(t, anna.Screen().Text, "ждёт счёт")
}
