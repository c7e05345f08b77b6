package sqlite

import (
	"context"

	"kartoteka/crm"
)

// Consents lists those of a client, withdrawn ones too, the oldest first.
func (s *Store) Consents(ctx context.Context, team crm.TeamID, client crm.ClientID) ([]crm.Consent, error) {
	return list[crm.Consent](ctx, s.reader, "consents",
		`SELECT doc FROM consents INDEXED BY consents_client WHERE team = ? AND json_extract(doc, '$.client') = ? ORDER BY born, id`, team, client)
}

// SaveConsent creates or replaces a consent.
func (s *Store) SaveConsent(ctx context.Context, c crm.Consent, e crm.Event) error {
	return s.saveRecord(ctx, consentRecord(c), e)
}

func consentRecord(c crm.Consent) record {
	return record{"consents", string(c.ID), c.Team, c.Rev, c.Given, c}
}
