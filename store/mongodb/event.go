package mongodb

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"kartoteka/crm"
)

// Event returns one event; crm.ErrNotFound.
func (s *Store) Event(ctx context.Context, team crm.TeamID, id crm.EventID) (crm.Event, error) {
	if err := s.settle(ctx, id); err != nil {
		return crm.Event{}, err
	}
	return first(readable[crm.Event](ctx, s.events(), bson.D{is("_id", id), is("team", team)}, 1))
}

// EventsByID reads events in no order; those that are not there are left out.
func (s *Store) EventsByID(ctx context.Context, team crm.TeamID, ids []crm.EventID) ([]crm.Event, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if err := s.settle(ctx, ids...); err != nil {
		return nil, err
	}
	return readable[crm.Event](ctx, s.events(), bson.D{is("_id", op("$in", ids)), is("team", team)}, 0)
}

// Events lists the changes of a record, newest first.
func (s *Store) Events(ctx context.Context, q crm.EventQuery) ([]crm.Event, error) {
	return list[crm.Event](ctx, s.events(), eventFilter(q), q.Limit, down("rev"), down("_id"))
}

func eventFilter(q crm.EventQuery) bson.D {
	filter := bson.D{is("team", q.Team), is("record", q.Record)}
	if q.BeforeRev > 0 {
		filter = append(filter, is("rev", op("$lt", q.BeforeRev)))
	}
	return filter
}

// AddEvent keeps an event that comes with no change of a record.
func (s *Store) AddEvent(ctx context.Context, e crm.Event) error {
	_, err := s.events().InsertOne(ctx, storedEvent{e, true})
	if isDuplicate(err) {
		return crm.ErrApplied
	}
	return failed("add event", err)
}

// Audit lists a team's events of a span of time, the newest first.
func (s *Store) Audit(ctx context.Context, q crm.AuditQuery) ([]crm.Event, error) {
	filter := auditFilter(q)
	if m := q.After; m != nil {
		at := bson.D{is("at", op("$lt", m.At))}
		same := bson.D{is("at", m.At), is("_id", op("$lt", m.ID))}
		filter = append(filter, is("$and", bson.A{bson.D{is("at", op("$lte", m.At))}, bson.D{is("$or", bson.A{at, same})}}))
	}
	return list[crm.Event](ctx, s.events(), filter, q.Limit, down("at"), down("_id"))
}

func auditFilter(q crm.AuditQuery) bson.D {
	span := bson.D{is("$gte", q.From)}
	if !q.Before.IsZero() {
		span = append(span, is("$lt", q.Before))
	}
	filter := bson.D{is("team", q.Team), is("at", span)}
	if q.PartOf != "" {
		filter = append(filter, is("part_of", q.PartOf))
	}
	if q.Whole {
		filter = append(filter, is("part_of", op("$exists", false)))
	}
	if q.By != "" {
		filter = append(filter, is("by", q.By))
	}
	var action bson.D
	if len(q.Actions) > 0 {
		action = append(action, is("$in", q.Actions))
	}
	if len(q.Without) > 0 {
		action = append(action, is("$nin", q.Without))
	}
	if len(action) > 0 {
		filter = append(filter, is("action", action))
	}
	return filter
}

// CountParts counts the events that are parts of these; one that has none is left out.
func (s *Store) CountParts(ctx context.Context, team crm.TeamID, of []crm.EventID) (map[crm.EventID]int, error) {
	counts := map[crm.EventID]int{}
	if len(of) == 0 {
		return counts, nil
	}
	cursor, err := s.events().Aggregate(ctx, mongo.Pipeline{
		bson.D{is("$match", partsFilter(team, of))},
		bson.D{is("$group", bson.D{is("_id", "$part_of"), is("n", op("$sum", 1))})},
	})
	if err != nil {
		return nil, failed("count parts", err)
	}
	var groups []struct {
		ID crm.EventID `bson:"_id"`
		N  int         `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return nil, failed("count parts", err)
	}
	for _, g := range groups {
		counts[g.ID] = g.N
	}
	return counts, nil
}

func partsFilter(team crm.TeamID, of []crm.EventID) bson.D {
	return bson.D{is("team", team), is("part_of", op("$in", of))}
}

// CountAudit counts what the query without paging would list, by who did what.
func (s *Store) CountAudit(ctx context.Context, q crm.AuditQuery) ([]crm.Tally, error) {
	who := bson.D{is("by", "$by"), is("action", "$action")}
	cursor, err := s.events().Aggregate(ctx, mongo.Pipeline{
		bson.D{is("$match", auditFilter(q))},
		bson.D{is("$group", bson.D{is("_id", who), is("n", op("$sum", 1))})},
	})
	if err != nil {
		return nil, failed("count audit", err)
	}
	var groups []struct {
		ID crm.Tally `bson:"_id"`
		N  int       `bson:"n"`
	}
	if err := cursor.All(ctx, &groups); err != nil {
		return nil, failed("count audit", err)
	}
	all := make([]crm.Tally, len(groups))
	for i, g := range groups {
		all[i] = g.ID
		all[i].N = g.N
	}
	return all, nil
}
