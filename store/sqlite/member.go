package sqlite

import (
	"context"

	"kartoteka/crm"
)

// Member returns one member, removed ones included; crm.ErrNotFound.
func (s *Store) Member(ctx context.Context, team crm.TeamID, id crm.MemberID) (crm.Member, error) {
	return get[crm.Member](ctx, s.reader, "member", `SELECT doc FROM members WHERE id = ? AND team = ?`, id, team)
}

// MemberByUser finds who has this Telegram user id and is not removed, in whatever team: the oldest if there
// are several; crm.ErrNotFound.
func (s *Store) MemberByUser(ctx context.Context, user int64) (crm.Member, error) {
	return get[crm.Member](ctx, s.reader, "member by user",
		`SELECT doc FROM members INDEXED BY members_user
		WHERE json_extract(doc, '$.user') = ? AND json_extract(doc, '$.removed') IS NULL
		ORDER BY born, id LIMIT 1`, user)
}

// Members lists a team's members, removed ones too, oldest first.
func (s *Store) Members(ctx context.Context, team crm.TeamID) ([]crm.Member, error) {
	return readable[crm.Member](ctx, s.reader, "members",
		`SELECT id, doc FROM members INDEXED BY members_team WHERE team = ? ORDER BY born, id`, team)
}

// SaveMember creates or replaces a member.
func (s *Store) SaveMember(ctx context.Context, m crm.Member, e crm.Event) error {
	return s.saveRecord(ctx, memberRecord(m), e)
}

func memberRecord(m crm.Member) record {
	return record{"members", string(m.ID), m.Team, m.Rev, m.Created, m}
}
