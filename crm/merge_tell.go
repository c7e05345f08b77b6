package crm

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// tellMerged tells whoever had the card that went that it is another's now, unless they did it themselves or have the other one.
func (d *Desk) tellMerged(ctx context.Context, team Team, p Pair) error {
	cards, err := d.store.ClientsByID(ctx, p.Team, []ClientID{p.Merge.Kept, p.Merge.Gone})
	if err != nil || len(cards) < 2 {
		return err
	}
	kept, gone := cards[0], cards[1]
	if gone.Owner == kept.Owner || gone.Owner == p.Merge.By || gone.Owner == "" {
		return nil
	}
	m, err := d.member(ctx, p.Team, gone.Owner)
	if errors.Is(err, ErrNotFound) || err == nil && !m.Removed.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	return d.plan(ctx, m.of(team), Reminder{ID: reminderID(RemindMerged, string(gone.ID), string(p.Merge.Cause), m.ID), Kind: RemindMerged,
		Client: gone.ID, From: p.Merge.By, For: p.Merge.At})
}

// mergedNotice tells of a card that was merged by its own name, and of the other no more than who has it: the member need not see
// that one. There is nothing to tell once it has been taken apart.
func (d *Desk) mergedNotice(ctx context.Context, s staff, r Reminder, n Notice) (Notice, bool, error) {
	gone, err := d.store.Client(ctx, r.Team, r.Client)
	if errors.Is(err, ErrNotFound) {
		return n, false, nil
	}
	if err != nil {
		return n, false, fmt.Errorf("read client: %w", err)
	}
	n.Who, n.Late = s.byID[n.Client.Owner], 0
	n.Client = Client{ID: gone.ID, Profile: Profile{Name: gone.Name}}
	return n, gone.MergedInto != "" && n.To.ID == r.Member && n.Who.ID != "" && n.To.tends(s.team), nil
}

// dueSubject is subject for what is due. What is about a card that has been merged is planned for the card that it is now, and is
// ErrNotFound here.
func (d *Desk) dueSubject(ctx context.Context, r Reminder) (t Task, c Client, err error) {
	t, c, err = d.subject(ctx, r)
	if err == nil && r.Kind != RemindMerged && r.Task == "" && c.ID != r.Client {
		if err = d.planFor(ctx, r, c.ID); err == nil {
			err = ErrNotFound
		}
	}
	return t, c, err
}

// planFor plans what was to be told of a card that has been merged for the card that it is now. If that is planned already, or was
// told, it is told once.
func (d *Desk) planFor(ctx context.Context, r Reminder, now ClientID) error {
	r.ID = strings.Replace(r.ID, ":"+string(r.Client)+":", ":"+string(now)+":", 1)
	r.Client, r.State, r.Fence, r.Tries, r.Doubts, r.Doubted = now, ReminderPlanned, 0, 0, 0, false
	if _, err := d.store.PlanReminder(ctx, r); err != nil {
		return fmt.Errorf("plan reminder: %w", err)
	}
	return nil
}
