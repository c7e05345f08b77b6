package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"kartoteka/crm/moment"
)

// TaskID identifies a task.
type TaskID string

// NewTaskID is the id of the task that a cause makes.
func NewTaskID(team TeamID, c Cause, n int) TaskID { return TaskID(newID(team, c, "task", n)) }

// TaskState says whether something is still to be done.
type TaskState string

const (
	TaskOpen    TaskState = "open"
	TaskDone    TaskState = "done"
	TaskDropped TaskState = "dropped" // no longer wanted
)

// Task is something to do at a time, about a client or not. Wall and Zone are the time as it was meant; Due is the
// instant that follows from them, computed anew for each occurrence of a repeating task.
type Task struct {
	ID       TaskID        `json:"_id" bson:"_id"`
	Team     TeamID        `json:"team" bson:"team"`
	Rev      int64         `json:"rev" bson:"rev"`
	Schema   int           `json:"schema" bson:"schema"`
	Client   ClientID      `json:"client,omitempty" bson:"client,omitempty"`
	Moved    []ClientID    `json:"moved,omitempty" bson:"moved,omitempty"` // as Touch.Moved
	Text     string        `json:"text" bson:"text"`
	Assignee MemberID      `json:"assignee" bson:"assignee"`
	By       MemberID      `json:"by" bson:"by"`
	State    TaskState     `json:"state" bson:"state"`
	Due      time.Time     `json:"due" bson:"due"`
	Wall     string        `json:"wall" bson:"wall"` // 2006-01-02T15:04 of the first occurrence
	Zone     string        `json:"zone" bson:"zone"` // IANA
	Repeat   moment.Repeat `json:"repeat,omitempty" bson:"repeat,omitempty"`
	Occurs   time.Time     `json:"occurs,omitzero" bson:"occurs,omitempty"`      // the present occurrence, before any snoozing
	Attempts int           `json:"attempts,omitempty" bson:"attempts,omitempty"` // times the client was not reached
	Created  time.Time     `json:"created" bson:"created"`
	Closed   time.Time     `json:"closed,omitzero" bson:"closed,omitempty"`
	ClosedBy MemberID      `json:"closed_by,omitempty" bson:"closed_by,omitempty"`
	Outcome  Outcome       `json:"outcome,omitempty" bson:"outcome,omitempty"` // how it ended with the client
	Day      TaskDay       `json:"day,omitzero" bson:"day,omitempty"`          // the occasion that was handed over as the task
}

// wallLayout is how Task.Wall is written.
const wallLayout = "2006-01-02T15:04"

// Overdue reports whether an open task's time has passed.
func (t Task) Overdue(now time.Time) bool { return t.State == TaskOpen && t.Due.Before(now) }

// ownersOwn reports whether whoever has the task set it themselves: such a task goes along when its client does. One that was given
// to somebody stays with them, whosever the client is.
func (t Task) ownersOwn() bool { return t.By == t.Assignee }

// TaskQuery asks for tasks, the earliest due first, then by id. A zero filter lets everything pass.
type TaskQuery struct {
	Team      TeamID
	Assignee  MemberID
	Among     []MemberID // of any of them; none: whoever
	Client    ClientID
	State     TaskState
	Repeat    moment.Repeat
	DueFrom   time.Time // not before
	DueBefore time.Time
	After     *TaskMark
	Limit     int
}

// TaskMark is a place in a list of tasks.
type TaskMark struct {
	Due time.Time
	ID  TaskID
}

// Match reports whether the task satisfies the filters.
func (q TaskQuery) Match(t Task) bool {
	return t.Team == q.Team && (q.Assignee == "" || t.Assignee == q.Assignee) && (len(q.Among) == 0 || slices.Contains(q.Among, t.Assignee)) && (q.Client == "" || t.Client == q.Client) &&
		(q.State == "" || t.State == q.State) && (q.Repeat == "" || t.Repeat == q.Repeat) && (q.DueFrom.IsZero() || !t.Due.Before(q.DueFrom)) &&
		(q.DueBefore.IsZero() || t.Due.Before(q.DueBefore))
}

