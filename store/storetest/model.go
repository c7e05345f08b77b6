package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kartoteka/crm"
)

// testModel runs random operations on the engine and on maps; after each, errors and contents must agree.
func testModel(t *testing.T, h harness) {
	if h.can.Slow {
		defer lessChecks(t, 6)()
	}
	h.run(t, "clients", func(k *kit) {
		round := 0
		rapid.Check(k.T, func(rt *rapid.T) {
			round++ // a team of its own each time, since the store is one; the bin is everybody's
			if _, err := k.purge(day(12, 1), 1000); err != nil {
				rt.Fatal(err)
			}
			m := &model{
				k: k, team: crm.TeamID(fmt.Sprintf("team%d", round)), prefix: fmt.Sprintf("r%d.", round),
				cards: map[crm.ClientID]crm.Client{}, events: map[crm.EventID]crm.Event{}, touches: map[crm.ClientID][]crm.TouchID{},
			}
			rt.Repeat(map[string]func(*rapid.T){"save": m.save, "purge": m.purge, "": m.check})
		})
	})
}

var modelIDs = []string{"a", "b", "c"}

// model is what the store should hold.
type model struct {
	k       *kit
	team    crm.TeamID
	prefix  string
	cards   map[crm.ClientID]crm.Client
	events  map[crm.EventID]crm.Event
	touches map[crm.ClientID][]crm.TouchID
	steps   int
}

// save writes a card with a revision that fits or does not, and an event that is new or is not.
func (m *model) save(rt *rapid.T) {
	m.steps++
	id := crm.ClientID(m.prefix + rapid.SampledFrom(modelIDs).Draw(rt, "id"))
	rev := max(1, m.cards[id].Rev+1+rapid.SampledFrom([]int64{0, 0, 0, 0, -1, 1}).Draw(rt, "rev"))
	event := crm.EventID(fmt.Sprintf("%su%d", m.prefix, m.steps-rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(rt, "repeat")))
	c := crm.Client{
		ID: id, Team: m.team, Rev: rev, SortName: rapid.SampledFrom(someNames).Draw(rt, "name"),
		Owner: rapid.SampledFrom(someOwners).Draw(rt, "owner"), Stage: rapid.SampledFrom(crm.Stages).Draw(rt, "stage"),
		TagKeys: rapid.SliceOfNDistinct(rapid.SampledFrom(someTags), 0, 2, rapid.ID).Draw(rt, "tags"),
		Terms:   rapid.SliceOfNDistinct(rapid.SampledFrom(someTerms), 0, 3, rapid.ID).Draw(rt, "terms"),
		Keys:    rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"k1", "k2"}), 0, 2, rapid.ID).Draw(rt, "keys"),
	}
	if rapid.IntRange(0, 3).Draw(rt, "bin") == 0 {
		c.Deleted = moment
	}
	change := crm.ClientChange{
		Client: c, Event: crm.Event{ID: event, Team: m.team, Record: string(id), Rev: rev},
		Touches: []crm.Touch{{ID: crm.TouchID(fmt.Sprintf("%st%d", m.prefix, m.steps)), Team: m.team, Client: id, At: moment}},
	}
	if got, want := m.k.SaveClient(m.k.ctx, change), m.apply(change); !errors.Is(got, want) {
		rt.Fatalf("SaveClient(%s rev %d, event %s): got %v, want %v", id, rev, event, got, want)
	}
}

// apply does in the maps what SaveClient promises.
func (m *model) apply(c crm.ClientChange) error {
	old, exists := m.cards[c.Client.ID]
	_, applied := m.events[c.Event.ID]
	switch {
	case applied:
		return crm.ErrApplied
	case c.Client.Rev == 1 && exists, exists && old.Rev != c.Client.Rev-1:
		return crm.ErrConflict
	case c.Client.Rev > 1 && !exists:
		return crm.ErrNotFound
	}
	m.cards[c.Client.ID] = c.Client
	m.events[c.Event.ID] = c.Event
	m.touches[c.Client.ID] = append(m.touches[c.Client.ID], c.Touches[0].ID)
	return nil
}

func (m *model) purge(rt *rapid.T) {
	want := 0
	for id, c := range m.cards {
		if !c.Deleted.IsZero() {
			delete(m.cards, id)
			delete(m.touches, id)
			m.events[crm.PurgeEventID(id)] = crm.Event{Record: string(id)}
			want++
		}
	}
	if got, err := m.k.purge(moment.Add(time.Hour), 100); err != nil || got != want {
		rt.Fatalf("PurgeClients: got %d, %v, want %d", got, err, want)
	}
}

// check compares everything that can be asked.
func (m *model) check(rt *rapid.T) {
	all := slices.Collect(maps.Values(m.cards))
	for _, q := range []crm.ClientQuery{{}, {Bin: crm.BinInside}, {Tags: someTags[:1]}, {Stages: crm.Stages[:2]}, {Owner: anna}} {
		q.Team, q.Sort, q.Limit = m.team, crm.SortByName, 10
		want := filterCards(all, q.Match)
		slices.SortFunc(want, compare(q.Sort))
		m.agree(rt, fmt.Sprintf("%+v", q), want, false)(m.k.Clients(m.k.ctx, q))
	}
	q := crm.TermQuery{Team: m.team, Groups: []crm.TermGroup{{Exact: someTerms[:1], Prefixes: []string{"пет", "7"}}}, Limit: 10}
	m.agree(rt, "search", filterCards(all, func(c crm.Client) bool { return satisfies(c, q) }), true)(m.k.searched(q))
	m.agree(rt, "keys", filterCards(all, func(c crm.Client) bool {
		return c.Deleted.IsZero() && slices.Contains(c.Keys, "k1")
	}), true)(m.k.ClientsByKey(m.k.ctx, m.team, []string{"k1"}))

	for _, name := range modelIDs {
		id := crm.ClientID(m.prefix + name)
		touches, err := m.k.Touches(m.k.ctx, crm.TouchQuery{Team: m.team, Client: id, Limit: 1000})
		if err != nil || len(touches) != len(m.touches[id]) {
			rt.Fatalf("touches of %s: got %d, %v, want %d", id, len(touches), err, len(m.touches[id]))
		}
		events, err := m.k.Events(m.k.ctx, crm.EventQuery{Team: m.team, Record: string(id), Limit: 1000})
		if want := m.eventsOf(id); err != nil || len(events) != want {
			rt.Fatalf("events of %s: got %d, %v, want %d", id, len(events), err, want)
		}
	}
}

func (m *model) eventsOf(id crm.ClientID) int {
	n := 0
	for _, e := range m.events {
		if e.Record == string(id) {
			n++
		}
	}
	return n
}

// agree compares a list of cards, in any order if so said.
func (m *model) agree(rt *rapid.T, what string, want []crm.Client, anyOrder bool) func([]crm.Client, error) {
	return func(got []crm.Client, err error) {
		a, b := ids(got), ids(want)
		if anyOrder {
			slices.Sort(a)
			slices.Sort(b)
		}
		if err != nil || !slices.Equal(a, b) {
			rt.Fatalf("%s:\ngot  %v, %v\nwant %v", what, a, err, b)
		}
	}
}
