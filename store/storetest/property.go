package storetest

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kartoteka/crm"
)

// testQueries holds the engine to the rules in Go: random cards, random queries, and the answer must be what
// Match, Less and a page taken in Go give. All values are drawn from few, so that equal keys are frequent.
func testQueries(t *testing.T, h harness) {
	populations, size := 6, 80
	if h.can.Slow {
		populations, size = 2, 60
		defer lessChecks(t, 60)()
	}
	for seed := range populations {
		h.run(t, fmt.Sprintf("population_%d", seed), func(k *kit) {
			cards := population(rand.New(rand.NewPCG(uint64(seed), 1)), size)
			var batch []crm.ClientChange
			for _, c := range cards {
				batch = append(batch, k.change(c))
			}
			k.ok(k.SaveClients(k.ctx, batch))
			k.Run("list", func(t *testing.T) { rapid.Check(t, func(rt *rapid.T) { checkList(rt, k, cards) }) })
			k.Run("search", func(t *testing.T) { rapid.Check(t, func(rt *rapid.T) { checkSearch(rt, k, cards) }) })
		})
	}
}

// lessChecks lowers the number of tries of rapid.Check and returns what puts it back.
func lessChecks(t *testing.T, n int) (restore func()) {
	f := flag.Lookup("rapid.checks")
	was := f.Value.String()
	if err := flag.Set("rapid.checks", fmt.Sprint(n)); err != nil {
		t.Fatal(err)
	}
	return func() { _ = flag.Set("rapid.checks", was) }
}

