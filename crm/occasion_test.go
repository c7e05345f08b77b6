package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/city"
	"kartoteka/crm/civil"
)

// occasionsOf moves the clock hour by hour and tells what came of birthdays, anniversaries and other dates, and when.
func (o *office) occasionsOf(b *inbox, hours int) []string {
	var got []string
	for range hours {
		o.clock.Advance(time.Hour)
		for _, n := range withTold(o.tick(b)) {
			if n.Occasion.Kind != "" {
				got = append(got, n.To.Name+": "+n.Client.Name+" "+string(n.Kind)+" "+n.Occasion.Date.Label+" "+o.clock.Now().In(msk).Format("02.01 15:04"))
			}
		}
	}
	return got
}

// until moves the clock forward to a moment of Moscow.
func (o *office) until(y int, m time.Month, d, h int) {
	o.clock.Advance(time.Date(y, m, d, h, 0, 0, 0, msk).Sub(o.clock.Now()))
}

func (o *office) want(got []string, want ...string) {
	o.t.Helper()
	if !slices.Equal(got, want) {
		o.t.Errorf("got %q, want %q", got, want)
	}
}

func date(label string, d civil.Date, once bool, lead int) crm.OtherDate {
	return crm.OtherDate{Label: label, Day: d, Once: once, Lead: lead}
}

func TestAnniversaryComesAWeekBefore(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	c := o.add(o.owner, crm.Profile{Name: "Ким"})
	o.add(o.owner, crm.Profile{Name: "Без касаний"})
	former := o.add(o.owner, crm.Profile{Name: "Бывший"})
	for _, id := range []crm.ClientID{c.ID, former.ID} {
		if _, err := o.LogTouch(t.Context(), o.as(o.owner), id, crm.TouchInput{Kind: crm.TouchCall}); err != nil {
			t.Fatal(err)
		}
	}
	o.edit(former.ID, crm.FieldStatus, string(crm.StatusFormer))
	o.want(o.occasionsOf(b, 48)) // nothing in the year it began
	o.until(2027, 11, 10, 12)
	o.want(o.occasionsOf(b, 14*24), "Анна: Ким anniversary  13.11 09:00")
	if last := b.got[slices.IndexFunc(b.got, func(n crm.Notice) bool { return n.Kind == crm.RemindAnniversary })]; last.Occasion.Years != 1 || last.Day != (civil.Date{Year: 2027, Month: 11, Day: 20}) {
		t.Errorf("got %d years on %s", last.Occasion.Years, last.Day)
	}
}

func (o *office) edit(id crm.ClientID, f crm.Field, value string) {
	o.t.Helper()
	if _, err := o.EditClient(o.t.Context(), o.as(o.owner), id, crm.Edit{Field: f, Value: value, Force: true}); err != nil {
		o.t.Fatal(err)
	}
}

// The day of the first contact is the one that it was where the member is, not the one in Greenwich.
func TestAnniversaryIsOfTheDayAtTheMembersPlace(t *testing.T) {
	for zone, at := range map[string]time.Time{
		"Asia/Vladivostok": time.Date(2026, 11, 24, 22, 0, 0, 0, time.UTC), // the 25th, 8:00
		"America/New_York": time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC),  // the 25th, 22:00
		"Europe/Moscow":    time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC),
	} {
		o, b := newOffice(t), &inbox{}
		if _, err := o.SetCity(t.Context(), o.as(o.owner), city.City{Zone: zone}); err != nil {
			t.Fatal(err)
		}
		c := o.add(o.owner, crm.Profile{Name: "Ким"})
		o.clock.Advance(at.Sub(o.clock.Now()))
		if _, err := o.LogTouch(t.Context(), o.as(o.owner), c.ID, crm.TouchInput{Kind: crm.TouchCall}); err != nil {
			t.Fatal(err)
		}
		o.until(2027, 11, 16, 0)
		var days []string
		for range 5 * 24 {
			o.clock.Advance(time.Hour)
			for _, n := range withTold(o.tick(b)) {
				if n.Kind == crm.RemindAnniversary {
					days = append(days, o.clock.Now().In(n.To.Location()).Format("02.01 15:04")+" for "+n.Day.String())
				}
			}
		}
		if want := []string{"18.11 09:00 for 2027-11-25"}; !slices.Equal(days, want) {
			t.Errorf("%s: got %v, want %v", zone, days, want)
		}
	}
}

