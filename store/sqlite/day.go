package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"kartoteka/crm"
)

// dayPage is how many cards EachOn reads at a time.
const dayPage = 500

// EachOn hands f every card, not in the bin, that has any of the keys. The rows are listed first, all of them, from the side
// table alone; then the cards are read page by page in the order of the file, while nothing is open that a slow f would hold up.
func (s *Store) EachOn(ctx context.Context, team crm.TeamID, keys []string, f func(crm.Client) error) error {
	if len(keys) == 0 {
		return nil
	}
	rows, err := s.rowsOn(ctx, team, keys)
	if err != nil {
		return fmt.Errorf("sqlite: rows of days: %w", err)
	}
	q := crm.ClientQuery{Team: team, Dates: keys}
	for page := range slices.Chunk(rows, dayPage) {
		wanted, err := json.Marshal(page)
		if err != nil {
			return fmt.Errorf("sqlite: clients of days: %w", err)
		}
		cards, err := list[crm.Client](ctx, s.reader, "clients of days",
			`SELECT c.doc FROM json_each(?) j CROSS JOIN clients c ON c.n = j.value WHERE c.deleted IS NULL`, string(wanted))
		if err != nil {
			return err
		}
		for _, c := range cards {
			if !q.Match(c) {
				continue // changed since the rows were listed
			}
			if err := f(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// rowsOn lists the rows of the cards that have any of the keys, each once.
func (s *Store) rowsOn(ctx context.Context, team crm.TeamID, keys []string) ([]int64, error) {
	var w where
	w.and("team = ?", team)
	anyOf(&w, "facet", dateFacets(keys))
	var rows []int64
	err := s.reader.rows(ctx, `SELECT client FROM facets WHERE `+w.String(), w.args, func(r *sql.Rows) (bool, error) {
		var n int64
		err := r.Scan(&n)
		rows = append(rows, n)
		return false, err
	})
	slices.Sort(rows)
	return slices.Compact(rows), err
}
