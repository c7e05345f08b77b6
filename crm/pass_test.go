package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

func TestWhoGetsATaskIsTold(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: time.Date(2026, 11, 24, 12, 0, 0, 0, msk)})
	if _, err := o.HandOverTask(ctx, o.as(o.owner), task.ID, ivan.ID); err != nil {
		t.Fatal(err)
	}
	got := o.tick(b)
	if len(got) != 1 || got[0].Kind != crm.RemindHanded || got[0].To.ID != ivan.ID || got[0].From.ID != o.owner.ID || got[0].Task.ID != task.ID {
		t.Fatalf("got %+v, want one message to Ivan", got)
	}
	if _, err := o.HandOverTask(ctx, o.as(o.owner), task.ID, ivan.ID); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("handed over to who has it: %v", err)
	}
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("told twice: %v", kinds(got))
	}
}

func TestWhoTakesAClientOverIsNotTold(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	c := o.add(ivan, crm.Profile{Name: "Иванов"})
	if _, err := o.HandOverClient(ctx, o.as(o.owner), c.ID, o.owner.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("got %v", kinds(got))
	}
}

func TestATaskThatIsDueTellsItsNewOwnerOnce(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(time.Hour)})
	o.wait(b, time.Hour, time.Hour)
	if _, err := o.HandOverTask(ctx, o.as(o.owner), task.ID, ivan.ID); err != nil {
		t.Fatal(err)
	}
	got := o.wait(b, 3*time.Minute, time.Minute)
	if len(got) != 1 || got[0].Kind != crm.RemindTask || got[0].To.ID != ivan.ID || got[0].From.ID != o.owner.ID {
		t.Errorf("got %+v, want one reminder to Ivan", got)
	}
}

func TestNobodyIsToldInQuietHoursOrOfWhatWentOn(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.clock.Advance(10 * time.Hour) // 22:00
	o.tick(b)
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(72 * time.Hour)})
	if _, err := o.HandOverClient(ctx, o.as(o.owner), c.ID, ivan.ID); err != nil {
		t.Fatal(err)
	}
	handed, err := o.HandOverTask(ctx, o.as(o.owner), task.ID, ivan.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := o.wait(b, 9*time.Hour, time.Hour); len(got) != 0 {
		t.Errorf("in quiet hours: %v", kinds(got))
	}
	if _, err := o.UndoTask(ctx, o.as(o.owner), task.ID, handed.Rev); err != nil {
		t.Fatal(err)
	}
	got := o.wait(b, 2*time.Hour, time.Hour)
	if len(got) != 1 || got[0].Kind != crm.RemindHanded || got[0].Client.ID != c.ID || got[0].Late != 0 {
		t.Errorf("got %+v, want the client alone", got)
	}
}

func TestOnlyWhoHasToDoWithTasksTakesThem(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, lena := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Лена", crm.RoleAnalyst)
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(time.Hour)})
	if _, err := o.HandOverTask(ctx, o.as(o.owner), task.ID, lena.ID); !errors.Is(err, crm.ErrNotFound) || fieldOf(err) != "member" {
		t.Errorf("an analyst takes a task: %v", err)
	}
	takers, err := o.Takers(ctx, o.as(o.owner), crm.ActionReadTask, o.owner.ID)
	if err != nil || len(takers) != 1 || takers[0].ID != ivan.ID {
		t.Errorf("got %+v, %v", takers, err)
	}
	if _, err := o.HandOverTask(ctx, o.as(ivan), task.ID, ivan.ID); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("Ivan takes what he may not see: %v", err)
	}
}

func TestWhoMayNotReadClientsGetsNeitherThemNorTasks(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	lena := o.hire(2, "Лена", crm.RoleAnalyst)
	o.tick(b)
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	if _, err := o.HandOverClient(ctx, o.as(o.owner), c.ID, lena.ID); !errors.Is(err, crm.ErrNotFound) || fieldOf(err) != "member" {
		t.Errorf("an analyst takes a client: %v", err)
	}
	in := crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(time.Hour), Assignee: lena.ID}
	if _, err := o.AddTask(ctx, o.as(o.owner), in); !errors.Is(err, crm.ErrNotFound) || fieldOf(err) != "member" {
		t.Errorf("an analyst is given a task: %v", err)
	}
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("told of it: %v", kinds(got))
	}
}

