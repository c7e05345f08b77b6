package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Event returns one event; crm.ErrNotFound.
func (s *Store) Event(ctx context.Context, team crm.TeamID, id crm.EventID) (crm.Event, error) {
	return get[crm.Event](ctx, s.events(), bson.D{is("_id", id), is("team", team)})
}

// Events lists the changes of a record, newest first.
func (s *Store) Events(ctx context.Context, q crm.EventQuery) ([]crm.Event, error) {
	return list[crm.Event](ctx, s.events(), eventFilter(q), q.Limit, down("rev"), down("_id"))
}

func eventFilter(q crm.EventQuery) bson.D { return bson.D{is("team", q.Team), is("record", q.Record)} }
