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
	}
	return until, until.After(now)
}

// SnoozeContact moves a client's next contact. missed counts it as a call that did not reach them.
func (d *Desk) SnoozeContact(ctx context.Context, by Actor, id ClientID, until time.Time, missed bool) (Client, error) {
	a := ActionEditClient
	if missed {
		a = ActionLogTouch
	}
	return d.edit(ctx, by, id, a, func(ch *change) error {
		if !until.After(d.now()) {
			return invalid("next")
		}
		if missed {
			in := TouchInput{Kind: TouchCall, Outcome: OutcomeNotReached, Next: until}
			return d.addTouches(ch, by, []TouchInput{in})
		}
		ch.client.NextContact = stamp(until)
		return nil
	})
}

// GreetClient notes that a birthday's year is dealt with, so that nothing more is said of it; wished logs that the client
// was congratulated.
func (d *Desk) GreetClient(ctx context.Context, by Actor, id ClientID, wished bool, text string) (Client, error) {
	return d.edit(ctx, by, id, ActionLogTouch, func(ch *change) error {
		today := DateOf(d.clock.Now().In(by.Location()))
		ch.client.Greeted = ch.client.Birthday.Next(today.Plus(-1)).Year
		if !wished {
			return nil
		}
		return d.addTouches(ch, by, []TouchInput{{Kind: TouchMessage, Text: text}})
	})
}

// Birthdays lists by's own clients who celebrate within days from today, the nearest first.
func (d *Desk) Birthdays(ctx context.Context, by Actor, days int) ([]Client, error) {
	if _, _, err := d.gate(ctx, by, ActionFindClients); err != nil {
		return nil, err
	}
	return d.birthdays(ctx, by.Member, days)
}

func (d *Desk) birthdays(ctx context.Context, m Member, days int) ([]Client, error) {
	today := DateOf(d.clock.Now().In(m.Location()))
	var all []Client
	for ahead := range days + 1 {
		found, err := d.store.Clients(ctx, ClientQuery{Team: m.Team, Owner: m.ID, Dates: birthdayKeys(today.Plus(ahead)), Sort: SortByName, Limit: agendaPage})
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
