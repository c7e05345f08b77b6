package mongodb

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// storedEvent is an event as it is kept: open until it is in a seal.
type storedEvent struct {
	crm.Event `bson:",inline"`
	Open      bool `bson:"open"`
}

// OpenEvents lists events that are in no seal, by their time. What a crash between a seal and its mark has left is made good
// first.
func (s *Store) OpenEvents(ctx context.Context, team crm.TeamID, limit int) ([]crm.Event, error) {
	last, err := s.LastSeal(ctx, team)
	if err == nil {
		err = s.closeEvents(ctx, last)
	}
	if broken := (crm.Unreadable{}); err != nil && !errors.Is(err, crm.ErrNotFound) && !errors.As(err, &broken) {
		return nil, err
	}
	return readable[crm.Event](ctx, s.events(), openFilter(team), limit, up("at"), up("_id"))
}

func openFilter(team crm.TeamID) bson.D { return bson.D{is("open", true), is("team", team)} }

// ClosedEvents lists the ids of events that are open no more, by id.
func (s *Store) ClosedEvents(ctx context.Context, team crm.TeamID, after crm.EventID, limit int) ([]crm.EventID, error) {
	opts := options.Find().SetSort(bson.D{up("_id")}).SetLimit(int64(limit)).SetProjection(bson.D{is("_id", 1)})
	found, err := find[struct {
		ID crm.EventID `bson:"_id"`
	}](ctx, s.events(), closedFilter(team, after), opts)
	ids := make([]crm.EventID, len(found))
	for i, e := range found {
		ids[i] = e.ID
	}
	return ids, err
}

func closedFilter(team crm.TeamID, after crm.EventID) bson.D {
	return bson.D{is("_id", op("$gt", after)), is("team", team), is("open", false)}
}

// closeEvents marks the events that are in a seal.
func (s *Store) closeEvents(ctx context.Context, seal crm.Seal) error {
	ids := make([]crm.EventID, len(seal.Entries))
	for i, entry := range seal.Entries {
		ids[i] = entry.Event
	}
	_, err := s.events().UpdateMany(ctx, bson.D{is("_id", op("$in", ids)), is("team", seal.Team), is("open", true)},
		bson.D{is("$set", bson.D{is("open", false)})})
	return failed("close events", err)
}

// openOldEvents marks those that were written before there were seals.
func (s *Store) openOldEvents(ctx context.Context) error {
	_, err := s.events().UpdateMany(ctx, bson.D{is("open", nil)}, bson.D{is("$set", bson.D{is("open", true)})})
	return failed("open old events", err)
}

// saltRecord is a salt as it is kept.
type saltRecord struct {
	ID       string     `bson:"_id"` // team:record
	Team     crm.TeamID `bson:"team"`
	crm.Salt `bson:",inline"`
}

func saltID(team crm.TeamID, record string) string { return string(team) + ":" + record }

// AddSeal keeps the salts of records that have none yet, then the seal: a crash in between leaves keys that the next seal uses.
func (s *Store) AddSeal(ctx context.Context, seal crm.Seal, salts []crm.Salt) error {
	if len(salts) > 0 {
		docs := make([]saltRecord, len(salts))
		for i, salt := range salts {
			docs[i] = saltRecord{saltID(seal.Team, salt.Record), seal.Team, salt}
		}
		_, err := s.salts().InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		if err := failed("add salts", onlyDuplicates(err)); err != nil {
			return err
		}
	}
	if _, err := s.seals().InsertOne(ctx, seal); isDuplicate(err) {
		return crm.ErrConflict
	} else if err != nil {
		return failed("add seal", err)
	}
	return s.closeEvents(ctx, seal)
}

// LastSeal is the newest of a team's; crm.ErrNotFound.
func (s *Store) LastSeal(ctx context.Context, team crm.TeamID) (crm.Seal, error) {
	return first(readable[crm.Seal](ctx, s.seals(), bson.D{is("team", team)}, 1, down("seq")))
}

// Seals lists a team's after a number, in their order.
func (s *Store) Seals(ctx context.Context, team crm.TeamID, after int64, limit int) ([]crm.Seal, error) {
	return readable[crm.Seal](ctx, s.seals(), sealFilter(team, after), limit, up("seq"))
}

func sealFilter(team crm.TeamID, after int64) bson.D {
	return bson.D{is("team", team), is("seq", op("$gt", after))}
}

// Salts reads those of some records; those that have none are left out.
func (s *Store) Salts(ctx context.Context, team crm.TeamID, records []string) ([]crm.Salt, error) {
	return list[crm.Salt](ctx, s.salts(), saltFilter(team, records), 0)
}

func saltFilter(team crm.TeamID, records []string) bson.D {
	ids := make(bson.A, len(records))
	for i, record := range records {
		ids[i] = saltID(team, record)
	}
	return bson.D{is("_id", op("$in", ids))}
}

// ForgetSalts removes those of some records for good.
func (s *Store) ForgetSalts(ctx context.Context, team crm.TeamID, records []string) error {
	_, err := s.salts().DeleteMany(ctx, saltFilter(team, records))
	return failed("forget salts", err)
}
