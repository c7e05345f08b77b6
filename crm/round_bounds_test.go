package crm_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
)

// TestAListThatCannotLeaveHoldsTheRest: while Telegram is out of order there is no use in trying what follows.
func TestAListThatCannotLeaveHoldsTheRest(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	for i := range 5 {
		o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Duration(i+1) * time.Minute).In(msk)})
	}
	o.task(o.owner, crm.TaskInput{Text: "сейчас", Due: o.clock.Now().Add(2 * time.Hour).In(msk)})
	o.clock.Advance(2 * time.Hour)
	b.fail = []error{errors.New("502")}
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("after the list had failed there came %v", kinds(got))
	}
	got := o.wait(b, 5*time.Minute, time.Minute)
	if len(got) != 2 || len(got[0].Missed) != 5 || got[1].Task.Text != "сейчас" {
		t.Errorf("got %d messages, want the list and then the rest", len(got))
	}
}

// many are more than are read at a time.
const many = 600

func missed(all []crm.Notice) (n int) {
	for _, one := range all {
		n += len(one.Missed)
	}
	return n
}

func TestAllThatWasHeldComesWhenTheMemberIsBack(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	b := &blocked{by: map[crm.MemberID]bool{ivan.ID: true}}
	o.tick(&b.inbox)
	for range many {
		o.task(ivan, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Minute).In(msk)})
	}
	deliver := func() {
		t.Helper()
		o.clock.Advance(time.Hour)
		if err := o.PlanReminders(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := o.DeliverReminders(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	deliver()
	b.by = nil
	if _, err := o.Actor(t.Context(), ivan.User, "u77"); err != nil { // he writes again
		t.Fatal(err)
	}
	deliver()
	if n := missed(b.got); n != many {
		t.Errorf("%d came, want %d", n, many)
	}
}

func TestAllThatIsPlannedFollowsTheQuietHours(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	for range many {
		o.task(o.owner, crm.TaskInput{Text: "дело", Due: time.Date(2026, 11, 20, 21, 30, 0, 0, msk)})
	}
	o.wait(b, 10*time.Hour, 5*time.Hour) // Friday, 22:00
	if n := missed(b.got); n != 0 {
		t.Fatalf("%d came in quiet hours", n)
	}
	if _, err := o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.QuietFrom = "23:00" }); err != nil {
		t.Fatal(err)
	}
	if n := missed(o.tick(b)); n != many {
		t.Errorf("%d came, want %d", n, many)
	}
}

func TestEveryOwnerIsTold(t *testing.T) {
	o := newOffice(t)
	second, ivan := o.hire(3, "Пётр", crm.RoleOwner), o.hire(2, "Иван", crm.RoleManager)
	b := &blocked{by: map[crm.MemberID]bool{ivan.ID: true}}
	o.tick(&b.inbox)
	if _, err := o.LinkPlace(t.Context(), o.as(o.owner), -100, 0, "Продажи"); err != nil {
		t.Fatal(err)
	}
	o.task(ivan, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Minute).In(msk)})
	if err := o.LoseGroup(t.Context(), -100); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		o.clock.Advance(time.Minute)
		if err := o.PlanReminders(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := o.DeliverReminders(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	told := map[string]int{}
	for _, n := range b.got {
		told[string(n.Kind)+" "+n.To.Name]++
	}
	for _, to := range []crm.Member{o.owner, second} {
		for _, kind := range []crm.ReminderKind{crm.RemindBlocked, crm.RemindPlaceLost} {
			if n := told[string(kind)+" "+to.Name]; n != 1 {
				t.Errorf("%s was told of %s %d times", to.Name, kind, n)
			}
		}
	}
}

// slow is a notifier that takes its time.
type slow struct {
	inbox
	o *office
}

func (s *slow) Notify(ctx context.Context, n crm.Notice) (int64, error) {
	s.o.clock.Advance(5 * time.Second)
	return s.inbox.Notify(ctx, n)
}

// TestARoundEnds though more is due than can be sent in its time; the next one goes on.
func TestARoundEnds(t *testing.T) {
	o := newOffice(t)
	o.tick(&inbox{})
	for _, m := range o.staff(many) {
		o.task(m, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Minute).In(msk)})
	}
	o.clock.Advance(time.Minute)
	if err := o.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := &slow{o: o}
	first, err := o.DeliverReminders(t.Context(), s)
	if err != nil || first.Messages < 100 || first.Messages > many-100 {
		t.Errorf("got %d messages in one round, %v", first.Messages, err)
	}
	for range 9 {
		if _, err := o.DeliverReminders(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	told := map[crm.MemberID]int{}
	for _, n := range s.got {
		told[n.To.ID]++
	}
	for id, n := range told {
		if n != 1 {
			t.Errorf("%s was told %d times", id, n)
		}
	}
	if len(told) != many {
		t.Errorf("%d were told, want %d", len(told), many)
	}
}

// marking is a store that sees how long it may take to note what was sent.
type marking struct {
	crm.Store
	within []time.Duration
}

func (m *marking) MoveReminder(ctx context.Context, r crm.Reminder, from crm.ReminderState) error {
	if from == crm.ReminderSending {
		end, _ := ctx.Deadline()
		m.within = append(m.within, time.Until(end))
	}
	return m.Store.MoveReminder(ctx, r, from)
}

// TestWhatWasSentIsNotedWhileItIsOurs: also when the round has been told to end; but a store that hangs keeps nobody for ever.
func TestWhatWasSentIsNotedWhileItIsOurs(t *testing.T) {
	o := newOffice(t)
	o.tick(&inbox{})
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Minute).In(msk)})
	o.clock.Advance(time.Minute)
	if err := o.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := &marking{Store: o.store}
	ctx, stop := context.WithCancel(t.Context())
	if done, _ := crm.NewDesk(m, o.clock).DeliverReminders(ctx, &halted{stop: stop}); done.Messages != 1 {
		t.Fatalf("got %+v", done)
	}
	if len(m.within) != 1 || m.within[0] <= 0 || m.within[0] > time.Minute-crm.NotifyTime {
		t.Errorf("it may be noted within %v", m.within)
	}
}
