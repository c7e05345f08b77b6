package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/exports"
	"kartoteka/handlers/imports"
	"kartoteka/handlers/mass"
	"kartoteka/handlers/remind"
	"kartoteka/scheduler"
	"kartoteka/store"
)

// timedWork is what is done by the clock.
func (a *app) timedWork() []scheduler.Job {
	swept := &sweeping{}
	planned := &planning{do: func(ctx context.Context) error { return swept.then(ctx, a.desk.PlanReminders) }}
	jobs := []scheduler.Job{
		{Name: "plan", Every: remindEvery, Limit: planLimit, Do: planned.plan},
		{Name: "reminders", Every: remindEvery, Limit: sendLimit, Do: func(ctx context.Context, now time.Time) error {
			return errors.Join(planned.catchUp(ctx, now), a.remind(ctx)) // what is planned is told of, be there more that could not be
		}},
		{Name: "decisions", Every: time.Minute, Do: func(ctx context.Context, _ time.Time) error {
			return swept.then(ctx, a.sayDecisions) // what a crash has left half written is there only then
		}},
		{Name: "seal", Every: time.Minute, Do: func(ctx context.Context, _ time.Time) error { return a.desk.SealEvents(ctx) }},
		{Name: "handing", Every: time.Minute, Do: func(ctx context.Context, _ time.Time) error { return a.desk.HandOn(ctx) }},
		{Name: "erased", Every: erasedEvery, Do: a.noteErased},
		{Name: "compact", Every: time.Hour, Do: func(ctx context.Context, now time.Time) error { return compact(ctx, a.store, now, compactEvery) }},
		{Name: "mass", Every: massEvery, Do: a.workMass},
		{Name: "merging", Every: time.Minute, Do: func(ctx context.Context, _ time.Time) error { return a.desk.MergeOn(ctx) }},
		{Name: "duplicates", Every: time.Minute, Cut: true, Do: func(ctx context.Context, _ time.Time) error { return a.desk.SearchPairs(ctx) }},
		{Name: "imports", Every: importEvery, Limit: importLimit, Cut: true, Do: a.workImports},
		{Name: "exports", Every: importEvery, Limit: importLimit, Do: a.workExports},
		{Name: "reseal", Every: time.Hour, Do: a.reseal},
		{Name: "bin", Every: time.Hour, Do: a.purgeBin},
		{Name: "dialogs", Every: time.Hour, Do: func(ctx context.Context, _ time.Time) error { return a.desk.PurgeDialogs(ctx) }},
		{Name: "set aside", Every: time.Hour, Do: func(ctx context.Context, _ time.Time) error { return a.desk.PurgeStrays(ctx) }},
		{Name: "consents", Every: time.Hour, Do: func(ctx context.Context, _ time.Time) error { return a.desk.PurgeConsents(ctx) }},
		{Name: "done reminders", Every: time.Hour, Do: func(ctx context.Context, _ time.Time) error { return a.desk.PurgeReminders(ctx) }},
	}
	if a.cfg.BackupAt != backupsOff {
		jobs = append(jobs, scheduler.Job{Name: "backup", Every: backupEvery, Do: a.backUp})
	}
	if s, ok := a.store.(store.Sweeper); ok {
		swept.store = s
		jobs = append(jobs, scheduler.Job{Name: "sweep", Every: time.Minute,
			Do: func(ctx context.Context, _ time.Time) error { return swept.try(ctx) }})
	}
	return slices.DeleteFunc(jobs, func(j scheduler.Job) bool { return slices.Contains(a.idle, j.Name) })
}

// sweeping keeps planning back until a base of an older version has been brought to the shape of this one: what planning looks
// things up by is not there before, and it never looks back.
type sweeping struct {
	store store.Sweeper // nil: there is nothing to sweep

	over  atomic.Bool
	mu    sync.Mutex // held while it sweeps
	tries int
}

// sweepTries is how often the sweep may fail before it is planned nevertheless: nothing would be reminded of otherwise.
const sweepTries = 3

// try sweeps.
func (s *sweeping) try(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sweep(ctx)
}

// sweep is try for who holds mu.
func (s *sweeping) sweep(ctx context.Context) error {
	err := s.store.Sweep(ctx)
	s.tries++
	if err == nil || s.tries >= sweepTries {
		s.over.Store(true)
	}
	return err
}

// then does what has to come after it, or leaves it to the next tick. It sweeps itself if nobody has: to wait for the other job
// would be to wait for one that a stop may have kept from ever beginning.
func (s *sweeping) then(ctx context.Context, do func(context.Context) error) error {
	ready, err := s.ready(ctx)
	if err != nil || !ready {
		return err
	}
	return do(ctx)
}

