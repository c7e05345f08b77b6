package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

// sweeper is a store whose sweeps end as they are told, in turn.
type sweeper struct{ ends []error }

func (s *sweeper) Sweep(context.Context) error {
	end := s.ends[0]
	s.ends = s.ends[1:]
	return end
}

// TestPlanningWaitsForTheSweep: what an older version left is not found by its days before, and planning never looks back. A sweep
// that always fails does not keep everybody from being reminded, and one that was not begun is begun by planning.
func TestPlanningWaitsForTheSweep(t *testing.T) {
	broken := errors.New("broken")
	for name, ends := range map[string][]error{"at once": {nil}, "at last": {broken, nil}, "never": {broken, broken, broken}} {
		swept, planned := &sweeping{store: &sweeper{ends: ends}}, 0
		plan := func(context.Context) error { planned++; return nil }
		if err := swept.then(t.Context(), plan); !errors.Is(err, ends[0]) {
			t.Errorf("%s: begun by planning, the sweep ends with %v", name, err)
		}
		for i := range ends[1:] {
			if err := swept.then(t.Context(), plan); planned > 0 || err != nil {
				t.Errorf("%s: after sweep %d it was planned %d times, %v", name, i+1, planned, err)
			}
			_ = swept.try(t.Context())
		}
		if planned = 0; swept.then(t.Context(), plan) != nil || planned != 1 {
			t.Errorf("%s: after all it was planned %d times", name, planned)
		}
		swept.store = &sweeper{ends: []error{broken}}
		if err := swept.try(t.Context()); !errors.Is(err, broken) || !swept.over.Load() {
			t.Errorf("%s: a further sweep: %v, over: %v", name, err, swept.over.Load())
		}
	}
	var none sweeping
	if err := none.then(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Errorf("where there is nothing to sweep: %v", err)
	}
}

// Sending is never ahead of planning: at the start and after a leap of the clock it has what fell due planned first, be it that this
// fails; while planning goes on as it should it does not ask for it.
func TestSendingIsBehindPlanning(t *testing.T) {
	broken, at := errors.New("broken"), time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	var did []time.Time
	now, ends := at, error(nil)
	p := &planning{do: func(context.Context) error { did = append(did, now); return ends }}
	send := func(later time.Duration) error {
		now = at.Add(later)
		return p.catchUp(t.Context(), now)
	}
	if err := errors.Join(send(0), p.plan(t.Context(), at), send(5*time.Second), send(time.Minute), send(24*time.Hour), send(24*time.Hour)); err != nil {
		t.Error(err)
	}
	ends = broken
	if err := send(48 * time.Hour); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if err := send(48*time.Hour + time.Second); !errors.Is(err, broken) {
		t.Errorf("what failed is not tried again: %v", err)
	}
	want := []time.Time{at, at, at.Add(24 * time.Hour), at.Add(48 * time.Hour), at.Add(48*time.Hour + time.Second)}
	if !slices.Equal(did, want) {
		t.Errorf("planned at %v, want %v", did, want)
	}
}
