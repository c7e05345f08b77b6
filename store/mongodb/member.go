package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Member returns one member, removed ones included; crm.ErrNotFound.
func (s *Store) Member(ctx context.Context, team crm.TeamID, id crm.MemberID) (crm.Member, error) {
	return get[crm.Member](ctx, s.members(), bson.D{is("_id", id), is("team", team)})
}

// MemberByUser finds who has this Telegram user id and is not removed, in whatever team: the oldest if there
// are several; crm.ErrNotFound.
func (s *Store) MemberByUser(ctx context.Context, user int64) (crm.Member, error) {
	return get[crm.Member](ctx, s.members(), userFilter(user), up("created"), up("_id"))
}

// Members lists a team's members, removed ones too, oldest first.
func (s *Store) Members(ctx context.Context, team crm.TeamID) ([]crm.Member, error) {
	return readable[crm.Member](ctx, s.members(), bson.D{is("team", team)}, 0, up("created"), up("_id"))
}

// SaveMember creates or replaces a member.
func (s *Store) SaveMember(ctx context.Context, m crm.Member, e crm.Event) error {
	return save(ctx, s, record[crm.Member]{
		coll: s.members(), id: string(m.ID), team: m.Team, rev: m.Rev, doc: m, pending: pending{Event: e}})
}

func userFilter(user int64) bson.D {
	return bson.D{is("user", user), is("removed", op("$exists", false))}
}
