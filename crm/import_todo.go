package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// takeTasks writes the tasks of the lines that have made cards, once however often it is done.
func (w *importWorker) takeTasks(ctx context.Context, lines []importLine) error {
	for _, l := range lines {
		if l.record == nil || len(l.record.Tasks) == 0 || len(l.problems) > 0 {
			continue
		}
		id := w.i.rowClient(l.n)
		if _, err := w.desk.store.Client(ctx, w.team.ID, id); errors.Is(err, ErrNotFound) {
			continue // the row made none
		} else if err != nil {
			return fmt.Errorf("read client %s: %w", id, err)
		}
		for n, in := range l.record.Tasks {
			if err := w.takeTask(ctx, id, fmt.Sprintf("%s.%d.%d", w.i.ID, l.n, n), in); err != nil {
				return err
			}
		}
	}
	return nil
}

// tasksLeft are notes of what is still to be done by a record whose card is there already, and is on no list here: whose it would be and
// whether it still is to be done only people know. What was done is in the record's history.
func (w *importWorker) tasksLeft(ctx context.Context, l *importLine, id ClientID) ([]DraftNote, error) {
	if l.record == nil || len(l.record.Tasks) == 0 {
		return nil, nil
	}
	there, err := w.desk.store.Tasks(ctx, TaskQuery{Team: w.team.ID, Client: id, Limit: maxRecordTasks})
	if err != nil {
		return nil, fmt.Errorf("tasks of client %s: %w", id, err)
	}
	var notes []DraftNote
	for _, in := range l.record.Tasks {
		again := slices.ContainsFunc(there, func(t Task) bool { return t.ID == in.ID || t.Text == in.Text && t.Due.Equal(stamp(in.Due)) })
		if _, ok := in.task(); ok && in.State == TaskOpen && !again {
			notes = append(notes, DraftNote{Kind: TouchNote, Text: in.line(), At: w.reader.at})
		}
	}
	return notes, nil
}

// maxRecordTasks is how many tasks a record can have.
const maxRecordTasks = 10_000

// task is what a task is, without whose; ok is false if there can be no such task.
func (in ExportTask) task() (t Task, ok bool) {
	text, err := cleanText(in.Text, maxTask, "task")
	zone, bad := time.LoadLocation(in.Zone)
	wall, worse := time.Parse(wallLayout, in.Wall)
	if err != nil || text == "" || bad != nil || worse != nil || in.Zone == "Local" || in.Due.IsZero() || !in.Repeat.Valid() ||
		known(in.State, []TaskState{TaskOpen, TaskDone, TaskDropped}) == "" {
		return t, false
	}
	t = Task{Text: text, State: in.State, Due: stamp(in.Due), Wall: wall.Format(wallLayout), Zone: zone.String(), Repeat: in.Repeat,
		Occurs: stamp(in.Occurs), Closed: stamp(in.Closed), Outcome: known(in.Outcome, Outcomes)}
	if on := in.Day; known(on.Kind, []ReminderKind{RemindBirthday, RemindAnniversary, RemindDate}) != "" && !on.Day.IsZero() {
		t.Day = TaskDay{Kind: on.Kind, Date: firstRunes(cleanLine(on.Date), maxTag), Label: firstRunes(cleanLine(on.Label), maxOfDate), Day: on.Day}
	}
	return t, true
}

func (w *importWorker) takeTask(ctx context.Context, client ClientID, name string, in ExportTask) error {
	t, ok := in.task()
	if !ok {
		return nil // it is a note
	}
	t.ID, t.Team, t.Rev, t.Schema, t.Client = NewTaskID(w.team.ID, Cause(name), 0), w.team.ID, 1, schemaVersion, client
	t.By, t.Created = w.by.ID, w.desk.now()
	t.Assignee, t.Text = w.author(in.Assignee, t.Text)
	t.Text = firstRunes(t.Text, maxTask)
	ev := Event{ID: EventID("it" + name), Team: t.Team, Schema: schemaVersion, Action: ActionAddTask, Record: string(t.ID), Rev: 1, By: w.by.ID,
		At: t.Created, PartOf: w.i.begunEvent()}
	if err := w.desk.store.SaveTask(ctx, t, ev); err != nil && !errors.Is(err, ErrApplied) && !errors.Is(err, ErrConflict) {
		return fmt.Errorf("save task %s: %w", t.ID, err)
	}
	return nil
}
