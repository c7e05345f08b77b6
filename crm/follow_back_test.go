package crm_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kartoteka/crm"
)

// undo takes back that a client was handed over.
type undo = func(*office, context.Context) error

// waysToHandOver are all in which a client of Ivan's goes to the administrator.
var waysToHandOver = map[string]func(o *office, ctx context.Context, ivan, admin crm.Member, id crm.ClientID) (undo, error){
	"a card's change": func(o *office, ctx context.Context, ivan, admin crm.Member, id crm.ClientID) (undo, error) {
		c, err := o.HandOverClient(ctx, o.as(o.owner), id, admin.ID)
		return func(o *office, ctx context.Context) error {
			_, err := o.UndoClient(ctx, o.as(o.owner), id, c.Rev)
			return err
		}, err
	},
	"one client, by who gave it": func(o *office, ctx context.Context, ivan, admin crm.Member, id crm.ClientID) (undo, error) {
		c, err := o.HandOverClient(ctx, o.as(ivan), id, admin.ID)
		return func(o *office, ctx context.Context) error {
			_, err := o.TakeBackClient(ctx, o.as(ivan), id, c.Rev)
			return err
		}, err
	},
	"several": func(o *office, ctx context.Context, ivan, admin crm.Member, id crm.ClientID) (undo, error) {
		by := o.as(ivan)
		_, err := o.HandOverMany(ctx, by, []crm.ClientID{id}, admin.ID)
		return func(o *office, ctx context.Context) error {
			_, err := o.UndoHandOver(ctx, o.as(ivan), []crm.ClientID{id}, by.Cause)
			return err
		}, err
	},
	"a mass change": func(o *office, ctx context.Context, ivan, admin crm.Member, id crm.ClientID) (undo, error) {
		made, err := o.BeginMass(ctx, o.as(o.named(ivan.ID)), crm.MassInput{Kind: crm.MassGive, Value: string(admin.ID), Of: []crm.ClientID{id}})
		return func(o *office, ctx context.Context) error {
			_, err := o.UndoMass(ctx, o.as(o.named(ivan.ID)), made.Begun)
			return err
		}, err
	},
	"all of a member's": func(o *office, ctx context.Context, ivan, admin crm.Member, _ crm.ClientID) (undo, error) {
		_, err := o.HandOverAll(ctx, o.as(o.owner), ivan.ID, []crm.MemberID{admin.ID})
		return func(o *office, ctx context.Context) error {
			_, err := o.UndoHanding(ctx, o.as(o.owner), ivan.ID)
			return err
		}, err
	},
	"a removal": func(o *office, ctx context.Context, ivan, admin crm.Member, _ crm.ClientID) (undo, error) {
		by := o.as(o.owner)
		_, err := o.RemoveMember(ctx, by, ivan.ID, []crm.MemberID{admin.ID})
		return func(o *office, ctx context.Context) error {
			_, err := o.ReturnStanding(ctx, o.as(o.owner), ivan.ID, by.Cause)
			return err
		}, err
	},
}

// However a client has gone to a colleague who sees all cards anyway, and however that is undone, what went along comes back: but for
// what has been given on or done since, and with what the colleague was given by somebody.
func TestTasksComeBackFromWhoeverStillSeesTheCard(t *testing.T) {
	for name, give := range waysToHandOver {
		t.Run(name, func(t *testing.T) {
			o, ctx := newOffice(t), t.Context()
			ivan, petr, admin := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager), o.hire(4, "Олег", crm.RoleAdmin)
			c := o.add(ivan, crm.Profile{Name: "Первый"})
			task := func(m crm.Member, text string, to crm.MemberID) crm.TaskID {
				return o.task(m, crm.TaskInput{Client: c.ID, Text: text, Due: o.clock.Now().Add(30 * time.Hour), Assignee: to}).ID
			}
			own, passed, done := task(ivan, "перезвонить", ""), task(ivan, "отвезти", ""), task(ivan, "спросить", "")
			given := task(o.owner, "поздравить", admin.ID)
			want := func(when string, want map[crm.TaskID]crm.MemberID) {
				t.Helper()
				for id, member := range want {
					if task, err := o.store.Task(ctx, ivan.Team, id); err != nil || task.Assignee != member {
						t.Errorf("%s: %q is %s's, %v; want %s's", when, task.Text, task.Assignee, err, member)
					}
				}
			}
			undo, err := give(o, ctx, ivan, admin, c.ID)
			mustAll(t, err)
			want("handed over", map[crm.TaskID]crm.MemberID{own: admin.ID, passed: admin.ID, done: admin.ID, given: admin.ID})
			_, err1 := o.HandOverTask(ctx, o.as(admin), passed, petr.ID)
			_, err2 := o.CloseTask(ctx, o.as(admin), done, crm.TaskDone, time.Time{})
			mustAll(t, err1, err2, undo(o, ctx))
			want("undone", map[crm.TaskID]crm.MemberID{own: ivan.ID, passed: petr.ID, done: admin.ID, given: admin.ID})
			if task, err := o.store.Task(ctx, ivan.Team, own); err != nil || task.By != ivan.ID {
				t.Errorf("it is as if %s had set it, %v", task.By, err)
			}
			if card := o.look(c.ID); card.Owner != ivan.ID {
				t.Errorf("the client is %s's", card.Owner)
			}
		})
	}
}

