package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"kartoteka/crm"
)

// sealed finds the cards with sealed values in the text of their documents, where a quotation mark within a value is always escaped. To
// read each document for it as JSON would cost every write of a card more than its index is worth.
const sealed = `instr(doc, '"sealed":{') > 0`

// SealedClients lists the cards that hold sealed values, wherever they are.
func (s *Store) SealedClients(ctx context.Context, team crm.TeamID) ([]crm.ClientID, error) {
	var ids []crm.ClientID
	err := s.reader.rows(ctx, `SELECT id FROM clients INDEXED BY clients_sealed WHERE team = ? AND `+sealed, []any{team},
		func(r *sql.Rows) (bool, error) {
			var id crm.ClientID
			err := r.Scan(&id)
			ids = append(ids, id)
			return false, err
		})
	if err != nil {
		return nil, fmt.Errorf("sqlite: sealed clients: %w", err)
	}
	return ids, nil
}
