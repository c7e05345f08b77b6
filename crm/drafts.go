package crm

import (
	"context"
	"time"
)

// drafts is a store that gathers what is planned and writes it many at a time: each write waits for the disk.
type drafts struct {
	Store
	batch    []Reminder
	progress map[string]time.Time // noted once all that it covers is written
}

// maxDrafts is how many are gathered.
const maxDrafts = 1000

func (s *drafts) PlanReminder(ctx context.Context, r Reminder) (bool, error) {
	if s.batch = append(s.batch, r); len(s.batch) < maxDrafts {
		return true, nil
	}
	err := s.Store.PlanReminders(ctx, s.batch, nil)
	s.batch = s.batch[:0]
	return true, err
}

func (s *drafts) SetProgress(_ context.Context, planner string, at time.Time) error {
	s.progress[planner] = at
	return nil
}

// flush writes what is left.
func (s *drafts) flush(ctx context.Context) error {
	if len(s.batch)+len(s.progress) == 0 {
		return nil
	}
	return s.Store.PlanReminders(ctx, s.batch, s.progress)
}