func TestOtherDates(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	day := func(y int, m time.Month, d int) civil.Date { return civil.Date{Year: y, Month: m, Day: d} }
	o.add(o.owner, crm.Profile{Name: "Ким", Dates: []crm.OtherDate{
		date("праздник", day(0, 11, 28), false, 3), date("конец", day(2026, 11, 28), true, 7), date("в день", day(0, 11, 29), false, 0),
		date("прошло", day(2025, 11, 28), true, 3), date("не скоро", day(2030, 11, 28), false, 3)}})
	o.want(o.occasionsOf(b, 12*24), "Анна: Ким date конец 21.11 09:00", "Анна: Ким date праздник 25.11 09:00", "Анна: Ким date в день 29.11 09:00")
	o.until(2027, 11, 19, 12)
	o.want(o.occasionsOf(b, 12*24), "Анна: Ким date праздник 25.11 09:00", "Анна: Ким date в день 29.11 09:00")
}

// The day on which to remind is another one where 29 February lies between.
func TestLeadAcrossTheLeapDay(t *testing.T) {
	for year, want := range map[int][]string{
		2027: {"Анна: Ким date лев 25.02 09:00", "Анна: Ким date март 26.02 09:00"},
		2028: {"Анна: Ким date лев 26.02 09:00", "Анна: Ким date март 27.02 09:00"},
	} {
		o, b := newOffice(t), &inbox{}
		o.add(o.owner, crm.Profile{Name: "Ким", Dates: []crm.OtherDate{
			date("март", civil.Date{Month: 3, Day: 1}, false, 3), date("лев", civil.Date{Year: 2020, Month: 2, Day: 29}, false, 3)}})
		o.until(year, 2, 20, 12)
		o.want(o.occasionsOf(b, 12*24), want...)
	}
}

func TestOtherDateFollowsTheCard(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	add := func(name string) crm.ClientID {
		return o.add(o.owner, crm.Profile{Name: name, Dates: []crm.OtherDate{date("день", civil.Date{Month: 11, Day: 24}, false, 3)}}).ID
	}
	given, archived, deleted, changed, sooner, removed, dealt := add("Отдан"), add("Архив"), add("Удалён"), add("Изменён"), add("Позже"), add("Убрано"), add("Сделано")
	o.until(2026, 11, 21, 8)
	if err := o.PlanReminders(t.Context()); err != nil { // planned as they were, delivered as they are
		t.Fatal(err)
	}
	ctx, was := t.Context(), date("день", civil.Date{Month: 11, Day: 24}, false, 3)
	moved, later := was, was
	moved.Day.Day, later.Lead = 30, 1
	for i, err := range []error{
		second(o.HandOverClient(ctx, o.as(o.owner), given, ivan.ID)),
		second(o.ArchiveClient(ctx, o.as(o.owner), archived, "")),
		second(o.DeleteClient(ctx, o.as(o.owner), deleted)),
		second(o.ChangeDate(ctx, o.as(o.owner), changed, was.Key(), moved)),
		second(o.ChangeDate(ctx, o.as(o.owner), sooner, was.Key(), later)),
		second(o.RemoveDate(ctx, o.as(o.owner), removed, was.Key())),
		second(o.FinishOccasion(ctx, o.as(o.owner), dealt, crm.Finish{Kind: crm.RemindDate, Date: was.Key()})),
	} {
		if err != nil {
			t.Fatal(i, err)
		}
	}
	o.want(o.occasionsOf(b, 48), "Иван: Отдан date день 21.11 09:00")
	o.want(o.occasionsOf(b, 240), "Анна: Позже date День 23.11 09:00", "Анна: Изменён date День 27.11 09:00")
}

func second[T any](_ T, err error) error { return err }

