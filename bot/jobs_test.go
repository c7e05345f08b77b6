package main

import (
	"context"
	"errors"
	"testing"
)

// sweeper is a store whose sweeps end as they are told, in turn.
type sweeper struct{ ends []error }

func (s *sweeper) Sweep(context.Context) error {
	end := s.ends[0]
	s.ends = s.ends[1:]
	return end
}

// TestPlanningWaitsForTheSweep: what an older version left is not found by its days before, and planning never looks back. A sweep
// that always fails does not keep everybody from being reminded.
func TestPlanningWaitsForTheSweep(t *testing.T) {
	broken := errors.New("broken")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ends := range map[string][]error{"at last": {broken, nil}, "never": {broken, broken, broken}} {
		swept, store, planned := sweeping{over: make(chan struct{})}, &sweeper{ends: ends}, 0
		plan := func(context.Context) error { planned++; return nil }
		for i := range ends {
			if err := swept.then(ended, plan); planned > 0 || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: before sweep %d it was planned %d times, %v", name, i, planned, err)
			}
			_ = swept.try(t.Context(), store)
		}
		if err := swept.then(t.Context(), plan); err != nil || planned != 1 {
			t.Errorf("%s: then it was planned %d times, %v", name, planned, err)
		}
		store.ends = []error{nil}
		if err := swept.try(t.Context(), store); err != nil {
			t.Errorf("%s: a further sweep: %v", name, err)
		}
	}
	var none sweeping
	if err := none.then(t.Context(), func(context.Context) error { return nil }); err != nil {
		t.Errorf("where there is nothing to sweep: %v", err)
	}
}
