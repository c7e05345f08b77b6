package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(t testing.TB) crm.Store { return openTemp(t) }, storetest.Capabilities{Concurrent: true, Spoil: spoil})
}

// spoil makes a record one that cannot be read.
func spoil(t testing.TB, st crm.Store, kind crm.RecordKind, id string) {
	t.Helper()
	which := `id`
	if kind == crm.RecordSeal {
		which = `team || ':' || seq`
	}
	if err := st.(*Store).write(t.Context(), func(x *tx) error {
		return x.change(crm.ErrNotFound, `UPDATE `+string(kind)+` SET doc = json_set(doc, '$.schema', ?) WHERE `+which+` = ?`, storetest.Spoilt, id)
	}); err != nil {
		t.Fatal(err)
	}
}

// Lists of many cards are read from the index in order; here, already those of one card are.
func TestContractOfLongLists(t *testing.T) {
	open := func(t testing.TB) crm.Store {
		s := openTemp(t)
		s.few = 0
		return s
	}
	storetest.RunQueries(t, open, storetest.Capabilities{Concurrent: true})
}

func openTemp(t testing.TB) *Store {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "new folder", "test ?#%.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "base.db")
	c := crm.Client{ID: "c1", Team: "acme", Rev: 1, Owner: "anna"}
	for range 2 { // the second time it is there
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if size, err := s.reader.number(t.Context(), `PRAGMA page_size`); err != nil || size != 8192 {
			t.Errorf("got pages of %d, %v", size, err)
		}
		if c.Rev == 1 {
			save(t, s, c)
			c.Rev++
		} else if _, err := s.Client(t.Context(), "acme", "c1"); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want a file for its owner only", info.Mode(), err)
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("the log is left behind")
	}
	if _, err := Open(t.Context(), t.TempDir()); err == nil {
		t.Error("a folder was opened as a file")
	}
}

// Many owners, more than one statement can merge.
func TestOwners(t *testing.T) {
	s := openTemp(t)
	var batch []crm.ClientChange
	for i := range 2*maxArms + 50 {
		id := fmt.Sprintf("c%04d", i)
		c := crm.Client{ID: crm.ClientID(id), Team: "acme", Rev: 1, Owner: crm.MemberID(fmt.Sprint("m", i)), SortName: id}
		batch = append(batch, crm.ClientChange{Client: c, Event: crm.Event{ID: crm.EventID(id), Team: "acme"}})
	}
	if err := s.SaveClients(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	got, err := s.Clients(t.Context(), crm.ClientQuery{Team: "acme", Sort: crm.SortByName, Limit: 1000})
	if err != nil || len(got) != len(batch) || got[0].ID != "c0000" || got[849].ID != "c0849" {
		t.Errorf("got %d cards, %v, want all in order", len(got), err)
	}
}

// A caller who gives up while waiting for another's transaction has written nothing and left no turn taken.
func TestWaitingForTurn(t *testing.T) {
	s := openTemp(t)
	s.writer.turn <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.SaveDialog(ctx, crm.Dialog{ID: "1", Rev: 1}) }()
	cancel()
	if err := <-done; err == nil {
		t.Error("got no error")
	}
	<-s.writer.turn
	if err := s.SaveDialog(t.Context(), crm.Dialog{ID: "1", Rev: 1}); err != nil {
		t.Error(err)
	}
}

func save(t testing.TB, s *Store, c crm.Client) {
	t.Helper()
	change := crm.ClientChange{Client: c, Event: crm.Event{ID: crm.EventID(fmt.Sprint(c.ID, c.Rev)), Team: c.Team, Record: string(c.ID)}}
	if err := s.SaveClient(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}

// What stands beside an event's document, by which lists of events are read, is under the chain's seal as well.
func TestVerifySeesTheColumns(t *testing.T) {
	for column, value := range map[string]any{"at": 1, "record": "zzz", "by": "другой", "action": "client.read", "rev": 9, "part": "u1.0"} {
		t.Run(column, func(t *testing.T) {
			s, ctx := openTemp(t), t.Context()
			clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
			desk := crm.NewDesk(s, clock)
			if _, err := desk.Open(ctx, crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"}); err != nil {
				t.Fatal(err)
			}
			owner, err := desk.Adopt(ctx, crm.Newcomer{User: 1, Name: "Анна", Lang: "ru"}, "claim")
			if err != nil {
				t.Fatal(err)
			}
			clock.Advance(time.Hour)
			if err := desk.SealEvents(ctx); err != nil {
				t.Fatal(err)
			}
			verified := func() crm.Verified {
				t.Helper()
				v, err := desk.VerifyEvents(ctx, owner.Team, "")
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			if v := verified(); len(v.Breaches) > 0 || v.Events == 0 {
				t.Fatalf("the chain is %+v", v)
			}
			if err := s.write(ctx, func(x *tx) error {
				_, err := x.exec(`UPDATE events SET "`+column+`" = ? WHERE record = ?`, value, owner.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if v := verified(); len(v.Breaches) == 0 {
				t.Error("it is whole")
			}
		})
	}
}
