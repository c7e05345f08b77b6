package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kartoteka/crm"
)

// PlanReminder keeps r unless there is one with its id.
func (s *Store) PlanReminder(ctx context.Context, r crm.Reminder) (bool, error) {
	doc, err := json.Marshal(r)
	if err != nil {
		return false, fmt.Errorf("sqlite: plan reminder: %w", err)
	}
	there, err := s.reader.number(ctx, isPlanned, r.ID)
	if err != nil || there > 0 {
		return false, err
	}
	var n int64
	err = s.write(ctx, func(t *tx) (err error) {
		n, err = t.insertReminder(r, doc)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("sqlite: plan reminder: %w", err)
	}
	return n == 1, nil
}

const (
	isPlanned    = `SELECT count(*) FROM reminders WHERE id = ?`
	noteProgress = `INSERT INTO progress (id, at) VALUES (?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)`
)

// insertReminder returns how many were not there yet.
func (t *tx) insertReminder(r crm.Reminder, doc []byte) (int64, error) {
	return t.exec(`INSERT INTO reminders (id, team, member, state, fence, due, until, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		r.ID, r.Team, r.Member, r.State, r.Fence, r.Due.UnixMilli(), r.Until.UnixMilli(), string(doc))
}

// PlanReminders keeps those of a batch whose id is new and notes how far the planners got, in one transaction.
func (s *Store) PlanReminders(ctx context.Context, batch []crm.Reminder, progress map[string]time.Time) error {
	known, err := s.known(ctx, batch)
	if err != nil {
		return fmt.Errorf("sqlite: plan reminders: %w", err)
	}
	fresh := slices.DeleteFunc(slices.Clone(batch), func(r crm.Reminder) bool { return known[r.ID] })
	if len(fresh)+len(progress) == 0 {
		return nil
	}
	err = s.write(ctx, func(t *tx) error {
		for _, r := range fresh {
			doc, err := json.Marshal(r)
			if err != nil {
				return err
			}
			if _, err := t.insertReminder(r, doc); err != nil {
				return err
			}
		}
		for planner, at := range progress {
			if _, err := t.exec(noteProgress, planner, at.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sqlite: plan reminders: %w", err)
	}
	return nil
}

// known tells which of a batch are there already: most, since planning looks at the same records again and again, and a look
// waits for no writer.
func (s *Store) known(ctx context.Context, batch []crm.Reminder) (map[string]bool, error) {
	ids := make([]string, len(batch))
	for i, r := range batch {
		ids[i] = r.ID
	}
	slices.Sort(ids) // neighbours in the index are looked up together
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	err = s.reader.rows(ctx, `SELECT r.id FROM json_each(?) j CROSS JOIN reminders r ON r.id = j.value`, []any{string(wanted)},
		func(r *sql.Rows) (bool, error) {
			var id string
			err := r.Scan(&id)
			known[id] = true
			return false, err
		})
	return known, err
}

// LeaseReminders takes what is due.
func (s *Store) LeaseReminders(ctx context.Context, l crm.Lease) ([]crm.Reminder, error) {
	due, err := s.leasable(ctx, l)
	if err != nil {
		return nil, fmt.Errorf("sqlite: lease reminders: %w", err)
	}
	if len(due) == 0 {
		return nil, nil
	}
	var leased []crm.Reminder
	err = s.write(ctx, func(t *tx) error { // all at once: each write waits for the disk
		for _, r := range due {
			from, fence := r.State, r.Fence
			r.Take(l.Until)
			err := t.moveReminder(r, fence, from)
			if errors.Is(err, crm.ErrConflict) {
				continue // another process took it
			}
			if err != nil {
				return err
			}
			leased = append(leased, r)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("sqlite: lease reminders: %w", err)
	}
	return leased, nil
}

// leasable lists what may be taken: planned and due, or to be taken again.
func (s *Store) leasable(ctx context.Context, l crm.Lease) ([]crm.Reminder, error) {
	of, planned, left, args := "", "reminders_due", "reminders_leased", []any{l.Now.UnixMilli(), l.Limit}
	if l.Member != "" {
		of, planned, left, args = "member = ?3 AND ", "reminders_member", "reminders_member", append(args, l.Member)
	}
	return list[crm.Reminder](ctx, s.reader, "due reminders", `SELECT doc FROM (
			SELECT * FROM (SELECT doc, due, id FROM reminders INDEXED BY `+planned+` WHERE `+of+`state = 'planned' AND due <= ?1
				ORDER BY due, id LIMIT ?2)
			UNION ALL
			SELECT * FROM (SELECT doc, due, id FROM reminders INDEXED BY `+left+`
				WHERE `+of+`state IN ('`+resumed+`') AND until <= ?1 ORDER BY until, id LIMIT ?2)
		) ORDER BY due, id LIMIT ?2`, args...)
}

// resumed and done are crm.ResumedStates and crm.DoneStates in SQL.
var resumed, done = quoted(crm.ResumedStates), quoted(crm.DoneStates)

func quoted(states []crm.ReminderState) string {
	var texts []string
	for _, s := range states {
		texts = append(texts, string(s))
	}
	return strings.Join(texts, "', '")
}

// PurgeReminders removes those that were done before a time, at most limit. The documents' texts of times are compared: up to the
// second they sort as the times do.
func (s *Store) PurgeReminders(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int64
	err := s.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(`DELETE FROM reminders WHERE rowid IN (SELECT rowid FROM reminders INDEXED BY reminders_done
			WHERE state IN ('`+done+`') AND json_extract(doc, '$.done') < ? LIMIT ?)`, toSecond(before), limit)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sqlite: purge reminders: %w", err)
	}
	return int(n), nil
}

func (t *tx) moveReminder(r crm.Reminder, fence int64, from crm.ReminderState) error {
	doc, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return t.change(crm.ErrConflict, `UPDATE reminders SET member = ?, state = ?, fence = ?, due = ?, until = ?, doc = ?
		WHERE id = ? AND team = ? AND fence = ? AND state = ?`, r.Member, r.State, r.Fence, r.Due.UnixMilli(), r.Until.UnixMilli(),
		string(doc), r.ID, r.Team, fence, from)
}

// Reminders answers the query in full, by due time, then id.
func (s *Store) Reminders(ctx context.Context, q crm.ReminderQuery) ([]crm.Reminder, error) {
	var w where
	from := `reminders INDEXED BY reminders_team`
	switch {
	case len(q.IDs) > 0:
		from = `reminders`
		anyOf(&w, "id", q.IDs)
	case q.Member != "":
		from = `reminders INDEXED BY reminders_member`
	}
	w.and("team = ?", q.Team)
	anyOf(&w, "state", q.States)
	if q.Member != "" {
		w.and("member = ?", q.Member)
	}
	if !q.DueBefore.IsZero() {
		w.and("due < ?", q.DueBefore.UnixMilli())
	}
	if q.After != nil {
		w.and("(due, id) > (?, ?)", q.After.Due.UnixMilli(), q.After.ID)
	}
	order := " ORDER BY due, id LIMIT +?"
	if q.Latest {
		order = " ORDER BY due DESC, id DESC LIMIT +?"
	}
	return list[crm.Reminder](ctx, s.reader, "reminders",
		`SELECT doc FROM `+from+` WHERE `+w.String()+order, append(w.args, q.Limit)...)
}

// Progress is how far a planner got; zero if it never ran.
func (s *Store) Progress(ctx context.Context, planner string) (time.Time, error) {
	var at time.Time
	err := s.reader.rows(ctx, `SELECT at FROM progress WHERE id = ?`, []any{planner}, func(r *sql.Rows) (bool, error) {
		var ms int64
		err := r.Scan(&ms)
		at = time.UnixMilli(ms).UTC()
		return true, err
	})
	if err != nil {
		return at, fmt.Errorf("sqlite: progress: %w", err)
	}
	return at, nil
}

// SetProgress notes how far a planner got; it never goes back.
func (s *Store) SetProgress(ctx context.Context, planner string, at time.Time) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(noteProgress, planner, at.UnixMilli())
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: note progress: %w", err)
	}
	return nil
}
