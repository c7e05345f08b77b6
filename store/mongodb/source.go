package mongodb

import (
	"context"
	"encoding/json"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// Source is a base to be read through. A replica set or a sharded cluster shows it as it was at one moment, for the five
// minutes that MongoDB keeps a moment by itself (minSnapshotHistoryWindowInSeconds); a single server cannot.
type Source struct {
	store   *Store
	session *mongo.Session // of the snapshot; nil where there is none
}

var _ crm.Source = (*Source)(nil)

// OpenSource opens a base to read all of it. It changes nothing there.
func OpenSource(ctx context.Context, uri string) (*Source, error) {
	store, err := dial(ctx, uri)
	if err != nil {
		return nil, err
	}
	s := &Source{store: store}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Source) begin(ctx context.Context) error {
	if err := s.store.Ping(ctx); err != nil {
		return err
	}
	if err := s.store.mustBeWhole(ctx); err != nil {
		return err
	}
	snapshots, err := s.store.keepsSnapshots(ctx)
	if err == nil && snapshots {
		s.session, err = s.store.client.StartSession(options.Session().SetSnapshot(true))
	}
	return failed("begin a snapshot", err)
}

// keepsSnapshots asks what stands behind the address: a replica set says its name, a router who it is.
func (s *Store) keepsSnapshots(ctx context.Context) (bool, error) {
	var hello struct {
		Set string `bson:"setName"`
		Msg string `bson:"msg"`
	}
	err := s.client.Database("admin").RunCommand(ctx, bson.D{is("hello", 1)}).Decode(&hello)
	return hello.Set != "" || hello.Msg == "isdbgrid", err
}

// Frozen reports whether there is a snapshot.
func (s *Source) Frozen() bool { return s.session != nil }

// in is the context in which the snapshot is read.
func (s *Source) in(ctx context.Context) context.Context {
	if s.session == nil {
		return ctx
	}
	return mongo.NewSessionContext(ctx, s.session)
}

// Counts counts the records of each kind.
func (s *Source) Counts(ctx context.Context) (crm.Counts, error) {
	ctx = s.in(ctx)
	left, err := s.leftovers(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := s.store.counts(ctx)
	if err != nil {
		return nil, err
	}
	for id, team := range left.purged {
		touches, err := s.store.touches().CountDocuments(ctx, bson.D{is("team", team), is("client", id)})
		if err != nil {
			return nil, failed("count touches", err)
		}
		salts, err := s.store.salts().CountDocuments(ctx, saltFilter(team, []string{id}))
		if err != nil {
			return nil, failed("count salts", err)
		}
		counts[crm.RecordTouch] -= int(touches)
		counts[crm.RecordSalt] -= int(salts)
	}
	counts[crm.RecordEvent] += len(left.events)
	counts[crm.RecordTouch] += len(left.touches)
	return counts, nil
}

// counts counts what is in the collections; what stands in a purged card's place is no record.
func (s *Store) counts(ctx context.Context) (crm.Counts, error) {
	counts := crm.Counts{}
	for _, kind := range crm.RecordKinds {
		filter := bson.D{}
		if kind == crm.RecordClient {
			filter = isCard
		}
		n, err := s.db.Collection(string(kind)).CountDocuments(ctx, filter)
		if err != nil {
			return nil, failed("count "+string(kind), err)
		}
		counts[kind] = int(n)
	}
	return counts, nil
}

// isCard tells cards from what stands in the place of purged ones.
var isCard = bson.D{is("live", op("$exists", true))}

// leftovers is what came with changes and is not yet in its own collection.
type leftovers struct {
	events  map[crm.EventID]crm.Event
	touches map[crm.TouchID]crm.Touch
	purged  map[string]crm.TeamID // ids of cards whose history is about to go → their team
}

func (s *Source) leftovers(ctx context.Context) (leftovers, error) {
	left := leftovers{map[crm.EventID]crm.Event{}, map[crm.TouchID]crm.Touch{}, map[string]crm.TeamID{}}
	for _, c := range s.store.changing() {
		heads, err := list[head](ctx, c, bson.D{is("pending_flag", true)}, 0)
		if err != nil {
			return left, err
		}
		for _, h := range heads {
			if h.Pending.Pending != nil {
				left.add(h.ID, *h.Pending.Pending)
			}
		}
	}
	return left, s.forgetCopied(ctx, &left)
}

func (l *leftovers) add(id string, p pending) {
	l.events[p.Event.ID] = p.Event
	for _, t := range p.Touches {
		l.touches[t.ID] = t
	}
	if p.Purged {
		l.purged[id] = p.Event.Team
	}
}

func (l leftovers) isPurged(id string) bool {
	_, purged := l.purged[id]
	return purged
}

// forgetCopied leaves out what is where it belongs already.
func (s *Source) forgetCopied(ctx context.Context, left *leftovers) error {
	type named struct {
		ID string `bson:"_id"`
	}
	for id := range left.events {
		if found, err := list[named](ctx, s.store.events(), bson.D{is("_id", id)}, 1); err != nil {
			return err
		} else if len(found) > 0 {
			delete(left.events, id)
		}
	}
	for id := range left.touches {
		if found, err := list[named](ctx, s.store.touches(), bson.D{is("_id", id)}, 1); err != nil {
			return err
		} else if len(found) > 0 {
			delete(left.touches, id)
		}
	}
	return nil
}

// Dump hands over the records of each kind. Touches and events come after the records that they came with, so that even
// without a snapshot none of them lacks what a record in the dump has led to.
func (s *Source) Dump(ctx context.Context, each func(crm.RecordKind, []byte) error) error {
	ctx = s.in(ctx)
	left, err := s.leftovers(ctx)
	if err != nil {
		return err
	}
	d := dump{s.store, each, left}
	for _, kind := range crm.RecordKinds {
		if err := d.kind(ctx, kind); err != nil {
			return failed("dump "+string(kind), err)
		}
	}
	return nil
}

// dump is one walk through the base.
type dump struct {
	store *Store
	each  func(crm.RecordKind, []byte) error
	left  leftovers
}

func (d dump) kind(ctx context.Context, kind crm.RecordKind) error {
	switch kind {
	case crm.RecordTeam:
		return walk[crm.Team](ctx, d, bson.D{}, nil)
	case crm.RecordMember:
		return walk[crm.Member](ctx, d, bson.D{}, nil)
	case crm.RecordInvite:
		return walk[crm.Invite](ctx, d, bson.D{}, nil)
	case crm.RecordConsent:
		return walk[crm.Consent](ctx, d, bson.D{}, nil)
	case crm.RecordImport:
		return walk[crm.Import](ctx, d, bson.D{}, nil)
	case crm.RecordClient:
		return walk(ctx, d, isCard, func(c *crm.Client) bool {
			c.Terms, c.Words, c.Keys = nil, nil, nil
			return true
		})
	case crm.RecordTouch:
		return d.touches(ctx)
	case crm.RecordEvent:
		return d.events(ctx)
	case crm.RecordSeal:
		return walk[crm.Seal](ctx, d, bson.D{}, nil)
	case crm.RecordSalt:
		return walk(ctx, d, bson.D{}, func(s *crm.KeptSalt) bool { return !d.left.isPurged(s.Record) })
	case crm.RecordTask:
		return walk[crm.Task](ctx, d, bson.D{}, nil)
	case crm.RecordReminder:
		return walk[crm.Reminder](ctx, d, bson.D{}, nil)
	case crm.RecordProgress:
		return walk[crm.Progress](ctx, d, bson.D{}, nil)
	case crm.RecordDialog:
		return walk[crm.Dialog](ctx, d, bson.D{}, nil)
	case crm.RecordStray:
		return walk[crm.StrayUpdate](ctx, d, bson.D{}, nil)
	case crm.RecordMark:
		return walk[crm.Mark](ctx, d, bson.D{}, nil)
	case crm.RecordPair:
		return walk[crm.Pair](ctx, d, bson.D{}, nil)
	}
	return errors.New("no collection for it")
}

func (d dump) touches(ctx context.Context) error {
	for _, t := range d.left.touches {
		if err := d.hand(t); err != nil {
			return err
		}
	}
	return walk(ctx, d, bson.D{}, func(t *crm.Touch) bool {
		_, handed := d.left.touches[t.ID]
		return !handed && !d.left.isPurged(string(t.Client))
	})
}

func (d dump) events(ctx context.Context) error {
	keep := func(e *crm.Event) bool {
		if d.left.isPurged(e.Record) {
			e.Fields = nil
		}
		_, left := d.left.events[e.ID]
		return !left
	}
	if err := walk(ctx, d, bson.D{is("open", false)}, keep); err != nil {
		return err
	}
	if err := walk(ctx, d, bson.D{is("open", op("$nin", bson.A{false}))}, keep); err != nil {
		return err
	}
	for _, e := range d.left.events {
		if err := d.hand(e); err != nil {
			return err
		}
	}
	return nil
}

func (d dump) hand(r crm.Record) error {
	doc, err := json.Marshal(r)
	if err == nil {
		err = d.each(r.RecordKind(), doc)
	}
	return err
}

// walkPage is how many documents the server sends at a time.
const walkPage = 1000

// walk hands over the documents of a kind that keep lets pass; it may change them. nil: all.
func walk[T crm.Record](ctx context.Context, d dump, filter bson.D, keep func(*T) bool) error {
	var none T
	cursor, err := d.store.db.Collection(string(none.RecordKind())).Find(ctx, filter, options.Find().SetBatchSize(walkPage))
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(ctx) }()
	for cursor.Next(ctx) {
		var r T
		if err := cursor.Decode(&r); err != nil {
			return err
		}
		if keep != nil && !keep(&r) {
			continue
		}
		if err := d.hand(r); err != nil {
			return err
		}
	}
	return cursor.Err()
}

// Close ends the snapshot and the connections.
func (s *Source) Close() error {
	if s.session != nil {
		s.session.EndSession(s.store.root)
	}
	return s.store.Close()
}

// changing are the collections whose documents are changed together with an event.
func (s *Store) changing() []*mongo.Collection {
	return []*mongo.Collection{s.clients(), s.teams(), s.members(), s.invites(), s.consents(), s.tasks()}
}
