package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modernc.org/sqlite"

	"kartoteka/crm"
)

// Fill makes the file out of what load puts into the sink: all of it or nothing. It is built beside its place, under
// the name with ".restore", and takes the place when it is whole and on the disk; what a crash leaves is no base, and
// the next Fill begins anew. crm.ErrNotEmpty if there is a base with records.
func Fill(ctx context.Context, path string, load func(crm.Sink) error) error {
	if err := fill(ctx, path, load); err != nil {
		return fmt.Errorf("sqlite: fill: %w", err)
	}
	return nil
}

func fill(ctx context.Context, path string, load func(crm.Sink) error) error {
	if err := mustBeEmpty(ctx, path); err != nil {
		return err
	}
	built := path + ".restore"
	s, err := newSink(ctx, built)
	if err != nil {
		return err
	}
	if err = load(s); err == nil {
		err = s.finish(ctx)
	}
	if err = errors.Join(err, s.w.close(nothing)); err != nil {
		return errors.Join(err, os.Remove(built))
	}
	if err := mustBeEmpty(ctx, path); err != nil { // somebody may have started on it meanwhile
		return errors.Join(err, os.Remove(built))
	}
	return settle(built, path)
}

// mustBeEmpty is crm.ErrNotEmpty if the file holds a record, and if there is a log: either somebody has the file open, or it
// holds the last of what was written to a file that is gone.
func mustBeEmpty(ctx context.Context, path string) error {
	_, err := os.Stat(path)
	if err == nil {
		err = mustHoldNothing(ctx, path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		return fmt.Errorf("%w: there is %s-wal", crm.ErrNotEmpty, path)
	}
	return nil
}

func mustHoldNothing(ctx context.Context, path string) error {
	s, err := OpenSource(ctx, path)
	if err != nil {
		return err
	}
	counts, err := s.Counts(ctx)
	if err == nil && counts.Total() > 0 {
		err = crm.ErrNotEmpty
	}
	return errors.Join(err, s.Close())
}

// settle puts the file on the disk and into its place.
func settle(built, path string) error {
	if err := syncFile(built); err != nil {
		return err
	}
	if err := os.Rename(built, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// sink is a file that is being built. Nothing of it is kept if anything fails, so that it has no journal and waits for no
// disk; what is read in order comes first, the indexes when all is there.
type sink struct {
	w      *writer
	loaded crm.Counts
}

const sinkCache = 64000 // KiB

func newSink(ctx context.Context, path string) (*sink, error) {
	if err := makeRoom(ctx, path); err != nil {
		return nil, err
	}
	db, err := connectTo(path, "_pragma=locking_mode(EXCLUSIVE)&_pragma=page_size(8192)&_pragma=journal_mode(OFF)"+
		"&_pragma=synchronous(OFF)"+cachePragma(sinkCache), 1)
	if err != nil {
		return nil, err
	}
	w, err := newWriter(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &sink{w, crm.Counts{}}
	if err := s.run(ctx, slices.DeleteFunc(slices.Clone(tables), isIndex)); err != nil {
		return nil, errors.Join(err, w.close(nothing), os.Remove(path))
	}
	return s, nil
}

// makeRoom removes what a crash has left and makes the file, readable by nobody else.
func makeRoom(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err == nil {
		if isLocked(ctx, path) {
			return fmt.Errorf("another restore is at work on %s", path)
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return prepareFile(path)
}

// isLocked reports whether a living process has the file. It may be half a file, and then no database yet.
func isLocked(ctx context.Context, path string) bool {
	db, err := connectTo(path, "mode=rw", 1)
	if err != nil {
		return false
	}
	_, err = db.ExecContext(ctx, `BEGIN EXCLUSIVE`)
	_ = db.Close() // was only asked
	var refused *sqlite.Error
	return errors.As(err, &refused) && refused.Code() == busy
}

const busy = 5 // SQLITE_BUSY

func isIndex(ddl string) bool { return strings.HasPrefix(ddl, "CREATE INDEX") }

func (s *sink) run(ctx context.Context, ddls []string) error {
	for _, ddl := range ddls {
		if _, err := s.w.conn.ExecContext(ctx, ddl); err != nil {
			return fmt.Errorf("create tables: %w", err)
		}
	}
	return nil
}

// Load writes records as they are.
func (s *sink) Load(ctx context.Context, records []crm.Record) error {
	store := Store{writer: s.w, light: newLight()}
	return store.write(ctx, func(t *tx) error {
		b := &batch{tx: t, found: bulk{}}
		for _, r := range records {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := b.load(r); err != nil {
				return fmt.Errorf("sqlite: load one of %s: %w", r.RecordKind(), err)
			}
			s.loaded[r.RecordKind()]++
		}
		return b.finish()
	})
}

// load writes one record.
func (b *batch) load(r crm.Record) error {
	switch r := r.(type) {
	case crm.Event:
		return b.addEvent(r)
	case crm.Touch:
		return b.addTouch(r)
	case crm.Client:
		return b.addClient(r)
	case crm.Seal: // looks for its events
		if err := b.putEvents(); err != nil {
			return err
		}
	}
	return b.loadFew(r)
}

// loadFew writes one record of which there are not many.
func (t *tx) loadFew(r crm.Record) error {
	switch r := r.(type) {
	case crm.Team:
		return t.loadRecord(teamRecord(r))
	case crm.Member:
		return t.loadRecord(memberRecord(r))
	case crm.Invite:
		return t.loadRecord(inviteRecord(r))
	case crm.Consent:
		return t.loadRecord(consentRecord(r))
	case crm.Import:
		return t.loadRecord(importRecord(r))
	case crm.KeptSalt:
		_, err := t.exec(`INSERT INTO salts (team, record, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, r.Team, r.Record, r.Key)
		return err
	case crm.Progress:
		_, err := t.exec(noteProgress, r.ID, r.At.UnixMilli())
		return err
	case crm.Mark:
		_, err := t.exec(addMark, r.ID, r.At.UnixMilli())
		return err
	}
	doc, err := json.Marshal(r)
	if err != nil {
		return err
	}
	switch r := r.(type) {
	case crm.Seal:
		return t.addSeal(r, string(doc), nil)
	case crm.Task:
		return t.insertTask(r, doc)
	case crm.Reminder:
		_, err = t.insertReminder(r, doc)
	case crm.Dialog:
		return t.insertDialog(r, doc)
	case crm.Pair:
		return t.insertPair(r)
	case crm.StrayUpdate:
		_, err = t.insertStray(r, doc)
	default:
		err = fmt.Errorf("no table for %T", r)
	}
	return err
}

func (t *tx) loadRecord(r record) error {
	doc, err := json.Marshal(r.doc)
	if err != nil {
		return err
	}
	return t.insertRecord(r, doc)
}

// finish makes the indexes and checks that all is there.
func (s *sink) finish(ctx context.Context) error {
	indexes := slices.DeleteFunc(slices.Clone(tables), func(ddl string) bool { return !isIndex(ddl) })
	if err := s.run(ctx, append(indexes, fmt.Sprintf(`PRAGMA user_version = %d`, fileVersion))); err != nil {
		return err
	}
	begun, err := s.w.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	counts, err := countRecords(ctx, begun)
	maps.DeleteFunc(counts, func(_ crm.RecordKind, n int) bool { return n == 0 })
	if err == nil && !maps.Equal(counts, s.loaded) {
		err = fmt.Errorf("loaded %v, there are %v", s.loaded, counts)
	}
	return errors.Join(err, begun.Rollback())
}
