package crm

import (
	"context"
	"maps"
	"slices"
	"strconv"
)

// tellTakers plans to tell each, in one message, of what they were given, or of what has gone from them back to whose it was.
func (d *Desk) tellTakers(ctx context.Context, team Team, m Member) error {
	h := m.Handing
	if h.Back != "" {
		return d.tellLosers(ctx, team, m)
	}
	for _, id := range h.Takers() {
		n, tasks := h.Clients[id]-h.Told[id], h.Tasks[id]-h.ToldTasks[id]
		if n+tasks == 0 {
			continue
		}
		if n > 0 {
			news := Reminder{News: NewsHanded, From: m.ID, Who: id, Count: n, For: d.now()}
			if err := d.tellPlacesOf(ctx, team, news, h.telling()+"."+string(id)); err != nil {
				return err
			}
		}
		if err := d.tellHanding(ctx, team, m, id, Reminder{Count: n, TaskCount: tasks}); err != nil {
			return err
		}
	}
	return nil
}

// telling names what people are told: what came later is told by itself.
func (h Handing) telling() string {
	if told := sum(h.Told) + sum(h.ToldTasks); told > 0 {
		return string(h.Cause) + "." + strconv.Itoa(told)
	}
	return string(h.Cause)
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
	r.Who = m.ID
	return d.tellTogether(ctx, team, m.Handing, id, r)
}

// tellTogether plans to tell a member of many clients in one message, unless they have left, or did it themselves and have seen it.
func (d *Desk) tellTogether(ctx context.Context, team Team, h Handing, id MemberID, r Reminder) error {
	if id == h.By || id == "" {
		return nil
	}
	to, err := d.member(ctx, team.ID, id)
	if err != nil || !to.Removed.IsZero() {
		return err
	}
	r.ID, r.Kind, r.From, r.For = reminderID(RemindHanded, "", h.telling(), id), RemindHanded, h.By, d.now()
	return d.plan(ctx, to.of(team), r)
}