// TaskInput is what a member says of a task.
type TaskInput struct {
	Client   ClientID
	Text     string
	Due      time.Time // at the member's place: its zone is kept for repeating
	Repeat   moment.Repeat
	Assignee MemberID // "": oneself
}

// maxTask is how long a task's text may be.
const maxTask = 500

// AddTask makes a task. ErrInvalid on "task", "task.long", "due" if it is not after now, "repeat"; ErrNotFound if by may
// not see the client or there is no such assignee.
func (d *Desk) AddTask(ctx context.Context, by Actor, in TaskInput) (Task, error) {
	team, _, err := d.gate(ctx, by, ActionAddTask)
	if err != nil {
		return Task{}, err
	}
	id := NewTaskID(by.Team, by.Cause, 0)
	if t, err := d.store.Task(ctx, by.Team, id); err == nil {
		return t, nil
	}
	if in.Client != "" {
		c, err := d.Client(ctx, by, in.Client)
		if err != nil {
			return Task{}, err
		}
		in.Client = c.ID
	}
	if in.Assignee == "" {
		in.Assignee = by.ID
	}
	if _, err := d.taker(ctx, team, in.Assignee, ActionReadTask); err != nil {
		return Task{}, err
	}
	text, err := cleanText(in.Text, maxTask, "task")
	if err != nil {
		return Task{}, err
	}
	if text == "" && in.Client == "" {
		return Task{}, invalid("task")
	}
	if !in.Due.After(d.now()) {
		return Task{}, invalid("due")
	}
	if !in.Repeat.Valid() {
		return Task{}, invalid("repeat")
	}
	t := Task{ID: id, Team: by.Team, Rev: 1, Schema: schemaVersion, Client: in.Client, Text: text, Assignee: in.Assignee, By: by.ID,
		State: TaskOpen, Due: stamp(in.Due), Occurs: stamp(in.Due), Wall: in.Due.Format(wallLayout), Zone: in.Due.Location().String(), Repeat: in.Repeat,
		Created: d.now()}
	return t, errors.Join(d.saveTask(ctx, t, d.taskEvent(by, t, ActionAddTask)), d.follow(ctx, t.Team, t.Client))
}

func (d *Desk) taskEvent(by Actor, t Task, a Action) Event {
	return Event{ID: by.Cause.EventID(0), Team: by.Team, Schema: schemaVersion, Action: a, Record: string(t.ID), Rev: t.Rev, By: by.ID,
		At: d.now()}
}

func (d *Desk) saveTask(ctx context.Context, t Task, ev Event) error {
	if err := d.store.SaveTask(ctx, t, ev); err != nil && !errors.Is(err, ErrApplied) {
		return fmt.Errorf("save task %s: %w", t.ID, err)
	}
	return nil
}

// Task returns a task that by may see: one's own, one that one gave, or any for those who run the team. One that was handed
// over from by is a HandedOverError.
func (d *Desk) Task(ctx context.Context, by Actor, id TaskID) (Task, error) {
	t, err := d.task(ctx, by, id)
	return t.seenBy(by.Role), err
}

// task is Task with all that its text says, to be changed.
func (d *Desk) task(ctx context.Context, by Actor, id TaskID) (Task, error) {
	_, reach, err := d.gate(ctx, by, ActionReadTask)
	if err != nil {
		return Task{}, err
	}
	t, err := d.store.Task(ctx, by.Team, id)
	if err != nil {
		return Task{}, fmt.Errorf("read task: %w", err)
	}
	if !reach.of(t.Assignee) && t.By != by.ID {
		return Task{}, cmp.Or(d.unlessHanded(ctx, by, t), error(&Error{Kind: ErrNotFound, Field: "task"}))
	}
	return t, nil
}

// editTask reads a task, lets f change it and writes it; like edit for cards. When f fails the task is returned as it is.
func (d *Desk) editTask(ctx context.Context, by Actor, id TaskID, f func(*Task) error) (Task, error) {
	return d.changeTask(ctx, by, id, func(t *Task, _ *Event) error { return f(t) })
}

func (d *Desk) changeTask(ctx context.Context, by Actor, id TaskID, f func(*Task, *Event) error) (Task, error) {
	return d.changeTaskAs(ctx, by, id, d.task, f)
}

