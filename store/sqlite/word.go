package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kartoteka/crm"
	"kartoteka/crm/spell"
)

// learn adds words to a team's vocabulary. A word is among its own variants; if that row is there, so are
// the others.
func (t *tx) learn(team crm.TeamID, words map[string]bool) error {
	if len(words) == 0 {
		return nil
	}
	asked, err := json.Marshal(slices.Sorted(maps.Keys(words)))
	if err != nil {
		return err
	}
	var raw string
	err = t.row(`SELECT json_group_array(j.value) FROM json_each(?) j
		WHERE NOT EXISTS (SELECT 1 FROM words WHERE team = ? AND variant = j.value AND word = j.value)`, []any{string(asked), team}, &raw)
	if err != nil {
		return err
	}
	var unknown []string
	if err := json.Unmarshal([]byte(raw), &unknown); err != nil {
		return err
	}
	var rows [][2]string // variant, word
	for _, w := range unknown {
		for _, v := range append(spell.Variants(w), w) {
			rows = append(rows, [2]string{v, w})
		}
	}
	slices.SortFunc(rows, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) // as they lie on disk
	values := make([]any, 0, 2*len(rows))
	for _, row := range rows {
		values = append(values, row[0], row[1])
	}
	return t.insertPairs(`INSERT OR IGNORE INTO words (team, variant, word)`, team, values)
}

// unlearn takes the words of a purged card out of its team's vocabulary, but for those that another card has.
func (t *tx) unlearn(team crm.TeamID, doc string) error {
	var c crm.Client
	if err := decode([]byte(doc), &c); err != nil {
		return err
	}
	var raw string
	var of crm.Team
	err := t.row(`SELECT doc FROM teams WHERE id = ?`, []any{team}, &raw)
	if err == nil {
		err = decode([]byte(raw), &of)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for _, w := range c.Vocabulary(of.Fields) {
		var others bool
		if err := t.row(`SELECT EXISTS (SELECT 1 FROM terms WHERE team = ? AND term = ?)`, []any{team, w}, &others); err != nil {
			return err
		}
		if others {
			continue
		}
		for _, v := range append(spell.Variants(w), w) {
			if _, err := t.exec(`DELETE FROM words WHERE team = ? AND variant = ? AND word = ?`, team, v, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// WordsNear lists distinct vocabulary words that are one of the variants or have one of them among their own.
// One statement looks all of them up: a typo has some hundred variants, and a statement each costs ten times more.
func (s *Store) WordsNear(ctx context.Context, team crm.TeamID, variants []string, limit int) ([]string, error) {
	asked, err := json.Marshal(variants)
	if err != nil {
		return nil, fmt.Errorf("sqlite: words: %w", err)
	}
	var words []string
	seen := make(map[string]bool)
	err = s.reader.rows(ctx, `SELECT w.word FROM json_each(?) v CROSS JOIN words w
		WHERE w.team = ? AND w.variant = v.value ORDER BY v.key`, []any{string(asked), team},
		func(r *sql.Rows) (bool, error) {
			var w string
			err := r.Scan(&w)
			if !seen[w] {
				seen[w] = true
				words = append(words, w)
			}
			return len(words) >= limit, err
		})
	if err != nil {
		return nil, fmt.Errorf("sqlite: words: %w", err)
	}
	return words, nil
}
