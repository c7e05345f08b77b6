package crm

import (
	"context"
	"fmt"
	"time"
)

// keepReminders is how long it is known what became of a reminder: much longer than anything is planned anew, so that nothing
// comes twice, and than anybody asks for what was not delivered.
const keepReminders = 90 * 24 * time.Hour

// PurgeReminders removes the reminders that were done with long ago; it is run by the clock. After a stop it is counted from how
// far planning has got, since planning will look there again.
func (d *Desk) PurgeReminders(ctx context.Context) error {
	now := d.now()
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return fmt.Errorf("list teams: %w", err)
	}
	for _, t := range teams {
		planned, err := d.store.Progress(ctx, dueProgress(t.ID))
		if err != nil {
			return fmt.Errorf("read progress: %w", err)
		}
		if !planned.IsZero() && planned.Before(now) {
			now = planned
		}
	}
	before := now.Add(-keepReminders).Truncate(time.Second)
	for {
		n, err := d.store.PurgeReminders(ctx, before, purgeBatch)
		if err != nil {
			return fmt.Errorf("purge reminders: %w", err)
		}
		if n < purgeBatch {
			return nil
		}
	}
}
