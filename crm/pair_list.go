package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// SeenPair is a pair with its cards as they now are.
type SeenPair struct {
	Pair
	Cards [2]Client // the first is the one to keep, unless somebody decides otherwise
	Take  []Field   // of which the other one says more, so that its value is the one to keep
	Sure  bool      // it is certain, the names are no two people's, and nobody else may be meant: it can be merged unseen
}

// PairPage is what there is to decide.
type PairPage struct {
	Pairs     []SeenPair
	Total     int  // open ones, up to mostPairs
	Certain   int  // of them
	Searching bool // the base has not been searched yet: there may be more
}

// mostPairs is how many pairs are counted.
const mostPairs = 10000

// Pairs lists cards that may be one client's and that by may see both of, the likeliest first, after a mark; at most limit, with 0
// none, but how many there are. They are shown with their phones, so by has looked at them as if they were opened.
func (d *Desk) Pairs(ctx context.Context, by Actor, after *PairMark, limit int) (PairPage, error) {
	team, _, err := d.gate(ctx, by, ActionMergeClients)
	if err != nil {
		return PairPage{}, err
	}
	done, err := d.freshenPairs(ctx, by.Team, fewChanges, fewClients)
	if err != nil {
		return PairPage{}, err
	}
	page := PairPage{Searching: !done}
	q := d.openPairs(team, by)
	q.After, q.Limit = after, min(max(limit, 1), listPage)
	for len(page.Pairs) < limit {
		list, err := d.store.Pairs(ctx, q)
		if err != nil {
			return page, fmt.Errorf("list pairs: %w", err)
		}
		for _, p := range list {
			if s, ok, err := d.seePair(ctx, team, by, p); err != nil {
				return page, err
			} else if ok && len(page.Pairs) < limit {
				page.Pairs = append(page.Pairs, s)
			}
		}
		if len(list) < q.Limit {
			break
		}
		mark := list[len(list)-1].Mark()
		q.After = &mark
	}
	var shown []ClientID
	for _, s := range page.Pairs {
		shown = append(shown, s.Cards[0].ID, s.Cards[1].ID)
	}
	if err := d.looked(ctx, by, team, shown...); err != nil {
		return page, err
	}
	if page.Total, err = d.store.CountPairs(ctx, q, mostPairs); err != nil {
		return page, fmt.Errorf("count pairs: %w", err)
	}
	q.Least = Certain
	if page.Certain, err = d.store.CountPairs(ctx, q, mostPairs); err != nil {
		return page, fmt.Errorf("count pairs: %w", err)
	}
	return page, nil
}

// openPairs asks for the pairs that by may decide of.
func (d *Desk) openPairs(team Team, by Actor) PairQuery {
	q := PairQuery{Team: by.Team, States: []PairState{PairOpen}}
	if reach := d.reach(team, by.Member, ActionReadClient); !reach.all {
		q.Among = reach.owners
	}
	return q
}

// seePair reads the cards of a pair; ok is false if one of them is gone by now, or not for by.
func (d *Desk) seePair(ctx context.Context, team Team, by Actor, p Pair) (s SeenPair, ok bool, err error) {
	a, b, err := d.bothOf(ctx, team, by, p.One, p.Other)
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrConflict) {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	if fuller(b, a) {
		a, b = b, a
	}
	s = SeenPair{Pair: p, Cards: [2]Client{a, b}}
	if saysMore(b.Name, a.Name) {
		s.Take = []Field{FieldName}
	}
	if p.Score >= Certain && oneName(a, b) {
		s.Sure, err = d.noOther(ctx, p, a, b)
	}
	return s, err == nil, err
}

// noOther reports whether no third card may be meant as well. Two people share a phone; a card that has it and is called by it, or by half
// of a name, is certain with both of theirs, and may be either's.
func (d *Desk) noOther(ctx context.Context, p Pair, a, b Client) (bool, error) {
	switch {
	case a.nameless() && b.nameless():
		return true, nil
	case b.nameless() || !a.nameless() && saysMore(a.Name, b.Name):
	case a.nameless() || saysMore(b.Name, a.Name):
		a, b = b, a
	default:
		return true, nil
	}
	pairs, err := d.store.Pairs(ctx, PairQuery{Team: p.Team, Client: b.ID, States: []PairState{PairOpen}, Least: Certain, Limit: mostSharing})
	if err != nil {
		return false, fmt.Errorf("other pairs: %w", err)
	}
	var others []ClientID
	for _, o := range pairs {
		if o.ID != p.ID {
			others = append(others, o.Than(b.ID))
		}
	}
	cards, err := d.store.ClientsByID(ctx, p.Team, others)
	broken, err := unreadable(err)
	if err != nil {
		return false, fmt.Errorf("cards of other pairs: %w", err)
	}
	return len(broken) == 0 && !slices.ContainsFunc(cards, func(c Client) bool { return c.Deleted.IsZero() && !oneName(a, c) }), nil
}