func TestTheTeamsQuietHoursHoldForWhoTakesSomething(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	if _, err := o.SetTeamReminding(ctx, o.as(o.owner), func(r *crm.Reminding) { r.QuietFrom, r.QuietTo = "11:00", "15:00" }); err != nil {
		t.Fatal(err)
	}
	c := o.add(o.owner, crm.Profile{Name: "Иванов"})
	if _, err := o.HandOverClient(ctx, o.as(o.owner), c.ID, ivan.ID); err != nil {
		t.Fatal(err)
	}
	planned, err := o.store.Reminders(ctx, crm.ReminderQuery{Team: ivan.Team, Member: ivan.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 9})
	want := time.Date(2026, 11, 20, 15, 0, 0, 0, msk)
	if err != nil || len(planned) != 1 || !planned[0].Due.Equal(want) {
		t.Errorf("planned %+v, %v; want one at %v", planned, err, want)
	}
}

func TestWhoGetsADueTaskBackIsToldAgain(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(time.Hour), Assignee: ivan.ID})
	o.wait(b, time.Hour, time.Hour)
	for _, pass := range []struct{ from, to crm.Member }{{ivan, o.owner}, {o.owner, ivan}, {ivan, o.owner}} {
		by := o.as(pass.from)
		for range 2 { // the press comes twice
			if _, err := o.HandOverTask(ctx, by, task.ID, pass.to.ID); err != nil && !errors.Is(err, crm.ErrNotFound) {
				t.Fatal(err)
			}
		}
		if got := o.wait(b, 3*time.Minute, time.Minute); len(got) != 1 || got[0].To.ID != pass.to.ID || got[0].From.ID != pass.from.ID {
			t.Errorf("to %s: got %+v, want one reminder", pass.to.Name, got)
		}
	}
}

func TestWhoHadATaskDoesNothingWithItAnyMore(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, olga := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Ольга", crm.RoleManager)
	for name, had := range map[string]crm.Member{"sees it still": o.owner, "does not see it": ivan} {
		t.Run(name, func(t *testing.T) {
			due := o.clock.Now().Add(time.Hour)
			task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: due, Assignee: had.ID})
			handed, err := o.HandOverTask(ctx, o.as(o.owner), task.ID, olga.ID)
			if err != nil {
				t.Fatal(err)
			}
			second := func(_ crm.Task, err error) error { return err }
			for i, err := range []error{
				second(o.FinishTask(ctx, o.as(had), task.ID, crm.Ending{Seen: due})), second(o.MissTask(ctx, o.as(had), task.ID, due, time.Time{})),
				second(o.SnoozeTask(ctx, o.as(had), task.ID, due, due.Add(time.Hour))), second(o.CloseTask(ctx, o.as(had), task.ID, crm.TaskDropped, due)),
			} {
				var to *crm.HandedOverError
				if !errors.As(err, &to) || to.To != olga.ID || !errors.Is(err, crm.ErrNotFound) {
					t.Errorf("%d: got %v, want: handed over to Olga", i, err)
				}
			}
			if _, err := o.UndoTask(ctx, o.as(o.owner), task.ID, handed.Rev); err != nil {
				t.Fatal(err)
			}
			if _, err := o.FinishTask(ctx, o.as(olga), task.ID, crm.Ending{Seen: due}); err == nil {
				t.Error("Olga finishes what is no longer hers")
			}
			if _, err := o.FinishTask(ctx, o.as(had), task.ID, crm.Ending{Seen: due}); err != nil {
				t.Errorf("who has it again: %v", err)
			}
		})
	}
}

