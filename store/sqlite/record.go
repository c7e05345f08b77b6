package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kartoteka/crm"
)

// record is a document of one of the small kinds, which are found by id and by expressions over the document.
type record struct {
	table string
	id    string
	team  crm.TeamID
	rev   int64
	born  time.Time
	doc   any
}

// toSecond is a time as it compares with those in documents, which hold parts of seconds or none.
func toSecond(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05") }

// saveRecord writes a record and its event as one, by the rules of crm.ClientChange.
func (s *Store) saveRecord(ctx context.Context, r record, e crm.Event) error {
	err := s.write(ctx, func(t *tx) error {
		if err := t.addEvent(e); err != nil {
			return err
		}
		return t.putRecord(r)
	})
	if err != nil {
		return fmt.Errorf("sqlite: save %s %s: %w", r.table, r.id, err)
	}
	return nil
}

func (t *tx) insertRecord(r record, doc []byte) error {
	return t.change(crm.ErrConflict,
		`INSERT INTO `+r.table+` (id, team, rev, born, doc) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		r.id, r.team, r.rev, r.born.UnixMilli(), string(doc))
}

// putRecord creates (rev 1) or replaces the record.
func (t *tx) putRecord(r record) error {
	doc, err := json.Marshal(r.doc)
	if err != nil {
		return err
	}
	if r.rev == 1 {
		return t.insertRecord(r, doc)
	}
	n, err := t.exec(`UPDATE `+r.table+` SET rev = ?, doc = ? WHERE id = ? AND team = ? AND rev = ?`,
		r.rev, string(doc), r.id, r.team, r.rev-1)
	if err != nil || n == 1 {
		return err
	}
	var found int
	err = t.row(`SELECT 1 FROM `+r.table+` WHERE id = ? AND team = ?`, []any{r.id, r.team}, &found)
	if errors.Is(err, sql.ErrNoRows) {
		return crm.ErrNotFound
	}
	if err != nil {
		return err
	}
	return crm.ErrConflict
}
