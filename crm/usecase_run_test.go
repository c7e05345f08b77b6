package crm_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// scene is a member about to do something with a client, a task or a colleague.
type scene struct {
	*crm.Desk
	ctx    context.Context
	by     crm.Actor
	client crm.Client
	twin   crm.ClientID // another card of the same holder
	task   crm.Task
	person crm.MemberID
	heir   crm.MemberID // somebody else who may be given clients
	now    time.Time
	last   crm.EventID // of the client
}

func (s *scene) id() crm.ClientID { return s.client.ID }

// later is a time to put something off to.
func (s *scene) later() time.Time { return s.now.Add(48 * time.Hour) }

// wedding is the other date of the scene's client.
var wedding = crm.OtherDate{Label: "Свадьба", Day: civil.Date{Year: 2010, Month: 11, Day: 24}, Lead: 3}

// whose is whose record a use case is tried on.
type whose string

const (
	mine    whose = "own"
	theirs  whose = "another's"
	foreign whose = "another team's"
)

// staleDay is the period of the list that everybody was sent.
var staleDay = civil.Date{Year: 2026, Month: 11, Day: 16}

// theatre is a team with a member of the role that is tried, a colleague, and another team.
type theatre struct {
	*office
	actor, colleague, heir crm.Member
	far                    crm.Member // of the other team
	records                int
}

