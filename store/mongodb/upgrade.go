package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// upgradeClients rewrites the cards that an older version wrote, once a process: later ones are upgraded as
// they are read, and with their next change.
func (s *Store) upgradeClients(ctx context.Context) error {
	if s.upgraded.Load() {
		return nil
	}
	older := is("$or", bson.A{bson.D{is("schema", op("$lt", crm.SchemaVersion))}, bson.D{is("schema", op("$exists", false))}})
	last := crm.ClientID("")
	for {
		page, err := list[crm.Client](ctx, s.clients(), bson.D{is("_id", op("$gt", last)), is("live", op("$exists", true)), older},
			sweepPage, up("_id"))
		if err != nil {
			return err
		}
		for _, c := range page {
			last = c.ID
			if err := s.rewriteClient(ctx, c); err != nil {
				return err
			}
		}
		if len(page) < sweepPage {
			s.upgraded.Store(true)
			return nil
		}
	}
}

// rewriteClient stores a card in another shape under the same revision, unless there is another revision by
// now. What is pending in it stays.
func (s *Store) rewriteClient(ctx context.Context, c crm.Client) error {
	fields, err := fieldsOf(newClientRecord(c))
	if err != nil {
		return failed("upgrade client", err)
	}
	_, err = s.clients().UpdateOne(ctx, bson.D{is("_id", c.ID), is("rev", c.Rev)}, bson.D{is("$set", fields)})
	return failed("upgrade client", err)
}

// fieldsOf has the fields of a document but for the id, which is never set.
func fieldsOf(doc any) (bson.D, error) {
	raw, err := marshal(doc)
	if err != nil {
		return nil, err
	}
	var all, rest bson.D
	if err := bson.Unmarshal(raw, &all); err != nil {
		return nil, err
	}
	for _, e := range all {
		if e.Key != "_id" {
			rest = append(rest, e)
		}
	}
	return rest, nil
}
