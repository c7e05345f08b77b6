package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kartoteka/crm"
)

// Task returns one task; crm.ErrNotFound.
func (s *Store) Task(ctx context.Context, team crm.TeamID, id crm.TaskID) (crm.Task, error) {
	return get[crm.Task](ctx, s.reader, "task", `SELECT doc FROM tasks WHERE id = ? AND team = ?`, id, team)
}

// TasksByID reads tasks in no order; those that are not there are left out.
func (s *Store) TasksByID(ctx context.Context, team crm.TeamID, ids []crm.TaskID) ([]crm.Task, error) {
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("sqlite: tasks by id: %w", err)
	}
	return list[crm.Task](ctx, s.reader, "tasks by id",
		`SELECT t.doc FROM json_each(?) j CROSS JOIN tasks t WHERE t.id = j.value AND t.team = ?`, string(wanted), team)
}

// Tasks answers the query in full, by due time, then id.
func (s *Store) Tasks(ctx context.Context, q crm.TaskQuery) ([]crm.Task, error) {
	from, w := fromTasks(q)
	if q.After != nil {
		w.and("(due, id) > (?, ?)", q.After.Due.UnixMilli(), q.After.ID)
	}
	return list[crm.Task](ctx, s.reader, "tasks",
		`SELECT doc FROM `+from+` WHERE `+w.String()+` ORDER BY due, id LIMIT +?`, append(w.args, q.Limit)...)
}

// CountTasks counts what the query without paging would list, up to limit.
func (s *Store) CountTasks(ctx context.Context, q crm.TaskQuery, limit int) (int, error) {
	from, w := fromTasks(q)
	n, err := s.reader.count(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+from+` WHERE `+w.String()+` LIMIT +?)`, append(w.args, limit)...)
	if err != nil {
		return 0, fmt.Errorf("sqlite: count tasks: %w", err)
	}
	return n, nil
}

// fromTasks is the index that answers the query, and its conditions.
func fromTasks(q crm.TaskQuery) (from string, w where) {
	index := "tasks_due"
	w.and("team = ?", q.Team)
	if q.Client != "" {
		index = "tasks_client"
		w.and("client = ?", q.Client)
	}
	if q.Assignee != "" {
		if q.Client == "" {
			index = "tasks_assignee"
		}
		w.and("assignee = ?", q.Assignee)
	}
	if len(q.Among) > 0 {
		if q.Client == "" {
			index = "tasks_assignee"
		}
		anyOf(&w, "assignee", q.Among)
	}
	if q.State != "" {
		w.and("state = ?", q.State)
	}
	if q.Repeat != "" {
		w.and("doc ->> '$.repeat' = ?", q.Repeat)
	}
	if !q.DueFrom.IsZero() {
		w.and("due >= ?", q.DueFrom.UnixMilli())
	}
	if !q.DueBefore.IsZero() {
		w.and("due < ?", q.DueBefore.UnixMilli())
	}
	return `tasks INDEXED BY ` + index, w
}

// SaveTask creates or replaces a task with its event.
func (s *Store) SaveTask(ctx context.Context, task crm.Task, e crm.Event) error {
	err := s.write(ctx, func(t *tx) error {
		if err := t.addEvent(e); err != nil {
			return err
		}
		return t.putTask(task)
	})
	if err != nil {
		return fmt.Errorf("sqlite: save task %s: %w", task.ID, err)
	}
	return nil
}

func (t *tx) insertTask(task crm.Task, doc []byte) error {
	return t.change(crm.ErrConflict, `INSERT INTO tasks (id, team, rev, assignee, client, state, due, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		task.ID, task.Team, task.Rev, task.Assignee, task.Client, task.State, task.Due.UnixMilli(), string(doc))
}

func (t *tx) putTask(task crm.Task) error {
	doc, err := json.Marshal(task)
	if err != nil {
		return err
	}
	if task.Rev == 1 {
		return t.insertTask(task, doc)
	}
	var rev int64
	err = t.row(`SELECT rev FROM tasks WHERE id = ? AND team = ?`, []any{task.ID, task.Team}, &rev)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return crm.ErrNotFound
	case err != nil:
		return err
	case rev != task.Rev-1:
		return crm.ErrConflict
	}
	_, err = t.exec(`UPDATE tasks SET rev = ?, assignee = ?, client = ?, state = ?, due = ?, doc = ? WHERE id = ?`,
		task.Rev, task.Assignee, task.Client, task.State, task.Due.UnixMilli(), string(doc), task.ID)
	return err
}
