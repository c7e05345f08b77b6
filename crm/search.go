package crm

import (
	"context"
	"fmt"
	"slices"
)

// SearchResult is what was found, best first.
type SearchResult struct {
	Hits    []Hit
	Total   int    // ranked candidates in all, at most MostFound: then there may be more
	Next    int    // the offset of the next page; 0: this is the last
	Fuzzy   bool   // nothing is spelled as was typed: these are the nearest words
	Reading string // how the query was understood if not as typed (layout, alphabet, typo), folded; "" as typed
}

// Exact reports whether what was found is spelled as was typed.
func (r SearchResult) Exact() bool { return !r.Fuzzy && r.Reading == "" }

// Hit is one card found.
type Hit struct {
	Client Client
	Why    Why
}

// Why says what of the card matched; the words for it are the conversation's.
type Why struct {
	Field  WhyField
	Value  string  // the matching value as the card holds it; of a name the words that match
	Custom FieldID // for WhyCustom
}

// WhyField names the part of the card that matched.
type WhyField string

const (
	WhyName     WhyField = "name"
	WhyCompany  WhyField = "company"
	WhyPosition WhyField = "position"
	WhyPhone    WhyField = "phone"
	WhyEmail    WhyField = "email"
	WhyUsername WhyField = "username"
	WhyTag      WhyField = "tag"
	WhyCity     WhyField = "city"
	WhyCustom   WhyField = "custom"
)

// SearchQuery is a search on behalf of a member.
type SearchQuery struct {
	Team   TeamID
	Among  []MemberID // whose cards may be seen; none: everybody's
	Me     MemberID   // whose cards come first
	Text   string     // as typed; 256 runes and 8 words of it count
	Offset int
	Limit  int                                     // a page; MostFound are ranked
	List   bool                                    // of a hit that shows why it is one, Hit.Client has no more than ID, Owner, Stage and Face
	seen   func(Client) (c Client, terms []string) // the card as it is seen, and by what it is found so; nil: all of it
}

// searchStore is what search needs of a store.
type searchStore interface {
	SearchClients(ctx context.Context, q TermQuery) ([]Candidate, error)
	ClientsByID(ctx context.Context, team TeamID, ids []ClientID) ([]Client, error)
	WordsNear(ctx context.Context, team TeamID, variants []string, limit int) ([]string, error)
}

// MostFound is how many cards one look-up may return, and are ranked: five screens. Nobody turns so many pages rather than
// type another word, and each costs as much as a card that is shown.
const MostFound = 40

const (
	fewHits  = 5   // with fewer, other readings of the query are looked up as well
	maxNear  = 400 // vocabulary words that one look-up for typos may return
	maxCalls = 12  // of the store to find what one search ranks
	maxOwn   = 20  // of the member's own cards that are asked for besides, where there are too many
	ownScan  = 300 // entries that are looked at for those
)

// search asks the store in stages and stops at the first that finds something:
//
//  1. as typed: whole words, beginnings, phones from either end, addresses, tags;
//  2. in the other layout, in the other alphabet, by the sound of the words;
//  3. with the vocabulary words one edit away from what was typed;
//  4. with those two edits away.
//
// Each word keeps all it was looked up as before, so one may be mistyped and another not. A query that is
// found as typed takes one call of the store, two if few cards have it; one that is not found at all takes
// maxCalls at most. These bring candidates; a last call reads the cards of the page, which a list can mostly do without.
func search(ctx context.Context, st searchStore, q SearchQuery) (SearchResult, error) {
	r := &searchRun{st: st, q: q, seen: make(map[ClientID]bool)}
	if err := r.all(ctx); err != nil {
		return SearchResult{}, err
	}
	return r.result(ctx)
}

// searchRun is one search under way.
type searchRun struct {
	st    searchStore
	q     SearchQuery
	calls int
	found []*judged
	seen  map[ClientID]bool
}

func (r *searchRun) all(ctx context.Context) error {
	plans := newPlans(r.q.Text)
	for _, p := range plans.typed {
		if err := r.try(ctx, p); err != nil {
			return err
		}
		if len(r.found) > 0 {
			return r.alsoRead(ctx, p)
		}
	}
	return r.further(ctx, plans.other)
}

// alsoRead adds the other readings when few cards have what was typed and the store was asked only once. What belongs to one card,
// a phone or an address, is read in no other way.
func (r *searchRun) alsoRead(ctx context.Context, p *plan) error {
	if len(r.found) >= fewHits || r.calls > 1 || r.found[0].worst == closeKey {
		return nil
	}
	if p.addReadings(); !p.fresh() {
		return nil
	}
	groups := p.phrase()
	if groups == nil {
		groups = p.groups()
	}
	_, err := r.ask(ctx, p, groups)
	return err
}

// further asks for everything but the typed form, nearer forms first.
func (r *searchRun) further(ctx context.Context, plans []*plan) error {
	for _, p := range plans {
		p.addReadings()
	}
	near, err := r.near(ctx, plans, (*plan).nearStrings)
	if err != nil {
		return err
	}
	for _, c := range []closeness{closeRead, closeTypo} {
		if err := r.tryNear(ctx, plans, near, c); err != nil || len(r.found) > 0 {
			return err
		}
	}
	if near, err = r.near(ctx, plans, (*plan).farStrings); err != nil {
		return err
	}
	return r.tryNear(ctx, plans, near, closeFar)
}

