package sqlite

import (
	"context"
	"fmt"
	"time"

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

// PurgeConsents removes those that were withdrawn before a time, at most limit.
func (s *Store) PurgeConsents(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int64
	err := s.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(`DELETE FROM consents WHERE id IN (SELECT id FROM consents INDEXED BY consents_withdrawn
			WHERE json_extract(doc, '$.withdrawn') IS NOT NULL AND json_extract(doc, '$.withdrawn') < ? LIMIT ?)`, toSecond(before), limit)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sqlite: purge consents: %w", err)
	}
	return int(n), nil
}

func consentRecord(c crm.Consent) record {
	return record{"consents", string(c.ID), c.Team, c.Rev, c.Given, c}
}
