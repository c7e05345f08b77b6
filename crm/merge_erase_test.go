package crm_test

import (
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
)

// countdowns are the ids of a card's tasks that are open and repeat daily.
func (o *office) countdowns(id crm.ClientID) (open []crm.TaskID) {
	o.t.Helper()
	tasks, err := o.store.Tasks(o.t.Context(), crm.TaskQuery{Team: o.owner.Team, Client: id, State: crm.TaskOpen, Limit: 9})
	mustAll(o.t, err)
	for _, t := range tasks {
		if t.Text == "стереть" {
			open = append(open, t.ID)
		}
	}
	return open
}

// The wish to be erased that came with a merged card, and was withdrawn for both, stands again with its countdown when that card does.
func TestUndoMerge_eraseWish(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	asked, err := tw.AskErasure(ctx, tw.as(tw.owner), tw.gone.ID, "стереть")
	mustAll(t, err)
	_, p := tw.merge()
	if got := tw.countdowns(tw.kept.ID); !slices.Equal(got, []crm.TaskID{asked.EraseTask}) {
		t.Errorf("merged: %v", got)
	}
	_, err = tw.KeepClient(ctx, tw.as(tw.owner), tw.kept.ID)
	mustAll(t, err)
	again, err := tw.AskErasure(ctx, tw.as(tw.owner), tw.kept.ID, "стереть")
	mustAll(t, err)
	by := tw.as(tw.owner)
	for range 2 {
		_, err = tw.UndoMerge(ctx, by, p.ID)
		mustAll(t, err)
	}
	for _, c := range []crm.Client{asked, again} {
		now := tw.look(c.ID)
		if got := tw.countdowns(c.ID); now.EraseBy != c.EraseBy || now.EraseTask != c.EraseTask || !slices.Equal(got, []crm.TaskID{c.EraseTask}) {
			t.Errorf("%s: until %v by %s, counted down by %v; want %v by %s", c.ID, now.EraseBy, now.EraseTask, got, c.EraseBy, c.EraseTask)
		}
	}
}

// Of two wishes to be erased the earlier counts, with its countdown alone; taken apart each card has its own again.
func TestMergeClients_bothAskErasure(t *testing.T) {
	for _, goneFirst := range []bool{false, true} {
		tw, ctx := newTwins(t), t.Context()
		order := []crm.ClientID{tw.kept.ID, tw.gone.ID}
		if goneFirst {
			slices.Reverse(order)
		}
		var asked []crm.Client
		for _, id := range order {
			c, err := tw.AskErasure(ctx, tw.as(tw.owner), id, "стереть")
			mustAll(t, err)
			asked = append(asked, c)
			tw.clock.Advance(24 * time.Hour)
		}
		c, p := tw.merge()
		if got := tw.countdowns(tw.kept.ID); c.EraseBy != asked[0].EraseBy || !slices.Equal(got, []crm.TaskID{asked[0].EraseTask}) {
			t.Errorf("merged: until %v, counted down by %v", c.EraseBy, got)
		}
		_, err := tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
		mustAll(t, err)
		for _, c := range asked {
			if got := tw.countdowns(c.ID); tw.look(c.ID).EraseBy != c.EraseBy || !slices.Equal(got, []crm.TaskID{c.EraseTask}) {
				t.Errorf("taken apart: %s is counted down by %v", c.ID, got)
			}
		}
	}
}

// A card was merged into another, that one into a third, and both merges were taken back: who is erased then is on none of the three.
func TestEraseClient_afterChain(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	third := tw.add(tw.owner, crm.Profile{Name: "Третий Семён"})
	_, first := tw.merge()
	_, second, err := tw.MergeClients(ctx, tw.as(tw.owner), crm.MergeInput{Kept: third.ID, Gone: tw.kept.ID})
	mustAll(t, err)
	for _, p := range []crm.Pair{second, first} {
		_, err = tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
		mustAll(t, err)
	}
	tw.seal()
	mustAll(t, tw.EraseClient(ctx, tw.as(tw.owner), tw.gone.ID))
	for _, word := range []string{"s.petrov@mail.ru", "1980-05-12"} {
		if n := tw.mentions(word); n != 0 {
			t.Errorf("%d documents have %q still", n, word)
		}
	}
	tw.seal()
	if v := tw.verified(tw.store); len(v.Breaches) > 0 {
		t.Errorf("got %+v", v.Breaches)
	}
}
