package crm_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/store/sqlite"
)

// office is a team with its desk, for tests of use cases.
type office struct {
	*crm.Desk
	t     *testing.T
	store crm.Store
	file  string // that the store keeps
	clock *clockwork.FakeClock
	owner crm.Member
	n     int
}

func newOffice(t *testing.T) *office {
	t.Helper()
	file := filepath.Join(t.TempDir(), "desk.db")
	st, err := sqlite.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	o := &office{t: t, store: st, file: file, clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))}
	o.Desk = crm.NewDesk(st, o.clock)
	claim, err := o.Open(t.Context(), crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"})
	if err != nil {
		t.Fatal(err)
	}
	if o.owner, err = o.Claim(t.Context(), crm.Newcomer{User: 1, Name: "Анна", Lang: "ru"}, claim, "u1"); err != nil {
		t.Fatal(err)
	}
	return o
}

// as is a member about to do something new.
func (o *office) as(m crm.Member) crm.Actor {
	o.n++
	return crm.Actor{Member: m, Cause: crm.Cause("t" + string(rune('A'+o.n%26)) + time.Duration(o.n).String())}
}

// hire lets somebody in with a role; the owner, who stands beside, is not told.
func (o *office) hire(user int64, name string, role crm.Role) crm.Member {
	o.t.Helper()
	code, _, err := o.InviteMember(o.t.Context(), o.as(o.owner), crm.Invitation{Role: role, Days: 7, Uses: 1})
	if err != nil {
		o.t.Fatal(err)
	}
	m, err := o.AcceptInvite(o.t.Context(), crm.Newcomer{User: user, Name: name, Lang: "ru"}, code, o.as(o.owner).Cause)
	if err != nil {
		o.t.Fatal(err)
	}
	told, err := o.store.Reminders(o.t.Context(), crm.ReminderQuery{Team: m.Team, Member: o.owner.ID, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 500})
	for _, r := range told {
		if r.Kind == crm.RemindJoined && r.Who == m.ID {
			r.State, r.Done = crm.ReminderDropped, o.clock.Now()
			err = errors.Join(err, o.store.MoveReminder(o.t.Context(), r, crm.ReminderPlanned))
		}
	}
	if err != nil {
		o.t.Fatal(err)
	}
	return m
}

