package crm

import (
	"context"
	"errors"
	"fmt"
)

// What somebody has set themselves to do about a client goes along when the client goes to another member, unless they still see the
// card. What was given to them stays theirs, whosever the client is.

// tasksFollow has open tasks go along with these clients, by by's cause, and returns those that went.
func (d *Desk) tasksFollow(ctx context.Context, by Actor, clients []ClientID) (went []Task, err error) {
	if len(clients) == 0 {
		return nil, nil
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return nil, err
	}
	cards, err := d.store.ClientsByID(ctx, by.Team, clients)
	if err != nil {
		return nil, fmt.Errorf("read clients: %w", err)
	}
	for _, c := range cards {
		tasks, err := d.store.Tasks(ctx, TaskQuery{Team: by.Team, Client: c.ID, State: TaskOpen, Limit: planPage})
		if err != nil {
			return went, fmt.Errorf("tasks of a client: %w", err)
		}
		for _, t := range tasks {
			next, moved, err := d.goWith(ctx, s, by, t, c)
			if err != nil {
				return went, err
			}
			if moved {
				went = append(went, next)
			}
		}
	}
	return went, nil
}

// goWith has a task go along with its client by by's cause, if it does: it may have, when this cause came first.
func (d *Desk) goWith(ctx context.Context, s staff, by Actor, t Task, c Client) (Task, bool, error) {
	ev := Event{ID: Handing{Cause: by.Cause}.givenEvent(string(t.ID)), By: by.ID}
	switch {
	case !t.ownersOwn() || !c.Deleted.IsZero():
		return t, false, nil
	case t.Assignee == c.Owner:
		_, err := d.store.Event(ctx, t.Team, ev.ID)
		if errors.Is(err, ErrNotFound) {
			return t, false, nil
		}
		return t, err == nil, err
	case d.mayBeTold(s.byID[t.Assignee], s.team, c):
		return t, false, nil
	}
	t, err := d.goAlong(ctx, s, t, c, ev)
	return t, err == nil, err
}

// followClient gives a task that is due to whoever the client has gone to, for one that went when no tasks went along; whoever stands in
// for them is reminded.
func (d *Desk) followClient(ctx context.Context, s staff, t Task, c Client) error {
	next, err := d.goAlong(ctx, s, t, c, Event{ID: Cause("follow." + string(t.ID) + "." + instant(t.Due)).EventID(0)})
	if err != nil {
		return err
	}
	return d.planTask(ctx, s.tending(c.Owner), next)
}

// goAlong gives a task to whoever has its client, as if they had set it themselves.
func (d *Desk) goAlong(ctx context.Context, s staff, t Task, c Client, ev Event) (Task, error) {
	next := t
	next.Assignee = s.tending(c.Owner).ID
	if m := s.member(c.Owner); m.ID == c.Owner && m.takes(s.team, ActionTendClients) {
		next.Assignee = c.Owner
	}
	next.By = next.Assignee
	next.Rev++
	ev.Team, ev.Schema, ev.Action, ev.Record, ev.Rev, ev.At = t.Team, schemaVersion, ActionEditTask, string(t.ID), next.Rev, d.now()
	ev.Fields = diff(t, next)
	if err := d.saveTask(ctx, next, ev); err != nil && !errors.Is(err, ErrConflict) { // then it was changed at this very moment, and is as it is
		return t, fmt.Errorf("task goes along with its client: %w", err)
	}
	return next, nil
}

// remindOfOverdue reminds whoever has got tasks along with a client of those that are due already: nothing else would.
func (d *Desk) remindOfOverdue(ctx context.Context, by Actor, tasks []Task) error {
	for _, t := range tasks {
		if t.Due.After(d.now()) || t.Assignee == by.ID {
			continue
		}
		s, err := d.staff(ctx, by.Team)
		if err != nil {
			return err
		}
		m := s.of(t.Assignee)
		r := Reminder{ID: taskReminder(t, m.ID), Kind: RemindTask, Task: t.ID, Client: t.Client, From: by.ID, For: t.Due}
		if err := d.remindNow(ctx, by, m, r, overStates...); err != nil {
			return err
		}
	}
	return nil
}
