package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"kartoteka/crm"
)

// CountTags has the server count the cards of each tag: those with tags come by the index of tags, or by that of the filter.
func (s *Store) CountTags(ctx context.Context, q crm.ClientQuery, limit int) ([]crm.TagCount, error) {
	cursor, err := s.clients().Aggregate(ctx, mongo.Pipeline{
		bson.D{is("$match", clientFilter(q))},
		bson.D{is("$unwind", "$tag_keys")},
		bson.D{is("$group", bson.D{is("_id", "$tag_keys"), is("n", op("$sum", 1))})},
		bson.D{is("$sort", bson.D{down("n"), up("_id")})},
		bson.D{is("$limit", limit)},
	})
	if err != nil {
		return nil, failed("count tags", err)
	}
	var groups []struct {
		Tag string `bson:"_id"`
		N   int    `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return nil, failed("count tags", err)
	}
	var all []crm.TagCount
	for _, g := range groups {
		all = append(all, crm.TagCount{Tag: g.Tag, Cards: g.N})
	}
	return all, nil
}