// saysMore reports whether a name is another one with more words, or with a word where that has an initial.
func saysMore(name, than string) bool {
	if holdsWords(name, than) {
		return !holdsWords(than, name)
	}
	return likeName(name, than) && utf8.RuneCountInString(name) > utf8.RuneCountInString(than)
}

// fuller reports whether a card rather than another is the one to keep: where more has happened, else the older one.
func fuller(a, b Client) bool {
	if archived := a.Stage == StageArchive; archived != (b.Stage == StageArchive) {
		return !archived
	}
	if a.Touches != b.Touches {
		return a.Touches > b.Touches
	}
	if !a.Created.Equal(b.Created) {
		return a.Created.Before(b.Created)
	}
	return a.ID < b.ID
}

// SeePair is one pair of which by looks at both cards. ErrNotFound if by may not see both, or they are one by now.
func (d *Desk) SeePair(ctx context.Context, by Actor, id PairID) (SeenPair, error) {
	team, _, err := d.gate(ctx, by, ActionMergeClients)
	if err != nil {
		return SeenPair{}, err
	}
	p, err := d.store.Pair(ctx, by.Team, id)
	if err != nil {
		return SeenPair{}, fmt.Errorf("read pair: %w", err)
	}
	s, ok, err := d.seePair(ctx, team, by, p)
	if err != nil {
		return s, err
	}
	if !ok {
		return s, &Error{Kind: ErrNotFound, Field: "pair"}
	}
	return s, d.looked(ctx, by, team, s.Cards[0].ID, s.Cards[1].ID)
}

// Merged is the card that by has just made of a pair, as long as that can be taken back; ErrNotFound on "pair" else.
func (d *Desk) Merged(ctx context.Context, by Actor, id PairID) (Client, Pair, error) {
	team, _, err := d.gate(ctx, by, ActionMergeClients)
	if err != nil {
		return Client{}, Pair{}, err
	}
	p, err := d.store.Pair(ctx, by.Team, id)
	if err != nil {
		return Client{}, p, fmt.Errorf("read pair: %w", err)
	}
	if p.Merge.By != by.ID || !p.Partable(d.now()) {
		return Client{}, p, &Error{Kind: ErrNotFound, Field: "pair"}
	}
	c, err := d.visible(ctx, team, by, p.Merge.Kept)
	return c, p, err
}

// TellApart notes that the cards of a pair are not the same client's: it is never asked again. ErrConflict on "pair" if somebody
// has merged them.
func (d *Desk) TellApart(ctx context.Context, by Actor, id PairID) error {
	return d.decidePair(ctx, by, id, PairOpen, PairApart)
}

// AskAgain takes that back: the pair is to be decided as before. ErrConflict on "pair" if somebody has merged the cards.
func (d *Desk) AskAgain(ctx context.Context, by Actor, id PairID) error {
	return d.decidePair(ctx, by, id, PairApart, PairOpen)
}

// decidePair brings a pair, both of whose cards by may merge, from one state to another; one that is there already stays.
func (d *Desk) decidePair(ctx context.Context, by Actor, id PairID, from, to PairState) error {
	team, reach, err := d.gate(ctx, by, ActionMergeClients)
	if err != nil {
		return err
	}
	p, err := d.store.Pair(ctx, by.Team, id)
	if err != nil {
		return fmt.Errorf("read pair: %w", err)
	}
	if p.State == to {
		return nil
	}
	a, b, err := d.bothOf(ctx, team, by, p.One, p.Other)
	switch {
	case err != nil:
		return err
	case !reach.allows(a) || !reach.allows(b):
		return &Error{Kind: ErrDenied, Field: string(ActionMergeClients)}
	case p.State != from:
		return &Error{Kind: ErrConflict, Field: "pair"}
	}
	p.State, p.Rev = to, p.Rev+1
	return d.savePair(ctx, p)
}

// LastMerge is the merge of a card that can be taken back; ErrNotFound if there is none.
func (d *Desk) LastMerge(ctx context.Context, by Actor, id ClientID) (Pair, error) {
	team, reach, err := d.gate(ctx, by, ActionMergeClients)
	if err != nil {
		return Pair{}, err
	}
	c, err := d.visible(ctx, team, by, id)
	if err == nil && !reach.allows(c) {
		err = &Error{Kind: ErrDenied, Field: string(ActionMergeClients)}
	}
	if err != nil {
		return Pair{}, err
	}
	q := PairQuery{Team: by.Team, Client: c.ID, States: []PairState{PairMerged}, Limit: listPage}
	var last Pair
	for {
		list, err := d.store.Pairs(ctx, q)
		if err != nil {
			return Pair{}, fmt.Errorf("read merges: %w", err)
		}
		for _, p := range list {
			if p.Merge.Kept == c.ID && p.Partable(d.now()) && p.Merge.At.After(last.Merge.At) {
				last = p
			}
		}
		if len(list) < q.Limit {
			break
		}
		mark := list[len(list)-1].Mark()
		q.After = &mark
	}
	if last.ID == "" {
		return Pair{}, &Error{Kind: ErrNotFound, Field: "merge"}
	}
	return last, nil
}
