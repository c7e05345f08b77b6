package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/store/backup"
	"kartoteka/store/storetest"
)

func newBase(t testing.TB) storetest.Base {
	path := filepath.Join(t.TempDir(), "base.db")
	return storetest.Base{
		Open:   func() (crm.Store, error) { return Open(t.Context(), path) },
		Source: func() (crm.Source, error) { return OpenSource(t.Context(), path) },
		Fill:   func(load func(crm.Sink) error) error { return Fill(t.Context(), path, load) },
	}
}

func TestCopy(t *testing.T) { storetest.RunCopy(t, newBase, newBase) }

// Each table is dumped, or made anew from what is.
func TestEveryTableIsDumped(t *testing.T) {
	s := openTemp(t)
	derived := []string{"searchable", "terms", "keys", "facets", "words"}
	names, err := s.reader.db.Query(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = names.Close() }()
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(derived, name) && !slices.Contains(crm.RecordKinds, crm.RecordKind(name)) {
			t.Errorf("%s is in no backup", name)
		}
	}
	if err := names.Err(); err != nil {
		t.Error(err)
	}
}

// A source shows one moment, whatever is written beside it: as many events and touches as its cards have revisions.
func TestSourceUnderLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "base.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	writing, stop := context.WithCancel(t.Context())
	begun, over := make(chan bool), make(chan error)
	go func() { over <- keepWriting(writing, s, begun) }()
	<-begun
	for range 20 {
		from, err := OpenSource(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		<-begun // something is written between the moment and the dump
		revisions := checkMoment(t, from)
		if err := from.Close(); err != nil || revisions == 0 {
			t.Fatalf("%d revisions, %v", revisions, err)
		}
	}
	stop()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// keepWriting changes a few cards again and again, each time with an event and a touch.
func keepWriting(ctx context.Context, s *Store, wrote chan<- bool) error {
	for i := 0; ; i++ {
		c := crm.Client{ID: crm.ClientID(fmt.Sprint("c", i%5)), Team: "acme", Rev: int64(i/5 + 1), Owner: "anna"}
		id := fmt.Sprint("u", i)
		err := s.SaveClient(ctx, crm.ClientChange{Client: c,
			Event:   crm.Event{ID: crm.EventID(id), Team: "acme", Record: string(c.ID), Rev: c.Rev},
			Touches: []crm.Touch{{ID: crm.TouchID(id), Team: "acme", Client: c.ID}}})
		if err != nil {
			return err
		}
		select {
		case wrote <- true:
		default:
		}
	}
}

func checkMoment(t *testing.T, from *Source) int64 {
	t.Helper()
	var revisions, events, touches int64
	var d crm.Decoder
	err := from.Dump(t.Context(), func(kind crm.RecordKind, doc []byte) error {
		r, err := d.Record(kind, doc)
		switch r := r.(type) {
		case crm.Client:
			revisions += r.Rev
		case crm.Event:
			events++
		case crm.Touch:
			touches++
		}
		return err
	})
	if err != nil || events != revisions || touches != revisions {
		t.Errorf("of %d revisions there are %d events and %d touches, %v", revisions, events, touches, err)
	}
	return revisions
}

func TestSourceMakesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	if _, err := OpenSource(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) > 0 {
		t.Errorf("there are %v", left)
	}
}

// What an older version wrote is read as it is: the file stays its own.
func TestSourceOfOlderFile(t *testing.T) {
	path := firstVersionFile(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	from, err := OpenSource(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := from.Counts(t.Context())
	if err != nil || counts[crm.RecordClient] == 0 || counts[crm.RecordTask] != 0 {
		t.Errorf("got %v, %v", counts, err)
	}
	var d crm.Decoder
	err = from.Dump(t.Context(), func(kind crm.RecordKind, doc []byte) error {
		counts[kind]--
		_, err := d.Record(kind, doc)
		return err
	})
	if err != nil || counts.Total() != 0 {
		t.Errorf("%v were missed, %v", counts, err)
	}
	if err := from.Close(); err != nil {
		t.Error(err)
	}
	if after, err := os.ReadFile(path); err != nil || !slices.Equal(before, after) {
		t.Errorf("the file has changed, %v", err)
	}
}

func loadTeam(sink crm.Sink) error {
	return sink.Load(context.Background(), []crm.Record{crm.Team{ID: "acme", Rev: 1}})
}

// What stands beside the place of the base is looked at before it is taken.
func TestFillLooksFirst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "base.db")
	for name, prepare := range map[string]func() error{
		"the log of a base that is gone": func() error { return os.WriteFile(path+"-wal", []byte("log"), 0o600) },
		"an empty base that is open": func() error {
			s, err := Open(t.Context(), path)
			t.Cleanup(func() { _ = s.Close() })
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			path = filepath.Join(t.TempDir(), "base.db")
			if err := prepare(); err != nil {
				t.Fatal(err)
			}
			if err := Fill(t.Context(), path, loadTeam); !errors.Is(err, crm.ErrNotEmpty) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("another restore", func(t *testing.T) {
		path = filepath.Join(t.TempDir(), "base.db")
		err := Fill(t.Context(), path, func(sink crm.Sink) error {
			if err := Fill(t.Context(), path, loadTeam); err == nil || errors.Is(err, crm.ErrNotEmpty) {
				t.Errorf("beside another: got %v", err)
			}
			return loadTeam(sink)
		})
		if err != nil {
			t.Error(err)
		}
	})
	for name, prepare := range map[string]func() error{
		"nothing":               func() error { return nil },
		"an empty file":         func() error { return os.WriteFile(path, nil, 0o600) },
		"what a crash has left": func() error { return os.WriteFile(path+".restore", []byte("half a base"), 0o600) },
		"an empty base": func() error {
			s, err := Open(t.Context(), path)
			return errors.Join(err, s.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			path = filepath.Join(t.TempDir(), "base.db")
			if err := prepare(); err != nil {
				t.Fatal(err)
			}
			if err := Fill(t.Context(), path, loadTeam); err != nil {
				t.Fatal(err)
			}
			if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
				t.Errorf("there are %v", left)
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the file is %v, %v", info, err)
			}
		})
	}
}

// The first backup that there was, with every field set that records had then, is restored by each later version. A field
// that is taken out of a record on purpose goes into backup.retired.
func TestFirstBackupIsRestored(t *testing.T) {
	file := filepath.Join("testdata", "first.jsonl.zst")
	base := newBase(t)
	var sum backup.Summary
	err := base.Fill(func(sink crm.Sink) error {
		_, err := backup.Copy(t.Context(), func(ctx context.Context, each func(crm.RecordKind, []byte) error) (err error) {
			sum, err = backup.ReadFile(ctx, file, nil, each)
			return err
		}, sink, nil)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := base.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	found, err := s.SearchClients(t.Context(), crm.TermQuery{Team: "acme", Groups: []crm.TermGroup{{Exact: []string{"ромашка"}}}, Limit: 9})
	if err != nil || len(found) != 1 || sum.Counts[crm.RecordClient] != 5 {
		t.Errorf("got %+v, %v of %v", found, err, sum.Counts)
	}
	verified, err := crm.NewDesk(s, then(sum.Made)).VerifyEvents(t.Context(), "acme", "")
	if err != nil || verified.Seals != 1 {
		t.Errorf("got %+v, %v", verified, err)
	}
}

// then is a clock that stands.
type then time.Time

func (t then) Now() time.Time { return time.Time(t) }
