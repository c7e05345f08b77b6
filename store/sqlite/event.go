package sqlite

import (
	"context"

	"kartoteka/crm"
)

// Event returns one event; crm.ErrNotFound.
func (s *Store) Event(ctx context.Context, team crm.TeamID, id crm.EventID) (crm.Event, error) {
	return get[crm.Event](ctx, s.reader, "event", `SELECT doc FROM events WHERE id = ? AND team = ?`, id, team)
}

// Events lists the changes of a record, newest first.
func (s *Store) Events(ctx context.Context, q crm.EventQuery) ([]crm.Event, error) {
	return list[crm.Event](ctx, s.reader, "events",
		`SELECT doc FROM events INDEXED BY events_record WHERE team = ? AND record = ? ORDER BY rev DESC, id DESC LIMIT +?`,
		q.Team, q.Record, q.Limit)
}
