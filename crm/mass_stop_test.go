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
