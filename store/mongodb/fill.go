package mongodb

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// filling is in the base while it is being filled. Whoever opens the base then, or after a crash, is refused.
type filling struct {
	ID  string `bson:"_id"`
	Run string `bson:"run"` // who is at work
}

const fillingID = "filling"

func (s *Store) state() *mongo.Collection { return s.db.Collection("state") }

// mustBeWhole is crm.ErrUnfinished while the base is being filled, and if that was cut short.
func (s *Store) mustBeWhole(ctx context.Context) error {
	_, err := get[filling](ctx, s.state(), bson.D{is("_id", fillingID)})
	switch {
	case errors.Is(err, crm.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("mongodb: %w", crm.ErrUnfinished)
}

// Fill loads into an empty base, or into one that an earlier Fill has left by half: that is cleared first. When anything
// fails the base is cleared again; where even that fails, or after a crash, it stays refused (crm.ErrUnfinished).
func Fill(ctx context.Context, uri string, load func(crm.Sink) error) error {
	s, err := dial(ctx, uri)
	if err != nil {
		return err
	}
	if err = s.Ping(ctx); err == nil {
		err = s.fill(ctx, load)
	}
	return errors.Join(err, s.Close())
}

func (s *Store) fill(ctx context.Context, load func(crm.Sink) error) error {
	mine := filling{fillingID, bson.NewObjectID().Hex()}
	if err := s.beginFilling(ctx, mine); err != nil {
		return err
	}
	to := &sink{s, crm.Counts{}}
	err := load(to)
	if err == nil {
		err = to.finish(ctx)
	}
	if err != nil {
		return errors.Join(err, s.clear(context.WithoutCancel(ctx), mine))
	}
	return s.endFilling(ctx, mine)
}

// beginFilling marks the base. What was left by half is cleared; what is whole must be empty.
func (s *Store) beginFilling(ctx context.Context, mine filling) error {
	unfinished := s.mustBeWhole(ctx)
	if unfinished != nil && !errors.Is(unfinished, crm.ErrUnfinished) {
		return unfinished
	}
	if unfinished == nil {
		counts, err := s.counts(ctx)
		if err == nil && counts.Total() > 0 {
			err = fmt.Errorf("mongodb: %w", crm.ErrNotEmpty)
		}
		if err != nil {
			return err
		}
	}
	_, err := s.state().ReplaceOne(ctx, bson.D{is("_id", fillingID)}, mine, options.Replace().SetUpsert(true))
	if err != nil || unfinished == nil {
		return failed("mark the base as unfinished", err)
	}
	return s.drop(ctx)
}

// drop takes all out of the base but its mark.
func (s *Store) drop(ctx context.Context) error {
	if err := s.words().Drop(ctx); err != nil {
		return failed("clear words", err)
	}
	for _, kind := range crm.RecordKinds {
		if err := s.db.Collection(string(kind)).Drop(ctx); err != nil {
			return failed("clear "+string(kind), err)
		}
	}
	return nil
}

// clear makes the base an empty one again, unless somebody else has begun to fill it.
func (s *Store) clear(ctx context.Context, mine filling) error {
	ctx, cancel := context.WithTimeout(ctx, tidyWithin)
	defer cancel()
	if _, err := get[filling](ctx, s.state(), bson.D{is("_id", fillingID), is("run", mine.Run)}); err != nil {
		return err
	}
	if err := s.drop(ctx); err != nil {
		return err
	}
	return s.endFilling(ctx, mine)
}

// endFilling takes the mark away: the base is whole.
func (s *Store) endFilling(ctx context.Context, mine filling) error {
	res, err := s.state().DeleteOne(ctx, bson.D{is("_id", fillingID), is("run", mine.Run)})
	if err == nil && res.DeletedCount == 0 {
		err = errors.New("somebody else is filling the base too")
	}
	return failed("mark the base as whole", err)
}

// sink is a base that is being filled.
type sink struct {
	*Store
	loaded crm.Counts
}

// Load writes records as they are. Those of one kind that follow each other are inserted together.
func (s *sink) Load(ctx context.Context, batch []crm.Record) error {
	for len(batch) > 0 {
		kind := batch[0].RecordKind()
		n := 1
		for n < len(batch) && n < bulkChunk && batch[n].RecordKind() == kind {
			n++
		}
		if err := s.load(ctx, kind, batch[:n]); err != nil {
			return failed("load "+string(kind), err)
		}
		s.loaded[kind] += n
		batch = batch[n:]
	}
	return nil
}

func (s *sink) load(ctx context.Context, kind crm.RecordKind, records []crm.Record) error {
	docs := make([]any, len(records))
	words := map[crm.TeamID][]string{}
	for i, r := range records {
		switch r := r.(type) {
		case crm.Team:
			docs[i] = teamRecord{r, r.ID}
		case crm.Client:
			docs[i] = newClientRecord(r)
			words[r.Team] = append(words[r.Team], s.vocabulary.unknown(r.Team, r.Words)...)
		case crm.Event:
			docs[i] = storedEvent{r, true}
		case crm.KeptSalt:
			docs[i] = saltRecord{saltID(r.Team, r.Record), r.Team, r.Salt}
		default:
			docs[i] = r
		}
	}
	if _, err := s.db.Collection(string(kind)).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false)); err != nil {
		return err
	}
	for _, r := range records {
		if seal, ok := r.(crm.Seal); ok {
			if err := s.closeEvents(ctx, seal); err != nil {
				return err
			}
		}
	}
	for team, list := range words {
		if err := s.learn(ctx, team, list); err != nil {
			return err
		}
	}
	return nil
}

// finish makes the indexes and checks that all is there.
func (s *sink) finish(ctx context.Context) error {
	if err := s.createIndexes(ctx); err != nil {
		return err
	}
	counts, err := s.counts(ctx)
	maps.DeleteFunc(counts, func(_ crm.RecordKind, n int) bool { return n == 0 })
	if err == nil && !maps.Equal(counts, s.loaded) {
		err = fmt.Errorf("mongodb: loaded %v, there are %v", s.loaded, counts)
	}
	return err
}
