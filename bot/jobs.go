package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kartoteka/handlers/remind"
	"kartoteka/scheduler"
	"kartoteka/store"
)

// timedWork is what is done by the clock.
func (a *app) timedWork() []scheduler.Job {
	jobs := []scheduler.Job{
		{Name: "reminders", Every: remindEvery, Do: a.remind},
		{Name: "bin", Every: time.Hour, Do: a.purgeBin},
		{Name: "dialogs", Every: time.Hour, Do: func(ctx context.Context, _ time.Time) error { return a.desk.PurgeDialogs(ctx) }},
	}
	if s, ok := a.store.(store.Sweeper); ok {
		jobs = append(jobs, scheduler.Job{Name: "sweep", Every: time.Minute,
			Do: func(ctx context.Context, _ time.Time) error { return s.Sweep(ctx) }})
	}
	return slices.DeleteFunc(jobs, func(j scheduler.Job) bool { return slices.Contains(a.idle, j.Name) })
}

// remindEvery is how often it is looked for what is due: how late a reminder may be at the most.
const remindEvery = 5 * time.Second

// remind plans what has fallen due and sends it, batch by batch.
func (a *app) remind(ctx context.Context, _ time.Time) error {
	planned := a.desk.PlanReminders(ctx)
	notifier := remind.Notifier{Out: a.bot.Notifier(), Catalog: a.texts, Clock: a.clock}
	total := 0
	for ctx.Err() == nil {
		n, err := a.desk.DeliverReminders(ctx, notifier)
		if total += n; err != nil || n == 0 {
			if total > 0 {
				a.lg.Info("reminders sent", "sent", total)
			}
			return errors.Join(planned, err)
		}
	}
	return errors.Join(planned, ctx.Err())
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
