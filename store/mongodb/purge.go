package mongodb

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// stub is what stands in a purged card's place until its history is gone too: no team, so that nobody finds
// it, and none of its data.
type stub struct {
	ID      crm.ClientID `bson:"_id"`
	Rev     int64        `bson:"rev"`
	Pending `bson:",inline"`
}

// PurgeClients removes for good what was put into the bin before the time, in all teams, with touches and
// the personal data in events.
func (s *Store) PurgeClients(ctx context.Context, p crm.Purge) (int, error) {
	filter := append(binFilter(p.Before), notMerged)
	if p.Client != "" {
		filter = append(binFilter(p.Before), is("_id", p.Client), is("team", p.Team))
	}
	due, err := list[head](ctx, s.clients(), filter, p.Limit)
	if err != nil {
		return 0, err
	}
	purged := 0
	for _, d := range due {
		if left := d.Pending.Pending; left != nil {
			if err := s.finish(ctx, s.clients(), d.ID, d.Rev, *left); err != nil {
				return purged, err
			}
		}
		gone, err := s.purgeClient(ctx, d, p)
		if err != nil {
			return purged, err
		}
		if gone {
			purged++
		}
	}
	return purged, nil
}

func binFilter(before time.Time) bson.D {
	return bson.D{is("live", false), is("deleted", op("$lt", before))}
}

// purgeClient puts the stub in the card's place, unless somebody changed the card meanwhile, and tidies up.
func (s *Store) purgeClient(ctx context.Context, h head, purge crm.Purge) (bool, error) {
	id, rev := crm.ClientID(h.ID), h.Rev
	c, words, err := s.wordsOf(ctx, h.Team, id)
	if err != nil {
		return false, err
	}
	for _, closed := range c.Merged { // they are the same client's
		_, more, err := s.wordsOf(ctx, h.Team, closed)
		if err != nil && !errors.Is(err, crm.ErrNotFound) {
			return false, err
		}
		words = append(words, more...)
	}
	p := pending{Purged: true, Forget: words, Merged: c.Merged, Event: crm.Event{
		ID: crm.PurgeEventID(id), Team: h.Team, Schema: crm.SchemaVersion, Action: crm.ActionPurgeClient, Record: string(id),
		Rev: rev + 1, At: purge.At,
	}}
	filter := append(binFilter(purge.Before), is("_id", id), is("rev", rev))
	res, err := s.clients().ReplaceOne(ctx, filter, stub{id, rev + 1, Pending{&p, true}})
	if err != nil || res.MatchedCount == 0 {
		return false, failed("purge client", err)
	}
	s.tidy(ctx, s.clients(), string(id), rev+1, p)
	return true, nil
}

// wordsOf is a card with the words that it has brought into the vocabulary.
func (s *Store) wordsOf(ctx context.Context, team crm.TeamID, id crm.ClientID) (crm.Client, []string, error) {
	c, err := s.Client(ctx, team, id)
	if err != nil {
		return c, nil, err
	}
	of, err := s.Team(ctx, team)
	if err != nil && !errors.Is(err, crm.ErrNotFound) {
		return c, nil, err
	}
	return c, c.Vocabulary(of.Fields), nil
}

// finishPurge removes a purged card's history, tasks and words, and the stub itself.
func (s *Store) finishPurge(ctx context.Context, id string, p pending) error {
	team := p.Event.Team
	if err := s.purgeAbout(ctx, p.Event, id); err != nil {
		return err
	}
	for _, closed := range p.Merged {
		if err := s.purgeClosed(ctx, closed, p.Event); err != nil {
			return err
		}
	}
	if err := s.unlearn(ctx, team, p.Forget); err != nil {
		return err
	}
	if err := s.forget(ctx, p.Event, crm.ClientID(id)); err != nil { // it is read from the events where it was
		return err
	}
	if err := s.emptyEvents(ctx, team, id); err != nil {
		return err
	}
	_, err := s.clients().DeleteOne(ctx, bson.D{is("_id", id), is("rev", p.Event.Rev), is("pending_flag", true)})
	return failed("purge client", err)
}

// purgeAbout removes the history of a purged card, and the tasks about it.
func (s *Store) purgeAbout(ctx context.Context, purge crm.Event, id string) error {
	if _, err := s.touches().DeleteMany(ctx, bson.D{is("team", purge.Team), is("client", id)}); err != nil {
		return failed("purge touches", err)
	}
	return s.purgeTasks(ctx, purge, id)
}

