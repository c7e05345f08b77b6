package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Import returns one; crm.ErrNotFound.
func (s *Store) Import(ctx context.Context, team crm.TeamID, id crm.ImportID) (crm.Import, error) {
	return get[crm.Import](ctx, s.imports(), bson.D{is("_id", id), is("team", team)})
}

// Imports lists the newest first.
func (s *Store) Imports(ctx context.Context, q crm.ImportQuery) ([]crm.Import, error) {
	return list[crm.Import](ctx, s.imports(), importFilter(q), q.Limit, down("created"), down("_id"))
}

func importFilter(q crm.ImportQuery) bson.D {
	filter := bson.D{is("team", q.Team)}
	if len(q.States) > 0 {
		filter = append(filter, is("state", op("$in", q.States)))
	}
	if q.By != "" {
		filter = append(filter, is("by", q.By))
	}
	if q.Begun {
		filter = append(filter, is("begun", op("$exists", true)))
	}
	if q.Shape != "" {
		filter = append(filter, is("shape", q.Shape))
	}
	return filter
}

// SaveImport creates or replaces an import.
func (s *Store) SaveImport(ctx context.Context, i crm.Import) error {
	if i.Rev == 1 {
		_, err := s.imports().InsertOne(ctx, i)
		if isDuplicate(err) {
			err = crm.ErrConflict
		}
		return failed("save import", err)
	}
	res, err := s.imports().ReplaceOne(ctx, bson.D{is("_id", i.ID), is("team", i.Team), is("rev", i.Rev-1)}, i)
	if err == nil && res.MatchedCount == 0 {
		err = crm.ErrConflict
	}
	return failed("save import", err)
}

// ClientsHolding lists the cards, not in the bin, that hold any of the keys or the terms: each by its own index.
func (s *Store) ClientsHolding(ctx context.Context, q crm.HoldingQuery) ([]crm.Client, error) {
	var all []crm.Client
	seen := map[crm.ClientID]bool{}
	ask := func(filter bson.D) error {
		found, err := list[crm.Client](ctx, s.clients(), filter, q.Limit)
		for _, c := range found {
			if !seen[c.ID] && len(all) < q.Limit {
				seen[c.ID] = true
				all = append(all, c)
			}
		}
		return err
	}
	if len(q.Keys) > 0 {
		if err := ask(keyFilter(q.Team, q.Keys)); err != nil {
			return nil, err
		}
	}
	if len(q.Terms) > 0 {
		if err := ask(bson.D{is("team", q.Team), is("live", true), is("terms", op("$in", q.Terms))}); err != nil {
			return nil, err
		}
	}
	return all, nil
}
