package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"kartoteka/crm"
)

const insertTouch = `INSERT OR IGNORE INTO touches (team, client, newest, id, kind, doc)`

func touchRow(touch crm.Touch) ([]any, error) {
	doc, err := json.Marshal(touch)
	return []any{string(touch.Team), string(touch.Client), descending(touch.At), string(touch.ID), string(touch.Kind), string(doc)}, err
}

// replaceTouch keeps an entry as it now is.
func (t *tx) replaceTouch(touch crm.Touch) error {
	doc, err := json.Marshal(touch)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE touches SET kind = ?, doc = ? WHERE id = ? AND team = ?`, touch.Kind, string(doc), touch.ID, touch.Team)
	return err
}

// Touches lists a client's history, newest first, then by id descending.
func (s *Store) Touches(ctx context.Context, q crm.TouchQuery) ([]crm.Touch, error) {
	where, args := `team = ? AND client = ?`, []any{q.Team, q.Client}
	if len(q.IDs) > 0 {
		where += ` AND id IN (` + marks(len(q.IDs)) + `)`
		args = append(args, anys(q.IDs)...)
	}
	if len(q.Kinds) > 0 {
		where += ` AND kind IN (` + marks(len(q.Kinds)) + `)`
		args = append(args, anys(q.Kinds)...)
	}
	if q.After != nil {
		where += ` AND newest >= ? AND (newest > ? OR id < ?)`
		at := descending(q.After.At)
		args = append(args, at, at, q.After.ID)
	}
	return list[crm.Touch](ctx, s.reader, "touches",
		`SELECT doc FROM touches INDEXED BY touches_client WHERE `+where+` ORDER BY newest, id DESC LIMIT +?`,
		append(args, q.Limit)...)
}

// happened is what of a history happened with the client.
const happened = `kind <> 'note' AND kind <> 'decision' AND kind <> 'undone'`

// CountTouches counts one member's, by the index alone.
func (s *Store) CountTouches(ctx context.Context, q crm.TouchCount) (int, error) {
	n, err := s.reader.count(ctx, `SELECT count(*) FROM touches INDEXED BY touches_happened
		WHERE team = ? AND json_extract(doc, '$.by') = ? AND newest <= ? AND newest > ? AND `+happened,
		q.Team, q.By, -roundUp(q.From), -roundUp(q.Before))
	if err != nil {
		return 0, fmt.Errorf("sqlite: count touches: %w", err)
	}
	return n, nil
}
