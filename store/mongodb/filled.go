package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// countOwnLacks counts the cards that lack one of the own fields, or else what all have, kind by kind: all of the kind but those that have
// everything, which an index has. Until the cards of an older version are rewritten they are looked at one by one, see CountClients.
func (s *Store) countOwnLacks(ctx context.Context, q crm.ClientQuery) (int, error) {
	sum := 0
	for _, k := range crm.LacksByKind(q.Lacks) {
		n, err := s.countLacks(ctx, q, k)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

func (s *Store) countLacks(ctx context.Context, q crm.ClientQuery, k crm.KindLacks) (int, error) {
	if q.Lacks = k.Carried; len(k.Own) == 0 {
		return s.countWhere(ctx, clientFilter(q))
	}
	all, err := s.countKind(ctx, q, k.Kind)
	if err != nil || all == 0 {
		return 0, err
	}
	whole, err := s.countWhere(ctx, filledFilter(q, k.Own, k.Carried))
	return max(all-whole, 0), err // somebody may have changed a card between the two
}

// countKind counts the cards of a kind outside the archive. Persons are those that are nothing else.
func (s *Store) countKind(ctx context.Context, q crm.ClientQuery, kind crm.Kind) (int, error) {
	if kind != crm.KindPerson {
		return s.countWhere(ctx, filledFilter(q, []crm.GapKey{crm.KindKey(kind)}, nil))
	}
	q.Lacks = nil
	n, err := s.countWhere(ctx, clientFilter(q))
	q.Stages = []crm.Stage{crm.StageArchive}
	for _, filter := range append([]bson.D{clientFilter(q)}, otherKinds(q)...) {
		if err != nil {
			return 0, err
		}
		var others int
		others, err = s.countWhere(ctx, filter)
		n -= others
	}
	return n, err
}

func otherKinds(q crm.ClientQuery) []bson.D {
	var all []bson.D
	for _, k := range crm.Kinds {
		if k != crm.KindPerson {
			all = append(all, filledFilter(q, []crm.GapKey{crm.KindKey(k)}, nil))
		}
	}
	return all
}

// filledFilter finds the cards of the query's owners that have all of some keys (crm.Client.FilledKeys) and lack none of others.
func filledFilter(q crm.ClientQuery, has, lacks []crm.GapKey) bson.D {
	filter := clientFilter(crm.ClientQuery{Team: q.Team, Owner: q.Owner, Among: q.Among})
	filter = append(filter, is("filled", op("$all", has)))
	if len(lacks) > 0 {
		filter = append(filter, is("gaps", op("$nin", lacks)))
	}
	return filter
}

func (s *Store) countWhere(ctx context.Context, filter bson.D) (int, error) {
	n, err := s.clients().CountDocuments(ctx, filter)
	return int(n), err
}
