package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// stub is what stands in a purged card's place until its history is gone too: no team, so that nobody finds
// it, and none of its data.
type stub struct {
	ID      crm.ClientID `bson:"_id"`
	Rev     int64        `bson:"rev"`
	Pending `bson:",inline"`
}

// PurgeClients removes for good what was put into the bin before the time, in all teams, with touches and
// the personal data in events.
func (s *Store) PurgeClients(ctx context.Context, p crm.Purge) (int, error) {
	due, err := list[head](ctx, s.clients(), binFilter(p.Before), p.Limit)
	if err != nil {
		return 0, err
	}
	purged := 0
	for _, d := range due {
		if left := d.Pending.Pending; left != nil {
			if err := s.finish(ctx, s.clients(), d.ID, d.Rev, *left); err != nil {
				return purged, err
			}
		}
		gone, err := s.purgeClient(ctx, d, p)
		if err != nil {
			return purged, err
		}
		if gone {
			purged++
		}
	}
	return purged, nil
}

func binFilter(before time.Time) bson.D {
	return bson.D{is("live", false), is("deleted", op("$lt", before))}
}

// purgeClient puts the stub in the card's place, unless somebody changed the card meanwhile, and tidies up.
func (s *Store) purgeClient(ctx context.Context, h head, purge crm.Purge) (bool, error) {
	id, rev := crm.ClientID(h.ID), h.Rev
	p := pending{Purged: true, Event: crm.Event{
		ID: crm.PurgeEventID(id), Team: h.Team, Schema: crm.SchemaVersion, Action: crm.ActionPurgeClient, Record: string(id),
		Rev: rev + 1, At: purge.At,
	}}
	filter := append(binFilter(purge.Before), is("_id", id), is("rev", rev))
	res, err := s.clients().ReplaceOne(ctx, filter, stub{id, rev + 1, Pending{&p, true}})
	if err != nil || res.MatchedCount == 0 {
		return false, failed("purge client", err)
	}
	s.tidy(ctx, s.clients(), string(id), rev+1, p)
	return true, nil
}

// finishPurge removes a purged card's history and the stub itself.
func (s *Store) finishPurge(ctx context.Context, id string, purge crm.Event) error {
	if _, err := s.touches().DeleteMany(ctx, bson.D{is("team", purge.Team), is("client", id)}); err != nil {
		return failed("purge touches", err)
	}
	_, err := s.events().UpdateMany(ctx, bson.D{is("team", purge.Team), is("record", id)},
		bson.D{is("$set", bson.D{is("fields", nil)})})
	if err != nil {
		return failed("purge events", err)
	}
	if err := s.ForgetSalts(ctx, purge.Team, []string{id}); err != nil {
		return err
	}
	_, err = s.clients().DeleteOne(ctx, bson.D{is("_id", id), is("rev", purge.Rev), is("pending_flag", true)})
	return failed("purge client", err)
}

// purge removes what the filter finds, at most limit documents.
func purge(ctx context.Context, c *mongo.Collection, filter bson.D, limit int) (int, error) {
	found, err := find[struct {
		ID string `bson:"_id"`
	}](ctx, c, filter, options.Find().SetLimit(int64(limit)).SetProjection(bson.D{up("_id")}))
	if err != nil || len(found) == 0 {
		return 0, err
	}
	ids := make([]string, len(found))
	for i, d := range found {
		ids[i] = d.ID
	}
	res, err := c.DeleteMany(ctx, append(bson.D{is("_id", op("$in", ids))}, filter...))
	if err != nil {
		return 0, failed("purge "+c.Name(), err)
	}
	return int(res.DeletedCount), nil
}
