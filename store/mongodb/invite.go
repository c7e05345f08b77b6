package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Invite finds an invitation by its id, in whatever team; crm.ErrNotFound.
func (s *Store) Invite(ctx context.Context, id string) (crm.Invite, error) {
	return get[crm.Invite](ctx, s.invites(), bson.D{is("_id", id)})
}

// SaveInvite creates or replaces an invitation.
func (s *Store) SaveInvite(ctx context.Context, i crm.Invite, e crm.Event) error {
	return save(ctx, s, record[crm.Invite]{
		coll: s.invites(), id: i.ID, team: i.Team, rev: i.Rev, doc: i, pending: pending{Event: e}})
}
