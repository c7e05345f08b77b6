package crm_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
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
	last()

	_, inv, err := o.InviteMember(ctx, o.as(o.owner), crm.Invitation{Role: crm.RoleSupport, Days: 1, Uses: 1})
	mustAll(t, err)
	if e := last(); e.IsRole != crm.RoleSupport {
		t.Errorf("an invitation as %q", e.IsRole)
	}
	mustAll(t, o.RevokeInvite(ctx, o.as(o.owner), inv.ID[:10]))
	if e := last(); e.WasRole != crm.RoleSupport || e.IsRole != "" {
		t.Errorf("an invitation that was revoked was as %q", e.WasRole)
	}

	_, err = o.SetRole(ctx, o.as(o.owner), petr.ID, crm.RoleAdmin, nil)
	mustAll(t, err)
	if e := last(); e.Person.ID != petr.ID || e.WasRole != crm.RoleManager || e.IsRole != crm.RoleAdmin {
		t.Errorf("whose role, which: %q from %q to %q", e.Person.Name, e.WasRole, e.IsRole)
	}

	task, err := o.AddTask(ctx, o.as(ivan), crm.TaskInput{Client: c.ID, Text: "счёт", Due: o.clock.Now().Add(time.Hour)})
	mustAll(t, err)
	last()
	_, err = o.SnoozeTask(ctx, o.as(ivan), task.ID, time.Time{}, o.clock.Now().Add(2*time.Hour))
	mustAll(t, err)
	all := o.entries()
	e := all[slices.IndexFunc(all, func(e crm.Audited) bool { return e.Task.ID != "" })]
	if e.Task.ID != task.ID || e.Client.ID != c.ID || !e.Became().Due.Equal(o.clock.Now().Add(2*time.Hour)) {
		t.Errorf("a task that was put off: till %v of %s", e.Became().Due, e.Client.Name)
	}

	_, err = o.GiveConsent(ctx, o.as(ivan), c.ID, crm.ConsentInput{Purpose: crm.PurposeMailing, Way: crm.WayPaper, Evidence: "договор Иванова"})
	mustAll(t, err)
	if e := last(); e.Client.ID != c.ID {
		t.Errorf("whose consent: %q", e.Client.Name)
	}
	_, err = o.WithdrawConsent(ctx, o.as(ivan), c.ID, crm.PurposeMailing, civil.Date{})
	mustAll(t, err)
	if e := last(); e.Action != crm.ActionWithdrawConsent || e.Client.ID != c.ID {
		t.Errorf("whose consent was withdrawn: %q", e.Client.Name)
	}

	today := civil.DateOf(o.clock.Now())
	_, err = o.SetAbsence(ctx, o.as(o.owner), ivan.ID, crm.Away{From: today, To: today.Plus(3), Deputy: petr.ID})
	mustAll(t, err)
	if e := last(); e.Person.ID != ivan.ID || e.Away.Deputy != petr.ID || e.AwayEnded {
		t.Errorf("who is away: %q, %+v", e.Person.Name, e.Away)
	}
	_, err = o.EndAbsence(ctx, o.as(o.owner), ivan.ID)
	mustAll(t, err)
	if e := last(); e.Person.ID != ivan.ID || !e.AwayEnded {
		t.Errorf("who is back: %q", e.Person.Name)
	}

	_, err = o.SetShared(ctx, o.as(o.owner), true)
	mustAll(t, err)
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

// rows reads what the audit has had anew since it was last asked.
type rows struct {
	*office
	before map[crm.EventID]bool
}

func (o *office) rows() *rows {
	r := &rows{o, map[crm.EventID]bool{}}
	for _, e := range o.entries() {
		r.before[e.ID] = true
	}
	return r
}

// one is the new row of an action: it has so many parts, which can be paged through, and there are so many new rows beside.
func (r *rows) one(action crm.Action, parts, others int) (got crm.Audited) {
	r.t.Helper()
	r.clock.Advance(time.Minute)
	beside := 0
	for _, e := range r.entries() {
		switch {
		case r.before[e.ID]:
		case e.Action == action:
			got = e
		default:
			beside++
		}
		r.before[e.ID] = true
	}
	if got.Parts != parts || beside != others {
		r.t.Errorf("%s has %d parts and %d other rows, want %d and %d", action, got.Parts, beside, parts, others)
	}
	if n := r.paged(got); n != parts {
		r.t.Errorf("%s: %d parts can be paged through, want %d", action, n, parts)
	}
	return got
}

// paged is how many parts a row has, two a page.
func (r *rows) paged(of crm.Audited) (n int) {
	r.t.Helper()
	for after := crm.EventID(""); of.Parts > 0; {
		whole, page, err := r.AuditParts(r.t.Context(), r.as(r.owner), of.ID, after, 2)
		if err != nil || whole.ID != of.ID || whole.Parts != of.Parts {
			r.t.Fatalf("%s: the parts are of %s, which has %d: %v", of.ID, whole.ID, whole.Parts, err)
		}
		if n += len(page); len(page) < 2 {
			break
		}
		after = page[1].ID
	}
	return n
}

