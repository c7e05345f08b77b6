package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// purge cleans up and returns how many reminders are kept.
func (o *office) purge() int {
	o.t.Helper()
	if err := o.PurgeReminders(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	kept, err := o.store.Reminders(o.t.Context(), crm.ReminderQuery{Team: o.owner.Team, Limit: 10_000})
	if err != nil {
		o.t.Fatal(err)
	}
	return len(kept)
}

// TestNothingComesTwiceAfterTheCleanUp: not even what came just before a long stop, though the clean-up may come before the
// planner looks there again.
func TestNothingComesTwiceAfterTheCleanUp(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	soon := o.clock.Now().Add(time.Minute)
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: soon.In(msk)})
	c := o.add(o.owner, crm.Profile{Name: "Мария", Birthday: civil.Date{Year: 1990, Month: 11, Day: 20}})
	c.NextContact, c.Rev = soon, c.Rev+1
	if err := o.store.SaveClient(t.Context(), crm.ClientChange{Client: c, Event: crm.Event{ID: "next", Team: c.Team, Rev: c.Rev}}); err != nil {
		t.Fatal(err)
	}
	count := func(got []crm.Notice) map[crm.ReminderKind]int {
		n := map[crm.ReminderKind]int{}
		for _, one := range got {
			n[one.Kind]++
		}
		return n
	}
	if got := count(o.wait(b, 2*time.Hour, time.Minute)); got[crm.RemindTask] != 1 || got[crm.RemindContact] != 1 || got[crm.RemindBirthday] != 1 {
		t.Fatalf("got %v, want the task, the contact and the birthday", got)
	}
	before := o.purge()
	o.clock.Advance(100 * 24 * time.Hour)
	if kept := o.purge(); kept != before {
		t.Errorf("before planning has gone on %d are kept, want all %d", kept, before)
	}
	got := count(o.tick(b))
	if kept := o.purge(); kept >= before {
		t.Errorf("%d are kept, there were %d", kept, before)
	}
	for range 24 {
		for kind, n := range count(o.wait(b, time.Hour, time.Hour)) {
			got[kind] += n
		}
		o.purge()
	}
	for _, kind := range []crm.ReminderKind{crm.RemindTask, crm.RemindContact, crm.RemindBirthday} {
		if got[kind] > 0 {
			t.Errorf("%s came again", kind)
		}
	}
}

// An offer that nobody has answered is reminded of once, also when it is forgotten that it was.
func TestAnOfferComesNoSecondTimeAfterTheCleanUp(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.offer(o.owner, "Ким")
	o.wantOffers(o.wait(b, 4*aDay, time.Hour), "Ким → Анна")
	for range 100 {
		o.wantOffers(withTold(o.wait(b, 2*aDay, 12*time.Hour)))
		o.purge()
	}
	o.clock.Advance(100 * aDay)
	o.wantOffers(withTold(o.tick(b)))
	o.purge()
	o.wantOffers(withTold(o.wait(b, 2*aDay, time.Hour)))
}

// TestTheOwnerIsToldOnceForAllTime: of a member who blocks us for longer than it is known what the owner was told.
func TestTheOwnerIsToldOnceForAllTime(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	b := &blocked{by: map[crm.MemberID]bool{ivan.ID: true}}
	o.tick(&b.inbox)
	o.task(ivan, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Minute).In(msk)})
	told := 0
	for range 100 {
		o.clock.Advance(24 * time.Hour)
		if err := o.PlanReminders(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := o.DeliverReminders(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		o.purge()
	}
	for _, n := range b.got {
		if n.Kind == crm.RemindBlocked {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the owner was told %d times", told)
	}
}