func (o *office) add(m crm.Member, p crm.Profile) crm.Client {
	o.t.Helper()
	c, err := o.AddClient(o.t.Context(), o.as(m), crm.Draft{Profile: p}, false)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func TestRightsInProse(t *testing.T) {
	allow := func(shared bool, r crm.Role, a crm.Action, want crm.Scope) {
		t.Helper()
		if got := crm.MayDo(crm.Team{Shared: shared}, r, a); got != want {
			t.Errorf("%s %s, shared %v: got %v, want %v", r, a, shared, got, want)
		}
	}
	allow(false, crm.RoleManager, crm.ActionReadClient, crm.ScopeOwn)
	allow(true, crm.RoleManager, crm.ActionReadClient, crm.ScopeAll)
	allow(true, crm.RoleManager, crm.ActionDeleteClient, crm.ScopeOwn)
	allow(true, crm.RoleManager, crm.ActionInvite, crm.ScopeNone)
	allow(true, crm.RoleManager, crm.ActionEditTeam, crm.ScopeNone)
	allow(false, crm.RoleSupport, crm.ActionEditClient, crm.ScopeNone)
	allow(false, crm.RoleAnalyst, crm.ActionFindClients, crm.ScopeNone)
	allow(false, crm.RoleAccountant, crm.ActionReadHistory, crm.ScopeNone)
	allow(false, crm.RoleOwner, crm.ActionDeleteClient, crm.ScopeAll)
	allow(false, "", crm.ActionReadClient, crm.ScopeNone)
}

func TestSameCauseHasOneEffect(t *testing.T) {
	o := newOffice(t)
	by := o.as(o.owner)
	draft := crm.Draft{Profile: crm.Profile{Name: "Клиент"}}
	a, err := o.AddClient(t.Context(), by, draft, false)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := o.AddClient(t.Context(), by, draft, false); err != nil || b.ID != a.ID {
		t.Errorf("added twice: %v and %v, %v", a.ID, b.ID, err)
	}
	by = o.as(o.owner)
	for range 3 {
		if _, err := o.LogTouch(t.Context(), by, a.ID, crm.TouchInput{Kind: crm.TouchCall}); err != nil {
			t.Fatal(err)
		}
	}
	by = o.as(o.owner)
	for range 2 { // the second time the value is no longer the one that was seen, but by our own doing
		c, err := o.EditClient(t.Context(), by, a.ID, crm.Edit{Field: crm.FieldCity, Value: "Казань"})
		if err != nil || c.City != "Казань" {
			t.Errorf("got %q, %v", c.City, err)
		}
	}
	c, err := o.Client(t.Context(), by, a.ID)
	if err != nil || c.Touches != 1 || c.Rev != 3 {
		t.Errorf("got %d touches, revision %d, %v; want 1 and 3", c.Touches, c.Rev, err)
	}
}

func TestManyHandsOnOneCard(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	var wg sync.WaitGroup
	for range 20 {
		by := o.as(o.owner)
		wg.Go(func() {
			for {
				_, err := o.LogTouch(context.Background(), by, c.ID, crm.TouchInput{Kind: crm.TouchCall})
				if err == nil {
					return
				}
				if !errors.Is(err, crm.ErrConflict) {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if got, err := o.Client(t.Context(), o.as(o.owner), c.ID); err != nil || got.Touches != 20 {
		t.Errorf("got %d touches, %v; want 20", got.Touches, err)
	}
}

func TestDuplicatesAreNeverSilent(t *testing.T) {
	o := newOffice(t)
	ivan := o.hire(2, "Иван", crm.RoleManager)
	phone := crm.Profile{Name: "Оля", Phones: []crm.Phone{{E164: "+79001234567"}}}
	first := o.add(o.owner, phone)
	phone.Name = "Ольга"
	_, err := o.AddClient(t.Context(), o.as(ivan), crm.Draft{Profile: phone}, false)
	var dup *crm.DuplicateError
	if !errors.As(err, &dup) || len(dup.Found) != 1 || dup.Found[0].Visible || dup.Found[0].Client.Name != "" ||
		dup.Found[0].Client.Owner != o.owner.ID {
		t.Fatalf("got %+v, want a duplicate of which only the responsible is told", err)
	}
	if c, err := o.AddClient(t.Context(), o.as(ivan), crm.Draft{Profile: phone}, true); err != nil || c.ID == first.ID {
		t.Errorf("a second card on purpose: got %v, %v", c.ID, err)
	}
}

func TestUndo(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Клиент", City: "Казань"})
	edit := func(city string) crm.Client {
		got, err := o.EditClient(t.Context(), o.as(o.owner), c.ID, crm.Edit{Field: crm.FieldCity, Value: city, Force: true})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if _, err := o.UndoClient(t.Context(), o.as(o.owner), c.ID, c.Rev); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("undo of the creation: got %v", err)
	}
	now := edit("Омск")
	got, err := o.UndoClient(t.Context(), o.as(o.owner), c.ID, now.Rev)
	if err != nil || got.City != "Казань" {
		t.Errorf("got %q, %v", got.City, err)
	}
	if _, err := o.UndoClient(t.Context(), o.as(o.owner), c.ID, got.Rev); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("undo of an undo: got %v", err)
	}
	now = edit("Уфа")
	edit("Тула")
	if _, err := o.UndoClient(t.Context(), o.as(o.owner), c.ID, now.Rev); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("undo of an older change: got %v", err)
	}
}

func TestBinKeepsThirtyDays(t *testing.T) {
	o := newOffice(t)
	c := o.add(o.owner, crm.Profile{Name: "Клиент"})
	if _, err := o.DeleteClient(t.Context(), o.as(o.owner), c.ID); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ days, purged int }{{29, 0}, {2, 1}} {
		o.clock.Advance(time.Duration(step.days) * 24 * time.Hour)
		if n, err := o.PurgeBin(t.Context()); err != nil || n != step.purged {
			t.Errorf("after %d more days: %d purged, %v; want %d", step.days, n, err, step.purged)
		}
	}
	if _, err := o.Client(t.Context(), o.as(o.owner), c.ID); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestClaimAndInviteWorkOnce(t *testing.T) {
	o := newOffice(t)
	if claim, err := o.Open(t.Context(), crm.Setup{}); err != nil || claim != "" {
		t.Errorf("a claimed team gives another claim: %q, %v", claim, err)
	}
	if _, err := o.Claim(t.Context(), crm.Newcomer{User: 5}, "guess", "u5"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("guessed claim: got %v", err)
	}
	code, _, err := o.InviteMember(t.Context(), o.as(o.owner), crm.Invitation{Role: crm.RoleManager, Days: 1, Uses: 1})
	if err != nil {
		t.Fatal(err)
	}
	accept := func(user int64, cause crm.Cause) error {
		_, err := o.AcceptInvite(t.Context(), crm.Newcomer{User: user, Name: "Иван"}, code, cause)
		return err
	}
	if err := accept(6, "u6"); err != nil {
		t.Error(err)
	}
	if err := accept(6, "u6"); err != nil {
		t.Errorf("the same update again: %v", err)
	}
	if err := accept(7, "u7"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("somebody else: got %v", err)
	}
	if err := accept(6, "u8"); !errors.Is(err, crm.ErrExpired) {
		t.Errorf("the same person later: got %v", err)
	}
}
