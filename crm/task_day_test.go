package crm_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// An occasion that was handed over goes with the card: into the one that it is merged into, and to another day. Whoever has it without the
// card, or after the day is gone from it, is told what the task knows.
func TestATaskIsTheOccasionThatWasHandedOver(t *testing.T) {
	tw := newTwins(t)
	ctx, ivan := t.Context(), tw.hire(2, "Иван", crm.RoleAdmin)
	handed := func(id crm.ClientID, f crm.Finish) crm.TaskID {
		t.Helper()
		by := tw.as(tw.owner)
		_, err := tw.HandOverOccasion(ctx, by, id, f, ivan.ID)
		mustAll(t, err)
		return crm.NewTaskID(by.Team, by.Cause+"f", 0)
	}
	want := func(id crm.TaskID, seen bool, name, label string, years int, day civil.Date) {
		t.Helper()
		task, err := tw.Task(ctx, tw.as(ivan), id)
		mustAll(t, err)
		c := crm.Client{}
		if seen {
			c = tw.look(task.Client)
		}
		o, ok := task.Occasion(c, ivan.Location())
		if !ok || o.Client.ID != c.ID || o.Client.Name != name || o.Date.Label != label || o.Years != years || o.Day != day {
			t.Errorf("got %v %s «%s» %s, %d years, on %s", ok, o.Kind, o.Client.Name, o.Date.Label, o.Years, o.Day)
		}
	}
	may := civil.Date{Year: 2027, Month: 5, Day: 12}
	birthday := handed(tw.gone.ID, crm.Finish{Kind: crm.RemindBirthday})
	date := handed(tw.gone.ID, crm.Finish{Kind: crm.RemindDate, Date: wedding.Key()})
	other, _ := tw.look(tw.gone.ID).Occasion(crm.RemindDate, wedding.Key(), civil.DateOf(tw.clock.Now()), ivan.Location())
	want(birthday, true, "Сергей П.", "", 47, may)
	tw.merge()
	want(birthday, true, "Петров Сергей", "", 47, may)
	want(date, true, "Петров Сергей", wedding.Label, other.Years, other.Day)
	want(birthday, false, "Сергей П.", "", 0, may)
	want(date, false, "Сергей П.", wedding.Label, 0, other.Day)
	tw.edit(tw.kept.ID, crm.FieldBirthday, "14.05.1981")
	want(birthday, true, "Петров Сергей", "", 46, civil.Date{Year: 2027, Month: 5, Day: 14})
	tw.edit(tw.kept.ID, crm.FieldBirthday, "")
	want(birthday, true, "Петров Сергей", "", 0, may)
	if _, ok := tw.task.Occasion(tw.look(tw.kept.ID), ivan.Location()); ok {
		t.Error("a task of another kind is an occasion")
	}
}

// On the day itself an occasion that is handed over comes at once, and no second time; of one ahead one is told, and reminded on the day.
func TestAnOccasionHandedOverOnItsDayComesOnce(t *testing.T) {
	for name, try := range map[string]struct {
		day  int
		want []string
	}{
		"on the day":     {21, []string{"task 21.11 09:01"}},
		"the day before": {22, []string{"handed 21.11 09:01", "task 22.11 10:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			o, b, ctx := newOffice(t), &inbox{}, t.Context()
			ivan := o.hire(2, "Иван", crm.RoleManager)
			o.tick(b)
			kim := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: try.day}})
			o.wait(b, 21*time.Hour+time.Minute, time.Hour)
			_, err := o.HandOverOccasion(ctx, o.as(o.owner), kim.ID, birthday, ivan.ID)
			mustAll(t, err)
			var got []string
			for range 60 * 26 {
				for _, n := range o.tick(b) {
					if n.To.ID == ivan.ID {
						got = append(got, string(n.Kind)+" "+o.clock.Now().In(msk).Format("02.01 15:04"))
					}
				}
				o.clock.Advance(time.Minute)
			}
			if !slices.Equal(got, try.want) {
				t.Errorf("got %q, want %q", got, try.want)
			}
		})
	}
}

// Who is told of it is told whether the client may be congratulated.
func TestWhoeverIsGivenAnOccasionIsToldOfTheConsent(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleAdmin)
	o.tick(b)
	kim := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 25}})
	for _, needed := range []bool{false, true} {
		_, err := o.NeedConsent(ctx, o.as(o.owner), crm.PurposeGreeting, needed)
		mustAll(t, err)
		c, err := o.HandOverOccasion(ctx, o.as(o.owner), kim.ID, crm.Finish{Kind: crm.RemindBirthday}, ivan.ID)
		mustAll(t, err)
		got := o.tick(b)
		if len(got) != 1 || got[0].To.ID != ivan.ID || got[0].Client.ID != kim.ID || got[0].Occasion.Years != 36 || got[0].Occasion.Unwished != needed {
			t.Fatalf("a consent is needed: %v; got %v, %d of them", needed, kinds(got), len(got))
		}
		_, err = o.UndoContact(ctx, o.as(o.owner), kim.ID, c.Rev)
		mustAll(t, err)
		o.tick(b)
	}
}

// A group sees whose day it is, though the member has not the card, and not how old they are, though the member has it.
func TestAnOccasionHandedOverComesToAGroup(t *testing.T) {
	for _, role := range []crm.Role{crm.RoleManager, crm.RoleAdmin} {
		t.Run(string(role), func(t *testing.T) {
			o, b, ctx := newOffice(t), &inbox{}, t.Context()
			ivan := o.hire(2, "Иван", role)
			o.tick(b)
			p := o.linked(0)
			_, err := o.SetReminding(ctx, o.as(ivan), func(r *crm.Reminding) { r.Place = p.ID })
			mustAll(t, err)
			kim := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 20}})
			_, err = o.HandOverOccasion(ctx, o.as(o.owner), kim.ID, crm.Finish{Kind: crm.RemindBirthday}, ivan.ID)
			mustAll(t, err)
			got := o.tick(b)
			if len(got) != 1 || got[0].Place.Chat != sales || got[0].Occasion.Client.Name != "Ким" || got[0].Occasion.Years != 0 {
				t.Fatalf("got %v at %v, want Ким's birthday in the group", kinds(got), places(got))
			}
		})
	}
}
