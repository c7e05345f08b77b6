package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
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
	if n, err := s.reader.number(ctx, `PRAGMA user_version`); err != nil || n != fileVersion {
		t.Errorf("got a new file of version %d, %v, want %d", n, err, fileVersion)
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
	if found := searched(t, s, "иван"); len(found) != 200 || found[0].ID == "" {
		t.Errorf("got %d cards", len(found))
	}
}

// A file in which nothing says who has what of the own fields says it after Sweep.
func TestUpgrade_filledFields(t *testing.T) {
	ctx := t.Context()
	s := openTemp(t)
	firm := crm.Client{ID: "c1", Team: "acme", Rev: 1, Stage: crm.StageLead, Profile: crm.Profile{Kind: crm.KindCorporate,
		Custom: map[crm.FieldID]string{"size": "L"}}}
	save(t, s, firm)
	save(t, s, crm.Client{ID: "c2", Team: "acme", Rev: 1, Stage: crm.StageLead, Profile: crm.Profile{Kind: crm.KindCorporate}}) // has nothing there
	lacking := func() []crm.Client {
		t.Helper()
		list, err := s.Clients(ctx, crm.ClientQuery{Team: "acme", Lacks: []crm.GapKey{"corporate.x.size"}, Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	err := s.write(ctx, func(x *tx) error {
		if _, err := x.exec(`DELETE FROM facets WHERE facet LIKE 'has:%'`); err != nil {
			return err
		}
		_, err := x.exec(`PRAGMA user_version = 6`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if list := lacking(); len(list) != 1 || list[0].ID != "c2" {
		t.Errorf("by the documents of an older file got %v", list)
	}
	if err := s.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	n, err := s.reader.number(ctx, `SELECT count(*) FROM facets WHERE facet LIKE 'has:%'`)
	if want := len(firm.FilledKeys()) + 1; err != nil || n != want || want != 3 {
		t.Errorf("got %d facets, %v, want %d", n, err, want)
	}
	if list := lacking(); len(list) != 1 || list[0].ID != "c2" {
		t.Errorf("after it got %v", list)
	}
	err = s.write(ctx, func(x *tx) error { // by which it is seen that no document is looked into any more
		_, err := x.exec(`DELETE FROM facets WHERE facet = 'has:corporate.x.size'`)
		return err
	})
	if list := lacking(); err != nil || len(list) != 2 {
		t.Errorf("without its row in the side table got %v, %v", list, err)
	}
}

// The events of a file from before there were parts are listed, and new parts are found.
func TestUpgrade_parts(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "old.db")
	open := func() *Store {
		t.Helper()
		s, err := Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	s := open()
	save(t, s, crm.Client{ID: "c1", Team: "acme", Rev: 1})
	err := s.write(ctx, func(x *tx) error {
		for _, ddl := range []string{`DROP INDEX events_listed`, `DROP INDEX events_parts`, `ALTER TABLE events DROP COLUMN part`,
			`CREATE INDEX events_at ON events (team, at, id, by, action)`} {
			if _, err := x.exec(ddl); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time it is of this version
		s = open()
		e := crm.Event{ID: crm.EventID("part of " + t.Name()), Team: "acme", At: time.Unix(5, 0), PartOf: "whole"}
		if err := s.AddEvent(ctx, e); err != nil && !errors.Is(err, crm.ErrApplied) {
			t.Fatal(err)
		}
		whole, err := s.Audit(ctx, crm.AuditQuery{Team: "acme", Whole: true, Limit: 5})
		parts, err2 := s.Audit(ctx, crm.AuditQuery{Team: "acme", PartOf: "whole", Limit: 5})
		if err := errors.Join(err, err2, s.Close()); err != nil || len(whole) != 1 || len(parts) != 1 || parts[0].ID != e.ID {
			t.Errorf("got %v, %v, %v", whole, parts, err)
		}
	}
	left, err := open().reader.number(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'events_at'`)
	if err != nil || left != 0 {
		t.Errorf("the old index is there: %d, %v", left, err)
	}
}

// A file that does not say what lists show of the cards is searched all the same, and says it after Sweep.
func TestUpgrade_faces(t *testing.T) {
	ctx := t.Context()
	s := openTemp(t)
	c := crm.Client{ID: "c1", Team: "acme", Rev: 1, Terms: []string{"иванов"}, Profile: crm.Profile{Name: "Иванов", Company: "Ромашка", City: "Тверь"}}
	save(t, s, c)
	err := s.write(ctx, func(x *tx) error {
		if _, err := x.exec(`UPDATE searchable SET card = substr(card, 1, instr(card, 'Иванов') - 2)`); err != nil {
			return err
		}
		_, err := x.exec(`PRAGMA user_version = 7`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []crm.Face{{}, c.Face()} {
		if got := searched(t, s, "иванов"); len(got) != 1 || got[0].Face != want || !slices.Equal(got[0].Terms, c.Terms) {
			t.Errorf("got %+v, want the face %+v", got, want)
		}
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// firstTables are those of the first version that this one has otherwise.
var firstTables = []string{
	`CREATE TABLE clients (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, team TEXT NOT NULL, rev INTEGER NOT NULL, owner TEXT NOT NULL,
		stage TEXT NOT NULL, status TEXT NOT NULL, sort_name TEXT NOT NULL, newest INTEGER NOT NULL, idle INTEGER NOT NULL,
		deleted INTEGER, doc TEXT NOT NULL)`,
	`CREATE TABLE dialogs (id TEXT PRIMARY KEY, team TEXT NOT NULL, rev INTEGER NOT NULL, doc TEXT NOT NULL)`,
	`CREATE TABLE searchable (n INTEGER PRIMARY KEY, id TEXT NOT NULL, owner TEXT NOT NULL, stage TEXT NOT NULL, idle INTEGER NOT NULL,
		sort_name TEXT NOT NULL, terms TEXT NOT NULL)`,
	`CREATE TABLE terms (team TEXT, term TEXT, client INTEGER, PRIMARY KEY (team, term, client)) WITHOUT ROWID`,
	`CREATE TABLE keys (team TEXT, key TEXT, client INTEGER, PRIMARY KEY (team, key, client)) WITHOUT ROWID`,
	`CREATE TABLE events (id TEXT PRIMARY KEY, team TEXT NOT NULL, record TEXT NOT NULL, rev INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID`,
	`CREATE INDEX events_record ON events (team, record, rev DESC, id DESC)`,
	`INSERT INTO clients VALUES (1, 'c1', 'acme', 1, 'anna', 'lead', 'vip', 'иванов петр', 0, -5000, NULL,
		'{"_id":"c1","team":"acme","rev":1,"schema":1,"name":"Иванов Пётр","stage":"lead","status":"vip","owner":"anna",
		"last_touch":"1970-01-01T00:00:05Z","next_contact":"1970-01-01T00:00:09Z","sort_name":"иванов петр","terms":["иванов","петр"],"words":["иванов","петр"],"keys":["p+7900"]}'),
		(2, 'c2', 'acme', 1, 'anna', 'lead', 'vip', '', 0, 0, 7, '{"_id":"c2","rev":1,"terms":["иванов"],"keys":["p+7901"]}')`,
	`INSERT INTO searchable VALUES (1, 'c1', 'anna', 'lead', -5000, 'иванов петр', char(10) || 'иванов' || char(10) || 'петр' || char(10))`,
	`INSERT INTO terms VALUES ('acme', 'иванов', 1), ('acme', 'петр', 1)`,
	`INSERT INTO keys VALUES ('acme', 'p+7900', 1)`,
	`PRAGMA user_version = 1`,
	`INSERT INTO events VALUES ('u1.0', 'acme', 'c1', 1, '{"_id":"u1.0","team":"acme","record":"c1","rev":1}')`,
}

func firstVersionFile(t *testing.T) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "first.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range firstTables {
		if _, err := db.Exec(text); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// A file of the first version is opened with all that is in it, and its cards are found and changed like any.
func TestUpgrade_firstFile(t *testing.T) {
	ctx, path := t.Context(), firstVersionFile(t)
	for range 2 { // the second time it is of this version
		s, err := Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		want := crm.Candidate{ID: "c1", Owner: "anna", Stage: "lead", LastTouch: time.Unix(5, 0).UTC(), SortName: "иванов петр",
			Terms: []string{"иванов", "петр"}, Face: crm.Face{Name: "Иванов Пётр"}}
		if got := searched(t, s, "иванов"); !reflect.DeepEqual(got, []crm.Candidate{want}) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		next := crm.ClientQuery{Team: "acme", Sort: crm.SortByNext, NextFrom: time.Unix(8, 0), NextBefore: time.Unix(10, 0), Limit: 5}
		if got, err := s.Clients(ctx, next); err != nil || len(got) != 1 || got[0].Name != "Иванов Пётр" {
			t.Errorf("got %v, %v by the next contact", got, err)
		}
		events, err := s.Events(ctx, crm.EventQuery{Team: "acme", Record: "c1", Limit: 5})
		if err != nil || len(events) != 1 || events[0].ID != "u1.0" {
			t.Errorf("got events %v, %v", events, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	save(t, s, crm.Client{ID: "c1", Team: "acme", Rev: 2, Terms: []string{"петр"}})
	if got := searched(t, s, "иванов"); len(got) != 0 {
		t.Errorf("got %v by a term that was taken off", got)
	}
	if got, err := s.ClientsByKey(ctx, "acme", []string{"p+7900"}); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v by a key that was taken off", got, err)
	}
}

func searched(t *testing.T, s *Store, term string) []crm.Candidate {
	t.Helper()
	found, err := s.SearchClients(t.Context(), crm.TermQuery{Team: "acme", Groups: []crm.TermGroup{{Exact: []string{term}}}, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Cards from before anniversaries are found by theirs after Sweep, whether somebody changes them first or not.
func TestUpgradeBringsAnniversaries(t *testing.T) {
	ctx := t.Context()
	s := openTemp(t)
	first := time.Date(2024, 5, 12, 9, 0, 0, 0, time.UTC)
	old := crm.Client{ID: "c1", Team: "acme", Rev: 1, Schema: 1, FirstContact: first, DateKeys: []string{"b01-01"}, Profile: crm.Profile{Birthday: civil.Date{Month: 1, Day: 1}}}
	touched := old
	touched.ID = "c2"
	for _, c := range []crm.Client{old, touched} {
		if err := s.SaveClient(ctx, crm.ClientChange{Client: c, Event: crm.Event{ID: crm.EventID("e" + c.ID), Team: "acme"}}); err != nil {
			t.Fatal(err)
		}
	}
	touched, err := s.Client(ctx, "acme", "c2")
	if err != nil {
		t.Fatal(err)
	}
	touched.Rev++
	if err := s.SaveClient(ctx, crm.ClientChange{Client: touched, Event: crm.Event{ID: "e3", Team: "acme"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.write(ctx, func(x *tx) error { _, err := x.exec(`PRAGMA user_version = 1`); return err }); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a05-12", "b01-01"} {
		found, err := s.Clients(ctx, crm.ClientQuery{Team: "acme", Dates: []string{key}, Limit: 9})
		if err != nil || len(found) != 2 {
			t.Errorf("%s: got %d cards, %v, want both", key, len(found), err)
		}
	}
}

// A card of before extensions were a part of the number is found by both numbers as one that is written now.
func TestUpgrade_extensions(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "kartoteka.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	save(t, s, crm.Client{ID: "c1", Team: "acme", Rev: 1, Schema: 5, Keys: []string{"p+74951234567"},
		Profile: crm.Profile{Name: "A", Phones: []crm.Phone{{E164: "+74951234567", Ext: "12"}}}})
	if err := s.write(t.Context(), func(x *tx) error { _, err := x.exec(`PRAGMA user_version = 7`); return err }); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{"p+74951234567": 0, "p+74951234567#12": 1} {
		if got, err := s.ClientsByKey(t.Context(), "acme", []string{key}); err != nil || len(got) != want {
			t.Errorf("%s: %d cards, %v, want %d", key, len(got), err, want)
		}
	}
}

// A card of before companies were found by all their words at once is found so after Sweep.
func TestUpgrade_companies(t *testing.T) {
	s := openTemp(t)
	save(t, s, crm.Client{ID: "c1", Team: "acme", Rev: 1, Schema: 6, Terms: []string{"студия", "ромашка"}, Profile: crm.Profile{Company: "Студия «Ромашка»"}})
	if err := s.write(t.Context(), func(x *tx) error { _, err := x.exec(`PRAGMA user_version = 8`); return err }); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, term := range []string{"ромашка", "=студия ромашка", "=ромашка студия"} {
		if found := searched(t, s, term); len(found) != 1 || !slices.Contains(found[0].Terms, term) {
			t.Errorf("%s: got %+v, want the card", term, found)
		}
	}
}
