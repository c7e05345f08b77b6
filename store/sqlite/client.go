package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm"
)

// Client returns one card, deleted ones included; crm.ErrNotFound.
func (s *Store) Client(ctx context.Context, team crm.TeamID, id crm.ClientID) (crm.Client, error) {
	return get[crm.Client](ctx, s.reader, "client", `SELECT doc FROM clients WHERE id = ? AND team = ?`, id, team)
}

// ClientsByID reads cards in the order of the ids, deleted ones included; those that are not there are left out.
func (s *Store) ClientsByID(ctx context.Context, team crm.TeamID, ids []crm.ClientID) ([]crm.Client, error) {
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("sqlite: clients by id: %w", err)
	}
	cards, err := readable[crm.Client](ctx, s.reader, "clients by id",
		`SELECT c.id, c.doc FROM json_each(?) j CROSS JOIN clients c WHERE c.id = j.value AND c.team = ?`, string(wanted), team)
	slices.SortFunc(cards, func(a, b crm.Client) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return cards, err
}

// ClientsByKey lists the cards, not in the bin, that hold any of the keys, oldest first.
func (s *Store) ClientsByKey(ctx context.Context, team crm.TeamID, keys []string) ([]crm.Client, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	args := append([]any{team}, anys(keys)...)
	return list[crm.Client](ctx, s.reader, "clients by key",
		`SELECT doc FROM clients WHERE n IN (SELECT client FROM keys WHERE team = ? AND key IN (`+marks(len(keys))+`))
		ORDER BY newest DESC, id LIMIT `+fmt.Sprint(crm.MostHolders), args...)
}

// BinnedByKey lists the cards in the bin whose profile has any of the keys, oldest first.
func (s *Store) BinnedByKey(ctx context.Context, team crm.TeamID, keys []string) ([]crm.Client, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	args := append([]any{team}, anys(binFacets(keys))...)
	return list[crm.Client](ctx, s.reader, "binned by key",
		`SELECT doc FROM clients WHERE n IN (SELECT client FROM facets WHERE team = ? AND facet IN (`+marks(len(keys))+`))
		ORDER BY newest DESC, id LIMIT `+fmt.Sprint(crm.MostHolders), args...)
}

// SaveClient writes a card, its event and its touches as one.
func (s *Store) SaveClient(ctx context.Context, c crm.ClientChange) error {
	err := s.write(ctx, func(t *tx) error { return t.putClients([]crm.ClientChange{c}) })
	if err != nil {
		return fmt.Errorf("sqlite: save client %s: %w", c.Client.ID, err)
	}
	return nil
}

// SaveClients writes all of a batch or nothing; what is applied already is passed over.
func (s *Store) SaveClients(ctx context.Context, changes []crm.ClientChange) error {
	if err := crm.OneEach(changes); err != nil {
		return fmt.Errorf("sqlite: save clients: %w", err)
	}
	err := s.write(ctx, func(t *tx) error { return t.putClients(changes) })
	if errors.Is(err, crm.ErrApplied) { // not often: an import that was stopped goes on
		err = s.write(ctx, func(t *tx) error {
			rest, err := t.unapplied(changes)
			if err != nil {
				return err
			}
			return t.putClients(rest)
		})
	}
	if err != nil {
		return fmt.Errorf("sqlite: save clients: %w", err)
	}
	return nil
}

// unapplied are the changes whose event is not there yet.
func (t *tx) unapplied(changes []crm.ClientChange) ([]crm.ClientChange, error) {
	ids := make([]crm.EventID, len(changes))
	for i, c := range changes {
		ids[i] = c.Event.ID
	}
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var there string
	var applied []crm.EventID
	err = t.row(`SELECT json_group_array(e.id) FROM json_each(?) j CROSS JOIN events e WHERE e.id = j.value`, []any{string(asked)}, &there)
	if err == nil {
		err = json.Unmarshal([]byte(there), &applied)
	}
	known := make(map[crm.EventID]bool, len(changes))
	for _, id := range applied {
		known[id] = true
	}
	var rest []crm.ClientChange
	for _, c := range changes {
		if !known[c.Event.ID] {
			known[c.Event.ID] = true
			rest = append(rest, c)
		}
	}
	return rest, err
}

// putClients writes changes of different cards; crm.ErrApplied if the event of one is there already.
func (t *tx) putClients(changes []crm.ClientChange) error {
	b := &batch{tx: t, found: bulk{}}
	for _, c := range changes {
		if err := b.addEvent(c.Event); err != nil {
			return err
		}
	}
	if err := b.putEvents(); err != nil {
		return err
	}
	for _, c := range changes {
		if err := b.putClient(c); err != nil {
			return fmt.Errorf("client %s: %w", c.Client.ID, err)
		}
	}
	return b.finish()
}

