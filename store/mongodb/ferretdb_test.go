package mongodb

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serverEnv names a MongoDB server for the tests. Where it is not set they start FerretDB themselves.
const serverEnv = "STORE_TEST_MONGODB_URI"

var ferret struct {
	sync.Once
	uri     string
	err     error
	command *exec.Cmd
	stdin   io.Closer
	dir     string
}

func TestMain(m *testing.M) {
	code := m.Run()
	stopFerret()
	os.Exit(code)
}

// serverURI is the server of this run, without a database. FerretDB is started once for the package.
func serverURI(t testing.TB) string {
	if uri := os.Getenv(serverEnv); uri != "" {
		return uri
	}
	ferret.Do(func() { ferret.uri, ferret.err = startFerret() })
	if ferret.err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("FerretDB does not start: %v", ferret.err)
		}
		t.Skipf("FerretDB does not start and %s is not set: %v", serverEnv, ferret.err)
	}
	return ferret.uri
}

// isMongoDB reports whether the run is against a real server.
func isMongoDB() bool { return os.Getenv(serverEnv) != "" }

func startFerret() (string, error) {
	dir, err := os.MkdirTemp("", "ferretdb-test")
	if err != nil {
		return "", err
	}
	ferret.dir = dir
	bin := filepath.Join(dir, "ferretdb")
	ctx, cancel := context.WithTimeout(context.Background(), 9*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "build", "-o", bin, ".")
	build.Dir = "ferretdb"
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	ferret.command = exec.Command(bin)
	ferret.command.Stderr = io.Discard
	stdin, err := ferret.command.StdinPipe()
	if err != nil {
		return "", err
	}
	ferret.stdin = stdin
	stdout, err := ferret.command.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := ferret.command.Start(); err != nil {
		return "", err
	}
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		return "", errors.New("it ended without a word")
	}
	return strings.TrimSpace(lines.Text()), nil
}

// stopFerret ends the process that startFerret started, and nothing else.
func stopFerret() {
	if ferret.command != nil && ferret.command.Process != nil {
		_ = ferret.stdin.Close()
		timer := time.AfterFunc(5*time.Second, func() { _ = ferret.command.Process.Kill() })
		_ = ferret.command.Wait()
		timer.Stop()
	}
	if ferret.dir != "" {
		_ = os.RemoveAll(ferret.dir)
	}
}

var bases atomic.Int64

// openTemp opens a fresh database, dropped at the end of the test.
func openTemp(t testing.TB) *Store {
	t.Helper()
	s, err := Open(t.Context(), withBase(serverURI(t), fmt.Sprintf("kartoteka_test_%d_%d", os.Getpid(), bases.Add(1))))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		again, err := Open(context.Background(), withBase(serverURI(t), s.db.Name())) // the test may have closed it
		if err == nil {
			_ = again.db.Drop(context.Background())
			_ = again.Close()
		}
		_ = s.Close()
	})
	return s
}

// withBase puts a database's name into the address.
func withBase(uri, name string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	rest, options, hasOptions := strings.Cut(rest, "?")
	host, _, _ := strings.Cut(rest, "/")
	uri = scheme + "://" + host + "/" + name
	if hasOptions {
		uri += "?" + options
	}
	return uri
}
