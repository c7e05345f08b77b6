package mongodb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
	"kartoteka/store/backup"
	"kartoteka/store/sqlite"
	"kartoteka/store/storetest"
)

// newBase is a database of its own, dropped at the end.
func newBase(t testing.TB) storetest.Base {
	uri := withBase(serverURI(t), fmt.Sprintf("kartoteka_test_%d_%d", os.Getpid(), bases.Add(1)))
	t.Cleanup(func() {
		if s, err := dial(context.Background(), uri); err == nil {
			_ = s.db.Drop(context.Background())
			_ = s.Close()
		}
	})
	return storetest.Base{
		Open:   func() (crm.Store, error) { return Open(t.Context(), uri) },
		Source: func() (crm.Source, error) { return OpenSource(t.Context(), uri) },
		Fill:   func(load func(crm.Sink) error) error { return Fill(t.Context(), uri, load) },
	}
}

func newFile(t testing.TB) storetest.Base {
	path := filepath.Join(t.TempDir(), "base.db")
	return storetest.Base{
		Open:   func() (crm.Store, error) { return sqlite.Open(t.Context(), path) },
		Source: func() (crm.Source, error) { return sqlite.OpenSource(t.Context(), path) },
		Fill:   func(load func(crm.Sink) error) error { return sqlite.Fill(t.Context(), path, load) },
	}
}

func TestCopy(t *testing.T) {
	t.Run("to_itself", func(t *testing.T) { storetest.RunCopy(t, newBase, newBase) })
	t.Run("from_sqlite", func(t *testing.T) { storetest.RunCopy(t, newFile, newBase) })
	t.Run("to_sqlite", func(t *testing.T) { storetest.RunCopy(t, newBase, newFile) })
}

// Each collection is dumped, or made anew from what is.
func TestEveryCollectionIsDumped(t *testing.T) {
	for name := range indexes {
		if name != "words" && !slices.Contains(crm.RecordKinds, crm.RecordKind(name)) {
			t.Errorf("%s is in no backup", name)
		}
	}
}

// What a crash has left inside a document is in the dump, once, wherever it got.
func TestDumpOfWhatIsPending(t *testing.T) {
	for name, tidied := range map[string]func(*testing.T, *Store){
		"nothing is tidied up":   func(*testing.T, *Store) {},
		"the event is copied":    copyEvent,
		"the touches are copied": func(t *testing.T, s *Store) { copyEvent(t, s); copyTouch(t, s) },
	} {
		t.Run(name, func(t *testing.T) {
			s := openTemp(t)
			crash(t, s, change(1, "u1"))
			tidied(t, s)
			to := dumpInto(t, s, crm.Counts{crm.RecordClient: 1, crm.RecordEvent: 1, crm.RecordTouch: 1})
			events, err := to.Events(t.Context(), crm.EventQuery{Team: "acme", Record: "c1", Limit: 9})
			if err != nil || len(events) != 1 || len(events[0].Fields) != 1 {
				t.Errorf("got %+v, %v", events, err)
			}
		})
	}
}

func copyEvent(t *testing.T, s *Store) {
	t.Helper()
	if _, err := s.events().InsertOne(t.Context(), change(1, "u1").Event); err != nil {
		t.Fatal(err)
	}
}

func copyTouch(t *testing.T, s *Store) {
	t.Helper()
	if err := s.addTouches(t.Context(), change(1, "u1").Touches); err != nil {
		t.Fatal(err)
	}
}

// A card that was purged right before a crash is gone from the dump, with its history.
func TestDumpOfWhatIsBeingPurged(t *testing.T) {
	s := openTemp(t)
	c := change(1, "u1")
	c.Client.Deleted = noon
	if err := s.SaveClient(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	p := pending{Purged: true, Event: crm.Event{ID: crm.PurgeEventID("c1"), Team: "acme", Record: "c1", Rev: 2}}
	if _, err := s.clients().ReplaceOne(t.Context(), bson.D{is("_id", "c1")}, stub{"c1", 2, Pending{&p, true}}); err != nil {
		t.Fatal(err)
	}
	to := dumpInto(t, s, crm.Counts{crm.RecordEvent: 2})
	events, err := to.Events(t.Context(), crm.EventQuery{Team: "acme", Record: "c1", Limit: 9})
	if err != nil || len(events) != 2 || len(events[0].Fields)+len(events[1].Fields) > 0 {
		t.Errorf("got %+v, %v", events, err)
	}
}

// dumpInto copies a base into a file; so many records there must be.
func dumpInto(t *testing.T, s *Store, want crm.Counts) crm.Store {
	t.Helper()
	from, err := OpenSource(t.Context(), withBase(serverURI(t), s.db.Name()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	counted, err := from.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	to := newFile(t)
	err = to.Fill(func(sink crm.Sink) error {
		got, err := backup.Copy(t.Context(), from.Dump, sink, nil)
		for kind := range counted {
			if got[kind] != want[kind] || counted[kind] != want[kind] {
				t.Errorf("%s: %d dumped, %d counted, want %d", kind, got[kind], counted[kind], want[kind])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	file, err := to.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

// A base that is being filled, or was when the program ended, is refused by all; filled again it is as good as any.
func TestHalfFilledBaseIsRefused(t *testing.T) {
	uri := withBase(serverURI(t), fmt.Sprintf("kartoteka_test_%d_%d", os.Getpid(), bases.Add(1)))
	s, err := dial(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.db.Drop(context.Background()); _ = s.Close() })
	refused := func(when string) {
		t.Helper()
		_, opened := Open(t.Context(), uri)
		_, read := OpenSource(t.Context(), uri)
		for _, err := range []error{opened, read, Probe(t.Context(), uri)} {
			if !errors.Is(err, crm.ErrUnfinished) {
				t.Errorf("%s: got %v", when, err)
			}
		}
	}
	if err := s.beginFilling(t.Context(), filling{fillingID, "crashed"}); err != nil {
		t.Fatal(err)
	}
	left := &sink{s, crm.Counts{}}
	if err := left.Load(t.Context(), []crm.Record{crm.Team{ID: "old", Rev: 1}, crm.Event{ID: "u0"}}); err != nil {
		t.Fatal(err)
	}
	refused("after a crash")
	err = Fill(t.Context(), uri, func(to crm.Sink) error {
		refused("while it is filled")
		return to.Load(t.Context(), []crm.Record{crm.Team{ID: "new", Rev: 1}})
	})
	if err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if teams, err := again.Teams(t.Context()); err != nil || len(teams) != 1 || teams[0].ID != "new" {
		t.Errorf("got %+v, %v", teams, err)
	}
}
