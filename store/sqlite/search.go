package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

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
func (s *Store) SearchClients(ctx context.Context, q crm.TermQuery) ([]crm.Candidate, error) {
	if q.Scan == 0 {
		q.Scan = defaultScan
	}
	cards, err := s.searchClients(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("sqlite: search: %w", err)
	}
	return cards, nil
}

func (s *Store) searchClients(ctx context.Context, q crm.TermQuery) ([]crm.Candidate, error) {
	src, err := s.narrowest(ctx, q)
	if err != nil || src.text == "" {
		return nil, err
	}
	return s.matches(ctx, q, src)
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

// matches reads the source and keeps the cards that satisfy all of the query, at most q.Limit of them.
func (s *Store) matches(ctx context.Context, q crm.TermQuery, src source) ([]crm.Candidate, error) {
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
	text := `SELECT s.n, s.id, s.owner, s.stage, s.idle, s.sort_name, s.terms
		FROM (SELECT client FROM (` + src.text + `) LIMIT +?) e CROSS JOIN searchable s WHERE ` + w.String()
	var whole, rest []crm.Candidate
	seen := map[int64]bool{}
	err := s.reader.rows(ctx, text, slices.Concat(src.args, []any{q.Scan}, w.args), func(r *sql.Rows) (bool, error) {
		n, c, err := scanCandidate(r)
		if err != nil || seen[n] {
			return false, err
		}
		seen[n] = true
		if slices.ContainsFunc(q.Groups[0].Exact, func(term string) bool { return slices.Contains(c.Terms, term) }) {
			whole = append(whole, c)
		} else {
			rest = append(rest, c)
		}
		// Entries of the first word come with the whole-word ones in front; other sources in any order.
		return len(whole) >= q.Limit || src.group == 0 && len(seen) >= q.Limit, nil
	})
	all := append(whole, rest...)
	return all[:min(len(all), q.Limit)], err
}

// scanCandidate reads a row of searchable.
func scanCandidate(r *sql.Rows) (n int64, c crm.Candidate, err error) {
	var idle int64
	var terms string
	if err := r.Scan(&n, &c.ID, &c.Owner, &c.Stage, &idle, &c.SortName, &terms); err != nil {
		return 0, c, err
	}
	c.LastTouch, c.Terms = time.UnixMilli(-idle).UTC(), splitTerms(terms)
	return n, c, nil
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
