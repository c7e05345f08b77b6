package sqlite

import (
	"context"

	"kartoteka/crm"
)

// countOwnLacks counts the cards that lack one of the own fields, or else what all have, kind by kind: all of the kind but those that have
// everything. Nothing but indexes is read. ok is false for a query with other filters, and for a file whose cards Sweep has not
// written anew yet.
func (s *Store) countOwnLacks(ctx context.Context, q crm.ClientQuery) (n int, ok bool, err error) {
	if _, own := crm.SplitGaps(q.Lacks); len(own) == 0 || !q.OnlyLacks() {
		return 0, false, nil
	}
	if filled, err := s.filled(ctx); err != nil || !filled {
		return 0, false, err
	}
	for _, k := range crm.LacksByKind(q.Lacks) {
		var lacking int
		if len(k.Own) == 0 {
			part := q
			part.Lacks = k.Carried
			lacking, err = s.countClients(ctx, part, everyCard)
		} else {
			lacking, err = s.countUnfilled(ctx, q, k)
		}
		if err != nil {
			return 0, true, err
		}
		n += lacking
	}
	return n, true, nil
}

// filled reports whether the side table says who has what of the own fields; a file of an older version does not until Sweep has written
// its cards anew.
func (s *Store) filled(ctx context.Context) (bool, error) {
	version, err := s.reader.number(ctx, `PRAGMA user_version`)
	return version >= fileVersion, err
}

// query is what is asked, and where it is to be looked up.
type query struct {
	crm.ClientQuery
	filled bool // who lacks an own field is told by the side table
}

// query looks that up; of cards in the bin only the document knows it.
func (s *Store) query(ctx context.Context, q crm.ClientQuery) (query, error) {
	if _, own := crm.SplitGaps(q.Lacks); len(own) == 0 || q.Bin == crm.BinInside {
		return query{ClientQuery: q}, nil
	}
	filled, err := s.filled(ctx)
	return query{q, filled}, err
}

// unfilled is the condition that a card c of a kind lacks one of the own fields. No document is read. Persons are those that are nothing
// else.
func unfilled(key crm.GapKey) (w where) {
	kind, _, _ := key.Own()
	none := []crm.GapKey{key}
	for _, k := range crm.Kinds {
		if k != crm.KindPerson && kind == crm.KindPerson {
			none = append(none, crm.KindKey(k))
		}
	}
	w.and("c.stage <> ?", crm.StageArchive)
	w.and("NOT EXISTS (SELECT 1 FROM facets h WHERE h.team = c.team AND h.client = c.n AND h.facet IN ("+marks(len(none))+"))", anys(filledFacets(none))...)
	if kind != crm.KindPerson {
		w.and("EXISTS (SELECT 1 FROM facets k WHERE k.team = c.team AND k.client = c.n AND k.facet = ?)", filledFacets([]crm.GapKey{crm.KindKey(kind)})[0])
	}
	return w
}

// unfilledDoc is the same condition on the document: a field's id with quotes and a colon stands there as a key alone, of the values or of
// the sealed ones, since quotes in texts are escaped. To look for it is several times faster than to parse each document.
func unfilledDoc(key crm.GapKey) (w where) {
	kind, id, _ := key.Own()
	is := "c.doc ->> '$.kind' = ?"
	if kind == crm.KindPerson {
		is = "coalesce(c.doc ->> '$.kind', '') IN (?, '')"
	}
	w.and("c.stage <> ? AND instr(c.doc, ?) = 0 AND "+is, crm.StageArchive, `"`+string(id)+`":`, kind)
	return w
}

// everyCard is no bound.
const everyCard = 1 << 31

// countUnfilled counts the cards of a kind that lack any of it.
func (s *Store) countUnfilled(ctx context.Context, q crm.ClientQuery, k crm.KindLacks) (int, error) {
	all, err := s.countKind(ctx, q, k.Kind)
	if err != nil || all == 0 {
		return 0, err
	}
	whole, err := s.countFilled(ctx, q, k.Own, k.Carried)
	return all - whole, err
}

// countKind counts the cards of a kind outside the archive. Persons are those that are nothing else.
func (s *Store) countKind(ctx context.Context, q crm.ClientQuery, kind crm.Kind) (int, error) {
	if kind != crm.KindPerson {
		return s.countFilled(ctx, q, []crm.GapKey{crm.KindKey(kind)}, nil)
	}
	q.Lacks = nil
	n, err := s.countClients(ctx, q, everyCard)
	if err != nil {
		return 0, err
	}
	q.Stages = []crm.Stage{crm.StageArchive}
	put, err := s.countClients(ctx, q, everyCard)
	n -= put
	q.Stages = nil
	for _, other := range crm.Kinds {
		if other != crm.KindPerson && err == nil {
			var few int
			few, err = s.countKind(ctx, q, other)
			n -= few
		}
	}
	return n, err
}

// countFilled counts the cards of the query's owners that have all of some keys (crm.Client.FilledKeys) and lack none of others.
func (s *Store) countFilled(ctx context.Context, q crm.ClientQuery, has, lacks []crm.GapKey) (int, error) {
	var w where
	facets := filledFacets(has)
	w.and("f.team = ? AND f.facet = ?", q.Team, facets[0])
	for _, facet := range facets[1:] {
		w.and("EXISTS (SELECT 1 FROM facets h WHERE h.team = f.team AND h.facet = ? AND h.client = f.client)", facet)
	}
	if len(lacks) > 0 {
		w.and("NOT EXISTS (SELECT 1 FROM facets g WHERE g.team = f.team AND g.client = f.client AND g.facet IN ("+marks(len(lacks))+"))",
			anys(gapFacets(lacks))...)
	}
	if q.Owner != "" || len(q.Among) > 0 {
		owners, err := s.owners(ctx, q)
		if err != nil || len(owners) == 0 {
			return 0, err
		}
		var whose where
		whose.and("c.team = ? AND c.deleted IS NULL", q.Team)
		anyOf(&whose, "c.owner", owners)
		w.and("f.client IN (SELECT c.n FROM clients c INDEXED BY clients_idle WHERE "+whose.String()+")", whose.args...)
	}
	return s.reader.count(ctx, `SELECT count(*) FROM facets f WHERE `+w.String(), w.args...)
}
