package sqlite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"kartoteka/crm"
)

// move is a step of a reminder that waits to be written.
type move struct {
	r    crm.Reminder
	from crm.ReminderState
	done chan error // is given how it ended
}

// moves are those of many senders side by side: who comes to write first writes them all, since each transaction waits for the
// disk.
type moves struct {
	mu      sync.Mutex
	waiting []*move
}

func (q *moves) add(m *move) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, m)
}

// take hands over all that wait.
func (q *moves) take() []*move {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.waiting
	q.waiting = nil
	return all
}

// remove reports whether m still waited.
func (q *moves) remove(m *move) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, m)
	if i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
	}
	return i >= 0
}

// MoveReminder replaces the stored reminder by r if it has r's fence and is in state from.
func (s *Store) MoveReminder(ctx context.Context, r crm.Reminder, from crm.ReminderState) error {
	if err := s.move(ctx, &move{r, from, make(chan error, 1)}); err != nil {
		return fmt.Errorf("sqlite: move reminder: %w", err)
	}
	return nil
}

func (s *Store) move(ctx context.Context, m *move) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.moves.add(m)
	select {
	case err := <-m.done:
		return err
	case <-ctx.Done():
		if s.moves.remove(m) {
			return ctx.Err()
		}
		return <-m.done // it is being written
	case s.writer.turn <- struct{}{}:
	}
	defer func() { <-s.writer.turn }()
	s.writeMoves(ctx, s.moves.take())
	return <-m.done
}

// writeMoves writes them as one, and tells each how it ended. It is its writer's turn, whose giving up is not the others'.
func (s *Store) writeMoves(ctx context.Context, all []*move) {
	if len(all) == 0 {
		return
	}
	ends := make([]error, len(all))
	err := s.transact(context.WithoutCancel(ctx), func(t *tx) error {
		for i, m := range all {
			ends[i] = t.moveReminder(m.r, m.r.Fence, m.from)
			if ends[i] != nil && !errors.Is(ends[i], crm.ErrConflict) {
				return ends[i]
			}
		}
		return nil
	})
	for i, m := range all {
		m.done <- cmp.Or(err, ends[i])
	}
}