// What is done with many records at once is one row, however it is done, and each of its parts is in the file.
func TestWhatIsDoneWithManyIsOneRow(t *testing.T) {
	o := newOffice(t)
	ivan, petr := o.hire(2, "Иван", crm.RoleManager), o.hire(3, "Пётр", crm.RoleManager)
	var cards []crm.ClientID
	for _, name := range []string{"Иванов Павел", "Ким Анна", "Ли Олег"} {
		cards = append(cards, o.add(ivan, crm.Profile{Name: name}).ID)
	}
	ctx, r := t.Context(), o.rows()
	w, err := o.BeginMass(ctx, o.as(o.owner), crm.MassInput{Kind: crm.MassTag, Value: "опт", Of: cards})
	mustAll(t, err)
	if e := r.one(crm.ActionMassChange, 3, 0); e.Mass.Kind != crm.MassTag || e.Mass.Value != "опт" {
		t.Errorf("what was done: %+v", e.Mass)
	}
	_, err = o.UndoMass(ctx, o.as(o.owner), w.Begun)
	mustAll(t, err)
	if e := r.one(crm.ActionMassChange, 3, 0); e.Undoes == "" || e.Mass.Kind != crm.MassTag {
		t.Errorf("what was taken back: %+v", e.Event)
	}
	by := o.as(o.owner)
	_, err = o.HandOverMany(ctx, by, cards[:2], petr.ID)
	mustAll(t, err)
	if e := r.one(crm.ActionHandOverMany, 2, 0); e.Taker != petr.ID {
		t.Errorf("who was given them: %q", e.Taker)
	}
	_, err = o.UndoHandOver(ctx, o.as(o.owner), cards[:2], by.Cause)
	mustAll(t, err)
	if e := r.one(crm.ActionHandOverMany, 2, 0); e.Undoes == "" {
		t.Errorf("it is not told that it was taken back: %+v", e.Event)
	}
	_, err = o.HandOverAll(ctx, o.as(o.owner), ivan.ID, []crm.MemberID{petr.ID})
	mustAll(t, err)
	if e := r.one(crm.ActionHandOverMany, 3, 0); e.Person.ID != ivan.ID || e.Taker != petr.ID {
		t.Errorf("whose went to whom: %q, %q", e.Person.Name, e.Taker)
	}
	_, err = o.UndoHanding(ctx, o.as(o.owner), ivan.ID)
	mustAll(t, err)
	r.one(crm.ActionHandOverMany, 3, 0)
	_, err = o.RemoveMember(ctx, o.as(o.owner), ivan.ID, []crm.MemberID{petr.ID})
	mustAll(t, err)
	r.one(crm.ActionHandOverMany, 3, 1) // and that they are out
	_, err = o.HandOverMany(ctx, o.as(o.owner), cards[:1], o.owner.ID)
	mustAll(t, err)
	r.one("", 0, 1) // one alone is told as itself

	parts := 0
	if _, err := o.TakeAudit(ctx, o.as(o.owner), crm.AuditFilter{Days: 31}, func(e crm.Audited) error {
		if e.PartOf != "" {
			parts++
		}
		return nil
	}); err != nil || parts != 3+3+2+2+3+3+3 {
		t.Errorf("the file has %d parts, %v", parts, err)
	}
}

func TestAnImportIsOneRow(t *testing.T) {
	o := newOffice(t)
	sheet, r := sheetOf("Имя", "Первый Новый", "Второй Новый"), o.rows()
	i := o.begin(o.as(o.owner), sheet)
	i, err := o.RunImport(t.Context(), o.as(o.owner), i.ID, crm.ImportFill)
	mustAll(t, err, o.WorkImports(t.Context(), sheet))
	if e := r.one(crm.ActionImport, 2, 0); e.Record != string(i.ID) {
		t.Errorf("what was imported: %+v", e.Event)
	}
	_, err = o.UndoImport(t.Context(), o.as(o.owner), i.ID)
	mustAll(t, err, o.WorkImports(t.Context(), sheet))
	r.one(crm.ActionUndoImport, 2, 0)
}

// untold are changes that keep no values: they are secrets, or nobody's words, or each record that they touch has an event of its own.
var untold = map[crm.Action]bool{crm.ActionUseCode: true, crm.ActionBeginCode: true, crm.ActionDropCode: true, crm.ActionResetCode: true, crm.ActionMissCode: true, crm.ActionEndCode: true, crm.ActionAdmit: true, crm.ActionReseal: true,
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

func TestTheAuditSaysWhatWasSet(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	last := func() crm.Audited {
		t.Helper()
		o.clock.Advance(time.Minute)
		return o.entries()[0]
	}
	last()
	_, err := o.SetLookLimit(ctx, o.as(o.owner), 30)
	mustAll(t, err)
	if e := last(); e.TeamWas.LookLimit() != 60 || e.TeamIs.LookLimit() != 30 || e.TeamIs.Region != "RU" {
		t.Errorf("the limit went from %d to %d, in %q", e.TeamWas.LookLimit(), e.TeamIs.LookLimit(), e.TeamIs.Region)
	}
	_, err = o.SetLang(ctx, o.as(o.owner), "en")
	mustAll(t, err)
	if e := last(); e.SelfWas.Lang != "ru" || e.SelfIs.Lang != "en" || e.TeamIs.Lang != "" {
		t.Errorf("the language went from %q to %q", e.SelfWas.Lang, e.SelfIs.Lang)
	}
}
