package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// undo takes back what the rows did, the last first, as far as nobody has touched it since.
func (w *importWorker) undo(ctx context.Context) error {
	w.tell(ctx)
	for w.i.Cursor > 0 {
		from := max(w.i.Cursor-importBatch, 0)
		var ids []EventID
		for n := w.i.Cursor; n > from; n-- {
			ids = append(ids, w.i.rowEvent(n))
		}
		counts, kept := w.i.Counts, w.i.Kept
		if err := w.undoBatch(ctx, ids); errors.Is(err, ErrConflict) {
			w.i.Counts, w.i.Kept = counts, kept
			continue // somebody works on one of the cards: look again
		} else if err != nil {
			return err
		}
		w.i.Cursor, w.i.Lease = from, w.desk.now().Add(importLease)
		if err := w.save(ctx); err != nil {
			return err
		}
		w.tell(ctx)
	}
	w.i.State, w.i.Ended = ImportUndone, w.desk.now()
	return w.end(ctx)
}

// undoBatch takes back what some rows did. One card may have been changed by several of them: then the others wait for the
// first in the list.
func (w *importWorker) undoBatch(ctx context.Context, ids []EventID) error {
	events, err := w.desk.store.EventsByID(ctx, w.team.ID, ids)
	if err != nil {
		return fmt.Errorf("what the rows did: %w", err)
	}
	byID := map[EventID]Event{}
	for _, e := range events {
		byID[e.ID] = e
	}
	for len(ids) > 0 {
		var now []Event
		busy := map[string]bool{}
		rest := ids
		for len(rest) > 0 {
			e, there := byID[rest[0]]
			if there && busy[e.Record] {
				break
			}
			if rest = rest[1:]; there {
				busy[e.Record] = true
				now = append(now, e)
			}
		}
		for len(now) > 0 {
			if now, err = w.undoEvents(ctx, now); err != nil {
				return err
			}
		}
		ids = rest
	}
	return nil
}

// undoEvents takes back changes of different cards. It returns those before which a later one of their card was taken back, a row
// that was judged after others: they are to be asked for again.
func (w *importWorker) undoEvents(ctx context.Context, events []Event) (again []Event, err error) {
	var ids []ClientID
	var undone []EventID
	for _, e := range events {
		ids, undone = append(ids, ClientID(e.Record)), append(undone, w.undoID(e))
	}
	cards, err := w.desk.store.ClientsByID(ctx, w.team.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("cards of the rows: %w", err)
	}
	byID := map[string]Client{}
	for _, c := range cards {
		byID[string(c.ID)] = c
	}
	done, err := w.desk.store.EventsByID(ctx, w.team.ID, undone)
	if err != nil {
		return nil, fmt.Errorf("what was undone before: %w", err)
	}
	before := map[EventID]bool{}
	for _, e := range done {
		before[e.ID] = true
	}
	var changes []ClientChange
	for _, e := range events {
		c, there := byID[e.Record]
		switch {
		case !there: // purged
		case before[w.undoID(e)]:
			w.undid(e)
		default:
			since, err := w.since(ctx, c, e)
			if err != nil {
				return nil, err
			}
			last := w.lastOf(since, e)
			ch, err := w.takeBack(ctx, c, last, since)
			switch {
			case err != nil:
				return nil, err
			case ch == nil:
				w.keep(c.ID)
				continue
			case last.ID != e.ID:
				again = append(again, e) // the other is counted at its row
			default:
				w.undid(e)
			}
			changes = append(changes, *ch)
		}
	}
	if len(changes) == 0 {
		return nil, nil
	}
	return again, w.desk.store.SaveClients(ctx, changes)
}

// since are the changes of a card after that of a row.
func (w *importWorker) since(ctx context.Context, c Client, e Event) ([]Event, error) {
	if c.Rev == e.Rev {
		return nil, nil
	}
	since, err := w.desk.store.Events(ctx, EventQuery{Team: w.team.ID, Record: e.Record, Limit: int(c.Rev - e.Rev)})
	if err != nil {
		return nil, fmt.Errorf("changes of client %s: %w", c.ID, err)
	}
	return since, nil
}

// ours reports an event of the import; back that it is one by which another was taken back.
func (w *importWorker) ours(e Event) (ours, back bool) {
	id, cause := string(e.ID), string(w.i.cause())
	return strings.HasPrefix(id, cause), strings.HasPrefix(id, cause+"u")
}

