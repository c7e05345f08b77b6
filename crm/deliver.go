package crm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kartoteka/crm/civil"
)

// What a Notifier may answer, beside success; test with errors.Is. Anything else was not sent and is tried again.
var (
	// ErrUnreachable: the member has blocked us or has no chat with us.
	ErrUnreachable = errors.New("unreachable")
	// ErrUncertain: no answer came; the message may have come or not.
	ErrUncertain = errors.New("uncertain")
	// ErrRefused: the messenger takes no such message; it will not take it later either.
	ErrRefused = errors.New("refused")
)

// Notifier shows a notice to its member and returns the message's id. It may be called from many goroutines, for one member
// from one at a time. After NotifyTime it must not begin to send any more: somebody else may do it then.
type Notifier interface {
	Notify(ctx context.Context, n Notice) (int64, error)
}

// Notice is what a member is told: one reminder with all that is needed to act on it, or, after a stop, several in
// one list.
type Notice struct {
	Place  Place  // where it is shown; zero: in the member's private chat
	Region string // the team's, for phones in what is shown in a Place
	Lost   Place  // of RemindPlaceLost

	To             Member
	Kind           ReminderKind
	Client         Client // zero ID: about none
	Last           Touch  // the last with the client that is no note; zero ID: none yet
	Task           Task
	From           Member        // who handed it over
	Who            Member        // the member that it is about, of RemindBlocked and RemindJoined; whose it was, of what is handed over together
	Back           bool          // of RemindRole: they are in the team again; of RemindDeputy: it is over; of RemindHanded: it has gone back to Who
	Passed         bool          // of RemindHanded: it was theirs, and is Who's now
	Shared         bool          // of RemindRole: managers see the clients of the whole team
	News           NewsKind      // of RemindNews; Clients is how many times, where that counts
	Did            Action        // of NewsExport
	As             ExportFormat  // of NewsExport: of so many Clients; "": of what is no list of clients
	Since          time.Time     // of RemindNews: when it happened
	Message        int64         // of RemindHide: the one that shows Field
	Field          CustomField   // of RemindHide
	At             PlaceID       // where news go that are for a group; "": they are for an owner
	Protected      bool          // the team keeps what is shown from being passed on
	Clients, Tasks int           // how many were handed over together
	Along          Along         // of RemindHanded: what came with the client
	Day            civil.Date    // of the occasion, of the digest
	Late           time.Duration // how long after its time; below LateAfter it is on time
	Again          bool          // it may have come before
	Over           bool          // of one on a list that is looked at again: it is settled
	Agenda         Agenda        // of a digest
	Stale          []Stale       // of a list of stale clients
	Period         civil.Date    // what that list is known by
	Week           Week          // of a summary
	Nudge          Nudge         // of RemindNudge
	Quarter        Quarter       // of RemindQuarter
	Missed         []Notice      // several at once: then only To and this are set
	Told           []Notice      // of a digest: what does not come by itself, since it is on that list

	Absence  Absence  // of RemindDeputy and RemindAway; zero of the latter: it was ended
	Deputy   Member   // of RemindAway; zero: nobody stands in any more
	Gone     Member   // of RemindAway without a Deputy: who was to stand in
	Instead  Member   // in whose place To is told; zero: of what is To's own
	Beside   Member   // who is to see to it, where To is told only to have an eye on it
	Occasion Occasion // of a birthday, an anniversary, another date
}

// names are the clients on the notice's list.
func (n Notice) names() []ClientID {
	var all []ClientID
	for _, s := range n.Stale {
		all = append(all, s.Client.ID)
	}
	return all
}

