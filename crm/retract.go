package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
)

// UndoTask takes the last change of a task back, if rev is still its revision: it is open again, due when it was, and
// whose it was. If it is due already and nobody was reminded of it, that comes now. The touch that was logged with it stays in the history, since nothing there is ever changed; note, put
// below it, says that it did not count, and the card forgets it. ErrConflict on "task" if the task has changed since.
func (d *Desk) UndoTask(ctx context.Context, by Actor, id TaskID, rev int64, note string) (Task, error) {
	t, err := d.changeTask(ctx, by, id, func(t *Task, ev *Event) error {
		last, err := d.lastEvent(ctx, by.Team, string(id))
		if err != nil {
			return err
		}
		if t.Rev != rev+1 || last.Action != ActionEditTask || last.Undoes != "" {
			return &Error{Kind: ErrConflict, Field: "task"}
		}
		ev.Undoes = last.ID
		now := t.Rev
		err = putBack(t, last.Fields)
		t.Rev = now
		return err
	})
	if err == nil {
		err = d.remindOfTask(ctx, by, t)
	}
	if err != nil || t.Client == "" {
		return t, err
	}
	undo, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if err != nil {
		return t, fmt.Errorf("read what was taken back: %w", err)
	}
	cause := strings.TrimSuffix(string(undo.Undoes), ".0")
	touch, err := d.store.Event(ctx, by.Team, Cause(cause+secondCause).EventID(0))
	if errors.Is(err, ErrNotFound) {
		return t, nil // none was logged
	}
	if err != nil {
		return t, fmt.Errorf("read the touch that is taken back: %w", err)
	}
	_, err = d.retract(ctx, by.then(), t.Client, touch, note)
	return t, withoutCard(err)
}

// remindOfTask reminds of a task that is open again and due already. Whoever was reminded of it before has the message.
func (d *Desk) remindOfTask(ctx context.Context, by Actor, t Task) error {
	if t.State != TaskOpen || t.Due.After(d.now()) {
		return nil
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return err
	}
	to := s.of(t.Assignee)
	r := Reminder{ID: taskReminder(t, to.ID), Kind: RemindTask, Task: t.ID, Client: t.Client, For: t.Due}
	return d.remindNow(ctx, by, to, r, ReminderDropped)
}

// remindOfContact is remindOfTask for a client's next contact.
func (d *Desk) remindOfContact(ctx context.Context, by Actor, c Client) error {
	if c.NextContact.IsZero() || c.NextContact.After(d.now()) || c.Stage == StageArchive {
		return nil
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return err
	}
	to := s.of(c.Owner)
	r := Reminder{ID: reminderID(RemindContact, string(c.ID), instant(c.NextContact), to.ID), Kind: RemindContact, Client: c.ID, For: c.NextContact}
	return d.remindNow(ctx, by, to, r, ReminderDropped)
}

// UndoContact is UndoTask for what was done about a client's next contact, birthday or other day: finished, missed, put
// off.
func (d *Desk) UndoContact(ctx context.Context, by Actor, id ClientID, rev int64, note string) (Client, error) {
	if _, err := d.Client(ctx, by, id); err != nil {
		return Client{}, err
	}
	last, err := d.lastEvent(ctx, by.Team, string(id))
	if err != nil {
		return Client{}, err
	}
	if last.ID != by.Cause.EventID(0) && (last.Rev != rev || last.Undoes != "" || last.Action != ActionLogTouch && last.Action != ActionEditClient) {
		c, err := d.Client(ctx, by, id)
		return c, cmp.Or(err, error(&Error{Kind: ErrConflict, Field: "client"}))
	}
	return d.retract(ctx, by, id, last, note)
}

// retract puts back what an event changed on a card, where it is still so, and notes below its touch that it did not
// count.
func (d *Desk) retract(ctx context.Context, by Actor, id ClientID, ev Event, note string) (Client, error) {
	c, err := d.edit(ctx, by, id, ActionLogTouch, func(ch *change) error {
		now, still := fieldsOf(*ch.client), map[string]Delta{}
		for name, delta := range ev.Fields {
			if string(now[name]) == delta.After {
				still[name] = delta
			}
		}
		ch.event.Undoes = ev.ID
		if err := putBack(ch.client, still); err != nil {
			return err
		}
		if _, touched := ev.Fields["touches"]; !touched {
			return nil
		}
		t, err := d.newTouch(by, id, 0, TouchInput{Kind: TouchNote, Text: note})
		ch.touches = append(ch.touches, t)
		return err
	})
	if err != nil {
		return c, err
	}
	return c, d.remindOfContact(ctx, by, c)
}

// lastEvent is the newest event of a record.
func (d *Desk) lastEvent(ctx context.Context, team TeamID, record string) (Event, error) {
	events, err := d.store.Events(ctx, EventQuery{Team: team, Record: record, Limit: 1})
	if err != nil {
		return Event{}, fmt.Errorf("read the last change: %w", err)
	}
	if len(events) == 0 {
		return Event{}, &Error{Kind: ErrNotFound, Field: "event"}
	}
	return events[0], nil
}
