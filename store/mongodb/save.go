package mongodb

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// record is a change of one document of some kind, with what is to be kept together with it.
type record[T any] struct {
	coll    *mongo.Collection
	id      string
	team    crm.TeamID
	rev     int64
	doc     T
	pending pending
}

// kept is how a document lies in its collection: the record's own fields, and what is not yet where it belongs.
type kept[T any] struct {
	Doc     T `bson:",inline"`
	Pending `bson:",inline"`
}

// Pending is set from the write of a change to the moment when all that came with it is in its own collection.
type Pending struct {
	Pending *pending `bson:"pending,omitempty"`
	Flag    bool     `bson:"pending_flag,omitempty"` // indexed
}

// head is what a writer must know of the stored document.
type head struct {
	ID      string     `bson:"_id"`
	Team    crm.TeamID `bson:"team"`
	Rev     int64      `bson:"rev"`
	Pending `bson:",inline"`
}

// save writes the document with its event in one write, by the rules of crm.ClientChange, then takes the
// event to where it belongs. The head is read before the events are: a concurrent writer of the same event
// moves it from the one to the other, so that it is seen in at least one of them.
func save[T any](ctx context.Context, s *Store, r record[T]) error {
	what := "save in " + r.coll.Name()
	if r.rev == 1 {
		return failed(what, create(ctx, s, r))
	}
	if err := s.mayWrite(ctx, r.target()); err != nil {
		return failed(what, err)
	}
	res, err := r.coll.ReplaceOne(ctx, bson.D{is("_id", r.id), is("team", r.team), is("rev", r.rev-1)}, r.kept())
	if err != nil {
		return failed(what, err)
	}
	if res.MatchedCount == 0 { // somebody was faster, maybe with this very event
		err := s.mayWrite(ctx, r.target())
		if err == nil {
			err = crm.ErrConflict
		}
		return failed(what, err)
	}
	s.tidy(ctx, r.coll, r.id, r.rev, r.pending)
	return nil
}

func (r record[T]) kept() kept[T] {
	return kept[T]{r.doc, Pending{&r.pending, true}}
}

func create[T any](ctx context.Context, s *Store, r record[T]) error {
	event := r.pending.Event.ID
	if err := s.mustBeNew(ctx, event); err != nil {
		return err
	}
	_, err := r.coll.InsertOne(ctx, r.kept())
	if err == nil {
		s.tidy(ctx, r.coll, r.id, r.rev, r.pending)
		return nil
	}
	if !isDuplicate(err) {
		return err
	}
	h, err := get[head](ctx, r.coll, bson.D{is("_id", r.id)})
	if err != nil && !errors.Is(err, crm.ErrNotFound) {
		return err
	}
	if p := h.Pending.Pending; p != nil && p.Event.ID == event {
		return crm.ErrApplied
	}
	if err := s.mustBeNew(ctx, event); err != nil {
		return err
	}
	return crm.ErrConflict
}

// target is the revision of a document that is to be written, and the event that it is written with.
type target struct {
	coll  *mongo.Collection
	id    string
	team  crm.TeamID
	rev   int64
	event crm.EventID
}

func (r record[T]) target() target { return target{r.coll, r.id, r.team, r.rev, r.pending.Event.ID} }

// mayWrite reports whether the revision may be written with its event. It first finishes what an earlier change has
// left, since the next one overwrites it.
func (s *Store) mayWrite(ctx context.Context, w target) error {
	h, headErr := get[head](ctx, w.coll, bson.D{is("_id", w.id), is("team", w.team)})
	if headErr != nil && !errors.Is(headErr, crm.ErrNotFound) {
		return headErr
	}
	if p := h.Pending.Pending; p != nil {
		if err := s.finish(ctx, w.coll, h.ID, h.Rev, *p); err != nil {
			return err
		}
	}
	err := s.mustBeNew(ctx, w.event)
	switch {
	case err != nil:
		return err
	case headErr != nil:
		return headErr
	case h.Rev != w.rev-1:
		return crm.ErrConflict
	}
	return nil
}

// mustBeNew is crm.ErrApplied if the event is stored.
func (s *Store) mustBeNew(ctx context.Context, event crm.EventID) error {
	opts := options.FindOne().SetProjection(bson.D{is("_id", 1)})
	err := s.events().FindOne(ctx, bson.D{is("_id", event)}, opts).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	if err == nil {
		err = crm.ErrApplied
	}
	return err
}