func (s *sweeping) ready(ctx context.Context) (bool, error) {
	if s.store == nil || s.over.Load() { // and waits for no later sweep
		return true, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tries > 0 {
		return s.over.Load(), nil
	}
	err := s.sweep(ctx)
	return s.over.Load(), err
}

// planning keeps sending from getting ahead of it after a stop, a sleep or a leap of the clock: what fell due meanwhile is one list only if
// all of it is planned when the first of it is sent.
type planning struct {
	do func(context.Context) error

	mu   sync.Mutex // held while it plans
	till time.Time  // when it last did
}

// planBehind is how long ago that may be: several ticks.
const planBehind = time.Minute

// plan plans what is due at a time.
func (p *planning) plan(ctx context.Context, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.planTo(ctx, now)
}

// catchUp is plan where nobody has planned of late.
func (p *planning) catchUp(ctx context.Context, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.till) <= planBehind {
		return nil
	}
	return p.planTo(ctx, now)
}

// planTo is plan for who holds mu.
func (p *planning) planTo(ctx context.Context, now time.Time) error {
	err := p.do(ctx)
	if err == nil {
		p.till = now
	}
	return err
}

// remindEvery is how often it is planned, and looked for what is due: twice that is how late a reminder may be at the most.
// Sending a morning's digests takes minutes; planning goes on meanwhile.
const remindEvery = 5 * time.Second

// How long planning and sending may take at a time: a day of a million clients is planned in seconds, a round of sending takes
// nothing more up after ten minutes.
const (
	planLimit = 15 * time.Minute
	sendLimit = 20 * time.Minute
)

// importEvery is how often it is looked for imports and exports that have something to do; importLimit is how long one look may work at them.
const (
	importEvery = 2 * time.Second
	importLimit = 6 * time.Hour
)

// massEvery is how often it is looked for cards that are still to be changed together: whoever waits sees soon that it goes on.
const massEvery = 5 * time.Second

// workMass goes on with what members change together.
func (a *app) workMass(ctx context.Context, _ time.Time) error {
	return a.desk.MassOn(ctx, mass.Office{Out: a.bot.Notifier(), Catalog: a.texts, Store: a.store, Desk: a.desk, Clock: a.clock,
		Failed: func(err error) { a.lg.Warn("mass change not shown", "error", err) }})
}

// workImports goes on with the files that are being imported.
func (a *app) workImports(ctx context.Context, _ time.Time) error {
	return a.desk.WorkImports(ctx, imports.Office{Out: a.bot.Notifier(), Catalog: a.texts, Store: a.store, Desk: a.desk, Clock: a.clock,
		Failed: func(err error) { a.lg.Warn("import not shown", "error", err) }})
}

// workExports goes on with the files that members wait for.
func (a *app) workExports(ctx context.Context, _ time.Time) error {
	return a.desk.WorkExports(ctx, exports.Office{Out: a.bot.Notifier(), Catalog: a.texts, Store: a.store,
		Failed: func(err error) { a.lg.Warn("export not shown", "error", err) }})
}

// remind sends what is due.
func (a *app) remind(ctx context.Context) error {
	done, err := a.desk.DeliverReminders(ctx, punctual{remind.Notifier{Bot: a.bot.Me().Username, Out: a.bot.Notifier(), Catalog: a.texts, Clock: a.clock}})
	a.delivered.add(done)
	if done.Messages > 0 {
		a.lg.Info("reminders sent", "sent", done.Messages)
	}
	for state, n := range done.Failed {
		a.lg.Warn("reminders not sent", "reason", string(state), "failures", n)
	}
	return err
}

// punctual gives up a notice that cannot leave in time: after that another process may send it. The deadline is by the wall
// clock, which goes on while the machine sleeps.
type punctual struct{ remind.Notifier }

func (p punctual) Notify(ctx context.Context, n crm.Notice) (int64, error) {
	ctx, cancel := context.WithDeadline(ctx, time.Now().Add(crm.NotifyTime).Round(0))
	defer cancel()
	return p.Notifier.Notify(ctx, n)
}

// sayDecisions writes into histories what a crash has left out.
func (a *app) sayDecisions(ctx context.Context) error {
	n, err := a.desk.SayDecisions(ctx)
	if n > 0 {
		a.lg.Warn("decisions written after a crash", "clients", n)
	}
	return err
}

// reseal seals with the first key what an older one has sealed.
func (a *app) reseal(ctx context.Context, _ time.Time) error {
	n, err := a.desk.ResealSecrets(ctx)
	if n > 0 {
		a.lg.Info("secrets sealed with the first key", "clients", n)
	}
	return err
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
