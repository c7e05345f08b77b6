package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// mongoEnv names a MongoDB server for the tests, as in store/mongodb. Where it is not set FerretDB is started.
const mongoEnv = "STORE_TEST_MONGODB_URI"

// storyEngine is a store on which the stories are played.
type storyEngine struct {
	name  string
	langs []string
	uri   string // of the MongoDB server; "": SQLite in a folder of the story's own
	lossy bool   // it is FerretDB, which loses writes that meet
}

var storyBases atomic.Int64

// address is a base of a story's own; "" for SQLite.
func (e storyEngine) address() string {
	if e.uri == "" {
		return ""
	}
	head, options, _ := strings.Cut(e.uri, "?")
	scheme, rest, _ := strings.Cut(head, "://")
	host, _, _ := strings.Cut(rest, "/")
	return fmt.Sprintf("%s://%s/kartoteka_story_%d_%d?%s", scheme, host, os.Getpid(), storyBases.Add(1), options)
}

// standsIn reports whether FerretDB plays MongoDB. It loses one of two writes of a document that meet.
func standsIn() bool { return os.Getenv(mongoEnv) == "" }

// sqliteEngine takes every story in both languages, mongoEngine one language each: the words do not hang on the engine.
func sqliteEngine() storyEngine { return storyEngine{name: "sqlite", langs: []string{"ru", "en"}} }

func mongoEngine(t *testing.T) storyEngine {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and starts a server")
	}
	uri, lossy := os.Getenv(mongoEnv), standsIn()
	if lossy {
		var err error
		if uri, err = startFerret(t); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("FerretDB does not start: %v", err)
			}
			t.Skipf("FerretDB does not start and %s is not set: %v", mongoEnv, err)
		}
	}
	return storyEngine{name: "mongodb", langs: []string{"ru"}, uri: uri, lossy: lossy}
}

// startFerret builds FerretDB and starts it; it ends when its input is closed. Its first line says where it is.
func startFerret(t *testing.T) (uri string, err error) {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "ferretdb")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, ".")
	build.Dir = filepath.Join("..", "store", "mongodb", "ferretdb")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	server := exec.Command(bin)
	in, err := server.StdinPipe()
	if err != nil {
		return "", err
	}
	out, err := server.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := server.Start(); err != nil {
		return "", err
	}
	t.Cleanup(func() {
		_ = in.Close()    // it leaves
		_ = server.Wait() // how, is not this test's affair
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("it ended without a word: %w", err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the process
	return strings.TrimSpace(line), nil
}
