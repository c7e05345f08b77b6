package crm_test

import (
	"context"
	"testing"
	"time"

	"kartoteka/crm"
)

// mergedBetween is a store in which the card is merged just before something about it is written.
type mergedBetween struct {
	crm.Store
	merge func()
}

func (s mergedBetween) SaveTask(ctx context.Context, t crm.Task, e crm.Event) error {
	if e.Action == crm.ActionAddTask {
		s.merge()
	}
	return s.Store.SaveTask(ctx, t, e)
}

func (s mergedBetween) SaveConsent(ctx context.Context, c crm.Consent, e crm.Event) error {
	if e.Action == crm.ActionGiveConsent {
		s.merge()
	}
	return s.Store.SaveConsent(ctx, c, e)
}

// What is written about a card while that is being merged is the kept card's, and comes back with the other one.
func TestWhatIsWrittenBesideAMerge(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	var pair crm.Pair
	desk := crm.NewDesk(mergedBetween{tw.store, func() { _, pair = tw.merge() }}, tw.clock)
	task, err := desk.AddTask(ctx, tw.as(tw.owner), crm.TaskInput{Client: tw.gone.ID, Text: "отправить договор", Due: tw.clock.Now().Add(time.Hour)})
	mustAll(t, err)
	whose := func(want crm.ClientID) {
		t.Helper()
		got, err := tw.store.Task(ctx, tw.owner.Team, task.ID)
		if err != nil || got.Client != want {
			t.Errorf("the task is of %s, %v, want %s", got.Client, err, want)
		}
	}
	whose(tw.kept.ID)
	_, err = tw.UndoMerge(ctx, tw.as(tw.owner), pair.ID)
	mustAll(t, err)
	whose(tw.gone.ID)

	given, err := desk.GiveConsent(ctx, tw.as(tw.owner), tw.gone.ID, crm.ConsentInput{Purpose: crm.PurposeGreeting, Way: crm.WayPaper})
	mustAll(t, err)
	list, err := tw.store.Consents(ctx, tw.owner.Team, tw.kept.ID)
	mustAll(t, err)
	found := false
	for _, c := range list {
		found = found || c.ID == given.ID
	}
	if !found {
		t.Errorf("the consent %s is not among %+v", given.ID, list)
	}
}

// Whoever is to be kept for longer is, whichever card says so.
func TestMergeKeepsTheLaterTerm(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	_, err := tw.KeepYear(ctx, tw.as(tw.owner), tw.gone.ID)
	mustAll(t, err)
	want := tw.look(tw.gone.ID).KeepTill
	_, p := tw.merge()
	if got := tw.look(tw.kept.ID).KeepTill; want.IsZero() || !got.Equal(want) {
		t.Errorf("it is kept till %v, want %v", got, want)
	}
	_, err = tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
	mustAll(t, err)
	if got := tw.look(tw.kept.ID).KeepTill; !got.IsZero() {
		t.Errorf("taken apart it is kept till %v", got)
	}
}
