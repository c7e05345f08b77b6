package mongodb

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// sweepPage bounds the documents that a sweep holds in memory.
const sweepPage = 100

// pending is what was written inside a document together with a change, and has its own place.
type pending struct {
	Event   crm.Event      `bson:"event"`
	Touches []crm.Touch    `bson:"touches,omitempty"`
	Undone  []crm.Touch    `bson:"undone,omitempty"` // entries as they are now
	Words   []string       `bson:"words,omitempty"`  // to be in the team's vocabulary
	Purged  bool           `bson:"purged,omitempty"` // the document itself and its history are to go
	Merged  []crm.ClientID `bson:"merged,omitempty"` // closed cards that go with a purged one
	Forget  []string       `bson:"forget,omitempty"` // words of a purged card, to leave the vocabulary if no other card has them
}

// tidy finishes a change that is made. Whatever happens, the change stays made: what fails here, or is cut
// short by a crash, is left to the next change of the document, to Sweep, or to whoever asks for its event.
func (s *Store) tidy(ctx context.Context, c *mongo.Collection, id string, rev int64, p pending) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyWithin)
	defer cancel()
	if s.finish(ctx, c, id, rev, p) != nil {
		s.untidy.Store(p.Event.ID, place{c, id})
	}
}

// place is where a document is.
type place struct {
	coll *mongo.Collection
	id   string
}

// settle finishes the changes of these events that could not be tidied up when they were made, before the events are read: whoever
// asks for the event of a change that they have just made would take it for one that was not made. As long as that fails, so does
// the asking. What another process has made, or a crash has left, waits for Sweep.
func (s *Store) settle(ctx context.Context, events ...crm.EventID) error {
	for _, e := range events {
		found, untidy := s.untidy.Load(e)
		if !untidy {
			continue
		}
		at := found.(place)
		h, err := get[head](ctx, at.coll, bson.D{is("_id", at.id)})
		if err != nil && !errors.Is(err, crm.ErrNotFound) {
			return err
		}
		if p := h.Pending.Pending; p != nil && p.Event.ID == e { // else somebody has finished it
			if err := s.finish(ctx, at.coll, h.ID, h.Rev, *p); err != nil {
				return err
			}
		}
		s.untidy.Delete(e)
	}
	return nil
}

// finish takes what is pending in revision rev of a document to where it belongs. Doing it twice, or twice at
// the same time, has the effect of once.
func (s *Store) finish(ctx context.Context, c *mongo.Collection, id string, rev int64, p pending) error {
	if _, err := s.events().InsertOne(ctx, storedEvent{p.Event, true}); err != nil && !isDuplicate(err) {
		return failed("copy event", err)
	}
	if err := s.addTouches(ctx, p.Touches); err != nil {
		return err
	}
	if err := s.replaceTouches(ctx, rev, p.Undone); err != nil {
		return err
	}
	if err := s.learn(ctx, p.Event.Team, p.Words); err != nil {
		return err
	}
	if p.Purged {
		if err := s.finishPurge(ctx, id, p); err != nil {
			return err
		}
	} else if _, err := c.UpdateOne(ctx, bson.D{is("_id", id), is("rev", rev)},
		bson.D{is("$set", bson.D{is("pending", nil), is("pending_flag", false)})}); err != nil {
		return failed("take out what was pending", err)
	}
	s.untidy.Delete(p.Event.ID)
	return nil
}

func (s *Store) addTouches(ctx context.Context, touches []crm.Touch) error {
	if len(touches) == 0 {
		return nil
	}
	_, err := s.touches().InsertMany(ctx, touches, options.InsertMany().SetOrdered(false))
	return failed("copy touches", onlyDuplicates(err))
}

// storedTouch is an entry with the revision of its card by which it was replaced; none as long as it was not, or it has moved since.
type storedTouch struct {
	crm.Touch `bson:",inline"`
	AsOf      int64 `bson:"as_of,omitempty"`
}

// replaceTouches keeps entries as they were in a revision of their card. One that a later revision has replaced stays as it is: whoever
// finishes the earlier one may have been held up. One that was purged meanwhile stays away.
func (s *Store) replaceTouches(ctx context.Context, rev int64, touches []crm.Touch) error {
	for _, t := range touches {
		earlier := bson.D{is("_id", t.ID), is("team", t.Team), is("as_of", op("$not", op("$gt", rev)))}
		if _, err := s.touches().ReplaceOne(ctx, earlier, storedTouch{t, rev}); err != nil {
			return failed("replace touch", err)
		}
	}
	return nil
}

// Sweep finishes what a crash has left and rewrites cards that an older version wrote.
func (s *Store) Sweep(ctx context.Context) error {
	return errors.Join(s.finishAll(ctx), s.upgradeClients(ctx))
}

// finishAll finishes the changes that a crash has left: each is made, but its event is not yet where Events looks.
func (s *Store) finishAll(ctx context.Context) error {
	var errs []error
	for _, c := range s.changing() {
		errs = append(errs, s.sweep(ctx, c))
	}
	return errors.Join(errs...)
}

// sweep goes on behind a document that cannot be finished.
func (s *Store) sweep(ctx context.Context, c *mongo.Collection) error {
	var errs []error
	last := ""
	for {
		page, err := list[head](ctx, c, bson.D{is("pending_flag", true), is("_id", op("$gt", last))}, sweepPage, up("_id"))
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		for _, h := range page {
			last = h.ID
			if h.Pending.Pending == nil {
				continue
			}
			if err := s.finish(ctx, c, h.ID, h.Rev, *h.Pending.Pending); err != nil {
				errs = append(errs, err)
			}
		}
		if len(page) < sweepPage || ctx.Err() != nil {
			return errors.Join(errs...)
		}
	}
}
