package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// busy calls f while all connections that read are in use.
func (s *Store) busy(ctx context.Context, f func()) error {
	var take func(left int) error
	take = func(left int) error {
		if left == 0 {
			f()
			return nil
		}
		return s.reader.rows(ctx, `SELECT 1`, nil, func(*sql.Rows) (bool, error) { return true, take(left - 1) })
	}
	return take(readers)
}

// Whoever waits for a connection to read with need not wait until there is one to see that the program ends.
func TestWaitForAConnectionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openTemp(t)
		err := s.busy(t.Context(), func() {
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() {
				_, err := s.reader.number(ctx, `SELECT 1`)
				ended <- err
			}()
			synctest.Wait()
			stop()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("it ends with %v", err)
			}
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// What counts for long is ended in the middle, and the next finds a connection that answers.
func TestLongCountEnds(t *testing.T) {
	s := openTemp(t)
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err := s.reader.count(ctx, `WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 1000000000) SELECT count(*) FROM r`)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it ends with %v", err)
	}
	if n, err := s.reader.count(t.Context(), `SELECT 7`); n != 7 || err != nil {
		t.Errorf("afterwards: %d, %v", n, err)
	}
}
