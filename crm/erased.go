package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Erased says that a client was removed for good. It holds nothing of the client: it is for a list that outlives the base, so
// that a backup of an earlier day does not bring them back.
type Erased struct {
	Team   TeamID    `json:"team"`
	Client ClientID  `json:"client"`
	At     time.Time `json:"at"`
}

// erasedPage is how many are read at a time.
const erasedPage = 500

// Erased lists who was removed for good since a time, in all teams, page by page in no order. It is what the record of changes
// says, which is written together with the removal.
func (d *Desk) Erased(ctx context.Context, since time.Time, each func([]Erased) error) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	for _, t := range teams {
		q := AuditQuery{Team: t.ID, From: since, Actions: []Action{ActionPurgeClient}, Limit: erasedPage}
		for more := true; more; {
			page, err := d.store.Audit(ctx, q)
			if err != nil {
				return fmt.Errorf("list who was erased: %w", err)
			}
			var list []Erased
			for _, e := range page {
				list = append(list, Erased{Team: e.Team, Client: ClientID(e.Record), At: e.At})
				q.After = &EventMark{At: e.At, ID: e.ID}
			}
			if err := each(list); err != nil {
				return err
			}
			more = len(page) == q.Limit
		}
	}
	return nil
}

// EraseAgain removes for good those of a list who are in the base again, since it was restored from before their erasure. It
// returns how many they were, and whose cards may tell of one of them still.
func (d *Desk) EraseAgain(ctx context.Context, list []Erased) (n int, told []ClientID, err error) {
	byTeam, at := map[TeamID][]ClientID{}, map[ClientID]time.Time{}
	for _, e := range list {
		byTeam[e.Team] = append(byTeam[e.Team], e.Client)
		at[e.Client] = e.At
	}
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return 0, nil, fmt.Errorf("list teams: %w", err)
	}
	for _, t := range teams {
		gone := map[ClientID]bool{}
		for _, id := range byTeam[t.ID] {
			gone[id] = true
		}
		for ids := byTeam[t.ID]; len(ids) > 0; ids = ids[min(erasedPage, len(ids)):] {
			back, err := d.store.ClientsByID(ctx, t.ID, ids[:min(erasedPage, len(ids))])
			if err != nil {
				return n, told, fmt.Errorf("look for the erased: %w", err)
			}
			for _, c := range back {
				kept, err := d.takeOut(ctx, t, c.ID, gone)
				if err == nil {
					err = d.EndConsents(ctx, []Erased{{Team: t.ID, Client: c.ID, At: at[c.ID]}})
				}
				if err == nil {
					err = d.eraseLeft(ctx, t, c.ID)
				}
				if err != nil {
					return n, told, fmt.Errorf("erase client %s again: %w", c.ID, err)
				}
				if n++; kept != "" && !slices.Contains(told, kept) {
					told = append(told, kept)
				}
			}
		}
	}
	return n, told, nil
}

// takeOut takes apart the merges of a card with those of others who are not gone: they were taken back in the base that is lost,
// since who is erased while they last goes together with the other. It returns the card that keeps what the client brought, where
// that cannot be done.
func (d *Desk) takeOut(ctx context.Context, t Team, id ClientID, gone map[ClientID]bool) (kept ClientID, err error) {
	begun, err := d.store.Pairs(ctx, PairQuery{Team: t.ID, Client: id, States: []PairState{PairMerging, PairUndoing}, Limit: listPage})
	if err != nil {
		return "", fmt.Errorf("list pairs: %w", err)
	}
	for _, p := range begun {
		if _, err := d.carryOn(ctx, t, p); err != nil && !errors.Is(err, ErrConflict) { // that one was called off
			return "", err
		}
	}
	c, err := d.store.Client(ctx, t.ID, id)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if c.MergedInto != "" {
		now, err := d.current(ctx, t.ID, id)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return "", err
		}
		if err == nil && !gone[now.ID] {
			if parted, err := d.part(ctx, t, id, now.ID); err != nil || !parted {
				return now.ID, err
			}
		}
	}
	came, err := d.store.ClientsByID(ctx, t.ID, c.Merged)
	if err != nil {
		return "", err
	}
	for _, other := range came {
		if other.MergedInto == id && !gone[other.ID] {
			if _, err := d.part(ctx, t, other.ID, id); err != nil {
				return "", err
			}
		}
	}
	return "", nil
}

// part takes a merge back, however long ago it was; false if there is nothing that says how.
func (d *Desk) part(ctx context.Context, t Team, gone, kept ClientID) (bool, error) {
	p, err := d.store.Pair(ctx, t.ID, NewPairID(t.ID, gone, kept))
	if errors.Is(err, ErrNotFound) || err == nil && (p.State != PairMerged || p.Merge.Gone != gone || p.Merge.Kept != kept) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read pair: %w", err)
	}
	if made, err := d.happened(ctx, p, kept); err != nil || !made {
		return false, err
	}
	p.State, p.Rev, p.Merge.Back, p.Merge.BackBy = PairUndoing, p.Rev+1, p.Merge.Cause+"again", p.Merge.By
	if err := d.savePair(ctx, p); err != nil {
		return false, err
	}
	_, _, err = d.partOn(ctx, t, p)
	return err == nil, err
}

// eraseLeft puts a card into the bin as if it had been there for long, and empties that of it.
func (d *Desk) eraseLeft(ctx context.Context, t Team, id ClientID) error {
	now := d.now()
	for range maxRaces {
		c, err := d.store.Client(ctx, t.ID, id)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		old := c.clone()
		c.Deleted, c.Rev, c.Updated = now.AddDate(0, 0, -BinDays-1), c.Rev+1, now
		c.index(t.Fields)
		err = d.store.SaveClient(ctx, ClientChange{Client: c, Event: Event{
			ID:   EventID("again." + string(id) + "." + strconv.FormatInt(now.UnixMilli(), 36)),
			Team: t.ID, Schema: schemaVersion, Action: ActionEraseClient, Record: string(id), Rev: c.Rev, At: now, Fields: diff(old, c)}})
		if err != nil && !errors.Is(err, ErrConflict) && !errors.Is(err, ErrApplied) {
			return err
		}
		if err == nil {
			err = d.endDialogsOf(ctx, t.ID, id)
		}
		if err == nil {
			_, err = d.store.PurgeClients(ctx, Purge{Before: now, At: now, Limit: 1, Team: t.ID, Client: id})
			return err
		}
	}
	return &Error{Kind: ErrConflict, Field: "client"}
}
