package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Invite finds an invitation by its id, in whatever team; crm.ErrNotFound.
func (s *Store) Invite(ctx context.Context, id string) (crm.Invite, error) {
	return get[crm.Invite](ctx, s.invites(), bson.D{is("_id", id)})
}

// Invites lists a team's that expire after a time, the newest first.
func (s *Store) Invites(ctx context.Context, team crm.TeamID, after time.Time, limit int) ([]crm.Invite, error) {
	return list[crm.Invite](ctx, s.invites(), openInvites(team, after), limit, down("created"), up("_id"))
}

func openInvites(team crm.TeamID, after time.Time) bson.D {
	return bson.D{is("team", team), is("expires", op("$gt", after))}
}

// SaveInvite creates or replaces an invitation.
func (s *Store) SaveInvite(ctx context.Context, i crm.Invite, e crm.Event) error {
	return save(ctx, s, record[crm.Invite]{
		coll: s.invites(), id: i.ID, team: i.Team, rev: i.Rev, doc: i, pending: pending{Event: e}})
}
