package crm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kartoteka/crm"
)

// staff adds n managers.
func (o *office) staff(n int) []crm.Member {
	o.t.Helper()
	var out []crm.Member
	for i := range n {
		m := crm.Member{ID: crm.MemberID(fmt.Sprintf("m%04d", i)), Team: o.owner.Team, Rev: 1, Schema: 1, User: int64(1000 + i), Name: "Иван",
			Role: crm.RoleManager, Lang: "ru", Zone: "Europe/Moscow", Created: o.clock.Now()}
		if err := o.store.SaveMember(o.t.Context(), m, crm.Event{ID: crm.EventID("hire" + m.ID), Team: m.Team, Rev: 1}); err != nil {
			o.t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// crossing lets nobody through before all are there.
type crossing struct {
	inbox
	all  int
	come sync.WaitGroup
}

func (c *crossing) Notify(ctx context.Context, n crm.Notice) (int64, error) {
	c.come.Done()
	there := make(chan struct{})
	go func() { c.come.Wait(); close(there) }()
	select {
	case <-there:
		return c.inbox.Notify(ctx, n)
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func TestMembersAreSentToSideBySide(t *testing.T) {
	o := newOffice(t)
	o.tick(&inbox{})
	people := o.staff(20)
	for _, m := range people {
		o.task(m, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Hour).In(msk)})
	}
	o.clock.Advance(time.Hour)
	if err := o.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := &crossing{all: len(people)}
	c.come.Add(len(people))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if done, err := o.DeliverReminders(ctx, c); err != nil || done.Messages != len(people) {
		t.Errorf("got %+v, %v; want %d messages, all on their way at once", done, err, len(people))
	}
}

func TestOneMembersRemindersKeepTheirOrder(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	for _, m := range o.staff(7) {
		for i := range 40 { // in all more than a process takes at a time
			o.task(m, crm.TaskInput{Text: fmt.Sprintf("%02d", i), Due: o.clock.Now().Add(time.Minute + time.Duration(i)*time.Second).In(msk)})
		}
	}
	o.clock.Advance(2 * time.Minute)
	got := map[crm.MemberID][]string{}
	for _, n := range o.tick(b) {
		got[n.To.ID] = append(got[n.To.ID], n.Task.Text)
	}
	for id, texts := range got {
		if len(texts) != 40 || !slices.IsSorted(texts) {
			t.Errorf("%s got %v", id, texts)
		}
	}
	if len(got) != 7 {
		t.Errorf("%d members were sent to", len(got))
	}
}

// TestManyLateOnesAreOneList: more than a process takes at a time, due in turn with those of others.
func TestManyLateOnesAreOneList(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	for _, m := range o.staff(3) {
		for i := range 150 {
			o.task(m, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Minute + time.Duration(i)*time.Second).In(msk)})
		}
	}
	o.clock.Advance(2 * time.Hour)
	for _, n := range o.tick(b) {
		if len(n.Missed) != 150 {
			t.Errorf("%s got a list of %d", n.To.ID, len(n.Missed))
		}
	}
	if len(b.got) != 3 {
		t.Errorf("got %d messages, want a list for each", len(b.got))
	}
}

// blocked is a notifier whom some have blocked.
type blocked struct {
	inbox
	by    map[crm.MemberID]bool
	calls int // to them
}

func (b *blocked) Notify(ctx context.Context, n crm.Notice) (int64, error) {
	if b.by[n.To.ID] {
		b.calls++
		return 0, crm.ErrUnreachable
	}
	return b.inbox.Notify(ctx, n)
}

func TestAMemberWhoBlockedUs(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	b := &blocked{by: map[crm.MemberID]bool{ivan.ID: true}}
	deliver := func() {
		t.Helper()
		if err := o.PlanReminders(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := o.DeliverReminders(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	deliver()
	for i := range 3 {
		o.task(ivan, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Duration(i+1) * time.Hour).In(msk)})
	}
	for range 4 * 60 {
		o.clock.Advance(time.Minute)
		deliver()
	}
	if len(b.got) != 1 || b.got[0].Kind != crm.RemindBlocked || b.got[0].Who.ID != ivan.ID || b.got[0].To.ID != o.owner.ID {
		t.Errorf("the owner was told %+v, want once that Ivan is not reached", b.got)
	}
	if b.calls != 1 {
		t.Errorf("it was tried %d times to reach him", b.calls)
	}
	failures, err := o.Failures(t.Context(), o.as(o.owner))
	if err != nil || len(failures) != 3 || failures[0].Trouble != crm.TroubleUnreachable || failures[0].To.Name != "Иван" {
		t.Errorf("the owner sees %+v, %v; want the three", failures, err)
	}
	if _, err := o.Failures(t.Context(), o.as(ivan)); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager sees the failures: %v", err)
	}
	if err := o.CheckReminders(t.Context()); err != nil {
		t.Errorf("what is held is no reason to call somebody: %v", err)
	}
	b.by = nil
	if _, err := o.Actor(t.Context(), ivan.User, "u77"); err != nil { // he writes again
		t.Fatal(err)
	}
	deliver()
	if len(b.got) != 4 || b.got[3].To.ID != ivan.ID || b.got[3].Task.Text != "дело" {
		t.Errorf("when he is back: got %+v, want what was held", b.got[1:])
	}
}

func TestAnOutageOfHoursLosesNothing(t *testing.T) {
	o := newOffice(t)
	o.tick(&inbox{})
	for i := range 5 {
		o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Duration(i+1) * 20 * time.Minute).In(msk)})
	}
	out := &inbox{fail: slices.Repeat([]error{errors.New("502")}, 10_000)}
	o.wait(out, 7*time.Hour, time.Minute)
	if err := o.CheckReminders(t.Context()); err == nil {
		t.Error("reminders wait for hours and nobody noticed")
	}
	b := &inbox{}
	got := o.wait(b, 10*time.Minute, time.Minute)
	if len(got) != 1 || len(got[0].Missed) != 5 {
		t.Errorf("got %d messages, want one list of five", len(got))
	}
}

// TestWhatFellLateIntoQuietHoursComesAtTheirEnd: a reminder that could not be sent in time does not come at night.
func TestWhatFellLateIntoQuietHoursComesAtTheirEnd(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: time.Date(2026, 11, 20, 20, 30, 0, 0, msk)})
	o.clock.Advance(13 * time.Hour) // 01:00
	if got := o.tick(b); len(got) != 0 {
		t.Errorf("at night: %v", kinds(got))
	}
	got := o.wait(b, 8*time.Hour, time.Minute)
	if len(got) != 1 || got[0].Late < 11*time.Hour {
		t.Errorf("got %+v, want it in the morning with how late it is", got)
	}
}

// halted is a notifier during whose call the program is asked to stop.
type halted struct {
	inbox
	stop func()
}

func (h *halted) Notify(ctx context.Context, n crm.Notice) (int64, error) {
	h.stop()
	return h.inbox.Notify(ctx, n)
}

func TestAStopWhileSendingForgetsNothing(t *testing.T) {
	o := newOffice(t)
	o.tick(&inbox{})
	o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Hour).In(msk)})
	o.clock.Advance(time.Hour)
	if err := o.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	if done, _ := o.DeliverReminders(ctx, &halted{stop: stop}); done.Messages != 1 {
		t.Fatalf("got %+v", done)
	}
	b := &inbox{}
	if got := o.wait(b, time.Hour, time.Minute); len(got) != 0 {
		t.Errorf("it came again: %+v", got)
	}
}
