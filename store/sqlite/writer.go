package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"kartoteka/crm"
)

// writer is the one connection that writes. Transactions take turns in it, so that none of them ever finds
// the file locked by another of the same process.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	turn  chan struct{}        // holds a value while a transaction runs
	stmts map[string]*sql.Stmt // SQL → statement; used by whose turn it is
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &writer{db: db, conn: conn, turn: make(chan struct{}, 1), stmts: map[string]*sql.Stmt{}}, nil
}

// close waits for the transaction that runs, and then does the last.
func (w *writer) close(last func(*sql.DB) error) error {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	var errs []error
	for _, st := range w.stmts {
		errs = append(errs, st.Close())
	}
	w.stmts = map[string]*sql.Stmt{}
	return errors.Join(append(errs, w.conn.Close(), last(w.db), w.db.Close())...)
}

// nothing is left to do.
func nothing(*sql.DB) error { return nil }

// tx is a transaction in progress.
type tx struct {
	w   *writer
	ctx context.Context // the statements' own: a cancelled caller ends the transaction, not a statement
}

// write runs change as one transaction: all of it is kept or nothing. A caller who gave up before the
// commit has written nothing.
func (s *Store) write(ctx context.Context, change func(*tx) error) error {
	return s.inTurn(ctx, func() error {
		held := s.light.all()
		err := s.transact(ctx, func(t *tx) error {
			if err := t.putHeld(held); err != nil {
				return err
			}
			return change(t)
		})
		if err == nil {
			s.light.written(held)
		}
		return err
	})
}

func (s *Store) inTurn(ctx context.Context, do func() error) error {
	select {
	case s.writer.turn <- struct{}{}:
		defer func() { <-s.writer.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return do()
}

// freeCache gives back the memory of the pages that were written. An import leaves writerCache full of them, for which the driver takes
// more than twice as much, and nobody but the next import would read them there.
func (s *Store) freeCache(ctx context.Context) error {
	return s.inTurn(ctx, func() error {
		_, err := s.writer.conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA shrink_memory`)
		return err
	})
}

// transact is write for whoever has the turn.
func (s *Store) transact(ctx context.Context, change func(*tx) error) error {
	t := &tx{w: s.writer, ctx: context.WithoutCancel(ctx)}
	if _, err := t.exec(`BEGIN IMMEDIATE`); err != nil {
		return err
	}
	err := change(t)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		_, err = t.exec(`COMMIT`)
	}
	if err != nil {
		_, _ = t.exec(`ROLLBACK`) // fails where SQLite has rolled back by itself (disk full)
	}
	return err
}

func (t *tx) stmt(text string) (*sql.Stmt, error) {
	if st, ok := t.w.stmts[text]; ok {
		return st, nil
	}
	st, err := t.w.conn.PrepareContext(t.ctx, text)
	if err != nil {
		return nil, err
	}
	t.w.stmts[text] = st
	return st, nil
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(text string, args ...any) (int64, error) {
	st, err := t.stmt(text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// change runs a statement that must change a row; none is the error if it changed nothing.
func (t *tx) change(none error, text string, args ...any) error {
	n, err := t.exec(text, args...)
	if err == nil && n == 0 {
		err = none
	}
	return err
}

// row reads one row; sql.ErrNoRows if there is none.
func (t *tx) row(text string, args []any, into ...any) error {
	st, err := t.stmt(text)
	if err != nil {
		return err
	}
	return st.QueryRowContext(t.ctx, args...).Scan(into...)
}

// addEvent keeps the record of a change; crm.ErrApplied if it is there already.
func (t *tx) addEvent(e crm.Event) error {
	row, err := eventRow(e)
	if err != nil {
		return err
	}
	return t.change(crm.ErrApplied, insertEvent+` VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, row...)
}

const insertEvent = `INSERT OR IGNORE INTO events (id, team, record, rev, at, by, action, part, doc)`

func eventRow(e crm.Event) ([]any, error) {
	doc, err := json.Marshal(e)
	return []any{string(e.ID), string(e.Team), e.Record, e.Rev, e.At.UnixMilli(), string(e.By), string(e.Action), string(e.PartOf), string(doc)}, err
}
