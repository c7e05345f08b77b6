package crm

import (
	"context"
	"maps"
	"slices"
)

// tellTakers plans to tell each, in one message, of what they were given, or of what has gone from them back to whose it was.
func (d *Desk) tellTakers(ctx context.Context, team Team, m Member) error {
	h := m.Handing
	if h.Back != "" {
		return d.tellLosers(ctx, team, m)
	}
	for _, id := range h.Takers() {
		if n := h.Clients[id]; n > 0 {
			news := Reminder{News: NewsHanded, From: m.ID, Who: id, Count: n, For: d.now()}
			if err := d.tellPlacesOf(ctx, team, news, string(h.Cause)+"."+string(id)); err != nil {
				return err
			}
		}
		if err := d.tellHanding(ctx, team, m, id, Reminder{Count: h.Clients[id], TaskCount: h.Tasks[id]}); err != nil {
			return err
		}
	}
	return nil
}

// tellLosers plans to tell each, in one message, how much has gone from them back to m.
func (d *Desk) tellLosers(ctx context.Context, team Team, m Member) error {
	h := m.Handing
	for _, id := range slices.Sorted(maps.Keys(added(h.Lost, h.LostTasks))) {
		if err := d.tellHanding(ctx, team, m, id, Reminder{Back: true, Count: h.Lost[id], TaskCount: h.LostTasks[id]}); err != nil {
			return err
		}
	}
	return nil
}

// tellHanding plans to tell a member of what went between them and m, unless they have left, or did it themselves and have seen it.
func (d *Desk) tellHanding(ctx context.Context, team Team, m Member, id MemberID, r Reminder) error {
	to, err := d.member(ctx, m.Team, id)
	if err != nil || !to.Removed.IsZero() || id == m.Handing.By {
		return err
	}
	r.ID, r.Kind = reminderID(RemindHanded, string(m.ID), string(m.Handing.Cause), id), RemindHanded
	r.From, r.Who, r.For = m.Handing.By, m.ID, d.now()
	return d.plan(ctx, to.of(team), r)
}
