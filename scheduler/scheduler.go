// Package scheduler ticks: it calls a few functions again and again, and knows nothing of what they do. What
// is due is decided by them, from the store and the time they are given; a tick that was missed is made good by
// the next, so nothing here is remembered over a restart.
//
//	s, err := scheduler.New(lg, clock, []scheduler.Job{
//		{Name: "bin", Every: time.Hour, Do: desk.PurgeBin},
//	})
//	s.Start(ctx)
//	defer s.Stop(stopCtx)
//
// It stands on gocron, within its safe part (each reason was seen in gocron 2.21): only duration jobs, since a
// one-time job in the past can hang Start; singletons, since runs overlap otherwise; an own context, since
// gocron cancels its jobs' before it waits for them; panics caught here, since they end the process otherwise.
package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/jonboulle/clockwork"
)

// Job is something done again and again. Do is first called at the start, then each time Every has passed;
// never twice at once. An error is logged and the next tick tries again.
type Job struct {
	Name  string
	Every time.Duration
	Limit time.Duration // after that its ctx ends, by the wall clock; 0: an hour
	Cut   bool          // Stop does not wait for what it is at: the next run goes on from there
	Do    func(ctx context.Context, now time.Time) error
}

// usualLimit keeps a job that hangs, on a connection that is dead without saying so, from never being done again.
const usualLimit = time.Hour

// Scheduler calls the jobs. Make it with New.
type Scheduler struct {
	lg    *slog.Logger
	clock clockwork.Clock
	cron  gocron.Scheduler

	ctx     context.Context // of the jobs; set by Start, cancelled when Stop has waited long enough
	cancel  context.CancelFunc
	brief   context.Context // of those that are cut; cancelled when Stop begins
	cut     context.CancelFunc
	mu      sync.Mutex // guards stopped against running.Add
	stopped bool
	running sync.WaitGroup

	runs, failures atomic.Int64
}

// New makes a scheduler of these jobs; it does nothing before Start.
func New(lg *slog.Logger, clock clockwork.Clock, jobs []Job) (*Scheduler, error) {
	cron, err := gocron.NewScheduler(
		gocron.WithClock(clock), gocron.WithLocation(time.UTC), gocron.WithStopTimeout(time.Second))
	if err != nil {
		return nil, fmt.Errorf("make scheduler: %w", err)
	}
	s := &Scheduler{lg: lg, clock: clock, cron: cron}
	for _, j := range jobs {
		_, err := cron.NewJob(gocron.DurationJob(j.Every), gocron.NewTask(func() { s.run(j) }),
			gocron.WithName(j.Name),
			gocron.WithSingletonMode(gocron.LimitModeReschedule),
			gocron.WithStartAt(gocron.WithStartImmediately()))
		if err != nil {
			return nil, fmt.Errorf("schedule %s: %w", j.Name, err)
		}
	}
	return s, nil
}

// Start begins to tick. The jobs keep the values of ctx but not its end: Stop ends them.
func (s *Scheduler) Start(ctx context.Context) {
	s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.brief, s.cut = context.WithCancel(s.ctx)
	s.cron.Start()
}

// Stop ends the ticking, cancels the jobs that may be cut and waits for those that run; when ctx ends first it cancels
// all of them, and still waits. Only after Start.
func (s *Scheduler) Stop(ctx context.Context) {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	s.cut()
	stop := context.AfterFunc(ctx, s.cancel)
	s.running.Wait()
	stop()
	s.cancel()
	if err := s.cron.Shutdown(); err != nil {
		s.lg.Warn("scheduler stopped late", "error", err)
	}
}

// Stats are the runs since the start, and those of them that failed.
func (s *Scheduler) Stats() (runs, failures int64) { return s.runs.Load(), s.failures.Load() }

// run is one tick of one job.
func (s *Scheduler) run(j Job) {
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		return
	}
	s.running.Add(1)
	s.mu.Unlock()
	defer s.running.Done()
	s.runs.Add(1)
	defer func() {
		if p := recover(); p != nil {
			s.failures.Add(1)
			// Not what it says, which may quote somebody's data: the stack tells where.
			s.lg.Error("job panicked", "job", j.Name, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		}
	}()
	root := s.ctx
	if j.Cut {
		root = s.brief
	}
	ctx, cancel := context.WithTimeout(root, cmp.Or(j.Limit, usualLimit))
	defer cancel()
	switch err := j.Do(ctx, s.clock.Now()); {
	case err == nil:
	case j.Cut && s.brief.Err() != nil: // what is wrong beside that is told again the next time
		s.lg.Info("job cut short", "job", j.Name, "error", err)
	default:
		s.failures.Add(1)
		s.lg.Error("job failed", "job", j.Name, "error", err)
	}
}
