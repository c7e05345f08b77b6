package crm_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// flawed is a store that cannot read one task, or finds no cards by day.
type flawed struct {
	crm.Store
	task crm.TaskID
	days bool
}

func (f flawed) Task(ctx context.Context, team crm.TeamID, id crm.TaskID) (crm.Task, error) {
	if id == f.task {
		return crm.Task{}, errors.New("unreadable")
	}
	return f.Store.Task(ctx, team, id)
}

func (f flawed) Clients(ctx context.Context, q crm.ClientQuery) ([]crm.Client, error) {
	if f.days && len(q.Dates) > 0 {
		return nil, errors.New("unreadable")
	}
	return f.Store.Clients(ctx, q)
}

// elsewhen is a clock of another machine.
type elsewhen time.Time

func (e elsewhen) Now() time.Time { return time.Time(e) }

func TestWhatCannotBeReadHoldsUpNothingElse(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	bad := o.task(o.owner, crm.TaskInput{Text: "bad", Due: o.clock.Now().Add(time.Hour)})
	for range 3 {
		o.task(o.owner, crm.TaskInput{Text: "good", Due: o.clock.Now().Add(61 * time.Minute)})
	}
	d := crm.NewDesk(flawed{o.store, bad.ID, true}, o.clock)
	o.clock.Advance(62 * time.Minute)
	told := false
	for range 5 {
		_ = d.PlanReminders(t.Context())
		_, err := d.DeliverReminders(t.Context(), b)
		told = told || err != nil
		o.clock.Advance(time.Minute)
	}
	if len(b.got) != 3 || !told {
		t.Errorf("%d of the 3 readable tasks were reminded of; an error was told: %v", len(b.got), told)
	}
	if o.clock.Advance(time.Hour); len(o.tick(b)) != 1 {
		t.Error("what can be read again does not come")
	}
}

func TestPlannedByAClockAhead(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	ahead := crm.NewDesk(o.store, elsewhen(o.clock.Now().Add(24*time.Hour)))
	if err := ahead.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.task(o.owner, crm.TaskInput{Text: "x", Due: o.clock.Now().Add(2 * time.Hour)})
	if got := o.wait(b, 3*time.Hour, 5*time.Minute); len(got) != 1 {
		t.Errorf("%d reminders, want 1", len(got))
	}
	o.task(o.owner, crm.TaskInput{Text: "y", Due: o.clock.Now().Add(2 * time.Hour)})
	o.clock.Advance(4 * time.Hour) // stopped, and until then the clock that was ahead is ahead of this one
	if got := o.wait(b, time.Hour, 5*time.Minute); len(got) != 1 || got[0].Task.Text != "y" {
		t.Errorf("after a stop: %+v, want one", got)
	}
	o.task(o.owner, crm.TaskInput{Text: "z", Due: o.clock.Now().Add(15 * time.Hour)})
	o.clock.Advance(18 * time.Hour) // a stop at whose end nothing is ahead any more
	if got := o.wait(b, 24*time.Hour, 5*time.Minute); !slices.ContainsFunc(withTold(got), func(n crm.Notice) bool { return n.Task.Text == "z" }) {
		t.Errorf("after a stop beyond it: %+v, want z", got)
	}
}

func TestWhoReadsNoCardsAnyMoreIsToldOfNone(t *testing.T) {
	o, b, ctx := newOffice(t), &inbox{}, t.Context()
	ivan := o.hire(2, "Иван", crm.RoleManager)
	o.tick(b)
	c := o.add(ivan, crm.Profile{Name: "Секретов Пётр", Birthday: civil.Date{Year: 1990, Month: 11, Day: 23}})
	must(o.SnoozeContact(ctx, o.as(ivan), c.ID, crm.PutOff{Until: o.clock.Now().Add(time.Hour)}))
	o.member(ivan.ID, func(m *crm.Member) { m.Role = crm.RoleAnalyst })
	for _, n := range append(o.wait(b, 2*time.Hour, 10*time.Minute), o.wait(b, 72*time.Hour, time.Hour)...) {
		if n.To.ID == ivan.ID {
			t.Errorf("an analyst got %q of %q", n.Kind, n.Client.Name)
		}
	}
}

func TestWhoHasBlockedUsIsRemindedInTheGroup(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	place := o.linked(0)
	must(o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Place = place.ID }))
	o.member(o.owner.ID, func(m *crm.Member) { m.Blocked = o.clock.Now() })
	o.task(o.owner, crm.TaskInput{Text: "x", Due: o.clock.Now().Add(time.Hour)})
	if got := o.wait(b, 2*time.Hour, 5*time.Minute); len(got) != 1 {
		t.Errorf("%d reminders, want 1", len(got))
	}
}

func TestSwitchedOffAfterItWasPlanned(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	o.task(o.owner, crm.TaskInput{Text: "x", Due: time.Date(2026, 11, 20, 23, 30, 0, 0, msk)})
	o.clock.Advance(12 * time.Hour)
	o.tick(b) // planned for the end of the quiet hours
	must(o.SetReminding(t.Context(), o.as(o.owner), func(r *crm.Reminding) { r.Off = []crm.ReminderKind{crm.RemindTask} }))
	for _, n := range o.wait(b, 10*time.Hour, time.Hour) {
		if n.Kind == crm.RemindTask {
			t.Error("it came though tasks are switched off")
		}
	}
}

