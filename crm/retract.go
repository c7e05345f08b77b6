package crm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// UndoTask takes the last change of a task back, if rev is still its revision: it is open again, due when it was, and
// whose it was. If it is due already and nobody was reminded of it, that comes now. The touch that was logged with it stays
// in the history as one that was taken back, and the card is as if it had never been. ErrConflict on "task" if the task has
// changed since.
func (d *Desk) UndoTask(ctx context.Context, by Actor, id TaskID, rev int64) (Task, error) {
	t, err := d.changeTaskAs(ctx, by, id, d.lastHad, func(t *Task, ev *Event) error {
		last, err := d.lastEvent(ctx, by.Team, string(id))
		if err != nil {
			return err
		}
		if t.Rev != rev+1 || last.Action != ActionEditTask || last.Undoes != "" {
			return &Error{Kind: ErrConflict, Field: "task"}
		}
		ev.Undoes = last.ID
		now := t.Rev
		err = putBack(t, last.Fields)
		t.Rev = now
		return err
	})
	if err != nil {
		return t, err
	}
	undo, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if errors.Is(err, ErrNotFound) {
		return t, nil // nothing was changed
	}
	if err != nil {
		return t, fmt.Errorf("read what was taken back: %w", err)
	}
	_, passed := undo.Fields["assignee"]
	if err = d.remindOfTask(ctx, by, t, passed && t.Assignee != by.ID); err != nil || t.Client == "" {
		return t, err
	}
	touch, err := d.store.Event(ctx, by.Team, (undo.Undoes.cause() + secondCause).EventID(0))
	if errors.Is(err, ErrNotFound) {
		return t, nil // none was logged
	}
	if err != nil {
		return t, fmt.Errorf("read the touch that is taken back: %w", err)
	}
	if touch.Action == ActionDecide {
		_, err = d.unseen(ctx, by.then(), t.Client, func(ch *change) error {
			ch.event.Undoes, ch.replaced = touch.ID, nil
			return d.takeBackDecision(ctx, ch, touch)
		})
		return t, err
	}
	_, err = d.retract(ctx, by.then(), t.Client, touch)
	return t, withoutCard(err)
}

// lastHad is Task, and one that by has just given away: nobody has touched it since.
func (d *Desk) lastHad(ctx context.Context, by Actor, id TaskID) (Task, error) {
	t, err := d.task(ctx, by, id)
	var handed *HandedOverError
	if !errors.As(err, &handed) {
		return t, err
	}
	last, missing := d.lastEvent(ctx, by.Team, string(id))
	if _, passed := last.Fields["assignee"]; missing != nil || !passed || last.By != by.ID || last.Undoes != "" {
		return t, err
	}
	if t, err = d.store.Task(ctx, by.Team, id); err != nil {
		return t, fmt.Errorf("read a task that was given away: %w", err)
	}
	return t, nil
}

// remindOfTask reminds of a task that is open again and due already. Whoever was reminded of it before has the message, unless
// somebody else has given it back to them.
func (d *Desk) remindOfTask(ctx context.Context, by Actor, t Task, given bool) error {
	if t.State != TaskOpen || t.Due.After(d.now()) {
		return nil
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return err
	}
	to := s.of(t.Assignee)
	r := Reminder{ID: taskReminder(t, to.ID), Kind: RemindTask, Task: t.ID, Client: t.Client, For: t.Due}
	again := []ReminderState{ReminderDropped}
	if given {
		r.From, again = by.ID, overStates
	}
	return d.remindNow(ctx, by, to, r, again...)
}

// tasksComeBack reminds of the tasks of a card that an event has taken out of the bin, where they rested, if they fell due meanwhile.
func (d *Desk) tasksComeBack(ctx context.Context, ev Event, c Client) error {
	s, err := d.staff(ctx, c.Team)
	if err != nil {
		return err
	}
	for page, err := range d.openTasks(ctx, c.Team, c.ID) {
		if err != nil {
			return err
		}
		for _, t := range page {
			if t.Due.After(ev.At) {
				return nil // they come in the order of their days
			}
			if t.countsDown() {
				continue
			}
			to := s.of(t.Assignee)
			r := Reminder{ID: taskReminder(t, to.ID), Kind: RemindTask, Task: t.ID, Client: t.Client, For: t.Due}
			if err := d.remindSince(ctx, ev, to, r, ReminderDropped); err != nil {
				return err
			}
		}
	}
	return nil
}

// remindOfContact is remindOfTask for a client's next contact.
func (d *Desk) remindOfContact(ctx context.Context, by Actor, c Client) error {
	if c.NextContact.IsZero() || c.NextContact.After(d.now()) || c.Stage == StageArchive {
		return nil
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return err
	}
	to := s.tending(c.Owner)
	r := Reminder{ID: reminderID(RemindContact, string(c.ID), instant(c.NextContact), to.ID), Kind: RemindContact, Client: c.ID, For: c.NextContact}
	return d.remindNow(ctx, by, to, r, ReminderDropped)
}

