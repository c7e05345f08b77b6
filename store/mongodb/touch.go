package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Touches lists a client's history, newest first, then by id descending.
func (s *Store) Touches(ctx context.Context, q crm.TouchQuery) ([]crm.Touch, error) {
	return list[crm.Touch](ctx, s.touches(), touchFilter(q), q.Limit, down("at"), down("_id"))
}

func touchFilter(q crm.TouchQuery) bson.D {
	filter := bson.D{is("team", q.Team), is("client", q.Client)}
	if len(q.Kinds) > 0 {
		filter = append(filter, is("kind", op("$in", q.Kinds)))
	}
	if q.After != nil {
		filter = append(filter,
			is("at", op("$lte", q.After.At)), // bounds the index
			is("$or", bson.A{bson.D{is("at", op("$lt", q.After.At))}, bson.D{is("_id", op("$lt", q.After.ID))}}))
	}
	return filter
}
