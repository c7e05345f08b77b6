package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

func testClient(t *testing.T, h harness) {
	h.run(t, "every_field_comes_back", func(k *kit) {
		want := filled[crm.Client](1)
		want.ID, want.Team, want.Rev = "c1", acme, 1
		k.save(want)
		k.same(shown(must(k.Client(k.ctx, acme, "c1"))(k)), shown(want))

		want = filled[crm.Client](1000)
		want.ID, want.Team, want.Rev = "c1", acme, 2
		k.save(want)
		k.same(shown(must(k.Client(k.ctx, acme, "c1"))(k)), shown(want))
	})
	h.run(t, "empty_fields_stay_empty", func(k *kit) {
		k.save(crm.Client{ID: "c1", Team: acme, Rev: 1})
		got := must(k.Client(k.ctx, acme, "c1"))(k)
		if !got.LastTouch.IsZero() || !got.Created.IsZero() || !got.Deleted.IsZero() || !got.Birthday.IsZero() ||
			len(got.Terms)+len(got.Phones)+len(got.Custom) > 0 {
			k.Fatalf("got %+v, want no values", got)
		}
		k.same(ids(must(k.Clients(k.ctx, crm.ClientQuery{Team: acme, Limit: 5}))(k)), clientIDs("c1"))
	})
	h.run(t, "birthday_without_year", func(k *kit) {
		want := card("c1", func(c *crm.Client) { c.Birthday = civil.Date{Month: 2, Day: 29} })
		k.save(want)
		k.same(must(k.Client(k.ctx, acme, "c1"))(k).Birthday, want.Birthday)
	})
	h.run(t, "very_long_values", func(k *kit) {
		long := strings.Repeat("Съешь ещё этих мягких французских булок 🥖 ", 5000)
		want := card("c1", func(c *crm.Client) { c.LastNote, c.Address = long, long })
		k.save(want)
		k.same(must(k.Client(k.ctx, acme, "c1"))(k), want)
	})
	h.run(t, "odd_characters", func(k *kit) {
		want := card("c1", func(c *crm.Client) {
			c.Name, c.LastNote = `'; DROP TABLE clients; -- "$where" \`, "a\u0000b\n\t\u2028 {$ne: null} %_*"
			c.SortName = c.Name
		})
		k.save(want)
		k.same(must(k.Client(k.ctx, acme, "c1"))(k), want)
	})
	h.run(t, "by_id", func(k *kit) {
		c1, c2, binned := filled[crm.Client](1), card("c2"), card("c3", func(c *crm.Client) { c.Deleted = day(2, 1) })
		c1.ID, c1.Team, c1.Rev = "c1", acme, 1
		k.save(c1, c2, binned, card("c4"))
		got := must(k.ClientsByID(k.ctx, acme, clientIDs("c3", "c1", "c0", "c2")))(k)
		k.same(shown(got...), shown(binned, c1, c2))
		k.same(len(must(k.ClientsByID(k.ctx, acme, nil))(k)), 0)
	})
	h.run(t, "missing", func(k *kit) {
		_, err := k.Client(k.ctx, acme, "c1")
		k.fails(err, crm.ErrNotFound)
	})
	h.run(t, "another_team_sees_nothing", func(k *kit) { anotherTeam(k) })
}

// anotherTeam asks for everything about a card on behalf of a team that does not have it.
func anotherTeam(k *kit) {
	c := card("c1", func(c *crm.Client) {
		c.Terms, c.Keys, c.Words, c.TagKeys = []string{"иван"}, []string{"p+7"}, []string{"иван"}, []string{"vip"}
	})
	change := k.change(c)
	change.Touches = []crm.Touch{{ID: "t1", Team: acme, Client: c.ID, Kind: crm.TouchCall, At: day(1, 1)}}
	k.ok(k.SaveClient(k.ctx, change))

	_, err := k.Client(k.ctx, other, "c1")
	k.fails(err, crm.ErrNotFound)
	_, err = k.Event(k.ctx, other, change.Event.ID)
	k.fails(err, crm.ErrNotFound)
	group := []crm.TermGroup{{Exact: []string{"иван"}, Prefixes: []string{"и"}}}
	seen := 0
	count := func(n int, err error) {
		k.Helper()
		k.ok(err)
		seen += n
	}
	count(size(k.Clients(k.ctx, crm.ClientQuery{Team: other, Limit: 10})))
	count(k.CountClients(k.ctx, crm.ClientQuery{Team: other}, 10))
	count(k.CountClients(k.ctx, crm.ClientQuery{Team: other, Tags: []string{"vip"}}, 10))
	count(size(k.ClientsByID(k.ctx, other, clientIDs("c1"))))
	count(size(k.ClientsByKey(k.ctx, other, []string{"p+7"})))
	count(size(k.SearchClients(k.ctx, crm.TermQuery{Team: other, Groups: group, Limit: 10})))
	count(size(k.WordsNear(k.ctx, other, []string{"иван", "иан"}, 10)))
	count(size(k.Touches(k.ctx, crm.TouchQuery{Team: other, Client: "c1", Limit: 10})))
	count(size(k.Events(k.ctx, crm.EventQuery{Team: other, Record: "c1", Limit: 10})))
	if seen != 0 {
		k.Fatalf("got %d records of another team", seen)
	}

	moved := c
	moved.Team, moved.Rev = other, 2
	k.fails(k.SaveClient(k.ctx, k.change(moved)), crm.ErrNotFound)
	moved.Rev = 1
	k.fails(k.SaveClient(k.ctx, k.change(moved)), crm.ErrConflict)
	k.same(shown(must(k.Client(k.ctx, acme, "c1"))(k)), shown(c))
}

// shown is the cards without what only the engine needs.
func shown(cards ...crm.Client) []crm.Client {
	cards = slices.Clone(cards)
	for i := range cards {
		cards[i].Terms, cards[i].Words, cards[i].Keys = nil, nil, nil
	}
	return cards
}

func size[T any](list []T, err error) (int, error) { return len(list), err }

func testBulk(t *testing.T, h harness) {
	h.run(t, "creates_and_changes", func(k *kit) {
		old := card("c0", func(c *crm.Client) { c.Terms, c.TagKeys = []string{"анна", "петр"}, []string{"vip"} })
		k.save(old)
		old.Rev, old.Terms, old.TagKeys = 2, []string{"петр", "семен"}, nil
		batch := []crm.ClientChange{k.change(old)}
		for i := 1; i <= 30; i++ {
			c := card(fmt.Sprintf("c%02d", i), func(c *crm.Client) {
				c.Terms, c.Words, c.TagKeys = []string{"семен", fmt.Sprint("t", i)}, []string{"семен"}, []string{"new"}
			})
			change := k.change(c)
			change.Touches = []crm.Touch{{ID: crm.TouchID(fmt.Sprint("t", i)), Team: acme, Client: c.ID, At: day(1, 1)}}
			batch = append(batch, change)
		}
		k.ok(k.SaveClients(k.ctx, batch))
		k.ok(k.SaveClients(k.ctx, batch)) // a repeat is no error and changes nothing
		k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme, Tags: []string{"new"}}, 100))(k), 30)
		k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme, Tags: []string{"vip"}}, 100))(k), 0)
		k.same(len(search(k, "семен")), 31)
		k.same(search(k, "t7"), clientIDs("c07"))
		k.same(search(k, "анна"), []crm.ClientID(nil))
		k.same(len(must(k.Touches(k.ctx, crm.TouchQuery{Team: acme, Client: "c07", Limit: 9}))(k)), 1)
		k.same(len(must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "c0", Limit: 9}))(k)), 2)
		k.same(must(k.WordsNear(k.ctx, acme, []string{"емен"}, 9))(k), []string{"семен"})
	})
	h.run(t, "goes_on_where_it_stopped", func(k *kit) {
		var batch []crm.ClientChange
		for i := range 80 {
			c := card(fmt.Sprintf("c%02d", i), func(c *crm.Client) {
				c.Terms, c.Words = []string{"семен", fmt.Sprint("t", i)}, []string{"семен"}
			})
			batch = append(batch, k.change(c))
		}
		k.ok(k.SaveClients(k.ctx, batch[20:50]))
		k.ok(k.SaveClients(k.ctx, append(batch, batch[79]))) // a change that comes twice has its effect once
		k.same(len(search(k, "семен")), 80)
		for _, i := range []int{0, 19, 20, 49, 50, 79} {
			id := fmt.Sprintf("c%02d", i)
			k.same(search(k, fmt.Sprint("t", i)), clientIDs(id))
			k.same(len(must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: id, Limit: 9}))(k)), 1)
		}
	})
	h.run(t, "failure_is_reported", func(k *kit) {
		k.save(card("c1"))
		k.fails(k.SaveClients(k.ctx, []crm.ClientChange{k.change(card("c1"))}), crm.ErrConflict)
		late := card("c2", func(c *crm.Client) { c.Rev = 5 })
		k.fails(k.SaveClients(k.ctx, []crm.ClientChange{k.change(late)}), crm.ErrNotFound)
		var many []crm.ClientChange
		for i := range 40 {
			many = append(many, k.change(card(fmt.Sprintf("m%02d", i))))
		}
		many[35] = k.change(card("c1")) // there is one
		k.fails(k.SaveClients(k.ctx, many), crm.ErrConflict)
	})
	h.run(t, "two_revisions_of_one_card", func(k *kit) {
		made, next := card("c1"), card("c1", func(c *crm.Client) { c.Rev = 2 })
		k.fails(k.SaveClients(k.ctx, []crm.ClientChange{k.change(card("c0")), k.change(made), k.change(next)}), crm.ErrConflict)
		k.same(must(k.CountClients(k.ctx, crm.ClientQuery{Team: acme}, 9))(k), 0)
		k.same(len(must(k.Events(k.ctx, crm.EventQuery{Team: acme, Record: "c0", Limit: 9}))(k)), 0)
		k.save(made)
		last := card("c1", func(c *crm.Client) { c.Rev = 3 })
		k.fails(k.SaveClients(k.ctx, []crm.ClientChange{k.change(next), k.change(last)}), crm.ErrConflict)
		k.same(must(k.Client(k.ctx, acme, "c1"))(k).Rev, int64(1))
		k.ok(k.SaveClients(k.ctx, []crm.ClientChange{k.change(next)}))
		k.ok(k.SaveClients(k.ctx, []crm.ClientChange{k.change(last)}))
	})
	h.run(t, "empty_batch", func(k *kit) { k.ok(k.SaveClients(k.ctx, nil)) })
}

// search finds the cards of acme's that have all the whole terms.
func search(k *kit, terms ...string) []crm.ClientID {
	k.Helper()
	q := crm.TermQuery{Team: acme, Limit: 200}
	for _, term := range terms {
		q.Groups = append(q.Groups, crm.TermGroup{Exact: []string{term}})
	}
	return found(must(k.SearchClients(k.ctx, q))(k))
}

func testKeys(t *testing.T, h harness) {
	keyed := func(id string, created time.Time, keys ...string) crm.Client {
		return card(id, func(c *crm.Client) { c.Keys, c.Created = keys, created })
	}
	h.run(t, "any_key_oldest_first", func(k *kit) {
		k.save(keyed("c1", day(3, 1), "p+7900", "eivan@x"), keyed("c2", day(1, 1), "p+7900"),
			keyed("c3", day(2, 1), "t1"), keyed("c0", day(2, 1), "t1", "p+7900"))
		k.same(ids(must(k.ClientsByKey(k.ctx, acme, []string{"p+7900", "t1", "eivan@x"}))(k)), clientIDs("c2", "c0", "c3", "c1"))
		k.same(len(must(k.ClientsByKey(k.ctx, acme, []string{"p+7"}))(k)), 0)
		k.same(len(must(k.ClientsByKey(k.ctx, acme, nil))(k)), 0)
	})
	h.run(t, "keys_follow_the_card", func(k *kit) {
		c := keyed("c1", day(1, 1), "p1", "p2")
		k.save(c)
		c.Rev, c.Keys = 2, []string{"p2", "p3"}
		k.save(c)
		k.same(len(must(k.ClientsByKey(k.ctx, acme, []string{"p1"}))(k)), 0)
		k.same(len(must(k.ClientsByKey(k.ctx, acme, []string{"p3"}))(k)), 1)
		c.Rev, c.Deleted = 3, day(2, 2)
		k.save(c)
		k.same(len(must(k.ClientsByKey(k.ctx, acme, []string{"p2", "p3"}))(k)), 0)
		c.Rev, c.Deleted = 4, time.Time{}
		k.save(c)
		k.same(len(must(k.ClientsByKey(k.ctx, acme, []string{"p2"}))(k)), 1)
	})
	h.run(t, "in_the_bin", func(k *kit) {
		binned := func(keys ...string) []crm.ClientID { return ids(must(k.BinnedByKey(k.ctx, acme, keys))(k)) }
		p := crm.Profile{Phones: []crm.Phone{{E164: "+7900"}}, Emails: []string{"ivan@x"}, TelegramID: 7}
		for i, id := range []string{"c1", "c2", "c3", "c4"} { // c3 is closed by a merge, c4 is not in the bin
			c := keyed(id, day(1, 4-i), crm.Keys(p)...)
			c.Profile = p
			k.save(c)
			if id == "c4" {
				continue
			}
			if c.Rev, c.Deleted = 2, day(2, 2); id == "c3" {
				c.MergedInto = "c4"
			}
			k.save(c)
		}
		k.same(binned("p+7900"), clientIDs("c2", "c1"))
		k.same(binned("eivan@x", "t7"), clientIDs("c2", "c1"))
		k.same(len(binned("p+7")), 0)
		k.same(len(binned()), 0)
		k.same(len(must(k.BinnedByKey(k.ctx, other, []string{"t7"}))(k)), 0)
		c := must(k.Client(k.ctx, acme, "c1"))(k)
		c.Rev, c.Deleted, c.Keys = 3, time.Time{}, crm.Keys(p)
		k.save(c)
		k.same(binned("t7"), clientIDs("c2"))
		if n, err := k.PurgeClients(k.ctx, crm.Purge{Before: day(2, 3), At: day(2, 3), Limit: 10}); err != nil || n != 1 { // what a merge has closed stays
			k.Fatalf("purged %d, %v", n, err)
		}
		k.same(len(binned("t7")), 0)
	})
	h.run(t, "no_more_than_are_told_of", func(k *kit) {
		var batch []crm.ClientChange
		for i := range 25 {
			batch = append(batch, k.change(keyed(fmt.Sprintf("c%02d", i), day(1, 1), "same")))
		}
		k.ok(k.SaveClients(k.ctx, batch))
		got := ids(must(k.ClientsByKey(k.ctx, acme, []string{"same"}))(k))
		if len(got) != crm.MostHolders || got[0] != "c00" || got[20] != "c20" {
			k.Fatalf("got %v, want the oldest", got)
		}
	})
}
