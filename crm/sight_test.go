package crm_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// full is a card with a value in whatever an accountant might see and should not.
func full() crm.Profile {
	return crm.Profile{Name: "Иванов Пётр", Kind: crm.KindPerson, Company: "ООО «Ромашка»", Position: "закупщик", City: "Тверь",
		Phones: []crm.Phone{{E164: "+79001234567"}}, Emails: []string{"ivanov@romashka.ru"}, Address: "Тверь, Советская, 1",
		Messengers: []crm.Messenger{{Kind: "telegram", Handle: "ivanov_p"}}, Birthday: civil.Date{Year: 1985, Month: 5, Day: 12},
		Tags: []string{"опт"}, Interests: []string{"кофе"}, Source: "выставка", Channel: crm.ChannelPhone}
}

// seenByAccountant are the fields that an accountant sees, and those that say nothing of the client.
var seenByAccountant = []string{"ID", "Team", "Rev", "Schema", "Owner", "Created", "Updated", "SortName", "Name", "Kind", "Company", "Address", "Bought"}

func TestAccountantSeesRequisitesOnly(t *testing.T) {
	o := newOffice(t)
	lena := o.hire(10, "Лена", crm.RoleAccountant)
	made := o.add(o.owner, full())
	if _, err := o.LogTouch(t.Context(), o.as(o.owner), made.ID, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeBought, Text: "прайс"}); err != nil {
		t.Fatal(err)
	}
	var found []crm.Client
	c, err := o.Client(t.Context(), o.as(lena), made.ID)
	found = append(found, c)
	list, listErr := o.List(t.Context(), o.as(lena), crm.ClientQuery{Sort: crm.SortByName, Limit: 10})
	found = append(found, list...)
	res, searchErr := o.FindPage(t.Context(), o.as(lena), "Иванов", 0, 10)
	for _, h := range res.Hits {
		found = append(found, h.Client)
	}
	if err := errors.Join(err, listErr, searchErr); err != nil || len(found) != 3 {
		t.Fatalf("found %d, %v", len(found), err)
	}
	for _, c := range found {
		wantOnly(t, reflect.ValueOf(c))
	}
}

// wantOnly holds the fields that are set against those that may be.
func wantOnly(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous {
			wantOnly(t, v.Field(i))
			continue
		}
		if seen := slices.Contains(seenByAccountant, f.Name); seen == v.Field(i).IsZero() {
			t.Errorf("%s is seen as %v", f.Name, v.Field(i))
		}
	}
}

// Whether a card has a phone, a tag or a stage cannot be found out by asking for it either.
func TestAccountantFindsByNothingElse(t *testing.T) {
	o := newOffice(t)
	lena := o.hire(10, "Лена", crm.RoleAccountant)
	o.add(o.owner, full())
	for text, want := range map[string]int{
		"Иванов": 1, "ромашка": 1, "bdfyjd": 1, "+79001234567": 0, "4567": 0, "ivanov@romashka.ru": 0, "опт": 0, "закупщик": 0,
		"Иванов 4567": 0, "Иванов опт": 0, "@ivanov_p": 0,
	} {
		res, err := o.FindPage(t.Context(), o.as(lena), text, 0, 10)
		if err != nil || len(res.Hits) != want || res.Total != want {
			t.Errorf("%q: %d hits of %d, %v, want %d", text, len(res.Hits), res.Total, err, want)
		}
		if res, err := o.FindPage(t.Context(), o.as(o.owner), text, 0, 10); err != nil || len(res.Hits) != 1 {
			t.Errorf("%q: the owner has %d hits, %v", text, len(res.Hits), err)
		}
	}
	for _, q := range []crm.ClientQuery{
		{Tags: []string{"опт"}}, {Stages: []crm.Stage{crm.StageLead}}, {Sort: crm.SortByTouch}, {Bin: crm.BinInside}, {Dates: []string{"b05-12"}},
	} {
		q.Limit = 10
		if _, err := o.List(t.Context(), o.as(lena), q); !errors.Is(err, crm.ErrDenied) {
			t.Errorf("list by %+v: %v, want ErrDenied", q, err)
		}
		if _, err := o.Count(t.Context(), o.as(lena), q, 10); !errors.Is(err, crm.ErrDenied) {
			t.Errorf("count by %+v: %v, want ErrDenied", q, err)
		}
	}
}

// A client goes to nobody who may not look after them.
func TestClientsGoToThoseWhoTendThem(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, full())
	for i, role := range crm.Roles {
		m := o.hire(int64(10+i), "Коллега", role)
		_, err := o.HandOverClient(t.Context(), o.as(o.owner), c.ID, m.ID)
		if want := role != crm.RoleAnalyst && role != crm.RoleAccountant; (err == nil) != want {
			t.Errorf("%s is given a client: %v", role, err)
		}
	}
}

