package main

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/store"
)

// TestCrashInRestore kills the program at random moments of a restore: after each there is no base at all or all of it, and the
// next attempt is as good as the first.
func TestCrashInRestore(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program many times")
	}
	const clients = 400
	dir := t.TempDir()
	fillForBackup(t, filepath.Join(dir, "data"), clients)
	file := backedUp(t, map[string]string{"DATA_DIR": filepath.Join(dir, "data"), "BACKUP_DIR": dir})
	path, restored := build(t), filepath.Join(dir, "restored")
	restore := func(within time.Duration) {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		defer cancel()
		cmd := exec.CommandContext(ctx, path, "restore", file) // killed without a word at the end of ctx
		cmd.Env = []string{"DATA_DIR=" + restored, "TMPDIR=" + dir}
		if out, err := cmd.CombinedOutput(); err != nil && ctx.Err() == nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	began := time.Now()
	restore(time.Minute)
	took := time.Since(began)
	dice := rand.New(rand.NewPCG(killsSeed, 1))
	nothing := 0
	for range kills {
		if err := os.RemoveAll(filepath.Join(restored, "kartoteka.db")); err != nil {
			t.Fatal(err)
		}
		restore(time.Duration(dice.Int64N(int64(took)))) // the moment of the crash is what is tried out
		if n := restoredClients(t, restored); n == 0 {
			nothing++
		} else if n != clients {
			t.Fatalf("there are %d clients of %d", n, clients)
		}
	}
	if nothing == 0 {
		t.Error("no restore was cut short")
	}
	if err := os.RemoveAll(filepath.Join(restored, "kartoteka.db")); err != nil {
		t.Fatal(err)
	}
	restore(time.Minute)
	if n := restoredClients(t, restored); n != clients {
		t.Errorf("in the end there are %d clients of %d", n, clients)
	}
	if left, _ := os.ReadDir(restored); len(left) != 1 {
		t.Errorf("left are %v", left)
	}
}

func restoredClients(t *testing.T, dir string) int {
	t.Helper()
	from, err := store.OpenSource(t.Context(), "sqlite:"+filepath.Join(dir, "kartoteka.db"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	counts, err := from.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if counts[crm.RecordEvent] != counts[crm.RecordClient]*(benchTouches+benchEdits+1) {
		t.Errorf("there are %s", whatIsIn(counts))
	}
	return counts[crm.RecordClient]
}
