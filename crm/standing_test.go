package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
)

// busyIvan is a manager with a client and a task, beside Petr.
func busyIvan(t *testing.T) (o *office, ivan, petr crm.Member, c crm.Client, task crm.Task) {
	o = newOffice(t)
	ivan, petr = o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	c = o.add(ivan, crm.Profile{Name: "Иванов Павел"})
	task, err := o.AddTask(t.Context(), o.as(ivan), crm.TaskInput{Text: "счёт", Due: o.clock.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return o, ivan, petr, c, task
}

func TestReturnStanding(t *testing.T) {
	t.Run("out of the team", func(t *testing.T) {
		o, ivan, petr, c, task := busyIvan(t)
		by := o.as(o.owner)
		if _, err := o.RemoveMember(t.Context(), by, ivan.ID, []crm.MemberID{petr.ID}); err != nil {
			t.Fatal(err)
		}
		back := o.as(o.owner)
		for range 2 { // delivered twice
			m, err := o.ReturnStanding(t.Context(), back, ivan.ID, by.Cause)
			if err != nil || !m.Removed.IsZero() || m.Role != crm.RoleManager {
				t.Fatalf("%+v, %v", m, err)
			}
		}
		c, errC := o.store.Client(t.Context(), c.Team, c.ID)
		task, errT := o.store.Task(t.Context(), task.Team, task.ID)
		if err := errors.Join(errC, errT); err != nil || c.Owner != ivan.ID || task.Assignee != ivan.ID {
			t.Errorf("the client is %s's, the task %s's, %v; want both %s's", c.Owner, task.Assignee, err, ivan.ID)
		}
		if _, err := o.ReturnStanding(t.Context(), o.as(o.owner), ivan.ID, by.Cause); fieldOf(err) != "standing" {
			t.Errorf("a second time: %v", err)
		}
	})
	t.Run("what was passed on since stays", func(t *testing.T) {
		o, ivan, petr, c, _ := busyIvan(t)
		by := o.as(o.owner)
		if _, err := o.SetRole(t.Context(), by, ivan.ID, crm.RoleAnalyst, []crm.MemberID{petr.ID}); err != nil {
			t.Fatal(err)
		}
		if n, err := o.HandOverMany(t.Context(), o.as(petr), []crm.ClientID{c.ID}, o.owner.ID); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if _, err := o.ReturnStanding(t.Context(), o.as(o.owner), ivan.ID, by.Cause); err != nil {
			t.Fatal(err)
		}
		if c, err := o.store.Client(t.Context(), c.Team, c.ID); err != nil || c.Owner != o.owner.ID {
			t.Errorf("the client went from %s, %v", o.owner.ID, err)
		}
	})
}

func TestReturnStanding_refused(t *testing.T) {
	t.Run("by another cause, too late, to an owner by an admin", func(t *testing.T) {
		o, ivan, _, _, _ := busyIvan(t)
		admin := o.hire(4, "Олег", crm.RoleAdmin)
		first, second := o.as(o.owner), o.as(o.owner)
		for _, to := range []struct {
			by   crm.Actor
			role crm.Role
		}{{first, crm.RoleOwner}, {second, crm.RoleManager}} {
			if _, err := o.SetRole(t.Context(), to.by, ivan.ID, to.role, nil); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := o.ReturnStanding(t.Context(), o.as(o.owner), ivan.ID, first.Cause); fieldOf(err) != "standing" {
			t.Errorf("a change before the last: %v", err)
		}
		if _, err := o.ReturnStanding(t.Context(), o.as(admin), ivan.ID, second.Cause); fieldOf(err) != "team.owners" {
			t.Errorf("an admin makes an owner: %v", err)
		}
		o.clock.Advance(8 * 24 * time.Hour)
		if _, err := o.ReturnStanding(t.Context(), o.as(o.owner), ivan.ID, second.Cause); fieldOf(err) != "standing" {
			t.Errorf("a week later: %v", err)
		}
	})
	t.Run("who came back by an invitation", func(t *testing.T) {
		o, ivan, petr, _, _ := busyIvan(t)
		by := o.as(o.owner)
		if _, err := o.RemoveMember(t.Context(), by, ivan.ID, []crm.MemberID{petr.ID}); err != nil {
			t.Fatal(err)
		}
		o.clock.Advance(time.Second)
		o.hire(2, "Иван", crm.RoleSupport)
		if _, err := o.ReturnStanding(t.Context(), o.as(o.owner), ivan.ID, by.Cause); fieldOf(err) != "standing" {
			t.Errorf("got %v", err)
		}
	})
}

func TestReturnStanding_withWhatDoesNotGoWithIt(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleAnalyst)
	by := o.as(o.owner)
	ivan, err := o.SetRole(t.Context(), by, ivan.ID, crm.RoleManager, nil)
	if err != nil {
		t.Fatal(err)
	}
	o.add(ivan, crm.Profile{Name: "Иванов Павел"})
	if m, err := o.ReturnStanding(t.Context(), o.as(o.owner), ivan.ID, by.Cause); fieldOf(err) != "member.heir" {
		t.Errorf("an analyst who looks after a client: %s, %v", m.Role, err)
	}
}

// A removal that is delivered again when they are back tells them nothing.
func TestRemovalComesAgainAfterReturn(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	by := o.as(o.owner)
	if _, err := o.RemoveMember(t.Context(), by, ivan.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ReturnStanding(t.Context(), o.as(o.owner), ivan.ID, by.Cause); err != nil {
		t.Fatal(err)
	}
	if _, err := o.RemoveMember(t.Context(), by, ivan.ID, nil); err != nil {
		t.Fatal(err)
	}
	for _, r := range o.told(ivan, crm.RemindGone) {
		if r.For.IsZero() {
			t.Error("a removal without its time is planned")
		}
	}
	b := &inbox{}
	o.deliver(b)
	for _, n := range to(b, ivan) {
		if n.Kind == crm.RemindGone {
			t.Error("a member of the team is told that the access has ended")
		}
	}
}

func TestSupportMayKeepClients(t *testing.T) {
	o := newOffice(t)
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	c := o.add(ivan, crm.Profile{Name: "Иванов Павел"})
	leaves, err := o.Leaves(t.Context(), o.as(o.owner), crm.Colleague{Member: ivan}, false, crm.RoleSupport)
	if err != nil || leaves.Clients != 1 || !leaves.Keepable {
		t.Fatalf("to be asked about: %+v, %v", leaves, err)
	}
	if leaves, err := o.Leaves(t.Context(), o.as(o.owner), crm.Colleague{Member: ivan}, false, crm.RoleAdmin); err != nil || !leaves.None() {
		t.Errorf("an admin is asked about %+v, %v", leaves, err)
	}
	if leaves, err := o.Leaves(t.Context(), o.as(o.owner), crm.Colleague{Member: ivan}, true, ""); err != nil || leaves.Keepable {
		t.Errorf("who leaves keeps %+v, %v", leaves, err)
	}
	owner := func(want crm.MemberID) {
		t.Helper()
		if c, err := o.store.Client(t.Context(), c.Team, c.ID); err != nil || c.Owner != want {
			t.Errorf("the client is %s's, %v; want %s's", c.Owner, err, want)
		}
	}
	if _, err := o.SetRole(t.Context(), o.as(o.owner), ivan.ID, crm.RoleSupport, nil); err != nil {
		t.Fatal(err)
	}
	owner(ivan.ID)
	if _, err := o.SetRole(t.Context(), o.as(o.owner), ivan.ID, crm.RoleSupport, []crm.MemberID{petr.ID}); err != nil {
		t.Fatal(err)
	}
	owner(petr.ID)
}

// A press on an old message changes nothing of who is out of the team; the removal can still be taken back.
func TestSetRole_removed(t *testing.T) {
	o, ivan, petr, _, _ := busyIvan(t)
	out := o.as(o.owner)
	_, err := o.RemoveMember(t.Context(), out, ivan.ID, []crm.MemberID{petr.ID})
	mustAll(t, err)
	if _, err := o.SetRole(t.Context(), o.as(o.owner), ivan.ID, crm.RoleSupport, nil); fieldOf(err) != "member" {
		t.Errorf("another role: %v", err)
	}
	if _, err := o.HandOverAll(t.Context(), o.as(o.owner), ivan.ID, []crm.MemberID{petr.ID}); fieldOf(err) != "member" {
		t.Errorf("handed over again: %v", err)
	}
	if m, err := o.ReturnStanding(t.Context(), o.as(o.owner), ivan.ID, out.Cause); err != nil || !m.Removed.IsZero() || m.Role != crm.RoleManager {
		t.Errorf("got %+v, %v", m, err)
	}
}
