package crm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kartoteka/crm/moment"
)

// First is when it was to be done first, in its zone. ErrInvalid on "due".
func (t Task) First() (time.Time, error) {
	loc, err := time.LoadLocation(t.Zone)
	if err != nil {
		loc = time.UTC
	}
	first, err := time.ParseInLocation(wallLayout, t.Wall, loc)
	if err != nil {
		return first, invalid("due")
	}
	return first, nil
}

// next moves a repeating task to its first occurrence after now and after the present one, which may be done early, by
// wall time: a task at ten is at ten on both sides of a clock change. The day of a monthly or yearly task is that of its first occurrence, however many short months
// lie between.
func (t *Task) next(now time.Time) error {
	first, err := t.First()
	if err != nil {
		return err
	}
	after := t.Occurrence()
	if now.After(after) {
		after = now
	}
	t.Attempts = 0
	begin := 1
	if t.countsDown() { // nobody is done with a turn before it has come
		begin, after = 0, now
	}
	for n := begin; n < 4000; n++ { // more than ten years of days
		at := t.Repeat.Occurrence(first, n)
		if at.After(after) && (t.Repeat != moment.RepeatWorkdays || at.Weekday() != time.Saturday && at.Weekday() != time.Sunday) {
			t.Due, t.Occurs = stamp(at), stamp(at)
			return nil
		}
	}
	return invalid("repeat")
}

// turnOver moves a task that was not done to the turn that has come, if at is one: it is for that turn now, and comes again.
// What is wanted more often than it is done would be silent for ever otherwise.
func (d *Desk) turnOver(ctx context.Context, t Task, at time.Time) (Task, error) {
	next := t
	over := t.Due.Before(at) || t.countsDown() && t.Occurrence().Before(at) // it may have been put off until this very turn
	if t.State != TaskOpen || t.Repeat == moment.RepeatNever || !over || next.next(at.Add(-time.Millisecond)) != nil || !next.Due.Equal(at) {
		return t, nil
	}
	next.Rev++
	ev := Event{ID: Cause("turn." + string(t.ID) + "." + instant(at)).EventID(0), Team: t.Team, Schema: schemaVersion, Action: ActionEditTask,
		Record: string(t.ID), Rev: next.Rev, At: d.now(), Fields: diff(t, next)}
	err := d.saveTask(ctx, next, ev)
	if errors.Is(err, ErrConflict) {
		next, err = d.store.Task(ctx, t.Team, t.ID) // changed at this very moment: it is as it is
	}
	if err != nil {
		return t, fmt.Errorf("turn a task over: %w", err)
	}
	return next, nil
}

// turnDay moves m's tasks that were not done to the turn that this day brings, if it brings one: a list of the day has it among what
// is to be done today, not among what is left of yesterday.
func (d *Desk) turnDay(ctx context.Context, m Member) error {
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return fmt.Errorf("read team: %w", err)
	}
	var planned []Reminder
	for _, id := range team.charges(m.ID, d.now()) { // what was planned before somebody went away is planned for them
		page, err := d.store.Reminders(ctx, ReminderQuery{Team: m.Team, Member: id, States: []ReminderState{ReminderPlanned},
			DueBefore: d.endOfDay(m), Limit: itemsMost})
		if err != nil {
			return fmt.Errorf("turns of the day: %w", err)
		}
		planned = append(planned, page...)
	}
	for _, r := range planned {
		if r.Kind != RemindTask || !r.For.Before(d.endOfDay(m)) {
			continue
		}
		t, err := d.store.Task(ctx, m.Team, r.Task)
		if err == nil {
			_, err = d.turnOver(ctx, t, r.For)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("turn of the day: %w", err)
		}
	}
	return nil
}

// planTurn plans the reminder of a task's next turn, which comes whether or not this one is done.
func (d *Desk) planTurn(ctx context.Context, s staff, t Task) error {
	if t.Repeat == moment.RepeatNever || t.next(d.now()) != nil {
		return nil
	}
	return d.planTold(ctx, s, t)
}

// planTurns plans the next turn of what repeats and is overdue. It is planned when the turn before is told of, too; but of one that came while
// its card was in the bin, or its kind was not wanted, nobody was told, and it would be silent from then on.
func (d *Desk) planTurns(ctx context.Context, team TeamID, s staff, now time.Time) error {
	var failed error // of one task, which keeps no other from coming
	for q := (TaskQuery{Team: team, State: TaskOpen, DueBefore: now, Limit: planPage}); ; {
		tasks, err := d.store.Tasks(ctx, q)
		if err != nil {
			return fmt.Errorf("tasks that are overdue: %w", err)
		}
		for _, t := range tasks {
			failed = errors.Join(failed, d.planTurn(ctx, s, t))
		}
		if len(tasks) < planPage || ctx.Err() != nil {
			return failed
		}
		last := tasks[len(tasks)-1]
		q.After = &TaskMark{last.Due, last.ID}
	}
}
