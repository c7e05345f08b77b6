package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

const bulkChunk = 500 // cards that SaveClients creates in one command

// clientRecord is a card as it is stored: with the sort keys that its indexes end in.
type clientRecord struct {
	crm.Client `bson:",inline"`
	Live       bool   `bson:"live"`      // not in the bin
	ByName     string `bson:"by_name"`   // each a key and the id in one text: a place in a list is one bound of the index
	ByNewest   string `bson:"by_newest"` //
	ByTouch    string `bson:"by_touch"`
	ByNext     string `bson:"by_next"`
	ByWorth    string `bson:"by_worth"`

	Silent time.Time    `bson:"silent"`           // Client.SilentSince
	Filled []crm.GapKey `bson:"filled,omitempty"` // Client.FilledKeys
}

func newClientRecord(c crm.Client) clientRecord {
	return clientRecord{
		Client: c, Live: c.Deleted.IsZero(), ByName: nameKey(c.SortName, c.ID),
		ByNewest: timeKey(c.Created, 0, c.ID), ByTouch: timeKey(c.LastTouch, 0, c.ID),
		ByNext: nextKey(c.NextContact, c.ID), ByWorth: worthKey(c.Worth(), c.ID), Silent: c.SilentSince(),
		Filled: c.FilledKeys(),
	}
}

// Client returns one card, deleted ones included; crm.ErrNotFound.
func (s *Store) Client(ctx context.Context, team crm.TeamID, id crm.ClientID) (crm.Client, error) {
	return get[crm.Client](ctx, s.clients(), bson.D{is("_id", id), is("team", team)})
}

// ClientsByID reads cards in the order of the ids, deleted ones included; those that are not there are left out.
func (s *Store) ClientsByID(ctx context.Context, team crm.TeamID, ids []crm.ClientID) ([]crm.Client, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	cards, err := readable[crm.Client](ctx, s.clients(), bson.D{is("_id", op("$in", ids)), is("team", team)}, 0)
	slices.SortFunc(cards, func(a, b crm.Client) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return cards, err
}

// ClientsByKey lists the cards, not in the bin, that hold any of the keys, oldest first.
func (s *Store) ClientsByKey(ctx context.Context, team crm.TeamID, keys []string) ([]crm.Client, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return list[crm.Client](ctx, s.clients(), keyFilter(team, keys), crm.MostHolders, up("created"), up("_id"))
}

// BinnedByKey lists the cards in the bin whose profile has any of the keys, oldest first.
func (s *Store) BinnedByKey(ctx context.Context, team crm.TeamID, keys []string) ([]crm.Client, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	filter := bson.D{is("team", team), is("live", false), is("keys", op("$in", keys)), is("merged_into", op("$exists", false))}
	return list[crm.Client](ctx, s.clients(), filter, crm.MostHolders, up("created"), up("_id"))
}

func keyFilter(team crm.TeamID, keys []string) bson.D {
	return bson.D{is("team", team), is("live", true), is("keys", op("$in", keys))}
}

// SaveClient writes a card, its event and its touches as one.
func (s *Store) SaveClient(ctx context.Context, c crm.ClientChange) error {
	return save(ctx, s, s.clientRecord(c))
}

func (s *Store) clientRecord(c crm.ClientChange) record[clientRecord] {
	return record[clientRecord]{
		coll: s.clients(), id: string(c.Client.ID), team: c.Client.Team, rev: c.Client.Rev, doc: newClientRecord(c.Client),
		pending: pending{Event: c.Event, Touches: c.Touches, Undone: c.Undone, Words: s.vocabulary.unknown(c.Client.Team, c.Client.Words)},
	}
}

// SaveClients creates cards in chunks and changes the others one by one. What was written before a failure
// stays; what is applied already is passed over.
func (s *Store) SaveClients(ctx context.Context, batch []crm.ClientChange) error {
	if err := crm.OneEach(batch); err != nil {
		return failed("save clients", err)
	}
	var created []record[clientRecord]
	for _, c := range batch {
		if c.Client.Rev == 1 {
			created = append(created, s.clientRecord(c))
			continue
		}
		if err := s.SaveClient(ctx, c); err != nil && !errors.Is(err, crm.ErrApplied) {
			return fmt.Errorf("client %s: %w", c.Client.ID, err)
		}
	}
	for len(created) > 0 {
		n := min(len(created), bulkChunk)
		if err := s.createClients(ctx, created[:n]); err != nil {
			return err
		}
		created = created[n:]
	}
	return nil
}

// createClients inserts a chunk with one command a collection.
func (s *Store) createClients(ctx context.Context, chunk []record[clientRecord]) error {
	chunk, err := s.notApplied(ctx, chunk)
	if err != nil || len(chunk) == 0 {
		return err
	}
	docs := make([]kept[clientRecord], len(chunk))
	for i, r := range chunk {
		docs[i] = r.kept()
	}
	_, err = s.clients().InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	if onlyDuplicates(err) != nil {
		return failed("save clients", err)
	}
	duplicates := duplicateAt(err)
	var made []record[clientRecord]
	for i, r := range chunk {
		if !duplicates[i] {
			made = append(made, r)
		}
	}
	s.tidyCreated(ctx, made)
	for i := range duplicates { // says for each what its case is
		if err := save(ctx, s, chunk[i]); err != nil && !errors.Is(err, crm.ErrApplied) {
			return fmt.Errorf("client %s: %w", chunk[i].id, err)
		}
	}
	return nil
}

// notApplied leaves out the records whose event is stored already.
func (s *Store) notApplied(ctx context.Context, chunk []record[clientRecord]) ([]record[clientRecord], error) {
	var events []crm.EventID
	for _, r := range chunk {
		events = append(events, r.pending.Event.ID)
	}
	found, err := list[struct {
		ID crm.EventID `bson:"_id"`
	}](ctx, s.events(), bson.D{is("_id", op("$in", events))}, 0)
	if err != nil {
		return nil, err
	}
	applied := map[crm.EventID]bool{}
	for _, f := range found {
		applied[f.ID] = true
	}
	var rest []record[clientRecord]
	for _, r := range chunk {
		if !applied[r.pending.Event.ID] {
			rest = append(rest, r)
		}
	}
	return rest, nil
}

// tidyCreated does for a chunk of new cards what tidy does for one.
func (s *Store) tidyCreated(ctx context.Context, made []record[clientRecord]) {
	if len(made) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyWithin)
	defer cancel()
	if s.finishCreated(ctx, made) == nil {
		return
	}
	for _, r := range made {
		s.untidy.Store(r.pending.Event.ID, place{r.coll, r.id})
	}
}

func (s *Store) finishCreated(ctx context.Context, made []record[clientRecord]) error {
	var events []storedEvent
	var touches []crm.Touch
	var ids []string
	words := map[crm.TeamID][]string{}
	for _, r := range made {
		events = append(events, storedEvent{r.pending.Event, true})
		touches = append(touches, r.pending.Touches...)
		words[r.team] = append(words[r.team], r.pending.Words...)
		ids = append(ids, r.id)
	}
	_, err := s.events().InsertMany(ctx, events, options.InsertMany().SetOrdered(false))
	if err := onlyDuplicates(err); err != nil {
		return err
	}
	if err := s.addTouches(ctx, touches); err != nil {
		return err
	}
	for team, list := range words {
		if err := s.learn(ctx, team, list); err != nil {
			return err
		}
	}
	_, err = s.clients().UpdateMany(ctx, bson.D{is("_id", op("$in", ids)), is("rev", 1)},
		bson.D{is("$set", bson.D{is("pending", nil), is("pending_flag", false)})})
	return err
}
