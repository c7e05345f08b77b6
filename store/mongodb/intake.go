package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// SetAside keeps an update that could not be handled; the first of the same id stays.
func (s *Store) SetAside(ctx context.Context, u crm.StrayUpdate) error {
	_, err := s.strays().InsertOne(ctx, u)
	if isDuplicate(err) {
		err = nil
	}
	return failed("set aside", err)
}

// StrayUpdates lists what was set aside, newest first.
func (s *Store) StrayUpdates(ctx context.Context, limit int) ([]crm.StrayUpdate, error) {
	return list[crm.StrayUpdate](ctx, s.strays(), bson.D{}, limit, down("at"), down("_id"))
}

// PurgeStrays removes those that were set aside before the time, at most limit.
func (s *Store) PurgeStrays(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge[int64](ctx, s.strays(), bson.D{is("at", op("$lt", before))}, limit)
}

// MarkOnce reports whether the key was marked for the first time.
func (s *Store) MarkOnce(ctx context.Context, key string, at time.Time) (bool, error) {
	_, err := s.marks().InsertOne(ctx, bson.D{is("_id", key), is("at", at)})
	if isDuplicate(err) {
		return false, nil
	}
	return err == nil, failed("mark", err)
}
