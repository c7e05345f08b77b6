package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// undoMergeFor is how long a merge can be taken back.
const undoMergeFor = BinDays * 24 * time.Hour

// Two cards become one in steps, each a write of its own that can be made twice: the decision is kept on the pair; the card that
// goes is closed, so that nobody changes it any more; the kept one gets all that it has; then what hangs on it moves. Whoever
// asks for the card that went gets the kept one (current). A process that dies in between leaves a pair that is being merged, and
// MergeOn goes on with it. The card that went stays in the base, out of sight, until the kept one goes for good.

// MergeInput says which card stays, which goes, and of which fields the one that goes has the better value.
type MergeInput struct {
	Kept, Gone ClientID
	Take       []Field
}

// MergeClients makes one card of two. ErrDenied if by may not change both; ErrConflict on "pair" if one of them is gone by now
// or somebody else is merging them.
func (d *Desk) MergeClients(ctx context.Context, by Actor, in MergeInput) (Client, Pair, error) {
	team, reach, err := d.gate(ctx, by, ActionMergeClients)
	if err != nil {
		return Client{}, Pair{}, err
	}
	p, err := d.store.Pair(ctx, by.Team, NewPairID(by.Team, in.Kept, in.Gone))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Client{}, p, fmt.Errorf("read pair: %w", err)
	}
	if p.Merge.Cause != by.Cause {
		if p, err = d.decideMerge(ctx, team, by, p, in); err != nil {
			return Client{}, p, err
		}
	}
	for _, id := range []ClientID{p.Merge.Kept, p.Merge.Gone} { // by may have lost the right since, if this is a repeat
		c, err := d.visible(ctx, team, by, id)
		if err != nil {
			return Client{}, p, err
		}
		if !reach.allows(c) {
			return Client{}, p, &Error{Kind: ErrDenied, Field: string(ActionMergeClients)}
		}
	}
	if p, err = d.carryOn(ctx, team, p); err != nil {
		return Client{}, p, err
	}
	c, err := d.visible(ctx, team, by, p.Merge.Kept)
	return c, p, err
}

// decideMerge keeps what was decided of a pair, which may be new.
func (d *Desk) decideMerge(ctx context.Context, team Team, by Actor, p Pair, in MergeInput) (Pair, error) {
	kept, gone, err := d.bothOf(ctx, team, by, in.Kept, in.Gone)
	if err != nil {
		return p, err
	}
	reach := d.reach(team, by.Member, ActionMergeClients)
	if !reach.allows(kept) || !reach.allows(gone) {
		return p, &Error{Kind: ErrDenied, Field: string(ActionMergeClients)}
	}
	switch {
	case p.ID == "":
		p = newPair(kept, gone)
	case p.State == PairMerging || p.State == PairUndoing:
		return p, &Error{Kind: ErrConflict, Field: "pair"}
	default:
		p.Rev++
	}
	p.State = PairMerging
	p.Merge = Merge{Cause: by.Cause, By: by.ID, At: d.now(), Kept: in.Kept, Gone: in.Gone, Take: in.Take, PartOf: by.Mass.wholeOf(by.Cause, p.ID)}
	return p, d.savePair(ctx, p)
}

// bothOf reads two cards that by may see, neither of them in the bin or merged with another. ErrConflict on "pair".
func (d *Desk) bothOf(ctx context.Context, team Team, by Actor, kept, gone ClientID) (a, b Client, err error) {
	if a, err = d.visible(ctx, team, by, kept); err != nil {
		return a, b, err
	}
	if b, err = d.visible(ctx, team, by, gone); err != nil {
		return a, b, err
	}
	if a.ID != kept || b.ID != gone || a.ID == b.ID || !a.Deleted.IsZero() || !b.Deleted.IsZero() {
		return a, b, &Error{Kind: ErrConflict, Field: "pair"}
	}
	return a, b, nil
}

