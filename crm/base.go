package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// BaseOwners are those to whom the whole base belongs: the owners of its only team. Where several teams share a base it is
// no one's of them.
func (d *Desk) BaseOwners(ctx context.Context) ([]Member, error) {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return nil, fmt.Errorf("list teams: %w", err)
	}
	if len(teams) != 1 {
		return nil, nil
	}
	members, err := d.store.Members(ctx, teams[0].ID)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	return slices.DeleteFunc(members, func(m Member) bool { return m.Role != RoleOwner || !m.Removed.IsZero() }), nil
}

// eachTeam calls f with every team; what fails in one keeps no other waiting.
func (d *Desk) eachTeam(ctx context.Context, f func(Team) error) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	var errs []error
	for _, t := range teams {
		if err := f(t); err != nil {
			errs = append(errs, fmt.Errorf("team %s: %w", t.ID, err))
		}
	}
	return errors.Join(errs...)
}

// BaseSince is when the base was begun; zero while it is empty.
func (d *Desk) BaseSince(ctx context.Context) (time.Time, error) {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("list teams: %w", err)
	}
	var since time.Time
	for _, t := range teams {
		if since.IsZero() || t.Created.Before(since) {
			since = t.Created
		}
	}
	return since, nil
}
