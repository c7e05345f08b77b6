package crm

import (
	"context"
	"errors"
)

// callOff opens a pair again that cannot be merged, since the card that was to stay is gone by now. What was closed is opened.
func (d *Desk) callOff(ctx context.Context, team Team, p Pair) (Pair, error) {
	closed := p.Merge
	p.Merge.Back, p.Merge.BackBy = closed.Cause+"x", closed.By
	gone, err := d.store.Client(ctx, p.Team, closed.Gone)
	if err == nil && gone.MergedInto == closed.Kept {
		_, err = d.openCard(ctx, team, p, Client{Owner: gone.Owner})
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return p, err
	}
	p.State, p.Rev = PairOpen, p.Rev+1
	if p, err = d.settled(ctx, p); err != nil {
		return p, err
	}
	return p, &Error{Kind: ErrConflict, Field: "pair"}
}

// endParting ends the taking apart of two cards one of which has been erased since: there is nothing left to do, and nothing to decide.
func (d *Desk) endParting(ctx context.Context, p Pair) (Pair, []Field, error) {
	p.State, p.Rev = PairOpen, p.Rev+1
	p, err := d.settled(ctx, p)
	if err != nil {
		return p, nil, err
	}
	return p, nil, &Error{Kind: ErrConflict, Field: "pair"}
}
