package crm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Takers lists the members to whom a task (ActionReadTask) or a client (ActionTendClients) can be handed over: those who
// are in the team and whose role has to do with such things. Except is who has it.
func (d *Desk) Takers(ctx context.Context, by Actor, a Action, except MemberID) ([]Member, error) {
	team, _, err := d.gate(ctx, by, ActionSeeTeam)
	if err != nil {
		return nil, err
	}
	all, err := d.store.Members(ctx, by.Team)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return slices.DeleteFunc(all, func(m Member) bool { return m.ID == except || !m.takes(team, a) }), nil
}

// takes reports whether m can be given what a is about.
func (m Member) takes(team Team, a Action) bool {
	return m.Removed.IsZero() && MayDo(team, m.Role, a) != ScopeNone
}

// taker reads the member to whom something goes, as the team has them reminded; ErrNotFound on "member" if they cannot be given it.
func (d *Desk) taker(ctx context.Context, team Team, id MemberID, a Action) (Member, error) {
	m, err := d.store.Member(ctx, team.ID, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return m, fmt.Errorf("read the new responsible: %w", err)
	}
	if err != nil || !m.takes(team, a) {
		return m, &Error{Kind: ErrNotFound, Field: "member"}
	}
	return m.of(team), nil
}

// HandOverTask gives an open task to another member, who is told. ErrConflict on "task", with the task as it is, if it is
// over or theirs already; ErrNotFound on "member".
func (d *Desk) HandOverTask(ctx context.Context, by Actor, id TaskID, to MemberID) (Task, error) {
	t, err := d.pass(ctx, by, id, to, Decision{What: DecidedPass, To: to})
	if err != nil {
		return t, err
	}
	return t, d.sayDecided(ctx, by, t)
}

// passTask is HandOverTask of one that was just made for the other.
func (d *Desk) passTask(ctx context.Context, by Actor, id TaskID, to MemberID) (Task, error) {
	return d.pass(ctx, by, id, to, Decision{})
}

