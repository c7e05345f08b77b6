package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"kartoteka/crm"
)

// PurgeClients removes for good what has been in the bin for long enough, in all teams, with touches and
// the personal data in events. Each card goes in a transaction of its own: the other writers take turns.
func (s *Store) PurgeClients(ctx context.Context, p crm.Purge) (int, error) {
	var due []int64
	text, args := `SELECT c.n FROM clients c INDEXED BY clients_bin WHERE c.deleted IS NOT NULL AND c.deleted < ? AND `+notMerged+` LIMIT +?`, []any{p.Before.UnixMilli(), p.Limit}
	if p.Client != "" {
		text, args = `SELECT n FROM clients WHERE id = ? AND team = ? AND deleted IS NOT NULL AND deleted < ?`, []any{p.Client, p.Team, p.Before.UnixMilli()}
	}
	err := s.reader.rows(ctx, text, args, func(r *sql.Rows) (bool, error) {
		var n int64
		err := r.Scan(&n)
		due = append(due, n)
		return false, err
	})
	purged := 0
	for _, n := range due {
		var gone bool
		if err == nil {
			gone, err = s.purgeClient(ctx, n, p)
		}
		if gone {
			purged++
		}
	}
	if purged > 0 {
		s.emptyLog(ctx)
	}
	if err != nil {
		return purged, fmt.Errorf("sqlite: purge clients: %w", err)
	}
	return purged, nil
}

// logWait is for how many ms those who write wait for who reads when the log is emptied.
const logWait = 250

// emptyLog puts what was written into the base and empties the log beside it: there pages stand as they were before what is on them was
// erased. While somebody reads an older state for longer than writers can wait, as a backup does, or where it fails, it stays: who was erased is
// erased, and Compact, which follows, empties it too.
func (s *Store) emptyLog(ctx context.Context) {
	select {
	case s.writer.turn <- struct{}{}:
		defer func() { <-s.writer.turn }()
	case <-ctx.Done():
		return
	}
	for _, do := range []string{waiting(logWait), `PRAGMA wal_checkpoint(TRUNCATE)`, waiting(busyWait)} {
		_, _ = s.writer.conn.ExecContext(context.WithoutCancel(ctx), do) // each bounded by the wait
	}
}

// waiting sets for how many ms the connection waits for others.
func waiting(ms int) string { return "PRAGMA busy_timeout = " + strconv.Itoa(ms) }

// purgeClient removes the card in row n, unless somebody took it out of the bin meanwhile.
func (s *Store) purgeClient(ctx context.Context, n int64, p crm.Purge) (gone bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		var c crm.Client
		c, gone, err = t.purgeRow(`n = ? AND deleted < ?`, []any{n, p.Before.UnixMilli()}, p.At)
		for _, id := range c.Merged { // they are the same client's
			if err == nil {
				_, _, err = t.purgeRow(`id = ? AND team = ? AND deleted IS NOT NULL`, []any{id, c.Team}, p.At)
			}
		}
		return err
	})
	return gone && err == nil, err
}

// purgeRow removes the card that the condition finds, with all that is only about it; there is false if it finds none.
func (t *tx) purgeRow(where string, args []any, at time.Time) (c crm.Client, there bool, err error) {
	var n int64
	var doc string
	err = t.row(`DELETE FROM clients WHERE `+where+` RETURNING n, doc`, args, &n, &doc)
	if errors.Is(err, sql.ErrNoRows) {
		return c, false, nil
	}
	if err == nil {
		err = decodeRaw([]byte(doc), &c)
	}
	if err == nil {
		side := bulk{}
		side.add(n, c, crm.Client{Team: c.Team}) // by what it was found in the bin
		err = t.flush(side)
	}
	if err == nil {
		_, err = t.exec(`DELETE FROM touches WHERE team = ? AND client = ?`, c.Team, c.ID)
	}
	if err != nil {
		return c, true, err
	}
	return c, true, errors.Join(t.purgeTasks(c.Team, c.ID, at), t.unlearn(c.Team, doc), t.forget(c, at),
		t.purgeRecord(crm.Event{ID: crm.PurgeEventID(c.ID), Team: c.Team, Action: crm.ActionPurgeClient, Record: string(c.ID), Rev: c.Rev + 1, At: at}))
}

