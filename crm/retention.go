package crm

import (
	"context"
	"fmt"
)

// Data are not to be kept for longer than what they are for (GDPR, article 5 (1) (e); 152-ФЗ, article 5 (7)); no law says how
// many years that is. So clients without contact for some years are shown to those who may erase: nobody is ever erased
// by the clock.
const (
	// UsualKeepYears is how long a team keeps clients without contact that has set nothing else: the longest of the terms for
	// which a business has to keep papers about a sale (402-ФЗ, article 29 (1)); claims end after three.
	UsualKeepYears = 5
	// KeepForever is Team.KeepYears of a team that has switched it off.
	KeepForever = -1
)

// KeepYears are what a team is offered, KeepForever last.
var KeepYears = []int{1, 3, UsualKeepYears, 10, KeepForever}

// KeptFor is how many years the team keeps clients without contact; KeepForever if it asks nothing.
func (t Team) KeptFor() int {
	if t.KeepYears == 0 {
		return UsualKeepYears
	}
	return t.KeepYears
}

// SetKeepYears says after how many years without contact clients are proposed for erasure. ErrInvalid on "keep_years".
func (d *Desk) SetKeepYears(ctx context.Context, by Actor, years int) (Team, error) {
	if years != KeepForever && (years < 1 || years > 75) {
		return Team{}, invalid("keep_years")
	}
	return d.editTeam(ctx, by, func(t *Team) error {
		t.KeepYears = years
		return nil
	})
}

// outdatedPage is how many cards are read at a time.
const outdatedPage = 100

// Outdated lists clients without contact for longer than the team keeps them, the longest silent first: at most limit, and whether
// there are more. Those with whom the next contact is planned, and those who are to be kept for another year, are not among them.
func (d *Desk) Outdated(ctx context.Context, by Actor, limit int) (list []Client, more bool, err error) {
	team, reach, err := d.gate(ctx, by, ActionEraseClient)
	if err != nil {
		return nil, false, err
	}
	return d.outdated(ctx, team, reach, limit)
}

func (d *Desk) outdated(ctx context.Context, team Team, reach reach, limit int) (list []Client, more bool, err error) {
	if team.KeptFor() == KeepForever {
		return nil, false, nil
	}
	cut := d.now().AddDate(-team.KeptFor(), 0, 0)
	q := ClientQuery{Team: team.ID, TouchedBefore: cut, CreatedBefore: cut, NextBefore: d.now(), Sort: SortByTouch, Limit: outdatedPage}
	q.Owner, q.Among = reach.narrow()
	// Those who are kept are told apart here: they are as many as somebody has tapped on within a year.
	for {
		page, err := d.store.Clients(ctx, q)
		if err != nil {
			return nil, false, fmt.Errorf("list clients without contact: %w", err)
		}
		for _, c := range page {
			if c.KeepTill.After(d.now()) {
				continue
			}
			if len(list) == limit {
				return list, true, nil
			}
			list = append(list, c)
		}
		if len(page) < q.Limit {
			return list, false, nil
		}
		mark := page[len(page)-1].Mark(q.Sort)
		q.After = &mark
	}
}

// KeepYear keeps a client for another year.
func (d *Desk) KeepYear(ctx context.Context, by Actor, id ClientID) (Client, error) {
	return d.edit(ctx, by, id, ActionKeepClient, func(ch *change) error {
		ch.client.KeepTill = d.now().AddDate(1, 0, 0)
		return nil
	})
}