func (d *Desk) savePair(ctx context.Context, p Pair) error {
	err := d.store.SavePair(ctx, p)
	if errors.Is(err, ErrConflict) {
		return &Error{Kind: ErrConflict, Field: "pair"}
	}
	if err != nil {
		return fmt.Errorf("save pair: %w", err)
	}
	return nil
}

// MergeOn goes on with what is being merged, or taken apart again, in every team; it is run by the clock, for what a crash left.
func (d *Desk) MergeOn(ctx context.Context) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	var errs []error
	for _, t := range teams {
		begun, err := d.store.Pairs(ctx, PairQuery{Team: t.ID, States: []PairState{PairMerging, PairUndoing}, Limit: handPage})
		if err != nil {
			return fmt.Errorf("read pairs: %w", err)
		}
		for _, p := range begun {
			if _, err := d.carryOn(ctx, t, p); err != nil && !errors.Is(err, ErrConflict) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// carryOn takes a pair from wherever it stands to where it was decided to be.
func (d *Desk) carryOn(ctx context.Context, team Team, p Pair) (Pair, error) {
	switch p.State {
	case PairMerging:
		return d.mergeOn(ctx, team, p)
	case PairUndoing:
		p, _, err := d.partOn(ctx, team, p)
		return p, err
	}
	return p, nil
}

func (d *Desk) mergeOn(ctx context.Context, team Team, p Pair) (Pair, error) {
	has, err := d.happened(ctx, p, p.Merge.Kept)
	if err != nil {
		return p, err
	}
	if !has {
		gone, err := d.closeCard(ctx, team, p)
		if err == nil {
			err = d.absorbCard(ctx, team, p, gone)
		}
		if errors.Is(err, ErrConflict) || errors.Is(err, ErrNotFound) {
			return d.callOff(ctx, team, p)
		}
		if err != nil {
			return p, err
		}
	}
	if err := d.moveAll(ctx, move{pair: p, from: p.Merge.Gone, to: p.Merge.Kept}); err != nil {
		return p, err
	}
	if err := d.settleCountdowns(ctx, p); err != nil {
		return p, err
	}
	if err := d.tellMerged(ctx, team, p); err != nil {
		return p, err
	}
	p.State, p.Rev = PairMerged, p.Rev+1
	return d.settled(ctx, p)
}

// settled saves the end of a pair's way. Whoever comes second finds it done.
func (d *Desk) settled(ctx context.Context, p Pair) (Pair, error) {
	err := d.savePair(ctx, p)
	if !errors.Is(err, ErrConflict) {
		return p, err
	}
	now, err := d.store.Pair(ctx, p.Team, p.ID)
	if err == nil && now.State != p.State {
		err = &Error{Kind: ErrConflict, Field: "pair"}
	}
	return now, err
}

// happened reports whether the decision has changed a card.
func (d *Desk) happened(ctx context.Context, p Pair, id ClientID) (bool, error) {
	_, err := d.store.Event(ctx, p.Team, p.Merge.event(string(id)))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read merge: %w", err)
	}
	return true, nil
}

// mergeCard changes one of a pair's cards; f says how. It is done once, however often it is tried.
func (d *Desk) mergeCard(ctx context.Context, team Team, p Pair, id ClientID, f func(old Client, next *Client) (*ClientChange, error)) (Client, error) {
	for range maxRaces {
		old, err := d.store.Client(ctx, p.Team, id)
		if err != nil {
			return old, fmt.Errorf("read client %s: %w", id, err)
		}
		if done, err := d.happened(ctx, p, id); err != nil || done {
			return old, err
		}
		next := old.clone()
		ch, err := f(old, &next)
		if err != nil {
			return old, err
		}
		by := p.Merge.By
		if p.Merge.Back != "" {
			by = p.Merge.BackBy
		}
		next.Rev, next.Updated = old.Rev+1, d.now()
		next.index(team.Fields)
		ch.Client = next
		ch.Event = Event{ID: p.Merge.event(string(id)), Team: p.Team, Schema: schemaVersion, Action: ActionMergeClients, Record: string(id),
			Rev: next.Rev, By: by, At: d.now(), Fields: diff(old, next), Undoes: ch.Event.Undoes, PartOf: p.Merge.partOf(string(id))}
		err = d.store.SaveClient(ctx, *ch)
		if err == nil {
			return next, nil
		}
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrApplied) {
			return old, fmt.Errorf("save client %s: %w", id, err)
		}
	}
	return Client{}, &Error{Kind: ErrConflict, Field: "client"}
}

