package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// certainPairs are those that are merged together, kept to whom a query is kept to.
func certainPairs(q ClientQuery) PairQuery {
	p := PairQuery{Team: q.Team, States: []PairState{PairOpen}, Least: Certain, Among: q.Among}
	if q.Owner != "" {
		p.Among = []MemberID{q.Owner}
	}
	return p
}

// massPairs is the next page of pairs.
func (d *Desk) massPairs(ctx context.Context, w *Mass) ([]string, error) {
	q := certainPairs(w.Query)
	q.After, q.Limit = w.Pair, pairPage
	pairs, err := d.store.Pairs(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("pairs to merge: %w", err)
	}
	page := make([]string, len(pairs))
	for i, p := range pairs {
		page[i] = string(p.ID)
		mark := p.Mark()
		w.Pair = &mark
	}
	return page, nil
}

// pairPage is how many pairs are merged between two looks at the record.
const pairPage = 20

// eachPair does something with each pair of the page, and counts what came of it.
func (d *Desk) eachPair(ctx context.Context, team Team, m Member, do func(context.Context, Team, Actor, Pair) (MassLeft, error)) (massTally, error) {
	t := massTally{left: map[MassLeft]int{}}
	for _, id := range m.Mass.Page {
		now, err := d.member(ctx, m.Team, m.ID)
		if err != nil {
			return t, err
		}
		if now.Mass.Cause != m.Mass.Cause || !now.Mass.UnderWay() { // stopped meanwhile
			break
		}
		p, err := d.store.Pair(ctx, m.Team, PairID(id))
		if errors.Is(err, ErrNotFound) {
			t.left[LeftGone]++
			continue
		}
		if err != nil {
			return t, fmt.Errorf("read pair: %w", err)
		}
		why, err := d.onePair(ctx, team, Actor{Member: m, Cause: Cause(m.Mass.massEvent(id))}, p, do)
		switch {
		case err != nil:
			return t, err
		case why == "":
			t.changed++
			continue
		}
		t.left[why]++
		if why != LeftSince {
			continue
		}
		kept, err := d.current(ctx, m.Team, p.Merge.Kept)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return t, fmt.Errorf("read client: %w", err)
		}
		if err == nil {
			t.kept = append(t.kept, kept.ID)
		}
	}
	return t, nil
}

// onePair does something with a pair. What stays as it is is looked at again if this very change has decided of it: both a press and the
// clock go on with a change, and the other one may have been at the pair just now.
func (d *Desk) onePair(ctx context.Context, team Team, by Actor, p Pair, do func(context.Context, Team, Actor, Pair) (MassLeft, error)) (MassLeft, error) {
	why, err := do(ctx, team, by, p)
	for range maxRaces {
		if err != nil || why == "" {
			break
		}
		now, missing := d.store.Pair(ctx, p.Team, p.ID)
		if missing != nil || !now.Merge.decidedBy(by.Cause) {
			break
		}
		why, err = do(ctx, team, by, now)
	}
	return why, err
}

// decidedBy reports whether it is by this cause that the pair is merged, or taken apart.
func (m Merge) decidedBy(c Cause) bool { return m.Cause == c && m.Back == "" || m.Back == c }

// mergeOne merges a pair, or says why not: one whose names are two people's is left for somebody to look at.
func (d *Desk) mergeOne(ctx context.Context, team Team, by Actor, p Pair) (MassLeft, error) {
	if !p.Merge.decidedBy(by.Cause) {
		s, ok, err := d.seePair(ctx, team, by, p)
		if err != nil {
			return "", err
		}
		if !ok || p.State != PairOpen {
			return LeftGone, nil
		}
		if !s.Sure {
			return LeftUnlike, nil
		}
		p.Merge.Kept, p.Merge.Gone, p.Merge.Take = s.Cards[0].ID, s.Cards[1].ID, s.Take
	}
	_, _, err := d.MergeClients(ctx, by, MergeInput{Kept: p.Merge.Kept, Gone: p.Merge.Gone, Take: p.Merge.Take})
	switch {
	case errors.Is(err, ErrDenied):
		return LeftDenied, nil
	case errors.Is(err, ErrConflict), errors.Is(err, ErrNotFound):
		return LeftGone, nil
	}
	return "", err
}

