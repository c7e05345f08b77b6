package crm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// massWrite changes the page that is on the record and returns how many of it were changed, be it by an earlier try.
func (d *Desk) massWrite(ctx context.Context, team Team, m Member) (int, error) {
	w := m.Mass
	if len(w.Page) == 0 {
		return 0, nil
	}
	if w.Kind == MassMerge && w.Back == "" {
		return d.mergeMany(ctx, team, m)
	}
	var err error
	for range maxRaces {
		if err = d.massCards(ctx, team, m); !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return 0, err
	}
	ids := make([]EventID, len(w.Page))
	for i, record := range w.Page {
		ids[i] = w.massEvent(record)
	}
	made, err := d.store.EventsByID(ctx, m.Team, ids)
	if err != nil {
		return 0, fmt.Errorf("read what was changed: %w", err)
	}
	return len(made), nil
}

// massCards writes those of the page's cards that the change changes and that the member may change, each with its event.
func (d *Desk) massCards(ctx context.Context, team Team, m Member) error {
	ids := make([]ClientID, len(m.Mass.Page))
	for i, id := range m.Mass.Page {
		ids[i] = ClientID(id)
	}
	cards, err := d.store.ClientsByID(ctx, m.Team, ids)
	if err != nil {
		return fmt.Errorf("read clients: %w", err)
	}
	var batch []ClientChange
	for _, c := range cards {
		ch, ok, err := d.massCard(ctx, team, m, c)
		if err != nil {
			return err
		}
		if ok {
			batch = append(batch, ch)
		}
	}
	if len(batch) == 0 {
		return nil
	}
	if err := d.store.SaveClients(ctx, batch); err != nil {
		return fmt.Errorf("save clients: %w", err)
	}
	return nil
}

// massCard is the change of one card; ok is false if there is none, or it is not the member's to change. The right is asked of each
// card, as the member has it now.
func (d *Desk) massCard(ctx context.Context, team Team, m Member, c Client) (ch ClientChange, ok bool, err error) {
	w := m.Mass
	if !c.Deleted.IsZero() {
		return ch, false, nil
	}
	next := c.clone()
	ev := Event{ID: w.massEvent(string(c.ID)), Team: c.Team, Schema: schemaVersion, Action: w.Kind.action(), Record: string(c.ID), Rev: c.Rev + 1,
		By: m.ID, At: d.now()}
	may := func(c Client) bool { return d.reach(team, m, ev.Action).allows(c) }
	if w.Back != "" {
		made, err := d.store.Event(ctx, c.Team, Mass{Cause: w.Back}.massEvent(string(c.ID)))
		if errors.Is(err, ErrNotFound) || err == nil && (made.By != m.ID || !next.takeBackSame(made)) {
			return ch, false, nil
		}
		if err != nil {
			return ch, false, fmt.Errorf("read what was changed: %w", err)
		}
		if next.Owner != c.Owner && next.Owner != "" {
			if _, err := d.taker(ctx, team, next.Owner, ActionTendClients); errors.Is(err, ErrNotFound) {
				return ch, false, nil // they have left meanwhile
			} else if err != nil {
				return ch, false, err
			}
		}
		ev.Action, ev.Undoes = ActionUndoClient, made.ID
		may = func(Client) bool { return true } // it was by's to change, and comes back though by sees it no more
	} else if err := next.massSet(w); err != nil {
		return ch, false, nil // too many tags, say: this card stays as it is
	} else if w.Kind == MassStage {
		ev.Action = stageAction(c.Stage, next.Stage)
	}
	if !may(c) {
		return ch, false, nil
	}
	if c.away() && !next.away() {
		next.comeBack(c.Deleted, ev.At)
	}
	next.Rev, next.Updated = ev.Rev, ev.At
	next.index(team.Fields)
	if ev.Fields = diff(c, next); len(ev.Fields) == 0 {
		return ch, false, nil
	}
	return ClientChange{Client: next, Event: ev}, true, nil
}

// massSet makes of a card what a mass change makes of each.
func (c *Client) massSet(w Mass) error {
	key := Fold(w.Value)
	switch w.Kind {
	case MassTag:
		if c.Tags = unite(c.Tags, []string{w.Value}); len(c.Tags) > maxTags {
			return invalid("tags.count")
		}
	case MassUntag:
		c.Tags = slices.DeleteFunc(c.Tags, func(t string) bool { return Fold(t) == key })
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

// massTell tells who was given clients, once.
func (d *Desk) massTell(ctx context.Context, team Team, m Member, w Mass) error {
	to := MemberID(w.Value)
	if w.Kind != MassGive || w.Back != "" || w.Changed == 0 || to == m.ID {
		return nil
	}
	taker, err := d.member(ctx, m.Team, to)
	if err != nil || !taker.Removed.IsZero() {
		return err
	}
	return d.plan(ctx, taker.of(team), Reminder{ID: reminderID(RemindHanded, "", string(w.Cause), to), Kind: RemindHanded, From: m.ID, Who: m.ID,
		Count: w.Changed, For: d.now()})
}

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

// mergeMany merges the pairs of the page, each all or nothing; a pair whose names are two people's is left for somebody to look at.
func (d *Desk) mergeMany(ctx context.Context, team Team, m Member) (int, error) {
	n := 0
	for _, id := range m.Mass.Page {
		by := Actor{Member: m, Cause: m.Mass.Cause + ".g." + Cause(id)}
		p, err := d.store.Pair(ctx, m.Team, PairID(id))
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return n, fmt.Errorf("read pair: %w", err)
		}
		if p.Merge.Cause != by.Cause {
			s, ok, err := d.seePair(ctx, team, by, p)
			if err != nil {
				return n, err
			}
			if !ok || p.State != PairOpen || !s.Sure {
				continue
			}
			p.Merge.Kept, p.Merge.Gone, p.Merge.Take = s.Cards[0].ID, s.Cards[1].ID, s.Take
		}
		_, _, err = d.MergeClients(ctx, by, MergeInput{Kept: p.Merge.Kept, Gone: p.Merge.Gone, Take: p.Merge.Take})
		switch {
		case err == nil:
			n++
		case !errors.Is(err, ErrConflict) && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrDenied):
			return n, err
		}
	}
	return n, nil
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
