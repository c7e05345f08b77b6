package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

const sales int64 = -1001

// linked gives the owner a place where her reminders come.
func (o *office) linked(topic int64) crm.Place {
	o.t.Helper()
	team, err := o.LinkPlace(o.t.Context(), o.as(o.owner), sales, topic, "Отдел продаж")
	if err != nil {
		o.t.Fatal(err)
	}
	p := team.LivePlaces()[len(team.LivePlaces())-1]
	if _, err := o.SetReminding(o.t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Place = p.ID }); err != nil {
		o.t.Fatal(err)
	}
	return p
}

func places(all []crm.Notice) []int64 {
	var out []int64
	for _, n := range all {
		out = append(out, n.Place.Chat)
	}
	return out
}

func TestRemindersComeWhereTheMemberWantsThem(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	p := o.linked(7)
	if p.Topic != 7 || p.Title != "Отдел продаж" {
		t.Fatalf("linked %+v", p)
	}
	o.task(o.owner, crm.TaskInput{Text: "раз", Due: time.Date(2026, 11, 20, 15, 0, 0, 0, msk)})
	if got := o.wait(b, 4*time.Hour, time.Minute); !slices.Equal(places(got), []int64{sales}) || got[0].Place.Topic != 7 {
		t.Errorf("came to %v, want the group's topic", places(got))
	}
	if _, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Private = []crm.ReminderKind{crm.RemindTask} }); err != nil {
		t.Fatal(err)
	}
	o.task(o.owner, crm.TaskInput{Text: "два", Due: time.Date(2026, 11, 20, 19, 0, 0, 0, msk)})
	if got := o.wait(b, 4*time.Hour, time.Minute); !slices.Equal(places(got), []int64{0}) {
		t.Errorf("came to %v, want tasks in private", places(got))
	}
}

// The quiet hours are the member's own wherever the reminder comes.
func TestNothingComesToAGroupInQuietHours(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.linked(0)
	o.task(o.owner, crm.TaskInput{Text: "ночью", Due: time.Date(2026, 11, 20, 23, 30, 0, 0, msk)})
	o.clock.Advance(18*time.Hour + 59*time.Minute) // Saturday, 06:59
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("in quiet hours: %v", kinds(got))
	}
	if got := o.wait(b, 2*time.Hour, time.Minute); !slices.Equal(places(got), []int64{sales}) || got[0].Late >= crm.LateAfter {
		t.Errorf("came to %v, want the group at the end of the quiet hours", places(got))
	}
}

func TestAGroupThatIsGone(t *testing.T) {
	for name, lose := range map[string]func(o *office, b *inbox){
		"found out by sending": func(o *office, b *inbox) { b.fail = []error{crm.ErrUnreachable} },
		"told by the messenger": func(o *office, _ *inbox) {
			for range 2 { // the same again changes nothing
				if err := o.LoseGroup(o.t.Context(), sales); err != nil {
					o.t.Fatal(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			o, b := newOffice(t), &inbox{}
			o.tick(b)
			o.linked(0)
			o.task(o.owner, crm.TaskInput{Text: "раз", Due: time.Date(2026, 11, 20, 15, 0, 0, 0, msk)})
			o.task(o.owner, crm.TaskInput{Text: "два", Due: time.Date(2026, 11, 20, 16, 0, 0, 0, msk)})
			lose(o, b)
			got := o.wait(b, 5*time.Hour, time.Minute)
			tasks, told := 0, 0
			for _, n := range got {
				switch {
				case n.Place.Chat != 0:
					t.Errorf("%s came to a group that is gone", n.Kind)
				case n.Kind == crm.RemindTask:
					tasks++
				case n.Kind == crm.RemindPlaceLost && n.Lost.Title == "Отдел продаж":
					told++
				}
			}
			if tasks != 2 || told != 1 {
				t.Errorf("%d tasks came in private and the owner was told %d times, want 2 and once", tasks, told)
			}
			team, err := o.LinkPlace(t.Context(), o.as(o.owner), sales, 0, "Отдел продаж")
			if err != nil || len(team.Places) != 1 || len(team.LivePlaces()) != 1 {
				t.Errorf("linked again there are %v, %v", team.Places, err)
			}
		})
	}
}

func TestAGroupThatMoves(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.linked(0)
	if err := o.LoseGroup(t.Context(), sales); err != nil { // it is left before it is told that it moved
		t.Fatal(err)
	}
	if err := o.MoveGroup(t.Context(), sales, -2002); err != nil {
		t.Fatal(err)
	}
	o.task(o.owner, crm.TaskInput{Text: "раз", Due: time.Date(2026, 11, 20, 15, 0, 0, 0, msk)})
	if got := o.wait(b, 4*time.Hour, time.Minute); !slices.Equal(places(got), []int64{-2002}) {
		t.Errorf("came to %v, want the group under its new id, and nobody told of a loss", places(got))
	}
}

func TestWhoMayLinkPlaces(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(8, "Иван", crm.RoleManager)
	if _, err := o.LinkPlace(t.Context(), o.as(ivan), sales, 0, "x"); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager links a group: %v", err)
	}
	p := o.linked(0)
	if _, err := o.UnlinkPlace(t.Context(), o.as(ivan), p.ID); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager unlinks a group: %v", err)
	}
	if _, err := o.SetReminding(t.Context(), o.as(ivan), func(r *crm.Reminding) { r.Place = p.ID }); err != nil {
		t.Errorf("a manager may have theirs come there: %v", err)
	}
	if _, err := o.SetReminding(t.Context(), o.as(ivan), func(r *crm.Reminding) { r.Place = "elsewhere" }); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("to a place that is none: %v", err)
	}
	team, err := o.UnlinkPlace(t.Context(), o.as(o.owner), p.ID)
	if err != nil || len(team.LivePlaces()) != 0 {
		t.Errorf("unlinked there are %v, %v", team.LivePlaces(), err)
	}
	if _, err := o.UnlinkPlace(t.Context(), o.as(o.owner), p.ID); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("unlinked twice: %v", err)
	}
}
