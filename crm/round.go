package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// DeliverReminders sends all that is due: to many members side by side, to each in order. It returns when nothing is due any
// more, ctx ends or the store fails; after some minutes it takes up no more, and the next call goes on.
func (d *Desk) DeliverReminders(ctx context.Context, n Notifier) (Delivered, error) {
	r := &round{desk: d, to: n, slots: make(chan struct{}, atOnce), queues: map[MemberID][]Reminder{}}
	end := d.now().Add(roundTime)
	idle := true // nobody has been served since it was last looked for what is due
	for ctx.Err() == nil && r.failure() == nil && d.now().Before(end) {
		members, found, err := r.take(ctx)
		r.fail(err)
		for _, id := range members {
			r.start(ctx, id)
		}
		if found {
			idle = false
			continue
		}
		if idle || err != nil {
			break
		}
		r.served.Wait() // what was dealt with may have made something due for somebody else
		idle = true
	}
	r.served.Wait()
	return r.done, errors.Join(r.err, r.odd, ctx.Err())
}

// round is one call of DeliverReminders.
type round struct {
	desk   *Desk
	to     Notifier
	slots  chan struct{} // holds a value for each member who is served
	served sync.WaitGroup
	taking sync.Mutex // from leasing to queueing: what is due for a member is in the store or in its queue

	mu     sync.Mutex
	queues map[MemberID][]Reminder // who is served → what has come up for them meanwhile
	staffs map[TeamID]staff        // read since the last lease for all
	done   Delivered
	err    error // the first that ends the round
	odd    error // what could not be read, and did not end it
}

func (r *round) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func (r *round) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
}

// lease takes the next of what is due, of one member or of all.
func (r *round) lease(ctx context.Context, member MemberID) ([]Reminder, error) {
	now := r.desk.now()
	due, err := r.desk.store.LeaseReminders(ctx, Lease{Member: member, Now: now, Until: now.Add(leaseTime), Limit: leaseBatch})
	if err != nil {
		return due, fmt.Errorf("lease reminders: %w", err)
	}
	return due, nil
}

// staff is the team's people, read at most once for what was leased together: to read all of them for each of them would make
// a morning's digests cost the square of the team.
func (r *round) staff(ctx context.Context, team TeamID) (staff, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s, ok := r.staffs[team]; ok {
		return s, nil
	}
	s, err := r.desk.staff(ctx, team)
	if err == nil {
		r.staffs[team] = s
	}
	return s, err
}

// take leases the next of what is due and puts it into its members' queues. members are those who have to be served now.
func (r *round) take(ctx context.Context) (members []MemberID, found bool, err error) {
	r.taking.Lock()
	defer r.taking.Unlock()
	due, err := r.lease(ctx, "")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.staffs = map[TeamID]staff{}
	for _, one := range due {
		if _, served := r.queues[one.Member]; !served {
			members = append(members, one.Member)
		}
		r.queues[one.Member] = append(r.queues[one.Member], one)
	}
	return members, len(due) > 0, err
}

// start serves a member as soon as there is a slot.
func (r *round) start(ctx context.Context, id MemberID) {
	select {
	case r.slots <- struct{}{}:
		r.served.Go(func() { r.serve(ctx, id) })
	case <-ctx.Done(): // the leases end by themselves
	}
}

// serve sends what is in the member's queue until it is empty.
func (r *round) serve(ctx context.Context, id MemberID) {
	defer func() { <-r.slots }()
	for {
		r.mu.Lock()
		due := r.queues[id]
		if len(due) == 0 || r.err != nil || ctx.Err() != nil {
			delete(r.queues, id)
			r.mu.Unlock()
			return
		}
		r.queues[id] = nil
		r.mu.Unlock()
		if err := r.deliverTo(ctx, id, due); err != nil {
			r.fail(err)
		}
	}
}

// delivery is a reminder with what it tells.
type delivery struct {
	r Reminder
	n Notice
}

