package scheduler_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/scheduler"
)

// log is a logger whose lines can be read while it is written.
type log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func start(t *testing.T, jobs ...scheduler.Job) (*scheduler.Scheduler, *clockwork.FakeClock, *log) {
	t.Helper()
	lines := &log{}
	clock := clockwork.NewFakeClockAt(time.Date(2025, 11, 21, 9, 0, 0, 0, time.UTC))
	s, err := scheduler.New(slog.New(slog.NewTextHandler(lines, nil)), clock, jobs)
	if err != nil {
		t.Fatal(err)
	}
	s.Start(t.Context())
	return s, clock, lines
}

func wait[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(10 * time.Second):
		t.Fatalf("%s did not happen", what)
		panic("unreachable")
	}
}

// tick moves the clock on until the job has run again. One step may not be enough: gocron skips a tick while
// it still clears up the run before.
func tick[T any](t *testing.T, clock *clockwork.FakeClock, d time.Duration, ran <-chan T) T {
	t.Helper()
	for range 1000 {
		clock.Advance(d)
		select {
		case v := <-ran:
			return v
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Fatal("the job did not run again")
	panic("unreachable")
}

func TestTicks(t *testing.T) {
	ran := make(chan time.Time, 8)
	s, clock, _ := start(t, scheduler.Job{Name: "sweep", Every: time.Minute,
		Do: func(_ context.Context, now time.Time) error { ran <- now; return nil }})
	first := wait(t, ran, "the run at the start")
	if second := tick(t, clock, time.Minute, ran); second.Sub(first) < time.Minute {
		t.Errorf("ran after %v, want a minute", second.Sub(first))
	}
	s.Stop(t.Context())
	before, failures := s.Stats()
	clock.Advance(time.Hour)
	if after, _ := s.Stats(); before < 2 || after != before || failures != 0 {
		t.Errorf("%d runs, %d after Stop, %d failures; want 2, none and none", before, after-before, failures)
	}
}

func TestFailuresAndPanicsAreLoggedAndTriedAgain(t *testing.T) {
	ran := make(chan int, 8)
	n := 0
	s, clock, lines := start(t, scheduler.Job{Name: "bin", Every: time.Hour, Do: func(context.Context, time.Time) error {
		n++
		ran <- n
		if n == 1 {
			panic("first time")
		}
		return errors.New("second time")
	}})
	wait(t, ran, "the run that panics")
	tick(t, clock, time.Hour, ran)
	s.Stop(t.Context())
	for _, want := range []string{`msg="job panicked" job=bin type=string`, `msg="job failed" job=bin error="second time"`} {
		if !strings.Contains(lines.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, lines)
		}
	}
	if strings.Contains(lines.String(), "first time") {
		t.Errorf("the log quotes a panic:\n%s", lines)
	}
	if runs, failures := s.Stats(); runs < 2 || failures != runs {
		t.Errorf("%d runs and %d failures, want two and as many", runs, failures)
	}
}

func TestStopWaitsForARunningJobAndThenCancelsIt(t *testing.T) {
	began, ended := make(chan struct{}), make(chan struct{})
	s, _, _ := start(t, scheduler.Job{Name: "slow", Every: time.Hour, Do: func(ctx context.Context, _ time.Time) error {
		close(began)
		<-ctx.Done()
		close(ended)
		return nil
	}})
	wait(t, began, "the run")
	patience, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() { s.Stop(patience); close(stopped) }()
	select {
	case <-ended:
		t.Fatal("the job was cancelled before the patience was over")
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	wait(t, ended, "the end of the job")
	wait(t, stopped, "the end of Stop")
}

func TestJobsNeverOverlap(t *testing.T) {
	began, release := make(chan struct{}, 8), make(chan struct{})
	s, clock, _ := start(t, scheduler.Job{Name: "slow", Every: time.Minute, Do: func(context.Context, time.Time) error {
		began <- struct{}{}
		<-release
		return nil
	}})
	wait(t, began, "the first run")
	for range 5 {
		clock.Advance(time.Minute)
	}
	select {
	case <-began:
		t.Error("a second run began before the first was over")
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	s.Stop(t.Context())
}

func TestAJobThatHangsIsCutAndDoneAgain(t *testing.T) {
	ran := make(chan int, 8)
	n := 0
	s, clock, lines := start(t, scheduler.Job{Name: "plan", Every: time.Minute, Limit: 20 * time.Millisecond, Do: func(ctx context.Context, _ time.Time) error {
		<-ctx.Done()
		n++
		ran <- n
		return ctx.Err()
	}})
	wait(t, ran, "the end of the run that hangs")
	tick(t, clock, time.Minute, ran)
	s.Stop(t.Context())
	if want := `msg="job failed" job=plan error="context deadline exceeded"`; !strings.Contains(lines.String(), want) {
		t.Errorf("the log lacks %s:\n%s", want, lines)
	}
}

func TestRefusesAJobWithoutAPeriod(t *testing.T) {
	if _, err := scheduler.New(slog.Default(), clockwork.NewRealClock(), []scheduler.Job{{Name: "never"}}); err == nil {
		t.Error("a job with Every 0 was accepted")
	}
}

func TestStopCutsAJobThatGoesOnTheNextTime(t *testing.T) {
	began := make(chan struct{})
	s, _, lines := start(t, scheduler.Job{Name: "duplicates", Every: time.Hour, Cut: true, Do: func(ctx context.Context, _ time.Time) error {
		close(began)
		<-ctx.Done()
		return fmt.Errorf("read clients: %w", ctx.Err())
	}})
	wait(t, began, "the run")
	stopped := make(chan struct{})
	go func() { s.Stop(t.Context()); close(stopped) }() // with all the patience there is
	wait(t, stopped, "the end of Stop")
	if _, failures := s.Stats(); failures != 0 || !strings.Contains(lines.String(), `msg="job cut short" job=duplicates`) {
		t.Errorf("%d failures:\n%s", failures, lines)
	}
}
