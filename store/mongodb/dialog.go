package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// Dialog returns the open conversation with this id; crm.ErrNotFound.
func (s *Store) Dialog(ctx context.Context, id string) (crm.Dialog, error) {
	return get[crm.Dialog](ctx, s.dialogs(), bson.D{is("_id", id)})
}

// SaveDialog writes d as revision d.Rev. A dialog belongs to its chat, so that the team is no condition.
func (s *Store) SaveDialog(ctx context.Context, d crm.Dialog) error {
	if d.Rev == 1 {
		_, err := s.dialogs().InsertOne(ctx, d)
		if isDuplicate(err) {
			err = crm.ErrConflict
		}
		return failed("save dialog", err)
	}
	res, err := s.dialogs().ReplaceOne(ctx, bson.D{is("_id", d.ID), is("rev", d.Rev-1)}, d)
	if err == nil && res.MatchedCount == 0 {
		err = crm.ErrConflict
	}
	return failed("save dialog", err)
}

// EndDialog removes the conversation whatever its revision; no error if there is none.
func (s *Store) EndDialog(ctx context.Context, id string) error {
	_, err := s.dialogs().DeleteOne(ctx, bson.D{is("_id", id)})
	return failed("end dialog", err)
}

// EndDialogsOf removes a team's dialogs that are of any of these.
func (s *Store) EndDialogsOf(ctx context.Context, team crm.TeamID, of ...string) error {
	if len(of) == 0 {
		return nil
	}
	_, err := s.dialogs().DeleteMany(ctx, dialogFilter(team, of))
	return failed("end dialogs of", err)
}

// DialogsOf lists a team's dialogs that are of this by their ids, behind one of them, at most limit.
func (s *Store) DialogsOf(ctx context.Context, team crm.TeamID, of, after string, limit int) ([]crm.Dialog, error) {
	return list[crm.Dialog](ctx, s.dialogs(), append(dialogFilter(team, []string{of}), is("_id", op("$gt", after))), limit, up("_id"))
}

func dialogFilter(team crm.TeamID, of []string) bson.D {
	return bson.D{is("team", team), is("of", op("$in", of))}
}

// PurgeDialogs removes those that expired before the time, at most limit.
func (s *Store) PurgeDialogs(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge[string](ctx, s.dialogs(), bson.D{is("expires", op("$lt", before))}, limit)
}
