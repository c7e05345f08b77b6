package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"kartoteka/crm"
)

const addWord = `INSERT INTO words (team, variant, word) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`

// learn adds words to a team's vocabulary. A word is among its own variants; if that row is there, so are
// the others.
func (t *tx) learn(team crm.TeamID, words map[string]bool) error {
	for _, w := range slices.Sorted(maps.Keys(words)) {
		added, err := t.exec(addWord, team, w, w)
		if err != nil {
			return err
		}
		if added == 0 {
			continue
		}
		for _, v := range crm.Variants(w) {
			if _, err := t.exec(addWord, team, v, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// WordsNear lists distinct vocabulary words that are one of the variants or have one of them among their own.
func (s *Store) WordsNear(ctx context.Context, team crm.TeamID, variants []string, limit int) ([]string, error) {
	var words []string
	for _, v := range variants {
		err := s.reader.rows(ctx, `SELECT word FROM words WHERE team = ? AND variant = ? LIMIT ?`, []any{team, v, limit},
			func(r *sql.Rows) (bool, error) {
				var w string
				err := r.Scan(&w)
				if !slices.Contains(words, w) {
					words = append(words, w)
				}
				return len(words) >= limit, err
			})
		if err != nil {
			return nil, fmt.Errorf("sqlite: words: %w", err)
		}
		if len(words) >= limit {
			break
		}
	}
	return words, nil
}