var (
	someTeams  = []crm.TeamID{acme, acme, acme, other}
	someOwners = []crm.MemberID{anna, boris, "вера", ""}
	someNames  = []string{"", "а", "ё", "я", "й", "a", "Z", "анна", "анна ", "анна а"}
	someTags   = []string{"vip", "мск", "🔥", "new"}
	someTerms  = []string{"иван", "иванов", "иванова", "петр", "петров", "79001234567", "7900", "а", "🔥"}
	moment     = day(3, 1)
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// someGaps are what cards lack by their kind, as in Client.Lacks.
var someGaps = []crm.GapKey{"person.phone", "person.email", "corporate.phone"}

// ownGaps are such of fields of the team's own, which are on no card.
var ownGaps = []crm.GapKey{"person.x.Size", "corporate.x.Size", "person.x.Till-2"}

var someCustom = []map[crm.FieldID]string{nil, {"Size": "42"}, {"Size": "42", "Till-2": "2027-01-15"}}

// someDates are days of the year, as in Client.DateKeys.
var someDates = []string{"b05-12", "b02-29", "a12-31", "d2026-12-31", "r12-28"}

func subset[T any](r *rand.Rand, from []T) []T {
	var out []T
	for _, v := range from {
		if r.IntN(3) == 0 {
			out = append(out, v)
		}
	}
	return out
}

// instants are few and close to each other; the zero time is among them.
func instants(r *rand.Rand) time.Time {
	if n := r.IntN(6); n > 0 {
		return moment.Add(time.Duration(n*n) * 37 * time.Millisecond)
	}
	return time.Time{}
}

func population(r *rand.Rand, n int) []crm.Client {
	cards := make([]crm.Client, n)
	for i := range cards {
		cards[i] = crm.Client{
			ID: crm.ClientID(fmt.Sprintf("c%02d%d", r.IntN(100), i)), Team: pick(r, someTeams), Rev: 1,
			Owner: pick(r, someOwners), Stage: pick(r, crm.Stages), Status: pick(r, crm.Statuses),
			SortName: pick(r, someNames), Created: instants(r), LastTouch: instants(r), NextContact: instants(r),
			Profile:   crm.Profile{Kind: pick(r, []crm.Kind{"", crm.KindPerson, crm.KindCorporate}), Custom: pick(r, someCustom)},
			Sealed:    pick(r, []map[crm.FieldID]string{nil, nil, {"Size": "sealed"}}),
			Confirmed: instants(r), Touches: pick(r, []int{0, 1, 2, 1 << 20}),
			DateKeys: subset(r, someDates), TagKeys: subset(r, someTags), Gaps: subset(r, someGaps), Terms: subset(r, someTerms),
		}
		cards[i].Gaps = slices.DeleteFunc(cards[i].Gaps, func(g crm.GapKey) bool { // as in Client.Gaps
			return cards[i].Stage == crm.StageArchive || !strings.HasPrefix(string(g), string(cmp.Or(cards[i].Kind, crm.KindPerson))+".")
		})
		if r.IntN(5) == 0 {
			cards[i].Deleted = instants(r)
		}
	}
	return cards
}

// anyQuery draws a query; few filters are likelier than many.
func anyQuery(rt *rapid.T, cards []crm.Client) crm.ClientQuery {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "values"), 2))
	on := func(label string) bool { return rapid.IntRange(0, 3).Draw(rt, label) == 3 }
	q := crm.ClientQuery{Team: pick(r, someTeams), Limit: rapid.IntRange(1, 12).Draw(rt, "limit")}
	q.Sort = rapid.SampledFrom(append([]crm.Sort{"", crm.SortByNext, crm.SortByWorth}, crm.Sorts...)).Draw(rt, "sort")
	if on("owner") {
		q.Owner = pick(r, someOwners)
	}
	if on("among") {
		q.Among = subset(r, someOwners)
	}
	if on("stages") {
		q.Stages = subset(r, crm.Stages)
	}
	if on("statuses") {
		q.Statuses = subset(r, crm.Statuses)
	}
	if on("tags") {
		q.Tags = subset(r, someTags)
	}
	if on("lacks") {
		q.Lacks = subset(r, someGaps)
	}
	if on("lacks own") {
		q.Lacks = append(q.Lacks, subset(r, ownGaps)...)
	}
	if on("touched") {
		if q.TouchedBefore = instants(r); !q.TouchedBefore.IsZero() { // a bound may be finer than what is kept
			q.TouchedBefore = q.TouchedBefore.Add(time.Duration(r.IntN(3)-1) * 300 * time.Microsecond)
		}
	}
	if on("next from") {
		q.NextFrom = instants(r)
	}
	if on("next before") {
		q.NextBefore = instants(r)
	}
	if on("created from") {
		q.CreatedFrom = instants(r)
	}
	if on("created before") {
		q.CreatedBefore = instants(r)
	}
	if on("neglected") {
		for range 1 + r.IntN(3) {
			q.Neglected = append(q.Neglected, crm.Neglect{Stages: subset(r, crm.Stages), Statuses: subset(r, crm.Statuses),
				SilentBefore: instants(r), ConfirmedBefore: instants(r)})
		}
	}
	if on("dates") {
		q.Dates = subset(r, someDates)
	}
	if on("bin") {
		q.Bin = crm.BinInside
	}
	if on("after") { // any card will do as a place in the list, also one that the query does not answer
		mark := pick(r, cards).Mark(q.Sort)
		q.After = &mark
	}
	return q
}

func checkList(rt *rapid.T, k *kit, cards []crm.Client) {
	q := anyQuery(rt, cards)
	matching := filterCards(cards, q.Match)
	slices.SortFunc(matching, compare(q.Sort))

	limit := rapid.IntRange(1, len(cards)).Draw(rt, "count limit")
	n, err := k.CountClients(k.ctx, q, limit)
	if want := min(len(matching), limit); err != nil || n != want {
		rt.Fatalf("CountClients(%+v, %d): got %d, %v, want %d", q, limit, n, err, want)
	}
	want := matching
	if q.After != nil {
		want = slices.DeleteFunc(slices.Clone(matching), func(c crm.Client) bool { return !after(q, c) })
	}
	got, err := k.Clients(k.ctx, q)
	if want := ids(want[:min(len(want), q.Limit)]); err != nil || !slices.Equal(ids(got), want) {
		rt.Fatalf("Clients(%+v):\ngot  %v, %v\nwant %v", q, ids(got), err, want)
	}
}

