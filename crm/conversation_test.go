package crm_test

import (
	"testing"
	"time"

	"kartoteka/crm"
)

// What could not be read may be a client's words: it is there for a person to look at, and gone before an erasure would be due.
func TestStraysAreKeptForTwoWeeks(t *testing.T) {
	o := newOffice(t)
	now := o.clock.Now()
	for i, ago := range []time.Duration{13 * 24 * time.Hour, 15 * 24 * time.Hour, 400 * 24 * time.Hour} {
		mustAll(t, o.store.SetAside(t.Context(), crm.StrayUpdate{ID: int64(i), Reason: "decode", Raw: []byte("{}"), At: now.Add(-ago)}))
	}
	mustAll(t, o.PurgeStrays(t.Context()))
	kept, err := o.store.StrayUpdates(t.Context(), 9)
	if err != nil || len(kept) != 1 || kept[0].ID != 0 {
		t.Errorf("kept are %v, %v", kept, err)
	}
}
