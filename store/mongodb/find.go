package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// get reads the first document that the filter finds; crm.ErrNotFound.
func get[T any](ctx context.Context, c *mongo.Collection, filter bson.D, sort ...bson.E) (T, error) {
	var doc T
	opts := options.FindOne()
	if len(sort) > 0 {
		opts.SetSort(bson.D(sort))
	}
	err := c.FindOne(ctx, filter, opts).Decode(&doc)
	upgrade(&doc)
	return doc, failed("find in "+c.Name(), err)
}

// list reads what the filter finds, in order, at most limit documents; 0: all.
func list[T any](ctx context.Context, c *mongo.Collection, filter bson.D, limit int, sort ...bson.E) ([]T, error) {
	opts := options.Find().SetLimit(int64(limit))
	if len(sort) > 0 {
		opts.SetSort(bson.D(sort))
	}
	return find[T](ctx, c, filter, opts)
}

// find reads what the filter finds, as the options say.
func find[T any](ctx context.Context, c *mongo.Collection, filter bson.D, opts *options.FindOptionsBuilder) ([]T, error) {
	cursor, err := c.Find(ctx, filter, opts)
	if err != nil {
		return nil, failed("find in "+c.Name(), err)
	}
	var docs []T
	if err := cursor.All(ctx, &docs); err != nil {
		return nil, failed("find in "+c.Name(), err)
	}
	for i := range docs {
		upgrade(&docs[i])
	}
	return docs, nil
}

// readable is list for records of which one that cannot be decoded is named by crm.Unreadable, and the others come back with it.
func readable[T any](ctx context.Context, c *mongo.Collection, filter bson.D, limit int, sort ...bson.E) ([]T, error) {
	opts := options.Find().SetLimit(int64(limit))
	if len(sort) > 0 {
		opts.SetSort(bson.D(sort))
	}
	cursor, err := c.Find(ctx, filter, opts)
	if err != nil {
		return nil, failed("find in "+c.Name(), err)
	}
	defer func() { _ = cursor.Close(ctx) }()
	var docs []T
	var broken []string
	for cursor.Next(ctx) {
		var doc T
		if cursor.Decode(&doc) != nil {
			id, _ := cursor.Current.Lookup("_id").StringValueOK()
			broken = append(broken, id)
			continue
		}
		upgrade(&doc)
		docs = append(docs, doc)
	}
	if err := cursor.Err(); err != nil {
		return docs, failed("find in "+c.Name(), err)
	}
	if len(broken) > 0 {
		return docs, failed("find in "+c.Name(), crm.Unreadable{IDs: broken})
	}
	return docs, nil
}

// first is the only record that was asked for.
func first[T any](found []T, err error) (one T, _ error) {
	if len(found) > 0 {
		return found[0], err
	}
	if err == nil {
		err = crm.ErrNotFound
	}
	return one, err
}

// upgrade brings a document that an older version wrote to the shape of this one.
func upgrade(doc any) {
	if old, ok := doc.(crm.Upgrader); ok {
		old.Upgrade()
	}
}

func up(field string) bson.E   { return bson.E{Key: field, Value: 1} }
func down(field string) bson.E { return bson.E{Key: field, Value: -1} }

// is is the condition that a field has a value.
func is(field string, value any) bson.E { return bson.E{Key: field, Value: value} }

// op is {operator: value}.
func op(operator string, value any) bson.D { return bson.D{{Key: operator, Value: value}} }
