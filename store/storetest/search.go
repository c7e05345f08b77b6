package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/spell"
)

func testSearch(t *testing.T, h harness) {
	named := func(id string, owner crm.MemberID, terms ...string) crm.Client {
		return card(id, func(c *crm.Client) { c.Owner, c.Terms = owner, terms })
	}
	exact := func(terms ...string) crm.TermGroup { return crm.TermGroup{Exact: terms} }
	prefix := func(terms ...string) crm.TermGroup { return crm.TermGroup{Prefixes: terms} }
	ask := func(k *kit, groups ...crm.TermGroup) []crm.ClientID {
		k.Helper()
		got := found(must(k.SearchClients(k.ctx, crm.TermQuery{Team: acme, Groups: groups, Limit: 50}))(k))
		slices.Sort(got)
		return got
	}
	h.run(t, "groups", func(k *kit) {
		k.save(named("c1", anna, "иванов", "петр", "79001234567", "76543210097"), named("c2", boris, "иванова", "анна"),
			named("c3", anna, "иван", "иванович", "петров"), named("c4", anna), named("c5", anna, "ООО", ".*", "иван[", "a$"))
		k.same(ask(k, exact("иванов")), clientIDs("c1"))
		k.same(ask(k, prefix("иван")), clientIDs("c1", "c2", "c3", "c5"))
		k.same(ask(k, prefix("иванов")), clientIDs("c1", "c2", "c3"))
		k.same(ask(k, crm.TermGroup{Exact: []string{"анна"}, Prefixes: []string{"765", "петров"}}), clientIDs("c1", "c2", "c3"))
		k.same(ask(k, prefix("иван"), prefix("петр")), clientIDs("c1", "c3"))
		k.same(ask(k, prefix("иван"), exact("петр")), clientIDs("c1"))
		k.same(ask(k, exact("петр", "анна"), prefix("иванова", "79")), clientIDs("c1", "c2"))
		k.same(ask(k, prefix("иван"), exact("нет")), []crm.ClientID(nil))
		k.same(ask(k, exact("нет"), prefix("иван")), []crm.ClientID(nil))
		k.same(ask(k, prefix("иван["), prefix(".*")), clientIDs("c5"))
		k.same(ask(k, prefix(".")), clientIDs("c5"))
		k.same(ask(k, prefix("a$")), clientIDs("c5"))
		k.same(ask(k, crm.TermGroup{}), []crm.ClientID(nil))
		k.same(ask(k, prefix("иван"), crm.TermGroup{}), []crm.ClientID(nil))
		k.same(ask(k, prefix("ван")), []crm.ClientID(nil))
	})
	h.run(t, "owner", func(k *kit) {
		k.save(named("c1", anna, "иван", "петров"), named("c2", boris, "иван", "петров"), named("c3", boris, "иван"))
		q := crm.TermQuery{Team: acme, Owner: boris, Groups: []crm.TermGroup{exact("иван"), prefix("пет")}, Limit: 5}
		k.same(found(must(k.SearchClients(k.ctx, q))(k)), clientIDs("c2"))
		q.Groups = q.Groups[:1]
		k.same(len(must(k.SearchClients(k.ctx, q))(k)), 2)
		moved := named("c1", boris, "иван", "петров")
		moved.Rev = 2
		k.save(moved)
		k.same(len(must(k.SearchClients(k.ctx, q))(k)), 3)
	})
	h.run(t, "whole_words_first", func(k *kit) {
		var batch []crm.ClientChange
		for i := range 20 {
			batch = append(batch, k.change(named(fmt.Sprintf("a%02d", i), anna, "иванов", "семен")))
		}
		for i := range 3 {
			batch = append(batch, k.change(named(fmt.Sprintf("b%02d", i), anna, "иваны", "иван", "семен")))
		}
		k.ok(k.SaveClients(k.ctx, batch))
		groups := []crm.TermGroup{{Exact: []string{"иван"}, Prefixes: []string{"иван"}}, exact("семен")}
		for n := 1; n <= len(groups); n++ {
			got := found(must(k.SearchClients(k.ctx, crm.TermQuery{Team: acme, Groups: groups[:n], Limit: 5}))(k))
			if len(got) != 5 {
				k.Fatalf("got %v, want 5 cards", got)
			}
			slices.Sort(got[:3])
			k.same(got[:3], clientIDs("b00", "b01", "b02"))
		}
	})
	h.run(t, "terms_follow_the_card", func(k *kit) {
		c := named("c1", anna, "иван", "петров")
		k.save(c)
		c.Rev, c.Terms = 2, []string{"петров", "семен"}
		k.save(c)
		k.same(search(k, "иван"), []crm.ClientID(nil))
		k.same(search(k, "семен", "петров"), clientIDs("c1"))
		c.Rev, c.Deleted = 3, day(2, 1)
		k.save(c)
		k.same(search(k, "петров"), []crm.ClientID(nil))
		c.Rev, c.Deleted = 4, card("").Deleted
		k.save(c)
		k.same(search(k, "семен"), clientIDs("c1"))
	})
}

