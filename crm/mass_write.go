package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kartoteka/crm/spell"
)

// MassLeft is why a card, or a pair, stays as it is.
type MassLeft string

const (
	LeftSame   MassLeft = "same"   // it is so already
	LeftDenied MassLeft = "denied" // it is not the member's to change
	LeftFull   MassLeft = "full"   // it has as many tags as a card can have
	LeftUnlike MassLeft = "unlike" // the pair's names are two people's
	LeftSince  MassLeft = "since"  // changed since, so that nothing is taken back
	LeftOwner  MassLeft = "owner"  // whoever was responsible has left the team since
	LeftGone   MassLeft = "gone"   // in the bin or no more; of a pair: there is nothing to decide any more
)

// MassLefts are all of them, in the order in which they are told.
var MassLefts = []MassLeft{LeftSame, LeftFull, LeftUnlike, LeftDenied, LeftSince, LeftOwner, LeftGone}

// massTally is what became of a page.
type massTally struct {
	changed int // be it by an earlier try
	tasks   int // that went along, likewise
	left    map[MassLeft]int
	kept    []ClientID // of taking it back: the cards that stay as they are
	owners  map[MemberID]int
}

// add counts a page.
func (w *Mass) add(t massTally) {
	w.Looked, w.Changed, w.Tasks = w.Looked+len(w.Page), w.Changed+t.changed, w.Tasks+t.tasks
	if len(t.owners) > 0 {
		w.Owners = added(w.Owners, t.owners)
	}
	left := maps.Clone(w.Left)
	for why, n := range t.left {
		if left == nil {
			left = map[MassLeft]int{}
		}
		left[why] += n
	}
	w.Left = left
	for _, id := range t.kept {
		if len(w.Kept) < maxKept && !slices.Contains(w.Kept, id) {
			w.Kept = append(slices.Clip(w.Kept), id)
		}
	}
}

// massStopped counts the page that was being written when the change was stopped, unless another has, and tells of what was done. It
// returns the record as it now is.
func (d *Desk) massStopped(ctx context.Context, team Team, was Member, tally massTally) (Member, error) {
	for range maxRaces {
		m, err := d.member(ctx, was.Team, was.ID)
		if err != nil || m.Mass.Cause != was.Mass.Cause || m.Mass.UnderWay() || !slices.Equal(m.Mass.Page, was.Mass.Page) || len(m.Mass.Page) == 0 {
			return m, err
		}
		m.Mass.add(tally)
		if err := d.massTell(ctx, team, m, m.Mass); err != nil {
			return m, err
		}
		m.Mass.Page, m.Rev = nil, m.Rev+1
		if err = d.saveMass(ctx, m); err == nil {
			return m, nil
		}
		if !errors.Is(err, ErrConflict) && !errors.Is(err, ErrApplied) {
			return m, err
		}
	}
	return Member{}, &Error{Kind: ErrConflict, Field: "member"}
}

// massWrite changes the page that is on the record.
func (d *Desk) massWrite(ctx context.Context, team Team, m Member) (massTally, error) {
	w := m.Mass
	switch {
	case len(w.Page) == 0:
		return massTally{}, nil
	case w.Kind == MassMerge && w.Back == "":
		return d.eachPair(ctx, team, m, d.mergeOne)
	case w.Kind == MassMerge:
		return d.eachPair(ctx, team, m, d.unmergeOne)
	}
	var why map[string]MassLeft
	var err error
	for range maxRaces {
		if why, err = d.massCards(ctx, team, m); !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return massTally{}, err
	}
	t, made, err := d.massMade(ctx, m)
	if err != nil {
		return massTally{}, err
	}
	t.left = map[MassLeft]int{}
	for _, record := range w.Page {
		if !slices.ContainsFunc(made, func(e Event) bool { return e.Record == record }) {
			t.left[cmp.Or(why[record], LeftGone)]++
			if w.Back != "" && why[record] != "" && why[record] != LeftGone {
				t.kept = append(t.kept, ClientID(record))
			}
		}
	}
	return t, nil
}

// massMade counts those of the page's cards that have the change's event, and lets the tasks follow clients that were given.
func (d *Desk) massMade(ctx context.Context, m Member) (massTally, []Event, error) {
	w := m.Mass
	ids := make([]EventID, len(w.Page))
	for i, record := range w.Page {
		ids[i] = w.massEvent(record)
	}
	made, err := d.store.EventsByID(ctx, m.Team, ids)
	if err != nil {
		return massTally{}, nil, fmt.Errorf("read what was changed: %w", err)
	}
	t := massTally{changed: len(made)}
	if w.Kind != MassGive {
		return t, made, nil
	}
	given := make([]ClientID, len(made))
	for i, e := range made {
		given[i] = ClientID(e.Record)
	}
	t.owners = w.ownersOf(made)
	t.tasks, err = d.tasksFollow(ctx, along{by: Actor{Member: m, Cause: w.Cause}, undone: w.Back}, given)
	return t, made, err
}

