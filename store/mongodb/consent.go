package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Consents lists those of a client, withdrawn ones too, the oldest first.
func (s *Store) Consents(ctx context.Context, team crm.TeamID, client crm.ClientID) ([]crm.Consent, error) {
	return list[crm.Consent](ctx, s.consents(), consentFilter(team, client), 0, up("given"), up("_id"))
}

// PurgeConsents removes those that were withdrawn before a time, at most limit.
func (s *Store) PurgeConsents(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge[string](ctx, s.consents(), endedConsents(before), limit)
}

func endedConsents(before time.Time) bson.D {
	return bson.D{is("withdrawn", op("$lt", before))}
}

func consentFilter(team crm.TeamID, client crm.ClientID) bson.D {
	return bson.D{is("team", team), is("client", client)}
}

// SaveConsent creates or replaces a consent.
func (s *Store) SaveConsent(ctx context.Context, c crm.Consent, e crm.Event) error {
	return save(ctx, s, record[crm.Consent]{
		coll: s.consents(), id: string(c.ID), team: c.Team, rev: c.Rev, doc: c, pending: pending{Event: e}})
}
