package crm_test

import (
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// A task that is typed for another member is theirs where that is beyond doubt, and offered to be given where it is not.
func TestATextGivesItsTask(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван Ли", crm.RoleManager)
	o.hire(3, "Мария Смирнова", crm.RoleManager)
	o.hire(4, "Пётр Ким", crm.RoleManager)
	o.hire(5, "Пётр Сомов", crm.RoleManager)
	ivan.Username, ivan.Rev = "demo_ivan", ivan.Rev+1
	if err := o.store.SaveMember(t.Context(), ivan, crm.Event{ID: "named", Team: ivan.Team, Rev: ivan.Rev}); err != nil {
		t.Fatal(err)
	}
	o.add(o.owner, crm.Profile{Name: "Смирнов Олег"})
	o.add(o.owner, crm.Profile{Name: "Мария Лебедева"})
	for _, c := range []struct{ text, want, left string }{ // "!" before whom it was given to; without it they are offered
		{"@demo_ivan позвонить в банк", "!Иван Ли", "позвонить в банк"},
		{"@Demo_Ivan: позвонить в банк", "!Иван Ли", "позвонить в банк"},
		{"Ивану: позвонить в банк", "!Иван Ли", "позвонить в банк"},
		{"ивану: позвонить в банк", "!Иван Ли", "позвонить в банк"},
		{"Иван Ли: позвонить в банк", "!Иван Ли", "позвонить в банк"},
		{"для Ивана: позвонить в банк", "!Иван Ли", "позвонить в банк"},
		{"поручить Ивану позвонить в банк", "!Иван Ли", "позвонить в банк"},
		{"Поручить Ивану: позвонить в банк", "!Иван Ли", "позвонить в банк"},
		{"assign to Ivan: call the bank", "!Иван Ли", "call the bank"},
		{"Assign to Ivan call the bank", "!Иван Ли", "call the bank"},
		{"Ivan: call the bank", "!Иван Ли", "call the bank"},
		{"for Ivan: call the bank", "!Иван Ли", "call the bank"},
		{"поручить Марии: позвонить в банк", "!Мария Смирнова", "позвонить в банк"},
		{"Марии: позвонить в банк", "!Мария Смирнова", "позвонить в банк"}, // there is a client of that name
		{"надо чтобы Иван позвонил в банк", "!Иван Ли", "позвонить в банк"},
		{"Нужно, чтобы Мария Смирнова отправила договор", "!Мария Смирнова", "отправить договор"},
		{"надо, чтобы Иван принёс договор", "", ""}, // «принести» is not to be read from it
		{"надо чтобы Пётр позвонил в банк", "Пётр Ким, Пётр Сомов", ""},
		{"надо чтобы всё работало", "", ""},
		// a client may be meant, or several members
		{"Петру: позвонить в банк", "Пётр Ким, Пётр Сомов", ""},
		{"Петру Киму: позвонить в банк", "!Пётр Ким", "позвонить в банк"},
		{"для Ивана позвонить в банк", "Иван Ли", ""},
		{"Ivan call the bank", "Иван Ли", ""},
		{"Ивану срочно: позвонить", "Иван Ли", ""},
		{"купить бумагу для Ивана", "Иван Ли", ""},
		{"позвонить в банк @demo_ivan", "Иван Ли", ""},
		// nobody
		{"позвонить Ивану", "", ""}, {"купить: бумагу", "", ""}, {"Иванов: позвонить", "", ""}, {"Ли позже", "", ""}, {"@nobody позвонить", "", ""},
		{"Анна: позвонить в банк", "", ""}, {"Ивану", "", ""}, {"для отчёта: цифры", "", ""},
	} {
		by := o.as(o.owner)
		task, m, err := o.NoteTask(t.Context(), by, crm.TaskInput{Text: c.text, Due: o.clock.Now().Add(time.Hour)})
		if err != nil {
			t.Fatalf("%q: %v", c.text, err)
		}
		var names []string
		for _, to := range m.Takers {
			names = append(names, to.Name)
		}
		got, left, holder := strings.Join(names, ", "), c.text, o.owner.ID
		if m.Given {
			got, left, holder = "!"+got, c.left, m.Takers[0].ID
		}
		if !sameNames(got, c.want) || task.Text != left || task.Assignee != holder {
			t.Errorf("%q is for %q and says %q, want %q and %q", c.text, got, task.Text, c.want, left)
		}
		again, m2, err := o.NoteTask(t.Context(), by, crm.TaskInput{Text: c.text, Due: o.clock.Now().Add(time.Hour)})
		if err != nil || again.ID != task.ID || again.Assignee != holder || m2.Given != m.Given {
			t.Errorf("%q, when it came again: %v, %v", c.text, again, err)
		}
	}
}

// A task that was given to a member is about the client whom the rest of its text names.
func TestATaskThatIsGivenKeepsItsClient(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Ivan Lee", crm.RoleManager)
	o.add(o.owner, crm.Profile{Name: "Иван Громов"})
	o.add(o.owner, crm.Profile{Name: "Иван Седов"})
	kim := o.add(o.owner, crm.Profile{Name: "Выдрицкая Ольга"})
	task, m, err := o.NoteTask(t.Context(), o.as(o.owner), crm.TaskInput{Text: "Ивану: позвонить Выдрицкой", Due: o.clock.Now().Add(time.Hour)})
	if err != nil || !m.Given || task.Assignee != ivan.ID || task.Text != "позвонить Выдрицкой" || len(m.Clients) != 1 || m.Clients[0].ID != kim.ID {
		t.Errorf("got %+v, %+v, %v", task, m, err)
	}
}

func TestWhoIsNotOfTheTeamIsGivenNothing(t *testing.T) {
	o := newOffice(t)
	lena := o.hire(2, "Лена", crm.RoleAnalyst)
	gone := o.hire(3, "Глеб", crm.RoleManager)
	if _, err := o.RemoveMember(t.Context(), o.as(o.owner), gone.ID, []crm.MemberID{o.owner.ID}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{lena.Name, gone.Name} {
		task, m, err := o.NoteTask(t.Context(), o.as(o.owner), crm.TaskInput{Text: name + ": позвонить", Due: o.clock.Now().Add(time.Hour)})
		if err != nil || m.Given || task.Assignee != o.owner.ID {
			t.Errorf("%s was given a task: %v", name, err)
		}
	}
}

// A task that is handed to whom its words name no longer says so, where the name is not a part of what there is to do.
func TestWhatIsHandedOverDoesNotNameItsHolder(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван Ли", crm.RoleManager)
	ivan.Username, ivan.Rev = "demo_ivan", ivan.Rev+1
	if err := o.store.SaveMember(t.Context(), ivan, crm.Event{ID: "named", Team: ivan.Team, Rev: ivan.Rev}); err != nil {
		t.Fatal(err)
	}
	c := o.add(o.owner, crm.Profile{Name: "Иван Громов"})
	for _, try := range []struct {
		text, want string
		client     crm.ClientID
	}{
		{"Ivan call the bank", "call the bank", ""},
		{"Иван позвонить в банк", "позвонить в банк", ""},
		{"позвонить в банк @demo_ivan", "позвонить в банк", ""},
		{"купить бумагу для Ивана", "купить бумагу для Ивана", ""},
		{"для Ивана позвонить в банк", "для Ивана позвонить в банк", ""},
		{"позвонить Ивану", "позвонить Ивану", ""},
		{"Иван позвонить", "Иван позвонить", c.ID},
	} {
		task := o.task(o.owner, crm.TaskInput{Text: try.text, Client: try.client, Due: o.clock.Now().Add(time.Hour)})
		got, err := o.HandOverTask(t.Context(), o.as(o.owner), task.ID, ivan.ID)
		if err != nil || got.Text != try.want {
			t.Errorf("%q, handed over, says %q, %v; want %q", try.text, got.Text, err, try.want)
		}
		back, err := o.UndoTask(t.Context(), o.as(o.owner), task.ID, got.Rev)
		if err != nil || back.Text != try.text {
			t.Errorf("%q, taken back, says %q, %v", try.text, back.Text, err)
		}
	}
}
