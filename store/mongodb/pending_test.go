package mongodb

import (
	"errors"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"kartoteka/crm"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func change(rev int64, event string) crm.ClientChange {
	return crm.ClientChange{
		Client:  crm.Client{ID: "c1", Team: "acme", Rev: rev, Schema: 1, Words: []string{"иванов"}},
		Event:   crm.Event{ID: crm.EventID(event), Team: "acme", Record: "c1", Rev: rev, Fields: map[string]crm.Delta{"name": {After: `"Иванов"`}}},
		Touches: []crm.Touch{{ID: crm.TouchID("t" + event), Team: "acme", Client: "c1", At: noon}},
	}
}

// crash writes a change as SaveClient does and stops right after the write.
func crash(t *testing.T, s *Store, c crm.ClientChange) {
	t.Helper()
	doc := s.clientRecord(c).kept()
	var err error
	if c.Client.Rev == 1 {
		_, err = s.clients().InsertOne(t.Context(), doc)
	} else {
		_, err = s.clients().ReplaceOne(t.Context(), bson.D{is("_id", "c1"), is("rev", c.Client.Rev-1)}, doc)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// settled checks that everything that came with the changes is where it belongs, once.
func settled(t *testing.T, s *Store, events ...crm.EventID) {
	t.Helper()
	got, err := s.Events(t.Context(), crm.EventQuery{Team: "acme", Record: "c1", Limit: 10})
	if err != nil || len(got) != len(events) {
		t.Fatalf("got %d events, %v, want %v", len(got), err, events)
	}
	for i, e := range got {
		if e.ID != events[i] {
			t.Errorf("event %d: got %s, want %s", i, e.ID, events[i])
		}
	}
	touches, err := s.Touches(t.Context(), crm.TouchQuery{Team: "acme", Client: "c1", Limit: 10})
	if err != nil || len(touches) != len(events) {
		t.Errorf("got %d touches, %v, want %d", len(touches), err, len(events))
	}
	words, err := s.WordsNear(t.Context(), "acme", []string{"ванов"}, 5)
	if err != nil || len(words) != 1 {
		t.Errorf("got words %v, %v, want one", words, err)
	}
	flagged, err := list[head](t.Context(), s.clients(), bson.D{is("pending_flag", true)}, 0)
	if err != nil || len(flagged) > 0 {
		t.Errorf("got %d documents with something pending, %v", len(flagged), err)
	}
}

func TestCrash(t *testing.T) {
	ctx := t.Context()
	t.Run("sweep_finishes_a_new_card", func(t *testing.T) {
		s := openTemp(t)
		crash(t, s, change(1, "u1"))
		for range 2 {
			if err := s.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			settled(t, s, "u1")
		}
	})
	t.Run("sweep_takes_touches_back", func(t *testing.T) {
		s := openTemp(t)
		crash(t, s, change(1, "u1"))
		undone := change(2, "u2")
		undone.Undone = change(1, "u1").Touches
		undone.Undone[0].Kind = crm.TouchUndone
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		crash(t, s, undone)
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		settled(t, s, "u2", "u1")
		got, err := s.Touches(ctx, crm.TouchQuery{Team: "acme", Client: "c1", IDs: []crm.TouchID{"tu1"}, Limit: 2})
		if err != nil || len(got) != 1 || got[0].Kind != crm.TouchUndone {
			t.Errorf("got %+v, %v", got, err)
		}
	})
	t.Run("opening_finishes", func(t *testing.T) {
		s := openTemp(t)
		crash(t, s, change(1, "u1"))
		again, err := Open(ctx, withBase(serverURI(t), s.db.Name()))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = again.Close() }()
		settled(t, again, "u1")
	})
	t.Run("next_change_finishes_the_one_before", func(t *testing.T) {
		s := openTemp(t)
		crash(t, s, change(1, "u1"))
		crash(t, s, change(2, "u2")) // as if the first had been tidied up to here
		if err := s.SaveClient(ctx, change(3, "u3")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Event(ctx, "acme", "u2"); err != nil {
			t.Errorf("the event of the change before: %v", err)
		}
		settled(t, s, "u3", "u2")
	})
	t.Run("repeated_change_is_applied", func(t *testing.T) {
		s := openTemp(t)
		crash(t, s, change(1, "u1"))
		if err := s.SaveClient(ctx, change(1, "u1")); !errors.Is(err, crm.ErrApplied) {
			t.Errorf("got %v, want ErrApplied", err)
		}
		crash(t, s, change(2, "u2"))
		if err := s.SaveClient(ctx, change(3, "u2")); !errors.Is(err, crm.ErrApplied) {
			t.Errorf("got %v, want ErrApplied", err)
		}
	})
	t.Run("half_tidied", func(t *testing.T) {
		s := openTemp(t)
		c := change(1, "u1")
		crash(t, s, c)
		if _, err := s.events().InsertOne(ctx, c.Event); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveClients(ctx, []crm.ClientChange{c}); err != nil { // a repeat, although words and touches miss
			t.Fatal(err)
		}
		if err := s.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		settled(t, s, "u1")
	})
}

// A purge that was cut short after its one write has taken the card's data away already; the rest follows.
func TestCrashInPurge(t *testing.T) {
	ctx := t.Context()
	s := openTemp(t)
	c := change(1, "u1")
	c.Client.Deleted = noon
	if err := s.SaveClient(ctx, c); err != nil {
		t.Fatal(err)
	}
	p := pending{Purged: true, Event: crm.Event{ID: crm.PurgeEventID("c1"), Team: "acme", Record: "c1", Rev: 2}}
	if _, err := s.clients().ReplaceOne(ctx, bson.D{is("_id", "c1")}, stub{"c1", 2, Pending{&p, true}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Client(ctx, "acme", "c1"); !errors.Is(err, crm.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
	if err := s.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	touches, err := s.Touches(ctx, crm.TouchQuery{Team: "acme", Client: "c1", Limit: 10})
	if err != nil || len(touches) > 0 {
		t.Errorf("got %d touches, %v, want none", len(touches), err)
	}
	first, err := s.Event(ctx, "acme", "u1")
	if err != nil || len(first.Fields) > 0 {
		t.Errorf("got %+v, %v, want an event without fields", first, err)
	}
	if n, err := s.clients().CountDocuments(ctx, bson.D{}); err != nil || n > 0 {
		t.Errorf("got %d cards, %v, want none", n, err)
	}
}

// Whoever was held up between making a change and tidying it up does not write over what has been made of the entry since.
func TestALateTidyingUp(t *testing.T) {
	s, ctx := openTemp(t), t.Context()
	if err := s.SaveClient(ctx, change(1, "u1")); err != nil {
		t.Fatal(err)
	}
	reword := func(rev int64, event, text string) crm.ClientChange {
		ch := change(rev, event)
		ch.Touches, ch.Undone = nil, change(1, "u1").Touches
		ch.Undone[0].Text = text
		return ch
	}
	late := reword(2, "u2", "просил прайс")
	crash(t, s, late)
	if err := s.SaveClient(ctx, reword(3, "u3", "просил прайс, перезвонить")); err != nil {
		t.Fatal(err)
	}
	if err := s.finish(ctx, s.clients(), "c1", 2, s.clientRecord(late).pending); err != nil {
		t.Fatal(err)
	}
	got, err := s.Touches(ctx, crm.TouchQuery{Team: "acme", Client: "c1", Limit: 10})
	if err != nil || len(got) != 1 || got[0].Text != "просил прайс, перезвонить" {
		t.Errorf("got %+v, %v", got, err)
	}
}
