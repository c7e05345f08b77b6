package crm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// errCut is what a store answers from the moment on at which the process died.
var errCut = errors.New("the process is dead")

// cutStore is a store whose process dies at its n-th write: that one is not made any more, or it is and nobody hears of it.
// A batch dies in its middle, as MongoDB's may.
type cutStore struct {
	crm.Store
	left  int
	heard bool
}

func (s *cutStore) write(f func() error) error {
	if s.left--; s.left > 0 {
		return f()
	}
	if s.left == 0 && !s.heard {
		_ = f() // the write is made, and nobody hears of it
	}
	return errCut
}

func (s *cutStore) SaveMember(ctx context.Context, m crm.Member, e crm.Event) error {
	return s.write(func() error { return s.Store.SaveMember(ctx, m, e) })
}

func (s *cutStore) SaveTask(ctx context.Context, t crm.Task, e crm.Event) error {
	return s.write(func() error { return s.Store.SaveTask(ctx, t, e) })
}

func (s *cutStore) PlanReminder(ctx context.Context, r crm.Reminder) (bool, error) {
	var made bool
	err := s.write(func() (err error) { made, err = s.Store.PlanReminder(ctx, r); return err })
	return made, err
}

func (s *cutStore) SaveClients(ctx context.Context, batch []crm.ClientChange) error {
	if err := s.write(func() error { return s.Store.SaveClients(ctx, batch[:len(batch)/2]) }); err != nil {
		return err
	}
	return s.write(func() error { return s.Store.SaveClients(ctx, batch[len(batch)/2:]) })
}

// handed is a team in which Ivan has clients and tasks, and what he was removed for.
type handedTeam struct {
	*office
	ivan, petr, olga crm.Member
	clients          []crm.ClientID
}

