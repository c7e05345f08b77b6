package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// mostSharing is how many cards may have one phone or e-mail for that to say that they are one client's: what more have is
	// a switchboard.
	mostSharing = MostHolders - 1
	// mostAlike is the same for what only makes cards worth comparing: a name that more have in one town is a common one.
	mostAlike = 8
	// allSharing is up to how many of them each is compared with each; of more, each with the oldest.
	allSharing = 4
	// pairBatch is how many pairs are written together.
	pairBatch = 500
	// fewChanges is how many changed cards are looked at while somebody waits, fewClients how large a base is searched then.
	fewChanges = 200
	fewClients = 2000
	// manyChanges is how many changed cards cost more than a search of the whole base.
	manyChanges = 20000
	// pairOverlap is looked at again, since clocks of two processes differ.
	pairOverlap = time.Minute
)

// pairActions are those after which a card may be like another, or no more.
var pairActions = []Action{ActionAddClient, ActionEditClient, ActionUndoClient, ActionRestoreClient, ActionDeleteClient, ActionEraseClient,
	ActionHandOverClient, ActionMergeClients}

func pairProgress(team TeamID) string { return "pairs:" + string(team) }

// SearchPairs looks for cards that may be one client's, in every team: among those that have changed since it last ran, at first in
// the whole base. It is run by the clock. While an import fills a base it waits: it would search all of it again each time.
func (d *Desk) SearchPairs(ctx context.Context) error {
	return d.eachTeam(ctx, func(t Team) error {
		busy, err := d.importing(ctx, t.ID)
		if err == nil && !busy {
			_, err = d.freshenPairs(ctx, t.ID, manyChanges, MostCounted)
		}
		return err
	})
}

// importHolds is how long an import that gets no further keeps the search for pairs waiting.
const importHolds = 10 * time.Minute

// importing reports whether rows of an import are being written, or taken back.
func (d *Desk) importing(ctx context.Context, team TeamID) (bool, error) {
	list, err := d.store.Imports(ctx, ImportQuery{Team: team, States: []ImportState{ImportRunning, ImportUndoing}, Limit: 100})
	if err != nil {
		return false, fmt.Errorf("list imports: %w", err)
	}
	return slices.ContainsFunc(list, func(i Import) bool { return d.now().Sub(i.Touched) < importHolds }), nil
}

// freshenPairs brings the pairs of a team up to date if that takes no more than looking at so many changed cards, or at a base of
// so many; done tells whether it did.
func (d *Desk) freshenPairs(ctx context.Context, team TeamID, changes, clients int) (done bool, err error) {
	last, err := d.store.Progress(ctx, pairProgress(team))
	if err != nil {
		return false, fmt.Errorf("read progress: %w", err)
	}
	at := d.now()
	if !at.After(last) {
		at = last.Add(time.Millisecond) // what was seen before is told by the time
	}
	if !last.IsZero() {
		changed, whole, err := d.changedSince(ctx, team, last.Add(-pairOverlap), changes)
		if err != nil {
			return false, err
		}
		if whole {
			return true, errors.Join(d.followPairs(ctx, team, changed, at), d.noteProgress(ctx, pairProgress(team), at))
		}
	}
	n, err := d.store.CountClients(ctx, ClientQuery{Team: team}, clients+1)
	if err != nil || n > clients && clients < MostCounted {
		return false, err
	}
	if err := d.searchBase(ctx, team, at); err != nil {
		return false, err
	}
	return true, d.noteProgress(ctx, pairProgress(team), at)
}

