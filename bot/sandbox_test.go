package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
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
	if strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("not quiet:\n%s", log)
	}
}

func TestSandboxKeeps(t *testing.T) {
	t.Chdir(t.TempDir())
	tryOut(t, "--keep")
	for _, kept := range []string{"kartoteka.db", "chats.json", "clock"} {
		if _, err := os.Stat(filepath.Join(sandboxKept, kept)); err != nil {
			t.Error(err)
		}
	}
	if out, _ := tryOut(t, "--keep"); strings.Contains(out, "did not end") {
		t.Errorf("after a good end it says %q", out)
	}
	if err := os.WriteFile(filepath.Join(sandboxKept, "open"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := tryOut(t, "--keep"); !strings.Contains(out, "did not end") {
		t.Errorf("after a kill it says %q", out)
	}
}

func TestSandboxAddrTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	clean(t)
	t.Setenv("SANDBOX_ADDR", taken.Addr().String())
	var out, errs bytes.Buffer
	if code := program([]string{"sandbox"}, &out, &errs); code != exitConfig || !strings.Contains(errs.String(), "SANDBOX_ADDR") {
		t.Errorf("exit code %d, said %q", code, errs.String())
	}
}
