package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/go-json-experiment/json"

	"kartoteka/crm"
)

// maxPrepared bounds the statements that are kept compiled; the shapes of queries are fewer in practice.
const maxPrepared = 200

// queries is a pool of connections with the statements prepared on it. Their texts say LIMIT +? and not
// LIMIT ?: SQLite plans with the number itself where it can, and so compiles the statement anew each time
// it is bound, a third of a search's cost. The plus hides the number from the planner.
type queries struct {
	db       *sql.DB
	free     chan struct{} // holds a value for each connection that reads
	mu       sync.Mutex
	prepared map[string]*sql.Stmt // SQL → statement
}

func newQueries(db *sql.DB) *queries {
	return &queries{db: db, free: make(chan struct{}, db.Stats().MaxOpenConnections), prepared: map[string]*sql.Stmt{}}
}

// prepare compiles a statement once. The caller closes what is not kept: done says how.
func (q *queries) prepare(ctx context.Context, text string) (st *sql.Stmt, done func(), err error) {
	q.mu.Lock()
	st, ok := q.prepared[text]
	q.mu.Unlock()
	if ok {
		return st, func() {}, nil
	}
	st, err = q.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if _, ok := q.prepared[text]; ok || len(q.prepared) >= maxPrepared {
		return st, func() { _ = st.Close() }, nil
	}
	q.prepared[text] = st
	return st, func() {}, nil
}

// scan takes one row, and says whether it was the last.
type scan func(*sql.Rows) (stop bool, err error)

// rows runs a query and hands each row to scan, until there are no more, scan says stop or ctx ends. It asks for that itself, before
// it has a connection and between rows: given a context that can end, database/sql and the driver start a goroutine each for every
// statement.
func (q *queries) rows(ctx context.Context, text string, args []any, each scan) error {
	return q.run(ctx, context.WithoutCancel(ctx), text, args, each)
}

// walk is rows for a query that reads much for each row, or before the first: ctx ends that too. The connection is lost by it.
func (q *queries) walk(ctx context.Context, text string, args []any, each scan) error {
	return q.run(ctx, ctx, text, args, each)
}

// run has the statement itself ended by another context.
func (q *queries) run(ctx, inner context.Context, text string, args []any, each scan) error {
	select {
	case q.free <- struct{}{}:
		defer func() { <-q.free }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	st, done, err := q.prepare(inner, text)
	if err != nil {
		return err
	}
	defer done()
	rows, err := st.QueryContext(inner, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		stop, err := each(rows)
		if stop || err != nil {
			return err
		}
	}
	return rows.Err()
}

// number runs a query that answers one number.
func (q *queries) number(ctx context.Context, text string, args ...any) (int, error) {
	n := 0
	err := q.rows(ctx, text, args, func(r *sql.Rows) (bool, error) { return true, r.Scan(&n) })
	return n, err
}

// count is number for what is counted one by one.
func (q *queries) count(ctx context.Context, text string, args ...any) (int, error) {
	n := 0
	err := q.walk(ctx, text, args, func(r *sql.Rows) (bool, error) { return true, r.Scan(&n) })
	return n, err
}

func (q *queries) close() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	var errs []error
	for _, st := range q.prepared {
		errs = append(errs, st.Close())
	}
	q.prepared = map[string]*sql.Stmt{}
	return errors.Join(append(errs, q.db.Close())...)
}

// get reads the one document that a query answers; crm.ErrNotFound if it answers none.
func get[T any](ctx context.Context, q *queries, what, text string, args ...any) (T, error) {
	var doc T
	found := false
	err := q.rows(ctx, text, args, func(r *sql.Rows) (bool, error) {
		found = true
		return true, scanDoc(r, &doc)
	})
	if err == nil && !found {
		err = crm.ErrNotFound
	}
	if err != nil {
		return doc, fmt.Errorf("sqlite: %s: %w", what, err)
	}
	return doc, nil
}

// list reads all documents that a query answers.
func list[T any](ctx context.Context, q *queries, what, text string, args ...any) ([]T, error) {
	var docs []T
	err := q.rows(ctx, text, args, func(r *sql.Rows) (bool, error) {
		docs = append(docs, *new(T))
		err := scanDoc(r, &docs[len(docs)-1])
		return err != nil, err
	})
	if err != nil {
		return nil, fmt.Errorf("sqlite: %s: %w", what, err)
	}
	return docs, nil
}

// readable is list for a query that answers ids before documents: what cannot be decoded is named by crm.Unreadable, and the others come
// back with it.
func readable[T any](ctx context.Context, q *queries, what, text string, args ...any) ([]T, error) {
	var docs []T
	var broken []string
	err := q.rows(ctx, text, args, func(r *sql.Rows) (bool, error) {
		var id, raw sql.RawBytes
		if err := r.Scan(&id, &raw); err != nil {
			return true, err
		}
		var doc T
		if decode(raw, &doc) != nil {
			broken = append(broken, string(id))
			return false, nil
		}
		docs = append(docs, doc)
		return false, nil
	})
	if err == nil {
		err = unreadable(broken)
	}
	if err != nil {
		return docs, fmt.Errorf("sqlite: %s: %w", what, err)
	}
	return docs, nil
}

// unreadable is the error of records that cannot be decoded; nil of none.
func unreadable(ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return crm.Unreadable{IDs: ids}
}

// first is the only record that was asked for.
func first[T any](found []T, err error) (one T, _ error) {
	if len(found) > 0 {
		return found[0], err
	}
	if err == nil {
		err = crm.ErrNotFound
	}
	return one, err
}

// scanDoc decodes the first column.
func scanDoc(r *sql.Rows, doc any) error {
	var raw sql.RawBytes
	if err := r.Scan(&raw); err != nil {
		return err
	}
	return decode(raw, doc)
}

// decode reads a document and brings it to the shape of this version.
func decode(raw []byte, doc any) error {
	err := decodeRaw(raw, doc)
	if old, ok := doc.(crm.Upgrader); ok && err == nil {
		old.Upgrade()
	}
	return err
}

// decodeRaw reads with what encoding/json is from Go 1.27 on: it takes half the time and half the allocations, and decoding is a
// tenth of a search's cost. Documents are written by encoding/json itself: digests of events are taken of their bytes.
func decodeRaw(raw []byte, doc any) error { return json.Unmarshal(raw, doc) }
