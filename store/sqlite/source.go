package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"kartoteka/crm"
)

// Source is a file as it was when the source was opened: one transaction that reads, beside which others write on.
type Source struct {
	db    *sql.DB
	begun *sql.Tx
}

var _ crm.Source = (*Source)(nil)

// OpenSource opens a file to read all of it. It makes no file and brings none to the shape of this version: an older one
// can be copied before the program that wrote it has gone.
func OpenSource(ctx context.Context, path string) (*Source, error) {
	s, err := openSource(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open source: %w", err)
	}
	return s, nil
}

func openSource(ctx context.Context, path string) (*Source, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	// The mode of the journal is the file's own.
	db, err := connectTo(path, "_pragma=busy_timeout("+strconv.Itoa(busyWait)+")&_pragma=query_only(1)"+cachePragma(readerCache)+"&mode=rw", 1)
	if err != nil {
		return nil, err
	}
	s := &Source{db: db}
	if s.begun, err = db.BeginTx(ctx, nil); err == nil {
		var tables int // the first look is the moment
		err = s.begun.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Frozen is true: others write into the log beside what is read here.
func (s *Source) Frozen() bool { return true }

// Counts counts the records of each kind.
func (s *Source) Counts(ctx context.Context) (crm.Counts, error) {
	counts, err := countRecords(ctx, s.begun)
	if err != nil {
		return nil, fmt.Errorf("sqlite: count records: %w", err)
	}
	return counts, nil
}

func countRecords(ctx context.Context, begun *sql.Tx) (crm.Counts, error) {
	counts := crm.Counts{}
	for _, kind := range crm.RecordKinds {
		there, err := hasTable(ctx, begun, kind)
		n := 0
		if err == nil && there {
			err = begun.QueryRowContext(ctx, `SELECT count(*) FROM `+string(kind)).Scan(&n)
		}
		if err != nil {
			return nil, err
		}
		counts[kind] = n
	}
	return counts, nil
}

// hasTable tells a file of an older version, in which a kind has no table yet.
func hasTable(ctx context.Context, begun *sql.Tx, kind crm.RecordKind) (there bool, err error) {
	err = begun.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?`, kind).Scan(&there)
	return there, err
}

// Dump hands over each document as it lies in the file.
func (s *Source) Dump(ctx context.Context, each func(crm.RecordKind, []byte) error) error {
	for _, kind := range crm.RecordKinds {
		there, err := hasTable(ctx, s.begun, kind)
		if err == nil && there {
			err = s.dump(ctx, kind, each)
		}
		if err != nil {
			return fmt.Errorf("sqlite: dump %s: %w", kind, err)
		}
	}
	return nil
}

func (s *Source) dump(ctx context.Context, kind crm.RecordKind, each func(crm.RecordKind, []byte) error) error {
	columns, scan := `doc`, scanRaw // by their numbers, as they were written: sealed events first
	switch kind {                   // these are no documents
	case crm.RecordMark, crm.RecordProgress:
		columns, scan = `id, at`, scanMark
	case crm.RecordSalt:
		columns = `json_object('team', team, 'record', record, 'key', key)`
	}
	rows, err := s.begun.QueryContext(ctx, `SELECT `+columns+` FROM `+string(kind))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		doc, err := scan(rows)
		if err == nil {
			err = each(kind, doc)
		}
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

func scanRaw(rows *sql.Rows) ([]byte, error) {
	var doc sql.RawBytes
	err := rows.Scan(&doc)
	return doc, err
}

func scanMark(rows *sql.Rows) ([]byte, error) {
	var id string
	var at int64
	if err := rows.Scan(&id, &at); err != nil {
		return nil, err
	}
	return json.Marshal(crm.Mark{ID: id, At: time.UnixMilli(at).UTC()})
}

// Close lets the file go.
func (s *Source) Close() error {
	var err error
	if s.begun != nil {
		err = s.begun.Rollback()
	}
	return errors.Join(err, s.db.Close())
}
