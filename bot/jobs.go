package main

import (
	"context"
	"fmt"
	"time"

	"kartoteka/scheduler"
	"kartoteka/store"
)

// timedWork is what is done by the clock.
func (a *app) timedWork() []scheduler.Job {
	jobs := []scheduler.Job{{Name: "bin", Every: time.Hour, Do: a.purgeBin}}
	if s, ok := a.store.(store.Sweeper); ok {
		jobs = append(jobs, scheduler.Job{Name: "sweep", Every: time.Minute,
			Do: func(ctx context.Context, _ time.Time) error { return s.Sweep(ctx) }})
	}
	return jobs
}

// purgeBin empties the bin of what has been there for too long, batch by batch.
func (a *app) purgeBin(ctx context.Context, _ time.Time) error {
	total := 0
	for {
		n, err := a.desk.PurgeBin(ctx)
		total += n
		if err != nil || n == 0 {
			if total > 0 {
				a.lg.Info("bin purged", "clients", total)
			}
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("stopped after %d clients: %w", total, ctx.Err())
		}
	}
}
