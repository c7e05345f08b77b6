package crm

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// beginHanding hands over what does not go with the member's role any more, if there is anything.
func (d *Desk) beginHanding(ctx context.Context, by Actor, team Team, m *Member, to []MemberID) error {
	comes := m.Handing.UnderWay() && m.Handing.Back != ""
	if len(to) == 0 { // asked before anything is given or told
		leaves, err := d.left(ctx, team, *m)
		if err != nil {
			return err
		}
		if !leaves.Keepable && (!leaves.None() || comes && len(m.Handing.Page) > 0) {
			return invalid(FieldHeir)
		}
	}
	if comes && (len(to) > 0 || !m.takes(team, ActionTendClients)) {
		if err := d.stopReturn(ctx, team, m); err != nil {
			return err
		}
	}
	leaves, err := d.left(ctx, team, *m)
	if err != nil || leaves.None() {
		return err
	}
	switch {
	case len(to) > 0:
		return d.handTo(ctx, by, team, m, to)
	case leaves.Keepable:
		return nil
	}
	return invalid(FieldHeir)
}

// handTo notes on the member's record that what is theirs goes to others. Where it is on its way already the rest of it goes to
// them: who is removed does not stay until the clock is through.
func (d *Desk) handTo(ctx context.Context, by Actor, team Team, m *Member, to []MemberID) error {
	for _, id := range to {
		if _, err := d.taker(ctx, team, id, ActionTendClients); err != nil {
			return err
		}
		if id == m.ID {
			return &Error{Kind: ErrNotFound, Field: "member"}
		}
	}
	total, _, err := d.owned(ctx, *m)
	if err != nil {
		return err
	}
	if m.Handing.UnderWay() {
		m.Handing.To, m.Handing.Total = slices.Clone(to), m.Handing.Sum()+total
		return nil
	}
	m.Handing = Handing{Cause: by.Cause, By: by.ID, To: slices.Clone(to), Begun: d.now(), Total: total}
	return nil
}

// stopReturn ends that a member's clients come back to them, since they are to go to others after all. Those that are on their way
// arrive, so that they are among what goes.
func (d *Desk) stopReturn(ctx context.Context, team Team, m *Member) error {
	h, err := d.give(ctx, team, *m)
	if err != nil {
		return fmt.Errorf("end the return of clients: %w", err)
	}
	m.Handing = h
	m.Handing.Page, m.Handing.Done = nil, d.now()
	return d.tellLosers(ctx, team, *m)
}

// handLate hands over what a member who may have no clients has all the same: it was given or added at the very moment at which they
// left, and nobody would see it. It belongs to what went then, and comes back with that.
func (d *Desk) handLate(ctx context.Context, team Team, m Member) (Member, error) {
	if m.Handing.UnderWay() || m.takes(team, ActionTendClients) {
		return m, nil
	}
	late, err := d.left(ctx, team, m)
	if err != nil || late.None() {
		return m, err
	}
	if h := &m.Handing; h.Begun.IsZero() || h.Back != "" {
		*h = Handing{Cause: Cause(fmt.Sprintf("late.%s.%d", m.ID, m.Rev)), By: h.By, Begun: d.now(), Total: late.Clients}
	} else {
		h.Done, h.Told, h.ToldTasks, h.Total = time.Time{}, h.Clients, h.Tasks, h.Sum()+late.Clients
	}
	return d.saveHanding(ctx, m)
}

// owned counts whom a member is responsible for, and how many of them are in the bin.
func (d *Desk) owned(ctx context.Context, m Member) (all, binned int, err error) {
	for _, bin := range []Bin{BinOutside, BinInside} {
		n, err := d.store.CountClients(ctx, ClientQuery{Team: m.Team, Owner: m.ID, Bin: bin}, MostCounted)
		if err != nil {
			return 0, 0, fmt.Errorf("count clients: %w", err)
		}
		if all += n; bin == BinInside {
			binned = n
		}
	}
	return all, binned, nil
}