// remindOfOffer is remindOfTask for an offer that the change has made wait for its answer again, be it that no next contact is planned any more.
func (d *Desk) remindOfOffer(ctx context.Context, by Actor, c Client) error {
	if c.Offered.IsZero() || !c.NextContact.IsZero() || c.away() || c.Status == StatusBlocked {
		return nil
	}
	ev, err := d.store.Event(ctx, by.Team, by.Cause.EventID(0))
	if errors.Is(err, ErrNotFound) {
		return nil // nothing was changed
	}
	_, offered := ev.Fields["offered"]
	_, next := ev.Fields["next_contact"]
	if err != nil || !offered && !next {
		return err
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return err
	}
	to, wait := s.tending(c.Owner), s.team.Stale.Full().Offer
	due := offerDue(to, c, wait)
	if due.After(d.now()) {
		return nil
	}
	return d.remindNow(ctx, by, to, Reminder{ID: offerID(c, wait, to.ID), Kind: RemindOffer, Client: c.ID, For: due}, ReminderDropped)
}

// UndoContact is UndoTask for what was done about a client's next contact, birthday or other day, or about their being on a list:
// finished, missed, put off, handed over unless that has been done, archived.
func (d *Desk) UndoContact(ctx context.Context, by Actor, id ClientID, rev int64) (Client, error) {
	team, reach, err := d.gate(ctx, by, ActionLogTouch)
	if err != nil {
		return Client{}, err
	}
	c, err := d.visible(ctx, team, by, id)
	if err != nil {
		return Client{}, err
	}
	id = c.ID
	last, err := d.lastEvent(ctx, by.Team, string(id))
	if err != nil {
		return Client{}, err
	}
	if last.Action == ActionArchiveClient && last.Rev == rev {
		return d.UndoClient(ctx, by, id, rev)
	}
	decided, again := last.ID, last.ID == by.Cause.EventID(0)
	if again {
		decided = last.Undoes
	}
	given, handed, err := d.givenTask(ctx, by.Team, decided)
	if err != nil {
		return c, err
	}
	if !again && (handed && given.State != TaskOpen || last.Rev != rev || last.Undoes != "" || last.Action != ActionLogTouch && last.Action != ActionEditClient) {
		return c, &Error{Kind: ErrConflict, Field: "client"}
	}
	// What undoes a change needs the right to make it.
	if !reach.allows(c) || !d.reach(team, by.Member, last.Action).allows(c) {
		return c, &Error{Kind: ErrDenied, Field: string(last.Action)}
	}
	if c, err = d.retract(ctx, by, id, last); err != nil || !handed {
		return c, err
	}
	_, err = d.editTask(ctx, by.then(), given.ID, func(t *Task) error { // whoever has it by now
		if t.State == TaskOpen {
			t.close(TaskDropped, by.ID, d.now())
		}
		return nil
	})
	return c, err
}

// UndoOffer is UndoContact for what was done about an offer without an answer. A try that was put off once more is taken back
// with that, since the offer waits for its answer only then.
func (d *Desk) UndoOffer(ctx context.Context, by Actor, id ClientID, rev int64) (Client, error) {
	c, err := d.UndoContact(ctx, by, id, rev)
	if err != nil || !c.Offered.IsZero() {
		return c, err
	}
	before, err := d.eventBefore(ctx, by.Team, string(id), rev)
	if errors.Is(err, ErrNotFound) {
		return c, nil
	}
	if err != nil || before.By != by.ID || before.Action != ActionLogTouch || before.Undoes != "" || before.Fields["offered"].Before == "" {
		return c, err
	}
	return d.retract(ctx, by.then(), id, before)
}

// DecidedDay is the revision with which UndoContact takes back how by dealt with a day of a client's; 0 if something else has
// been done since, or by did not.
func (d *Desk) DecidedDay(ctx context.Context, by Actor, id ClientID) (int64, error) {
	team, reach, err := d.gate(ctx, by, ActionLogTouch)
	if err != nil {
		return 0, err
	}
	c, err := d.visible(ctx, team, by, id)
	if err != nil || !reach.allows(c) {
		return 0, cmp.Or(err, error(&Error{Kind: ErrDenied, Field: string(ActionLogTouch)}))
	}
	last, err := d.lastEvent(ctx, by.Team, string(c.ID))
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil || last.By != by.ID || last.Action != ActionLogTouch || last.Undoes != "" {
		return 0, err
	}
	if given, handed, err := d.givenTask(ctx, by.Team, last.ID); err != nil || handed && given.State != TaskOpen {
		return 0, err
	}
	for _, field := range []string{"greeted", "celebrated", "dates"} {
		if _, decided := last.Fields[field]; decided {
			return last.Rev, nil
		}
	}
	return 0, nil
}

