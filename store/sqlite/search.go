package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kartoteka/crm"
)

const (
	defaultScan = 5000 // entries that a search looks at at the most, where the query does not say
	fewEntries  = 100  // as soon as a source has no more than these, the others are not counted any further
)

// source yields numbers of cards that may be what a search looks for: a statement with one column, client.
type source struct {
	text  string
	args  []any
	group int  // the group whose terms it reads, so that they need no check; ownCards
	size  int  // how many entries it has, counted as far as matters
	more  bool // it has more than were counted
}

// ownCards is the group of the source that reads the owner's cards.
const ownCards = -1

// SearchClients lists cards whose terms satisfy the query, whole-word matches of the first word first. It
// reads entries of the group (or cards of the owner) of which there are fewest, and keeps those that the other
// groups have too, so that the cost is bounded by q.Scan, however many cards there are.
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
	sources, err := s.sources(ctx, q)
	if err != nil || len(sources) == 0 {
		return nil, err
	}
	return s.matches(ctx, q, sources)
}

// sources lists where the cards can be read from, the one with the fewest entries first; none if a group has no
// alternatives, which nothing satisfies. A single source is not counted.
func (s *Store) sources(ctx context.Context, q crm.TermQuery) ([]source, error) {
	var all []source
	for i, g := range q.Groups {
		src := termSource(q.Team, g, i)
		if src.text == "" {
			return nil, nil
		}
		all = append(all, src)
	}
	if owners := ownersOf(q); len(owners) > 0 {
		all = append(all, source{text: `SELECT n AS client FROM clients INDEXED BY clients_newest
			WHERE team = ? AND owner IN (` + marks(len(owners)) + `) AND deleted IS NULL`, args: append([]any{q.Team}, anys(owners)...), group: ownCards})
	}
	if len(all) == 1 {
		return all, nil
	}
	for _, most := range []int{min(fewEntries, q.Scan), q.Scan} {
		for i := range slices.Backward(all) { // that an owner has no cards is known soonest
			if err := s.count(ctx, &all[i], most); err != nil || all[i].size == 0 {
				return nil, err
			}
		}
		if slices.ContainsFunc(all, func(src source) bool { return !src.more }) {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b source) int { return a.size - b.size })
	return all, nil
}

// ownersOf are those whose cards the query may find, the fewest that say so; none: everybody's.
func ownersOf(q crm.TermQuery) []crm.MemberID {
	if q.Owner != "" {
		return []crm.MemberID{q.Owner}
	}
	return q.Among
}

// count counts the entries of a source up to most.
func (s *Store) count(ctx context.Context, src *source, most int) (err error) {
	src.size, err = s.reader.number(ctx, `SELECT count(*) FROM (SELECT 1 FROM (`+src.text+`) LIMIT +?)`,
		append(src.args[:len(src.args):len(src.args)], most+1)...)
	src.more = src.size > most
	return err
}

// termSource reads the entries of a group: those of whole terms first, and these not once more among those that begin so. Whatever the
// number of its terms it is one text: a statement for each would be compiled, and kept, by each connection.
func termSource(team crm.TeamID, g crm.TermGroup, group int) source {
	whole := slices.Clone(g.Exact)
	for _, prefix := range g.Prefixes {
		if !slices.Contains(whole, prefix) {
			whole = append(whole, prefix)
		}
	}
	if len(whole) == 0 {
		return source{}
	}
	src := source{text: `SELECT t.client FROM json_each(?) j CROSS JOIN terms t WHERE t.team = ? AND t.term = j.value`,
		args: []any{jsonTexts(whole), team}, group: group}
	if len(g.Prefixes) > 0 {
		src.text += ` UNION ALL SELECT t.client FROM json_each(?) j CROSS JOIN terms t
			WHERE t.team = ? AND t.term > j.value AND t.term < j.value || char(` + lastRune + `)`
		src.args = append(src.args, jsonTexts(g.Prefixes), team)
	}
	return src
}

// lastRune sorts behind all that terms are made of.
const lastRune = "1114111"

func jsonTexts(texts []string) string {
	raw, err := json.Marshal(texts)
	if err != nil {
		panic("sqlite: texts always marshal: " + err.Error())
	}
	return string(raw)
}

// matches reads the first source and keeps the cards that satisfy all of the query, at most q.Limit of them. What is
// in another source is asked of its entries if they have been counted to the end, else of the card's own terms.
func (s *Store) matches(ctx context.Context, q crm.TermQuery, sources []source) ([]crm.Candidate, error) {
	var w where
	w.and("s.n = e.client")
	if q.Owner != "" {
		w.and("s.owner = ?", q.Owner)
	}
	anyOf(&w, "s.owner", q.Among)
	src := sources[0]
	for _, other := range sources[1:] {
		switch {
		case other.group == ownCards: // the column says so
		case !other.more:
			w.and("+e.client IN ("+other.text+")", other.args...)
		default:
			has := termsHave(q.Groups[other.group])
			w.and(has.String(), has.args...)
		}
	}
	text := `SELECT s.card FROM (SELECT client FROM (` + src.text + `) LIMIT +?) e CROSS JOIN searchable s WHERE ` + w.String()
	var whole, rest []crm.Candidate
	seen := map[crm.ClientID]bool{}
	err := s.reader.rows(ctx, text, slices.Concat(src.args, []any{q.Scan}, w.args), func(r *sql.Rows) (bool, error) {
		c, err := scanCandidate(r)
		if err != nil || seen[c.ID] {
			return false, err
		}
		seen[c.ID] = true
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

func scanCandidate(r *sql.Rows) (crm.Candidate, error) {
	var text string
	if err := r.Scan(&text); err != nil {
		return crm.Candidate{}, err
	}
	return splitRanked(text)
}

// termsHave is the condition that the card's terms (joinLines) satisfy the group.
func termsHave(g crm.TermGroup) where {
	var either []string
	var args []any
	for _, term := range g.Exact {
		either = append(either, `instr(s.card, ?) > 0`)
		args = append(args, "\n"+term+"\n")
	}
	for _, prefix := range g.Prefixes {
		either = append(either, `instr(s.card, ?) > 0`)
		args = append(args, "\n"+prefix)
	}
	if len(either) == 0 {
		return where{text: []string{`0`}}
	}
	return where{text: []string{`(` + strings.Join(either, ` OR `) + `)`}, args: args}
}