// Who hands on what was given to them, and sees it no more, takes that back until somebody has touched it.
func TestWhoHandsOnATaskTakesItBack(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, olga := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Ольга", crm.RoleManager)
	c := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}})
	by := o.as(o.owner)
	_, err := o.HandOverOccasion(ctx, by, c.ID, birthday, ivan.ID)
	mustAll(t, err)
	id := crm.NewTaskID(by.Team, by.Cause+"f", 0)
	o.clock.Advance(time.Minute)
	handed, err := o.HandOverTask(ctx, o.as(ivan), id, olga.ID)
	mustAll(t, err)
	if _, err := o.UndoTask(ctx, o.as(ivan), id, handed.Rev-1); err == nil {
		t.Error("an older change is taken back")
	}
	back := o.as(ivan)
	for range 2 { // the press comes twice
		if task, err := o.UndoTask(ctx, back, id, handed.Rev); err != nil || task.Assignee != ivan.ID {
			t.Fatalf("got %+v, %v; want it to be Ivan's again", task, err)
		}
	}
	o.wantDecided(c.ID, "~ pass birthday 2026-11-21 →Ольга Иван", "pass birthday 2026-11-21 →Иван Анна")
	if _, err := o.Task(ctx, o.as(olga), id); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("Olga sees it still: %v", err)
	}
	// Whoever gave it takes it back as well, though they had it for a moment themselves.
	o.clock.Advance(time.Minute)
	handed, err = o.HandOverTask(ctx, o.as(ivan), id, o.owner.ID)
	mustAll(t, err)
	_, err = o.UndoTask(ctx, o.as(ivan), id, handed.Rev)
	mustAll(t, err)
	day, err := o.DecidedDay(ctx, o.as(o.owner), c.ID)
	mustAll(t, err)
	_, err = o.UndoContact(ctx, o.as(o.owner), c.ID, day)
	mustAll(t, err)
	if task, err := o.Task(ctx, o.as(ivan), id); err != nil || task.State != crm.TaskDropped {
		t.Errorf("the task is %+v, %v; want it dropped", task, err)
	}
	by = o.as(o.owner)
	_, err = o.HandOverOccasion(ctx, by, c.ID, birthday, ivan.ID)
	mustAll(t, err)
	id = crm.NewTaskID(by.Team, by.Cause+"f", 0)
	o.clock.Advance(time.Minute)
	handed, err = o.HandOverTask(ctx, o.as(ivan), id, olga.ID)
	mustAll(t, err)
	_, err = o.SnoozeTask(ctx, o.as(olga), id, time.Time{}, at(21, 15))
	mustAll(t, err)
	var to *crm.HandedOverError
	for _, rev := range []int64{handed.Rev, handed.Rev + 1} {
		if _, err := o.UndoTask(ctx, o.as(ivan), id, rev); !errors.As(err, &to) || to.To != olga.ID {
			t.Errorf("revision %d is taken back though Olga has put it off: %v", rev, err)
		}
	}
}

func TestWhoGaveATaskAndNeverHadItMayFinishIt(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, olga := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Ольга", crm.RoleManager)
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(time.Hour), Assignee: ivan.ID})
	if _, err := o.HandOverTask(ctx, o.as(ivan), task.ID, olga.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := o.FinishTask(ctx, o.as(o.owner), task.ID, crm.Ending{}); err != nil || got.State != crm.TaskDone {
		t.Errorf("got %s, %v", got.State, err)
	}
}

func TestADueTaskThatComesBackRemindsItsFirstAssigneeAnew(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan, olga := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Ольга", crm.RoleManager)
	o.tick(b)
	task := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: o.clock.Now().Add(time.Hour), Assignee: ivan.ID})
	o.wait(b, time.Hour, time.Hour)
	for range 2 { // it may go to and fro
		handed, err := o.HandOverTask(ctx, o.as(o.owner), task.ID, olga.ID)
		if err != nil {
			t.Fatal(err)
		}
		o.wait(b, 3*time.Minute, time.Minute)
		by := o.as(o.owner)
		for range 2 { // the press comes twice
			if _, err := o.UndoTask(ctx, by, task.ID, handed.Rev); err != nil {
				t.Fatal(err)
			}
		}
		if got := o.wait(b, 3*time.Minute, time.Minute); len(got) != 1 || got[0].To.ID != ivan.ID || got[0].From.ID != o.owner.ID {
			t.Errorf("got %v, want one reminder to Ivan", kinds(got))
		}
	}
	handed, err := o.HandOverTask(ctx, o.as(ivan), task.ID, o.owner.ID)
	if err != nil {
		t.Fatal(err)
	}
	o.wait(b, 3*time.Minute, time.Minute)
	if _, err := o.UndoTask(ctx, o.as(o.owner), task.ID, handed.Rev); err != nil {
		t.Fatal(err)
	}
	if got := o.wait(b, 3*time.Minute, time.Minute); len(got) != 1 || got[0].To.ID != ivan.ID {
		t.Errorf("got %v, want one reminder to Ivan", kinds(got))
	}
}