func filterCards(cards []crm.Client, keep func(crm.Client) bool) []crm.Client {
	return slices.DeleteFunc(slices.Clone(cards), func(c crm.Client) bool { return !keep(c) })
}

func compare(s crm.Sort) func(a, b crm.Client) int {
	return func(a, b crm.Client) int {
		if s.Less(a, b) {
			return -1
		}
		return 1
	}
}

// after reports whether the card comes after the query's mark.
func after(q crm.ClientQuery, c crm.Client) bool {
	if q.Sort == crm.SortByWorth {
		return cmp.Or(cmp.Compare(c.Worth(), q.After.Worth), cmp.Compare(c.ID, q.After.ID)) > 0
	}
	at := crm.Client{ID: q.After.ID, SortName: q.After.Name, LastTouch: q.After.Time, NextContact: q.After.Time, Created: q.After.Time}
	return c.ID != at.ID && q.Sort.Less(at, c) || c.ID == at.ID && cmp.Compare(c.SortName, at.SortName) > 0 && q.Sort == crm.SortByName
}

func checkSearch(rt *rapid.T, k *kit, cards []crm.Client) {
	r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "values"), 3))
	q := crm.TermQuery{Team: pick(r, someTeams), Limit: rapid.IntRange(1, 30).Draw(rt, "limit")}
	if rapid.Bool().Draw(rt, "owner") {
		q.Owner = pick(r, someOwners)
	}
	if rapid.Bool().Draw(rt, "among") {
		q.Among = subset(r, someOwners)
	}
	for range rapid.IntRange(1, 3).Draw(rt, "groups") {
		g := crm.TermGroup{Exact: subset(r, someTerms)[:]}
		for _, term := range subset(r, someTerms) {
			runes := []rune(term)
			g.Prefixes = append(g.Prefixes, string(runes[:1+r.IntN(len(runes))]))
		}
		q.Groups = append(q.Groups, g)
	}
	want := filterCards(cards, func(c crm.Client) bool { return satisfies(c, q) })
	got, err := k.SearchClients(k.ctx, q)
	if err != nil || len(got) != min(len(want), q.Limit) {
		rt.Fatalf("SearchClients(%+v):\ngot  %v, %v\nwant %v", q, found(got), err, ids(want))
	}
	seen := map[crm.ClientID]bool{}
	rest := false // past the whole-word matches
	for _, c := range got {
		whole := hasTerm(c.Terms, crm.TermGroup{Exact: q.Groups[0].Exact})
		if !slices.Contains(ids(want), c.ID) || seen[c.ID] || whole && rest {
			rt.Fatalf("SearchClients(%+v):\ngot  %v: %s is wrong, there twice, or not in front", q, found(got), c.ID)
		}
		seen[c.ID] = true
		rest = !whole
	}
}

func satisfies(c crm.Client, q crm.TermQuery) bool {
	if c.Team != q.Team || !c.Deleted.IsZero() || q.Owner != "" && c.Owner != q.Owner || len(q.Among) > 0 && !slices.Contains(q.Among, c.Owner) {
		return false
	}
	return !slices.ContainsFunc(q.Groups, func(g crm.TermGroup) bool { return !hasTerm(c.Terms, g) })
}

func hasTerm(terms []string, g crm.TermGroup) bool {
	return slices.ContainsFunc(terms, func(term string) bool {
		return slices.Contains(g.Exact, term) ||
			slices.ContainsFunc(g.Prefixes, func(p string) bool { return strings.HasPrefix(term, p) })
	})
}

// RunQueries runs only the part of the contract that compares lists and searches with the rules in Go.
func RunQueries(t *testing.T, open Open, can Capabilities) { testQueries(t, harness{open, can}) }
