package mongodb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"kartoteka/crm"
)

// noEvents is a network that lets no event through for a while.
type noEvents struct{ cut atomic.Bool }

func (n *noEvents) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	return &noEventsConn{c, n}, err
}

type noEventsConn struct {
	net.Conn
	of *noEvents
}

func (c *noEventsConn) Write(b []byte) (int, error) {
	if c.of.cut.Load() && bytes.Contains(b, []byte("\x02insert\x00")) && bytes.Contains(b, []byte("events\x00")) {
		return 0, errors.New("cut")
	}
	return c.Conn.Write(b)
}

// behind opens the same base through such a network.
func (n *noEvents) behind(t *testing.T, s *Store) *Store {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(serverURI(t)).SetRegistry(registry()).SetDialer(n))
	if err != nil {
		t.Fatal(err)
	}
	flaky := &Store{root: context.WithoutCancel(t.Context()), client: client, db: client.Database(s.db.Name())}
	t.Cleanup(func() { _ = flaky.Close() })
	return flaky
}

// A change that is made has its event, whatever became of tidying it up: who asks for that would take it for one that was not made.
func TestEventOfAnUntidyChange(t *testing.T) {
	for name, rev := range map[string]int64{"created": 1, "changed": 2} {
		t.Run(name, func(t *testing.T) {
			n := &noEvents{}
			s := n.behind(t, openTemp(t))
			var events []crm.EventID
			for i := range rev {
				events = slices.Insert(events, 0, crm.EventID(fmt.Sprint("u", i+1)))
				n.cut.Store(i+1 == rev)
				if err := s.SaveClients(t.Context(), []crm.ClientChange{change(i+1, string(events[0]))}); err != nil {
					t.Fatal(err)
				}
			}
			last := events[0]
			if _, err := s.Event(t.Context(), "acme", last); err == nil || errors.Is(err, crm.ErrNotFound) {
				t.Errorf("the event cannot be written yet: %v", err)
			}
			if _, err := s.EventsByID(t.Context(), "acme", events); err == nil {
				t.Error("among others it is left out")
			}
			n.cut.Store(false)
			if e, err := s.Event(t.Context(), "acme", last); err != nil || e.ID != last {
				t.Errorf("got %+v, %v", e, err)
			}
			if _, still := s.untidy.Load(last); still {
				t.Error("it is kept in mind for ever")
			}
			settled(t, s, events...)
		})
	}
}

// Whoever asks after somebody else has changed the card since finds the event, and nothing is done a second time.
func TestEventOfAnUntidyChange_finishedByAnother(t *testing.T) {
	n, whole := &noEvents{}, openTemp(t)
	s := n.behind(t, whole)
	n.cut.Store(true)
	if err := s.SaveClient(t.Context(), change(1, "u1")); err != nil {
		t.Fatal(err)
	}
	if err := whole.SaveClient(t.Context(), change(2, "u2")); err != nil {
		t.Fatal(err)
	}
	if e, err := s.Event(t.Context(), "acme", "u1"); err != nil || e.ID != "u1" {
		t.Errorf("got %+v, %v", e, err)
	}
	settled(t, whole, "u2", "u1")
}
