package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/crm/civil"
)

// Decided is what became of a matter that was reminded of and that no touch ended.
type Decided string

const (
	DecidedLater Decided = "later" // put off, see Decision.Until
	DecidedDrop  Decided = "drop"  // no longer wanted
	DecidedPass  Decided = "pass"  // given to another member, see Decision.To
	DecidedSkip  Decided = "skip"  // not this year
	DecidedDone  Decided = "done"  // ended by somebody who may log no touch with the client, see Decision.Outcome and Note
)

// Decideds are all of them.
var Decideds = []Decided{DecidedLater, DecidedDrop, DecidedPass, DecidedSkip, DecidedDone}

// Decision is what a member decided about what they were reminded of.
type Decision struct {
	What  Decided      `json:"what" bson:"what"`
	About ReminderKind `json:"about" bson:"about"`                    // RemindTask, RemindContact, RemindOffer, RemindStale or an occasion's
	Text  string       `json:"text,omitempty" bson:"text,omitempty"`  // the task's, the label of RemindDate
	Day   civil.Date   `json:"day,omitzero" bson:"day,omitempty"`     // of an occasion: which of its days
	Until time.Time    `json:"until,omitzero" bson:"until,omitempty"` // of DecidedLater
	To    MemberID     `json:"to,omitempty" bson:"to,omitempty"`      // of DecidedPass

	Outcome Outcome `json:"outcome,omitempty" bson:"outcome,omitempty"` // of DecidedDone; of DecidedLater OutcomeNotReached, if that is why
	Note    string  `json:"note,omitempty" bson:"note,omitempty"`       // of DecidedDone: what there was to say of it
}

// IsZero reports whether nothing was decided.
func (d Decision) IsZero() bool { return d == Decision{} }

// decided is a decision on the occasion.
func (o Occasion) decided(what Decided) Decision {
	return Decision{What: what, About: o.Kind, Text: o.Date.Label, Day: o.Day}
}

// decide adds to the card's history what was decided. It is no touch: nothing is counted, and the client was not spoken with.
func (ch *change) decide(by Actor, what Decision) {
	at := ch.event.At
	ch.touches = append(ch.touches, Touch{ID: NewTouchID(by.Team, by.Cause, len(ch.touches)), Team: by.Team, Schema: schemaVersion,
		Client: ch.client.ID, Kind: TouchDecision, Decision: what, By: by.ID, At: at, Created: at})
}

// decidedField is what an event of a task says was decided, so that the line in the history of its client is in the same write as what
// came of it: a line that a crash left out is written by SayDecisions. No task has a field of this name.
const decidedField = "decided"

// decided completes a decision about a task.
func (t Task) decided(what Decision) Decision {
	what.About, what.Text = RemindTask, t.Text
	if on := t.Day; !on.IsZero() { // an occasion that was handed over
		what.About, what.Text, what.Day = on.Kind, on.Label, on.Day
	}
	if what.What == DecidedLater && what.Until.IsZero() {
		what.Until = t.Due
	}
	return what
}

// untouched is what ending a task leaves in the history of its client if by may log no touch there; zero if by may.
func (d *Desk) untouched(ctx context.Context, by Actor, id TaskID, e Ending) (Decision, error) {
	t, err := d.task(ctx, by, id)
	if err != nil || t.Client == "" {
		return Decision{}, err
	}
	c, err := d.Client(ctx, by, t.Client)
	if err == nil && d.May(ctx, by, ActionLogTouch, c) {
		return Decision{}, nil
	}
	if err = withoutCard(err); err != nil {
		return Decision{}, err
	}
	done := Decision{What: DecidedDone, Outcome: e.Outcome}
	if t.Day.IsZero() { // of an occasion the line says it
		done.Note, err = cleanText(e.Text, maxNote, "note")
	}
	return done, err
}

// editDecided is editTask by a decision, which the event tells; zero: by none.
func (d *Desk) editDecided(ctx context.Context, by Actor, id TaskID, what Decision, f func(*Task) error) (Task, error) {
	return d.changeTask(ctx, by, id, func(t *Task, ev *Event) error {
		if err := f(t); err != nil {
			return err
		}
		if !what.IsZero() && t.Client != "" {
			said, err := json.Marshal(t.decided(what))
			if err != nil {
				return fmt.Errorf("write down a decision: %w", err)
			}
			ev.Fields = map[string]Delta{decidedField: {After: string(said)}}
		}
		return nil
	})
}

// decision is what an event of a task says was decided; false if it says nothing.
func (e Event) decision() (what Decision, ok bool) {
	said, ok := e.Fields[decidedField]
	return what, ok && json.Unmarshal([]byte(said.After), &what) == nil
}

// sayDecided adds to the history of a task's client what by's cause has decided about the task.
func (d *Desk) sayDecided(ctx context.Context, by Actor, t Task) error {
	if t.Client == "" {
		return nil
	}
	ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if errors.Is(err, ErrNotFound) {
		return nil // nothing was changed
	}
	if err != nil {
		return fmt.Errorf("read what was decided: %w", err)
	}
	if what, ok := ev.decision(); ok {
		return d.sayLine(ctx, by.then(), t, what, ev.At)
	}
	return nil
}

