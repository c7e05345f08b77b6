package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"kartoteka/crm"
)

// CountTags counts the cards of each tag from the side table. Where the query has filters the cards that it means are found first, by
// the index of the filter; of a card in the bin only the document knows the tags.
func (s *Store) CountTags(ctx context.Context, q crm.ClientQuery, limit int) ([]crm.TagCount, error) {
	text, args, err := s.tagCounts(ctx, q)
	var all []crm.TagCount
	if err == nil && text != "" {
		err = s.reader.walk(ctx, text+` GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT +?`, append(args, limit), func(r *sql.Rows) (bool, error) {
			var one crm.TagCount
			err := r.Scan(&one.Tag, &one.Cards)
			one.Tag = strings.TrimPrefix(one.Tag, tagFacet(""))
			all = append(all, one)
			return false, err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("sqlite: count tags: %w", err)
	}
	return all, nil
}

// tagCounts is the statement without its grouping; "" if there is no card.
func (s *Store) tagCounts(ctx context.Context, q crm.ClientQuery) (string, []any, error) {
	f, err := s.rarest(ctx, q)
	asked, err2 := s.query(ctx, q)
	if err = cmp.Or(err, err2); err != nil || f != nil && f.size == 0 {
		return "", nil, err
	}
	if q.Bin == crm.BinInside {
		from, w := fromFew(asked, nil)
		w.and("j.value IS NOT NULL") // of a card without tags
		return `SELECT j.value, count(*) FROM ` + from + `, json_each(c.doc, '$.tag_keys') j WHERE ` + w.String(), w.args, nil
	}
	var tags where
	tags.and("t.team = ? AND t.facet >= ? AND t.facet < ?", q.Team, tagFacet(""), "tag;") // ; follows :
	text := `SELECT t.facet, count(*) FROM facets t WHERE ` + tags.String()
	if f == nil && q.Owner == "" && len(q.Among) == 0 && len(q.Neglected) == 0 && !bounded(q) {
		return text, tags.args, nil
	}
	var from string
	var w where
	if f != nil && f.size <= s.few {
		from, w = fromFew(asked, f)
	} else {
		owners, err := s.owners(ctx, q)
		if err != nil || len(owners) == 0 {
			return "", nil, err
		}
		from = `clients c INDEXED BY ` + countIndex(q)
		w.and("c.team = ? AND c.deleted IS NULL", q.Team)
		anyOf(&w, "c.owner", owners)
		filter(&w, asked)
	}
	return text + ` AND t.client IN (SELECT c.n FROM ` + from + ` WHERE ` + w.String() + `)`, append(tags.args, w.args...), nil
}
