package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// dayPage is how many cards EachOn has in memory.
const dayPage = 500

// unread are the fields of a card that whoever goes through many of them has no use for: half of its length.
var unread = bson.D{{Key: "terms", Value: 0}, {Key: "words", Value: 0}, {Key: "keys", Value: 0}, {Key: "pending", Value: 0}}

// EachOn hands f every card, not in the bin, that has any of the keys.
func (s *Store) EachOn(ctx context.Context, team crm.TeamID, keys []string, f func(crm.Client) error) error {
	if len(keys) == 0 {
		return nil
	}
	cursor, err := s.clients().Find(ctx, clientFilter(crm.ClientQuery{Team: team, Dates: keys}),
		options.Find().SetProjection(unread).SetBatchSize(dayPage))
	if err != nil {
		return failed("find clients of days", err)
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }()
	for cursor.Next(ctx) {
		var c crm.Client
		if err := cursor.Decode(&c); err != nil {
			return failed("read a client of a day", err)
		}
		upgrade(&c)
		if err := f(c); err != nil {
			return err
		}
	}
	return failed("read clients of days", cursor.Err())
}
