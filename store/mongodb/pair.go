package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// sharedPage is how many keys EachShared has the cards of in memory.
const sharedPage = 100

func (s *Store) pairs() *mongo.Collection { return s.db.Collection("pairs") }

// EachShared hands f the cards that share a key, key by key. The server counts the keys, and sends those that several hold.
func (s *Store) EachShared(ctx context.Context, q crm.SharedQuery, f func(key string, cards []crm.Client) error) error {
	span := bson.D{is("$gte", q.From), is("$lt", q.Before)}
	cursor, err := s.clients().Aggregate(ctx, mongo.Pipeline{
		bson.D{is("$match", bson.D{is("team", q.Team), is("live", true), is("keys", op("$exists", true))})},
		bson.D{is("$unwind", "$keys")},
		bson.D{is("$match", bson.D{is("keys", span)})},
		bson.D{is("$group", bson.D{is("_id", "$keys"), is("n", op("$sum", 1))})},
		bson.D{is("$match", bson.D{is("n", bson.D{is("$gte", 2), is("$lte", q.Most)})})},
		bson.D{is("$sort", bson.D{up("_id")})},
	}, options.Aggregate().SetAllowDiskUse(true).SetBatchSize(sharedPage))
	if err != nil {
		return failed("shared keys", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	var page []string
	for cursor.Next(ctx) {
		var k struct {
			Key string `bson:"_id"`
		}
		if err := cursor.Decode(&k); err != nil {
			return failed("shared keys", err)
		}
		if page = append(page, k.Key); len(page) == sharedPage {
			if err := s.handSharing(ctx, q.Team, page, f); err != nil {
				return err
			}
			page = page[:0]
		}
	}
	if err := cursor.Err(); err != nil {
		return failed("shared keys", err)
	}
	return s.handSharing(ctx, q.Team, page, f)
}

// handSharing hands out the cards of some keys.
func (s *Store) handSharing(ctx context.Context, team crm.TeamID, keys []string, f func(key string, cards []crm.Client) error) error {
	if len(keys) == 0 {
		return nil
	}
	cards, err := list[crm.Client](ctx, s.clients(), keyFilter(team, keys), 0, up("_id"))
	if err != nil {
		return err
	}
	held := map[string][]crm.Client{}
	for _, c := range cards {
		for _, k := range c.Keys {
			held[k] = append(held[k], c)
		}
	}
	for _, k := range keys {
		if len(held[k]) < 2 {
			continue // changed since
		}
		if err := f(k, held[k]); err != nil {
			return err
		}
	}
	return nil
}

// FindPairs keeps those of a batch that are new, and what was found of those that are open.
func (s *Store) FindPairs(ctx context.Context, batch []crm.Pair) error {
	if len(batch) == 0 {
		return nil
	}
	_, err := s.pairs().InsertMany(ctx, batch, options.InsertMany().SetOrdered(false))
	if onlyDuplicates(err) != nil {
		return failed("find pairs", err)
	}
	for i := range duplicateAt(err) {
		p := batch[i]
		found := bson.D{is("one_owner", p.OneOwner), is("other_owner", p.OtherOwner), is("score", p.Score), is("why", p.Why)}
		seen := bson.D{is("seen", p.Seen)} // a search that began later may have seen it already
		if _, err := s.pairs().UpdateOne(ctx, bson.D{is("_id", p.ID), is("state", crm.PairOpen)}, bson.D{is("$set", found), is("$max", seen)}); err != nil {
			return failed("find pairs", err)
		}
	}
	return nil
}

// Pair returns one; crm.ErrNotFound.
func (s *Store) Pair(ctx context.Context, team crm.TeamID, id crm.PairID) (crm.Pair, error) {
	return get[crm.Pair](ctx, s.pairs(), bson.D{is("_id", id), is("team", team)})
}

// SavePair writes p as revision p.Rev, which must follow the stored one.
func (s *Store) SavePair(ctx context.Context, p crm.Pair) error {
	if p.Rev == 1 {
		_, err := s.pairs().InsertOne(ctx, p)
		if isDuplicate(err) {
			return crm.ErrConflict
		}
		return failed("save pair", err)
	}
	res, err := s.pairs().ReplaceOne(ctx, bson.D{is("_id", p.ID), is("team", p.Team), is("rev", p.Rev-1)}, p)
	if err == nil && res.MatchedCount == 0 {
		return crm.ErrConflict
	}
	return failed("save pair", err)
}

// Pairs answers the query in full.
func (s *Store) Pairs(ctx context.Context, q crm.PairQuery) ([]crm.Pair, error) {
	filter := pairFilter(q)
	if m := q.After; m != nil {
		lower := bson.D{is("score", op("$lt", m.Score))}
		same := bson.D{is("score", m.Score), is("_id", op("$gt", m.ID))}
		filter = append(filter, is("$and", bson.A{bson.D{is("score", op("$lte", m.Score))}, bson.D{is("$or", bson.A{lower, same})}}))
	}
	return list[crm.Pair](ctx, s.pairs(), filter, q.Limit, down("score"), up("_id"))
}

func pairFilter(q crm.PairQuery) bson.D {
	filter := bson.D{is("team", q.Team)}
	if len(q.States) > 0 {
		filter = append(filter, is("state", op("$in", q.States)))
	}
	if len(q.Among) > 0 {
		filter = append(filter, is("one_owner", op("$in", q.Among)), is("other_owner", op("$in", q.Among)))
	}
	if q.Least > 0 {
		filter = append(filter, is("score", op("$gte", q.Least)))
	}
	if !q.SeenBefore.IsZero() {
		filter = append(filter, is("seen", op("$lt", q.SeenBefore)))
	}
	if q.Client != "" {
		filter = append(filter, is("$or", bson.A{bson.D{is("one", q.Client)}, bson.D{is("other", q.Client)}}))
	}
	return filter
}

// CountPairs counts what the query without paging would list, up to limit.
func (s *Store) CountPairs(ctx context.Context, q crm.PairQuery, limit int) (int, error) {
	n, err := s.pairs().CountDocuments(ctx, pairFilter(q), options.Count().SetLimit(int64(limit)))
	return int(n), failed("count pairs", err)
}

// DropPairs removes what the query means, at most q.Limit.
func (s *Store) DropPairs(ctx context.Context, q crm.PairQuery) (int, error) {
	return purge[string](ctx, s.pairs(), pairFilter(q), q.Limit)
}
