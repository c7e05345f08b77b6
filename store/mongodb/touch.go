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
	if len(q.IDs) > 0 {
		filter = append(filter, is("_id", op("$in", q.IDs)))
	}
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

// CountTouches counts one member's.
func (s *Store) CountTouches(ctx context.Context, q crm.TouchCount) (int, error) {
	n, err := s.touches().CountDocuments(ctx, touchCountFilter(q))
	return int(n), failed("count touches", err)
}

func touchCountFilter(q crm.TouchCount) bson.D {
	return bson.D{is("team", q.Team), is("by", q.By), is("kind", op("$in", crm.TouchKinds)),
		is("at", bson.D{is("$gte", roundUp(q.From)), is("$lt", roundUp(q.Before))})}
}
