package crm

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// What somebody has set themselves to do about a client goes along when the client goes to another member, unless they still see the
// card. What was given to them stays theirs, whosever the client is. When the handing over is taken back, what went along comes back to
// whom it went from, whoever sees the card.

// along is the tasks that go with their clients, by whose cause.
type along struct {
	by     Actor
	part   EventID          // of what is done with many clients at once; "": of one
	undone Cause            // the handing over that is taken back; "": none is
	each   func(Task) error // is told each that went, be it by an earlier try; nil: nobody is
}

// tasksFollow has open tasks go along with these clients and returns how many went, be it by an earlier try.
func (d *Desk) tasksFollow(ctx context.Context, a along, clients []ClientID) (n int, err error) {
	if len(clients) == 0 {
		return 0, nil
	}
	s, err := d.staff(ctx, a.by.Team)
	if err != nil {
		return 0, err
	}
	cards, err := d.store.ClientsByID(ctx, a.by.Team, clients)
	if err != nil {
		return 0, fmt.Errorf("read clients: %w", err)
	}
	for _, c := range cards {
		for page, err := range d.openTasks(ctx, c.Team, c.ID) {
			if err != nil {
				return n, err
			}
			went, err := d.pageFollows(ctx, s, a, c, page)
			if n += went; err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// tasksReturn has what went along with these clients by a cause come back with them, by by's, and whoever it comes back to be reminded of
// what is due by now. What whoever had the clients has set themselves since goes along as with any handing over.
func (d *Desk) tasksReturn(ctx context.Context, by Actor, undone Cause, clients []ClientID) error {
	_, err := d.tasksFollow(ctx, along{by: by, undone: undone, each: func(t Task) error { return d.remindOfMoved(ctx, by, t) }}, clients)
	return err
}

// openTasks are the open tasks about a client, page by page. That they go to others meanwhile moves none from its place.
func (d *Desk) openTasks(ctx context.Context, team TeamID, id ClientID) iter.Seq2[[]Task, error] {
	q := TaskQuery{Team: team, Client: id, State: TaskOpen, Limit: handPage}
	return func(yield func([]Task, error) bool) {
		for {
			page, err := d.store.Tasks(ctx, q)
			if err != nil {
				yield(nil, fmt.Errorf("tasks of a client: %w", err))
				return
			}
			if !yield(page, nil) || len(page) < q.Limit {
				return
			}
			last := page[len(page)-1]
			q.After = &TaskMark{last.Due, last.ID}
		}
	}
}

// pageFollows has those of a client's tasks go along that do, and returns how many did.
func (d *Desk) pageFollows(ctx context.Context, s staff, a along, c Client, tasks []Task) (n int, err error) {
	went, err := d.movedBy(ctx, c.Team, a.by.Cause, tasks)
	if err != nil {
		return 0, err
	}
	var before map[TaskID]Event
	if a.undone != "" {
		if before, err = d.movedBy(ctx, c.Team, a.undone, tasks); err != nil {
			return 0, err
		}
	}
	for _, t := range tasks {
		_, goes := went[t.ID]
		if !goes {
			ev := Event{ID: Handing{Cause: a.by.Cause}.givenEvent(string(t.ID)), By: a.by.ID, PartOf: a.part}
			t, goes, err = d.passOn(ctx, t, ev, func(t *Task, ev *Event) bool {
				made, gone := before[t.ID]
				return gone && s.comesBack(t, made, ev) || d.goesWith(s, t, c)
			})
		}
		if err == nil && goes && a.each != nil {
			err = a.each(t)
		}
		if err != nil {
			return n, err
		}
		if goes {
			n++
		}
	}
	return n, nil
}

// movedBy are the events by which a cause has had tasks go to others, of those of a page.
func (d *Desk) movedBy(ctx context.Context, team TeamID, by Cause, tasks []Task) (map[TaskID]Event, error) {
	ids := make([]EventID, len(tasks))
	for i, t := range tasks {
		ids[i] = Handing{Cause: by}.givenEvent(string(t.ID))
	}
	events, err := d.store.EventsByID(ctx, team, ids)
	if err != nil {
		return nil, fmt.Errorf("read which tasks went along: %w", err)
	}
	all := make(map[TaskID]Event, len(events))
	for _, ev := range events {
		all[TaskID(ev.Record)] = ev
	}
	return all, nil
}

// comesBack makes a task again whose it was before an event, unless somebody has given it on since or whose it was has no tasks any more.
func (s staff) comesBack(t *Task, made Event, ev *Event) bool {
	back := *t
	if t.State != TaskOpen || !back.putBackSame(made) || !s.byID[back.Assignee].takes(s.team, ActionReadTask) {
		return false
	}
	*t, ev.Undoes = back, made.ID
	return true
}

// putBackSame sets what an event changed back, if all of it is still as the event made it.
func (t *Task) putBackSame(made Event) bool {
	now := fieldsOf(*t)
	for name, delta := range made.Fields {
		if string(now[name]) != delta.After {
			return false
		}
	}
	return putBack(t, made.Fields) == nil
}

// goesWith gives a task to whoever has its client, if it goes along.
func (d *Desk) goesWith(s staff, t *Task, c Client) bool {
	if t.State != TaskOpen || t.Client != c.ID || t.Assignee == c.Owner {
		return false
	}
	if t.countsDown() {
		return s.followsCard(t, c)
	}
	if !t.ownersOwn() || !c.Deleted.IsZero() || d.mayBeTold(s.byID[t.Assignee], s.team, c) {
		return false
	}
	s.give(t, c)
	return true
}

// give makes a task one of whoever has its client, as if they had set it themselves.
func (s staff) give(t *Task, c Client) {
	t.Assignee = s.tending(c.Owner).ID
	if m := s.member(c.Owner); m.ID == c.Owner && m.takes(s.team, ActionTendClients) {
		t.Assignee = c.Owner
	}
	t.By = t.Assignee
}

// passOn changes whose a task is as f says, and reports whether it did, be it by an earlier try. When somebody else was faster f is asked of
// the task as it is then; one that is changed again and again stays.
func (d *Desk) passOn(ctx context.Context, t Task, ev Event, f func(*Task, *Event) bool) (Task, bool, error) {
	for range maxRaces {
		next := t
		if !f(&next, &ev) {
			return t, false, nil
		}
		next.Rev++
		ev.Team, ev.Schema, ev.Action, ev.Record, ev.Rev, ev.At = t.Team, schemaVersion, ActionEditTask, string(t.ID), next.Rev, d.now()
		ev.Fields = diff(t, next)
		err := d.store.SaveTask(ctx, next, ev)
		if err == nil {
			return next, true, nil
		}
		applied := errors.Is(err, ErrApplied)
		if !applied && !errors.Is(err, ErrConflict) {
			return t, false, fmt.Errorf("give task %s: %w", t.ID, err)
		}
		if t, err = d.store.Task(ctx, t.Team, t.ID); err != nil || applied {
			return t, applied && err == nil, unlessGone(err)
		}
	}
	return t, false, nil
}

// followClient gives a task that is due to whoever the client has gone to, for one that went when no tasks went along; whoever stands in
// for them is reminded.
func (d *Desk) followClient(ctx context.Context, s staff, t Task, c Client) error {
	ev := Event{ID: Cause("follow." + string(t.ID) + "." + instant(t.Due)).EventID(0)}
	next, _, err := d.passOn(ctx, t, ev, func(t *Task, _ *Event) bool {
		if t.State != TaskOpen || !t.ownersOwn() {
			return false
		}
		s.give(t, c)
		return true
	})
	if err != nil || next.State != TaskOpen {
		return err
	}
	return d.planTask(ctx, s.of(next.Assignee), next)
}

// remindOfMoved reminds whoever has got a task along with its client, by by's cause, of it if it is due already: nothing else would. Whoever
// was reminded of it before has the message, unless somebody else has given it to them.
func (d *Desk) remindOfMoved(ctx context.Context, by Actor, t Task) error {
	if t.Due.After(d.now()) {
		return nil
	}
	ev, err := d.store.Event(ctx, by.Team, Handing{Cause: by.Cause}.givenEvent(string(t.ID)))
	if err != nil {
		return fmt.Errorf("read when a task went along: %w", err)
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return err
	}
	m := s.of(t.Assignee)
	r := Reminder{ID: taskReminder(t, m.ID), Kind: RemindTask, Task: t.ID, Client: t.Client, For: t.Due, ByLaw: t.countsDown()}
	again := []ReminderState{ReminderDropped}
	if t.Assignee != by.ID {
		r.From, again = by.ID, overStates
	}
	return d.remindSince(ctx, ev, m, r, again...)
}
