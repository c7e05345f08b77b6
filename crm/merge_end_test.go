package crm_test

import (
	"context"
	"errors"
	"strings"
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

// How the card that went stood is not lost where the kept one stands otherwise.
func TestMergeKeepsStanding(t *testing.T) {
	tw := newTwins(t)
	tw.Desk = tw.WithNames(called{})
	for field, value := range map[crm.Field]string{crm.FieldStatus: string(crm.StatusVIP), crm.FieldStage: string(crm.StageNegotiation)} {
		_, err := tw.EditClient(t.Context(), tw.as(tw.owner), tw.gone.ID, crm.Edit{Field: field, Value: value, Force: true})
		mustAll(t, err)
	}
	c, _ := tw.merge()
	if got := tw.notes(c.ID); c.Status == crm.StatusVIP || !strings.Contains(got, "ru status: vip") || !strings.Contains(got, "ru stage: negotiation") {
		t.Errorf("the status is %s, notes %q", c.Status, got)
	}
}

// Whoever is asked whether a client is to be erased for good, and answers when their card is another's by now, is asked anew; an erasure
// ends what is open about the cards that were merged into the one.
func TestEraseOfMerged(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	for _, c := range []crm.Client{tw.kept, tw.gone} {
		mustAll(t, tw.store.SaveDialog(ctx, crm.Dialog{ID: "7:" + string(c.ID), Team: tw.owner.Team, Rev: 1, Of: string(c.ID), Expires: tw.clock.Now().Add(time.Hour)}))
	}
	tw.merge()
	if err := tw.EraseClient(ctx, tw.as(tw.owner), tw.gone.ID); !errors.Is(err, crm.ErrConflict) {
		t.Errorf("erased another card than was asked about: %v", err)
	}
	mustAll(t, tw.EraseClient(ctx, tw.as(tw.owner), tw.kept.ID))
	for _, c := range []crm.Client{tw.kept, tw.gone} {
		if _, err := tw.store.Dialog(ctx, "7:"+string(c.ID)); !errors.Is(err, crm.ErrNotFound) {
			t.Errorf("a dialog of %s outlives the erasure: %v", c.ID, err)
		}
	}
}