// Who has left reminds of nothing: the owner is.
func TestOccasionsOfWhoLeftGoToTheOwner(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.add(ivan, crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 25}})
	ivan = must(o.store.Member(t.Context(), ivan.Team, ivan.ID))
	ivan.Removed, ivan.Rev = o.clock.Now(), ivan.Rev+1
	if err := o.store.SaveMember(t.Context(), ivan, crm.Event{ID: "gone", Team: ivan.Team, Rev: ivan.Rev}); err != nil {
		t.Fatal(err)
	}
	o.want(o.occasionsOf(b, 48), "Анна: Ким birthday  20.11 13:00")
}

func TestOccasionsInQuietHoursAndSwitchedOff(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.add(o.owner, crm.Profile{Name: "Ким", Dates: []crm.OtherDate{date("день", civil.Date{Month: 11, Day: 25}, false, 3), date("завтра", civil.Date{Month: 11, Day: 26}, false, 3)}})
	set := func(f func(*crm.Reminding)) {
		o.owner = must(o.SetReminding(t.Context(), o.as(o.owner), f))
	}
	set(func(r *crm.Reminding) { r.Digest, r.QuietTo = "07:00", "10:00" })
	o.want(o.occasionsOf(b, 48), "Анна: Ким date день 22.11 10:00")
	a := must(o.Agenda(t.Context(), o.as(o.owner), 0))
	if len(a.Occasions) != 2 {
		t.Errorf("got %d occasions in the agenda", len(a.Occasions))
	}
	set(func(r *crm.Reminding) { r.Off = []crm.ReminderKind{crm.RemindDate} })
	o.want(o.occasionsOf(b, 48))
	if a := must(o.Agenda(t.Context(), o.as(o.owner), 0)); len(a.Occasions) != 0 {
		t.Errorf("got %d occasions of a kind that is not wanted", len(a.Occasions))
	}
	if all := must(o.Occasions(t.Context(), o.as(o.owner), 31)); len(all) != 2 {
		t.Errorf("asked for: got %d occasions, want both", len(all))
	}
}

// What is dealt with some days late is this year's, not the next.
func TestDealtWithLate(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	c := o.add(o.owner, crm.Profile{Name: "Ким", Birthday: civil.Date{Month: 11, Day: 25}, Dates: []crm.OtherDate{date("день", civil.Date{Month: 11, Day: 25}, false, 3)}})
	if _, err := o.LogTouch(t.Context(), o.as(o.owner), c.ID, crm.TouchInput{Kind: crm.TouchCall, At: time.Date(2020, 11, 25, 9, 0, 0, 0, time.UTC)}); err != nil {
		t.Fatal(err)
	}
	o.until(2026, 12, 2, 12)
	by := o.as(o.owner)
	for _, err := range []error{
		second(o.FinishOccasion(t.Context(), o.as(o.owner), c.ID, crm.Finish{Kind: crm.RemindBirthday, Wished: true, Text: "поздравили"})),
		second(o.FinishOccasion(t.Context(), o.as(o.owner), c.ID, crm.Finish{Kind: crm.RemindAnniversary})),
		second(o.FinishOccasion(t.Context(), by, c.ID, crm.Finish{Kind: crm.RemindDate, Date: c.Dates[0].Key(), Wished: true, Text: "день"})),
		second(o.FinishOccasion(t.Context(), o.as(o.owner), c.ID, crm.Finish{Kind: crm.RemindDate, Date: c.Dates[0].Key(), Wished: true, Text: "день"})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got := must(o.Client(t.Context(), o.as(o.owner), c.ID))
	if got.Greeted != 2026 || got.Celebrated != 2026 || got.Dates[0].Dealt != 2026 || got.Touches != 3 {
		t.Errorf("got %d, %d, %d and %d touches; want 2026 each and 3", got.Greeted, got.Celebrated, got.Dates[0].Dealt, got.Touches)
	}
	if err := second(o.FinishOccasion(t.Context(), o.as(o.owner), c.ID, crm.Finish{Kind: crm.RemindDate, Date: "x"})); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("a date that is not there: %v", err)
	}
	o.until(2027, 11, 10, 12)
	if got := o.occasionsOf(b, 20*24); len(got) != 4 {
		t.Errorf("the next year: got %q, want two of the birthday, the anniversary and the date", got)
	}
}
