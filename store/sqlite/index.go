package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"kartoteka/crm"
)

// The side tables that a card is found by: which, and the column that holds the entry.
const (
	sideTerms = iota
	sideKeys
	sideFacets
	sides
)

var sideInsert = [sides]string{
	`INSERT INTO terms (team, term, client) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
	`INSERT INTO keys (team, key, client) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
	`INSERT INTO facets (team, facet, client) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
}

var sideDelete = [sides]string{
	`DELETE FROM terms WHERE team = ? AND term = ? AND client = ?`,
	`DELETE FROM keys WHERE team = ? AND key = ? AND client = ?`,
	`DELETE FROM facets WHERE team = ? AND facet = ? AND client = ?`,
}

// entry is one row of a side table to be added or taken out.
type entry struct {
	team   crm.TeamID
	value  string
	client int64
	seq    int // the order in which entries came: the last word on a row counts
	gone   bool
}

// compare is the order of the side tables' primary keys.
func (e entry) compare(other entry) int {
	if c := strings.Compare(e.value, other.value); c != 0 && e.team == other.team {
		return c
	}
	return cmp.Or(cmp.Compare(e.team, other.team), cmp.Compare(e.client, other.client), cmp.Compare(e.seq, other.seq))
}

// bulk gathers the side rows of a transaction, so that they are written in the order of their tables: rows
// that are neighbours on disk are written together, which makes a batch of thousands several times faster.
type bulk struct {
	side  [sides][]entry
	words map[crm.TeamID]map[string]bool // team → words to be in its vocabulary
}

// trail is what one card is found by. A card in the bin is found by nothing.
func trail(c crm.Client) [sides][]string {
	if c.ID == "" || !c.Deleted.IsZero() {
		return [sides][]string{}
	}
	facets := make([]string, 0, len(c.TagKeys)+2)
	facets = append(facets, stageFacet(c.Stage), statusFacet(c.Status))
	for _, tag := range c.TagKeys {
		facets = append(facets, tagFacet(tag))
	}
	facets = append(facets, dateFacets(c.DateKeys)...)
	return [sides][]string{sideTerms: c.Terms, sideKeys: c.Keys, sideFacets: facets}
}

func stageFacet(s crm.Stage) string   { return "stage:" + string(s) }
func statusFacet(s crm.Status) string { return "status:" + string(s) }
func tagFacet(key string) string      { return "tag:" + key }

func dateFacets(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = "date:" + k
	}
	return out
}

// indexClient notes in b how the side tables differ between a card as it was (zero: not there) and as it is.
func (t *tx) indexClient(n int64, old, c crm.Client, b *bulk) error {
	before, after := trail(old), trail(c)
	for side := range sides {
		b.diff(side, c.Team, n, before[side], after[side])
	}
	b.addWords(c.Team, old.Words, c.Words)
	if len(after[sideTerms]) == 0 {
		_, err := t.exec(`DELETE FROM searchable WHERE n = ?`, n)
		return err
	}
	if len(before[sideTerms]) > 0 && sameRank(old, c) {
		return nil
	}
	_, err := t.exec(`INSERT OR REPLACE INTO searchable (n, id, owner, stage, idle, sort_name, terms) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		n, c.ID, c.Owner, c.Stage, descending(c.LastTouch), c.SortName, joinTerms(after[sideTerms]))
	return err
}

// sameRank reports whether a search ranks both states of a card alike.
func sameRank(a, b crm.Client) bool {
	return a.Owner == b.Owner && a.Stage == b.Stage && a.SortName == b.SortName && a.LastTouch.Equal(b.LastTouch) && slices.Equal(a.Terms, b.Terms)
}

// joinTerms writes the terms so that each has a line end on both sides: "\nиван\n" is in it if the whole
// term is, "\nив" if some term begins so.
func joinTerms(terms []string) string {
	return "\n" + strings.Join(terms, "\n") + "\n"
}

func splitTerms(joined string) []string { return strings.Split(strings.Trim(joined, "\n"), "\n") }

func (b *bulk) diff(side int, team crm.TeamID, n int64, before, after []string) {
	for _, v := range before {
		if !slices.Contains(after, v) {
			b.side[side] = append(b.side[side], entry{team, v, n, len(b.side[side]), true})
		}
	}
	for _, v := range after {
		if !slices.Contains(before, v) {
			b.side[side] = append(b.side[side], entry{team, v, n, len(b.side[side]), false})
		}
	}
}

func (b *bulk) addWords(team crm.TeamID, before, after []string) {
	for _, w := range after {
		if slices.Contains(before, w) {
			continue
		}
		if b.words == nil {
			b.words = map[crm.TeamID]map[string]bool{}
		}
		if b.words[team] == nil {
			b.words[team] = map[string]bool{}
		}
		b.words[team][w] = true
	}
}

// flush writes what was gathered.
func (t *tx) flush(b *bulk) error {
	for side, entries := range b.side {
		slices.SortFunc(entries, entry.compare)
		for _, e := range entries {
			text := sideInsert[side]
			if e.gone {
				text = sideDelete[side]
			}
			if _, err := t.exec(text, e.team, e.value, e.client); err != nil {
				return err
			}
		}
	}
	for team, words := range b.words {
		if err := t.learn(team, words); err != nil {
			return err
		}
	}
	return nil
}
