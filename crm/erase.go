package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// ErasureDays is how long there is to erase a client who asks for it: a month by GDPR, article 12 (3), 30 days by 152-ФЗ,
// article 21 (5).
const ErasureDays = 30

// AskErasure notes that a client wants to be erased: the card shows until when, and a task with the text counts down to that day, see countdown.go.
// A card for which that is noted already stays as it is.
func (d *Desk) AskErasure(ctx context.Context, by Actor, id ClientID, text string) (Client, error) {
	task := NewTaskID(by.Team, by.then().Cause, 0)
	c, err := d.edit(ctx, by, id, ActionAskErasure, func(ch *change) error {
		if ch.client.EraseBy.IsZero() {
			ch.client.EraseBy, ch.client.EraseTask = civil.DateOf(d.clock.Now().In(by.Location())).Plus(ErasureDays), task
		}
		return nil
	})
	if err != nil || c.EraseTask != task {
		return c, err
	}
	return c, d.beginCountdown(ctx, by.then(), c, text)
}

// unlessErasing fails for the task that counts down to the day until which its client is to be erased: it ends with the erasure, or when
// the client no longer asks for it, and not by a press that says neither. ErrDenied on "task.erasure".
func (d *Desk) unlessErasing(ctx context.Context, t Task) error {
	c, err := d.erasing(ctx, t)
	if err != nil || c.ID == "" {
		return err
	}
	return &Error{Kind: ErrDenied, Field: "task.erasure"}
}

// erasing is the client who wants to be erased and whose countdown the task is; zero if it is none.
func (d *Desk) erasing(ctx context.Context, t Task) (Client, error) {
	if t.Client == "" {
		return Client{}, nil
	}
	c, err := d.current(ctx, t.Team, t.Client)
	if errors.Is(err, ErrNotFound) || err == nil && (c.EraseTask != t.ID || c.EraseBy.IsZero()) {
		return Client{}, nil
	}
	return c, err
}

// KeepClient notes that the client need not be erased any more; the task goes.
func (d *Desk) KeepClient(ctx context.Context, by Actor, id ClientID) (Client, error) {
	c, err := d.edit(ctx, by, id, ActionAskErasure, func(ch *change) error {
		ch.client.EraseBy, ch.client.EraseTask = civil.Date{}, ""
		return nil
	})
	if err != nil {
		return c, err
	}
	return c, d.settleChange(ctx, by, c)
}

// turnCountdown ends the task of an erasure that a change of a card no longer has the card ask for, and opens the one that it has it ask
// for again.
func (d *Desk) turnCountdown(ctx context.Context, by Actor, ev Event) (err error) {
	ended, begun := ev.Fields["erase_task"].tasks()
	if ended != "" {
		err = d.countDown(ctx, by, ended, func(t *Task) error {
			t.close(TaskDropped, by.ID, d.now())
			return nil
		})
	}
	if err != nil || begun == "" {
		return err
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return err
	}
	return d.countDown(ctx, by, begun, func(t *Task) error {
		if err := t.countAgain(d.now()); err != nil {
			return err
		}
		c, err := d.erasing(ctx, *t)
		if err == nil && c.ID != "" && t.countsDown() {
			s.followsCard(t, c)
		}
		return err
	})
}

// countAgain opens the countdown of an erasure again, for the next day on which it is due.
func (t *Task) countAgain(now time.Time) error {
	t.State, t.Closed, t.ClosedBy = TaskOpen, time.Time{}, ""
	if t.Due.After(now) {
		return nil
	}
	return t.next(now)
}

// countDown changes the task of an erasure, whosever it is; one that is gone needs no change.
func (d *Desk) countDown(ctx context.Context, by Actor, id TaskID, f func(*Task) error) error {
	_, err := d.changeTaskAs(ctx, by.then(), id, func(ctx context.Context, by Actor, id TaskID) (Task, error) {
		return d.store.Task(ctx, by.Team, id)
	}, func(t *Task, _ *Event) error { return f(t) })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// tasks are the tasks that a field named before and after.
func (f Delta) tasks() (before, after TaskID) {
	_ = json.Unmarshal([]byte(f.Before), &before) // what is no id is none
	_ = json.Unmarshal([]byte(f.After), &after)
	return before, after
}

// EraseClient removes a client for good, with touches, tasks, and what the record of changes says of them; that it was done
// stays. The card goes into the bin as if it had been there for long: should the program end before the rest is done, PurgeBin does
// it. One that is gone already is no error; one that was merged into another meanwhile is ErrConflict on "pair": that one was not asked about.
func (d *Desk) EraseClient(ctx context.Context, by Actor, id ClientID) error {
	if _, _, err := d.guarded(ctx, by, ActionEraseClient); err != nil {
		return err
	}
	c, err := d.edit(ctx, by, id, ActionEraseClient, func(ch *change) error {
		if ch.client.ID != id {
			return &Error{Kind: ErrConflict, Field: "pair"}
		}
		ch.client.Deleted = d.now().AddDate(0, 0, -BinDays-1)
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		if _, gone := d.store.Event(ctx, by.Team, PurgeEventID(id)); gone == nil {
			return d.endDialogsOf(ctx, by.Team, id)
		}
	}
	if err == nil {
		err = errors.Join(d.endDialogsOf(ctx, by.Team, append(slices.Clone(c.Merged), id)...), d.endDraftsOf(ctx, c))
	}
	if err != nil {
		return err
	}
	if _, err := d.store.PurgeClients(ctx, Purge{Before: d.now(), At: d.now(), Limit: 1, Team: by.Team, Client: c.ID}); err != nil {
		return fmt.Errorf("erase client: %w", err)
	}
	return nil
}

// endDialogsOf ends what is open about a client's cards, and what remembers a search: they may have been searched for, under a name with
// whatever mistakes. It has no part in the purge: should the program end before it, the same press comes again.
func (d *Desk) endDialogsOf(ctx context.Context, team TeamID, cards ...ClientID) error {
	of := []string{OfSought}
	for _, id := range cards {
		of = append(of, string(id))
	}
	if err := d.store.EndDialogsOf(ctx, team, of...); err != nil {
		return fmt.Errorf("end dialogs of client: %w", err)
	}
	return nil
}
