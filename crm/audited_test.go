package crm_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// entries are what the audit lists, the newest first.
func (o *office) entries() []crm.Audited {
	o.t.Helper()
	all, err := o.Audit(o.t.Context(), o.as(o.owner), crm.AuditFilter{Days: 31}, nil, 500)
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

func TestTheAuditSaysToWhomAndWhat(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	c := o.add(ivan, crm.Profile{Name: "Иванов Павел"})
	last := func() crm.Audited {
		t.Helper()
		o.clock.Advance(time.Minute)
		return o.entries()[0]
	}
	did := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	last()

	_, inv, err := o.InviteMember(ctx, o.as(o.owner), crm.Invitation{Role: crm.RoleSupport, Days: 1, Uses: 1})
	did(err)
	if e := last(); e.IsRole != crm.RoleSupport {
		t.Errorf("an invitation as %q", e.IsRole)
	}
	did(o.RevokeInvite(ctx, o.as(o.owner), inv.ID[:10]))
	if e := last(); e.WasRole != crm.RoleSupport || e.IsRole != "" {
		t.Errorf("an invitation that was revoked was as %q", e.WasRole)
	}

	_, err = o.SetRole(ctx, o.as(o.owner), petr.ID, crm.RoleAdmin, nil)
	did(err)
	if e := last(); e.Person.ID != petr.ID || e.WasRole != crm.RoleManager || e.IsRole != crm.RoleAdmin {
		t.Errorf("whose role, which: %q from %q to %q", e.Person.Name, e.WasRole, e.IsRole)
	}

	task, err := o.AddTask(ctx, o.as(ivan), crm.TaskInput{Client: c.ID, Text: "счёт", Due: o.clock.Now().Add(time.Hour)})
	did(err)
	last()
	_, err = o.SnoozeTask(ctx, o.as(ivan), task.ID, time.Time{}, o.clock.Now().Add(2*time.Hour))
	did(err)
	all := o.entries()
	e := all[slices.IndexFunc(all, func(e crm.Audited) bool { return e.Task.ID != "" })]
	if e.Task.ID != task.ID || e.Client.ID != c.ID || !e.Became().Due.Equal(o.clock.Now().Add(2*time.Hour)) {
		t.Errorf("a task that was put off: till %v of %s", e.Became().Due, e.Client.Name)
	}

	_, err = o.GiveConsent(ctx, o.as(ivan), c.ID, crm.ConsentInput{Purpose: crm.PurposeMailing, Way: crm.WayPaper, Evidence: "договор Иванова"})
	did(err)
	if e := last(); e.Client.ID != c.ID {
		t.Errorf("whose consent: %q", e.Client.Name)
	}
	did(o.WithdrawConsent(ctx, o.as(ivan), c.ID, crm.PurposeMailing))
	if e := last(); e.Action != crm.ActionWithdrawConsent || e.Client.ID != c.ID {
		t.Errorf("whose consent was withdrawn: %q", e.Client.Name)
	}

	today := crm.DateOf(o.clock.Now())
	_, err = o.SetAbsence(ctx, o.as(o.owner), ivan.ID, crm.Away{From: today, To: today.Plus(3), Deputy: petr.ID})
	did(err)
	if e := last(); e.Person.ID != ivan.ID || e.Away.Deputy != petr.ID || e.AwayEnded {
		t.Errorf("who is away: %q, %+v", e.Person.Name, e.Away)
	}
	_, err = o.EndAbsence(ctx, o.as(o.owner), ivan.ID)
	did(err)
	if e := last(); e.Person.ID != ivan.ID || !e.AwayEnded {
		t.Errorf("who is back: %q", e.Person.Name)
	}

	_, err = o.SetShared(ctx, o.as(o.owner), true)
	did(err)
	if e := last(); !slices.Equal(e.Settings, []string{"shared"}) || e.Fields["shared"] != (crm.Delta{Before: "false", After: "true"}) {
		t.Errorf("what was set: %v, %v", e.Settings, e.Fields)
	}
	for _, e := range o.entries() {
		for field, d := range e.Fields {
			if field == "code" || strings.Contains(d.After, "договор Иванова") {
				t.Errorf("%s keeps %s", e.Action, field)
			}
		}
	}
}

// What goes on by pages is told once, by whoever began it.
func TestPagesAreNotAudited(t *testing.T) {
	o := newOffice(t)
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	o.add(ivan, crm.Profile{Name: "Иванов Павел"})
	if _, err := o.HandOverAll(t.Context(), o.as(o.owner), ivan.ID, []crm.MemberID{petr.ID}); err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, e := range o.entries() {
		if e.Person.ID == ivan.ID {
			told++
		}
	}
	if told != 1 {
		t.Errorf("handing over is told %d times", told)
	}
}

// untold are changes that keep no values: they are secrets, or nobody's words, or each record that they touch has an event of its own.
var untold = map[crm.Action]bool{crm.ActionUseCode: true, crm.ActionMissCode: true, crm.ActionGuardTeam: true, crm.ActionAdmit: true, crm.ActionReseal: true,
	crm.ActionGoOn: true, crm.ActionMassChange: true, crm.ActionPurgeClient: true, crm.ActionPurgeTask: true, crm.ActionTakeClient: true}

func TestEveryChangeSaysWhatItWas(t *testing.T) {
	if testing.Short() {
		t.Skip("does one thing after the other")
	}
	th := newTheatre(t, crm.RoleOwner, false)
	seen := map[crm.EventID]bool{}
	told := 0
	for name, u := range useCases {
		if name == "EraseClient" {
			continue // it takes what was said out of the events
		}
		s := th.set(t, mine)
		_, _ = u.do(s) // what comes of it is tested beside
		list, err := th.store.Audit(t.Context(), crm.AuditQuery{Team: th.actor.Team, Limit: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			if !seen[e.ID] && e.Rev > 1 && !untold[e.Action] {
				if told++; len(e.Fields) == 0 {
					t.Errorf("%s: %s of revision %d does not say what it changed", name, e.Action, e.Rev)
				}
			}
			seen[e.ID] = true
		}
	}
	if told < 50 {
		t.Errorf("only %d changes were made", told)
	}
}
