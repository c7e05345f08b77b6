package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"kartoteka/crm"
)

// Import returns one; crm.ErrNotFound.
func (s *Store) Import(ctx context.Context, team crm.TeamID, id crm.ImportID) (crm.Import, error) {
	return get[crm.Import](ctx, s.reader, "import", `SELECT doc FROM imports WHERE id = ? AND team = ?`, id, team)
}

// Imports lists the newest first.
func (s *Store) Imports(ctx context.Context, q crm.ImportQuery) ([]crm.Import, error) {
	var w where
	w.and("team = ?", q.Team)
	if q.Shape != "" {
		w.and("json_extract(doc, '$.shape') = ?", q.Shape)
	}
	if q.By != "" {
		w.and("json_extract(doc, '$.by') = ?", q.By)
	}
	if q.Begun {
		w.and("json_extract(doc, '$.begun') IS NOT NULL")
	}
	anyOf(&w, "json_extract(doc, '$.state')", q.States)
	index := "imports_newest"
	if len(q.States) > 0 && q.Shape == "" {
		index = "imports_state"
	}
	return list[crm.Import](ctx, s.reader, "imports",
		`SELECT doc FROM imports INDEXED BY `+index+` WHERE `+w.String()+` ORDER BY born DESC, id DESC LIMIT +?`, append(w.args, q.Limit)...)
}

// SaveImport creates or replaces an import.
func (s *Store) SaveImport(ctx context.Context, i crm.Import) error {
	err := s.write(ctx, func(t *tx) error { return t.putRecord(importRecord(i)) })
	if err != nil {
		return fmt.Errorf("sqlite: save import %s: %w", i.ID, err)
	}
	return nil
}

func importRecord(i crm.Import) record {
	return record{"imports", string(i.ID), i.Team, i.Rev, i.Created, i}
}

// ClientsHolding lists the cards, not in the bin, that hold any of the keys or the terms.
func (s *Store) ClientsHolding(ctx context.Context, q crm.HoldingQuery) ([]crm.Client, error) {
	keys, err := json.Marshal(q.Keys)
	if err != nil {
		return nil, fmt.Errorf("sqlite: clients holding: %w", err)
	}
	terms, err := json.Marshal(q.Terms)
	if err != nil {
		return nil, fmt.Errorf("sqlite: clients holding: %w", err)
	}
	return list[crm.Client](ctx, s.reader, "clients holding", `SELECT doc FROM clients WHERE n IN (
			SELECT k.client FROM json_each(?1) j CROSS JOIN keys k WHERE k.team = ?2 AND k.key = j.value
			UNION SELECT t.client FROM json_each(?3) j CROSS JOIN terms t WHERE t.team = ?2 AND t.term = j.value)
		LIMIT +?4`, string(keys), q.Team, string(terms), q.Limit)
}
