package sqlite

import (
	"context"
	"time"

	"kartoteka/crm"
)

// Invite finds an invitation by its id, in whatever team; crm.ErrNotFound.
func (s *Store) Invite(ctx context.Context, id string) (crm.Invite, error) {
	return get[crm.Invite](ctx, s.reader, "invite", `SELECT doc FROM invites WHERE id = ?`, id)
}

// Invites lists a team's that expire after a time, the newest first.
func (s *Store) Invites(ctx context.Context, team crm.TeamID, after time.Time, limit int) ([]crm.Invite, error) {
	return list[crm.Invite](ctx, s.reader, "invites", `SELECT doc FROM invites INDEXED BY invites_team
		WHERE team = ? AND json_extract(doc, '$.expires') > ? ORDER BY born DESC, id LIMIT ?`, team, toSecond(after), limit)
}

// SaveInvite creates or replaces an invitation.
func (s *Store) SaveInvite(ctx context.Context, i crm.Invite, e crm.Event) error {
	return s.saveRecord(ctx, inviteRecord(i), e)
}

func inviteRecord(i crm.Invite) record { return record{"invites", i.ID, i.Team, i.Rev, i.Created, i} }
