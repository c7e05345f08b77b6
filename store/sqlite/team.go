package sqlite

import (
	"context"

	"kartoteka/crm"
)

// Team returns one company; crm.ErrNotFound.
func (s *Store) Team(ctx context.Context, id crm.TeamID) (crm.Team, error) {
	return get[crm.Team](ctx, s.reader, "team", `SELECT doc FROM teams WHERE id = ?`, id)
}

// Teams lists all companies by id.
func (s *Store) Teams(ctx context.Context) ([]crm.Team, error) {
	return list[crm.Team](ctx, s.reader, "teams", `SELECT doc FROM teams ORDER BY id`)
}

// SaveTeam creates or replaces a company.
func (s *Store) SaveTeam(ctx context.Context, t crm.Team, e crm.Event) error {
	return s.saveRecord(ctx, teamRecord(t), e)
}

func teamRecord(t crm.Team) record { return record{"teams", string(t.ID), t.ID, t.Rev, t.Created, t} }
