package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"kartoteka/crm"
)

// defaultScan bounds the entries that a search looks at where the query does not.
const defaultScan = 5000

// source yields numbers of cards that may be what a search looks for: a statement with one column, client.
type source struct {
	text  string
	args  []any
	group int // the group whose terms it reads, so that they need no check; -1: the owner's cards
}

// SearchClients lists cards whose terms satisfy the query, whole-word matches of the first word first. It
// reads entries of the group (or cards of the owner) of which there are fewest, and checks each card for
// the rest, so that the cost is bounded by q.Scan, however many cards there are.
func (s *Store) SearchClients(ctx context.Context, q crm.TermQuery) ([]crm.Client, error) {
	if q.Scan == 0 {
		q.Scan = defaultScan
	}
	cards, err := s.searchClients(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("sqlite: search: %w", err)
	}
	return cards, nil
}

func (s *Store) searchClients(ctx context.Context, q crm.TermQuery) ([]crm.Client, error) {
	src, err := s.narrowest(ctx, q)
	if err != nil || src.text == "" {
		return nil, err
	}
	find := s.matches
	if len(q.Groups) == 1 && q.Owner == "" {
		find = s.entries
	}
	numbers, err := find(ctx, q, src)
	if err != nil || len(numbers) == 0 {
		return nil, err
	}
	return s.clientsByNumber(ctx, numbers)
}

// narrowest chooses the source with the fewest entries, counted as far as q.Scan.
func (s *Store) narrowest(ctx context.Context, q crm.TermQuery) (source, error) {
	var sources []source
	for i, g := range q.Groups {
		src := termSource(q.Team, g, i)
		if src.text == "" { // a word without alternatives: nothing satisfies it
			return source{}, nil
		}
		sources = append(sources, src)
	}
	if q.Owner != "" {
		sources = append(sources, source{`SELECT n AS client FROM clients INDEXED BY clients_newest
			WHERE team = ? AND owner = ? AND deleted IS NULL`, []any{q.Team, q.Owner}, -1})
	}
	if len(sources) <= 1 {
		return append(sources, source{})[0], nil
	}
	best, fewest := source{}, q.Scan+1
	for _, src := range sources {
		n, err := s.reader.number(ctx, `SELECT count(*) FROM (SELECT 1 FROM (`+src.text+`) LIMIT +?)`,
			append(src.args[:len(src.args):len(src.args)], fewest)...)
		if err != nil {
			return source{}, err
		}
		if n < fewest || best.text == "" {
			best, fewest = src, n
		}
	}
	return best, nil
}

// termSource reads the entries of a group: those of whole terms first.
func termSource(team crm.TeamID, g crm.TermGroup, group int) source {
	var parts []string
	var args []any
	for _, term := range g.Exact {
		parts = append(parts, `SELECT client FROM terms WHERE team = ? AND term = ?`)
		args = append(args, team, term)
	}
	for _, prefix := range g.Prefixes {
		if end := prefixEnd(prefix); end != "" {
			parts = append(parts, `SELECT client FROM terms WHERE team = ? AND term >= ? AND term < ?`)
			args = append(args, team, prefix, end)
		} else {
			parts = append(parts, `SELECT client FROM terms WHERE team = ? AND term >= ?`)
			args = append(args, team, prefix)
		}
	}
	return source{strings.Join(parts, ` UNION ALL `), args, group}
}

// entries reads the source of a query that leaves nothing to check: whole words come in front by themselves.
func (s *Store) entries(ctx context.Context, q crm.TermQuery, src source) ([]int64, error) {
	var all []int64
	seen := map[int64]bool{}
	err := s.reader.rows(ctx, `SELECT client FROM (`+src.text+`) LIMIT +?`, append(src.args, q.Scan), func(r *sql.Rows) (bool, error) {
		var n int64
		if err := r.Scan(&n); err != nil || seen[n] {
			return false, err
		}
		seen[n] = true
		all = append(all, n)
		return len(all) >= q.Limit, nil
	})
	return all, err
}

// matches reads the source and keeps the cards that satisfy all of the query, at most q.Limit of them.
func (s *Store) matches(ctx context.Context, q crm.TermQuery, src source) ([]int64, error) {
	var w where
	w.and("s.n = e.client")
	if q.Owner != "" {
		w.and("s.owner = ?", q.Owner)
	}
	for i, g := range q.Groups {
		if i != src.group {
			has := termsHave(g)
			w.and(has.String(), has.args...)
		}
	}
	whole := termsHave(crm.TermGroup{Exact: q.Groups[0].Exact})
	text := `SELECT s.n, ` + whole.String() + ` FROM (SELECT client FROM (` + src.text + `) LIMIT +?) e
		CROSS JOIN searchable s WHERE ` + w.String()
	args := append(append(whole.args, src.args...), q.Scan)
	var first, rest []int64
	seen := map[int64]bool{}
	err := s.reader.rows(ctx, text, append(args, w.args...), func(r *sql.Rows) (bool, error) {
		var n int64
		var exact bool
		if err := r.Scan(&n, &exact); err != nil || seen[n] {
			return false, err
		}
		seen[n] = true
		if exact {
			first = append(first, n)
		} else {
			rest = append(rest, n)
		}
		// Entries of the first word come with the whole-word ones in front; other sources in any order.
		return len(first) >= q.Limit || src.group == 0 && len(seen) >= q.Limit, nil
	})
	all := append(first, rest...)
	return all[:min(len(all), q.Limit)], err
}

// termsHave is the condition that the card's terms (joinTerms) satisfy the group.
func termsHave(g crm.TermGroup) where {
	var either []string
	var args []any
	for _, term := range g.Exact {
		either = append(either, `instr(s.terms, ?) > 0`)
		args = append(args, "\n"+term+"\n")
	}
	for _, prefix := range g.Prefixes {
		either = append(either, `instr(s.terms, ?) > 0`)
		args = append(args, "\n"+prefix)
	}
	if len(either) == 0 {
		return where{text: []string{`0`}}
	}
	return where{text: []string{`(` + strings.Join(either, ` OR `) + `)`}, args: args}
}

// clientsByNumber reads the cards in the order of the numbers.
func (s *Store) clientsByNumber(ctx context.Context, numbers []int64) ([]crm.Client, error) {
	wanted, err := json.Marshal(numbers)
	if err != nil {
		return nil, err
	}
	var cards []crm.Client
	err = s.reader.rows(ctx, `SELECT c.doc FROM json_each(?) j CROSS JOIN clients c
		WHERE c.n = j.value AND c.deleted IS NULL ORDER BY j.key`, []any{string(wanted)},
		func(r *sql.Rows) (bool, error) {
			var c crm.Client
			err := scanDoc(r, &c)
			cards = append(cards, c)
			return false, err
		})
	return cards, err
}