// putClient gathers what a change adds, and writes what it replaces.
func (b *batch) putClient(c crm.ClientChange) error {
	for _, touch := range c.Touches {
		if err := b.addTouch(touch); err != nil {
			return err
		}
	}
	for _, touch := range c.Undone {
		if err := b.replaceTouch(touch); err != nil {
			return err
		}
	}
	if c.Client.Rev == 1 {
		return b.addClient(c.Client)
	}
	n, old, err := b.replaceClient(c.Client)
	if err != nil {
		return err
	}
	return b.indexClient(n, old, c.Client, b.found)
}

// clientDoc is the document of a card. What it is found by stands in the tables for that alone: it is as long as all
// the rest, and nobody who reads a card wants it.
func clientDoc(c crm.Client) (string, error) {
	c.Terms, c.Words, c.Keys = nil, nil, nil
	doc, err := json.Marshal(c)
	return string(doc), err
}

// replaceClient returns the row's number and the card as it was.
func (t *tx) replaceClient(c crm.Client) (n int64, old crm.Client, err error) {
	n, old, err = t.storedClient(c)
	if err == nil && old.Rev != c.Rev-1 {
		err = crm.ErrConflict
	}
	if err == nil {
		err = t.updateClient(n, c)
	}
	return n, old, err
}

// storedClient returns the row's number and the card as it is stored, with the terms and keys by which it is found now.
func (t *tx) storedClient(c crm.Client) (n int64, stored crm.Client, err error) {
	var doc []byte
	var card, keys sql.NullString
	err = t.row(`SELECT c.n, c.doc, s.card, s.keys FROM clients c LEFT JOIN searchable s ON s.n = c.n WHERE c.id = ? AND c.team = ?`,
		[]any{c.ID, c.Team}, &n, &doc, &card, &keys)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, stored, crm.ErrNotFound
	}
	if err == nil {
		err = decodeRaw(doc, &stored)
	}
	stored.Terms, stored.Keys = nil, nil
	if err == nil && card.Valid {
		var found crm.Candidate
		found, err = splitRanked(card.String)
		stored.Terms, stored.Keys = found.Terms, splitLines(keys.String)
	}
	return n, stored, err
}

func (t *tx) updateClient(n int64, c crm.Client) error {
	doc, err := clientDoc(c)
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE clients SET rev = ?, owner = ?, stage = ?, status = ?, sort_name = ?, newest = ?, idle = ?,
		next = ?, worth = ?, silent = ?, confirmed = ?, deleted = ?, doc = ? WHERE n = ?`, c.Rev, c.Owner, c.Stage, c.Status, c.SortName,
		descending(c.Created), descending(c.LastTouch), c.NextContact.UnixMilli(), c.Worth(), c.SilentSince().UnixMilli(),
		c.Confirmed.UnixMilli(), deletedAt(c), doc, n)
	return err
}

// rewriteClient stores a card in another shape under the same revision, and writes all that it is found by, since an older
// version did not know some of it. If there is another revision by now, that has the new shape, but is found as it was.
func (t *tx) rewriteClient(c crm.Client, b bulk) error {
	n, old, err := t.storedClient(c)
	if errors.Is(err, crm.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if old.Rev != c.Rev {
		b.add(n, crm.Client{}, old)
		return nil
	}
	if c.Terms == nil { // they are not in the document
		c.Terms = c.UpgradedTerms(old.Terms)
	}
	if c.Keys == nil {
		c.Keys = old.Keys
	}
	if err := t.updateClient(n, c); err != nil {
		return err
	}
	if err := t.indexClient(n, old, c, b); err != nil {
		return err
	}
	b.add(n, crm.Client{}, c)
	return nil
}

// descending is a time as a number that sorts the newest first; no time at all sorts last.
func descending(t time.Time) int64 { return -t.UnixMilli() }

// roundUp is a bound in milliseconds: what is kept in whole ones is before it if it is before the time.
func roundUp(t time.Time) int64 { return t.Add(time.Millisecond - 1).UnixMilli() }

// deletedAt is NULL outside the bin: the partial indexes are by that.
func deletedAt(c crm.Client) any {
	if c.Deleted.IsZero() {
		return nil
	}
	return c.Deleted.UnixMilli()
}