// lastOf is the last change that the rows made of a card and that is not taken back yet: e, or one of those since.
func (w *importWorker) lastOf(since []Event, e Event) Event {
	undone := map[EventID]bool{}
	for _, other := range since {
		undone[other.ID] = true
	}
	for _, other := range since {
		if ours, back := w.ours(other); ours && !back && other.Rev > e.Rev && !undone[w.undoID(other)] {
			e = other
		}
	}
	return e
}

// undoID is the id of the event by which e is taken back.
func (w *importWorker) undoID(e Event) EventID {
	return EventID(strings.Replace(string(e.ID), string(w.i.cause()), string(w.i.cause())+"u", 1))
}

// undid counts what is taken back.
func (w *importWorker) undid(e Event) {
	w.i.Counts.Undone++
	if e.Action == ActionAddClient {
		w.i.Counts.Binned++
	}
}

// keep counts a card that stays, once for all rows that were about it.
func (w *importWorker) keep(id ClientID) {
	if slices.Contains(w.i.Kept, id) {
		return
	}
	w.i.Counts.Kept++
	if len(w.i.Kept) < maxKept {
		w.i.Kept = append(w.i.Kept, id)
	}
}

// takeBack makes the change that undoes what a row did with a card; nil if somebody has touched the card since.
func (w *importWorker) takeBack(ctx context.Context, c Client, e Event, since []Event) (*ClientChange, error) {
	for _, other := range since { // later rows of this file, which are undone by now, and what changes no card
		if ours, _ := w.ours(other); !ours && !other.aside() && other.Rev > e.Rev {
			return nil, nil
		}
	}
	if e.Action == ActionAddClient {
		if more, err := w.hasMore(ctx, c); more || err != nil {
			return nil, err
		}
	}
	next := c.clone()
	ev := Event{ID: w.undoID(e), Team: c.Team, Schema: schemaVersion, Record: e.Record, Rev: c.Rev + 1, By: w.by.ID,
		At: w.desk.now(), Undoes: e.ID, PartOf: w.i.undoneEvent()}
	var undone []Touch
	if e.Action == ActionAddClient {
		ev.Action, next.Deleted = ActionDeleteClient, ev.At
	} else {
		ev.Action = ActionUndoClient
		if err := putBack(&next, e.Fields); err != nil {
			return nil, fmt.Errorf("put client %s back: %w", c.ID, err)
		}
		var err error
		if undone, err = w.brought(ctx, c, e.At); err != nil {
			return nil, err
		}
	}
	next.Rev, next.Updated = ev.Rev, ev.At
	next.index(w.team.Fields)
	ev.Fields = diff(c, next)
	return &ClientChange{Client: next, Event: ev, Undone: undone}, nil
}

// hasMore reports whether a card that a row made has a consent, or a task that is not as the row brought it: they are records of
// their own, and go with the card.
func (w *importWorker) hasMore(ctx context.Context, c Client) (bool, error) {
	consents, err := w.desk.store.Consents(ctx, c.Team, c.ID)
	if err != nil || len(consents) > 0 {
		return true, err
	}
	tasks, err := w.desk.store.Tasks(ctx, TaskQuery{Team: c.Team, Client: c.ID, Limit: maxRecordTasks + 1})
	if err != nil {
		return false, fmt.Errorf("tasks of client %s: %w", c.ID, err)
	}
	for _, t := range tasks {
		events, err := w.desk.store.Events(ctx, EventQuery{Team: t.Team, Record: string(t.ID), Limit: 2})
		if err != nil {
			return false, fmt.Errorf("changes of task %s: %w", t.ID, err)
		}
		if len(events) != 1 || !strings.HasPrefix(string(events[0].ID), "it"+string(w.i.ID)+".") {
			return true, nil
		}
	}
	return false, nil
}

// brought are the entries of a card's history that a row has brought, taken back: they bear the time of its event.
func (w *importWorker) brought(ctx context.Context, c Client, at time.Time) ([]Touch, error) {
	var undone []Touch
	q := TouchQuery{Team: c.Team, Client: c.ID, Limit: exportPage}
	for {
		page, err := w.desk.store.Touches(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("history of client %s: %w", c.ID, err)
		}
		for _, t := range page {
			q.After = &TouchMark{At: t.At, ID: t.ID}
			if t.Created.Equal(at) && t.Kind != TouchUndone {
				undone = append(undone, t.undone())
			}
		}
		if len(page) < q.Limit {
			return undone, nil
		}
	}
}