const (
	// LateAfter is how late a reminder may come without saying so.
	LateAfter = 10 * time.Minute
	// NotifyTime is how long one notice may wait to be sent. A chat that must be left alone for longer is tried later, so that it
	// holds nobody else up.
	NotifyTime = 20 * time.Second
	// leaseTime is how long a process has a reminder to itself, from leasing to sending and from sending to sent: NotifyTime, the
	// answer to what was begun in the last moment, and as much again.
	leaseTime = time.Minute
	// noteTime is how long it may take to note what became of what was sent: the lease still holds then.
	noteTime = leaseTime - NotifyTime - 10*time.Second
	// leaseBatch is how many reminders a process takes at a time: what it sends in some seconds.
	leaseBatch = 200
	// roundTime is for how long one round takes up what is due: ten thousand digests leave in six minutes.
	roundTime = 10 * time.Minute
	// atOnce is how many members are sent to side by side. Telegram lets 30 messages a second through and answers one in a
	// fraction of a second.
	atOnce = 20
	// missedAlone is how many late reminders come one by one; more come as one list.
	missedAlone = 3
	// digestLate is how late a digest is still of use.
	digestLate = 12 * time.Hour
	// retryAfter is what a reminder waits after a failure, times the number of tries up to maxWaits: Telegram may be out of order
	// for hours, and nothing is lost by that.
	retryAfter = time.Minute
	maxWaits   = 5
	// maxRefusals is how often a message is tried that the messenger does not take.
	maxRefusals = 3
	// holdTime is when it is looked again at what is held for a member who has blocked us: by then it may be of no use any more.
	holdTime = 24 * time.Hour
)

// doubtWaits is after what time a reminder is sent again when no answer came. Each time it may come twice, and says so; all of
// it together outlasts an outage.
var doubtWaits = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour}

// Delivered is what was sent and what was not. The zero value is nothing.
type Delivered struct {
	Messages int                   // a list of many reminders is one
	Sent     map[ReminderKind]int  // reminders
	Late     int                   // of those sent: by LateAfter or more
	Failed   map[ReminderState]int // attempts that did not succeed, by what became of the reminder
}

func (d *Delivered) add(r Reminder, late time.Duration) {
	if r.State != ReminderSent {
		if d.Failed == nil {
			d.Failed = map[ReminderState]int{}
		}
		d.Failed[r.State]++
		return
	}
	if d.Sent == nil {
		d.Sent = map[ReminderKind]int{}
	}
	d.Sent[r.Kind]++
	if late >= LateAfter {
		d.Late++
	}
}

// after is the reminder after an attempt to send it.
func (r Reminder) after(now time.Time, message int64, err error) Reminder {
	r.Tries++
	switch {
	case err == nil:
		r.State, r.Message, r.Done, r.Trouble = ReminderSent, message, now, ""
	case errors.Is(err, ErrUnreachable):
		return r.hold(now)
	case errors.Is(err, ErrUncertain):
		r.Trouble, r.Doubted = TroubleUnanswered, true
		if r.Doubts++; r.Doubts <= len(doubtWaits) {
			r.State, r.Until = ReminderWaiting, now.Add(doubtWaits[r.Doubts-1])
			return r
		}
		r.State, r.Done = ReminderUnknown, now
	case errors.Is(err, ErrRefused):
		r.Trouble = TroubleRefused
		if r.Tries < maxRefusals {
			return r.wait(now)
		}
		r.State, r.Done = ReminderFailed, now
	default:
		r.Trouble = TroubleOutage
		return r.wait(now)
	}
	return r
}

// wait lets the reminder wait for the next try; its Due stays what it was. All that has waited for long is tried at the same
// moment, so that it comes as one list.
func (r Reminder) wait(now time.Time) Reminder {
	r.State, r.Until = ReminderWaiting, now.Add(retryAfter*time.Duration(r.Tries))
	if r.Tries >= maxWaits {
		r.Until = now.Truncate(maxWaits * retryAfter).Add(maxWaits * retryAfter)
	}
	return r
}

// hold keeps the reminder for a member who has blocked us.
func (r Reminder) hold(now time.Time) Reminder {
	r.State, r.Until, r.Trouble = ReminderHeld, now.Add(holdTime), TroubleUnreachable
	return r
}

func (d *Desk) move(ctx context.Context, r Reminder, from ReminderState) error {
	if err := d.store.MoveReminder(ctx, r, from); err != nil {
		return fmt.Errorf("reminder %s to %s: %w", r.Kind, r.State, err)
	}
	return nil
}

// moveIfOurs is move for what is of no matter if somebody else has taken the reminder meanwhile.
func (d *Desk) moveIfOurs(ctx context.Context, r Reminder, from ReminderState) error {
	if err := d.move(ctx, r, from); err != nil && !errors.Is(err, ErrConflict) {
		return err
	}
	return nil
}
