package crm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErasureDays is how long there is to erase a client who asks for it: a month by GDPR, article 12 (3), 30 days by 152-ФЗ,
// article 21 (5).
const ErasureDays = 30

// erasureWarning is how many days before the end of that time it is reminded of, each day until it is done.
const erasureWarning = 7

// AskErasure notes that a client wants to be erased: the card shows until when, and by gets a task with the text, due each day
// of the last week. A card for which that is noted already stays as it is.
func (d *Desk) AskErasure(ctx context.Context, by Actor, id ClientID, text string) (Client, error) {
	task := NewTaskID(by.Team, by.then().Cause, 0)
	c, err := d.edit(ctx, by, id, ActionAskErasure, func(ch *change) error {
		if ch.client.EraseBy.IsZero() {
			ch.client.EraseBy, ch.client.EraseTask = DateOf(d.clock.Now().In(by.Location())).Plus(ErasureDays), task
		}
		return nil
	})
	if err != nil || c.EraseTask != task {
		return c, err
	}
	day := c.EraseBy.Plus(-erasureWarning)
	due := time.Date(day.Year, day.Month, day.Day, contactHour, 0, 0, 0, by.Location())
	_, err = d.AddTask(ctx, by.then(), TaskInput{Client: id, Text: text, Due: due, Repeat: RepeatDaily})
	return c, err
}

// KeepClient notes that the client need not be erased any more; the task goes.
func (d *Desk) KeepClient(ctx context.Context, by Actor, id ClientID) (Client, error) {
	var task TaskID
	c, err := d.edit(ctx, by, id, ActionAskErasure, func(ch *change) error {
		task = ch.client.EraseTask
		ch.client.EraseBy, ch.client.EraseTask = Date{}, ""
		return nil
	})
	if err != nil || task == "" {
		return c, err
	}
	_, err = d.closeTask(ctx, by.then(), task, TaskDropped, time.Time{})
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict) {
		err = nil // it is done with already
	}
	return c, err
}

// EraseClient removes a client for good, with touches, tasks, and what the record of changes says of them; that it was done
// stays. The card goes into the bin as if it had been there for long: should the program end before the rest is done, PurgeBin does
// it. One that is gone already is no error.
func (d *Desk) EraseClient(ctx context.Context, by Actor, id ClientID) error {
	if _, _, err := d.guarded(ctx, by, ActionEraseClient); err != nil {
		return err
	}
	c, err := d.edit(ctx, by, id, ActionEraseClient, func(ch *change) error {
		ch.client.Deleted = d.now().AddDate(0, 0, -BinDays-1)
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		if _, gone := d.store.Event(ctx, by.Team, PurgeEventID(id)); gone == nil {
			return nil
		}
	}
	if err != nil {
		return err
	}
	if _, err := d.store.PurgeClients(ctx, Purge{Before: d.now(), At: d.now(), Limit: 1, Team: by.Team, Client: c.ID}); err != nil {
		return fmt.Errorf("erase client: %w", err)
	}
	return nil
}
