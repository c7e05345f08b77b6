package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"kartoteka/crm"
)

const (
	// fewCards is how many cards a filter may leave for them to be fetched and sorted; with more, the index in
	// the order asked for soon comes to the next match.
	fewCards = 1000
	// maxArms bounds the owners whose lists one statement merges (SQLite: 500 parts of a compound).
	maxArms = 400
)

// order is a sort key: the column, ascending, and the index that has the cards of each owner in its order.
type order struct {
	column string
	index  string
	after  any // the key of the card to page on after
}

func orderOf(q crm.ClientQuery) order {
	o := order{column: "newest", index: "clients_newest"}
	switch q.Sort {
	case crm.SortByName:
		o = order{column: "sort_name", index: "clients_name"}
	case crm.SortByTouch:
		o = order{column: "idle", index: "clients_idle"}
	case crm.SortByNext:
		o = order{column: "next", index: "clients_next"}
	case crm.SortByWorth:
		o = order{column: "worth", index: "clients_worth"}
	}
	if q.After != nil {
		o.after = descending(q.After.Time)
		switch q.Sort {
		case crm.SortByName:
			o.after = q.After.Name
		case crm.SortByNext:
			o.after = q.After.Time.UnixMilli()
		case crm.SortByWorth:
			o.after = q.After.Worth
		}
	}
	return o
}

// Clients answers the query in full: filter, order and page.
func (s *Store) Clients(ctx context.Context, q crm.ClientQuery) ([]crm.Client, error) {
	cards, err := s.listClients(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("sqlite: clients: %w", err)
	}
	return cards, nil
}

func (s *Store) listClients(ctx context.Context, q crm.ClientQuery) ([]crm.Client, error) {
	text, args, err := s.page(ctx, q)
	if err != nil || text == "" {
		return nil, err
	}
	var cards []crm.Client
	err = s.reader.walk(ctx, `SELECT d.doc FROM (`+text+`) p CROSS JOIN clients d ON d.n = p.n ORDER BY p.k, p.id`, args,
		func(r *sql.Rows) (bool, error) {
			var c crm.Client
			err := scanDoc(r, &c)
			cards = append(cards, c)
			return false, err
		})
	return cards, err
}

// page compiles the query to a statement for n, k (the sort key) and id of the page's cards, in order; "" if
// there can be none.
func (s *Store) page(ctx context.Context, asked crm.ClientQuery) (string, []any, error) {
	q, err := s.query(ctx, asked)
	if err != nil {
		return "", nil, err
	}
	o := orderOf(asked)
	f, err := s.rarest(ctx, asked)
	switch {
	case err != nil:
		return "", nil, err
	case f != nil && f.size == 0:
		return "", nil, nil
	case q.Bin == crm.BinInside || f != nil && f.size <= s.few:
		from, w := fromFew(q, f)
		if q.After != nil {
			w.and("(c."+o.column+", c.id) > (?, ?)", o.after, q.After.ID)
		}
		// DISTINCT: a card may have two of the dates, or of the gaps, that are asked for.
		return `SELECT DISTINCT c.n AS n, c.` + o.column + ` AS k, c.id AS id FROM ` + from + ` WHERE ` + w.String() +
			` ORDER BY k, id LIMIT +?`, append(w.args, q.Limit), nil
	}
	if q.Sort == crm.SortByNext && q.Owner == "" && len(q.Among) == 0 && q.NextFrom.UnixMilli() > 0 {
		text, args := dueOf(q, o)
		return text, args, nil
	}
	owners, err := s.owners(ctx, asked)
	if err != nil || len(owners) == 0 {
		return "", nil, err
	}
	text, args := arms(q, o, owners)
	return text, args, nil
}

// dueOf lists the whole team's next contacts from a time on, however many owners they have: the planner asks for them every few
// seconds. Of several lower bounds SQLite seeks to the first that is written: what the partial index asks for comes last.
func dueOf(q query, o order) (string, []any) {
	var w where
	w.and("c.team = ? AND c.deleted IS NULL", q.Team)
	if q.After != nil {
		w.and("(c.next, c.id) > (?, ?)", o.after, q.After.ID)
	}
	filter(&w, q)
	w.and("c.next > 0")
	return `SELECT c.n AS n, c.next AS k, c.id AS id FROM clients c INDEXED BY clients_due WHERE ` + w.String() + ` ORDER BY k, id LIMIT +?`,
		append(w.args, q.Limit)
}

// arms merges the lists of the owners: each is read in order from the index, only as far as the page goes.
func arms(q query, o order, owners []crm.MemberID) (string, []any) {
	if len(owners) > maxArms {
		left, leftArgs := arms(q, o, owners[:maxArms])
		right, rightArgs := arms(q, o, owners[maxArms:])
		return `SELECT * FROM (SELECT * FROM (` + left + `) UNION ALL SELECT * FROM (` + right + `)) ORDER BY k, id LIMIT +?`,
			append(append(leftArgs, rightArgs...), q.Limit)
	}
	var parts []string
	var args []any
	for _, owner := range owners {
		var w where
		w.and("c.team = ? AND c.owner = ? AND c.deleted IS NULL", q.Team, owner)
		if q.After != nil {
			w.and("(c."+o.column+", c.id) > (?, ?)", o.after, q.After.ID)
		}
		filter(&w, q)
		parts = append(parts, `SELECT * FROM (SELECT c.n AS n, c.`+o.column+` AS k, c.id AS id FROM clients c INDEXED BY `+
			o.index+` WHERE `+w.String()+` ORDER BY k, id LIMIT +?)`)
		args = append(append(args, w.args...), q.Limit)
	}
	return `SELECT * FROM (` + strings.Join(parts, ` UNION ALL `) + `) ORDER BY k, id LIMIT +?`, append(args, q.Limit)
}