// purgeClosed removes a card that was merged into a purged one. What hung on it is that one's, but for what a merge that was cut short has
// not moved yet.
func (s *Store) purgeClosed(ctx context.Context, id crm.ClientID, purge crm.Event) error {
	if err := s.purgeAbout(ctx, purge, string(id)); err != nil {
		return err
	}
	if err := s.forget(ctx, purge, id); err != nil {
		return err
	}
	if err := s.emptyEvents(ctx, purge.Team, string(id)); err != nil {
		return err
	}
	h, err := get[head](ctx, s.clients(), bson.D{is("_id", id), is("team", purge.Team)})
	if errors.Is(err, crm.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	err = s.AddEvent(ctx, crm.Event{ID: crm.PurgeEventID(id), Team: purge.Team, Schema: crm.SchemaVersion, Action: crm.ActionPurgeClient,
		Record: string(id), Rev: h.Rev + 1, At: purge.At})
	if err != nil && !errors.Is(err, crm.ErrApplied) {
		return err
	}
	_, err = s.clients().DeleteOne(ctx, bson.D{is("_id", id), is("team", purge.Team), is("live", false)})
	return failed("purge client", err)
}

// forget empties what other cards' events say of a purged card that was merged into them for a time, be it together with another.
func (s *Store) forget(ctx context.Context, purge crm.Event, id crm.ClientID) error {
	eventsOf := func(id crm.ClientID) ([]crm.Event, error) {
		if err := s.finishCard(ctx, purge.Team, id); err != nil {
			return nil, err
		}
		return s.Events(ctx, crm.EventQuery{Team: purge.Team, Record: string(id)})
	}
	into, err := crm.MergedInto(id, eventsOf)
	if err != nil {
		return err
	}
	for _, kept := range slices.Backward(into) {
		events, err := eventsOf(kept)
		if err != nil {
			return err
		}
		if err := s.forgetIn(ctx, kept, crm.Forget(purge.Team, id, kept, events, purge.At)); err != nil {
			return err
		}
	}
	return nil
}

// finishCard does what a crash has left undone of a card's last change.
func (s *Store) finishCard(ctx context.Context, team crm.TeamID, id crm.ClientID) error {
	h, err := get[head](ctx, s.clients(), bson.D{is("_id", id), is("team", team)})
	if errors.Is(err, crm.ErrNotFound) || err == nil && h.Pending.Pending == nil {
		return nil
	}
	if err != nil {
		return err
	}
	return s.finish(ctx, s.clients(), h.ID, h.Rev, *h.Pending.Pending)
}

// forgetIn empties the events of a card that one names, which is stored first: a try that was cut short has left it, and it alone still
// knows all of them.
func (s *Store) forgetIn(ctx context.Context, kept crm.ClientID, e crm.Event) error {
	switch stored, err := s.Event(ctx, e.Team, e.ID); {
	case err == nil:
		e = stored
	case !errors.Is(err, crm.ErrNotFound):
		return err
	}
	ids, notes := e.Forgets(kept)
	if len(ids) == 0 {
		return nil
	}
	if err := s.AddEvent(ctx, e); err != nil && !errors.Is(err, crm.ErrApplied) {
		return err
	}
	_, err := s.events().UpdateMany(ctx, bson.D{is("team", e.Team), is("record", kept), is("_id", op("$in", ids))},
		bson.D{is("$set", bson.D{is("fields", nil), is("emptied", e.ID)})})
	if err == nil && len(notes) > 0 {
		_, err = s.touches().DeleteMany(ctx, bson.D{is("team", e.Team), is("client", kept), is("_id", op("$in", notes))})
	}
	return failed("forget what a merge brought", err)
}

// purgeTasks removes the tasks about a purged card.
func (s *Store) purgeTasks(ctx context.Context, purge crm.Event, client string) error {
	tasks, err := list[head](ctx, s.tasks(), bson.D{is("team", purge.Team), is("client", client)}, 0)
	if err != nil {
		return err
	}
	for _, h := range tasks {
		if left := h.Pending.Pending; left != nil {
			if err := s.finish(ctx, s.tasks(), h.ID, h.Rev, *left); err != nil {
				return err
			}
		}
		if err := s.emptyEvents(ctx, purge.Team, h.ID); err != nil {
			return err
		}
		err := s.AddEvent(ctx, crm.Event{ID: crm.PurgeEventID(crm.TaskID(h.ID)), Team: purge.Team, Schema: crm.SchemaVersion,
			Action: crm.ActionPurgeTask, Record: h.ID, Rev: h.Rev + 1, At: purge.At})
		if err != nil && !errors.Is(err, crm.ErrApplied) {
			return err
		}
		if _, err := s.tasks().DeleteOne(ctx, bson.D{is("_id", h.ID)}); err != nil {
			return failed("purge task", err)
		}
	}
	return nil
}

// emptyEvents takes out of a record's events what they say of it.
func (s *Store) emptyEvents(ctx context.Context, team crm.TeamID, record string) error {
	_, err := s.events().UpdateMany(ctx, bson.D{is("team", team), is("record", record)}, bson.D{is("$set", bson.D{is("fields", nil)})})
	if err != nil {
		return failed("purge events", err)
	}
	return s.ForgetSalts(ctx, team, []string{record})
}

// purge removes what the filter finds, at most limit documents.
func purge[ID string | int64](ctx context.Context, c *mongo.Collection, filter bson.D, limit int) (int, error) {
	found, err := find[struct {
		ID ID `bson:"_id"`
	}](ctx, c, filter, options.Find().SetLimit(int64(limit)).SetProjection(bson.D{up("_id")}))
	if err != nil || len(found) == 0 {
		return 0, err
	}
	ids := make([]ID, len(found))
	for i, d := range found {
		ids[i] = d.ID
	}
	res, err := c.DeleteMany(ctx, append(bson.D{is("_id", op("$in", ids))}, filter...))
	if err != nil {
		return 0, failed("purge "+c.Name(), err)
	}
	return int(res.DeletedCount), nil
}
