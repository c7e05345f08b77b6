package main

import (
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka/bot/sandbox"
)

// Two processes never work in one data folder, the bot or the sandbox; a killed one leaves it free.
func TestOneProcessInADataFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program and starts it several times")
	}
	srv := sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot"})
	api := httptest.NewServer(srv)
	t.Cleanup(func() { srv.Close(); api.Close() })
	dir := t.TempDir()
	first := newVictim(t, api.URL, dir)
	first.start()
	t.Cleanup(func() { _ = first.cmd.Process.Kill() }) // where the test fails midway
	first.becomesReady(1)
	for setting, args := range map[string][]string{"DATA_DIR": nil, "--keep=DIR": {"sandbox", "--keep=" + dir}} {
		var said bytes.Buffer
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // one that is not refused runs on
		second := exec.CommandContext(ctx, first.path, args...)
		second.Env, second.Stderr = append(first.env, "SANDBOX_ADDR=127.0.0.1:0"), &said
		var ended *exec.ExitError
		err := second.Run()
		cancel()
		if !errors.As(err, &ended) || ended.ExitCode() != exitFailed {
			t.Errorf("%v: the second ended with %v, want exit code %d", args, err, exitFailed)
		}
		if want := "kartoteka: " + dir + " is in use by another kartoteka; stop that one, or name another folder (" + setting + ")\n"; said.String() != want {
			t.Errorf("%v: it said %q, want %q", args, said.String(), want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "open")); err == nil {
		t.Error("the sandbox that was refused has written into the folder")
	}
	first.kill()
	first.start()
	first.becomesReady(2)
	first.end()
}

// becomesReady waits until the log says so for the n-th time.
func (v *victim) becomesReady(n int) {
	v.Helper()
	for deadline := time.Now().Add(time.Minute); strings.Count(v.log.String(), "msg=ready") < n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			v.Fatalf("the program is not ready\n%s", &v.log)
		}
	}
}

// The sandbox holds the folder that it keeps until it has written down its chats.
func TestSandboxHoldsItsFolder(t *testing.T) {
	dir := t.TempDir()
	data, err := openSandboxData(dir)
	if err != nil {
		t.Fatal(err)
	}
	var used inUseError
	if _, err := openSandboxData(dir); !errors.As(err, &used) {
		t.Errorf("got %v while it is held, want that it is in use", err)
	}
	srv := sandbox.New(sandbox.Options{Token: sandboxToken, BotUsername: sandboxBot})
	t.Cleanup(srv.Close)
	if err := data.close(srv, 0); err != nil {
		t.Fatal(err)
	}
	again, err := openSandboxData(dir)
	if err != nil {
		t.Fatalf("got %v after it was left", err)
	}
	again.unlock()
}
