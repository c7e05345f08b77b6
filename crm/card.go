package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"
)

// BinDays is how long a deleted card can be restored.
const BinDays = 30

// Freshness says how far a card's data can be trusted.
type Freshness string

const (
	Fresh   Freshness = "green"  // confirmed within 3 months
	Fading  Freshness = "yellow" // 3 to 6 months ago
	Doubted Freshness = "red"    // more than 6 months ago
)

// Freshness of the card's data at a time.
func (c Client) Freshness(now time.Time) Freshness {
	switch {
	case c.Confirmed.After(now.AddDate(0, -3, 0)):
		return Fresh
	case c.Confirmed.After(redSince(now)):
		return Fading
	}
	return Doubted
}

// redSince is when data that are Doubted now were confirmed at the latest.
func redSince(now time.Time) time.Time { return now.AddDate(0, -6, 0) }

// confirmEvery is the number of touches after which people are asked whether the data are still right.
const confirmEvery = 6

// AskConfirm reports whether the last touch was one after which to ask if the data are still right.
func (c Client) AskConfirm() bool { return c.Touches > 0 && c.Touches%confirmEvery == 0 }

// Client returns a card that by may see, deleted ones included. ErrNotFound, ErrDenied.
func (d *Desk) Client(ctx context.Context, by Actor, id ClientID) (Client, error) {
	team, _, err := d.gate(ctx, by, ActionReadClient)
	if err != nil {
		return Client{}, err
	}
	c, err := d.visible(ctx, team, by, id)
	if err == nil {
		err = d.looked(ctx, by, team, id)
	}
	return c.seenBy(by.Role, team), err
}

// remembered reads a card whose history by may read.
func (d *Desk) remembered(ctx context.Context, by Actor, id ClientID) (Client, error) {
	team, _, err := d.gate(ctx, by, ActionReadHistory)
	if err != nil {
		return Client{}, err
	}
	return d.visible(ctx, team, by, id)
}

// May reports whether by may do a with this card, to decide which buttons to show. The use case asks again.
func (d *Desk) May(ctx context.Context, by Actor, a Action, c Client) bool {
	_, reach, err := d.gate(ctx, by, a)
	return err == nil && reach.allows(c)
}

// ConfirmClient notes that the card's data are right as of now.
func (d *Desk) ConfirmClient(ctx context.Context, by Actor, id ClientID) (Client, error) {
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		ch.client.Confirmed = d.now()
		return nil
	})
}

// ArchiveClient puts a card into the archive stage with a reason (at most 500 characters, may be empty).
func (d *Desk) ArchiveClient(ctx context.Context, by Actor, id ClientID, reason string) (Client, error) {
	return d.edit(ctx, by, id, ActionArchiveClient, func(ch *change) error {
		c := ch.client
		text, err := cleanText(reason, maxReason, "archive_reason")
		if err != nil {
			return err
		}
		if c.Stage != StageArchive {
			c.BeforeArchive = c.Stage
		}
		c.Stage, c.ArchiveReason = StageArchive, text
		return nil
	})
}

// RestoreClient takes a card out of the bin, or else out of the archive back to the stage it had. It fails with a
// DuplicateError if another card has got a phone, e-mail or username of the one in the bin by now.
func (d *Desk) RestoreClient(ctx context.Context, by Actor, id ClientID) (Client, error) {
	return d.restore(ctx, by, id, false)
}

// RestoreDespite is RestoreClient whatever other cards have.
func (d *Desk) RestoreDespite(ctx context.Context, by Actor, id ClientID) (Client, error) {
	return d.restore(ctx, by, id, true)
}

