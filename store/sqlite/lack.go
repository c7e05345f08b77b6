package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"kartoteka/crm"
)

// CountLacking counts what cards lack, owner by owner. The rows of each owner and those of each key come as one text, from two indexes and in
// one statement, so that they are of one moment; which owner's card lacks what is told here: to look each of them up in the other index would
// take SQLite several times as long.
func (s *Store) CountLacking(ctx context.Context, q crm.LackQuery) ([]crm.OwnerLacks, error) {
	var live, lacks where
	live.and("team = ? AND deleted IS NULL", q.Team)
	anyOf(&live, "stage", q.Stages)
	lacks.and("team = ?", q.Team)
	anyOf(&lacks, "facet", gapFacets(q.Keys))
	c := lackCount{owned: map[int64]int{}}
	err := s.reader.walk(ctx, `SELECT owner, '', group_concat(n) FROM clients INDEXED BY clients_idle WHERE `+live.String()+` GROUP BY owner
		UNION ALL SELECT '', facet, group_concat(client) FROM facets WHERE `+lacks.String()+` GROUP BY facet`, append(live.args, lacks.args...),
		func(r *sql.Rows) (bool, error) {
			var owner, facet, rows string
			if err := r.Scan(&owner, &facet, &rows); err != nil {
				return true, err
			}
			if key, ok := strings.CutPrefix(facet, gapFacet); ok {
				return false, c.addLack(crm.GapKey(key), rows)
			}
			return false, c.addOwner(crm.MemberID(owner), rows)
		})
	if err != nil {
		return nil, fmt.Errorf("sqlite: count lacking: %w", err)
	}
	return c.all, nil
}

// lackCount tells the rows that lack something from owner to owner.
type lackCount struct {
	all   []crm.OwnerLacks
	owned map[int64]int // row of a card → whose it is, of all
}

func (c *lackCount) addOwner(owner crm.MemberID, rows string) error {
	one := crm.OwnerLacks{Owner: owner, Lacks: map[crm.GapKey]int{}}
	err := eachRow(rows, func(n int64) {
		c.owned[n] = len(c.all)
		one.Total++
	})
	c.all = append(c.all, one)
	return err
}

func (c *lackCount) addLack(key crm.GapKey, rows string) error {
	lacking := make([]int, len(c.all))
	err := eachRow(rows, func(n int64) {
		if i, ok := c.owned[n]; ok { // else it is at another stage
			lacking[i]++
		}
	})
	for i, n := range lacking {
		if n > 0 {
			c.all[i].Lacks[key] = n
		}
	}
	return err
}

// eachRow hands f each number of a group_concat.
func eachRow(joined string, f func(n int64)) error {
	for text := range strings.SplitSeq(joined, ",") {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		f(n)
	}
	return nil
}