// The card says whose a task is that was handed over, to whoever had it; to nobody else who need not know.
func TestACardTellsOfTheTasksThatWereHandedOver(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, boris, vera := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Борис", crm.RoleManager), o.hire(4, "Вера", crm.RoleManager)
	c := o.add(ivan, crm.Profile{Name: "Ким"})
	task := o.task(ivan, crm.TaskInput{Client: c.ID, Text: "отвезти", Due: o.clock.Now().Add(time.Hour)})
	for _, pass := range []struct{ from, to crm.Member }{{ivan, boris}, {boris, vera}} {
		if _, err := o.HandOverTask(ctx, o.as(pass.from), task.ID, pass.to.ID); err != nil {
			t.Fatal(err)
		}
	}
	stranger := o.hire(5, "Пётр", crm.RoleManager)
	for _, m := range []crm.Member{o.owner, ivan, boris, vera, stranger} {
		got, err := o.ClientTasks(ctx, o.as(m), c.ID, 5)
		want := 1
		if m.ID == stranger.ID {
			want = 0
		}
		if err != nil || len(got) != want || want == 1 && got[0].Assignee != vera.ID {
			t.Errorf("%s: %v, %v; want %d task of Вера", m.Name, got, err, want)
		}
	}
}

// However many tasks others have, one's own are on the card; a task that an owner took away is nothing more to whom it was taken from.
func TestACardTellsOfOnesOwnTasksAmongMany(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, boris := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Борис", crm.RoleManager)
	c := o.add(ivan, crm.Profile{Name: "Ким"})
	for i := range 120 {
		o.task(ivan, crm.TaskInput{Client: c.ID, Text: "чужое", Due: o.clock.Now().Add(time.Hour + time.Duration(i)*time.Second)})
	}
	taken := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "забрали", Due: o.clock.Now().Add(time.Minute), Assignee: boris.ID})
	own := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "своё", Due: o.clock.Now().Add(5 * time.Hour), Assignee: boris.ID})
	if _, err := o.HandOverTask(ctx, o.as(o.owner), taken.ID, ivan.ID); err != nil {
		t.Fatal(err)
	}
	got, err := o.ClientTasks(ctx, o.as(boris), c.ID, 3)
	if err != nil || len(got) != 1 || got[0].ID != own.ID {
		t.Errorf("got %d tasks, %v; want the one of Boris's own", len(got), err)
	}
}

// The reminder of a task says who gave it, whoever did that last; one's own says nobody.
func TestADueTaskSaysFromWhom(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	oleg := o.hire(3, "Олег", crm.RoleManager)
	o.tick(b)
	due := o.clock.Now().Add(2 * time.Hour)
	given := o.task(o.owner, crm.TaskInput{Text: "отвезти", Due: due, Assignee: ivan.ID})
	own := o.task(ivan, crm.TaskInput{Text: "забрать", Due: due})
	on := o.task(o.owner, crm.TaskInput{Text: "купить", Due: due, Assignee: ivan.ID})
	back := o.task(o.owner, crm.TaskInput{Text: "вернуть", Due: due, Assignee: ivan.ID})
	for _, pass := range []struct {
		task crm.TaskID
		to   crm.MemberID
	}{{on.ID, oleg.ID}, {back.ID, o.owner.ID}} {
		if _, err := o.HandOverTask(ctx, o.as(ivan), pass.task, pass.to); err != nil {
			t.Fatal(err)
		}
	}
	want := map[crm.TaskID]string{given.ID: "Анна", own.ID: "", on.ID: "Иван", back.ID: "Иван"}
	for _, n := range o.wait(b, 2*time.Hour, time.Hour) {
		if n.Kind != crm.RemindTask {
			continue
		}
		if from, ok := want[n.Task.ID]; !ok || n.From.Name != from {
			t.Errorf("%s is from %q, want %q", n.Task.Text, n.From.Name, from)
		}
		delete(want, n.Task.ID)
	}
	if len(want) > 0 {
		t.Errorf("nothing came of %v", want)
	}
}
