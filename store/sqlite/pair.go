package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kartoteka/crm"
)

// sharedPage is how many keys EachShared looks at together: while it hands out their cards nothing is open.
const sharedPage = 200

// EachShared hands f the cards that share a key, key by key.
func (s *Store) EachShared(ctx context.Context, q crm.SharedQuery, f func(key string, cards []crm.Client) error) error {
	for {
		page, err := s.sharedKeys(ctx, q)
		if err != nil {
			return fmt.Errorf("sqlite: shared keys: %w", err)
		}
		cards, err := s.sharing(ctx, page)
		if err != nil {
			return err
		}
		for _, k := range page {
			var held []crm.Client
			for _, n := range k.rows {
				if c, there := cards[n]; there {
					held = append(held, c)
				}
			}
			if len(held) < 2 {
				continue // changed since
			}
			if err := f(k.key, held); err != nil {
				return err
			}
		}
		if len(page) < sharedPage {
			return nil
		}
		q.From = page[len(page)-1].key + "\x00"
	}
}

// sharedKey is a key with the rows of the cards that hold it.
type sharedKey struct {
	key  string
	rows []int64
}

// sharedKeys reads the next keys that several cards hold, from the side table alone, in its order.
func (s *Store) sharedKeys(ctx context.Context, q crm.SharedQuery) ([]sharedKey, error) {
	var page []sharedKey
	err := s.reader.walk(ctx, `SELECT key, group_concat(client) FROM keys WHERE team = ? AND key >= ? AND key < ?
		GROUP BY key HAVING count(*) BETWEEN 2 AND ? ORDER BY key LIMIT +?`, []any{q.Team, q.From, q.Before, q.Most, sharedPage},
		func(r *sql.Rows) (bool, error) {
			var k sharedKey
			var rows string
			if err := r.Scan(&k.key, &rows); err != nil {
				return true, err
			}
			err := json.Unmarshal([]byte("["+rows+"]"), &k.rows)
			page = append(page, k)
			return err != nil, err
		})
	return page, err
}

// sharing reads the cards of some rows.
func (s *Store) sharing(ctx context.Context, page []sharedKey) (map[int64]crm.Client, error) {
	var all []int64
	for _, k := range page {
		all = append(all, k.rows...)
	}
	wanted, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("sqlite: clients sharing: %w", err)
	}
	cards := map[int64]crm.Client{}
	err = s.reader.rows(ctx, `SELECT c.n, c.doc FROM json_each(?) j CROSS JOIN clients c ON c.n = j.value WHERE c.deleted IS NULL`, []any{string(wanted)},
		func(r *sql.Rows) (bool, error) {
			var n int64
			var raw sql.RawBytes
			if err := r.Scan(&n, &raw); err != nil {
				return true, err
			}
			var c crm.Client
			err := decode(raw, &c)
			cards[n] = c
			return err != nil, err
		})
	if err != nil {
		return nil, fmt.Errorf("sqlite: clients sharing: %w", err)
	}
	return cards, nil
}