// changeTaskAs is changeTask of one that read lets by have.
func (d *Desk) changeTaskAs(ctx context.Context, by Actor, id TaskID, read func(context.Context, Actor, TaskID) (Task, error), f func(*Task, *Event) error) (Task, error) {
	if _, _, err := d.gate(ctx, by, ActionEditTask); err != nil {
		return Task{}, err
	}
	for range maxRaces {
		t, err := read(ctx, by, id)
		if err != nil {
			return Task{}, err
		}
		if ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); err == nil && ev.Record == string(id) {
			return t, nil // this very cause has changed it already
		}
		old := t
		t.Rev++
		ev := d.taskEvent(by, t, ActionEditTask)
		if err := f(&t, &ev); err != nil {
			return old, err
		}
		said := ev.Fields
		if ev.Fields = diff(old, t); len(ev.Fields) == 0 {
			return old, nil
		}
		maps.Copy(ev.Fields, said)
		err = d.saveTask(ctx, t, ev)
		if err == nil {
			return t, nil
		}
		if !errors.Is(err, ErrConflict) {
			return old, err
		}
	}
	return Task{}, &Error{Kind: ErrConflict, Field: "task"}
}

// SnoozeTask moves an open task's due time. ErrConflict on "task", with the task as it is, if it is over or no longer due
// when it was seen to be (zero: not compared); ErrInvalid on "due" if until is not after now; a HandedOverError if it has gone
// from by to another member.
func (d *Desk) SnoozeTask(ctx context.Context, by Actor, id TaskID, seen, until time.Time) (Task, error) {
	t, err := d.editDecided(ctx, by, id, Decision{What: DecidedLater, Until: stamp(until)}, func(t *Task) error {
		if err := d.unlessHanded(ctx, by, *t); err != nil {
			return err
		}
		if t.State != TaskOpen || !stillAt(seen, t.Due) {
			return &Error{Kind: ErrConflict, Field: "task"}
		}
		if !until.After(d.now()) {
			return invalid("due")
		}
		t.Due = stamp(until)
		return d.inTime(ctx, *t, until)
	})
	if err != nil {
		return t, err
	}
	return t, d.sayDecided(ctx, by, t)
}

// RescheduleTask gives an open task another time, from which on it comes again as that says. Errors are those of SnoozeTask,
// and ErrInvalid on "repeat".
func (d *Desk) RescheduleTask(ctx context.Context, by Actor, id TaskID, seen time.Time, to moment.Moment) (Task, error) {
	t, err := d.editDecided(ctx, by, id, Decision{What: DecidedLater, Until: stamp(to.At)}, func(t *Task) error {
		if err := d.unlessHanded(ctx, by, *t); err != nil {
			return err
		}
		switch {
		case t.State != TaskOpen || !stillAt(seen, t.Due):
			return &Error{Kind: ErrConflict, Field: "task"}
		case !to.At.After(d.now()):
			return invalid("due")
		case !to.Repeat.Valid():
			return invalid("repeat")
		}
		t.Due, t.Occurs, t.Repeat = stamp(to.At), stamp(to.At), to.Repeat
		t.Wall, t.Zone = to.At.Format(wallLayout), to.At.Location().String()
		return d.unlessErasing(ctx, *t)
	})
	if err != nil {
		return t, err
	}
	return t, d.sayDecided(ctx, by, t)
}

// Occurrence is the time that an open task is for, whatever it was put off to: what tells one turn of a repeating task from
// the next.
func (t Task) Occurrence() time.Time {
	if t.Occurs.IsZero() {
		return t.Due // written before Occurs was kept
	}
	return t.Occurs
}

// Turn reports whether a time that was seen, as due or as the occurrence, is that of the task's present turn. One that does not
// repeat has but one.
func (t Task) Turn(seen time.Time) bool {
	return t.Repeat == moment.RepeatNever || stillAt(seen, t.Due) || stillAt(seen, t.Occurrence())
}

