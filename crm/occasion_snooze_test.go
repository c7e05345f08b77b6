package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

var birthday = crm.Finish{Kind: crm.RemindBirthday}

// snoozeDay puts an occasion off.
func (o *office) snoozeDay(m crm.Member, id crm.ClientID, f crm.Finish, until time.Time) crm.Client {
	o.t.Helper()
	c, err := o.SnoozeOccasion(o.t.Context(), o.as(m), id, f, until)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func at(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, msk) }

func TestAnOccasionThatWasPutOffComesAgainAsItIs(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	kim := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}})
	once := date("конец договора", civil.Date{Year: 2026, Month: 11, Day: 21}, true, 0)
	volkov := o.add(o.owner, crm.Profile{Name: "Волков", Dates: []crm.OtherDate{once}})
	o.want(o.occasionsOf(b, 21), "Анна: Ким birthday  21.11 09:00", "Анна: Волков date конец договора 21.11 09:00")
	o.snoozeDay(o.owner, kim.ID, birthday, at(22, 10))
	o.snoozeDay(o.owner, volkov.ID, crm.Finish{Kind: crm.RemindDate, Date: once.Key()}, at(21, 19))
	if day, err := o.Agenda(t.Context(), o.as(o.owner), 0); err != nil || len(day.Occasions) != 1 || day.Occasions[0].Client.ID != volkov.ID {
		t.Errorf("today there is %+v, %v; want what comes again today", day.Occasions, err)
	}
	o.want(o.occasionsOf(b, 48), "Анна: Волков date конец договора 21.11 19:00", "Анна: Ким birthday  22.11 10:00")
	last := crm.Notice{}
	for _, n := range b.got {
		if n.Kind == crm.RemindBirthday {
			last = n
		}
	}
	if last.Day != (civil.Date{Year: 2026, Month: 11, Day: 21}) || last.Occasion.Years != 36 || last.Late != 0 {
		t.Errorf("got %s, %d years, %v late; want the day that was", last.Day, last.Occasion.Years, last.Late)
	}
	day, err := o.Agenda(t.Context(), o.as(o.owner), 0)
	if err != nil || len(day.Occasions) != 2 || day.Today() != 2 {
		t.Errorf("two days later there is %+v, %v; want what nobody has dealt with", day.Occasions, err)
	}
	if _, err := o.FinishOccasion(t.Context(), o.as(o.owner), kim.ID, crm.Finish{Kind: crm.RemindBirthday, Wished: true, Text: "x"}); err != nil {
		t.Fatal(err)
	}
	if day, err := o.Agenda(t.Context(), o.as(o.owner), 0); err != nil || len(day.Occasions) != 1 {
		t.Errorf("there is %+v, %v; want it without what is dealt with", day.Occasions, err)
	}
	if _, err := o.SnoozeOccasion(t.Context(), o.as(o.owner), kim.ID, birthday, at(30, 10)); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("one that is dealt with is put off: %v", err)
	}
}

func TestAnOccasionThatWasPutOffFollowsOrFallsSilent(t *testing.T) {
	for name, try := range map[string]struct {
		then func(o *office, c crm.Client, ivan crm.Member)
		want []string
	}{
		"nothing":      {func(*office, crm.Client, crm.Member) {}, []string{"Анна: Ким birthday  22.11 10:00"}},
		"put off more": {func(o *office, c crm.Client, _ crm.Member) { o.snoozeDay(o.owner, c.ID, birthday, at(22, 15)) }, []string{"Анна: Ким birthday  22.11 15:00"}},
		"taken back": {func(o *office, c crm.Client, _ crm.Member) {
			if _, err := o.UndoContact(o.t.Context(), o.as(o.owner), c.ID, c.Rev); err != nil {
				o.t.Fatal(err)
			}
		}, nil},
		"dealt with": {func(o *office, c crm.Client, _ crm.Member) {
			if _, err := o.FinishOccasion(o.t.Context(), o.as(o.owner), c.ID, birthday); err != nil {
				o.t.Fatal(err)
			}
		}, nil},
		"another day": {func(o *office, c crm.Client, _ crm.Member) { o.edit(c.ID, crm.FieldBirthday, "03.03.1990") }, nil},
		"archived": {func(o *office, c crm.Client, _ crm.Member) {
			if _, err := o.ArchiveClient(o.t.Context(), o.as(o.owner), c.ID, ""); err != nil {
				o.t.Fatal(err)
			}
		}, nil},
		"handed over": {func(o *office, c crm.Client, ivan crm.Member) {
			if _, err := o.HandOverClient(o.t.Context(), o.as(o.owner), c.ID, ivan.ID); err != nil {
				o.t.Fatal(err)
			}
		}, []string{"Иван: Ким birthday  21.11 10:00", "Иван: Ким birthday  22.11 10:00"}},
		"merged": {func(o *office, c crm.Client, ivan crm.Member) {
			other := o.add(ivan, crm.Profile{Name: "Ким Алексей", Birthday: c.Birthday})
			if _, _, err := o.MergeClients(o.t.Context(), o.as(o.owner), crm.MergeInput{Kept: other.ID, Gone: c.ID}); err != nil {
				o.t.Fatal(err)
			}
		}, []string{"Иван: Ким Алексей birthday  21.11 10:00", "Иван: Ким Алексей birthday  22.11 10:00"}},
		"quiet": {func(o *office, c crm.Client, _ crm.Member) { o.snoozeDay(o.owner, c.ID, birthday, at(21, 22)) }, []string{"Анна: Ким birthday  22.11 08:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			o, b := newOffice(t), &inbox{}
			ivan := o.hire(2, "Иван", crm.RoleManager)
			o.tick(b)
			kim := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 21}})
			o.want(o.occasionsOf(b, 21), "Анна: Ким birthday  21.11 09:00")
			try.then(o, o.snoozeDay(o.owner, kim.ID, birthday, at(22, 10)), ivan)
			o.want(o.occasionsOf(b, 48), try.want...)
		})
	}
}

