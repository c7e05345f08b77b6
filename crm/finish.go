package crm

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"kartoteka/crm/moment"
)

// Ending is how something that was due ended.
type Ending struct {
	Seen    time.Time // the due time that by was shown; zero: not compared
	Offer   time.Time // the offer without an answer that by was shown; zero: not compared
	Kind    TouchKind // "": as the task or the client suggests
	Outcome Outcome
	Text    string // what there is to say of it
	Files   []File
	Next    time.Time // when to get in touch again; zero: nothing is set
	// Purchase is what was bought, of OutcomeBought; nil: as the text tells.
	Purchase *Purchase
}

// FinishTask ends a task as done and logs the touch with its client, if it has one that by may log for; else how it ended stays in
// the client's history as a decision. One that repeats goes on with its next occurrence. ErrConflict on "task", with the task as it
// is, if it is over or has gone on to another occurrence than the one that was seen; a HandedOverError if it has gone from by to
// another member; ErrInvalid on "note.long", "next".
func (d *Desk) FinishTask(ctx context.Context, by Actor, id TaskID, e Ending) (Task, error) {
	if _, err := d.newTouch(by, "", 0, e.touch("", Client{})); err != nil {
		return Task{}, err // before anything is closed
	}
	said, err := d.untouched(ctx, by, id, e)
	if err != nil {
		return Task{}, err
	}
	t, err := d.editDecided(ctx, by, id, said, func(t *Task) error {
		if err := d.unlessHanded(ctx, by, *t); err != nil {
			return err
		}
		if t.State != TaskOpen || !t.Turn(e.Seen) {
			return &Error{Kind: ErrConflict, Field: "task"}
		}
		if err := d.unlessErasing(ctx, *t); err != nil {
			return err
		}
		if t.Repeat != moment.RepeatNever {
			return t.next(d.now())
		}
		t.close(TaskDone, by.ID, d.now())
		t.Outcome = e.Outcome
		return nil
	})
	if err != nil {
		return t, err
	}
	if err := d.sayDecided(ctx, by, t); err != nil {
		return t, err
	}
	return t, d.logFor(ctx, by, t, e)
}

// close ends a task.
func (t *Task) close(as TaskState, by MemberID, now time.Time) {
	t.State, t.Closed, t.ClosedBy = as, now, by
}

// logFor logs the touch that a task was. Who has a task need not have its card: then nothing is logged.
func (d *Desk) logFor(ctx context.Context, by Actor, t Task, e Ending) error {
	if t.Client == "" {
		return nil
	}
	c, err := d.Client(ctx, by, t.Client)
	if err == nil {
		if e.Outcome == OutcomeBought && e.Purchase == nil && e.Text == "" {
			e.Purchase = &Purchase{} // the task's text is what was to be done
		}
		if e.Outcome != OutcomeNotReached {
			e.Text = cmp.Or(e.Text, t.Text)
		}
		in := e.touch(t.Text, c)
		_, err = d.LogTouch(ctx, by.then(), t.Client, in)
	}
	return withoutCard(err)
}

// withoutCard forgives that who has a task has not its card, or that the card is in the bin.
func withoutCard(err error) error {
	if OutOfReach(err) {
		return nil
	}
	return err
}

// OutOfReach reports whether an error says that the record is not there for the member, or in the bin: it is no good to try again.
func OutOfReach(err error) bool {
	var of *Error
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrDenied) || errors.As(err, &of) && of.Field == "deleted"
}

// then is the actor making a second change out of the same cause.
func (by Actor) then() Actor {
	by.Cause += secondCause
	return by
}

// secondCause ends the cause of what follows from a change.
const secondCause = "f"

// touch is the touch that it was to do about a client what a text says.
func (e Ending) touch(text string, c Client) TouchInput {
	return TouchInput{Kind: cmp.Or(e.Kind, TouchFor(text, c)), Outcome: e.Outcome, Text: e.Text, Files: e.Files, Next: e.Next, Purchase: e.Purchase}
}

// FinishContact logs the touch that a client's next contact was planned for: it is no longer due. ErrConflict on "client"
// if the next contact, or the offer, is not the one that was seen.
func (d *Desk) FinishContact(ctx context.Context, by Actor, id ClientID, e Ending) (Client, error) {
	return d.edit(ctx, by, id, ActionLogTouch, func(ch *change) error {
		if !stillAt(e.Seen, ch.client.NextContact) || !stillAt(e.Offer, ch.client.Offered) {
			return &Error{Kind: ErrConflict, Field: "client"}
		}
		if e.Next.IsZero() && !e.Seen.IsZero() {
			ch.client.NextContact = time.Time{} // done before its time, too
		}
		return d.addTouches(ch, by, []TouchInput{e.touch("", *ch.client)})
	})
}

// TouchFor is what doing something about a client most likely was: as its text says, else the way the client likes to be
// reached, else a call.
func TouchFor(text string, c Client) TouchKind {
	if k := kindInTask(text); k != "" {
		return k
	}
	switch c.Channel {
	case ChannelTelegram, ChannelWhatsApp:
		return TouchMessage
	case ChannelEmail:
		return TouchEmail
	case ChannelVisit:
		return TouchVisit
	}
	return TouchCall
}

// OutcomesFor are the ways in which a touch that took place can have ended, the likeliest first.
func OutcomesFor(k TouchKind) []Outcome {
	if k == TouchMessage || k == TouchEmail {
		return []Outcome{OutcomeOffer, OutcomeAgreed, OutcomeBought, OutcomeThinking, OutcomeRefused}
	}
	return slices.DeleteFunc(slices.Clone(Outcomes), func(o Outcome) bool { return o == OutcomeNotReached })
}