// sayLine writes the line. Whoever has a task may decide about it and need not see that card, which therefore is written whoever may. One
// that is gone or in the bin stays as it is.
func (d *Desk) sayLine(ctx context.Context, by Actor, t Task, what Decision, at time.Time) error {
	_, err := d.unseen(ctx, by, t.Client, func(ch *change) error {
		made := what
		if o, ok := t.Occasion(*ch.client, by.Location()); ok && made.What == DecidedDrop && !o.Date.Once {
			made.What = DecidedSkip // there is another year
		}
		ch.decide(by, made)
		ch.touches[len(ch.touches)-1].At = at
		return nil
	})
	return err
}

const (
	// decisionSettles is how long whoever decided has to write the line themselves.
	decisionSettles = time.Minute
	// decisionBack is how far it is looked back at first.
	decisionBack = 24 * time.Hour
)

// SayDecisions writes the lines of decisions about tasks that a crash has left out, in every team; it is run by the clock. It returns how
// many.
func (d *Desk) SayDecisions(ctx context.Context) (n int, err error) {
	err = d.eachTeam(ctx, func(t Team) error {
		said, err := d.sayDecisions(ctx, t.ID)
		n += said
		return err
	})
	return n, err
}

func (d *Desk) sayDecisions(ctx context.Context, team TeamID) (n int, err error) {
	mark := "decisions:" + string(team)
	from, err := d.store.Progress(ctx, mark)
	if err != nil {
		return 0, fmt.Errorf("read progress: %w", err)
	}
	till := d.now().Add(-decisionSettles)
	if from.IsZero() {
		from = till.Add(-decisionBack)
	}
	var errs []error
	q := AuditQuery{Team: team, From: from, Before: till, Actions: []Action{ActionEditTask}, Limit: auditPage}
	for {
		events, err := d.store.Audit(ctx, q)
		if err != nil {
			return n, fmt.Errorf("read what was decided: %w", err)
		}
		for _, e := range events {
			switch said, err := d.sayLeft(ctx, e); {
			case err != nil: // it is tried again the next time, and keeps nothing else waiting
				errs = append(errs, err)
			case said:
				n++
			}
		}
		if len(events) < q.Limit {
			break
		}
		last := events[len(events)-1]
		q.After = &EventMark{last.At, last.ID}
	}
	if len(errs) > 0 {
		return n, errors.Join(errs...)
	}
	return n, d.noteProgress(ctx, mark, till)
}

// sayLeft writes the line of one event if it has none, and has not been taken back.
func (d *Desk) sayLeft(ctx context.Context, e Event) (bool, error) {
	what, ok := e.decision()
	if !ok {
		return false, nil
	}
	by := Actor{Cause: e.ID.cause()}.then()
	_, err := d.store.Event(ctx, e.Team, by.Cause.EventID(0))
	if err == nil || !errors.Is(err, ErrNotFound) {
		return false, err
	}
	since, err := d.store.Events(ctx, EventQuery{Team: e.Team, Record: e.Record, Limit: historyPage})
	if err != nil {
		return false, fmt.Errorf("changes of a task: %w", err)
	}
	if slices.ContainsFunc(since, func(o Event) bool { return o.Undoes == e.ID }) {
		return false, nil
	}
	t, err := d.store.Task(ctx, e.Team, TaskID(e.Record))
	if err == nil {
		by.Member, err = d.store.Member(ctx, e.Team, e.By)
	}
	if errors.Is(err, ErrNotFound) || err == nil && t.Client == "" {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read a task that was decided about: %w", err)
	}
	return true, d.sayLine(ctx, by, t, what, e.At)
}

// unseen is edit of a card that by need not see, for what follows from a decision that was by's.
func (d *Desk) unseen(ctx context.Context, by Actor, id ClientID, f func(*change) error) (Client, error) {
	team, err := d.Team(ctx, by)
	if err != nil {
		return Client{}, err
	}
	p := pen{team: team, action: ActionDecide, read: func() (Client, error) { return d.current(ctx, by.Team, id) }}
	c, err := d.rewrite(ctx, by, p, f)
	return c, withoutCard(err)
}

// takeBackDecision marks what an event wrote down of a decision as taken back; what it logged of touches stays.
func (d *Desk) takeBackDecision(ctx context.Context, ch *change, ev Event) error {
	made, err := d.logged(ctx, ch.client.ID, ev, TouchDecision)
	for _, t := range made {
		ch.replaced = append(ch.replaced, t.undone())
	}
	return err
}

// decisions tells which decision each of the changes of a card wrote down, or took back, as a role sees it.
func (d *Desk) decisions(ctx context.Context, role Role, c ClientID, changes []Change) error {
	of := map[TouchID][]int{}
	q := TouchQuery{Client: c}
	for i, ch := range changes {
		if ch.Action != ActionLogTouch && ch.Action != ActionDecide {
			continue
		}
		ev := ch.ID
		if ch.Undoes != "" {
			ev = ch.Undoes
		}
		id := NewTouchID(ch.Team, ev.cause(), 0)
		q.Team, q.IDs, of[id] = ch.Team, append(q.IDs, id), append(of[id], i)
	}
	if q.Limit = len(q.IDs); q.Limit == 0 {
		return nil
	}
	made, err := d.store.Touches(ctx, q)
	if err != nil {
		return fmt.Errorf("read decisions: %w", err)
	}
	for _, t := range made {
		for _, i := range of[t.ID] {
			changes[i].Decision = t.seenBy(role).Decision
		}
	}
	return nil
}