// tryNear adds the near words to the plans and looks up those that have something new.
func (r *searchRun) tryNear(ctx context.Context, plans []*plan, near []string, c closeness) error {
	for _, p := range plans {
		if p.addNear(near, c); !p.fresh() {
			continue
		}
		if err := r.try(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// try looks a plan up: as the words of one name if it can be one, else, or if there is none, word by word.
func (r *searchRun) try(ctx context.Context, p *plan) error {
	p.asked = p.size()
	if groups := p.phrase(); groups != nil {
		if n, err := r.ask(ctx, p, groups); n > 0 || err != nil {
			return err
		}
	}
	_, err := r.ask(ctx, p, p.groups())
	return err
}

// ask looks the groups up and keeps the cards that the plan accepts; it returns how many were new. When there
// are more cards than may be ranked, the member's own are asked for too, since they come first.
func (r *searchRun) ask(ctx context.Context, p *plan, groups []TermGroup) (int, error) {
	q := TermQuery{Team: r.q.Team, Groups: groups, Limit: MostFound}
	q.Owner, q.Among = reach{all: len(r.q.Among) == 0, owners: r.q.Among}.narrow()
	full, n, err := r.take(ctx, p, q)
	if err != nil || !full || q.Owner != "" || r.q.Me == "" {
		return n, err
	}
	q.Owner, q.Limit, q.Scan = r.q.Me, maxOwn, ownScan
	_, own, err := r.take(ctx, p, q)
	return n + own, err
}

// take makes one call of the store; full reports that there may be more cards.
func (r *searchRun) take(ctx context.Context, p *plan, q TermQuery) (full bool, n int, err error) {
	if len(q.Groups) == 0 || r.calls >= maxCalls {
		return false, 0, nil
	}
	r.calls++
	list, err := r.st.SearchClients(ctx, q)
	if err != nil {
		return false, 0, fmt.Errorf("search clients: %w", err)
	}
	r.found = slices.Grow(r.found, len(list))
	for i := range list {
		c := &list[i]
		if r.seen[c.ID] {
			continue
		}
		if j, ok := judge(p, c); ok {
			r.seen[c.ID] = true
			r.found = append(r.found, j)
			n++
		}
	}
	return len(list) == q.Limit, n, nil
}

// near lists the vocabulary words around all words of the plans.
func (r *searchRun) near(ctx context.Context, plans []*plan, around func(*plan) []string) ([]string, error) {
	var variants []string
	for _, p := range plans {
		variants = append(variants, around(p)...)
	}
	if len(variants) == 0 || r.calls >= maxCalls {
		return nil, nil
	}
	r.calls++
	words, err := r.st.WordsNear(ctx, r.q.Team, variants, maxNear)
	if err != nil {
		return nil, fmt.Errorf("look for near words: %w", err)
	}
	return words, nil
}

// result ranks what was found and reads the page.
func (r *searchRun) result(ctx context.Context) (SearchResult, error) {
	rank(r.found, r.q.Me)
	all := r.found[:min(len(r.found), MostFound)]
	var err error
	if all, err = r.visible(ctx, all); err != nil {
		return SearchResult{}, err
	}
	res := SearchResult{Total: len(all)}
	if len(all) == 0 {
		return res, nil
	}
	res.Fuzzy, res.Reading = all[0].understood()
	from := min(max(r.q.Offset, 0), len(all))
	to := min(from+max(r.q.Limit, 0), len(all))
	if to < len(all) {
		res.Next = to
	}
	res.Hits, err = r.hits(ctx, all[from:to])
	res.Total -= to - from - len(res.Hits)
	return res, err
}

// hits shows the cards of a page. One that was changed since it was found so that it is no hit any more is left out.
func (r *searchRun) hits(ctx context.Context, page []*judged) ([]Hit, error) {
	hits := make([]Hit, 0, len(page))
	var unread []*judged
	for _, j := range page {
		if h, ok := j.listed(); ok && r.q.List && r.q.seen == nil {
			hits = append(hits, h)
		} else {
			unread = append(unread, j)
		}
	}
	cards, err := r.read(ctx, unread)
	if err != nil {
		return nil, fmt.Errorf("read the hits: %w", err)
	}
	for _, c := range cards {
		if c.Deleted.IsZero() && (len(r.q.Among) == 0 || slices.Contains(r.q.Among, c.Owner)) {
			if r.q.seen != nil {
				c, _ = r.q.seen(c)
			}
			hits = append(hits, Hit{Client: c, Why: page[place(page, c.ID)].why(c)})
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int { return place(page, a.Client.ID) - place(page, b.Client.ID) })
	return hits, nil
}

// place is where in a page a card stands.
func place(page []*judged, id ClientID) int {
	return slices.IndexFunc(page, func(j *judged) bool { return j.card.ID == id })
}

// read reads the cards that were found.
func (r *searchRun) read(ctx context.Context, found []*judged) ([]Client, error) {
	if len(found) == 0 {
		return nil, nil
	}
	ids := make([]ClientID, len(found))
	for i, j := range found {
		ids[i] = j.card.ID
	}
	return r.st.ClientsByID(ctx, r.q.Team, ids)
}

// visible leaves of the candidates those that are found by what is seen of them; all of them where all is seen.
func (r *searchRun) visible(ctx context.Context, all []*judged) ([]*judged, error) {
	if r.q.seen == nil || len(all) == 0 {
		return all, nil
	}
	cards, err := r.read(ctx, all)
	if err != nil {
		return nil, fmt.Errorf("read the candidates: %w", err)
	}
	terms := make(map[ClientID][]string, len(cards))
	for _, c := range cards {
		_, terms[c.ID] = r.q.seen(c)
	}
	var left []*judged
	for _, j := range all {
		j.card.Terms = terms[j.card.ID]
		if again, ok := judge(j.plan, j.card); ok {
			left = append(left, again)
		}
	}
	rank(left, r.q.Me)
	return left, nil
}
