package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// SealedClients lists the cards that hold sealed values, wherever they are.
func (s *Store) SealedClients(ctx context.Context, team crm.TeamID) ([]crm.ClientID, error) {
	found, err := find[struct {
		ID crm.ClientID `bson:"_id"`
	}](ctx, s.clients(), sealedFilter(team), options.Find().SetProjection(bson.D{is("_id", 1)}))
	if err != nil {
		return nil, err
	}
	ids := make([]crm.ClientID, len(found))
	for i, one := range found {
		ids[i] = one.ID
	}
	return ids, nil
}

// sealedFilter asks for the type and not for $exists, which reads the entries of all other cards too.
func sealedFilter(team crm.TeamID) bson.D {
	return bson.D{is("team", team), is("sealed", op("$type", "object"))}
}
