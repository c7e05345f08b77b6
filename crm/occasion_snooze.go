package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kartoteka/crm/civil"
)

// Snoozed is an occasion of a client that was put off: it is reminded of again then, as what it is.
type Snoozed struct {
	Kind  ReminderKind `json:"kind" bson:"kind"`
	Date  string       `json:"date,omitempty" bson:"date,omitempty"` // of RemindDate: its Key
	Day   civil.Date   `json:"day" bson:"day"`                       // which of its days
	Until time.Time    `json:"until" bson:"until"`
}

// of reports whether it is this occasion that was put off.
func (s Snoozed) of(o Occasion) bool {
	return s.Kind == o.Kind && s.Day == o.Day && (o.Kind != RemindDate || s.Date == o.Date.Key())
}

// same reports whether both are of one occasion.
func (s Snoozed) same(o Snoozed) bool { return s.Kind == o.Kind && s.Date == o.Date && s.Day == o.Day }

// snoozedUntil is until when an occasion was put off; zero if it was not.
func (c Client) snoozedUntil(o Occasion) time.Time {
	for _, s := range c.Snoozed {
		if s.of(o) {
			return s.Until
		}
	}
	return time.Time{}
}

// snooze puts an occasion off. What is put off the same way of years ago is forgotten by that.
func (c *Client) snooze(o Occasion, until time.Time) {
	c.unsnooze(o)
	c.Snoozed = slices.DeleteFunc(c.Snoozed, func(s Snoozed) bool { return s.Until.Before(until.AddDate(-1, 0, 0)) })
	s := Snoozed{Kind: o.Kind, Day: o.Day, Until: until}
	if o.Kind == RemindDate {
		s.Date = o.Date.Key()
	}
	c.Snoozed = append(c.Snoozed, s)
}

func (c *Client) unsnooze(o Occasion) {
	c.Snoozed = slices.DeleteFunc(c.Snoozed, func(s Snoozed) bool { return s.of(o) })
}

// SnoozeOccasion puts the nearest occasion of a kind off: it comes again then, to whoever is responsible for the client. ErrNotFound
// on "date" if the card no longer has it, ErrConflict on "client" if it is dealt with or put off until then already, ErrInvalid on "next" if until is not after now.
func (d *Desk) SnoozeOccasion(ctx context.Context, by Actor, id ClientID, f Finish, until time.Time) (Client, error) {
	var o Occasion
	c, err := d.edit(ctx, by, id, ActionLogTouch, func(ch *change) (err error) {
		o, err = d.openOccasion(by, ch.client, f)
		switch {
		case err != nil:
			return err
		case !until.After(d.now()):
			return invalid("next")
		case o.Until.Equal(stamp(until)):
			return &Error{Kind: ErrConflict, Field: "client"}
		}
		ch.client.snooze(o, stamp(until))
		what := o.decided(DecidedLater)
		what.Until = stamp(until)
		ch.decide(by, what)
		return nil
	})
	if err != nil {
		return c, err
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return c, err
	}
	o.Client, o.Until = c, c.snoozedUntil(o)
	return c, d.planSnoozed(ctx, s.tending(c.Owner), o)
}

// planSnoozed plans the reminder of an occasion that was put off.
func (d *Desk) planSnoozed(ctx context.Context, m Member, o Occasion) error {
	r := Reminder{ID: snoozedID(o, m.ID), Kind: o.Kind, Client: o.Client.ID, Day: o.Day, Snoozed: true, For: o.Until}
	if o.Kind == RemindDate {
		r.Date = o.Date.Key()
	}
	return d.plan(ctx, m, r)
}

// planSnoozes plans what was put off until a time after since and soon, as far as it is not planned: the card may have become another's,
// or another card this one.
func (d *Desk) planSnoozes(ctx context.Context, team TeamID, s staff, since time.Time) error {
	from, until := since.UTC(), d.now().Add(2*offersEvery)
	if first := until.AddDate(0, 0, -maxMissedDays); from.Before(first) {
		from = first
	}
	var keys []string
	for day := civil.DateOf(from); day.String() <= civil.DateOf(until).String(); day = day.Plus(1) {
		keys = append(keys, snoozedKey(day))
	}
	return d.store.EachOn(ctx, team, keys, func(c Client) error {
		m := s.tending(c.Owner)
		for _, put := range c.Snoozed {
			if c.away() || put.Until.Before(from) || put.Until.After(until) {
				continue
			}
			for _, o := range c.occasions(put.Day, m.Location()) {
				if !put.of(o) || o.Dealt {
					continue
				}
				if err := d.planSnoozed(ctx, m, o); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func snoozedID(o Occasion, to MemberID) string {
	when := o.Day.String() + "-" + instant(o.Until)
	if o.Kind == RemindDate {
		when += "-" + o.Date.Key()
	}
	return reminderID(o.Kind, string(o.Client.ID), when, to)
}

// snoozedNotice tells of an occasion that was put off, if it is still the card's, not dealt with and not put off to another time.
func (d *Desk) snoozedNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	to := s.tending(n.Client.Owner)
	all := n.Client.occasions(r.Day, to.Location())
	i := slices.IndexFunc(all, func(o Occasion) bool { return o.Kind == r.Kind && (r.Kind != RemindDate || o.Date.Key() == r.Date) })
	if n.Client.Stage == StageArchive || i < 0 || all[i].Dealt || !r.is(snoozedID(all[i], r.Member)) {
		return n, false, nil
	}
	if n.Occasion = all[i]; to.ID != r.Member {
		return n, false, d.planSnoozed(ctx, to, n.Occasion)
	}
	var err error
	if r.Kind != RemindDate {
		n.Occasion.Unwished, err = d.unwished(ctx, s.team, n.Client.ID)
	}
	return n, err == nil, err
}

// snoozedBack is for how many days an occasion that was put off stays on the day's lists unless it is dealt with.
const snoozedBack = 7

// snoozedKey is "l2026-11-20": the day, in UTC, until which an occasion is put off.
func snoozedKey(d civil.Date) string { return "l" + d.String() }

// comeAgain are the occasions of days that are over which were put off to today or to a day shortly before.
func (d *Desk) comeAgain(ctx context.Context, m Member, whose reach) ([]Occasion, error) {
	loc := m.Location()
	today := civil.DateOf(d.clock.Now().In(loc))
	var keys []string
	for back := -1; back <= snoozedBack+1; back++ {
		keys = append(keys, snoozedKey(today.Plus(-back)))
	}
	one, among := whose.narrow()
	found, err := d.store.Clients(ctx, ClientQuery{Team: m.Team, Owner: one, Among: among, Stages: LiveStages, Dates: keys, Sort: SortByName, Limit: agendaPage})
	if err != nil {
		return nil, fmt.Errorf("occasions that were put off: %w", err)
	}
	var all []Occasion
	for _, c := range found {
		for _, s := range c.Snoozed {
			back := civil.DateOf(s.Until.In(loc)).DaysUntil(today)
			if back < 0 || back > snoozedBack || s.Day.String() >= today.String() {
				continue
			}
			for _, o := range c.occasions(s.Day, loc) {
				if s.of(o) && !o.Dealt {
					all = append(all, o)
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Occasion) int { return strings.Compare(a.Day.String(), b.Day.String()) })
	return all, inPlace(ctx, d, m, all, (*Occasion).place)
}
