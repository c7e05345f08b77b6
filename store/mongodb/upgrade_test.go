package mongodb

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

// A card from before there was a number is read as one of this version, and rewritten by Sweep.
func TestUpgrade(t *testing.T) {
	ctx := t.Context()
	s := openTemp(t)
	c := change(1, "u1")
	if err := s.SaveClient(ctx, c); err != nil {
		t.Fatal(err)
	}
	if _, err := s.clients().UpdateOne(ctx, bson.D{is("_id", "c1")}, bson.D{is("$set", bson.D{is("schema", 0), is("by_name", "")})}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Client(ctx, "acme", "c1")
	if err != nil || got.Schema != crm.SchemaVersion || got.Rev != 1 {
		t.Errorf("got schema %d, revision %d, %v", got.Schema, got.Rev, err)
	}
	for range 2 {
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
	}
	var stored struct {
		Schema int    `bson:"schema"`
		ByName string `bson:"by_name"`
	}
	if err := s.clients().FindOne(ctx, bson.D{is("_id", "c1")}).Decode(&stored); err != nil {
		t.Fatal(err)
	}
	if stored.Schema != crm.SchemaVersion || stored.ByName == "" {
		t.Errorf("got %+v, want a rewritten document", stored)
	}
	c = change(2, "u2")
	if err := s.SaveClient(ctx, c); err != nil {
		t.Errorf("a change after the upgrade: %v", err)
	}
}

// A card from before anniversaries is found by its own after Sweep.
func TestUpgradeBringsAnniversaries(t *testing.T) {
	ctx := t.Context()
	s := openTemp(t)
	c := change(1, "u1")
	c.Client.Schema, c.Client.FirstContact = 1, time.Date(2024, 5, 12, 9, 0, 0, 0, time.UTC)
	if err := s.SaveClient(ctx, c); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	found, err := s.Clients(ctx, crm.ClientQuery{Team: "acme", Dates: []string{"a05-12"}, Limit: 9})
	if err != nil || len(found) != 1 {
		t.Errorf("got %d cards, %v, want the one", len(found), err)
	}
}

// A card of before companies were found by all their words at once is found so after Sweep.
func TestUpgrade_companies(t *testing.T) {
	ctx := t.Context()
	s := openTemp(t)
	c := change(1, "u1")
	c.Client.Schema, c.Client.Company, c.Client.Terms = 6, "Студия «Ромашка»", []string{"студия", "ромашка"}
	if err := s.SaveClient(ctx, c); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	for _, term := range []string{"ромашка", "=студия ромашка", "=ромашка студия"} {
		found, err := s.SearchClients(ctx, crm.TermQuery{Team: "acme", Groups: []crm.TermGroup{{Exact: []string{term}}}, Limit: 9})
		if err != nil || len(found) != 1 {
			t.Errorf("%s: got %d cards, %v, want the one", term, len(found), err)
		}
	}
}