func TestAnalystCountsAndSeesNobody(t *testing.T) {
	o := newOffice(t)
	petr := o.hire(10, "Пётр", crm.RoleAnalyst)
	c := o.add(o.owner, full())
	if n, err := o.Count(t.Context(), o.as(petr), crm.ClientQuery{Tags: []string{"опт"}}, 10); err != nil || n != 1 {
		t.Errorf("counted %d, %v", n, err)
	}
	_, listErr := o.List(t.Context(), o.as(petr), crm.ClientQuery{Limit: 1})
	_, findErr := o.FindPage(t.Context(), o.as(petr), "Иванов", 0, 1)
	_, cardErr := o.Client(t.Context(), o.as(petr), c.ID)
	_, historyErr := o.History(t.Context(), o.as(petr), crm.TouchQuery{Client: c.ID})
	for _, err := range []error{listErr, findErr, cardErr, historyErr} {
		if !errors.Is(err, crm.ErrDenied) {
			t.Errorf("got %v, want ErrDenied", err)
		}
	}
}

// A card without a name is called by its phone, and some are given names with it; an accountant does not see either.
func TestAccountantReadsNoPhoneAsName(t *testing.T) {
	o := newOffice(t)
	lena := o.hire(10, "Лена", crm.RoleAccountant)
	for _, p := range []crm.Profile{
		{Phones: []crm.Phone{{E164: "+79001234567"}}},
		{Emails: []string{"ivan@mail.ru"}},
		{Messengers: []crm.Messenger{{Kind: "telegram", Handle: "bvolkov"}}},
		{Name: "8 916 123-45-67"},
		{Name: "сантехник 89031112233"},
		{Name: "Ольга 2345678"},
	} {
		c := o.add(o.owner, p)
		seen, err := o.Client(t.Context(), o.as(lena), c.ID)
		if err != nil || seen.Name != "•••" || c.Name == "•••" {
			t.Errorf("%s is %q to an accountant: %v", c.Name, seen.Name, err)
		}
	}
	c := o.add(o.owner, crm.Profile{Name: "Общество 2000", Phones: []crm.Phone{{E164: "+79001234568"}}})
	if seen, err := o.Client(t.Context(), o.as(lena), c.ID); err != nil || seen.Name != c.Name {
		t.Errorf("%s is %q to an accountant: %v", c.Name, seen.Name, err)
	}
	for _, f := range crm.ExportFormats {
		_, err := o.BeginExport(t.Context(), o.as(lena), crm.ExportInput{Format: f})
		if want := f == crm.ExportXLSX || f == crm.ExportCSV; (err == nil) != want && !errors.Is(err, crm.ErrConflict) {
			t.Errorf("an accountant's export as %s: %v", f, err)
		}
	}
}

// A sum in a task is no more for support than one in a note, wherever they read the task; what they change of it leaves the sum in it.
func TestTasksTellSupportNoSums(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	sasha := o.hire(2, "Саша", crm.RoleSupport)
	o.tick(b)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	task := o.task(o.owner, crm.TaskInput{Client: c.ID, Text: "выставить счёт на 99 000 ₽", Due: o.clock.Now().Add(time.Hour).In(msk), Assignee: sasha.ID})
	hidden := func(where, text string) {
		t.Helper()
		if strings.Contains(text, "99 000") || !strings.Contains(text, "счёт") {
			t.Errorf("%s reads %q", where, text)
		}
	}
	one, oneErr := o.Task(ctx, o.as(sasha), task.ID)
	all, allErr := o.Tasks(ctx, o.as(sasha), crm.TaskQuery{Limit: 9})
	card, cardErr := o.ClientTasks(ctx, o.as(sasha), c.ID, 9)
	day, dayErr := o.Agenda(ctx, o.as(sasha), 0)
	if err := errors.Join(oneErr, allErr, cardErr, dayErr); err != nil || len(all) != 1 || len(card) != 1 || len(day.Items) != 1 {
		t.Fatalf("%d, %d, %d, %v", len(all), len(card), len(day.Items), err)
	}
	for where, text := range map[string]string{"the task": one.Text, "the list": all[0].Text, "the card": card[0].Text, "the day": day.Items[0].Task.Text} {
		hidden(where, text)
	}
	for _, n := range o.wait(b, 2*time.Hour, time.Minute) {
		if n.Kind == crm.RemindTask && n.Task.ID == task.ID {
			hidden("the reminder", n.Task.Text)
		}
	}
	if _, err := o.AnnotateTask(ctx, o.as(sasha), task.ID, "до обеда"); err != nil {
		t.Fatal(err)
	}
	if kept, err := o.Task(ctx, o.as(o.owner), task.ID); err != nil || kept.Text != "выставить счёт на 99 000 ₽\nдо обеда" {
		t.Errorf("what is kept is %q, %v", kept.Text, err)
	}
}
