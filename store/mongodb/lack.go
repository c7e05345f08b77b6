package mongodb

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"kartoteka/crm"
)

// CountLacking counts what cards lack, owner by owner. The server counts the cards of each owner that lack the same things, of which there
// are not many kinds: FerretDB 1.24 forgets all other fields in $unwind.
func (s *Store) CountLacking(ctx context.Context, q crm.LackQuery) ([]crm.OwnerLacks, error) {
	alike := bson.D{is("owner", "$owner"), is("gaps", "$gaps")}
	cursor, err := s.clients().Aggregate(ctx, mongo.Pipeline{
		bson.D{is("$match", lackFilter(q))},
		bson.D{is("$group", bson.D{is("_id", alike), is("n", op("$sum", 1))})},
	})
	if err != nil {
		return nil, failed("count lacking", err)
	}
	var groups []struct {
		ID struct {
			Owner crm.MemberID `bson:"owner"`
			Gaps  []crm.GapKey `bson:"gaps"`
		} `bson:"_id"`
		N int `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return nil, failed("count lacking", err)
	}
	var all []crm.OwnerLacks
	at := map[crm.MemberID]int{}
	for _, g := range groups {
		i, ok := at[g.ID.Owner]
		if !ok {
			i = len(all)
			at[g.ID.Owner] = i
			all = append(all, crm.OwnerLacks{Owner: g.ID.Owner, Lacks: map[crm.GapKey]int{}})
		}
		all[i].Total += g.N
		for _, k := range g.ID.Gaps {
			if slices.Contains(q.Keys, k) {
				all[i].Lacks[k] += g.N
			}
		}
	}
	return all, nil
}

// lackFilter finds the cards that are counted.
func lackFilter(q crm.LackQuery) bson.D {
	return bson.D{is("team", q.Team), is("live", true), is("stage", op("$in", q.Stages))}
}