// retract makes a card as if an event had not been, and takes its touches back. Where other things have happened since, what
// the event changed is put back where it is still so, and what the card tells of its touches is gathered anew.
func (d *Desk) retract(ctx context.Context, by Actor, id ClientID, ev Event) (Client, error) {
	logged, err := d.logged(ctx, id, ev, TouchKinds...)
	if err != nil {
		return Client{}, err
	}
	c, err := d.edit(ctx, by, id, ActionLogTouch, func(ch *change) error {
		ch.event.Undoes, ch.replaced = ev.ID, nil
		for _, t := range logged {
			ch.replaced = append(ch.replaced, t.undone())
		}
		if err := d.takeBackDecision(ctx, ch, ev); err != nil {
			return err
		}
		if ch.client.Rev == ev.Rev {
			return putBack(ch.client, ev.Fields)
		}
		now, still := fieldsOf(*ch.client), map[string]Delta{}
		for name, delta := range ev.Fields {
			if string(now[name]) == delta.After && !slices.Contains(counted, name) {
				still[name] = delta
			}
		}
		if err := putBack(ch.client, still); err != nil || len(logged) == 0 {
			return err
		}
		return d.recount(ctx, ch.client, logged)
	})
	if err != nil {
		return c, err
	}
	return c, errors.Join(d.remindOfOffer(ctx, by, c), d.remindOfContact(ctx, by, c))
}

// logged are the touches of some kinds that an event logged and that nobody has taken back.
func (d *Desk) logged(ctx context.Context, id ClientID, ev Event, kinds ...TouchKind) ([]Touch, error) {
	cause := ev.ID.cause()
	q := TouchQuery{Team: ev.Team, Client: id, Kinds: kinds, Limit: maxLogged}
	for n := range maxLogged {
		q.IDs = append(q.IDs, NewTouchID(ev.Team, cause, n))
	}
	list, err := d.store.Touches(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read what was logged: %w", err)
	}
	return list, nil
}

// maxLogged is how many touches of one event are taken back; what ends a matter logs one.
const maxLogged = 5

// recount gathers anew what a card tells of its touches when some of them did not happen.
func (d *Desk) recount(ctx context.Context, c *Client, undone []Touch) error {
	c.Touches -= len(undone)
	first := slices.ContainsFunc(undone, func(t Touch) bool { return t.At.Equal(c.FirstContact) })
	bought := slices.ContainsFunc(undone, func(t Touch) bool { return t.Outcome == OutcomeBought }) // the last purchase is to be found
	if c.LastTouch, c.Offered = (time.Time{}), (time.Time{}); bought {
		c.Bought = Purchase{}
	}
	for t, err := range d.touches(ctx, TouchQuery{Team: c.Team, Client: c.ID, Kinds: TouchKinds}) {
		switch {
		case err != nil:
			return err
		case slices.ContainsFunc(undone, func(u Touch) bool { return u.ID == t.ID }):
			continue
		case c.LastTouch.IsZero():
			if c.LastTouch = t.At; t.Outcome == OutcomeOffer {
				c.Offered = t.At
			}
		}
		if bought && t.Outcome == OutcomeBought {
			c.Bought, bought = t.Purchase, false
		}
		if !first && !bought {
			break
		}
		if first {
			c.FirstContact = t.At
		}
	}
	if c.LastTouch.IsZero() {
		c.FirstContact = time.Time{}
	}
	if !c.NextContact.After(c.LastTouch) {
		c.NextContact = time.Time{} // it has happened since
	}
	return nil
}

// touches are all that a query means, newest first, read page by page.
func (d *Desk) touches(ctx context.Context, q TouchQuery) iter.Seq2[Touch, error] {
	q.Limit = historyPage
	return func(yield func(Touch, error) bool) {
		for {
			page, err := d.store.Touches(ctx, q)
			if err != nil {
				yield(Touch{}, fmt.Errorf("touches of %s: %w", q.Client, err))
				return
			}
			for _, t := range page {
				if !yield(t, nil) {
					return
				}
			}
			if len(page) < q.Limit {
				return
			}
			last := page[len(page)-1]
			q.After = &TouchMark{At: last.At, ID: last.ID}
		}
	}
}

// aside reports whether the event has left what people know of the card as it was: what was decided about tasks stands only in the history, and
// what is sealed anew is the same value.
func (e Event) aside() bool { return e.Action == ActionDecide || e.Action == ActionReseal }

// lastEvent is the newest event of a record that changed it.
func (d *Desk) lastEvent(ctx context.Context, team TeamID, record string) (Event, error) {
	return d.eventBefore(ctx, team, record, 0)
}

// eventBefore is lastEvent of those before a revision; 0: of all.
func (d *Desk) eventBefore(ctx context.Context, team TeamID, record string, rev int64) (Event, error) {
	for q := (EventQuery{Team: team, Record: record, BeforeRev: rev, Limit: historyPage}); ; {
		events, err := d.store.Events(ctx, q)
		if err != nil {
			return Event{}, fmt.Errorf("read the last change: %w", err)
		}
		for _, e := range events {
			if !e.aside() {
				return e, nil
			}
		}
		if len(events) < q.Limit {
			return Event{}, &Error{Kind: ErrNotFound, Field: "event"}
		}
		q.BeforeRev = events[len(events)-1].Rev
	}
}
