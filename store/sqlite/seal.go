package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"kartoteka/crm"
)

// OpenEvents lists events that are in no seal, in the order in which they were written.
func (s *Store) OpenEvents(ctx context.Context, team crm.TeamID, limit int) ([]crm.Event, error) {
	return readable[crm.Event](ctx, s.reader, "open events",
		`SELECT id, doc FROM events NOT INDEXED WHERE n > ifnull((SELECT max(last) FROM seals WHERE team = ?1), 0) AND team = ?1
		ORDER BY n LIMIT +?2`, team, limit)
}

// ClosedEvents lists the ids of events that are open no more, by id.
func (s *Store) ClosedEvents(ctx context.Context, team crm.TeamID, after crm.EventID, limit int) ([]crm.EventID, error) {
	var ids []crm.EventID
	err := s.reader.walk(ctx, `SELECT id FROM events WHERE id > ?2 AND +team = ?1
		AND +n <= ifnull((SELECT max(last) FROM seals WHERE team = ?1), 0) ORDER BY id LIMIT +?3`, []any{team, after, limit},
		func(r *sql.Rows) (bool, error) {
			ids = append(ids, "")
			return false, r.Scan(&ids[len(ids)-1])
		})
	if err != nil {
		return nil, fmt.Errorf("sqlite: closed events: %w", err)
	}
	return ids, nil
}

// AddSeal keeps a seal and the salts of records that have none yet.
func (s *Store) AddSeal(ctx context.Context, seal crm.Seal, salts []crm.Salt) error {
	doc, err := json.Marshal(seal)
	if err == nil {
		err = s.write(ctx, func(t *tx) error { return t.addSeal(seal, string(doc), salts) })
	}
	if err != nil {
		return fmt.Errorf("sqlite: add seal: %w", err)
	}
	return nil
}

func (t *tx) addSeal(seal crm.Seal, doc string, salts []crm.Salt) error {
	ids := make([]crm.EventID, len(seal.Entries))
	for i, entry := range seal.Entries {
		ids[i] = entry.Event
	}
	wanted, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	err = t.change(crm.ErrConflict,
		`INSERT INTO seals (team, seq, doc, last) VALUES (?1, ?2, ?3, max(
			ifnull((SELECT max(e.n) FROM json_each(?4) j CROSS JOIN events e WHERE e.id = j.value AND e.team = ?1), 0),
			ifnull((SELECT max(last) FROM seals WHERE team = ?1), 0)))
		ON CONFLICT DO NOTHING`, seal.Team, seal.Seq, doc, string(wanted))
	if err != nil {
		return err
	}
	var rows [][]any
	for _, salt := range salts {
		rows = append(rows, []any{seal.Team, salt.Record, salt.Key})
	}
	return t.insertRows(nil, `INSERT OR IGNORE INTO salts (team, record, key)`, rows)
}

// LastSeal is the newest of a team's; crm.ErrNotFound.
func (s *Store) LastSeal(ctx context.Context, team crm.TeamID) (crm.Seal, error) {
	return first(readable[crm.Seal](ctx, s.reader, "last seal",
		`SELECT team || ':' || seq, doc FROM seals WHERE team = ? ORDER BY seq DESC LIMIT 1`, team))
}

// Seals lists a team's after a number, in their order.
func (s *Store) Seals(ctx context.Context, team crm.TeamID, after int64, limit int) ([]crm.Seal, error) {
	return readable[crm.Seal](ctx, s.reader, "seals", `SELECT team || ':' || seq, doc FROM seals WHERE team = ? AND seq > ? ORDER BY seq LIMIT +?`, team, after, limit)
}

// Salts reads those of some records; those that have none are left out.
func (s *Store) Salts(ctx context.Context, team crm.TeamID, records []string) ([]crm.Salt, error) {
	wanted, err := json.Marshal(records)
	if err != nil {
		return nil, fmt.Errorf("sqlite: salts: %w", err)
	}
	return list[crm.Salt](ctx, s.reader, "salts", `SELECT json_object('record', record, 'key', key) FROM salts
		WHERE team = ? AND record IN (SELECT value FROM json_each(?))`, team, string(wanted))
}

// ForgetSalts removes those of some records for good.
func (s *Store) ForgetSalts(ctx context.Context, team crm.TeamID, records []string) error {
	err := s.write(ctx, func(t *tx) error { return t.forgetSalts(team, records) })
	if err != nil {
		return fmt.Errorf("sqlite: forget salts: %w", err)
	}
	return nil
}

func (t *tx) forgetSalts(team crm.TeamID, records []string) error {
	for _, record := range records {
		if _, err := t.exec(`DELETE FROM salts WHERE team = ? AND record = ?`, team, record); err != nil {
			return err
		}
	}
	return nil
}
