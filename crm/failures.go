package crm

import (
	"context"
	"fmt"
	"time"
)

// Failure is a reminder that did not reach its member, or does not yet.
type Failure struct {
	Reminder
	To Member
}

// mostFailures is how many the owner is shown.
const mostFailures = 20

// Failures lists what has not reached its member lately, the latest first, for those who run the team.
func (d *Desk) Failures(ctx context.Context, by Actor) ([]Failure, error) {
	if _, _, err := d.gate(ctx, by, ActionEditTeam); err != nil {
		return nil, err
	}
	list, err := d.store.Reminders(ctx, ReminderQuery{Team: by.Team, Latest: true, Limit: mostFailures,
		States: []ReminderState{ReminderFailed, ReminderUnknown, ReminderWaiting, ReminderHeld}})
	if err != nil {
		return nil, fmt.Errorf("read reminders: %w", err)
	}
	s, err := d.staff(ctx, by.Team)
	if err != nil {
		return nil, err
	}
	var out []Failure
	for _, r := range list {
		to := s.byID[r.Member]
		if p, ok := s.team.place(r.Place); ok {
			to.Name = p.Title
		}
		out = append(out, Failure{r, to})
	}
	return out, nil
}

const (
	// overdueWait is how long a due reminder may wait before something is wrong.
	overdueWait = 5 * time.Minute
	// mostWaiting bounds the count of those that wait for longer.
	mostWaiting = 1000
)

// WaitingReminders counts, up to a thousand a team, the reminders that have been due for more than five minutes and are not
// sent. Those held for a member who has blocked us do not count.
func (d *Desk) WaitingReminders(ctx context.Context) (int, error) {
	teams, err := d.store.Teams(ctx)
	if err != nil {
		return 0, fmt.Errorf("list teams: %w", err)
	}
	n := 0
	for _, t := range teams {
		waiting, err := d.store.Reminders(ctx, ReminderQuery{Team: t.ID, DueBefore: d.now().Add(-overdueWait), Limit: mostWaiting,
			States: []ReminderState{ReminderPlanned, ReminderLeased, ReminderSending, ReminderWaiting}})
		if err != nil {
			return 0, fmt.Errorf("read reminders: %w", err)
		}
		n += len(waiting)
	}
	return n, nil
}

// CheckReminders fails if reminders have been due for more than five minutes and are not sent.
func (d *Desk) CheckReminders(ctx context.Context) error {
	n, err := d.WaitingReminders(ctx)
	if err == nil && n > 0 {
		err = fmt.Errorf("%d reminders wait", n)
	}
	return err
}