// A client can be taken back by who gave it for a week; afterwards it may be one that they have no business to see.
func TestAClientIsTakenBackWithinAWeek(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	one, two := o.add(ivan, crm.Profile{Name: "Первый"}), o.add(ivan, crm.Profile{Name: "Второй"})
	given, err := o.HandOverClient(ctx, o.as(ivan), one.ID, petr.ID)
	many := o.as(ivan)
	_, err2 := o.HandOverMany(ctx, many, []crm.ClientID{two.ID}, petr.ID)
	mustAll(t, err, err2)
	o.clock.Advance(7 * 24 * time.Hour)
	if _, err := o.TakeBackClient(ctx, o.as(ivan), one.ID, given.Rev); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("one: %v", err)
	}
	if n, err := o.UndoHandOver(ctx, o.as(ivan), []crm.ClientID{two.ID}, many.Cause); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("of several %d came back, %v", n, err)
	}
	if o.look(one.ID).Owner != petr.ID || o.look(two.ID).Owner != petr.ID {
		t.Error("they are no more Petr's")
	}
}

// racing has somebody change each task right before it is written, so many times.
type racing struct {
	crm.Store
	left   int
	change func(*crm.Task)
}

func (s *racing) SaveTask(ctx context.Context, t crm.Task, e crm.Event) error {
	if s.left--; s.left >= 0 {
		now, err := s.Task(ctx, t.Team, t.ID)
		if err != nil {
			return err
		}
		now.Rev++
		s.change(&now)
		if err := s.Store.SaveTask(ctx, now, crm.Event{ID: crm.EventID(fmt.Sprintf("race.%s.%d", t.ID, now.Rev)), Team: t.Team, Action: crm.ActionEditTask,
			Record: string(t.ID), Rev: now.Rev, At: e.At}); err != nil {
			return err
		}
	}
	return s.Store.SaveTask(ctx, t, e)
}

// A task that somebody changes at the same moment goes along as it is then, or stays, and is counted as what it did.
func TestATaskGoesAlongThoughItIsChangedAtTheSameMoment(t *testing.T) {
	for _, c := range []struct {
		name   string
		races  int
		change func(*crm.Task)
		went   int
	}{
		{"put off", 1, func(t *crm.Task) { t.Due = t.Due.Add(time.Hour) }, 1},
		{"done", 1, func(t *crm.Task) { t.State = crm.TaskDone }, 0},
		{"again and again", 100, func(t *crm.Task) { t.Due = t.Due.Add(time.Minute) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, ctx := newOffice(t), t.Context()
			ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
			client := o.add(ivan, crm.Profile{Name: "Первый"})
			task := o.task(ivan, crm.TaskInput{Client: client.ID, Text: "перезвонить", Due: o.clock.Now().Add(30 * time.Hour)})
			due := task.Due
			desk, by := crm.NewDesk(&racing{Store: o.store, left: c.races, change: c.change}, o.clock), o.as(ivan)
			_, err := desk.HandOverClient(ctx, by, client.ID, petr.ID)
			mustAll(t, err)
			went, err := o.WentAlong(ctx, by, client.ID)
			if err != nil || went.Went != c.went {
				t.Errorf("%d went along, %v; want %d", went.Went, err, c.went)
			}
			task, err = o.store.Task(ctx, ivan.Team, task.ID)
			if err != nil || (task.Assignee == petr.ID) != (c.went == 1) || task.State == crm.TaskOpen && task.Due.Equal(due) {
				t.Errorf("it is %s's, %s, due %s, %v", task.Assignee, task.State, task.Due, err)
			}
		})
	}
}

