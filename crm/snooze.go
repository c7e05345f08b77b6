package crm

import (
	"context"
	"time"
)

// Snooze is a way to put a reminder off that fits a button.
type Snooze string

const (
	SnoozeHour     Snooze = "1h"
	SnoozeEvening  Snooze = "evening"  // 19:00
	SnoozeTomorrow Snooze = "tomorrow" // 10:00
	SnoozeThree    Snooze = "3d"       // 10:00
	SnoozeWeek     Snooze = "7d"       // 10:00

	SnoozeFortnight Snooze = "14d" // 10:00; for a client who has waited long, and can wait on
)

// Snoozes in the order in which people are offered them.
var Snoozes = []Snooze{SnoozeHour, SnoozeEvening, SnoozeTomorrow, SnoozeThree, SnoozeWeek}

const eveningHour = 19

// Until is when a snooze ends, at the place of now; ok is false if it means nothing now (the evening has come).
func (s Snooze) Until(now time.Time) (until time.Time, ok bool) {
	e := entry{now: now}
	switch s {
	case SnoozeHour:
		until = now.Add(time.Hour).Truncate(time.Minute)
	case SnoozeEvening:
		until = e.at(e.today(), eveningHour)
	case SnoozeTomorrow:
		until = e.at(e.today().Plus(1), contactHour)
	case SnoozeThree:
		until = e.at(e.today().Plus(3), contactHour)
	case SnoozeWeek:
		until = e.at(e.today().Plus(7), contactHour)
	case SnoozeFortnight:
		until = e.at(e.today().Plus(14), contactHour)
	}
	return until, until.After(now)
}

// PutOff says how a client's next contact is put off.
type PutOff struct {
	Seen   time.Time // the next contact that by was shown; zero: not compared
	Offer  time.Time // the offer without an answer that by was shown; zero: not compared
	Until  time.Time // zero if missed: the next try
	Missed bool      // a call did not reach them: it is logged
}

// SnoozeContact moves a client's next contact. ErrConflict on "client" if it is no longer the one that was seen, or the
// offer is not, so that a second press does not log a second call, or if it is then already; ErrInvalid on "next" if the new one
// is not after now.
func (d *Desk) SnoozeContact(ctx context.Context, by Actor, id ClientID, p PutOff) (Client, error) {
	a := ActionEditClient
	if p.Missed {
		a = ActionLogTouch
	}
	return d.edit(ctx, by, id, a, func(ch *change) error {
		if !stillAt(p.Seen, ch.client.NextContact) || !stillAt(p.Offer, ch.client.Offered) {
			return &Error{Kind: ErrConflict, Field: "client"}
		}
		if p.Missed && p.Until.IsZero() {
			n, err := d.attempts(ctx, by.Team, id)
			if err != nil {
				return err
			}
			p.Until = by.NextTry(n+1, d.now())
		}
		if !p.Until.After(d.now()) {
			return invalid("next")
		}
		if !p.Missed && ch.client.NextContact.Equal(stamp(p.Until)) {
			return &Error{Kind: ErrConflict, Field: "client"} // nothing is put off: what would be undone is an older change
		}
		if p.Missed {
			in := TouchInput{Kind: TouchCall, Outcome: OutcomeNotReached, Next: p.Until}
			return d.addTouches(ch, by, []TouchInput{in})
		}
		ch.decide(by, Decision{What: DecidedLater, About: p.about(*ch.client), Until: stamp(p.Until)})
		ch.client.NextContact = stamp(p.Until)
		return nil
	})
}

// about is what is put off: an offer, a contact that was planned, or else one that ought to be.
func (p PutOff) about(c Client) ReminderKind {
	switch {
	case !p.Offer.IsZero():
		return RemindOffer
	case c.NextContact.IsZero():
		return RemindStale
	}
	return RemindContact
}

// stillAt reports whether a time is the one that was seen, to the second since a button keeps no more; any is if none was.
func stillAt(seen, now time.Time) bool { return seen.IsZero() || seen.Unix() == now.Unix() }
