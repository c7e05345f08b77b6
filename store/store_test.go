package store

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka/store/mongodb"
	"kartoteka/store/sqlite"
)

// Both engines have work to do in the background.
var (
	_ Sweeper = (*sqlite.Store)(nil)
	_ Sweeper = (*mongodb.Store)(nil)
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for address, file := range map[string]string{
		"sqlite://" + filepath.ToSlash(dir) + "/a.db": "a.db",
		"sqlite:b.db":     "b.db",
		"sqlite:sub/c.db": "sub/c.db",
		"sqlite://" + filepath.ToSlash(dir) + "/two%20words": "two words",
	} {
		s, err := Open(t.Context(), address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// Probe finds what Open would, and leaves everything as it was: where there is nothing, where a base lies, and where one
// is open.
func TestProbe(t *testing.T) {
	dir := t.TempDir()
	address := "sqlite://" + filepath.ToSlash(dir) + "/sub/base.db"
	probe := func(what string, files int) {
		t.Helper()
		if err := Probe(t.Context(), address); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*", "*")); len(left) != files {
			t.Errorf("%s: there are %v", what, left)
		}
	}
	probe("nothing", 0)
	s, err := Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	probe("open", 3) // the file, its log and the log's index
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	probe("closed", 1)
}

func TestOpenErrors(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	for _, address := range []string{
		"", "base.db", "sqlite:", "sqlite://", "sqlite://relative/file.db", "sqlite:///", "postgres://anna:s3cret@host/base",
		"mongodb://anna:s3cret@127.0.0.1:1/base", "mongodb://", "sqlite:///proc/nowhere/base.db",
	} {
		_, err := Open(ctx, address)
		for _, err := range []error{err, Probe(ctx, address)} {
			if err == nil {
				t.Errorf("%s: got no error", address)
				continue
			}
			if text := err.Error(); strings.Contains(text, "s3cret") || strings.Contains(text, "\n") {
				t.Errorf("got %q, want one line without the password", text)
			}
		}
	}
}
