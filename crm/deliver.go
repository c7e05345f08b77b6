package crm

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What a Notifier may answer, beside success; test with errors.Is.
var (
	// ErrUnreachable: the member has blocked us or has no chat with us.
	ErrUnreachable = errors.New("unreachable")
	// ErrUncertain: no answer came; the message may have come or not.
	ErrUncertain = errors.New("uncertain")
)

// Notifier shows a notice to its member and returns the message's id.
type Notifier interface {
	Notify(ctx context.Context, n Notice) (int64, error)
}

// Notice is what a member is told: one reminder with all that is needed to act on it, or, after a stop, several in
// one list.
type Notice struct {
	To     Member
	Kind   ReminderKind
	Client Client // zero ID: about none
	Last   Touch  // the last with the client that is no note; zero ID: none yet
	Task   Task
	From   Member        // who handed it over
	Day    Date          // of the birthday, of the digest
	Late   time.Duration // how long after its time; below LateAfter it is on time
	Again  bool          // it may have come before
	Agenda Agenda        // of a digest
	Missed []Notice      // several at once: then only To and this are set
}

const (
	// LateAfter is how late a reminder may come without saying so.
	LateAfter = 10 * time.Minute
	// leaseTime is how long a process may take from leasing to sent: Telegram's answer takes a second, a parked chat a minute.
	leaseTime = 2 * time.Minute
	// leaseBatch is how many reminders a process takes at a time.
	leaseBatch = 50
	// missedAlone is how many late reminders come one by one; more come as one list.
	missedAlone = 3
	// digestLate is how late a digest is still of use.
	digestLate = 12 * time.Hour
	maxTries   = 8
	retryAfter = time.Minute
)

// DeliverReminders sends what is due and returns how many messages went out. Call it until it returns 0.
func (d *Desk) DeliverReminders(ctx context.Context, n Notifier) (sent int, err error) {
	now := d.now()
	leased, err := d.store.LeaseReminders(ctx, Lease{Now: now, Until: now.Add(leaseTime), Limit: leaseBatch})
	if err != nil {
		return 0, fmt.Errorf("lease reminders: %w", err)
	}
	var order []MemberID
	byMember := map[MemberID][]Reminder{} // whom → what is due, in order
	for _, r := range leased {
		if byMember[r.Member] == nil {
			order = append(order, r.Member)
		}
		byMember[r.Member] = append(byMember[r.Member], r)
	}
	var errs []error
	for _, id := range order {
		n, err := d.deliverTo(ctx, n, byMember[id])
		sent += n
		errs = append(errs, err)
	}
	return sent, errors.Join(errs...)
}

// delivery is a reminder with what it tells.
type delivery struct {
	r Reminder
	n Notice
}

// deliverTo sends one member's reminders: those that are on time and a few late ones each by itself, many late ones as
// a list.
func (d *Desk) deliverTo(ctx context.Context, n Notifier, due []Reminder) (sent int, err error) {
	var ready []delivery
	late := 0
	for _, r := range due {
		notice, ok, err := d.notice(ctx, r)
		if err != nil {
			return sent, err
		}
		if !ok {
			r.State, r.Done = ReminderDropped, d.now()
			if err := d.move(ctx, r, ReminderLeased); err != nil {
				return sent, err
			}
			continue
		}
		if notice.Late >= LateAfter && r.Kind != RemindDigest {
			late++
		}
		ready = append(ready, delivery{r, notice})
	}
	if late > missedAlone {
		var missed []delivery
		ready, missed = split(ready)
		if sent, err = d.deliver(ctx, n, missed...); err != nil {
			return sent, err
		}
	}
	for _, one := range ready {
		went, err := d.deliver(ctx, n, one)
		if sent += went; err != nil {
			return sent, err
		}
	}
	return sent, nil
}

// split parts what is on time, and the digest, from what is late.
func split(all []delivery) (onTime, late []delivery) {
	for _, one := range all {
		if one.n.Late >= LateAfter && one.r.Kind != RemindDigest {
			late = append(late, one)
		} else {
			onTime = append(onTime, one)
		}
	}
	return onTime, late
}

// deliver sends one message for one or several reminders and returns how many messages went out, 0 or 1. Each reminder
// goes through sending, so that after a crash it is known that it may have come.
func (d *Desk) deliver(ctx context.Context, n Notifier, all ...delivery) (sent int, err error) {
	kept := all[:0]
	for _, one := range all {
		one.r.State, one.r.Until = ReminderSending, d.now().Add(leaseTime)
		err := d.move(ctx, one.r, ReminderLeased)
		if errors.Is(err, ErrConflict) {
			continue // somebody else has it: we slept past the lease
		}
		if err != nil {
			return 0, err
		}
		kept = append(kept, one)
	}
	if len(kept) == 0 {
		return 0, nil
	}
	message, err := n.Notify(ctx, together(kept))
	if err == nil {
		sent = 1
	}
	for _, one := range kept {
		if moved := d.move(ctx, d.after(one.r, message, err), ReminderSending); moved != nil && !errors.Is(moved, ErrConflict) {
			return sent, moved
		}
	}
	return sent, nil
}

// together is one notice of all: the only one itself, or a list.
func together(all []delivery) Notice {
	if len(all) == 1 {
		return all[0].n
	}
	list := Notice{To: all[0].n.To}
	for _, one := range all {
		list.Missed = append(list.Missed, one.n)
	}
	return list
}

// after is the reminder after an attempt to send it.
func (d *Desk) after(r Reminder, message int64, err error) Reminder {
	now := d.now()
	r.Tries++
	switch {
	case err == nil:
		r.State, r.Message, r.Done = ReminderSent, message, now
	case errors.Is(err, ErrUncertain) && r.Doubted:
		r.State, r.Done = ReminderUnknown, now
	case errors.Is(err, ErrUncertain):
		r.State, r.Doubted, r.Due = ReminderPlanned, true, now.Add(retryAfter)
	case errors.Is(err, ErrUnreachable), r.Tries >= maxTries:
		r.State, r.Done = ReminderFailed, now
	default:
		r.State, r.Due = ReminderPlanned, now.Add(retryAfter*time.Duration(r.Tries))
	}
	return r
}

func (d *Desk) move(ctx context.Context, r Reminder, from ReminderState) error {
	if err := d.store.MoveReminder(ctx, r, from); err != nil {
		return fmt.Errorf("reminder %s to %s: %w", r.Kind, r.State, err)
	}
	return nil
}

// overdueWait is how long a due reminder may wait before something is wrong.
const overdueWait = 5 * time.Minute

// CheckReminders fails if in any team reminders have been due for more than five minutes and are not sent.
func (d *Desk) CheckReminders(ctx context.Context) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	for _, t := range teams {
		waiting, err := d.store.Reminders(ctx, ReminderQuery{Team: t.ID, DueBefore: d.now().Add(-overdueWait), Limit: 1,
			States: []ReminderState{ReminderPlanned, ReminderLeased, ReminderSending}})
		if err != nil {
			return fmt.Errorf("read reminders: %w", err)
		}
		if len(waiting) > 0 {
			return errors.New("reminders wait")
		}
	}
	return nil
}
