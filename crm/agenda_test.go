package crm_test

import (
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
	var after *crm.ItemMark
	for range 9 {
		a, err := o.Agenda(ctx, o.as(o.owner), after)
		if err != nil || a.Total != 34 || len(a.Items) > crm.AgendaPage {
			t.Fatalf("%d items of %d, %v", len(a.Items), a.Total, err)
		}
		if got = append(got, a.Items...); !a.More {
			break
		}
		mark := got[len(got)-1].Mark()
		after = &mark
	}
	seen := map[crm.ItemMark]bool{}
	for i, item := range got {
		seen[item.Mark()] = true
		if i > 0 && (got[i-1].Due().After(item.Due()) || got[i-1].Due().Equal(item.Due()) && got[i-1].Mark().Contact && !item.Mark().Contact) {
			t.Errorf("%d: %v stands before %v", i, got[i-1].Mark(), item.Mark())
		}
	}
	if len(got) != 34 || len(seen) != 34 {
		t.Errorf("%d items, %d different, want 34", len(got), len(seen))
	}
	all, err := o.DayItems(ctx, o.as(o.owner))
	if err != nil || !slices.EqualFunc(all, got, func(a, b crm.Item) bool { return a.Mark() == b.Mark() }) {
		t.Errorf("all at once: %d items, %v", len(all), err)
	}
}