// purgeTasks removes the tasks about a card.
func (t *tx) purgeTasks(team crm.TeamID, client crm.ClientID, at time.Time) error {
	for {
		var id crm.TaskID
		var rev int64
		err := t.row(`DELETE FROM tasks WHERE id = (SELECT id FROM tasks INDEXED BY tasks_client WHERE team = ? AND client = ? LIMIT 1) RETURNING id, rev`,
			[]any{team, client}, &id, &rev)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err == nil {
			err = t.purgeRecord(crm.Event{ID: crm.PurgeEventID(id), Team: team, Action: crm.ActionPurgeTask, Record: string(id), Rev: rev + 1, At: at})
		}
		if err != nil {
			return err
		}
	}
}

// forget empties what other cards' events say of a card that was merged into them for a time, be it together with another.
func (t *tx) forget(c crm.Client, at time.Time) error {
	into, err := crm.MergedInto(c.ID, func(id crm.ClientID) ([]crm.Event, error) { return t.eventsOf(c.Team, id) })
	if err != nil {
		return err
	}
	for _, kept := range slices.Backward(into) {
		events, err := t.eventsOf(c.Team, kept)
		if err == nil {
			err = t.forgetIn(kept, crm.Forget(c.Team, c.ID, kept, events, at))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetIn empties the events of a card that one names.
func (t *tx) forgetIn(kept crm.ClientID, e crm.Event) error {
	ids, notes := e.Forgets(kept)
	if len(ids) == 0 {
		return nil
	}
	events, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	touches, err := json.Marshal(notes)
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE events SET doc = json_set(json_remove(doc, '$.fields'), '$.emptied', ?)
		WHERE team = ? AND record = ? AND id IN (SELECT value FROM json_each(?))`, e.ID, e.Team, kept, string(events)); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM touches WHERE team = ? AND client = ? AND id IN (SELECT value FROM json_each(?))`, e.Team, kept, string(touches)); err != nil {
		return err
	}
	if err := t.addEvent(e); err != nil && !errors.Is(err, crm.ErrApplied) { // the same client was removed before and came back
		return err
	}
	return nil
}

// eventsOf lists all events of a card.
func (t *tx) eventsOf(team crm.TeamID, id crm.ClientID) (all []crm.Event, err error) {
	var docs string
	if err := t.row(`SELECT json_group_array(json(doc)) FROM events INDEXED BY events_record WHERE team = ? AND record = ?`, []any{team, id}, &docs); err != nil {
		return nil, err
	}
	return all, json.Unmarshal([]byte(docs), &all)
}

// purgeRecord takes out of a record's events what they say of it, and adds the event that says so.
func (t *tx) purgeRecord(e crm.Event) error {
	if _, err := t.exec(`UPDATE events SET doc = json_remove(doc, '$.fields') WHERE team = ? AND record = ?`, e.Team, e.Record); err != nil {
		return err
	}
	if err := t.forgetSalts(e.Team, []string{e.Record}); err != nil {
		return err
	}
	e.Schema = crm.SchemaVersion
	if err := t.addEvent(e); err != nil && !errors.Is(err, crm.ErrApplied) { // the same id was purged before and made anew
		return err
	}
	return nil
}

// Compact writes the file anew, with nothing in it but what is there to be read, and empties its log. The copy is built in a file, not
// in memory, where all else that is temporary lies.
func (s *Store) Compact(ctx context.Context) error {
	select {
	case s.writer.turn <- struct{}{}:
		defer func() { <-s.writer.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for _, do := range []string{`PRAGMA temp_store = FILE`, `VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := s.writer.conn.ExecContext(ctx, do); err != nil {
			return fmt.Errorf("sqlite: compact: %w", err)
		}
	}
	if _, err := s.writer.conn.ExecContext(ctx, `PRAGMA temp_store = MEMORY`); err != nil {
		return fmt.Errorf("sqlite: compact: %w", err)
	}
	return nil
}
