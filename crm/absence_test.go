package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// away is a team in which Ivan goes on holiday tomorrow, for two days, and Petr stands in for him.
type away struct {
	*office
	ivan, petr crm.Member
	client     crm.Client
	task       crm.Task
}

func newAway(t *testing.T) *away {
	t.Helper()
	o := newOffice(t)
	a := &away{office: o, ivan: o.hire(2, "Иван", crm.RoleManager), petr: o.hire(3, "Пётр", crm.RoleManager)}
	a.client = o.add(a.ivan, crm.Profile{Name: "Иванов Клиент", Phones: []crm.Phone{{E164: "+79001234567"}}})
	var err error
	if a.task, err = o.AddTask(t.Context(), o.as(a.ivan), crm.TaskInput{Text: "позвонить", Client: a.client.ID, Due: o.clock.Now().Add(30 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	return a
}

// tomorrow is the first day of the holiday.
func (a *away) tomorrow() civil.Date {
	return civil.DateOf(a.clock.Now().In(a.ivan.Location())).Plus(1)
}

func (a *away) leaves(t *testing.T) {
	t.Helper()
	if _, err := a.SetAbsence(t.Context(), a.as(a.ivan), a.ivan.ID, crm.Away{From: a.tomorrow(), To: a.tomorrow().Plus(1), Deputy: a.petr.ID}); err != nil {
		t.Fatal(err)
	}
}

// sees holds what Petr has of Ivan's, in every way of asking, against whether it is the time for that.
func (a *away) sees(t *testing.T, want bool) {
	t.Helper()
	_, cardErr := a.Client(t.Context(), a.as(a.petr), a.client.ID)
	_, taskErr := a.Task(t.Context(), a.as(a.petr), a.task.ID)
	list, listErr := a.List(t.Context(), a.as(a.petr), crm.ClientQuery{Limit: 10})
	found, findErr := a.FindPage(t.Context(), a.as(a.petr), "Иванов", 0, 10)
	tasks, tasksErr := a.Tasks(t.Context(), a.as(a.petr), crm.TaskQuery{Limit: 10})
	agenda, agendaErr := a.OpenItems(t.Context(), a.as(a.petr), 0)
	if err := errors.Join(listErr, findErr, tasksErr, agendaErr); err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]bool{"card": cardErr == nil, "task": taskErr == nil, "list": len(list) == 1, "search": len(found.Hits) == 1,
		"tasks": len(tasks) == 1, "what there is to do": agenda.Total == 1} {
		if got != want {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
}

func TestDeputySeesWhileTheMemberIsAway(t *testing.T) {
	a := newAway(t)
	a.leaves(t)
	a.sees(t, false) // the holiday is tomorrow
	a.clock.Advance(12 * time.Hour)
	a.sees(t, true) // it is midnight in Moscow
	if _, err := a.LogTouch(t.Context(), a.as(a.petr), a.client.ID, crm.TouchInput{Kind: crm.TouchCall, Text: "звонил"}); err != nil {
		t.Errorf("the deputy logs a call: %v", err)
	}
	a.clock.Advance(48 * time.Hour)
	a.sees(t, false) // Ivan is back
}

// What a deputy is told and shows themselves says in whose place it is: one thing alone, a day, a list of what was missed, its pages.
func TestWhatADeputySeesToSaysWhoseItIs(t *testing.T) {
	a, b, ctx := newAway(t), &inbox{}, t.Context()
	a.tick(b)
	due := a.clock.Now().Add(32 * time.Hour)
	for _, text := range []string{"отвезти", "забрать", "сверить"} {
		a.office.task(a.ivan, crm.TaskInput{Text: text, Due: due})
	}
	a.office.task(a.petr, crm.TaskInput{Text: "отчёт", Due: due})
	_, err := a.EditClient(ctx, a.as(a.ivan), a.client.ID, crm.Edit{Field: crm.FieldBirthday, Value: "22.11.1990"})
	mustAll(t, err)
	a.leaves(t)
	a.clock.Advance(12 * time.Hour)
	page, err := a.OpenItems(ctx, a.as(a.petr), 0)
	mustAll(t, err)
	for _, item := range page.Items {
		if want := item.Task.Assignee == a.ivan.ID; (item.Instead.ID == a.ivan.ID) != want || (item.Instead.ID == "") == want {
			t.Errorf("%s is in place of %q", item.Task.Text, item.Instead.Name)
		}
	}
	day, err := a.Agenda(ctx, a.as(a.petr), 0)
	mustAll(t, err)
	if len(day.Occasions) != 1 || day.Occasions[0].Instead.ID != a.ivan.ID {
		t.Errorf("the day holds %+v", day.Occasions)
	}
	_, err = a.SetStaleRules(ctx, a.as(a.owner), func(r *crm.StaleRules) { r.Days = 1 })
	mustAll(t, err)
	own, err := a.OpenItems(ctx, a.as(a.ivan), 0)
	mustAll(t, err)
	for _, item := range own.Items {
		if item.Instead.ID != "" {
			t.Errorf("Ivan's own %s is in place of %q", item.Task.Text, item.Instead.Name)
		}
	}
	a.clock.Advance(34 * time.Hour) // a stop
	a.tick(b)
	message := slices.IndexFunc(b.got, func(n crm.Notice) bool { return n.To.ID == a.petr.ID && len(n.Missed) > 0 })
	if message < 0 {
		t.Fatalf("got %v, want a list", kinds(b.got))
	}
	again, err := a.Missed(ctx, a.as(a.petr), int64(message+1), 0)
	if err != nil || len(again.Notices) < 5 {
		t.Fatalf("the page has %d, %v", len(again.Notices), err)
	}
	for _, n := range append(b.got[message].Missed, again.Notices...) {
		if want := n.Task.Assignee == a.ivan.ID || n.Client.Owner == a.ivan.ID; (n.Instead.ID == a.ivan.ID) != want {
			t.Errorf("%s %s is in place of %q", n.Kind, n.Task.Text, n.Instead.Name)
		}
	}
	silent, err := a.StaleClients(ctx, a.as(a.petr), 0)
	if err != nil || len(silent.Clients) != 1 || silent.Clients[0].Instead.ID != a.ivan.ID {
		t.Errorf("nobody has been in touch with %+v, %v", silent.Clients, err)
	}
}

func TestAbsenceEndsAtOnceIfEnded(t *testing.T) {
	a := newAway(t)
	a.leaves(t)
	a.clock.Advance(12 * time.Hour)
	if _, err := a.EndAbsence(t.Context(), a.as(a.owner), a.ivan.ID); err != nil {
		t.Fatal(err)
	}
	a.sees(t, false)
}

// The deputy hears once that it is over: in the morning after the last day, or when somebody else has ended it or has set it otherwise.
func TestTheDeputyHearsThatItIsOver(t *testing.T) {
	morning := func(a *away, days int) time.Time {
		d := a.tomorrow().Plus(days)
		return a.petr.OutOfQuiet(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, a.petr.Location()))
	}
	otherwise := func(days int, deputy func(*away) crm.MemberID) func(*away) error {
		return func(a *away) error {
			_, err := a.SetAbsence(a.t.Context(), a.as(a.owner), a.ivan.ID, crm.Away{From: a.tomorrow(), To: a.tomorrow().Plus(days), Deputy: deputy(a)})
			return err
		}
	}
	ends := func(who func(*away) crm.Member) func(*away) error {
		return func(a *away) error {
			for range 2 { // the same update comes again
				by := a.as(who(a))
				by.Cause = "ends"
				if _, err := a.EndAbsence(a.t.Context(), by, a.ivan.ID); err != nil {
					return err
				}
			}
			return nil
		}
	}
	petr := func(a *away) crm.MemberID { return a.petr.ID }
	for name, one := range map[string]struct {
		change func(*away) error
		want   func(*away, time.Time) time.Time // when Petr hears it; zero: never
	}{
		"by itself":              {func(*away) error { return nil }, func(a *away, _ time.Time) time.Time { return morning(a, 2) }},
		"set away again at once": {nil, func(a *away, _ time.Time) time.Time { return morning(a, 2) }},
		"by the owner":           {ends(func(a *away) crm.Member { return a.owner }), func(_ *away, now time.Time) time.Time { return now }},
		"by who was away":        {ends(func(a *away) crm.Member { return a.ivan }), func(_ *away, now time.Time) time.Time { return now }},
		"another deputy":         {otherwise(1, func(a *away) crm.MemberID { return a.owner.ID }), func(_ *away, now time.Time) time.Time { return now }},
		"a longer time":          {otherwise(2, petr), func(a *away, _ time.Time) time.Time { return morning(a, 3) }},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := newAway(t), &inbox{}
			first, over, later := a.clock.Now(), morning(a, 2), a.tomorrow().Plus(9)
			a.leaves(t)
			a.tick(b)
			now := a.clock.Now()
			if one.change != nil {
				mustAll(t, one.change(a))
			}
			want := one.want(a, now)
			var told []time.Time
			again := one.change == nil
			for a.clock.Now().Sub(first) < 6*24*time.Hour {
				if again && a.clock.Now().After(over.Add(-4*time.Hour)) { // over, but not told yet
					again = false
					_, err := a.SetAbsence(t.Context(), a.as(a.ivan), a.ivan.ID, crm.Away{From: later, To: later, Deputy: a.owner.ID})
					mustAll(t, err)
				}
				for _, n := range withTold(a.wait(b, 20*time.Minute, 20*time.Minute)) {
					if n.Kind == crm.RemindDeputy && n.To.ID == a.petr.ID && n.Back {
						told = append(told, a.clock.Now())
					}
				}
			}
			if len(told) != 1 || told[0].Sub(want) > 40*time.Minute || told[0].Before(want) {
				t.Errorf("told at %v, want %v", told, want)
			}
		})
	}
}

// The reminders of the time come to the deputy, those of the time after to the member, whenever they were planned.
func TestDeputyIsReminded(t *testing.T) {
	a, b := newAway(t), &inbox{}
	if _, err := a.AddTask(t.Context(), a.as(a.ivan), crm.TaskInput{Text: "потом", Due: a.clock.Now().Add(72 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	a.tick(b)
	a.leaves(t)
	a.tick(b)
	told := map[string][]crm.MemberID{}
	for _, n := range a.wait(b, 80*time.Hour, 20*time.Minute) {
		switch n.Kind {
		case crm.RemindTask:
			told[n.Task.Text] = append(told[n.Task.Text], n.To.ID)
		case crm.RemindDigest:
			if n.To.ID == a.ivan.ID && n.Agenda.Day == a.tomorrow() {
				t.Error("whoever is away has a digest")
			}
		}
	}
	for text, want := range map[string]crm.MemberID{"позвонить": a.petr.ID, "потом": a.ivan.ID} {
		if got := told[text]; len(got) != 1 || got[0] != want {
			t.Errorf("%q came to %v, want it once to %s", text, got, want)
		}
	}
}

// Whoever reads it in another zone reads the days that were named.
func TestAbsenceHasItsDaysEverywhere(t *testing.T) {
	a := newAway(t)
	a.leaves(t)
	team, err := a.Team(t.Context(), a.as(a.owner))
	if err != nil {
		t.Fatal(err)
	}
	out, _ := team.Absence(a.ivan.ID, a.clock.Now())
	for _, zone := range []string{"Europe/Moscow", "Asia/Yekaterinburg", "America/New_York"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if from, to := out.Days(loc); from != a.tomorrow() || to != a.tomorrow().Plus(1) {
			t.Errorf("%s: from %s to %s, want from %s on", zone, from, to, a.tomorrow())
		}
	}
}

func TestAbsenceIsRefused(t *testing.T) {
	a := newAway(t)
	day := a.tomorrow()
	olga, boss := a.hire(4, "Ольга", crm.RoleAccountant), a.as(a.owner)
	for why, err := range map[string]error{
		"over":          teamErr(a.SetAbsence(t.Context(), boss, a.ivan.ID, crm.Away{From: day.Plus(-9), To: day.Plus(-3), Deputy: a.petr.ID})),
		"backwards":     teamErr(a.SetAbsence(t.Context(), boss, a.ivan.ID, crm.Away{From: day.Plus(5), To: day, Deputy: a.petr.ID})),
		"for ever":      teamErr(a.SetAbsence(t.Context(), boss, a.ivan.ID, crm.Away{From: day, To: day.Plus(400), Deputy: a.petr.ID})),
		"by themselves": teamErr(a.SetAbsence(t.Context(), boss, a.ivan.ID, crm.Away{From: day, To: day, Deputy: a.ivan.ID})),
		"no clients":    teamErr(a.SetAbsence(t.Context(), boss, a.ivan.ID, crm.Away{From: day, To: day, Deputy: olga.ID})),
		"not theirs":    teamErr(a.SetAbsence(t.Context(), a.as(a.petr), a.ivan.ID, crm.Away{From: day, To: day, Deputy: a.petr.ID})),
		"end another's": teamErr(a.EndAbsence(t.Context(), a.as(a.petr), a.ivan.ID)),
	} {
		if !errors.Is(err, crm.ErrInvalid) && !errors.Is(err, crm.ErrNotFound) && !errors.Is(err, crm.ErrDenied) {
			t.Errorf("%s: %v", why, err)
		}
	}
	a.leaves(t)
	if _, err := a.SetAbsence(t.Context(), boss, a.petr.ID, crm.Away{From: day.Plus(1), To: day.Plus(9), Deputy: a.ivan.ID}); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("they stand in for each other: %v", err)
	}
	// A deputy who goes away, too, is stood in for by their own.
	if _, err := a.SetAbsence(t.Context(), boss, a.petr.ID, crm.Away{From: day, To: day.Plus(9), Deputy: a.owner.ID}); err != nil {
		t.Fatal(err)
	}
	a.clock.Advance(12 * time.Hour)
	a.sees(t, false)
	if team, err := a.Team(t.Context(), boss); err != nil || len(team.StandsInFor(a.owner.ID, a.clock.Now())) != 2 {
		t.Errorf("the owner stands in for %v, %v", team.StandsInFor(a.owner.ID, a.clock.Now()), err)
	}
}

func teamErr(_ crm.Team, err error) error { return err }

// A second press on the same deputy changes nothing, and tells nobody once more.
func TestAbsenceSetTwiceIsToldOnce(t *testing.T) {
	a := newAway(t)
	for range 2 {
		_, err := a.SetAbsence(t.Context(), a.as(a.owner), a.ivan.ID, crm.Away{From: a.tomorrow(), To: a.tomorrow().Plus(1), Deputy: a.petr.ID})
		mustAll(t, err)
	}
	for _, m := range []crm.Member{a.ivan, a.petr} {
		list, err := a.store.Reminders(t.Context(), crm.ReminderQuery{Team: m.Team, Member: m.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 10})
		mustAll(t, err)
		told := 0
		for _, r := range list {
			if r.Kind == crm.RemindAway || r.Kind == crm.RemindDeputy && !r.Back {
				told++
			}
		}
		if told != 1 {
			t.Errorf("%s is told %d times", m.Name, told)
		}
	}
}