// changedSince lists the cards that have changed since a time; whole is false if they are more than most.
func (d *Desk) changedSince(ctx context.Context, team TeamID, since time.Time, most int) (ids []ClientID, whole bool, err error) {
	seen := map[ClientID]bool{}
	q := AuditQuery{Team: team, From: since, Actions: pairActions, Limit: auditPage}
	for {
		events, err := d.store.Audit(ctx, q)
		if err != nil {
			return nil, false, fmt.Errorf("read what has changed: %w", err)
		}
		for _, e := range events {
			if id := ClientID(e.Record); !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
		if len(ids) > most {
			return nil, false, nil
		}
		if len(events) < q.Limit {
			return ids, true, nil
		}
		last := events[len(events)-1]
		q.After = &EventMark{last.At, last.ID}
	}
}

// followPairs finds the pairs of cards that have changed, and drops those that are none any more.
func (d *Desk) followPairs(ctx context.Context, team TeamID, ids []ClientID, at time.Time) error {
	for page := range slices.Chunk(ids, handPage) {
		cards, err := d.store.ClientsByID(ctx, team, page)
		if err != nil {
			return fmt.Errorf("read clients: %w", err)
		}
		var found []Pair
		for _, c := range cards {
			like, err := d.likeCard(ctx, c)
			if err != nil {
				return err
			}
			found = append(found, like...)
		}
		if err := d.keepPairs(ctx, found, at); err != nil {
			return err
		}
		for _, id := range page { // records of other kinds have none
			if err := d.dropPairs(ctx, PairQuery{Team: team, Client: id, States: []PairState{PairOpen}, SeenBefore: at}); err != nil {
				return err
			}
		}
	}
	return nil
}

// likeCard finds the pairs of one card.
func (d *Desk) likeCard(ctx context.Context, c Client) ([]Pair, error) {
	if !c.Deleted.IsZero() {
		return nil, nil
	}
	var out []Pair
	for _, key := range allKeys(c.Profile) {
		cards, err := d.store.ClientsByKey(ctx, c.Team, []string{key})
		if err != nil {
			return nil, fmt.Errorf("look for pairs: %w", err)
		}
		if len(cards) > mostSharing || strings.HasPrefix(key, markTwin) && len(cards) > mostAlike {
			continue
		}
		for _, o := range cards {
			if p, like := pairOf(c, o); like && o.ID != c.ID {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// searchBase looks through all cards of a team, key by key.
func (d *Desk) searchBase(ctx context.Context, team TeamID, at time.Time) error {
	var found []Pair
	gather := func(_ string, cards []Client) error {
		if err := ctx.Err(); err != nil {
			return err // few are found among many: the engine is not asked for long
		}
		found = append(found, pairsAmong(cards)...)
		if len(found) < pairBatch {
			return nil
		}
		err := d.keepPairs(ctx, found, at)
		found = found[:0]
		return err
	}
	for _, q := range []SharedQuery{{Team: team, Before: markTwin, Most: mostSharing}, {Team: team, From: markTwin, Before: beyondKeys, Most: mostAlike}} {
		if err := d.store.EachShared(ctx, q, gather); err != nil {
			return err
		}
	}
	if err := d.keepPairs(ctx, found, at); err != nil {
		return err
	}
	return d.dropPairs(ctx, PairQuery{Team: team, States: []PairState{PairOpen}, SeenBefore: at})
}

// beyondKeys is behind all keys.
const beyondKeys = "\x7f"

// pairsAmong are the pairs of cards that share a key.
func pairsAmong(cards []Client) []Pair {
	slices.SortFunc(cards, func(a, b Client) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	var out []Pair
	for i, a := range cards {
		for _, b := range cards[i+1:] {
			if p, like := pairOf(a, b); like && (i == 0 || len(cards) <= allSharing || p.Score < Certain) {
				out = append(out, p)
			}
		}
	}
	return out
}

// keepPairs keeps what was found, each pair once.
func (d *Desk) keepPairs(ctx context.Context, found []Pair, at time.Time) error {
	slices.SortFunc(found, func(a, b Pair) int { return compareIDs(a.ID, b.ID) })
	found = slices.CompactFunc(found, func(a, b Pair) bool { return a.ID == b.ID })
	for i := range found {
		found[i].Seen = at
	}
	if len(found) == 0 {
		return nil
	}
	if err := d.store.FindPairs(ctx, found); err != nil {
		return fmt.Errorf("keep pairs: %w", err)
	}
	return nil
}

func compareIDs(a, b PairID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (d *Desk) dropPairs(ctx context.Context, q PairQuery) error {
	q.Limit = pairBatch
	for {
		n, err := d.store.DropPairs(ctx, q)
		if err != nil {
			return fmt.Errorf("drop pairs: %w", err)
		}
		if n < q.Limit {
			return nil
		}
	}
}

// pairOf judges whether two cards may be one client's.
func pairOf(a, b Client) (Pair, bool) {
	score, why := alike(a, b)
	if score == 0 {
		return Pair{}, false
	}
	p := newPair(a, b)
	p.Score, p.Why = score, why
	return p, true
}