// CloseTask ends a task as done or dropped. One that repeats goes on with its next occurrence instead, unless it is
// dropped. seen is the occurrence that by was shown: if a repeating task has gone on from it that is ErrConflict on "task", so
// that a second press does not skip a turn. Zero: not compared. A HandedOverError if it has gone from by to another member.
func (d *Desk) CloseTask(ctx context.Context, by Actor, id TaskID, as TaskState, seen time.Time) (Task, error) {
	if as != TaskDropped {
		return d.editTask(ctx, by, id, d.closing(ctx, by, as, seen))
	}
	t, err := d.editDecided(ctx, by, id, Decision{What: DecidedDrop}, d.closing(ctx, by, as, seen))
	if err != nil {
		return t.seenBy(by.Role), err
	}
	return t.seenBy(by.Role), d.sayDecided(ctx, by, t)
}

// closing ends a task.
func (d *Desk) closing(ctx context.Context, by Actor, as TaskState, seen time.Time) func(*Task) error {
	return func(t *Task) error {
		if err := cmp.Or(d.unlessHanded(ctx, by, *t), d.unlessErasing(ctx, *t)); err != nil {
			return err
		}
		switch {
		case as != TaskDone && as != TaskDropped:
			return invalid("task")
		case t.State != TaskOpen:
			return nil
		case as == TaskDone && t.Repeat != moment.RepeatNever && !stillAt(seen, t.Occurrence()):
			return &Error{Kind: ErrConflict, Field: "task"}
		case as == TaskDone && t.Repeat != moment.RepeatNever:
			return t.next(d.now())
		}
		t.close(as, by.ID, d.now())
		return nil
	}
}

// Tasks lists tasks that by may see, one page.
func (d *Desk) Tasks(ctx context.Context, by Actor, q TaskQuery) ([]Task, error) {
	_, reach, err := d.gate(ctx, by, ActionReadTask)
	if err != nil {
		return nil, err
	}
	q.Team, q.Limit = by.Team, min(max(q.Limit, 1), listPage)
	if !reach.all && q.Assignee == "" {
		q.Assignee, q.Among = reach.narrow()
	} else if !reach.of(q.Assignee) {
		q.Assignee = by.ID
	}
	list, err := d.store.Tasks(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	return seenTasks(by.Role, list), nil
}

// NoteTask is AddTask for one that was typed: it is about the client that its text names, if that is beyond doubt, and for the
// member whom its text gives it to, who is told. It also tells whom else the text may name or be for.
func (d *Desk) NoteTask(ctx context.Context, by Actor, in TaskInput) (Task, Mention, error) {
	to, err := d.addressee(ctx, by, in.Text, in.Client)
	if err != nil {
		return Task{}, Mention{}, err
	}
	if to.sure {
		in.Text = to.text
	}
	var who Mention
	if in.Client == "" {
		if who, err = d.Mentioned(ctx, by, in.Text); err != nil {
			return Task{}, who, err
		}
		if who.Sure {
			in.Client = who.Clients[0].ID
		}
	}
	who.Takers = to.members
	t, err := d.AddTask(ctx, by, in)
	if err != nil || !to.sure {
		return t, who, err
	}
	given, err := d.passTask(ctx, by.then(), t.ID, to.members[0].ID)
	if errors.Is(err, ErrConflict) && given.Assignee == to.members[0].ID { // it was given when this came first
		err = nil
	}
	who.Given = err == nil
	return given, who, err
}

// LinkTask says which client an open task is about; "" for none. ErrNotFound if by may not see the client, ErrInvalid on
// "task" if nothing would be left of the task, ErrConflict on "task" if it is over.
func (d *Desk) LinkTask(ctx context.Context, by Actor, id TaskID, client ClientID) (Task, error) {
	if client != "" {
		c, err := d.Client(ctx, by, client)
		if err != nil {
			return Task{}, err
		}
		client = c.ID
	}
	t, err := d.editTask(ctx, by, id, func(t *Task) error {
		switch {
		case t.State != TaskOpen:
			return &Error{Kind: ErrConflict, Field: "task"}
		case client == "" && t.Text == "":
			return invalid("task")
		}
		err := d.unlessErasing(ctx, *t)
		t.Client = client
		return err
	})
	return t.seenBy(by.Role), err
}
