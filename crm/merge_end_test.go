package crm_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"kartoteka/crm"
)

// Whoever is erased while their cards are taken apart leaves nothing that the clock would try again for ever.
func TestEraseWhileParting(t *testing.T) {
	t.Run("right after the decision", func(t *testing.T) {
		tw, ctx := newTwins(t), t.Context()
		_, p := tw.merge()
		p.State, p.Rev, p.Merge.Back, p.Merge.BackBy = crm.PairUndoing, p.Rev+1, "dead", tw.owner.ID
		mustAll(t, tw.store.SavePair(ctx, p))
		mustAll(t, tw.EraseClient(ctx, tw.as(tw.owner), tw.kept.ID))
		tw.over(t, p.ID)
	})
	t.Run("when they are two again", func(t *testing.T) {
		tw, ctx := newTwins(t), t.Context()
		_, p := tw.merge()
		dying := crm.NewDesk(&unsettled{Store: tw.store}, tw.clock)
		if _, err := dying.UndoMerge(ctx, tw.as(tw.owner), p.ID); !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		mustAll(t, tw.EraseClient(ctx, tw.as(tw.owner), tw.kept.ID))
		tw.over(t, p.ID)
		if c := tw.look(tw.gone.ID); c.MergedInto != "" || !c.Deleted.IsZero() {
			t.Errorf("the other card is %+v", c)
		}
	})
}

// over checks that nothing is left to do with a pair.
func (tw *twins) over(t *testing.T, id crm.PairID) {
	t.Helper()
	tw.clock.Advance(time.Minute)
	if err := tw.MergeOn(t.Context()); err != nil {
		t.Errorf("it fails again and again: %v", err)
	}
	p, err := tw.store.Pair(t.Context(), tw.owner.Team, id)
	if err == nil && p.State != crm.PairOpen {
		t.Errorf("the pair is %q", p.State)
	}
	page, err := tw.Pairs(t.Context(), tw.as(tw.owner), nil, 5)
	if err != nil || len(page.Pairs) > 0 || page.Total > 0 {
		t.Errorf("to be decided: %+v, %v", page, err)
	}
}

// unsettled is a store whose process dies before the end of a pair's way is noted.
type unsettled struct{ crm.Store }

func (s *unsettled) SavePair(ctx context.Context, p crm.Pair) error {
	if p.State == crm.PairOpen {
		return errCut
	}
	return s.Store.SavePair(ctx, p)
}

// Who had the card that went and is an analyst by the time at which it is told learns no name.
func TestMergedIsNotToldToAnAnalyst(t *testing.T) {
	tw, b, ctx := newTwins(t), &inbox{}, t.Context()
	ivan := tw.hire(5, "Иван", crm.RoleManager)
	_, err := tw.HandOverClient(ctx, tw.as(tw.owner), tw.gone.ID, ivan.ID)
	mustAll(t, err)
	tw.tick(b)
	tw.merge()
	_, err = tw.SetRole(ctx, tw.as(tw.owner), ivan.ID, crm.RoleAnalyst, nil)
	mustAll(t, err)
	for _, n := range tw.tick(b) {
		if n.To.ID == ivan.ID && n.Kind == crm.RemindMerged {
			t.Errorf("an analyst is told of %q", n.Client.Name)
		}
	}
}
