package crm

import (
	"context"
	"strings"
	"time"

	"kartoteka/crm/moment"
)

// Title is what there is to do, in one line: the first of the text.
func (t Task) Title() string {
	title, _, _ := strings.Cut(t.Text, "\n")
	return strings.TrimSpace(title)
}

// Note is what else there is to say of it: the lines below the title.
func (t Task) Note() string {
	_, note, _ := strings.Cut(t.Text, "\n")
	return strings.TrimSpace(note)
}

// AnnotateTask gives an open task another note; "" takes it away. Of a task that says nothing, since getting in touch is all there is to
// do, it becomes what there is to do. ErrConflict on "task", with the task as it is, if it is over; ErrInvalid on "task.long"; a
// HandedOverError if it has gone from by to another member.
func (d *Desk) AnnotateTask(ctx context.Context, by Actor, id TaskID, note string) (Task, error) {
	return d.editTask(ctx, by, id, func(t *Task) error {
		if err := d.unlessHanded(ctx, by, *t); err != nil {
			return err
		}
		if t.State != TaskOpen || !t.Day.IsZero() { // the text of an occasion is the client's name
			return &Error{Kind: ErrConflict, Field: "task"}
		}
		text, err := cleanText(t.Title()+"\n"+note, maxTask, "task")
		if err == nil {
			t.Text = text
		}
		return err
	})
}

// RepeatTask has an open task come again as r says, from the time for which it is; moment.RepeatNever: no more. ErrConflict on "task", with the
// task as it is, if it is over or no longer due when it was seen to be (zero: not compared); ErrInvalid on "repeat"; a HandedOverError if
// it has gone from by to another member.
func (d *Desk) RepeatTask(ctx context.Context, by Actor, id TaskID, seen time.Time, r moment.Repeat) (Task, error) {
	t, err := d.editTask(ctx, by, id, func(t *Task) error {
		if err := d.unlessHanded(ctx, by, *t); err != nil {
			return err
		}
		switch {
		case t.State != TaskOpen || !stillAt(seen, t.Due):
			return &Error{Kind: ErrConflict, Field: "task"}
		case !r.Valid() || !t.Day.IsZero():
			return invalid("repeat")
		case t.Repeat == moment.RepeatNever: // what it was put off to is what is meant
			t.Occurs = t.Due
		}
		if t.Repeat != r && r != moment.RepeatNever {
			t.Wall = t.Occurrence().In(t.location()).Format(wallLayout)
		}
		t.Repeat = r
		return d.unlessErasing(ctx, *t)
	})
	if err != nil || t.Due.After(d.now()) {
		return t, err
	}
	s, err := d.staff(ctx, by.Team) // it has come already: what comes next is planned with that
	if err != nil {
		return t, err
	}
	return t, d.planTurn(ctx, s, t)
}

// location is the place by whose clock the task comes again.
func (t Task) location() *time.Location {
	loc, err := time.LoadLocation(t.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}
