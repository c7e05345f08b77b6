package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"kartoteka/crm"
)

// Dialog returns the open conversation with this id; crm.ErrNotFound.
func (s *Store) Dialog(ctx context.Context, id string) (crm.Dialog, error) {
	return get[crm.Dialog](ctx, s.reader, "dialog", `SELECT doc FROM dialogs WHERE id = ?`, id)
}

// SaveDialog writes d as revision d.Rev. A dialog belongs to its chat, so that the team is no condition.
func (s *Store) SaveDialog(ctx context.Context, d crm.Dialog) error {
	doc, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("sqlite: save dialog: %w", err)
	}
	err = s.write(ctx, func(t *tx) error {
		if d.Rev == 1 {
			return t.change(crm.ErrConflict,
				`INSERT INTO dialogs (id, team, rev, doc) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING`,
				d.ID, d.Team, string(doc))
		}
		return t.change(crm.ErrConflict, `UPDATE dialogs SET team = ?, rev = ?, doc = ? WHERE id = ? AND rev = ?`,
			d.Team, d.Rev, string(doc), d.ID, d.Rev-1)
	})
	if err != nil {
		return fmt.Errorf("sqlite: save dialog: %w", err)
	}
	return nil
}

// EndDialog removes the conversation whatever its revision; no error if there is none.
func (s *Store) EndDialog(ctx context.Context, id string) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(`DELETE FROM dialogs WHERE id = ?`, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: end dialog: %w", err)
	}
	return nil
}
