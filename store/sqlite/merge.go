package sqlite

import (
	"context"
	"fmt"

	"kartoteka/crm"
)

// MoveTouches makes a card's history that of another, or gives back what came from there.
func (s *Store) MoveTouches(ctx context.Context, m crm.TouchMove) error {
	err := s.write(ctx, func(t *tx) error {
		if m.Back {
			_, err := t.exec(`UPDATE touches INDEXED BY touches_client SET client = ?1,
				doc = json_set(iif(json_array_length(doc, '$.moved') > 1, json_remove(doc, '$.moved[#-1]'), json_remove(doc, '$.moved')), '$.client', ?1)
				WHERE team = ?2 AND client = ?3 AND doc ->> '$.moved[#-1]' = ?1`, m.From, m.Team, m.To)
			return err
		}
		_, err := t.exec(`UPDATE touches INDEXED BY touches_client SET client = ?1,
			doc = json_set(iif(doc -> '$.moved' IS NULL, json_set(doc, '$.moved', json_array(?3)), json_insert(doc, '$.moved[#]', ?3)), '$.client', ?1)
			WHERE team = ?2 AND client = ?3`, m.To, m.Team, m.From)
		return err
	})
	if err != nil {
		return fmt.Errorf("sqlite: move touches: %w", err)
	}
	return nil
}
