package sqlite

import (
	"context"

	"kartoteka/crm"
)

// Invite finds an invitation by its id, in whatever team; crm.ErrNotFound.
func (s *Store) Invite(ctx context.Context, id string) (crm.Invite, error) {
	return get[crm.Invite](ctx, s.reader, "invite", `SELECT doc FROM invites WHERE id = ?`, id)
}

// SaveInvite creates or replaces an invitation.
func (s *Store) SaveInvite(ctx context.Context, i crm.Invite, e crm.Event) error {
	return s.saveRecord(ctx, inviteRecord(i), e)
}

func inviteRecord(i crm.Invite) record { return record{"invites", i.ID, i.Team, i.Rev, i.Created, i} }
