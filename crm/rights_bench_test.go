package crm_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
)

// BenchmarkSearchRights measures what the rights cost a search: each of the mix is made twice, with them as everybody makes it, the
// team read for it, and without them, in turn. "rights" is the share that they add to the mix, by medians; the target is 0.05.
//
//	go test ./crm -run '^$' -bench SearchRights
func BenchmarkSearchRights(b *testing.B) {
	var sample []crm.Client
	st := openStore(b, func(yield func(crm.Client) bool) {
		for c := range crowd(10_000) {
			if c.Created.Unix()%50 == 0 {
				sample = append(sample, c)
			}
			if !yield(c) {
				return
			}
		}
	})
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	team := crm.Team{ID: "t1", Rev: 1, Schema: crm.SchemaVersion, Region: "RU", Zone: "Europe/Moscow", Shared: true, Created: now}
	if err := st.SaveTeam(b.Context(), team, crm.Event{ID: "team", Team: "t1"}); err != nil {
		b.Fatal(err)
	}
	desk := crm.NewDesk(st, clockwork.NewFakeClockAt(now))
	for _, role := range []crm.Role{crm.RoleOwner, crm.RoleManager} {
		by := crm.Actor{Member: crm.Member{ID: "m1", Team: "t1", Role: role, Zone: "Europe/Moscow"}} // it keeps nothing of the team
		b.Run(string(role), func(b *testing.B) {
			with, without := make([][]time.Duration, len(benchKinds)), make([][]time.Duration, len(benchKinds))
			for i := 0; b.Loop(); i++ {
				for k, kind := range benchKinds {
					text := kind.of(sample[i%len(sample)])
					bare := func() (crm.SearchResult, error) { return crm.Search(b.Context(), st, "t1", "", "m1", text, 10) }
					ruled := func() (crm.SearchResult, error) { return desk.FindPage(b.Context(), by, text, 0, 10) }
					if i%2 == 0 {
						without[k] = append(without[k], timed(b, bare))
						with[k] = append(with[k], timed(b, ruled))
					} else {
						with[k] = append(with[k], timed(b, ruled))
						without[k] = append(without[k], timed(b, bare))
					}
				}
			}
			var sumWith, sumWithout time.Duration
			for k, kind := range benchKinds {
				b.Logf("%s: %v with, %v without", kind.name, median(with[k]), median(without[k]))
				sumWith, sumWithout = sumWith+median(with[k]), sumWithout+median(without[k])
			}
			b.ReportMetric(float64(sumWith)/float64(sumWithout)-1, "rights")
			b.ReportMetric(float64((sumWith-sumWithout).Microseconds())/float64(len(benchKinds)), "rights-µs/search")
		})
	}
}

// timed is how long a search takes.
func timed(b *testing.B, f func() (crm.SearchResult, error)) time.Duration {
	began := time.Now()
	if _, err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// median is what half of the times are below: what else the machine does makes some of them long.
func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
