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
// short by a crash, is left to the next change of the document or to Sweep.
func (s *Store) tidy(ctx context.Context, c *mongo.Collection, id string, rev int64, p pending) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyWithin)
	defer cancel()
	_ = s.finish(ctx, c, id, rev, p)
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
	if err := s.replaceTouches(ctx, p.Undone); err != nil {
		return err
	}
	if err := s.learn(ctx, p.Event.Team, p.Words); err != nil {
		return err
	}
	if p.Purged {
		return s.finishPurge(ctx, id, p)
	}
	_, err := c.UpdateOne(ctx, bson.D{is("_id", id), is("rev", rev)},
		bson.D{is("$set", bson.D{is("pending", nil), is("pending_flag", false)})})
	return failed("take out what was pending", err)
}

func (s *Store) addTouches(ctx context.Context, touches []crm.Touch) error {
	if len(touches) == 0 {
		return nil
	}
	_, err := s.touches().InsertMany(ctx, touches, options.InsertMany().SetOrdered(false))
	return failed("copy touches", onlyDuplicates(err))
}

// replaceTouches keeps entries as they now are. One that was purged meanwhile stays away.
func (s *Store) replaceTouches(ctx context.Context, touches []crm.Touch) error {
	for _, t := range touches {
		if _, err := s.touches().ReplaceOne(ctx, bson.D{is("_id", t.ID), is("team", t.Team)}, t); err != nil {
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

func (s *Store) sweep(ctx context.Context, c *mongo.Collection) error {
	last := ""
	for {
		page, err := list[head](ctx, c, bson.D{is("pending_flag", true), is("_id", op("$gt", last))}, sweepPage, up("_id"))
		if err != nil {
			return err
		}
		for _, h := range page {
			last = h.ID
			if h.Pending.Pending == nil {
				continue
			}
			if err := s.finish(ctx, c, h.ID, h.Rev, *h.Pending.Pending); err != nil {
				return err
			}
		}
		if len(page) < sweepPage {
			return nil
		}
	}
}
