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
	`INSERT OR IGNORE INTO terms (team, term, client)`,
	`INSERT OR IGNORE INTO keys (team, key, client)`,
	`INSERT OR IGNORE INTO facets (team, facet, client)`,
}

var sideDelete = [sides]string{
	`DELETE FROM terms WHERE team = ? AND term = ? AND client = ?`,
	`DELETE FROM keys WHERE team = ? AND key = ? AND client = ?`,
	`DELETE FROM facets WHERE team = ? AND facet = ? AND client = ?`,
}

// entry is one row of a side table to be added or taken out.
type entry struct {
	value  string
	client int64
	seq    int // the order in which entries came: the last word on a row counts
	gone   bool
}

// compare is the order of the side tables' primary keys, within a team.
func (e entry) compare(other entry) int {
	if c := strings.Compare(e.value, other.value); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(e.client, other.client), cmp.Compare(e.seq, other.seq))
}

// bulk gathers the side rows of a transaction, team by team, so that they are written in the order of their tables: rows
// that are neighbours on disk are written together, which makes a batch of thousands several times faster.
type bulk map[crm.TeamID]*trails

// trails are the side rows of one team's cards.
type trails struct {
	side  [sides][]entry
	words map[string]bool // to be in the vocabulary
}

// trail is what one card is found by. A card in the bin is found by its profile's keys alone, and as such.
func trail(c crm.Client) [sides][]string {
	switch {
	case c.ID == "" || c.MergedInto != "":
		return [sides][]string{}
	case !c.Deleted.IsZero():
		return [sides][]string{sideFacets: binFacets(crm.Keys(c.Profile))}
	}
	facets := make([]string, 0, len(c.TagKeys)+2)
	facets = append(facets, stageFacet(c.Stage), statusFacet(c.Status))
	for _, tag := range c.TagKeys {
		facets = append(facets, tagFacet(tag))
	}
	facets = append(facets, gapFacets(c.Gaps)...)
	facets = append(facets, filledFacets(c.FilledKeys())...)
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

func binFacets(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = "bin:" + k
	}
	return out
}

func filledFacets(keys []crm.GapKey) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = "has:" + string(k)
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

// indexClient writes what a search ranks of a card, and notes in b how the side tables differ between the card as it was
// and as it is.
func (t *tx) indexClient(n int64, old, c crm.Client, b bulk) (err error) {
	b.add(n, old, c)
	if c.Deleted.IsZero() {
		_, err = t.exec(`INSERT OR REPLACE INTO searchable (n, owner, card, keys) VALUES (?, ?, ?, ?)`, rankedRow(n, c)...)
	} else {
		_, err = t.exec(`DELETE FROM searchable WHERE n = ?`, n)
	}
	return err
}

func rankedRow(n int64, c crm.Client) []any {
	return []any{n, string(c.Owner), joinRanked(c), joinLines(c.Keys)}
}

// between stands between the parts of what a search ranks; it is in no id and in no folded text.
const between = "\x1f"

// joinRanked is what a search ranks of a card, and a list shows of it, as one text: the driver takes longer to read a column than
// SQLite to find the row.
func joinRanked(c crm.Client) string {
	f := c.Face()
	parts := []string{string(c.ID), string(c.Owner), string(c.Stage), strconv.FormatInt(descending(c.LastTouch), 10),
		c.SortName, joinLines(c.Terms), f.Name, f.Company, f.Position, f.City}
	for i, shown := range parts[rankedParts:] { // as people typed it
		parts[rankedParts+i] = strings.ReplaceAll(shown, between, " ")
	}
	return strings.Join(parts, between)
}

// rankedParts are there in the rows of a file before its eighth version, too; those of the face follow them.
const (
	rankedParts = 6
	faceParts   = 4
)

func splitRanked(text string) (crm.Candidate, error) {
	var parts [rankedParts + faceParts]string
	n := 0
	for rest, more := text, true; more && n < len(parts); n++ {
		parts[n], rest, more = strings.Cut(rest, between)
	}
	if n < rankedParts {
		return crm.Candidate{}, fmt.Errorf("what is ranked has %d parts", n)
	}
	idle, err := strconv.ParseInt(parts[3], 10, 64)
	c := crm.Candidate{ID: crm.ClientID(parts[0]), Owner: crm.MemberID(parts[1]), Stage: crm.Stage(parts[2]),
		LastTouch: time.UnixMilli(-idle).UTC(), SortName: parts[4], Terms: splitLines(parts[5])}
	if f := parts[rankedParts:]; n == len(parts) {
		c.Face = crm.Face{Name: f[0], Company: f[1], Position: f[2], City: f[3]}
	}
	return c, err
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

// add notes how the side tables differ between a card as it was (zero: not there) and as it is.
func (b bulk) add(n int64, old, c crm.Client) {
	t := b[c.Team]
	if t == nil {
		t = &trails{words: map[string]bool{}}
		b[c.Team] = t
	}
	before, after := trail(old), trail(c)
	for side := range sides {
		t.diff(side, n, before[side], after[side])
	}
	for _, w := range c.Words {
		t.words[w] = true
	}
}

func (t *trails) diff(side int, n int64, before, after []string) {
	for _, v := range before {
		if !slices.Contains(after, v) {
			t.side[side] = append(t.side[side], entry{v, n, len(t.side[side]), true})
		}
	}
	for _, v := range after {
		if !slices.Contains(before, v) {
			t.side[side] = append(t.side[side], entry{v, n, len(t.side[side]), false})
		}
	}
}

// flush writes what was gathered.
func (t *tx) flush(b bulk) error {
	for team, of := range b {
		for side, entries := range of.side {
			slices.SortFunc(entries, entry.compare)
			if err := t.putEntries(side, team, entries); err != nil {
				return err
			}
		}
		if err := t.learn(team, of.words); err != nil {
			return err
		}
	}
	return nil
}

// putEntries adds and takes out entries of one side table, in their order.
func (t *tx) putEntries(side int, team crm.TeamID, entries []entry) error {
	for len(entries) > 0 {
		gone := entries[0].gone
		n := slices.IndexFunc(entries, func(e entry) bool { return e.gone != gone })
		if n < 0 {
			n = len(entries)
		}
		var err error
		if gone {
			err = t.deletePairs(sideDelete[side], team, entries[:n])
		} else {
			err = t.insertPairs(sideInsert[side], team, pairsOf(entries[:n]))
		}
		if err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}

func pairsOf(entries []entry) []any {
	values := make([]any, 0, 2*len(entries))
	for _, e := range entries {
		values = append(values, e.value, e.client)
	}
	return values
}

func (t *tx) deletePairs(text string, team crm.TeamID, entries []entry) error {
	for _, e := range entries {
		if _, err := t.exec(text, team, e.value, e.client); err != nil {
			return err
		}
	}
	return nil
}
