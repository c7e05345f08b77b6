package mongodb

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// Task returns one task; crm.ErrNotFound.
func (s *Store) Task(ctx context.Context, team crm.TeamID, id crm.TaskID) (crm.Task, error) {
	return get[crm.Task](ctx, s.tasks(), bson.D{is("_id", id), is("team", team)})
}

// TasksByID reads tasks in no order; those that are not there are left out.
func (s *Store) TasksByID(ctx context.Context, team crm.TeamID, ids []crm.TaskID) ([]crm.Task, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return list[crm.Task](ctx, s.tasks(), bson.D{is("_id", op("$in", ids)), is("team", team)}, 0)
}

// Tasks answers the query in full, by due time, then id.
func (s *Store) Tasks(ctx context.Context, q crm.TaskQuery) ([]crm.Task, error) {
	return list[crm.Task](ctx, s.tasks(), taskPageFilter(q), q.Limit, up("due"), up("_id"))
}

// CountTasks counts what the query without paging would list, up to limit.
func (s *Store) CountTasks(ctx context.Context, q crm.TaskQuery, limit int) (int, error) {
	n, err := s.tasks().CountDocuments(ctx, taskFilter(q), options.Count().SetLimit(int64(limit)))
	return int(n), failed("count tasks", err)
}

func taskFilter(q crm.TaskQuery) bson.D {
	filter := bson.D{is("team", q.Team)}
	if q.Client != "" {
		filter = append(filter, is("client", q.Client))
	}
	if q.Assignee != "" {
		filter = append(filter, is("assignee", q.Assignee))
	}
	filter = among(filter, "assignee", q.Among)
	if q.State != "" {
		filter = append(filter, is("state", q.State))
	}
	if q.Repeat != "" {
		filter = append(filter, is("repeat", q.Repeat))
	}
	var due bson.D
	if !q.DueFrom.IsZero() {
		due = append(due, is("$gte", q.DueFrom))
	}
	if !q.DueBefore.IsZero() {
		due = append(due, is("$lt", q.DueBefore))
	}
	if len(due) > 0 {
		filter = append(filter, is("due", due))
	}
	return filter
}

// taskPageFilter adds the place to page on after.
func taskPageFilter(q crm.TaskQuery) bson.D {
	filter := taskFilter(q)
	if q.After != nil {
		filter = append(filter, afterDue(q.After.Due, string(q.After.ID)))
	}
	return filter
}

// afterDue is the condition that a record comes after a place in the order of due, then id.
func afterDue(due time.Time, id string) bson.E {
	return is("$or", bson.A{
		bson.D{is("due", op("$gt", due))},
		bson.D{is("due", due), is("_id", op("$gt", id))},
	})
}

// SaveTask creates or replaces a task with its event.
func (s *Store) SaveTask(ctx context.Context, t crm.Task, e crm.Event) error {
	return save(ctx, s, record[crm.Task]{coll: s.tasks(), id: string(t.ID), team: t.Team, rev: t.Rev, doc: t, pending: pending{Event: e}})
}