func newTheatre(t *testing.T, role crm.Role, shared bool) *theatre {
	t.Helper()
	o := newOffice(t)
	o.Desk = o.WithVault(vault(t, oneKey))
	th := &theatre{office: o, colleague: o.hire(20, "Иван", crm.RoleManager), heir: o.hire(21, "Пётр", crm.RoleManager), actor: o.hire(22, "Лена", role)}
	if _, err := o.SetShared(t.Context(), o.as(o.owner), shared); err != nil {
		t.Fatal(err)
	}
	far := crm.Team{ID: "far", Rev: 1, Schema: 1, Region: "RU", Zone: "Europe/Moscow", Lang: "ru", Created: o.clock.Now()}
	th.far = crm.Member{ID: "farmember", Team: "far", Rev: 1, User: 900, Name: "Чужая", Role: crm.RoleOwner, Zone: "Europe/Moscow", Created: o.clock.Now()}
	_, planned := o.store.PlanReminder(t.Context(), crm.Reminder{ID: fmt.Sprintf("stale::%s:%s", staleDay, th.actor.ID), Team: th.actor.Team,
		Kind: crm.RemindStale, Member: th.actor.ID, State: crm.ReminderSent, Created: o.clock.Now(), Due: o.clock.Now()})
	err := errors.Join(planned, o.store.SaveTeam(t.Context(), far, crm.Event{ID: "far1", Team: "far", Rev: 1}),
		o.store.SaveMember(t.Context(), th.far, crm.Event{ID: "far2", Team: "far", Rev: 1}))
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// holder is who has the record.
func (th *theatre) holder(w whose) crm.Member {
	switch w {
	case mine:
		return th.actor
	case theirs:
		return th.colleague
	}
	return th.far
}

// secret is in whatever of a client's card only those may read who see all of it.
const secret = "Секрет"

// set puts a client, a task and a colleague of somebody on the stage: they are as if their holder had made them, whatever the
// holder's role is. The client's last change is an edit of the team's owner, the task's is one too.
func (th *theatre) set(t *testing.T, w whose) *scene {
	t.Helper()
	holder, ctx := th.holder(w), t.Context()
	th.records++
	boss := crm.Actor{Member: th.owner}
	if w == foreign {
		boss.Member = th.far
	}
	cause := func(what string) crm.Actor {
		boss.Cause = crm.Cause(fmt.Sprintf("set.%d.%s", th.records, what))
		return boss
	}
	old := th.clock.Now().AddDate(-1, 0, 0) // long silent, so that it is stale
	past := crm.NewDesk(th.store, clockwork.NewFakeClockAt(old))
	c, err := past.AddClient(ctx, cause("add"), crm.Draft{Profile: crm.Profile{Name: fmt.Sprintf("Тайнов %s", spelled(th.records)), Tags: []string{secret},
		Phones: []crm.Phone{{E164: fmt.Sprintf("+7900%07d", th.records)}}, Birthday: civil.Date{Year: 1980, Month: 11, Day: 22}, Dates: []crm.OtherDate{wedding}}}, true)
	if err == nil {
		_, err = past.LogTouch(ctx, cause("touch"), c.ID, crm.TouchInput{Kind: crm.TouchNote, Text: secret})
	}
	if err == nil {
		c, err = past.EditClient(ctx, cause("edit"), c.ID, crm.Edit{Field: crm.FieldPosition, Value: secret, Force: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	last := crm.EventID(fmt.Sprintf("set.%d.edit.0", th.records))
	if c.Owner != holder.ID {
		c.Owner, c.Rev = holder.ID, c.Rev+1
		c.Index(nil)
		last = crm.EventID(fmt.Sprintf("set.%d.give", th.records))
		ev := crm.Event{ID: last, Team: c.Team, Action: crm.ActionEditClient, Record: string(c.ID), Rev: c.Rev,
			Fields: map[string]crm.Delta{"position": {After: `"` + secret + `"`}}}
		if err := th.store.SaveClient(ctx, crm.ClientChange{Client: c, Event: ev}); err != nil {
			t.Fatal(err)
		}
	}
	twin := c
	twin.ID, twin.Rev = crm.ClientID(fmt.Sprintf("twin%d", th.records)), 1
	twin.Index(nil)
	if err := th.store.SaveClient(ctx, crm.ClientChange{Client: twin, Event: crm.Event{ID: last + "twin", Team: c.Team, Record: string(twin.ID), Rev: 1}}); err != nil {
		t.Fatal(err)
	}
	return &scene{Desk: th.Desk, ctx: ctx, by: th.as(th.actor), client: c, twin: twin.ID, task: th.task(t, w), person: holder.ID, heir: th.heir.ID, now: th.clock.Now(), last: last}
}

// task is one of the holder's, given by somebody else.
func (th *theatre) task(t *testing.T, w whose) crm.Task {
	t.Helper()
	holder, now := th.holder(w), th.clock.Now()
	made := crm.Task{ID: crm.TaskID(fmt.Sprintf("task%d", th.records)), Team: holder.Team, Rev: 1, Text: "дело", Assignee: holder.ID, By: "somebody",
		State: crm.TaskOpen, Due: now.Add(24 * time.Hour), Zone: "Europe/Moscow", Created: now}
	ev := crm.Event{ID: crm.EventID("made." + made.ID), Team: made.Team, Action: crm.ActionAddTask, Record: string(made.ID), Rev: 1}
	if err := th.store.SaveTask(t.Context(), made, ev); err != nil {
		t.Fatal(err)
	}
	before := made.Due
	made.Due, made.Rev = now.Add(30*time.Hour), 2
	ev = crm.Event{ID: crm.EventID("moved." + made.ID + ".0"), Team: made.Team, Action: crm.ActionEditTask, Record: string(made.ID), Rev: 2,
		Fields: map[string]crm.Delta{"due": {Before: `"` + before.Format(time.RFC3339) + `"`, After: `"` + made.Due.Format(time.RFC3339) + `"`}}}
	if err := th.store.SaveTask(t.Context(), made, ev); err != nil {
		t.Fatal(err)
	}
	return made
}

// try plays one use case and holds what came of it against the table.
func (th *theatre) try(t *testing.T, name string, u useCase, w whose) {
	t.Helper()
	s := th.set(t, w)
	team := s.team()
	scope := crm.MayDo(team, th.actor.Role, u.needs)
	want := u.needs == "" || scope != crm.ScopeNone
	switch u.on {
	case onClient, onTask:
		want = w != foreign && (scope == crm.ScopeAll || scope == crm.ScopeOwn && w == mine)
	case onPerson:
		want = w != foreign && scope != crm.ScopeNone
		if w == theirs {
			s.person = th.hire(int64(1000+th.records), "Новый", crm.RoleManager).ID
		} else if w == mine {
			return // what one does with oneself has its own tests
		}
	}
	got, err := u.do(s)
	refused := errors.Is(err, crm.ErrDenied) || errors.Is(err, crm.ErrNotFound) && fieldOf(err) != "place" && fieldOf(err) != "field"
	where := fmt.Sprintf("%s, %s, %s", th.actor.Role, name, w)
	if refused == want || err != nil && !refused && !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("%s: got %v, allowed by the table: %v", where, err, want)
	}
	if u.on == onClient && w == foreign && want == false && scope != crm.ScopeNone && !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("%s: got %v, which says that there is such a client", where, err)
	}
	th.leaks(t, where, s, u, w, fmt.Sprintf("%+v", got))
}

// leaks reports what the answer tells that the role may not know.
func (th *theatre) leaks(t *testing.T, where string, s *scene, u useCase, w whose, told string) {
	t.Helper()
	team, role := s.team(), th.actor.Role
	read := crm.MayDo(team, role, crm.ActionReadClient)
	may := w != foreign && (read == crm.ScopeAll || read == crm.ScopeOwn && w == mine)
	if !may && strings.Contains(told, s.client.Name) {
		t.Errorf("%s: the answer names the client", where)
	}
	if !crm.SeesAll(role) && (strings.Contains(told, s.client.Phones[0].E164) || strings.Contains(told, secret)) {
		t.Errorf("%s: the answer tells what the role does not see", where)
	}
	if u.on == onOwn && w != mine && strings.Contains(told, s.client.Name) {
		t.Errorf("%s: a client of somebody else is among one's own", where)
	}
	if (u.on == onList || u.on == onOwn) && crm.MayDo(team, role, u.needs) != crm.ScopeNone && w == mine && !strings.Contains(told, s.client.Name) {
		t.Errorf("%s: one's own client is not there", where)
	}
	if u.on == onList && may && crm.MayDo(team, role, u.needs) == crm.ScopeAll && !strings.Contains(told, s.client.Name) {
		t.Errorf("%s: the client is not there", where)
	}
}

// spelled is a number as a name, since names have no digits.
func spelled(n int) string {
	var b strings.Builder
	for _, r := range fmt.Sprint(n) {
		b.WriteRune('а' + r - '0')
	}
	return "Имя" + b.String() + "ов"
}

// TestEveryUseCaseKeepsToTheTable tries every use case as every role, on a record of one's own, of a colleague and of another
// team, and compares what comes of it with the table.
func TestEveryUseCaseKeepsToTheTable(t *testing.T) {
	if testing.Short() {
		t.Skip("does one thing after the other, as every role")
	}
	for _, shared := range []bool{false, true} {
		for _, role := range crm.Roles {
			if shared && role != crm.RoleManager {
				continue // it opens something to managers only
			}
			t.Run(fmt.Sprintf("%s shared=%v", role, shared), func(t *testing.T) {
				th := newTheatre(t, role, shared)
				for _, lists := range []bool{true, false} { // lists first, while there is little to list
					for name, u := range useCases {
						for _, w := range []whose{mine, theirs, foreign} {
							if lists == (u.on == onList || u.on == onOwn) && (u.on != onNothing || w == theirs) {
								th.try(t, name, u, w)
							}
						}
					}
				}
			})
		}
	}
}

// Whoever was removed may nothing, be it with an actor that was read before.
func TestRemovedMemberMayNothing(t *testing.T) {
	th := newTheatre(t, crm.RoleOwner, false)
	th.actor.Removed = th.clock.Now()
	for name, u := range useCases {
		s := th.set(t, mine)
		if _, err := u.do(s); u.needs != "" && !errors.Is(err, crm.ErrDenied) {
			t.Errorf("%s: got %v, want ErrDenied", name, err)
		}
	}
}

// letIn forgives that there is no such record: whoever is told that was let in.
func letIn(err error) error {
	if errors.Is(err, crm.ErrNotFound) {
		return nil
	}
	return err
}

// unlessAbout is an error unless it is about one of these, which come of the order in which the rows are tried.
func unlessAbout(err error, fields ...string) error {
	if slices.Contains(fields, fieldOf(err)) {
		return nil
	}
	return err
}

// audit is of today.
func (s *scene) audit() crm.AuditFilter { return crm.AuditFilter{Days: 1} }

func (s *scene) team() crm.Team {
	t, err := s.Team(s.ctx, s.by)
	if err != nil {
		panic(err)
	}
	return t
}