func (one delivery) late() bool {
	return one.n.Late >= LateAfter && !one.r.Kind.isList() && one.n.At == ""
}

// deliverTo sends one member's reminders: those that are on time and a few late ones each by itself, many late ones as
// a list. What follows one that could not be sent waits with it.
func (r *round) deliverTo(ctx context.Context, id MemberID, due []Reminder) error {
	ready, err := r.allReady(ctx, id, due)
	if err != nil {
		return err
	}
	alone := inMorning(ready)
	var late []delivery
	for _, message := range alone {
		if message[0].late() {
			late = append(late, message...)
		}
	}
	if len(late) > missedAlone {
		alone = slices.DeleteFunc(alone, func(message []delivery) bool { return message[0].late() })
		asMissed(late, r.desk.now())
		trouble, err := r.deliver(ctx, late...)
		if err != nil {
			return err
		}
		if trouble != "" {
			return r.putBack(ctx, slices.Concat(alone...), trouble)
		}
	}
	for i, message := range alone {
		trouble, err := r.deliver(ctx, message...)
		if err != nil {
			return err
		}
		if trouble != "" {
			return r.putBack(ctx, slices.Concat(alone[i+1:]...), trouble)
		}
	}
	return nil
}

// allReady are those of the reminders that are to be sent now. If something is late, or there is a digest, the rest of what is due
// for the member is taken with it: much becomes one list however much it is, and a digest has to know all that it tells of.
func (r *round) allReady(ctx context.Context, id MemberID, due []Reminder) ([]delivery, error) {
	all, err := r.ready(ctx, due)
	for err == nil && manyAtOnce(all) {
		if due, err = r.rest(ctx, id); err != nil || len(due) == 0 {
			return all, err
		}
		var more []delivery
		more, err = r.ready(ctx, due)
		all = append(all, more...)
	}
	return all, err
}

// manyAtOnce reports whether some of the reminders may become one message.
func manyAtOnce(all []delivery) bool {
	return countLate(all) > 0 || slices.ContainsFunc(all, func(one delivery) bool { return one.r.Kind == RemindDigest })
}

func countLate(all []delivery) int {
	n := 0
	for _, one := range all {
		if one.late() {
			n++
		}
	}
	return n
}

// rest takes what is due for a member out of its queue and the store.
func (r *round) rest(ctx context.Context, id MemberID) ([]Reminder, error) {
	r.taking.Lock()
	defer r.taking.Unlock()
	due, err := r.lease(ctx, id)
	r.mu.Lock()
	defer r.mu.Unlock()
	due = append(r.queues[id], due...)
	r.queues[id] = nil
	return due, err
}

