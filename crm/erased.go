package crm

import (
	"context"
	"errors"
	"fmt"
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
// returns how many they were.
func (d *Desk) EraseAgain(ctx context.Context, list []Erased) (int, error) {
	byTeam := map[TeamID][]ClientID{}
	for _, e := range list {
		byTeam[e.Team] = append(byTeam[e.Team], e.Client)
	}
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return 0, fmt.Errorf("list teams: %w", err)
	}
	n := 0
	for _, t := range teams {
		for ids := byTeam[t.ID]; len(ids) > 0; ids = ids[min(erasedPage, len(ids)):] {
			back, err := d.store.ClientsByID(ctx, t.ID, ids[:min(erasedPage, len(ids))])
			if err != nil {
				return n, fmt.Errorf("look for the erased: %w", err)
			}
			for _, c := range back {
				if err := d.eraseLeft(ctx, t, c.ID); err != nil {
					return n, fmt.Errorf("erase client %s again: %w", c.ID, err)
				}
				n++
			}
		}
	}
	return n, nil
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
			_, err = d.store.PurgeClients(ctx, Purge{Before: now, At: now, Limit: 1, Team: t.ID, Client: id})
			return err
		}
	}
	return &Error{Kind: ErrConflict, Field: "client"}
}
