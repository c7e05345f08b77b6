package crm

import (
	"context"
	"errors"
	"fmt"

	"kartoteka/crm/civil"
)

// HandOverOccasion has another member deal with the nearest occasion of a kind this time: they get a task that is the
// occasion, due on the day, or now if that has begun, and are told; nobody else is reminded of it any more. The client stays whose it is. ErrNotFound on
// "member", on "date" if the card no longer has it, ErrConflict on "client" if it is dealt with.
func (d *Desk) HandOverOccasion(ctx context.Context, by Actor, id ClientID, f Finish, to MemberID) (Client, error) {
	team, _, err := d.gate(ctx, by, ActionLogTouch)
	if err != nil {
		return Client{}, err
	}
	if _, _, err := d.gate(ctx, by, ActionAddTask); err != nil {
		return Client{}, err
	}
	m, err := d.taker(ctx, team, to, ActionReadTask)
	if err != nil {
		return Client{}, err
	}
	var o Occasion
	c, err := d.edit(ctx, by, id, ActionLogTouch, func(ch *change) (err error) {
		if o, err = d.openOccasion(by, ch.client, f); err == nil {
			ch.client.deal(o)
			what := o.decided(DecidedPass)
			what.To = to
			ch.decide(by, what)
		}
		return err
	})
	if err != nil {
		return c, err
	}
	return c, d.giveOccasion(ctx, by.then(), m, o)
}

// giveOccasion makes a member's task out of an occasion and tells them.
func (d *Desk) giveOccasion(ctx context.Context, by Actor, to Member, o Occasion) error {
	t, err := d.store.Task(ctx, by.Team, NewTaskID(by.Team, by.Cause, 0))
	if errors.Is(err, ErrNotFound) {
		now := d.clock.Now().In(to.Location())
		due := entry{now: now}.at(o.Day, contactHour)
		if o.Day.String() <= civil.DateOf(now).String() { // told now, and not once more later in the day
			due = now
		}
		t = Task{ID: NewTaskID(by.Team, by.Cause, 0), Team: by.Team, Rev: 1, Schema: schemaVersion, Client: o.Client.ID, Text: o.Client.Name, Day: o.taskDay(), Assignee: to.ID,
			By: by.ID, State: TaskOpen, Due: stamp(due), Occurs: stamp(due), Wall: due.Format(wallLayout), Zone: due.Location().String(), Created: d.now()}
		err = d.saveTask(ctx, t, d.taskEvent(by, t, ActionAddTask))
	}
	if err != nil {
		return fmt.Errorf("hand over an occasion: %w", err)
	}
	if t.Due.After(d.now()) {
		return d.tell(ctx, by, to, Reminder{Task: t.ID, Client: t.Client})
	}
	return d.remindNow(ctx, by, to, Reminder{ID: taskReminder(t, to.ID), Kind: RemindTask, Task: t.ID, Client: t.Client, From: by.ID, For: t.Due}, overStates...)
}

// givenTask is the task into which an event has made an occasion; ok is false if it made none.
func (d *Desk) givenTask(ctx context.Context, team TeamID, ev EventID) (t Task, ok bool, err error) {
	t, err = d.store.Task(ctx, team, NewTaskID(team, ev.cause()+secondCause, 0))
	if errors.Is(err, ErrNotFound) {
		return t, false, nil
	}
	if err != nil {
		return t, false, fmt.Errorf("read what was handed over: %w", err)
	}
	return t, true, nil
}

// TakeBackClient takes back that by handed a client over; rev is the revision that the card got by that. It may be one that by sees no
// more, since it was theirs to give. ErrConflict on "client" if it was another change, or the client has gone on to somebody else; ErrExpired
// on "handed" if it was too long ago: by then the client has a life with the other, and by need not see it any more.
func (d *Desk) TakeBackClient(ctx context.Context, by Actor, id ClientID, rev int64) (Client, error) {
	team, _, err := d.gate(ctx, by, ActionHandOverClient)
	if err != nil {
		return Client{}, err
	}
	events, err := d.store.Events(ctx, EventQuery{Team: by.Team, Record: string(id), BeforeRev: rev + 1, Limit: 1})
	if err != nil {
		return Client{}, fmt.Errorf("read what was handed over: %w", err)
	}
	conflict := &Error{Kind: ErrConflict, Field: "client"}
	if len(events) == 0 || events[0].Rev != rev || events[0].By != by.ID || events[0].Action != ActionHandOverClient || events[0].Undoes != "" {
		return Client{}, conflict
	}
	if d.now().Sub(events[0].At) >= undoHandingFor {
		return Client{}, &Error{Kind: ErrExpired, Field: "handed"}
	}
	before, after := events[0].Fields["owner"].owners()
	back, err := d.giveMany(ctx, team, Handing{Cause: by.Cause, By: by.ID}, []ClientID{id}, func(c Client) MemberID {
		if c.Owner == after && c.Deleted.IsZero() {
			return before
		}
		return ""
	})
	if err != nil {
		return Client{}, err
	}
	if len(back) == 0 {
		return Client{}, conflict
	}
	if err := d.tasksReturn(ctx, by, events[0].ID.causeOn(string(id)), back); err != nil {
		return Client{}, err
	}
	return d.Client(ctx, by, id)
}