// filter adds the conditions that hold for a card c of any source.
func filter(w *where, q query) {
	anyOf(w, "c.stage", q.Stages)
	anyOf(w, "c.status", q.Statuses)
	if !q.TouchedBefore.IsZero() {
		w.and("c.idle > ?", -roundUp(q.TouchedBefore))
	}
	if !q.NextFrom.IsZero() {
		w.and("c.next >= ?", q.NextFrom.UnixMilli())
	}
	if !q.NextBefore.IsZero() {
		w.and("c.next < ?", q.NextBefore.UnixMilli())
	}
	if !q.CreatedFrom.IsZero() {
		w.and("c.newest <= ?", -roundUp(q.CreatedFrom))
	}
	if !q.CreatedBefore.IsZero() {
		w.and("c.newest > ?", -roundUp(q.CreatedBefore))
	}
	neglected(w, q.Neglected)
	if len(q.Dates) > 0 {
		in, args := " IN ("+marks(len(q.Dates))+"))", anys(q.Dates)
		if q.Bin == crm.BinInside {
			w.and("EXISTS (SELECT 1 FROM json_each(c.doc, '$.date_keys') WHERE value"+in, args...)
		} else {
			w.and("EXISTS (SELECT 1 FROM facets d WHERE d.team = c.team AND d.client = c.n AND d.facet"+in, anys(dateFacets(q.Dates))...)
		}
	}
	lacking(w, q)
	for _, tag := range q.Tags {
		if q.Bin == crm.BinInside { // facets know only cards outside
			w.and("EXISTS (SELECT 1 FROM json_each(c.doc, '$.tag_keys') WHERE value = ?)", tag)
		} else {
			w.and("EXISTS (SELECT 1 FROM facets t WHERE t.team = c.team AND t.facet = ? AND t.client = c.n)", tagFacet(tag))
		}
	}
}

// lacking adds the condition that a card has any of the gaps.
func lacking(w *where, q query) {
	carried, own := crm.SplitGaps(q.Lacks)
	var any where
	if len(carried) > 0 {
		in := " IN (" + marks(len(carried)) + "))"
		if q.Bin == crm.BinInside {
			any.and("EXISTS (SELECT 1 FROM json_each(c.doc, '$.gaps') WHERE value"+in, anys(carried)...)
		} else {
			any.and("EXISTS (SELECT 1 FROM facets g WHERE g.team = c.team AND g.client = c.n AND g.facet"+in, anys(gapFacets(carried))...)
		}
	}
	for _, key := range own {
		one := unfilledDoc(key)
		if q.filled {
			one = unfilled(key)
		}
		any.and("("+one.String()+")", one.args...)
	}
	if len(q.Lacks) > 0 {
		w.and("("+strings.Join(any.text, " OR ")+")", any.args...)
	}
}

// neglected adds the condition that a card is left lying in any of these ways.
func neglected(w *where, ways []crm.Neglect) {
	var any where
	for _, n := range ways {
		var one where
		anyOf(&one, "c.stage", n.Stages)
		anyOf(&one, "c.status", n.Statuses)
		one.and("(c.silent < ? OR c.confirmed < ?)", roundUp(n.SilentBefore), roundUp(n.ConfirmedBefore))
		any.and(one.String(), one.args...)
	}
	if len(ways) > 0 {
		w.and("("+strings.Join(any.text, " OR ")+")", any.args...)
	}
}

// notMerged is true of a card c in the bin that was put there by somebody. A closed one, which is another now, lies there too.
const notMerged = `c.doc ->> '$.merged_into' IS NULL`

// fromFew is the source with conditions for the bin, or for a facet that leaves few cards.
func fromFew(q query, f *facets) (from string, w where) {
	if q.Bin == crm.BinInside {
		from = `clients c INDEXED BY clients_bin`
		w.and("c.team = ? AND c.deleted IS NOT NULL AND "+notMerged, q.Team)
	} else {
		from = `facets f CROSS JOIN clients c ON c.n = f.client`
		w.and("f.team = ?", q.Team)
		anyOf(&w, "f.facet", f.any)
	}
	if q.Owner != "" {
		w.and("c.owner = ?", q.Owner)
	}
	anyOf(&w, "c.owner", q.Among)
	filter(&w, q)
	return from, w
}

// owners lists whose cards the query means: the one owner, those among whom it asks, or all that the team's cards have.
func (s *Store) owners(ctx context.Context, q crm.ClientQuery) ([]crm.MemberID, error) {
	switch {
	case q.Owner != "" && len(q.Among) > 0 && !slices.Contains(q.Among, q.Owner):
		return nil, nil
	case q.Owner != "":
		return []crm.MemberID{q.Owner}, nil
	case len(q.Among) > 0: // twice the same would be listed twice
		among := slices.Clone(q.Among)
		slices.Sort(among)
		return slices.Compact(among), nil
	}
	var owners []crm.MemberID
	err := s.reader.rows(ctx, `WITH RECURSIVE o (owner) AS (
			SELECT min(owner) FROM clients INDEXED BY clients_newest WHERE team = ?1 AND deleted IS NULL
			UNION ALL
			SELECT (SELECT min(c.owner) FROM clients c INDEXED BY clients_newest
				WHERE c.team = ?1 AND c.deleted IS NULL AND c.owner > o.owner)
			FROM o WHERE o.owner IS NOT NULL)
		SELECT owner FROM o WHERE owner IS NOT NULL`, []any{q.Team}, func(r *sql.Rows) (bool, error) {
		var id crm.MemberID
		err := r.Scan(&id)
		owners = append(owners, id)
		return false, err
	})
	return owners, err
}