func TestAnOccasionIsHandedOverAlone(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	kim := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 25}})
	give := crm.Finish{Kind: crm.RemindBirthday}
	c, err := o.HandOverOccasion(ctx, o.as(o.owner), kim.ID, give, ivan.ID)
	if err != nil || c.Owner != o.owner.ID || c.Greeted != 2026 {
		t.Fatalf("got owner %s, greeted %d, %v", c.Owner, c.Greeted, err)
	}
	got := o.tick(b)
	if len(got) != 1 || got[0].Kind != crm.RemindHanded || got[0].To.ID != ivan.ID || got[0].From.ID != o.owner.ID || got[0].Task.Text != "Ким" || got[0].Occasion.Kind != crm.RemindBirthday ||
		got[0].Occasion.Day != (civil.Date{Year: 2026, Month: 11, Day: 25}) || !got[0].Task.Due.Equal(at(25, 10)) || got[0].Client.ID != "" {
		t.Fatalf("got %+v, want Ivan told of the task alone", got)
	}
	if _, err := o.HandOverOccasion(ctx, o.as(o.owner), kim.ID, give, ivan.ID); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("handed over twice: %v", err)
	}
	back, err := o.UndoContact(ctx, o.as(o.owner), kim.ID, c.Rev)
	if err != nil || back.Greeted != 0 {
		t.Fatalf("got greeted %d, %v", back.Greeted, err)
	}
	if task, err := o.Task(ctx, o.as(o.owner), got[0].Task.ID); err != nil || task.State != crm.TaskDropped {
		t.Errorf("the task is %s, %v", task.State, err)
	}
	o.want(o.occasionsOf(b, 5*24), "Анна: Ким birthday  20.11 13:00", "Анна: Ким birthday  25.11 09:00")
	if c, err = o.HandOverOccasion(ctx, o.as(o.owner), kim.ID, give, ivan.ID); err != nil {
		t.Fatal(err)
	}
	got = o.tick(b)
	if len(got) != 1 || got[0].Kind != crm.RemindTask || got[0].To.ID != ivan.ID || got[0].From.ID != o.owner.ID {
		t.Fatalf("got %+v, want Ivan reminded of what is due", got)
	}
	if _, err := o.FinishTask(ctx, o.as(ivan), got[0].Task.ID, crm.Ending{}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.UndoContact(ctx, o.as(o.owner), kim.ID, c.Rev); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("what Ivan has done is taken back: %v", err)
	}
}

func TestAClientThatWasHandedOverComesBack(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	o.tick(b)
	kim := o.add(ivan, crm.Profile{Name: "Ким"})
	given, err := o.HandOverClient(ctx, o.as(ivan), kim.ID, petr.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.TakeBackClient(ctx, o.as(petr), kim.ID, given.Rev); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("taken back by another: %v", err)
	}
	if _, err := o.Client(ctx, o.as(ivan), kim.ID); !errors.Is(err, crm.ErrNotFound) {
		t.Fatalf("Ivan sees it still: %v", err)
	}
	if c, err := o.TakeBackClient(ctx, o.as(ivan), kim.ID, given.Rev); err != nil || c.Owner != ivan.ID {
		t.Fatalf("got owner %s, %v", c.Owner, err)
	}
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("Petr is told of what is not his: %v", kinds(got))
	}
	if _, err := o.TakeBackClient(ctx, o.as(ivan), kim.ID, given.Rev); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("taken back twice: %v", err)
	}
	given, err = o.HandOverClient(ctx, o.as(ivan), kim.ID, petr.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.HandOverClient(ctx, o.as(petr), kim.ID, o.owner.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.TakeBackClient(ctx, o.as(ivan), kim.ID, given.Rev); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("taken from a third: %v", err)
	}
}

// What one put off oneself comes, though its kind was switched off meanwhile.
func TestWhatWasPutOffComesThoughItsKindIsOff(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	kim := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Year: 1990, Month: 11, Day: 21}})
	o.want(o.occasionsOf(b, 21), "Анна: Ким birthday  21.11 09:00")
	o.snoozeDay(o.owner, kim.ID, birthday, at(22, 10))
	if _, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Off = append(r.Off, crm.RemindBirthday) }); err != nil {
		t.Fatal(err)
	}
	o.want(o.occasionsOf(b, 48), "Анна: Ким birthday  22.11 10:00")
}