// However many tasks there are about a client, all go along, and who gets them is told of how many and what the first are.
func TestAllTasksOfAClientGoAlong(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	o.tick(b)
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	client := o.add(ivan, crm.Profile{Name: "Первый"})
	const many = 230 // pages of a hundred
	for i := range many {
		o.task(ivan, crm.TaskInput{Client: client.ID, Text: fmt.Sprintf("дело %03d", i), Due: o.clock.Now().Add(30*time.Hour + time.Duration(i/3)*time.Minute)})
	}
	o.task(o.owner, crm.TaskInput{Client: client.ID, Text: "отвезти", Due: o.clock.Now().Add(30 * time.Hour), Assignee: ivan.ID})
	by := o.as(ivan)
	_, err := o.HandOverClient(ctx, by, client.ID, petr.ID)
	mustAll(t, err)
	n, err := o.store.CountTasks(ctx, crm.TaskQuery{Team: ivan.Team, Assignee: petr.ID, State: crm.TaskOpen}, 1000)
	if err != nil || n != many {
		t.Errorf("%d went along, %v; want %d", n, err, many)
	}
	told := func(who string, a crm.Along) {
		t.Helper()
		if a.Went != many || a.Stay != 1 || len(a.Tasks) != 3 {
			t.Errorf("%s is told of %d, %d named, and %d that stay", who, a.Went, len(a.Tasks), a.Stay)
		}
		for _, task := range a.Tasks {
			if task.Assignee != petr.ID {
				t.Errorf("%s is told of %q, which is %s's", who, task.Text, task.Assignee)
			}
		}
	}
	went, err := o.WentAlong(ctx, by, client.ID)
	mustAll(t, err)
	told("Ivan", went)
	for _, notice := range o.wait(b, 2*time.Minute, time.Minute) {
		if notice.Kind == crm.RemindHanded && notice.To.ID == petr.ID && notice.Client.ID == client.ID {
			told("Petr", notice.Along)
			return
		}
	}
	t.Error("Petr is told nothing")
}

// Who had got clients of a colleague who was taken out of the team, and is back, is told in one message how much has gone again.
func TestWhoLosesClientsByAReturnIsTold(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	o.tick(b)
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	for i := range 3 {
		o.add(ivan, crm.Profile{Name: fmt.Sprint("Клиент ", i)})
	}
	o.task(ivan, crm.TaskInput{Text: "отчёт", Due: o.clock.Now().Add(90 * time.Hour)})
	by := o.as(o.owner)
	_, err := o.RemoveMember(ctx, by, ivan.ID, []crm.MemberID{petr.ID})
	mustAll(t, err)
	o.wait(b, 2*time.Minute, time.Minute)
	o.clock.Advance(13 * time.Hour) // at one in the morning of Moscow
	back := o.as(o.owner)
	for range 2 { // the press is delivered twice
		_, err = o.ReturnStanding(ctx, back, ivan.ID, by.Cause)
		mustAll(t, err)
	}
	var told []crm.Notice
	lost := func(all []crm.Notice) {
		for _, n := range withTold(all) {
			if n.Kind == crm.RemindHanded && n.Back {
				told = append(told, n)
			}
		}
	}
	if lost(o.wait(b, time.Hour, 10*time.Minute)); len(told) > 0 {
		t.Error("told in quiet hours")
	}
	lost(o.wait(b, 9*time.Hour, 10*time.Minute))
	if len(told) != 1 || told[0].To.ID != petr.ID || told[0].Clients != 3 || told[0].Tasks != 1 || told[0].Who.ID != ivan.ID {
		t.Errorf("told %+v, want Petr once of three clients and a task", told)
	}
}
