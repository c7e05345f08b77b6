package sqlite

import (
	"cmp"
	"context"
	"fmt"

	"kartoteka/crm"
)

// facets is one filter of a query: cards with any of these facets, and how many these are, counted as far
// as matters.
type facets struct {
	any  []string
	size int
}

// rarest finds the filter of the query that leaves the fewest cards; nil if it has none, or means the bin.
func (s *Store) rarest(ctx context.Context, q crm.ClientQuery) (*facets, error) {
	if q.Bin == crm.BinInside {
		return nil, nil
	}
	var best *facets
	for _, values := range filters(q) {
		n, err := s.countFacets(ctx, q.Team, values, s.few+1)
		if err != nil {
			return nil, err
		}
		if best == nil || n < best.size {
			best = &facets{values, n}
		}
	}
	return best, nil
}

// filters lists those of the query that facets answer; each a list of alternatives.
func filters(q crm.ClientQuery) [][]string {
	var all [][]string
	for _, tag := range q.Tags {
		all = append(all, []string{tagFacet(tag)})
	}
	var stages, statuses []string
	for _, s := range q.Stages {
		stages = append(stages, stageFacet(s))
	}
	for _, s := range q.Statuses {
		statuses = append(statuses, statusFacet(s))
	}
	gaps := gapFacets(q.Lacks)
	if _, own := crm.SplitGaps(q.Lacks); len(own) > 0 {
		gaps = nil // one of the alternatives has no facet
	}
	for _, values := range [][]string{stages, statuses, dateFacets(q.Dates), gaps} {
		if len(values) > 0 {
			all = append(all, values)
		}
	}
	return all
}

func (s *Store) countFacets(ctx context.Context, team crm.TeamID, values []string, limit int) (int, error) {
	var w where
	w.and("team = ?", team)
	anyOf(&w, "facet", values)
	return s.reader.count(ctx, `SELECT count(*) FROM (SELECT 1 FROM facets WHERE `+w.String()+` LIMIT +?)`, append(w.args, limit)...)
}

// countDistinct counts the cards that have any of the facets.
func (s *Store) countDistinct(ctx context.Context, team crm.TeamID, values []string, limit int) (int, error) {
	var w where
	w.and("team = ?", team)
	anyOf(&w, "facet", values)
	return s.reader.count(ctx, `SELECT count(*) FROM (SELECT DISTINCT client FROM facets WHERE `+w.String()+` LIMIT +?)`, append(w.args, limit)...)
}

// CountClients counts what the query without paging would list, up to limit.
func (s *Store) CountClients(ctx context.Context, q crm.ClientQuery, limit int) (int, error) {
	n, err := s.countClients(ctx, q, limit)
	if err != nil {
		return 0, fmt.Errorf("sqlite: count clients: %w", err)
	}
	return n, nil
}

func (s *Store) countClients(ctx context.Context, q crm.ClientQuery, limit int) (int, error) {
	if n, ok, err := s.countOwnLacks(ctx, q); ok || err != nil {
		return min(n, limit), err
	}
	one := filters(q)
	if len(one) == 1 && q.Bin == crm.BinOutside && q.Owner == "" && len(q.Among) == 0 && !bounded(q) {
		if len(q.Dates) > 1 || len(q.Lacks) > 1 { // a card may have two of them
			return s.countDistinct(ctx, q.Team, one[0], limit)
		}
		return s.countFacets(ctx, q.Team, one[0], limit)
	}
	f, err := s.rarest(ctx, q)
	asked, err2 := s.query(ctx, q)
	if err = cmp.Or(err, err2); err != nil || f != nil && f.size == 0 {
		return 0, err
	}
	if q.Bin == crm.BinInside || f != nil && f.size <= s.few {
		from, w := fromFew(asked, f)
		return s.countFrom(ctx, from, w, limit)
	}
	owners, err := s.owners(ctx, q)
	if err != nil || len(owners) == 0 {
		return 0, err
	}
	var w where
	w.and("c.team = ? AND c.deleted IS NULL", q.Team)
	anyOf(&w, "c.owner", owners)
	filter(&w, asked)
	return s.countFrom(ctx, `clients c INDEXED BY `+countIndex(q), w, limit)
}

// bounded reports whether a query has filters that are no facets.
func bounded(q crm.ClientQuery) bool {
	_, own := crm.SplitGaps(q.Lacks)
	return len(own) > 0 || len(q.Neglected) > 0 || !q.TouchedBefore.IsZero() || !q.NextFrom.IsZero() || !q.NextBefore.IsZero() ||
		!q.CreatedFrom.IsZero() || !q.CreatedBefore.IsZero()
}

// countIndex is the index that has what the query asks for, so that no document is read.
func countIndex(q crm.ClientQuery) string {
	switch {
	case len(q.Neglected) > 0:
		return "clients_worth"
	case !q.CreatedFrom.IsZero() || !q.CreatedBefore.IsZero():
		return "clients_newest"
	case !q.NextFrom.IsZero() || !q.NextBefore.IsZero():
		return "clients_next"
	}
	return "clients_idle"
}

func (s *Store) countFrom(ctx context.Context, from string, w where, limit int) (int, error) {
	return s.reader.count(ctx, `SELECT count(*) FROM (SELECT DISTINCT c.n FROM `+from+` WHERE `+w.String()+` LIMIT +?)`,
		append(w.args, limit)...)
}
