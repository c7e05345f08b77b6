package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// Probe reports whether Open would find a base it can read and write, or could make one there. It changes nothing.
func Probe(ctx context.Context, path string) error {
	if err := probe(ctx, path); err != nil {
		return fmt.Errorf("sqlite: probe: %w", err)
	}
	return nil
}

func probe(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return probeFolder(filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	if err := errors.Join(f.Close(), probeFolder(filepath.Dir(path))); err != nil { // the log is made beside the file
		return err
	}
	return probeBase(ctx, path)
}

// probeFolder reports whether files can be made in a folder, or in the one that it would be made in.
func probeFolder(dir string) error {
	info, err := os.Stat(dir)
	for errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		info, err = os.Stat(dir)
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return &fs.PathError{Op: "open", Path: dir, Err: errors.New("is no folder")}
	}
	f, err := os.CreateTemp(dir, ".kartoteka-probe-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// probeBase reads what the file says it holds. Without a log beside it nobody has it open, and it is read as one that does
// not change: SQLite would make the log's files otherwise.
func probeBase(ctx context.Context, path string) error {
	query := "mode=ro"
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		query += "&immutable=1"
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+query)
	if err != nil {
		return err
	}
	var tables int
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables)
	return errors.Join(err, db.Close())
}
