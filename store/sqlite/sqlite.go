package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"kartoteka/crm"
)

const (
	readers     = 3     // connections that only read: one more than a small machine has cores
	readerCache = 500   // KiB of page cache for each of them, which hold twice that; searches are as fast as with four times as much
	writerCache = 64000 // KiB; index pages that an import comes back to: with half as many it takes a tenth longer
	busyWait    = 5000  // ms to wait for another process, e.g. a backup, to let go of the file
)

// Store keeps everything in one file. It is safe for concurrent use.
type Store struct {
	reader *queries
	writer *writer
	light  *light
	moves  moves
	few    int // fewCards; tests lower it, to have both ways of listing tried on small bases
}

var _ crm.Store = (*Store)(nil)

// Open opens the file, or makes it, readable by nobody else, with its folder if that is missing.
func Open(ctx context.Context, path string) (*Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open: %w", err)
	}
	return s, nil
}

func open(ctx context.Context, path string) (*Store, error) {
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	writing, err := connect(path, writerCache, 1, "query_only(0)")
	if err != nil {
		return nil, err
	}
	if err := createSchema(ctx, writing); err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	w, err := newWriter(ctx, writing)
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	reading, err := connect(path, readerCache, readers, "query_only(1)")
	if err != nil {
		return nil, errors.Join(err, w.close(nothing))
	}
	return &Store{reader: newQueries(reading), writer: w, light: newLight(), few: fewCards}, nil
}

// prepareFile makes the file before SQLite does, since SQLite would let everybody on the machine read it.
func prepareFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// connect opens at most n connections. Pages of 8 KiB hold several cards and cost an import a tenth less
// than those of 4; the driver sets pragmas in the order of the alphabet, and the journal's mode, after which a
// file keeps its page size, last where it is asked for like this. WAL lets them read while one writes;
// synchronous=FULL makes a confirmed write survive a loss of power; secure_delete writes zeros over what is erased and over what
// a change replaces, which SQLite would leave in the file.
func connect(path string, cacheKiB, n int, pragma string) (*sql.DB, error) {
	return connectTo(path, "_pragma=busy_timeout("+strconv.Itoa(busyWait)+")"+
		"&_pragma=page_size(8192)&_journal_mode=WAL&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)&_pragma=secure_delete(ON)"+
		"&_pragma=journal_size_limit(16777216)"+cachePragma(cacheKiB)+"&_pragma="+pragma, n)
}

func cachePragma(kiB int) string { return "&_pragma=cache_size(-" + strconv.Itoa(kiB) + ")" }

// connectTo opens at most n connections with these pragmas.
func connectTo(path, pragmas string, n int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+pragmas)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// Ping reports whether the file answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.reader.db.PingContext(ctx); err != nil {
		return fmt.Errorf("sqlite: ping: %w", err)
	}
	return nil
}

// Close writes what is held back and closes the file; the last connection leaves no log behind.
func (s *Store) Close() error {
	return errors.Join(s.reader.close(), s.writer.close(s.light.flush))
}
