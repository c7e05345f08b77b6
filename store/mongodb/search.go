package mongodb

import (
	"context"
	"regexp"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// SearchClients lists cards whose terms satisfy the query, whole-word matches of the first word first.
func (s *Store) SearchClients(ctx context.Context, q crm.TermQuery) ([]crm.Candidate, error) {
	for _, g := range q.Groups {
		if len(g.Exact)+len(g.Prefixes) == 0 { // a word without alternatives: nothing satisfies it
			return nil, nil
		}
	}
	var found []crm.Candidate
	if first := q.Groups[0]; len(first.Exact) > 0 {
		whole := q
		whole.Groups = append([]crm.TermGroup{{Exact: first.Exact}}, q.Groups[1:]...)
		cards, err := s.candidates(ctx, whole)
		if err != nil || len(cards) == q.Limit || len(first.Prefixes) == 0 {
			return cards, err
		}
		found = cards
	}
	seen := map[crm.ClientID]bool{}
	for _, c := range found {
		seen[c.ID] = true
	}
	cards, err := s.candidates(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, c := range cards {
		if !seen[c.ID] && len(found) < q.Limit {
			found = append(found, c)
		}
	}
	return found, nil
}

// candidates reads of the cards that satisfy the query what is ranked.
func (s *Store) candidates(ctx context.Context, q crm.TermQuery) ([]crm.Candidate, error) {
	opts := options.Find().SetLimit(int64(q.Limit)).SetProjection(bson.D{
		is("owner", 1), is("stage", 1), is("last_touch", 1), is("sort_name", 1), is("terms", 1),
		is("name", 1), is("company", 1), is("position", 1), is("city", 1),
	})
	return find[crm.Candidate](ctx, s.clients(), termFilter(q), opts)
}

// termFilter compiles the groups. Prefixes are anchored patterns, never bounds: two different terms could
// satisfy the two bounds.
func termFilter(q crm.TermQuery) bson.D {
	filter := bson.D{is("team", q.Team), is("live", true)}
	if q.Owner != "" {
		filter = append(filter, is("owner", q.Owner))
	}
	var all bson.A
	if len(q.Among) > 0 {
		all = append(all, bson.D{is("owner", op("$in", q.Among))})
	}
	for _, g := range q.Groups {
		either := bson.A{}
		for _, term := range g.Exact {
			either = append(either, term)
		}
		for _, prefix := range g.Prefixes {
			either = append(either, bson.Regex{Pattern: "^" + regexp.QuoteMeta(prefix)})
		}
		all = append(all, bson.D{is("terms", op("$in", either))})
	}
	return append(filter, is("$and", all))
}
