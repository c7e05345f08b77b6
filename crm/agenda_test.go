package crm_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

func TestTheDayIsOneListByTimePageByPage(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	noon := time.Date(2026, 11, 20, 13, 0, 0, 0, msk)
	for i := range 17 { // many at the same time, of both kinds; a page ends among either
		due := noon.Add(time.Duration(i/4) * time.Hour)
		o.task(o.owner, crm.TaskInput{Text: "дело", Due: due})
		o.task(ivan, crm.TaskInput{Text: "чужое", Due: due})
		c := o.add(o.owner, crm.Profile{Name: "Клиент"})
		if _, err := o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: due}); err != nil {
			t.Fatal(err)
		}
	}
	o.task(o.owner, crm.TaskInput{Text: "завтра", Due: noon.AddDate(0, 0, 1)})
	var got []crm.Item
	for page := range 9 {
		a, err := o.Agenda(ctx, o.as(o.owner), page)
		if err != nil || a.Total != 34 || a.Before() != len(got) || len(a.Items) > crm.ItemsPage {
			t.Fatalf("page %d: %d items of %d, %v", page, len(a.Items), a.Total, err)
		}
		if got = append(got, a.Items...); !a.More {
			break
		}
	}
	seen := map[string]bool{}
	for i, item := range got {
		seen[nameOf(item)] = true
		if i > 0 && (got[i-1].Due.After(item.Due) || got[i-1].Due.Equal(item.Due) && got[i-1].Kind == crm.RemindContact && item.Kind == crm.RemindTask) {
			t.Errorf("%d: %s stands before %s", i, nameOf(got[i-1]), nameOf(item))
		}
	}
	if len(got) != 34 || len(seen) != 34 {
		t.Errorf("%d items, %d different, want 34", len(got), len(seen))
	}
	all, _, err := o.DayItems(ctx, o.as(o.owner))
	if err != nil || !slices.EqualFunc(all, got, func(a, b crm.Item) bool { return nameOf(a) == nameOf(b) }) {
		t.Errorf("all at once: %d items, %v", len(all), err)
	}
}

// nameOf tells items apart.
func nameOf(i crm.Item) string { return string(i.Kind) + string(i.Task.ID) + string(i.Client.ID) }

func TestAPageIsTheLastOneWhenWhatWasBehindIsDone(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	due := o.clock.Now().Add(time.Hour)
	var all []crm.Task
	for range 21 {
		all = append(all, o.task(o.owner, crm.TaskInput{Text: "дело", Due: due}))
	}
	at := func(page int) crm.Agenda {
		t.Helper()
		a, err := o.Agenda(ctx, o.as(o.owner), page)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := at(2); a.Page != 2 || len(a.Items) != 1 || a.More {
		t.Errorf("the third page: %d, %d items, more %v", a.Page, len(a.Items), a.More)
	}
	for _, task := range all[:2] {
		if _, err := o.CloseTask(ctx, o.as(o.owner), task.ID, crm.TaskDone, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, page := range []int{2, 99} {
		if a := at(page); a.Page != 1 || len(a.Items) != 9 || a.More || a.Total != 19 {
			t.Errorf("page %d: got %d, %d items of %d, more %v", page, a.Page, len(a.Items), a.Total, a.More)
		}
	}
	if a := at(-1); a.Page != 0 || len(a.Items) != 10 || !a.More {
		t.Errorf("page -1: got %d, %d items", a.Page, len(a.Items))
	}
}

func TestAllThatIsOpenIsOneListByTime(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	now := o.clock.Now()
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	if _, err := o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: now.Add(48 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	o.task(o.owner, crm.TaskInput{Text: "раньше", Due: now.Add(time.Hour)})
	o.task(o.owner, crm.TaskInput{Text: "позже", Due: now.Add(999 * time.Hour), Client: c.ID})
	p, err := o.OpenItems(ctx, o.as(o.owner), 0)
	if err != nil || p.Total != 3 || len(p.Items) != 3 {
		t.Fatalf("%d items of %d, %v", len(p.Items), p.Total, err)
	}
	if p.Items[0].Task.Text != "раньше" || p.Items[1].Kind != crm.RemindContact || p.Items[2].Task.Text != "позже" || p.Items[2].Client.Name != "Ким" {
		t.Errorf("got %+v", p.Items)
	}
}

// looks counts what is read of clients by a store.
type looks struct {
	crm.Store
	n int
}

func (l *looks) Client(ctx context.Context, team crm.TeamID, id crm.ClientID) (crm.Client, error) {
	l.n++
	return l.Store.Client(ctx, team, id)
}

func (l *looks) Clients(ctx context.Context, q crm.ClientQuery) ([]crm.Client, error) {
	l.n++
	return l.Store.Clients(ctx, q)
}

func (l *looks) ClientsByID(ctx context.Context, team crm.TeamID, ids []crm.ClientID) ([]crm.Client, error) {
	l.n++
	return l.Store.ClientsByID(ctx, team, ids)
}

// TestTheItemsOfADayAreReadTogether: the clients that many tasks are about in one look, and none where there is none.
func TestTheItemsOfADayAreReadTogether(t *testing.T) {
	o := newOffice(t)
	count := func() int {
		t.Helper()
		l := &looks{Store: o.store}
		all, _, err := crm.NewDesk(l, o.clock).DayItems(t.Context(), o.as(o.owner))
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range all {
			if item.Task.Client != item.Client.ID {
				t.Errorf("the task of %q comes with %q", item.Task.Client, item.Client.ID)
			}
		}
		return l.n
	}
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Hour)})
	none := count()
	c := o.add(o.owner, crm.Profile{Name: "Мария"})
	for i := range 30 {
		about := c.ID
		if i%3 == 0 {
			about = o.add(o.owner, crm.Profile{Name: "Клиент"}).ID
		}
		o.task(o.owner, crm.TaskInput{Text: "дело", Client: about, Due: o.clock.Now().Add(time.Hour)})
	}
	if n := count(); n != none+2 { // which tasks are left out, and whose the rest are
		t.Errorf("%d looks at clients, want two more than the %d without tasks of any", n, none)
	}
}

// However much earlier days left behind, what is of today comes first and is told apart.
func TestTodayIsToldApartFromALotThatIsLeft(t *testing.T) {
	o := newOffice(t)
	for i := range 1002 {
		o.task(o.owner, crm.TaskInput{Text: fmt.Sprint("давнее ", i), Due: o.clock.Now().Add(time.Hour).In(msk)})
	}
	o.clock.Advance(24 * time.Hour)
	o.task(o.owner, crm.TaskInput{Text: "сегодняшнее", Due: o.clock.Now().Add(time.Hour).In(msk)})
	day, err := o.Agenda(t.Context(), o.as(o.owner), 0)
	if err != nil || day.Total-day.Left != 1 || day.Items[0].Task.Text != "сегодняшнее" || len(day.Items) != crm.ItemsPage {
		t.Errorf("of %d are %d left, the first is %q, %v", day.Total, day.Left, day.Items[0].Task.Text, err)
	}
	last, err := o.Agenda(t.Context(), o.as(o.owner), 99)
	if err != nil || last.More || last.Before()+len(last.Items) != last.Total {
		t.Errorf("the last page has %d behind %d of %d, %v", len(last.Items), last.Before(), last.Total, err)
	}
}
