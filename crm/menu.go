package crm

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// EachMember calls f for every member of every team whom messages reach, until it fails.
func (d *Desk) EachMember(ctx context.Context, f func(Team, Member) error) error {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	for _, team := range teams {
		members, err := d.store.Members(ctx, team.ID)
		if err != nil {
			return fmt.Errorf("list members: %w", err)
		}
		for _, m := range members {
			if !m.Removed.IsZero() || !m.Blocked.IsZero() {
				continue
			}
			if err := f(team, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// FirstMenu reports whether a start gives this menu, whatever it says, to a member for the first time: the messenger keeps it.
func (d *Desk) FirstMenu(ctx context.Context, m Member, menu string) (bool, error) {
	sum := sha256.Sum256([]byte(menu))
	return d.store.MarkOnce(ctx, "menu:"+string(m.ID)+":"+base64.RawURLEncoding.EncodeToString(sum[:9]), d.now())
}
