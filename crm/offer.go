package crm

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"kartoteka/crm/civil"
)

const (
	// offersEvery is how often open offers are looked at; a reminder is planned ahead, so it need not be often.
	offersEvery = time.Hour
	// offersBack is for how many days an offer that should have been planned is looked for, after a stop or when the team waits
	// less than before.
	offersBack = maxMissedDays
	// offersAgain is how long before planning got to it is looked for offers again: what is older was planned then, and it is forgotten after
	// keepReminders that it was.
	offersAgain = keepReminders - 30*24*time.Hour
)

// planOffers plans the reminders of offers that no touch has followed, and of occasions that were put off, some hours ahead.
func (d *Desk) planOffers(ctx context.Context, team Team, s staff, now time.Time) error {
	name := "offers:" + string(team.ID)
	last, err := d.store.Progress(ctx, name)
	if err != nil {
		return fmt.Errorf("read progress: %w", err)
	}
	if !last.IsZero() && now.Sub(last) < offersEvery {
		return nil
	}
	begun, err := d.sinceWhen(ctx, team.ID, now)
	if err != nil {
		return err
	}
	if known := last.Add(-offersAgain); !last.IsZero() && begun.Before(known) {
		begun = known
	}
	wait := team.Stale.Full().Offer
	err = d.store.EachOn(ctx, team.ID, offerKeys(now, wait), func(c Client) error {
		m := s.tending(c.Owner)
		if offerDue(m, c, wait).Before(begun) {
			return nil
		}
		return d.planOffer(ctx, m, c, wait)
	})
	if err != nil {
		return err
	}
	if last.IsZero() {
		last = now
	}
	if err := d.planSnoozes(ctx, team.ID, s, last); err != nil {
		return err
	}
	return d.noteProgress(ctx, name, now)
}

// offersBegun names when offers were first planned in a team.
func offersBegun(team TeamID) string { return "offers-begun:" + string(team) }

// sinceWhen is when offers were first planned in a team: what a base brought along that was due before is no news.
func (d *Desk) sinceWhen(ctx context.Context, team TeamID, now time.Time) (time.Time, error) {
	name := offersBegun(team)
	begun, err := d.store.Progress(ctx, name)
	if err != nil {
		return begun, fmt.Errorf("read progress: %w", err)
	}
	if begun.IsZero() {
		return now, d.noteProgress(ctx, name, now)
	}
	return begun, nil
}

// offersDue are the offers without an answer, of those whom r names, of which m is reminded before a time. One whose client has a
// next contact waits for that.
func (d *Desk) offersDue(ctx context.Context, m Member, r reach, before time.Time) ([]Item, error) {
	if !m.Reminding.Wants(RemindOffer) {
		return nil, nil
	}
	team, err := d.store.Team(ctx, m.Team)
	if err != nil {
		return nil, fmt.Errorf("read team: %w", err)
	}
	begun, err := d.store.Progress(ctx, offersBegun(team.ID))
	if err != nil {
		return nil, fmt.Errorf("read progress: %w", err)
	}
	if begun.IsZero() {
		return nil, nil
	}
	wait := team.Stale.Full().Offer
	one, among := r.narrow()
	cards, err := d.store.Clients(ctx, ClientQuery{Team: m.Team, Owner: one, Among: among, Stages: LiveStages, Dates: offerKeys(before, wait),
		Sort: SortByNewest, Limit: agendaPage})
	if err != nil {
		return nil, fmt.Errorf("open offers: %w", err)
	}
	var all []Item
	for _, c := range cards {
		due := offerDue(m, c, wait)
		if c.Status != StatusBlocked && c.NextContact.IsZero() && !due.Before(begun) && due.Before(before) {
			all = append(all, Item{Kind: RemindOffer, Client: c, Due: due})
		}
	}
	return all, nil
}

// offerKeys are the days of the offers of which one is reminded before a time, or was some days before it.
func offerKeys(before time.Time, wait int) []string {
	var keys []string
	for back := range offersBack + 2 {
		keys = append(keys, offerKey(civil.DateOf(before.UTC()).Plus(1-wait-back)))
	}
	return keys
}

// planOffer plans the reminder of one offer, the same time of day so many days later.
func (d *Desk) planOffer(ctx context.Context, m Member, c Client, wait int) error {
	if c.away() || c.Status == StatusBlocked {
		return nil
	}
	return d.plan(ctx, m, Reminder{ID: offerID(c, wait, m.ID), Kind: RemindOffer, Client: c.ID, For: offerDue(m, c, wait)})
}

func offerDue(m Member, c Client, wait int) time.Time {
	return stamp(c.Offered.In(m.Location()).AddDate(0, 0, wait))
}

// offerID tells one offer from the next, and the days that are waited for it.
func offerID(c Client, wait int, to MemberID) string {
	return reminderID(RemindOffer, string(c.ID), instant(c.Offered)+"-"+strconv.Itoa(wait), to)
}

// offerKey is "o2026-11-20": the day of an open offer, in UTC.
func offerKey(d civil.Date) string { return "o" + d.String() }

func (d *Desk) offerNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	team, err := d.store.Team(ctx, r.Team)
	if err != nil {
		return n, false, fmt.Errorf("read team: %w", err)
	}
	c, wait := n.Client, team.Stale.Full().Offer
	if c.away() || c.Status == StatusBlocked || !c.NextContact.IsZero() || !r.is(offerID(c, wait, r.Member)) {
		return n, false, nil // it was answered, or another one followed, or other days are waited, or the next contact is what comes
	}
	if to := s.tending(c.Owner); to.ID != r.Member {
		return n, false, d.planOffer(ctx, to, c, wait)
	}
	return n, true, nil
}