func newHandedTeam(t *testing.T, clients, tasks int) *handedTeam {
	t.Helper()
	o := newOffice(t)
	h := &handedTeam{office: o, ivan: o.hire(2, "Иван", crm.RoleManager), petr: o.hire(3, "Пётр", crm.RoleManager), olga: o.hire(4, "Ольга", crm.RoleManager)}
	for i := range clients {
		h.clients = append(h.clients, o.add(h.ivan, crm.Profile{Name: fmt.Sprintf("Клиент Номер%c", 'а'+i)}).ID)
	}
	if clients > 0 { // one is in the bin, from where it may come back
		if _, err := o.DeleteClient(t.Context(), o.as(h.ivan), h.clients[0]); err != nil {
			t.Fatal(err)
		}
	}
	for i := range tasks {
		in := crm.TaskInput{Text: fmt.Sprintf("дело %d", i), Due: o.clock.Now().Add(time.Hour)}
		if i < len(h.clients)-1 {
			in.Client = h.clients[i+1]
		}
		if _, err := o.AddTask(t.Context(), o.as(h.ivan), in); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// settled checks that all that was Ivan's has gone to Petr and Olga, evenly, each with its one event, and that each is told
// once of as much as they got.
func (h *handedTeam) settled(t *testing.T) {
	t.Helper()
	got, tasks := map[crm.MemberID]int{}, map[crm.MemberID]int{}
	for _, id := range h.clients {
		c, err := h.store.Client(t.Context(), h.ivan.Team, id)
		if err != nil {
			t.Fatal(err)
		}
		got[c.Owner]++
		events, err := h.store.Events(t.Context(), crm.EventQuery{Team: h.ivan.Team, Record: string(id), Limit: 10})
		if err != nil || events[0].Action != crm.ActionHandOverClient || len(events) > 1 && events[1].Action == crm.ActionHandOverClient {
			t.Errorf("the events of %s are %+v, %v", id, events, err)
		}
	}
	open, err := h.store.Tasks(t.Context(), crm.TaskQuery{Team: h.ivan.Team, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range open {
		tasks[task.Assignee]++
		if c, err := h.store.Client(t.Context(), h.ivan.Team, task.Client); err == nil && c.Owner != task.Assignee {
			t.Errorf("%q has gone to another than its client", task.Text)
		}
	}
	if len(got) != 2 || got[h.petr.ID]-got[h.olga.ID] > 1 || got[h.olga.ID]-got[h.petr.ID] > 1 || tasks[h.ivan.ID] > 0 {
		t.Errorf("the clients went to %v, the tasks to %v", got, tasks)
	}
	m, err := h.store.Member(t.Context(), h.ivan.Team, h.ivan.ID)
	if err != nil || m.Handing.Done.IsZero() || len(m.Handing.Page) > 0 {
		t.Errorf("it ended with %+v, %v", m.Handing, err)
	}
	told, err := h.store.Reminders(t.Context(), crm.ReminderQuery{Team: h.ivan.Team, States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	told = slices.DeleteFunc(told, func(r crm.Reminder) bool { return r.Kind != crm.RemindHanded })
	if len(told) != 2 {
		t.Errorf("%d messages, want one for each of two", len(told))
	}
	for _, r := range told {
		if r.Count != got[r.Member] || r.TaskCount != tasks[r.Member] || r.Who != h.ivan.ID {
			t.Errorf("told of %d clients and %d tasks, it were %d and %d", r.Count, r.TaskCount, got[r.Member], tasks[r.Member])
		}
	}
}

func TestRemovedMembersClientsAreHandedOver(t *testing.T) {
	h := newHandedTeam(t, 9, 5)
	to := []crm.MemberID{h.petr.ID, h.olga.ID}
	m, err := h.RemoveMember(t.Context(), h.as(h.owner), h.ivan.ID, to)
	if err != nil || m.Handing.UnderWay() || m.Handing.Total != 9 {
		t.Fatalf("got %+v, %v", m.Handing, err)
	}
	h.settled(t)
	if _, err := h.Actor(t.Context(), h.ivan.User, "u99"); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("the removed member acts: %v", err)
	}
	if _, err := h.Client(t.Context(), h.as(m), h.clients[1]); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a press that was under way: %v", err)
	}
}

// Whatever write the process dies at, another one finishes the work and counts right.
func TestRemovalSurvivesACrashAtAnyWrite(t *testing.T) {
	for _, heard := range []bool{true, false} {
		for cut := 1; ; cut++ {
			h := newHandedTeam(t, 6, 3)
			by, to := h.as(h.owner), []crm.MemberID{h.petr.ID, h.olga.ID}
			dying := crm.NewDesk(&cutStore{Store: h.store, left: cut, heard: heard}, h.clock)
			_, err := dying.RemoveMember(t.Context(), by, h.ivan.ID, to)
			if err == nil {
				if cut < 8 {
					t.Errorf("it took %d writes only", cut)
				}
				break
			}
			if !errors.Is(err, errCut) {
				t.Fatal(err)
			}
			m, err := h.store.Member(t.Context(), h.ivan.Team, h.ivan.ID)
			if err != nil {
				t.Fatal(err)
			}
			if m.Removed.IsZero() { // nothing has happened, and the update comes again
				if _, err := h.RemoveMember(t.Context(), by, h.ivan.ID, to); err != nil {
					t.Fatal(err)
				}
			}
			if err := h.HandOn(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.settled(t)
			if t.Failed() {
				t.Fatalf("died at write %d, heard %v", cut, heard)
			}
		}
	}
}

// A card that somebody hands over by hand meanwhile stays where it went, and is not counted.
func TestHandingLeavesWhatOthersTook(t *testing.T) {
	h := newHandedTeam(t, 4, 0)
	st := &stealing{Store: h.store, do: func() {
		if _, err := h.HandOverClient(t.Context(), h.as(h.owner), h.clients[2], h.owner.ID); err != nil {
			t.Error(err)
		}
	}}
	m, err := crm.NewDesk(st, h.clock).RemoveMember(t.Context(), h.as(h.owner), h.ivan.ID, []crm.MemberID{h.petr.ID})
	if err != nil || m.Handing.Clients[h.petr.ID] != 3 {
		t.Errorf("got %+v, %v", m.Handing, err)
	}
	if c, err := h.store.Client(t.Context(), h.ivan.Team, h.clients[2]); err != nil || c.Owner != h.owner.ID {
		t.Errorf("it went to %s, %v", c.Owner, err)
	}
}

// stealing does something at the moment at which clients are written first.
type stealing struct {
	crm.Store
	do func()
}

func (s *stealing) SaveClients(ctx context.Context, batch []crm.ClientChange) error {
	if s.do != nil {
		s.do()
		s.do = nil
	}
	return s.Store.SaveClients(ctx, batch)
}

func TestNobodyIsLeftWithoutAnHeir(t *testing.T) {
	h := newHandedTeam(t, 2, 1)
	for _, err := range []error{
		failure(h.RemoveMember(t.Context(), h.as(h.owner), h.ivan.ID, nil)),
		failure(h.SetRole(t.Context(), h.as(h.owner), h.ivan.ID, crm.RoleAnalyst, nil)),
		failure(h.HandOverAll(t.Context(), h.as(h.owner), h.ivan.ID, nil)),
	} {
		if !errors.Is(err, crm.ErrInvalid) || fieldOf(err) != "member.heir" {
			t.Errorf("got %v, want to be asked to whom", err)
		}
	}
	for _, to := range []crm.MemberID{h.ivan.ID, "nobody", h.hire(7, "Лена", crm.RoleAccountant).ID} {
		if err := failure(h.RemoveMember(t.Context(), h.as(h.owner), h.ivan.ID, []crm.MemberID{to})); !errors.Is(err, crm.ErrNotFound) {
			t.Errorf("to %q: %v", to, err)
		}
	}
	m, err := h.SetRole(t.Context(), h.as(h.owner), h.ivan.ID, crm.RoleAccountant, []crm.MemberID{h.petr.ID})
	if err != nil || m.Handing.Clients[h.petr.ID] != 2 || m.Handing.Tasks[h.petr.ID] != 0 {
		t.Errorf("an accountant keeps tasks and no clients: %+v, %v", m.Handing, err)
	}
	if _, err := h.SetRole(t.Context(), h.as(h.owner), h.ivan.ID, crm.RoleSupport, nil); err != nil {
		t.Errorf("with nothing to hand over: %v", err)
	}
}

func failure(_ crm.Member, err error) error { return err }

func TestOnlyOwnersTouchOwners(t *testing.T) {
	o := newOffice(t)
	admin, ivan := o.hire(2, "Борис", crm.RoleAdmin), o.hire(3, "Иван", crm.RoleManager)
	for _, err := range []error{
		failure(o.RemoveMember(t.Context(), o.as(admin), o.owner.ID, nil)),
		failure(o.SetRole(t.Context(), o.as(admin), o.owner.ID, crm.RoleManager, nil)),
		failure(o.SetRole(t.Context(), o.as(admin), ivan.ID, crm.RoleOwner, nil)),
		failure(o.SetRole(t.Context(), o.as(ivan), ivan.ID, crm.RoleOwner, nil)),
	} {
		if !errors.Is(err, crm.ErrDenied) {
			t.Errorf("got %v, want ErrDenied", err)
		}
	}
	if _, _, err := o.InviteMember(t.Context(), o.as(admin), crm.Invitation{Role: crm.RoleOwner, Days: 1, Uses: 1}); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("an admin invites an owner: %v", err)
	}
	if _, err := o.SetRole(t.Context(), o.as(admin), ivan.ID, crm.RoleAdmin, nil); err != nil {
		t.Error(err)
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	o := newOffice(t)
	for _, err := range []error{
		failure(o.RemoveMember(t.Context(), o.as(o.owner), o.owner.ID, nil)),
		failure(o.SetRole(t.Context(), o.as(o.owner), o.owner.ID, crm.RoleAdmin, nil)),
	} {
		if !errors.Is(err, crm.ErrInvalid) || fieldOf(err) != "team.last_owner" {
			t.Errorf("got %v", err)
		}
	}
	// Two owners who remove each other at the same moment.
	olga := o.hire(2, "Ольга", crm.RoleOwner)
	st := &beforeSave{Store: o.store, do: func() {
		if _, err := o.RemoveMember(t.Context(), o.as(olga), o.owner.ID, nil); err != nil {
			t.Error(err)
		}
	}}
	if _, err := crm.NewDesk(st, o.clock).RemoveMember(t.Context(), o.as(o.owner), olga.ID, nil); !errors.Is(err, crm.ErrInvalid) {
		t.Errorf("got %v", err)
	}
	if _, err := o.Actor(t.Context(), olga.User, "u9"); err != nil {
		t.Errorf("nobody runs the team: %v", err)
	}
}

// beforeSave does something just before a member is saved first.
type beforeSave struct {
	crm.Store
	do func()
}

func (s *beforeSave) SaveMember(ctx context.Context, m crm.Member, e crm.Event) error {
	if do := s.do; do != nil {
		s.do = nil
		do()
	}
	return s.Store.SaveMember(ctx, m, e)
}

func TestColleagues(t *testing.T) {
	h := newHandedTeam(t, 3, 2)
	ivan := h.as(h.ivan)
	if err := h.NoteSeen(t.Context(), ivan); err != nil {
		t.Fatal(err)
	}
	archived := h.add(h.ivan, crm.Profile{Name: "Архивов Архип"})
	if _, err := h.ArchiveClient(t.Context(), ivan, archived.ID, ""); err != nil {
		t.Fatal(err)
	}
	all, err := h.Colleagues(t.Context(), h.as(h.owner))
	if err != nil || len(all) != 4 {
		t.Fatalf("%d colleagues, %v", len(all), err)
	}
	for _, c := range all {
		if c.ID == h.ivan.ID && (c.Clients != 2 || c.Tasks != 2 || !c.Seen.Equal(h.clock.Now())) {
			t.Errorf("Ivan has %d clients, %d tasks, was seen %v", c.Clients, c.Tasks, c.Seen)
		}
	}
	q, err := h.Quality(t.Context(), h.as(h.owner), h.ivan.ID)
	c, err2 := h.Colleague(t.Context(), h.as(h.owner), h.ivan.ID)
	if err != nil || err2 != nil || q.Total != 2 || c.Clients != 2 || c.Archived != 1 || c.Binned != 1 || c.All() != 4 {
		t.Errorf("of %d clients %d are named, %d in the archive, %d in the bin; %v, %v", q.Total, c.Clients, c.Archived, c.Binned, err, err2)
	}
	if _, err := h.Colleagues(t.Context(), ivan); !errors.Is(err, crm.ErrDenied) {
		t.Errorf("a manager sees how many clients others have: %v", err)
	}
}
