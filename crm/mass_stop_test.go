package crm_test

import (
	"context"
	"testing"
	"time"

	"kartoteka/crm"
)

// silent is an office that tells nobody.
type silent struct{}

func (silent) Tell(context.Context, crm.Member) {}

// interrupted is a store in whose nth write of a pair, n being left, something else happens.
type interrupted struct {
	crm.Store
	left int
	by   func()
}

func (s *interrupted) SavePair(ctx context.Context, p crm.Pair) error {
	if s.left--; s.left == 0 {
		s.by()
	}
	return s.Store.SavePair(ctx, p)
}

// overtaken is a store to which somebody else has written the same just before, the nth time a pair is written.
type overtaken struct {
	crm.Store
	left int
}

func (s *overtaken) SavePair(ctx context.Context, p crm.Pair) error {
	if s.left--; s.left == 0 {
		if err := s.Store.SavePair(ctx, p); err != nil {
			return err
		}
	}
	return s.Store.SavePair(ctx, p)
}

// A press and the clock go on with the same change at the same moment: what the other has done is done.
func TestMergingAllByTwoAtOnce(t *testing.T) {
	for _, at := range []int{1, 2, 3, 30} {
		w, _, _ := familiar(t)
		beside := func() *crm.Desk { return crm.NewDesk(&overtaken{w.store, at}, w.clock) }
		_, err := beside().BeginMass(t.Context(), w.as(w.fresh(w.owner)), crm.MassInput{Kind: crm.MassMerge})
		mustAll(t, err, w.MassOn(t.Context(), silent{}))
		done := w.fresh(w.owner).Mass
		if done.Changed != 53 || done.Left[crm.LeftGone] != 4 || w.count(crm.ClientQuery{}) != 49 { // of three cards each the third pair is gone
			t.Errorf("overtaken at %d: merged %d, left %v, %d cards", at, done.Changed, done.Left, w.count(crm.ClientQuery{}))
		}
		w.clock.Advance(time.Minute)
		_, err = beside().UndoMass(t.Context(), w.as(w.fresh(w.owner)), done.Begun)
		mustAll(t, err, w.MassOn(t.Context(), silent{}))
		if got := w.fresh(w.owner).Mass; got.Changed != 53 || len(got.Left) != 0 || w.count(crm.ClientQuery{}) != 102 {
			t.Errorf("overtaken at %d: taken apart %d, left %v, %d cards", at, got.Changed, got.Left, w.count(crm.ClientQuery{}))
		}
	}
}

// What was merged of the page on which it was stopped is counted, and comes back with the rest.
func TestMergingAllIsStoppedOnAPage(t *testing.T) {
	for _, at := range []int{3, 50} {
		w, _, _ := familiar(t)
		desk := crm.NewDesk(&interrupted{w.store, at, func() {
			_, err := w.StopMass(t.Context(), w.as(w.fresh(w.owner)))
			mustAll(t, err)
			w.clock.Advance(time.Second)
		}}, w.clock)
		_, err := desk.BeginMass(t.Context(), w.as(w.fresh(w.owner)), crm.MassInput{Kind: crm.MassMerge})
		mustAll(t, err)
		got, gone := w.fresh(w.owner).Mass, 102-w.count(crm.ClientQuery{})
		if got.UnderWay() || got.Changed != gone || gone == 0 || gone > at || !got.Returnable(w.clock.Now()) {
			t.Errorf("stopped at %d: told %d merged, really %d", at, got.Changed, gone)
		}
		w.clock.Advance(time.Minute)
		_, err = w.UndoMass(t.Context(), w.as(w.fresh(w.owner)), got.Begun)
		mustAll(t, err)
		mustAll(t, w.MassOn(t.Context(), silent{}))
		if back := w.fresh(w.owner).Mass; back.Changed != gone || w.count(crm.ClientQuery{}) != 102 {
			t.Errorf("stopped at %d: %d of %d came back", at, back.Changed, gone)
		}
	}
}
