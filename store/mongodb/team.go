package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Team returns one company; crm.ErrNotFound.
func (s *Store) Team(ctx context.Context, id crm.TeamID) (crm.Team, error) {
	return get[crm.Team](ctx, s.teams(), bson.D{is("_id", id)})
}

// Teams lists all companies by id.
func (s *Store) Teams(ctx context.Context) ([]crm.Team, error) {
	return list[crm.Team](ctx, s.teams(), bson.D{}, 0, up("_id"))
}

// teamRecord is a company as it is stored: one that belongs to itself, by the same rules as the other kinds.
type teamRecord struct {
	crm.Team `bson:",inline"`
	Own      crm.TeamID `bson:"team"`
}

// SaveTeam creates or replaces a company.
func (s *Store) SaveTeam(ctx context.Context, t crm.Team, e crm.Event) error {
	return save(ctx, s, record[teamRecord]{
		coll: s.teams(), id: string(t.ID), team: t.ID, rev: t.Rev, doc: teamRecord{t, t.ID}, pending: pending{Event: e}})
}