func (d *Desk) pass(ctx context.Context, by Actor, id TaskID, to MemberID, what Decision) (Task, error) {
	team, _, err := d.gate(ctx, by, ActionEditTask)
	if err != nil {
		return Task{}, err
	}
	m, err := d.taker(ctx, team, to, ActionReadTask)
	if err != nil {
		return Task{}, err
	}
	t, err := d.editDecided(ctx, by, id, what, func(t *Task) error {
		if t.State != TaskOpen || t.Assignee == to {
			return &Error{Kind: ErrConflict, Field: "task"}
		}
		if t.countsDown() {
			return &Error{Kind: ErrDenied, Field: "task.erasure_pass"}
		}
		if t.Assignee = to; t.Client == "" {
			t.Text = toldTo(m, t.Text)
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	if !t.Due.After(d.now()) { // what is due already is reminded of at once: that tells them too
		r := Reminder{ID: taskReminder(t, m.ID), Kind: RemindTask, Task: t.ID, Client: t.Client, From: by.ID, For: t.Due}
		return t, d.remindNow(ctx, by, m, r, overStates...)
	}
	return t, d.tell(ctx, by, m, Reminder{Task: t.ID, Client: t.Client})
}

// HandedOverError tells that a task has gone from by to another member: what by was shown of it does nothing any more. It is
// an ErrNotFound on "task".
type HandedOverError struct{ To MemberID }

func (e *HandedOverError) Error() string { return "handed over to " + string(e.To) }

// Unwrap gives the class.
func (e *HandedOverError) Unwrap() error { return &Error{Kind: ErrNotFound, Field: "task"} }

// unlessHanded fails with a HandedOverError if by had the task and it is another's now. Who gave it, or runs the team, and
// never had it may do with it what they may.
func (d *Desk) unlessHanded(ctx context.Context, by Actor, t Task) error {
	if t.Assignee == by.ID {
		return nil
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil || s.of(t.Assignee).ID == by.ID {
		return err
	}
	had, err := d.anyPass(ctx, t, func(had, _ MemberID) bool { return s.of(had).ID == by.ID })
	if had && err == nil {
		err = &HandedOverError{To: s.of(t.Assignee).ID}
	}
	return err
}

// anyPass reports whether f is true of one of the times when a task went from somebody who had it to another, by whoever did that.
func (d *Desk) anyPass(ctx context.Context, t Task, f func(had, by MemberID) bool) (bool, error) {
	events, err := d.store.Events(ctx, EventQuery{Team: t.Team, Record: string(t.ID), Limit: historyPage})
	if err != nil {
		return false, fmt.Errorf("read who had a task: %w", err)
	}
	for _, ev := range events {
		var had MemberID
		if delta, passed := ev.Fields["assignee"]; passed && json.Unmarshal([]byte(delta.Before), &had) == nil && f(had, ev.By) {
			return true, nil
		}
	}
	return false, nil
}

// giver is who gave a task to whoever has it now: who handed it over last, or made it for them; themselves if it is their own.
func (d *Desk) giver(ctx context.Context, t Task) (MemberID, error) {
	by := t.By
	_, err := d.anyPass(ctx, t, func(_, gave MemberID) bool { by = gave; return true })
	return by, err
}

// TaskHolder is who has a task that by had and that is another's now; "" if it is no such task.
func (d *Desk) TaskHolder(ctx context.Context, by Actor, t Task) (MemberID, error) {
	var handed *HandedOverError
	if err := d.unlessHanded(ctx, by, t); err == nil || !errors.As(err, &handed) {
		return "", err
	}
	return handed.To, nil
}

// HandOverClient makes another member of the team responsible for the card, who is told. ErrNotFound on "member".
func (d *Desk) HandOverClient(ctx context.Context, by Actor, id ClientID, to MemberID) (Client, error) {
	team, _, err := d.gate(ctx, by, ActionHandOverClient)
	if err != nil {
		return Client{}, err
	}
	m, err := d.taker(ctx, team, to, ActionTendClients)
	if err != nil {
		return Client{}, err
	}
	c, err := d.edit(ctx, by, id, ActionHandOverClient, func(ch *change) error {
		ch.client.Owner = to
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		c, err = d.handedAway(ctx, by, id, err)
	}
	if err != nil {
		return c, err
	}
	if _, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); errors.Is(err, ErrNotFound) {
		return c, nil // it was theirs already: they know
	} else if err != nil {
		return c, fmt.Errorf("read what was changed: %w", err)
	}
	told := Reminder{Client: c.ID}
	told.TaskCount, err = d.tasksFollow(ctx, along{by: by, each: func(t Task) error {
		if len(told.Tasks) < mostAlong {
			told.Tasks = append(told.Tasks, t.ID)
		}
		return d.remindOfMoved(ctx, by, t)
	}}, []ClientID{c.ID})
	if err != nil {
		return c, err
	}
	if err := d.tellHanded(ctx, by, Reminder{From: by.ID, Who: to, Client: c.ID}); err != nil {
		return c, err
	}
	return c, d.tell(ctx, by, m, told)
}

// handedAway is the card that by sees no more since this very cause handed it over; else it fails as reading it did.
func (d *Desk) handedAway(ctx context.Context, by Actor, id ClientID, unseen error) (Client, error) {
	ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if err != nil || ev.Record != string(id) {
		return Client{}, unseen
	}
	return d.current(ctx, by.Team, id)
}

// tellHanded has the groups told that a client has gone to another member, if by's cause has brought that about.
func (d *Desk) tellHanded(ctx context.Context, by Actor, news Reminder) error {
	if _, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); errors.Is(err, ErrNotFound) {
		return nil // it was theirs already
	} else if err != nil {
		return fmt.Errorf("read who handed over: %w", err)
	}
	news.News, news.For = NewsHanded, d.now()
	return d.tellPlaces(ctx, by, news, string(by.Cause))
}

// tell has a member told of what was handed over to them, out of their quiet hours; who takes something knows it.
func (d *Desk) tell(ctx context.Context, by Actor, to Member, r Reminder) error {
	if to.ID == by.ID {
		return nil
	}
	r.ID = reminderID(RemindHanded, cmp.Or(string(r.Task), string(r.Client)), string(by.Cause), to.ID)
	r.Kind, r.From, r.For = RemindHanded, by.ID, d.now()
	return d.plan(ctx, to, r)
}

// overStates are those in which nothing more comes of a reminder.
var overStates = []ReminderState{ReminderDropped, ReminderSent, ReminderUnknown, ReminderFailed}

// remindNow reminds a member at once of what is due already and has just become theirs or open. The planner may be about to
// do so, too: then it is one reminder. But if an earlier one ended in one of the given states the change has one of its own.
func (d *Desk) remindNow(ctx context.Context, by Actor, m Member, r Reminder, again ...ReminderState) error {
	ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if errors.Is(err, ErrNotFound) {
		return nil // nothing was changed
	}
	if err != nil {
		return fmt.Errorf("read what was changed: %w", err)
	}
	return d.remindSince(ctx, ev, m, r, again...)
}

// remindSince is remindNow of what an event has brought about.
func (d *Desk) remindSince(ctx context.Context, ev Event, m Member, r Reminder, again ...ReminderState) error {
	earlier, err := d.store.Reminders(ctx, ReminderQuery{Team: m.Team, IDs: []string{r.ID}, States: again, Limit: 1})
	if err != nil {
		return fmt.Errorf("read the earlier reminder: %w", err)
	}
	if len(earlier) > 0 && !earlier[0].Done.After(ev.At) {
		r.ID += ":" + string(ev.ID.causeOn(ev.Record))
	}
	r.Due = stamp(m.OutOfQuiet(d.now()))
	return d.plan(ctx, m, r)
}

// is reports whether the reminder is for what an id says, be it one that remindNow has planned once more.
func (r Reminder) is(id string) bool { return r.ID == id || strings.HasPrefix(r.ID, id+":") }