// testRanked checks that a search brings what the card is ranked by, as it is after each change.
func testRanked(t *testing.T, h harness) {
	h.run(t, "what_is_ranked", func(k *kit) {
		c := card("c1", func(c *crm.Client) {
			c.Owner, c.Stage, c.SortName, c.LastTouch, c.Terms = boris, crm.StageClient, "иванов петр", day(4, 5), []string{"петр", "=а б", "иванов"}
			c.Name, c.Company, c.Position, c.City = "Иванов Пётр", "ООО «Ромашка»", "закупщик", "Тверь"
		})
		want := func() []crm.Candidate {
			return []crm.Candidate{{ID: c.ID, Owner: c.Owner, Stage: c.Stage, LastTouch: c.LastTouch, SortName: c.SortName, Terms: c.Terms,
				Face: c.Face()}}
		}
		q := crm.TermQuery{Team: acme, Groups: []crm.TermGroup{{Exact: []string{"петр"}}}, Limit: 5}
		k.save(c)
		k.same(must(k.SearchClients(k.ctx, q))(k), want())
		for _, edit := range []func(){
			func() { c.Owner = anna }, func() { c.Stage = crm.StageArchive }, func() { c.SortName = "а" },
			func() { c.LastTouch = day(5, 6) }, func() { c.LastTouch = time.Time{} }, func() { c.Terms = []string{"петр"} },
			func() { c.Name = "" }, func() { c.Company = "" }, func() { c.Position = "" }, func() { c.City = "Псков" },
		} {
			c.Rev++
			edit()
			k.save(c)
			k.same(must(k.SearchClients(k.ctx, q))(k), want())
		}
	})
}

func testWords(t *testing.T, h harness) {
	h.run(t, "near", func(k *kit) {
		k.save(card("c1", func(c *crm.Client) { c.Words = []string{"иванов", "петр"} }),
			card("c2", func(c *crm.Client) { c.Words = []string{"иванов", "степан"} }))
		near := func(word string) []string {
			k.Helper()
			got := must(k.WordsNear(k.ctx, acme, append(spell.Variants(word), word), 10))(k)
			slices.Sort(got)
			return got
		}
		for _, typo := range []string{"иванов", "ивано", "ивановв", "ивамов", "виванов", "иваонв"} {
			k.same(near(typo), []string{"иванов"})
		}
		k.same(near("кузнецов"), []string(nil))
	})
	h.run(t, "learns_with_changes", func(k *kit) {
		c := card("c1", func(c *crm.Client) { c.Words = []string{"анна"} })
		k.save(c)
		c.Rev, c.Words = 2, []string{"анна", "мария"}
		k.save(c)
		k.same(must(k.WordsNear(k.ctx, acme, []string{"мария"}, 10))(k), []string{"мария"})
	})
	h.run(t, "limit", func(k *kit) {
		k.save(card("c1", func(c *crm.Client) { c.Words = []string{"бара", "вара", "гара", "дара"} }))
		k.same(len(must(k.WordsNear(k.ctx, acme, []string{"ара"}, 3))(k)), 3)
		k.same(len(must(k.WordsNear(k.ctx, acme, []string{"ара", "вара", "вар"}, 9))(k)), 4)
	})
}