func (d *Desk) restore(ctx context.Context, by Actor, id ClientID, despite bool) (Client, error) {
	c, err := d.edit(ctx, by, id, ActionRestoreClient, func(ch *change) error {
		c, before := ch.client, *ch.client
		if !c.Deleted.IsZero() {
			c.Deleted = time.Time{}
			if despite {
				return nil
			}
			return d.unheld(ctx, ch, by, before)
		}
		if c.Stage == StageArchive {
			c.leaveArchive(c.BeforeArchive)
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	return c, d.settleChange(ctx, by, c)
}

// away reports whether a card is in the bin or the archive, where nothing is said of its next contact.
func (c Client) away() bool { return !c.Deleted.IsZero() || c.Stage == StageArchive }

// comeBack has a next contact that may have passed unsaid while the card was away be due now. One that had passed a day
// before the card was put into the bin was told of: the longest quiet hours are over by then.
func (c *Client) comeBack(deleted, now time.Time) {
	if c.NextContact.IsZero() || c.NextContact.After(now) || !deleted.IsZero() && c.NextContact.Before(deleted.Add(-24*time.Hour)) {
		return
	}
	c.NextContact = now
}

// leaveArchive sets a stage other than the archive and forgets what the archive kept.
func (c *Client) leaveArchive(to Stage) {
	if to == "" || to == StageArchive {
		to = StageLead
	}
	c.Stage, c.ArchiveReason, c.BeforeArchive = to, "", ""
}

// DeleteClient puts a card into the bin for BinDays.
func (d *Desk) DeleteClient(ctx context.Context, by Actor, id ClientID) (Client, error) {
	return d.edit(ctx, by, id, ActionDeleteClient, func(ch *change) error {
		if ch.client.Deleted.IsZero() {
			ch.client.Deleted = d.now()
		}
		return nil
	})
}

// purgeBatch is how many cards one purge removes at the most.
const purgeBatch = 500

// PurgeBin removes for good what has been in the bin for BinDays, in every team; it is run by the clock, not by
// a member. It returns how many cards went.
func (d *Desk) PurgeBin(ctx context.Context) (int, error) {
	n, err := d.store.PurgeClients(ctx, Purge{Before: d.now().AddDate(0, 0, -BinDays), At: d.now(), Limit: purgeBatch})
	if err != nil {
		return n, fmt.Errorf("purge the bin: %w", err)
	}
	return n, nil
}

// UndoClient takes back the last change of a card's fields, if it made the revision rev and nothing but decisions about tasks has come
// since. ErrNotFound on "undo" if not, or if there is nothing to take back: the last change was the card's creation, a touch, an undo. It fails
// with a DuplicateError if another card has got by now what would come back.
func (d *Desk) UndoClient(ctx context.Context, by Actor, id ClientID, rev int64) (Client, error) {
	return d.undo(ctx, by, id, rev, false)
}

// UndoDespite is UndoClient whatever other cards have.
func (d *Desk) UndoDespite(ctx context.Context, by Actor, id ClientID, rev int64) (Client, error) {
	return d.undo(ctx, by, id, rev, true)
}

func (d *Desk) undo(ctx context.Context, by Actor, id ClientID, rev int64, despite bool) (Client, error) {
	c, err := d.edit(ctx, by, id, ActionUndoClient, func(ch *change) error {
		last, err := d.lastEvent(ctx, by.Team, string(ch.client.ID))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err != nil || !last.Undoable() || last.Rev != rev {
			return &Error{Kind: ErrNotFound, Field: "undo"}
		}
		return d.takeBack(ctx, ch, by, last, despite)
	})
	if err != nil {
		return c, err
	}
	return c, d.settleChange(ctx, by, c)
}

// settleChange has what hangs on a card follow a change of it that by has made: tasks whose owner it changed or that come back out of the
// bin, the countdown of an erasure.
func (d *Desk) settleChange(ctx context.Context, by Actor, c Client) error {
	ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if errors.Is(err, ErrNotFound) {
		return nil // nothing was changed
	}
	if err != nil {
		return fmt.Errorf("read what was taken back: %w", err)
	}
	if _, given := ev.Fields["owner"]; given {
		if err := d.tasksReturn(ctx, by, ev.Undoes.causeOn(ev.Record), []ClientID{c.ID}); err != nil {
			return err
		}
	}
	if deleted, changed := ev.Fields["deleted"]; changed && deleted.After == "" {
		if err := d.tasksComeBack(ctx, ev, c); err != nil {
			return err
		}
	}
	return d.turnCountdown(ctx, by, ev)
}

// Undoable reports whether the change can be taken back.
func (e Event) Undoable() bool {
	switch e.Action {
	case ActionEditClient, ActionArchiveClient, ActionRestoreClient, ActionDeleteClient, ActionHandOverClient, ActionAskErasure:
		return e.Undoes == "" && len(e.own()) > 0
	}
	return false
}

// own are the fields that the change itself set. What it told of touches stays: they are in the history for good.
func (e Event) own() map[string]Delta {
	out := maps.Clone(e.Fields)
	if _, touched := out["touches"]; touched {
		delete(out, "next_contact")
	}
	for _, name := range counted {
		delete(out, name)
	}
	return out
}

// counted are the fields that tell of a card's touches and notes.
var counted = []string{"touches", "last_touch", "first_contact", "last_note", "offered", "bought"}

// LastChange returns the newest event that changed a card; ErrNotFound if there is none or by may not see the card,
// ErrDenied if its history is not for by.
func (d *Desk) LastChange(ctx context.Context, by Actor, id ClientID) (Event, error) {
	c, err := d.remembered(ctx, by, id)
	if err != nil {
		return Event{}, err
	}
	last, err := d.lastEvent(ctx, by.Team, string(c.ID))
	return last.seenBy(by.Role), err
}

// putBack sets fields of a card or a task to what they were before an event.
func putBack[T any](record *T, fields map[string]Delta) error {
	now := fieldsOf(*record)
	for name, delta := range fields {
		if delta.Before == "" {
			delete(now, name)
		} else {
			now[name] = json.RawMessage(delta.Before)
		}
	}
	raw, err := json.Marshal(now)
	if err != nil {
		return errors.Join(ErrInvalid, err)
	}
	var out T
	if err := json.Unmarshal(raw, &out); err != nil {
		return errors.Join(ErrInvalid, err)
	}
	*record = out
	return nil
}
