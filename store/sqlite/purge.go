package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kartoteka/crm"
)

// PurgeClients removes for good what has been in the bin for long enough, in all teams, with touches and
// the personal data in events. Each card goes in a transaction of its own: the other writers take turns.
func (s *Store) PurgeClients(ctx context.Context, p crm.Purge) (int, error) {
	var due []int64
	err := s.reader.rows(ctx, `SELECT n FROM clients INDEXED BY clients_bin WHERE deleted IS NOT NULL AND deleted < ? LIMIT +?`,
		[]any{p.Before.UnixMilli(), p.Limit}, func(r *sql.Rows) (bool, error) {
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
	if err != nil {
		return purged, fmt.Errorf("sqlite: purge clients: %w", err)
	}
	return purged, nil
}

// purgeClient removes the card in row n, unless somebody took it out of the bin meanwhile.
func (s *Store) purgeClient(ctx context.Context, n int64, p crm.Purge) (gone bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		var id crm.ClientID
		var team crm.TeamID
		var rev int64
		err := t.row(`DELETE FROM clients WHERE n = ? AND deleted < ? RETURNING id, team, rev`,
			[]any{n, p.Before.UnixMilli()}, &id, &team, &rev)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		gone = true
		if _, err := t.exec(`DELETE FROM touches WHERE team = ? AND client = ?`, team, id); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE events SET doc = json_remove(doc, '$.fields') WHERE team = ? AND record = ?`, team, id); err != nil {
			return err
		}
		if err := t.forgetSalts(team, []string{string(id)}); err != nil {
			return err
		}
		err = t.addEvent(crm.Event{
			ID: crm.PurgeEventID(id), Team: team, Schema: crm.SchemaVersion, Action: crm.ActionPurgeClient, Record: string(id),
			Rev: rev + 1, At: p.At,
		})
		if errors.Is(err, crm.ErrApplied) { // the same id was purged before and made anew
			return nil
		}
		return err
	})
	return gone && err == nil, err
}