// FindPairs keeps those of a batch that are new, and what was found of those that are open.
func (s *Store) FindPairs(ctx context.Context, batch []crm.Pair) error {
	err := s.write(ctx, func(t *tx) error {
		for _, p := range batch {
			if err := t.findPair(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sqlite: find pairs: %w", err)
	}
	return nil
}

func (t *tx) findPair(p crm.Pair) error {
	var doc []byte
	err := t.row(`SELECT doc FROM pairs WHERE id = ?`, []any{p.ID}, &doc)
	if errors.Is(err, sql.ErrNoRows) {
		return t.insertPair(p)
	}
	var was crm.Pair
	if err == nil {
		err = decode(doc, &was)
	}
	if err != nil || was.State != crm.PairOpen {
		return err
	}
	p.Rev, p.Merge = was.Rev, was.Merge // it may have been taken apart
	if was.Seen.After(p.Seen) {         // by a search that began after this one
		p.Seen = was.Seen
	}
	return t.updatePair(p)
}

func (t *tx) insertPair(p crm.Pair) error {
	doc, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return t.change(crm.ErrConflict, `INSERT INTO pairs (id, team, rev, one, other, one_owner, other_owner, state, rank, seen, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		p.ID, p.Team, p.Rev, p.One, p.Other, p.OneOwner, p.OtherOwner, p.State, -p.Score, p.Seen.UnixMilli(), string(doc))
}

func (t *tx) updatePair(p crm.Pair) error {
	doc, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE pairs SET rev = ?, one_owner = ?, other_owner = ?, state = ?, rank = ?, seen = ?, doc = ? WHERE id = ?`,
		p.Rev, p.OneOwner, p.OtherOwner, p.State, -p.Score, p.Seen.UnixMilli(), string(doc), p.ID)
	return err
}

// Pair returns one; crm.ErrNotFound.
func (s *Store) Pair(ctx context.Context, team crm.TeamID, id crm.PairID) (crm.Pair, error) {
	return get[crm.Pair](ctx, s.reader, "pair", `SELECT doc FROM pairs WHERE id = ? AND team = ?`, id, team)
}

// SavePair writes p as revision p.Rev, which must follow the stored one.
func (s *Store) SavePair(ctx context.Context, p crm.Pair) error {
	err := s.write(ctx, func(t *tx) error {
		if p.Rev == 1 {
			return t.insertPair(p)
		}
		var rev int64
		err := t.row(`SELECT rev FROM pairs WHERE id = ? AND team = ?`, []any{p.ID, p.Team}, &rev)
		if errors.Is(err, sql.ErrNoRows) || err == nil && rev != p.Rev-1 {
			return crm.ErrConflict
		}
		if err != nil {
			return err
		}
		return t.updatePair(p)
	})
	if err != nil {
		return fmt.Errorf("sqlite: save pair %s: %w", p.ID, err)
	}
	return nil
}

// Pairs answers the query in full.
func (s *Store) Pairs(ctx context.Context, q crm.PairQuery) ([]crm.Pair, error) {
	from, args := fromPairs(q, "doc, rank, id", true)
	return list[crm.Pair](ctx, s.reader, "pairs", `SELECT doc FROM (`+from+`) ORDER BY rank, id LIMIT +?`, append(args, q.Limit)...)
}

// CountPairs counts what the query without paging would list, up to limit.
func (s *Store) CountPairs(ctx context.Context, q crm.PairQuery, limit int) (int, error) {
	from, args := fromPairs(q, "id", false)
	n, err := s.reader.count(ctx, `SELECT count(*) FROM (`+from+` LIMIT +?)`, append(args, limit)...)
	if err != nil {
		return 0, fmt.Errorf("sqlite: count pairs: %w", err)
	}
	return n, nil
}

// DropPairs removes what the query means, at most q.Limit.
func (s *Store) DropPairs(ctx context.Context, q crm.PairQuery) (int, error) {
	from, args := fromPairs(q, "id", false)
	var n int64
	err := s.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(`DELETE FROM pairs WHERE id IN (`+from+` LIMIT +?)`, append(args, q.Limit)...)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("sqlite: drop pairs: %w", err)
	}
	return int(n), nil
}

// fromPairs is a statement for what of the pairs that the query means; those of a client are looked up from both sides.
func fromPairs(q crm.PairQuery, what string, paged bool) (string, []any) {
	var w where
	w.and("team = ?", q.Team)
	anyOf(&w, "state", q.States)
	anyOf(&w, "one_owner", q.Among)
	anyOf(&w, "other_owner", q.Among)
	if q.Least > 0 {
		w.and("rank <= ?", -q.Least)
	}
	if !q.SeenBefore.IsZero() {
		w.and("seen < ?", q.SeenBefore.UnixMilli())
	}
	if paged && q.After != nil {
		w.and("(rank, id) > (?, ?)", -q.After.Score, q.After.ID)
	}
	if q.Client == "" {
		return `SELECT ` + what + ` FROM pairs INDEXED BY pairs_rank WHERE ` + w.String(), w.args
	}
	var sides []string
	var args []any
	for _, side := range []string{"one", "other"} {
		sides = append(sides, `SELECT `+what+` FROM pairs INDEXED BY pairs_`+side+` WHERE `+side+` = ? AND `+w.String())
		args = append(append(args, q.Client), w.args...)
	}
	return strings.Join(sides, " UNION ALL "), args
}