// closeCard puts the card that goes out of sight: from now on it is the kept one.
func (d *Desk) closeCard(ctx context.Context, team Team, p Pair) (Client, error) {
	return d.mergeCard(ctx, team, p, p.Merge.Gone, func(old Client, next *Client) (*ClientChange, error) {
		if !old.Deleted.IsZero() {
			return nil, &Error{Kind: ErrConflict, Field: "pair"}
		}
		next.Deleted, next.MergedInto = d.now(), p.Merge.Kept
		return &ClientChange{}, nil
	})
}

// absorbCard gives the kept card what the other has.
func (d *Desk) absorbCard(ctx context.Context, team Team, p Pair, gone Client) error {
	_, err := d.mergeCard(ctx, team, p, p.Merge.Kept, func(old Client, next *Client) (*ClientChange, error) {
		if !old.Deleted.IsZero() || gone.MergedInto != old.ID {
			return nil, &Error{Kind: ErrConflict, Field: "pair"}
		}
		var left []Leftover
		if *next, left = merged(old, gone, p.Merge.Take); old.away() && !next.away() {
			next.comeBack(old.Deleted, d.now())
		}
		ch := &ClientChange{}
		if len(left) > 0 {
			note := Touch{ID: NewTouchID(p.Team, p.Merge.Cause, 0), Team: p.Team, Schema: schemaVersion, Client: old.ID, Kind: TouchNote,
				Text: d.leftText(team, left, d.fieldName(team)), By: p.Merge.By, At: d.now(), Created: d.now()}
			ch.Touches = []Touch{note}
		}
		return ch, nil
	})
	return err
}

// openCard brings a card that was merged back into sight. Who was responsible may tend no clients by now; then it is who has the other.
func (d *Desk) openCard(ctx context.Context, team Team, p Pair, kept Client) (Client, error) {
	return d.mergeCard(ctx, team, p, p.Merge.Gone, func(old Client, next *Client) (*ClientChange, error) {
		next.Deleted, next.MergedInto = time.Time{}, ""
		if m, err := d.member(ctx, p.Team, old.Owner); err != nil || !m.takes(team, ActionTendClients) {
			next.Owner = kept.Owner
		}
		return &ClientChange{Event: Event{Undoes: Merge{Cause: p.Merge.Cause}.event(string(old.ID))}}, nil
	})
}

// Parting is what came of taking a merge back.
type Parting struct {
	Pair       Pair
	Kept, Gone Client
	Stuck      []Field // of the kept card: changed since, so that they stay as they are
}

// Partable reports whether what was merged can be taken apart again.
func (p Pair) Partable(now time.Time) bool {
	return p.State == PairMerged && now.Sub(p.Merge.At) < undoMergeFor
}

