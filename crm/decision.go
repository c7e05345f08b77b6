package crm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Decided is what became of a matter that was reminded of and that no touch ended.
type Decided string

const (
	DecidedLater Decided = "later" // put off, see Decision.Until
	DecidedDrop  Decided = "drop"  // no longer wanted
	DecidedPass  Decided = "pass"  // given to another member, see Decision.To
	DecidedSkip  Decided = "skip"  // not this year
)

// Decideds are all of them.
var Decideds = []Decided{DecidedLater, DecidedDrop, DecidedPass, DecidedSkip}

// Decision is what a member decided about what they were reminded of.
type Decision struct {
	What  Decided      `json:"what" bson:"what"`
	About ReminderKind `json:"about" bson:"about"`                    // RemindTask, RemindContact, RemindOffer, RemindStale or an occasion's
	Text  string       `json:"text,omitempty" bson:"text,omitempty"`  // the task's, the label of RemindDate
	Day   Date         `json:"day,omitzero" bson:"day,omitempty"`     // of an occasion: which of its days
	Until time.Time    `json:"until,omitzero" bson:"until,omitempty"` // of DecidedLater
	To    MemberID     `json:"to,omitempty" bson:"to,omitempty"`      // of DecidedPass
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

// decideTask adds to the history of a task's client what by has just decided about the task. Whoever has a task may decide about
// it and need not see that card, which therefore is written whoever may. One that is gone or in the bin stays as it is.
func (d *Desk) decideTask(ctx context.Context, by Actor, t Task, what Decision) error {
	if t.Client == "" {
		return nil
	}
	if _, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0)); errors.Is(err, ErrNotFound) {
		return nil // nothing was changed
	} else if err != nil {
		return fmt.Errorf("read what was decided: %w", err)
	}
	what.About, what.Text = RemindTask, t.Text
	if on := t.Day; !on.IsZero() { // an occasion that was handed over
		what.About, what.Text, what.Day = on.Kind, on.Label, on.Day
	}
	_, err := d.unseen(ctx, by.then(), t.Client, func(ch *change) error {
		made := what
		if o, ok := t.Occasion(*ch.client, by.Location()); ok && made.What == DecidedDrop && !o.Date.Once {
			made.What = DecidedSkip // there is another year
		}
		ch.decide(by.then(), made)
		return nil
	})
	return err
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

// decisions tells which decision each of the changes of a card wrote down, or took back.
func (d *Desk) decisions(ctx context.Context, c ClientID, changes []Change) error {
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
			changes[i].Decision = t.Decision
		}
	}
	return nil
}
