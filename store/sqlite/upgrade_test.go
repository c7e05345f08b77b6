package sqlite

import (
	"fmt"
	"testing"

	"kartoteka/crm"
)

// Cards from before there was a number are read as cards of this version, and rewritten by Sweep.
func TestUpgrade(t *testing.T) {
	ctx := t.Context()
	s := openTemp(t)
	var batch []crm.ClientChange
	for i := range upgradePage + 10 {
		id := fmt.Sprintf("c%04d", i)
		batch = append(batch, crm.ClientChange{
			Client: crm.Client{ID: crm.ClientID(id), Team: "acme", Rev: 1, Terms: []string{"иван"}, SortName: id},
			Event:  crm.Event{ID: crm.EventID(id), Team: "acme"},
		})
	}
	if err := s.SaveClients(ctx, batch); err != nil {
		t.Fatal(err)
	}
	got, err := s.Client(ctx, "acme", "c0003")
	if err != nil || got.Schema != crm.SchemaVersion {
		t.Errorf("got schema %d, %v, want it upgraded as it is read", got.Schema, err)
	}
	if n, err := s.reader.number(ctx, `PRAGMA user_version`); err != nil || n != crm.SchemaVersion {
		t.Errorf("got a new file of version %d, %v, want %d", n, err, crm.SchemaVersion)
	}
	if err := s.write(ctx, func(x *tx) error { _, err := x.exec(`PRAGMA user_version = 0`); return err }); err != nil {
		t.Fatal(err)
	}
	old := func() int {
		n, err := s.reader.number(ctx, `SELECT count(*) FROM clients WHERE json_extract(doc, '$.schema') < ?`, crm.SchemaVersion)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := old(); n != len(batch) {
		t.Fatalf("got %d old cards, want %d", n, len(batch))
	}
	for range 2 {
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if n := old(); n != 0 {
			t.Errorf("got %d old cards after Sweep", n)
		}
	}
	found, err := s.SearchClients(ctx, crm.TermQuery{Team: "acme", Groups: []crm.TermGroup{{Exact: []string{"иван"}}}, Limit: 200})
	if err != nil || len(found) != 200 || found[0].ID == "" {
		t.Errorf("got %d cards, %v", len(found), err)
	}
}