func TestArchivedClientsAreNotOfTheDay(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	c := o.add(o.owner, crm.Profile{Name: "Архивный"})
	must(o.SnoozeContact(ctx, o.as(o.owner), c.ID, crm.PutOff{Until: o.clock.Now().Add(time.Hour)}))
	must(o.ArchiveClient(ctx, o.as(o.owner), c.ID, "нет"))
	if a := must(o.Agenda(ctx, o.as(o.owner), 0)); a.Total != 0 || len(a.Items) != 0 {
		t.Errorf("%d items of %d", len(a.Items), a.Total)
	}
}

func TestAGroupThatIsGoneKeepsNobodyFromChangingTheRest(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	place := o.linked(0)
	must(o.SetReminding(ctx, o.as(o.owner), func(r *crm.Reminding) { r.Place = place.ID }))
	must(o.SetTeamReminding(ctx, o.as(o.owner), func(r *crm.Reminding) { r.Place = place.ID }))
	if err := o.LoseGroup(ctx, sales); err != nil {
		t.Fatal(err)
	}
	_, own := o.SetReminding(ctx, o.as(o.owner), func(r *crm.Reminding) { r.Digest = "10:00" })
	_, team := o.SetTeamReminding(ctx, o.as(o.owner), func(r *crm.Reminding) { r.Digest = "10:00" })
	if own != nil || team != nil {
		t.Errorf("one's own: %v; the team's: %v", own, team)
	}
}

// The clock goes from 02:00 to 03:00 in New York and from 00:00 to 01:00 in Santiago, and time.Date resolves what is left out
// to the hour before there, in Berlin to the hour after.
func TestQuietHoursThatEndWhereTheClockSkips(t *testing.T) {
	for _, tt := range []struct{ zone, from, to, at, want string }{
		{"America/New_York", "22:00", "02:30", "2027-03-14T06:45:00Z", "2027-03-14T07:00:00Z"},
		{"America/Santiago", "21:00", "00:00", "2027-09-05T03:30:00Z", "2027-09-05T04:00:00Z"},
		{"Europe/Berlin", "22:00", "02:30", "2027-03-28T00:45:00Z", "2027-03-28T01:00:00Z"},
	} {
		m := crm.Member{Zone: tt.zone, Reminding: crm.Reminding{QuietFrom: tt.from, QuietTo: tt.to}}
		if got := m.OutOfQuiet(must(time.Parse(time.RFC3339, tt.at))).UTC().Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.zone, got, tt.want)
		}
	}
}

// member changes a member's record behind the desk's back.
func (o *office) member(id crm.MemberID, f func(*crm.Member)) {
	o.t.Helper()
	m := must(o.store.Member(o.t.Context(), o.owner.Team, id))
	f(&m)
	m.Rev++
	if err := o.store.SaveMember(o.t.Context(), m, crm.Event{ID: crm.EventID(m.ID) + "-changed", Team: m.Team, Rev: m.Rev}); err != nil {
		o.t.Fatal(err)
	}
}

func TestAPlaceThatWasTakenAwayDoesNotComeBackWithItsGroup(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	place := o.linked(0)
	must(o.UnlinkPlace(ctx, o.as(o.owner), place.ID))
	if err := o.MoveGroup(ctx, sales, sales-1); err != nil {
		t.Fatal(err)
	}
	if live := must(o.Team(ctx, o.as(o.owner))).LivePlaces(); len(live) > 0 {
		t.Errorf("%d places, want none", len(live))
	}
}

// balky is a store that fails once, at the n-th reminder that is marked as being sent.
type balky struct {
	crm.Store
	n int
}

func (s *balky) MoveReminder(ctx context.Context, r crm.Reminder, from crm.ReminderState) error {
	if r.State == crm.ReminderSending {
		if s.n--; s.n == 0 {
			return errors.New("the disk is full")
		}
	}
	return s.Store.MoveReminder(ctx, r, from)
}

// Nothing was sent: what comes a moment later is not said to have come before.
func TestAListThatCouldNotBeMarkedHasNotComeBefore(t *testing.T) {
	o, b := newOffice(t), &inbox{}
	o.tick(b)
	for i := range 9 {
		o.task(o.owner, crm.TaskInput{Text: "дело", Due: o.clock.Now().Add(time.Minute + time.Duration(i)*time.Second).In(msk)})
	}
	o.clock.Advance(2 * time.Hour)
	if err := o.PlanReminders(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := crm.NewDesk(&balky{Store: o.store, n: 5}, o.clock).DeliverReminders(t.Context(), b); err == nil || len(b.got) != 0 {
		t.Fatalf("got %d messages, %v", len(b.got), err)
	}
	got := o.wait(b, 10*time.Minute, time.Minute)
	n := 0
	for _, m := range got {
		n += max(len(m.Missed), 1)
		for _, missed := range m.Missed {
			if missed.Again {
				t.Error("it is said to have come before")
			}
		}
		if m.Again {
			t.Error("it is said to have come before")
		}
	}
	if n != 9 {
		t.Errorf("%d came, want 9", n)
	}
}
