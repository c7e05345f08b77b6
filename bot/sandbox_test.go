package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
)

// tryOut runs the sandbox until it says that it is open, and then ends it.
func tryOut(t *testing.T, args ...string) (out, log string) {
	t.Helper()
	cfg, err := parse(t, map[string]string{"SANDBOX_ADDR": "127.0.0.1:0"}, append([]string{"sandbox"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithTimeout(t.Context(), time.Minute)
	defer end()
	var said, logged lines
	done := make(chan error, 1)
	go func() {
		done <- runSandbox(ctx, cfg, world{lg: slog.New(slog.NewTextHandler(&logged, nil)), out: &said, clock: clockwork.NewRealClock()})
	}()
	for !strings.Contains(logged.String(), "msg=ready") {
		select {
		case err := <-done:
			t.Fatalf("the sandbox ended with %v\n%s", err, &logged)
		case <-time.After(10 * time.Millisecond):
		}
	}
	end()
	if err := <-done; err != nil {
		t.Fatalf("the sandbox ended with %v\n%s", err, &logged)
	}
	return said.String(), logged.String()
}

func TestSandboxOpens(t *testing.T) {
	out, log := tryOut(t)
	if !strings.Contains(out, "Open http://127.0.0.1:") {
		t.Errorf("it says %q", out)
	}
	if strings.Contains(log, "level=ERROR") {
		t.Errorf("not quiet:\n%s", log)
	}
}

func TestSandboxKeeps(t *testing.T) {
	t.Chdir(t.TempDir())
	tryOut(t, "--keep")
	began := time.Now()
	tryOut(t, "--keep")
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the second start took %v", took)
	}
}