// massCards writes those of the page's cards that the change changes and that the member may change, each with its event. It returns
// why the others stay as they are.
func (d *Desk) massCards(ctx context.Context, team Team, m Member) (map[string]MassLeft, error) {
	ids := make([]ClientID, len(m.Mass.Page))
	for i, id := range m.Mass.Page {
		ids[i] = ClientID(id)
	}
	cards, err := d.store.ClientsByID(ctx, m.Team, ids)
	if err != nil {
		return nil, fmt.Errorf("read clients: %w", err)
	}
	var batch []ClientChange
	left := map[string]MassLeft{}
	for _, c := range cards {
		ch, why, err := d.massCard(ctx, team, m, c)
		if err != nil {
			return nil, err
		}
		if why != "" {
			left[string(c.ID)] = why
			continue
		}
		batch = append(batch, ch)
	}
	if len(batch) == 0 {
		return left, nil
	}
	if err := d.store.SaveClients(ctx, batch); err != nil {
		return nil, fmt.Errorf("save clients: %w", err)
	}
	return left, nil
}

// massCard is the change of one card, or why there is none. The right is asked of each card, as the member has it now.
func (d *Desk) massCard(ctx context.Context, team Team, m Member, c Client) (ch ClientChange, why MassLeft, err error) {
	w := m.Mass
	if !c.Deleted.IsZero() {
		return ch, LeftGone, nil
	}
	next := c.clone()
	ev := Event{ID: w.massEvent(string(c.ID)), Team: c.Team, Schema: schemaVersion, Action: w.Kind.action(), Record: string(c.ID), Rev: c.Rev + 1,
		By: m.ID, At: d.now(), PartOf: w.whole()}
	may := func(c Client) bool { return d.reach(team, m, ev.Action).allows(c) }
	if w.Back != "" {
		made, err := d.store.Event(ctx, c.Team, Mass{Cause: w.Back}.massEvent(string(c.ID)))
		if errors.Is(err, ErrNotFound) || err == nil && (made.By != m.ID || !next.takeBackSame(made)) {
			return ch, LeftSince, nil
		}
		if err != nil {
			return ch, "", fmt.Errorf("read what was changed: %w", err)
		}
		ev.Action, ev.Undoes = ActionUndoClient, made.ID
		may = func(Client) bool { return true } // it was by's to change, and comes back though by sees it no more
	} else if err := next.massSet(w); err != nil {
		return ch, LeftFull, nil
	} else if w.Kind == MassStage {
		ev.Action = stageAction(c.Stage, next.Stage)
	}
	if !may(c) {
		return ch, LeftDenied, nil
	}
	if next.Owner != c.Owner && next.Owner != "" { // who was let go meanwhile gets no more
		if _, err := d.taker(ctx, team, next.Owner, ActionTendClients); errors.Is(err, ErrNotFound) {
			return ch, LeftOwner, nil
		} else if err != nil {
			return ch, "", err
		}
	}
	if c.away() && !next.away() {
		next.comeBack(c.Deleted, ev.At)
	}
	next.Rev, next.Updated = ev.Rev, ev.At
	next.index(team.Fields)
	if ev.Fields = diff(c, next); len(ev.Fields) == 0 {
		return ch, LeftSame, nil
	}
	return ClientChange{Client: next, Event: ev}, "", nil
}

// massSet makes of a card what a mass change makes of each.
func (c *Client) massSet(w Mass) error {
	key := spell.Fold(w.Value)
	switch w.Kind {
	case MassTag:
		if c.Tags = unite(c.Tags, []string{w.Value}); len(c.Tags) > maxTags {
			return invalid("tags.count")
		}
	case MassUntag:
		c.Tags = slices.DeleteFunc(c.Tags, func(t string) bool { return spell.Fold(t) == key })
	case MassStage:
		return c.setStage(Stage(w.Value))
	case MassGive:
		c.Owner = MemberID(w.Value)
	case MassArchive:
		if c.Stage == StageArchive {
			return nil
		}
		c.BeforeArchive, c.Stage, c.ArchiveReason = c.Stage, StageArchive, w.Value
	}
	return nil
}

// takeBackSame sets what an event changed back, if all of it is still as the event made it.
func (c *Client) takeBackSame(e Event) bool {
	now := fieldsOf(*c)
	for _, name := range slices.Sorted(maps.Keys(e.own())) {
		if string(now[name]) != e.Fields[name].After {
			return false
		}
	}
	return putBack(c, e.own()) == nil
}
