package crm_test

import (
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
)

// told are the reminders of a kind that a member is to get.
func (o *office) told(m crm.Member, k crm.ReminderKind) (all []crm.Reminder) {
	o.t.Helper()
	list, err := o.store.Reminders(o.t.Context(), crm.ReminderQuery{Team: m.Team, Member: m.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 500})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, r := range list {
		if r.Kind == k {
			all = append(all, r)
		}
	}
	return all
}

func TestAnotherRoleIsTold(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.clock.Advance(14 * time.Hour) // into the night
	by := o.as(o.owner)
	for range 2 { // delivered twice
		if _, err := o.SetRole(t.Context(), by, ivan.ID, crm.RoleSupport, nil); err != nil {
			t.Fatal(err)
		}
	}
	told := o.told(ivan, crm.RemindRole)
	if len(told) != 1 || told[0].From != o.owner.ID || told[0].Due.After(o.clock.Now()) {
		t.Fatalf("told %+v, want once, at once, by whom", told)
	}
	if _, err := o.SetRole(t.Context(), o.as(o.owner), ivan.ID, crm.RoleSupport, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := o.SetRole(t.Context(), o.as(o.owner), ivan.ID, "boss", nil); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("no role: %v", err)
	}
	if again := o.told(ivan, crm.RemindRole); len(again) != 1 {
		t.Errorf("told %d times of one change", len(again))
	}
	petr := o.hire(3, "Пётр", crm.RoleOwner)
	if _, err := o.SetRole(t.Context(), o.as(petr), petr.ID, crm.RoleAdmin, nil); err != nil {
		t.Fatal(err)
	}
	if self := o.told(petr, crm.RemindRole); len(self) > 0 {
		t.Error("who did it themselves is told what they did")
	}
}

func TestJoinCountsOnce(t *testing.T) {
	o := newOffice(t)
	o.hire(2, "Иван", crm.RoleManager)
	joins := 0
	days, err := o.AuditFigures(t.Context(), o.as(o.owner), crm.AuditFilter{Days: 1})
	for _, day := range days {
		for _, tally := range day.Tallies {
			if tally.Action == crm.ActionJoin || tally.Action == crm.ActionAdmit {
				joins += tally.N
			}
		}
	}
	if err != nil || joins != 2 { // the owner's own, and Ivan's
		t.Errorf("the audit counts %d joins of 2, %v", joins, err)
	}
	listed, err := o.Audit(t.Context(), o.as(o.owner), crm.AuditFilter{Days: 1, Group: crm.AuditTeam}, nil, 50)
	if err != nil {
		t.Fatal(err)
	}
	joins = 0
	for _, one := range listed {
		if one.Action == crm.ActionJoin || one.Action == crm.ActionAdmit {
			joins++
		}
	}
	if joins != 2 {
		t.Errorf("the audit lists %d joins of 2", joins)
	}
}
