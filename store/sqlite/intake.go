package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kartoteka/crm"
)

// SetAside keeps an update that could not be handled; the first of the same id stays.
func (s *Store) SetAside(ctx context.Context, u crm.StrayUpdate) error {
	doc, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("sqlite: set aside: %w", err)
	}
	err = s.write(ctx, func(t *tx) error {
		_, err := t.insertStray(u, doc)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: set aside: %w", err)
	}
	return nil
}

func (t *tx) insertStray(u crm.StrayUpdate, doc []byte) (int64, error) {
	return t.exec(`INSERT INTO strays (id, newest, doc) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, u.ID, -u.At.UnixMilli(), string(doc))
}

// StrayUpdates lists what was set aside, newest first.
func (s *Store) StrayUpdates(ctx context.Context, limit int) ([]crm.StrayUpdate, error) {
	return list[crm.StrayUpdate](ctx, s.reader, "stray updates",
		`SELECT doc FROM strays ORDER BY newest, id DESC LIMIT +?`, limit)
}

// PurgeStrays removes those that were set aside before the time, at most limit.
func (s *Store) PurgeStrays(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int64
	err := s.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(`DELETE FROM strays WHERE id IN (SELECT id FROM strays WHERE newest > ? LIMIT ?)`, -before.UnixMilli(), limit)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sqlite: purge strays: %w", err)
	}
	return int(n), nil
}

const addMark = `INSERT INTO marks (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING`

// MarkOnce reports whether the key was marked for the first time.
func (s *Store) MarkOnce(ctx context.Context, key string, at time.Time) (bool, error) {
	first := false
	err := s.write(ctx, func(t *tx) error {
		n, err := t.exec(addMark, key, at.UnixMilli())
		first = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("sqlite: mark: %w", err)
	}
	return first, nil
}
