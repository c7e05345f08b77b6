package sqlite

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
)

// What was erased is not in the files any more either, not in what SQLite has freed: whoever gets the disk finds nothing with
// the tools that find deleted rows.
func TestErasedIsNotInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "base.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	event := func(id string, rev int64, text string) crm.Event {
		return crm.Event{ID: crm.EventID(id), Team: "acme", Record: "c1", Rev: rev, At: at, Fields: map[string]crm.Delta{"name": {After: text}}}
	}
	card := func(rev int64, text string) crm.Client {
		return crm.Client{ID: "c1", Team: "acme", Rev: rev, Profile: crm.Profile{Name: text}, Terms: []string{"gorlodranov"}, Words: []string{"gorlodranov"}}
	}
	long := strings.Repeat("Gorlodranov просил прайс. ", 2000) // more than a page
	save := func(c crm.ClientChange) {
		t.Helper()
		if err := s.SaveClient(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	save(crm.ClientChange{Client: card(1, "Gorlodranov"), Event: event("e1", 1, "Gorlodranov")})
	save(crm.ClientChange{Client: card(2, long), Event: event("e2", 2, long),
		Touches: []crm.Touch{{ID: "t1", Team: "acme", Client: "c1", At: at, Text: long}}})
	gone := card(3, "Gorlodranov II")
	gone.Deleted = at
	save(crm.ClientChange{Client: gone, Event: event("e3", 3, "Gorlodranov II")})
	if n, err := s.PurgeClients(t.Context(), crm.Purge{Before: at.Add(time.Hour), At: at, Limit: 5}); err != nil || n != 1 {
		t.Fatalf("%d were purged, %v", n, err)
	}
	defer func() { _ = s.Close() }() // it is gone while the program runs, and not only when it has ended
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(bytes.ToLower(raw), []byte("gorlodranov")); n > 0 {
			t.Errorf("%s holds it %d times", filepath.Base(f), n)
		}
	}
}

// Who is erased while somebody reads an older state is erased: that the log cannot be emptied then is no failure of it.
func TestErasedWhileSomebodyReads(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "base.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	save := func(id crm.ClientID, deleted time.Time) {
		t.Helper()
		if err := s.SaveClient(t.Context(), crm.ClientChange{Client: crm.Client{ID: id, Team: "acme", Rev: 1, Deleted: deleted},
			Event: crm.Event{ID: crm.EventID("e." + id), Team: "acme", Record: string(id), Rev: 1, At: at}}); err != nil {
			t.Fatal(err)
		}
	}
	save("c1", at)
	tx, err := s.reader.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	var n int
	if err := tx.QueryRowContext(t.Context(), `SELECT count(*) FROM clients`).Scan(&n); err != nil || n != 1 {
		t.Fatalf("%d cards, %v", n, err)
	}
	if n, err := s.PurgeClients(t.Context(), crm.Purge{Before: at.Add(time.Hour), At: at, Limit: 5}); err != nil || n != 1 {
		t.Errorf("%d were purged, %v", n, err)
	}
	save("c2", time.Time{})
}