// ready are those of the reminders that are to be sent now, with what they tell. The others are dropped, held for a
// member who has blocked us, or put off to the end of the quiet hours.
func (r *round) ready(ctx context.Context, due []Reminder) ([]delivery, error) {
	var out []delivery
	now := r.desk.now()
	for _, one := range due {
		s, err := r.staff(ctx, one.Team)
		if err != nil {
			return out, err
		}
		n, ok, err := r.desk.notice(ctx, s, one)
		if err != nil {
			if err := r.setAside(ctx, one, err); err != nil {
				return out, err
			}
			continue
		}
		free := n.To.OutOfQuiet(now)
		switch p, live := s.team.place(n.At); {
		case live:
			free = s.team.outOfQuiet(p, now)
		case one.Kind.atOnce():
			free = now
		}
		switch {
		case !ok, !one.wantedBy(n.To):
			one.State, one.Done = ReminderDropped, now
		case !n.To.Blocked.IsZero() && n.To.Reminding.placeOf(n) == "":
			one = one.hold(now)
			err = r.desk.tellOfBlocked(ctx, s, n.To)
		case free.After(now):
			one.State, one.Due = ReminderPlanned, stamp(free)
		default:
			one.Clients = n.names()
			out = append(out, delivery{one, n})
			continue
		}
		if err == nil {
			err = r.desk.moveIfOurs(ctx, one, ReminderLeased)
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// setAside lets a reminder wait whose records cannot be read, so that it holds up no other; the round goes on and tells of it
// at its end.
func (r *round) setAside(ctx context.Context, one Reminder, why error) error {
	if ctx.Err() != nil {
		return why
	}
	r.mu.Lock()
	r.odd = errors.Join(r.odd, fmt.Errorf("reminder %s: %w", one.Kind, why))
	r.mu.Unlock()
	one.State, one.Until = ReminderWaiting, r.desk.now().Add(retryAfter)
	return r.desk.moveIfOurs(ctx, one, ReminderLeased)
}

// deliver sends one message for one or several reminders. Each goes through sending, so that after a crash it is known that
// it may have come. trouble is why there is no use in sending to this member now; "": there is.
func (r *round) deliver(ctx context.Context, all ...delivery) (trouble Trouble, err error) {
	kept := all[:0]
	for _, one := range all {
		one.r.State, one.r.Until = ReminderSending, r.desk.now().Add(leaseTime)
		err := r.desk.move(ctx, one.r, ReminderLeased)
		if errors.Is(err, ErrConflict) && one.r.Kind == RemindDigest {
			return "", nil // what it was to tell of comes by itself when its lease ends
		}
		if errors.Is(err, ErrConflict) {
			continue // somebody else has it: we slept past the lease
		}
		if err != nil {
			return "", errors.Join(err, r.unsend(ctx, kept))
		}
		kept = append(kept, one)
	}
	if len(kept) == 0 {
		return "", nil
	}
	message, sendErr := r.desk.notify(ctx, r.to, together(kept))
	// What was sent is noted even if we are being stopped: it would come again otherwise.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
	defer cancel()
	switch {
	case errors.Is(sendErr, ErrUnreachable):
		err = r.desk.noteBlocked(ctx, kept[0].n.To)
	case sendErr == nil && len(kept) > 1 && kept[0].r.Kind != RemindDigest:
		err = r.desk.keepMissed(ctx, kept[0].n.To, message, kept)
	}
	for _, one := range kept {
		one.r = one.r.after(r.desk.now(), message, sendErr)
		err = errors.Join(err, r.desk.moveIfOurs(ctx, one.r, ReminderSending))
		r.tally(one)
		if one.r.State == ReminderWaiting || one.r.State == ReminderHeld {
			trouble = one.r.Trouble
		}
	}
	if sendErr == nil {
		r.mu.Lock()
		r.done.Messages++
		r.mu.Unlock()
	}
	return trouble, err
}

// unsend lets those that were marked as being sent wait: nothing was sent, and they would come as what may have come before.
func (r *round) unsend(ctx context.Context, marked []delivery) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTime)
	defer cancel()
	var err error
	for _, one := range marked {
		one.r.State, one.r.Until = ReminderWaiting, r.desk.now().Add(retryAfter)
		err = errors.Join(err, r.desk.moveIfOurs(ctx, one.r, ReminderSending))
	}
	return err
}

func (r *round) tally(one delivery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done.add(one.r, one.n.Late)
}

// putBack lets what was to follow wait for a moment, too.
func (r *round) putBack(ctx context.Context, rest []delivery, why Trouble) error {
	for _, one := range rest {
		one.r.State, one.r.Trouble, one.r.Until = ReminderWaiting, why, r.desk.now().Add(retryAfter)
		if err := r.desk.moveIfOurs(ctx, one.r, ReminderLeased); err != nil {
			return err
		}
	}
	return nil
}

// together is one notice of all: the only one itself, a digest with what it tells of, or a list.
func together(all []delivery) Notice {
	first := all[0].n
	if len(all) == 1 {
		return first
	}
	var rest []Notice
	for _, one := range all {
		rest = append(rest, one.n)
	}
	if first.Kind == RemindDigest {
		first.Told = rest[1:]
		return first
	}
	return Notice{To: first.To, Missed: rest}
}
