package sqlite

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

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
	`INSERT INTO terms (team, term, client)`,
	`INSERT INTO keys (team, key, client)`,
	`INSERT INTO facets (team, facet, client)`,
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
	facets = append(facets, gapFacets(c.Gaps)...)
	facets = append(facets, dateFacets(c.DateKeys)...)
	return [sides][]string{sideTerms: c.Terms, sideKeys: c.Keys, sideFacets: facets}
}

func stageFacet(s crm.Stage) string   { return "stage:" + string(s) }
func statusFacet(s crm.Status) string { return "status:" + string(s) }
func tagFacet(key string) string      { return "tag:" + key }

// gapFacet begins the facet of something that a card lacks.
const gapFacet = "gap:"

func gapFacets(keys []crm.GapKey) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = gapFacet + string(k)
	}
	return out
}

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
	b.addWords(c.Team, c.Words)
	if !c.Deleted.IsZero() {
		_, err := t.exec(`DELETE FROM searchable WHERE n = ?`, n)
		return err
	}
	_, err := t.exec(`INSERT OR REPLACE INTO searchable (n, owner, card, keys) VALUES (?, ?, ?, ?)`, n, c.Owner, joinRanked(c), joinLines(c.Keys))
	return err
}

// between stands between the parts of what a search ranks; it is in no id and in no folded text.
const between = "\x1f"

// joinRanked is what a search ranks of a card, as one text: the driver takes longer to read a column than SQLite to find
// the row.
func joinRanked(c crm.Client) string {
	return strings.Join([]string{string(c.ID), string(c.Owner), string(c.Stage), strconv.FormatInt(descending(c.LastTouch), 10),
		c.SortName, joinLines(c.Terms)}, between)
}

func splitRanked(text string) (crm.Candidate, error) {
	parts := strings.SplitN(text, between, 6)
	if len(parts) < 6 {
		return crm.Candidate{}, fmt.Errorf("what is ranked has %d parts", len(parts))
	}
	idle, err := strconv.ParseInt(parts[3], 10, 64)
	return crm.Candidate{ID: crm.ClientID(parts[0]), Owner: crm.MemberID(parts[1]), Stage: crm.Stage(parts[2]),
		LastTouch: time.UnixMilli(-idle).UTC(), SortName: parts[4], Terms: splitLines(parts[5])}, err
}

// joinLines writes terms so that each has a line end on both sides: "\nиван\n" is in it if the whole term is,
// "\nив" if some term begins so.
func joinLines(terms []string) string {
	if len(terms) == 0 {
		return ""
	}
	return "\n" + strings.Join(terms, "\n") + "\n"
}

func splitLines(joined string) []string {
	if joined == "" {
		return nil
	}
	return strings.Split(joined[1:len(joined)-1], "\n")
}

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

func (b *bulk) addWords(team crm.TeamID, words []string) {
	for _, w := range words {
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
		if err := t.putEntries(side, entries); err != nil {
			return err
		}
	}
	for team, words := range b.words {
		if err := t.learn(team, words); err != nil {
			return err
		}
	}
	return nil
}

// putEntries adds and takes out entries of one side table, in their order.
func (t *tx) putEntries(side int, entries []entry) error {
	var rows [][]any
	for _, e := range entries {
		if !e.gone {
			rows = append(rows, []any{e.team, e.value, e.client})
			continue
		}
		if err := t.insertRows(sideInsert[side], rows); err != nil {
			return err
		}
		rows = rows[:0]
		if _, err := t.exec(sideDelete[side], e.team, e.value, e.client); err != nil {
			return err
		}
	}
	return t.insertRows(sideInsert[side], rows)
}
