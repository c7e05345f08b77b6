package mongodb

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// indexes has the keys of each collection's indexes. All begin with the team, but for the few questions that
// are about all teams. None is partial, sparse or unique: what must be unique is the _id.
var indexes = map[string][]bson.D{
	"clients": {
		keys("team", "live", "by_newest"),
		keys("team", "live", "by_name"),
		keys("team", "live", "by_touch"),
		keys("team", "live", "by_next"),
		keys("team", "live", "date_keys", "by_newest"),
		keys("team", "live", "owner", "by_newest"),
		keys("team", "live", "owner", "by_next"),
		keys("team", "live", "owner", "by_name"),
		keys("team", "live", "owner", "by_touch"),
		keys("team", "live", "owner", "by_worth"),
		keys("team", "live", "stage", "by_newest"),
		keys("team", "live", "status", "by_newest"),
		keys("team", "live", "tag_keys", "by_newest"),
		keys("team", "live", "gaps", "by_newest"),
		keys("team", "live", "filled"),
		keys("team", "live", "terms"),
		keys("team", "live", "keys"),
		keys("team", "sealed"),
		keys("live", "deleted"),
		keys("pending_flag"),
	},
	"touches": {
		{{Key: "team", Value: 1}, {Key: "client", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}},
		keys("team", "by", "at", "kind"),
	},
	"events": {
		{{Key: "team", Value: 1}, {Key: "record", Value: 1}, {Key: "rev", Value: -1}, {Key: "_id", Value: -1}},
		keys("open", "team", "at", "_id"),
		{{Key: "team", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}},
		{{Key: "team", Value: 1}, {Key: "part_of", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}},
	},
	"seals":    {keys("team", "seq")},
	"words":    {keys("team", "variants")},
	"teams":    {keys("pending_flag")},
	"members":  {keys("team", "created"), keys("user"), keys("pending_flag")},
	"invites":  {keys("team", "expires"), keys("pending_flag")},
	"consents": {keys("team", "client", "given", "_id"), keys("withdrawn"), keys("pending_flag")},
	"imports":  {{{Key: "team", Value: 1}, {Key: "state", Value: 1}, {Key: "created", Value: -1}, {Key: "_id", Value: -1}}},
	"dialogs":  {keys("expires"), keys("team", "of", "_id")},
	"tasks": {
		keys("team", "state", "due", "_id"),
		keys("team", "assignee", "state", "due", "_id"),
		keys("team", "client", "due", "_id"),
		keys("pending_flag"),
	},
	"reminders": {
		keys("state", "due", "_id"),
		keys("state", "until", "_id"),
		keys("team", "state", "due", "_id"),
		keys("member", "state", "due", "_id"),
		keys("state", "done"),
	},
	"pairs": {
		{{Key: "team", Value: 1}, {Key: "state", Value: 1}, {Key: "score", Value: -1}, {Key: "_id", Value: 1}},
		keys("team", "one"),
		keys("team", "other"),
	},
	"strays": {{{Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
}

func keys(fields ...string) bson.D {
	var d bson.D
	for _, f := range fields {
		d = append(d, bson.E{Key: f, Value: 1})
	}
	return d
}

// createIndexes makes what is missing. What is there is left out of the command: FerretDB 1.24 drops the
// connection at an index that it has already.
func (s *Store) createIndexes(ctx context.Context) error {
	for name, wanted := range indexes {
		c := s.db.Collection(name)
		there, err := existing(ctx, c)
		if err != nil {
			return failed("list indexes of "+name, err)
		}
		var missing []mongo.IndexModel
		for _, d := range wanted {
			if !there[fmt.Sprint(d)] {
				missing = append(missing, mongo.IndexModel{Keys: d})
			}
		}
		if len(missing) == 0 {
			continue
		}
		if _, err := c.Indexes().CreateMany(ctx, missing); err != nil {
			return failed("create indexes of "+name, err)
		}
	}
	return nil
}

// existing tells which keys have an index, as text.
func existing(ctx context.Context, c *mongo.Collection) (map[string]bool, error) {
	cursor, err := c.Indexes().List(ctx)
	if err != nil {
		return nil, err
	}
	var list []struct {
		Key bson.D `bson:"key"`
	}
	if err := cursor.All(ctx, &list); err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, index := range list {
		there[fmt.Sprint(index.Key)] = true
	}
	return there, nil
}
