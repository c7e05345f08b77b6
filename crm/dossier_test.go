package crm_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestDossierTellsOfNobodyElse: after a wrong merge was taken apart the record of changes still has what was the other's; whoever asks
// what is known of them does not get it.
func TestDossierTellsOfNobodyElse(t *testing.T) {
	tw, ctx := newTwins(t), t.Context()
	_, p := tw.merge()
	tw.clock.Advance(time.Minute)
	_, err := tw.UndoMerge(ctx, tw.as(tw.owner), p.ID)
	mustAll(t, err)
	d, err := tw.Dossier(ctx, tw.as(tw.owner), tw.kept.ID)
	mustAll(t, err)
	raw, err := json.Marshal(d)
	mustAll(t, err)
	for _, others := range []string{"s.petrov@mail.ru", "Сергей П.", "1980", "Тула"} {
		if strings.Contains(string(raw), others) {
			t.Errorf("it tells of the other: %q", others)
		}
	}
	if len(d.Changes) < 3 {
		t.Errorf("%d changes; that there were is said", len(d.Changes))
	}
}
