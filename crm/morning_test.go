package crm_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// laden gives a member, for 9:00 on Monday, one thing of each kind that can be due then.
func (o *office) laden(m crm.Member) {
	o.t.Helper()
	ctx, nine := o.t.Context(), time.Date(2026, 11, 23, 9, 0, 0, 0, msk)
	o.add(m, crm.Profile{Name: "Сегодня", Birthday: civil.Date{Year: 1990, Month: 11, Day: 23}})
	o.add(m, crm.Profile{Name: "Скоро", Birthday: civil.Date{Month: 11, Day: 28}, Dates: []crm.OtherDate{date("договор", civil.Date{Month: 11, Day: 26}, false, 3)}})
	years := o.add(m, crm.Profile{Name: "Давно"})
	o.touch(m, years.ID, crm.TouchInput{Kind: crm.TouchCall, At: time.Date(2024, 11, 30, 12, 0, 0, 0, msk)})
	call := o.add(m, crm.Profile{Name: "Звонок"})
	if _, err := o.SnoozeContact(ctx, o.as(m), call.ID, crm.PutOff{Until: nine}); err != nil {
		o.t.Fatal(err)
	}
	o.task(m, crm.TaskInput{Text: "дело", Due: nine})
	if o.clock.Now().After(nine.AddDate(0, 0, -3)) {
		o.t.Fatal("too late for an offer of three days before")
	}
	o.clock.Advance(nine.AddDate(0, 0, -3).Sub(o.clock.Now()))
	o.offer(m, "Предложение")
}

// atNine lets Monday's 9:00 come and says what came then.
func (o *office) atNine(b *inbox) []crm.Notice {
	o.t.Helper()
	nine := time.Date(2026, 11, 23, 9, 0, 0, 0, msk)
	for o.clock.Now().Before(nine.Add(-time.Hour)) {
		o.clock.Advance(time.Hour)
		o.tick(b)
	}
	return o.wait(b, nine.Add(time.Minute).Sub(o.clock.Now()), 5*time.Second)
}

func TestWhatTheDigestListsDoesNotComeBesideIt(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.clock.Advance(-3 * time.Hour)
	o.tick(b)
	o.laden(o.owner)
	got := o.atNine(b)
	want := []crm.ReminderKind{crm.RemindDigest, crm.RemindStale, crm.RemindWeek, crm.RemindBirthday, crm.RemindDate, crm.RemindTask}
	if !slices.Equal(kinds(got), want) || got[3].Client.Name != "Сегодня" {
		t.Fatalf("got %v, want %v", kinds(got), want)
	}
	told := kinds(got[0].Told)
	slices.Sort(told)
	if want := []crm.ReminderKind{crm.RemindAnniversary, crm.RemindBirthday, crm.RemindContact, crm.RemindOffer}; !slices.Equal(told, want) {
		t.Errorf("the digest tells of %v, want %v", told, want)
	}
	sent, err := o.store.Reminders(t.Context(), crm.ReminderQuery{Team: o.owner.Team, Member: o.owner.ID, States: []crm.ReminderState{crm.ReminderSent}, Limit: 99})
	messages := map[int64]int{}
	for _, r := range sent {
		messages[r.Message]++
	}
	if err != nil || messages[1] != 5 || len(messages) != 6 {
		t.Errorf("reminders by message: %v, %v; want five with the digest: it has room for two occasions", messages, err)
	}
	if again := o.wait(b, 2*time.Hour, time.Minute); len(again) != 0 {
		t.Errorf("afterwards %v came", kinds(again))
	}
}

// What is late when the digest comes is on it, too; much that is late is a list of its own that names it all.
func TestTheDigestTellsOfTheFewThatAreLate(t *testing.T) {
	for calls, want := range map[int][]crm.ReminderKind{
		2: {crm.RemindDigest, crm.RemindContact, crm.RemindContact}, 5: {"", crm.RemindDigest},
	} {
		o, b := newOffice(t), &inbox{}
		o.tick(b)
		for i := range calls {
			c := o.add(o.owner, crm.Profile{Name: "Ким"})
			if _, err := o.SnoozeContact(t.Context(), o.as(o.owner), c.ID, crm.PutOff{Until: o.clock.Now().Add(time.Duration(i+1) * time.Hour)}); err != nil {
				t.Fatal(err)
			}
		}
		o.clock.Advance(3 * aDay)
		got := slices.DeleteFunc(withTold(o.tick(b)), func(n crm.Notice) bool { return n.Kind == crm.RemindWeek })
		if !slices.Equal(kinds(got), want) {
			t.Errorf("%d calls: got %v, want %v", calls, kinds(got), want)
		}
	}
}

func TestInTheMorningAllComesByItself(t *testing.T) {
	for name, without := range map[string]func(o *office, b *inbox){
		"without a digest": func(o *office, _ *inbox) {
			if _, err := o.SetReminding(o.t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Off = append(r.Off, crm.RemindDigest) }); err != nil {
				o.t.Fatal(err)
			}
		},
		"with a digest in a group": func(o *office, _ *inbox) {
			place := o.linked(0)
			if _, err := o.SetReminding(o.t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Place = place.ID }); err != nil {
				o.t.Fatal(err)
			}
		},
		"with a digest that is refused": func(_ *office, b *inbox) { b.fail = []error{crm.ErrRefused, nil} },
	} {
		t.Run(name, func(t *testing.T) {
			o, b := newOffice(t), &inbox{}
			o.clock.Advance(-3 * time.Hour)
			o.tick(b)
			o.laden(o.owner)
			without(o, b)
			got := append(o.atNine(b), o.wait(b, 5*time.Minute, time.Minute)...)
			for _, k := range []crm.ReminderKind{crm.RemindAnniversary, crm.RemindContact, crm.RemindDate, crm.RemindOffer, crm.RemindTask} {
				if n := slices.Index(kinds(got), k); n < 0 {
					t.Errorf("no %s among %v", k, kinds(got))
				}
			}
			if all := withTold(got); len(all) != len(got) {
				t.Errorf("a digest tells of %v", kinds(all))
			}
		})
	}
}

// What the owner looks after for somebody who has left is on no list of the owner's.
func TestWhatTheDigestDoesNotListComesByItself(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.clock.Advance(-3 * time.Hour)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	o.task(o.owner, crm.TaskInput{Text: "своё", Due: time.Date(2026, 11, 23, 15, 0, 0, 0, msk)})
	o.laden(ivan)
	o.member(ivan.ID, func(m *crm.Member) { m.Removed = o.clock.Now() })
	got := o.atNine(b)
	for _, k := range []crm.ReminderKind{crm.RemindDigest, crm.RemindContact, crm.RemindOffer} {
		if !slices.Contains(kinds(got), k) {
			t.Errorf("no %s among %v", k, kinds(got))
		}
	}
	if all := withTold(got); len(all) != len(got) {
		t.Errorf("the digest tells of %v", kinds(all))
	}
}