// unmergeOne takes the merge of a pair back, unless the card that came of it has been changed since by anything but merging all
// that are certain.
func (d *Desk) unmergeOne(ctx context.Context, _ Team, by Actor, p Pair) (MassLeft, error) {
	if p.Merge.Back != by.Cause {
		if !by.Mass.merged(p) {
			return LeftGone, nil
		}
		if same, err := d.sameSinceMerge(ctx, by.Mass, p); err != nil || !same {
			return LeftSince, err
		}
	}
	_, err := d.UndoMerge(ctx, by, p.ID)
	switch {
	case errors.Is(err, ErrConflict):
		return LeftSince, nil
	case errors.Is(err, ErrDenied):
		return LeftDenied, nil
	case errors.Is(err, ErrNotFound): // too late, or the card is out of reach
		return LeftGone, nil
	}
	return "", err
}

// wholeOf is the event of the change if it is what a pair is merged, or taken apart, by; "" else.
func (w Mass) wholeOf(cause Cause, p PairID) EventID {
	if w.Cause == "" || cause != Cause(w.massEvent(string(p))) {
		return ""
	}
	return w.whole()
}

// merged reports whether a pair is still as the change that is being taken back has made it.
func (w Mass) merged(p Pair) bool {
	return p.State == PairMerged && p.Merge.Cause == Cause(Mass{Cause: w.Back}.massEvent(string(p.ID)))
}

// sameSinceMerge reports whether nothing was changed on the kept card of a pair since, but by other pairs of the same change.
func (d *Desk) sameSinceMerge(ctx context.Context, w Mass, p Pair) (bool, error) {
	made, err := d.store.Event(ctx, p.Team, p.Merge.event(string(p.Merge.Kept)))
	if err != nil {
		return false, fmt.Errorf("read merge: %w", err)
	}
	c, err := d.store.Client(ctx, p.Team, p.Merge.Kept)
	if err != nil || c.Rev == made.Rev {
		return err == nil, err
	}
	since, err := d.store.Events(ctx, EventQuery{Team: p.Team, Record: made.Record, Limit: int(c.Rev - made.Rev)})
	if err != nil {
		return false, fmt.Errorf("changes of client %s: %w", c.ID, err)
	}
	ours := func(id EventID) bool {
		return strings.HasPrefix(string(id), string(w.massEvent(""))) || strings.HasPrefix(string(id), string(Mass{Cause: w.Back}.massEvent("")))
	}
	return !slices.ContainsFunc(since, func(e Event) bool { return e.Rev > made.Rev && !e.aside() && !ours(e.ID) && !ours(e.Undoes) }), nil
}

// mergedBy is the pair that an event of a change is about, as long as that pair is as the change has made it; "" else, and for all
// events of a pair but one.
func (d *Desk) mergedBy(ctx context.Context, w Mass, ev Event) (string, error) {
	id, _, _ := strings.Cut(strings.TrimPrefix(string(ev.ID), string(Mass{Cause: w.Back}.massEvent(""))), ".m.")
	p, err := d.store.Pair(ctx, ev.Team, PairID(id))
	if errors.Is(err, ErrNotFound) || err == nil && (ev.Record != string(p.Merge.Gone) || !w.merged(p)) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read pair: %w", err)
	}
	return id, nil
}

// MassKept are the cards that stay as they are after by has taken a mass change back, since they have been changed meanwhile: the first
// of them, as they now are. One that by may not see, or that is gone by now, is not among them.
func (d *Desk) MassKept(ctx context.Context, by Actor) ([]Client, error) {
	team, _, err := d.gate(ctx, by, ActionReadClient)
	if err != nil {
		return nil, err
	}
	m, err := d.member(ctx, by.Team, by.ID)
	if err != nil || len(m.Mass.Kept) == 0 {
		return nil, err
	}
	return d.seenOf(ctx, team, by, m.Mass.Kept)
}

// oneName reports whether two names may be one person's, or one of them is none.
func oneName(a, b Client) bool {
	if _, like := likeNames(a.Profile, b.Profile); len(like) > 0 {
		return true
	}
	return likeName(a.Name, b.Name) || holdsWords(a.Name, b.Name) || holdsWords(b.Name, a.Name) || a.nameless() || b.nameless()
}

// nameless reports whether a card is called by what reaches the client.
func (c Client) nameless() bool {
	p := c.Profile
	p.Name, p.Company = "", ""
	return c.Name == (Draft{Profile: p}).standIn()
}