// UndoMerge takes a merge back: each card has again what was its own, what came to the kept one since stays there. ErrNotFound on
// "merge" if there is nothing to take back or it is too late, ErrConflict on "pair" if the kept card is gone or has itself been
// merged with another, on "merge.later" if a later merge has to be taken back first.
func (d *Desk) UndoMerge(ctx context.Context, by Actor, id PairID) (Parting, error) {
	team, reach, err := d.gate(ctx, by, ActionMergeClients)
	if err != nil {
		return Parting{}, err
	}
	p, err := d.store.Pair(ctx, by.Team, id)
	if err != nil {
		return Parting{}, fmt.Errorf("read pair: %w", err)
	}
	if repeated := p.Merge.Back == by.Cause && p.Merge.BackBy == by.ID; !repeated {
		kept, err := d.visible(ctx, team, by, p.Merge.Kept)
		switch {
		case err != nil:
			return Parting{}, err
		case !reach.allows(kept):
			return Parting{}, &Error{Kind: ErrDenied, Field: string(ActionMergeClients)}
		case !p.Partable(d.now()):
			return Parting{}, &Error{Kind: ErrNotFound, Field: "merge"}
		case kept.ID != p.Merge.Kept || !kept.Deleted.IsZero():
			return Parting{}, &Error{Kind: ErrConflict, Field: "pair"}
		}
		if err := d.standsAlone(ctx, p, kept); err != nil {
			return Parting{}, err
		}
		p.State, p.Rev, p.Merge.Back, p.Merge.BackBy = PairUndoing, p.Rev+1, by.Cause, by.ID
		p.Merge.BackPart = by.Mass.wholeOf(by.Cause, p.ID)
		if err := d.savePair(ctx, p); err != nil {
			return Parting{}, err
		}
	}
	out := Parting{Pair: p}
	if p.State == PairUndoing {
		if out.Pair, out.Stuck, err = d.partOn(ctx, team, p); err != nil {
			return out, err
		}
	}
	if out.Kept, err = d.visible(ctx, team, by, p.Merge.Kept); err != nil {
		return out, err
	}
	out.Gone, err = d.store.Client(ctx, by.Team, p.Merge.Gone)
	if err == nil && !d.reach(team, by.Member, ActionReadClient).allows(out.Gone) {
		out.Gone = Client{ID: out.Gone.ID, Owner: out.Gone.Owner} // it is a colleague's, as it was
	}
	return out, err
}

func (d *Desk) partOn(ctx context.Context, team Team, p Pair) (Pair, []Field, error) {
	var stuck []Field
	made, err := d.store.Event(ctx, p.Team, Merge{Cause: p.Merge.Cause}.event(string(p.Merge.Kept)))
	if err != nil {
		return p, nil, fmt.Errorf("read merge: %w", err)
	}
	gone, err := d.store.Client(ctx, p.Team, p.Merge.Gone)
	if errors.Is(err, ErrNotFound) {
		return d.endParting(ctx, p)
	}
	if err != nil {
		return p, nil, fmt.Errorf("read client: %w", err)
	}
	kept, err := d.mergeCard(ctx, team, p, p.Merge.Kept, func(old Client, next *Client) (*ClientChange, error) {
		var err error
		if *next, stuck, err = d.parted(old.clone(), made, gone); err != nil {
			return nil, err
		}
		notes, err := d.store.Touches(ctx, TouchQuery{Team: p.Team, Client: old.ID, IDs: []TouchID{NewTouchID(p.Team, p.Merge.Cause, 0)},
			Kinds: []TouchKind{TouchNote}, Limit: 1})
		ch := &ClientChange{Event: Event{Undoes: made.ID}}
		for _, t := range notes {
			ch.Undone = append(ch.Undone, t.undone())
		}
		return ch, err
	})
	if errors.Is(err, ErrNotFound) {
		return d.endParting(ctx, p)
	}
	if err != nil {
		return p, stuck, err
	}
	if err := d.moveAll(ctx, move{pair: p, from: p.Merge.Gone, to: p.Merge.Kept, back: true}); err != nil {
		return p, stuck, err
	}
	if _, err := d.openCard(ctx, team, p, kept); err != nil {
		return p, stuck, err
	}
	if err := d.settleCountdowns(ctx, p); err != nil {
		return p, stuck, err
	}
	p.State, p.Rev = PairOpen, p.Rev+1
	p, err = d.settled(ctx, p)
	return p, stuck, err
}

// current reads a card; of one that was merged into another that other.
func (d *Desk) current(ctx context.Context, team TeamID, id ClientID) (Client, error) {
	c, err := d.store.Client(ctx, team, id)
	for seen := []ClientID{id}; err == nil && c.MergedInto != "" && !slices.Contains(seen, c.MergedInto); {
		seen = append(seen, c.MergedInto)
		c, err = d.store.Client(ctx, team, c.MergedInto)
	}
	return c, err
}
