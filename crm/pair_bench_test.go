package crm_test

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
)

// BenchmarkPairs measures the search of a whole base for duplicates, against its bounds of 60 s and 500 MB for a million clients
// and near linear growth. Of a hundred clients two are there twice: one with the same phone, one with the name turned round.
//
//	PAIR_CLIENTS=100000,1000000 go test ./crm -run '^$' -bench Pairs -benchtime 1x -timeout 60m
func BenchmarkPairs(b *testing.B) {
	sizes := os.Getenv("PAIR_CLIENTS")
	if sizes == "" {
		sizes = "10000,100000"
	}
	for _, text := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("clients=%d", n), func(b *testing.B) {
			st := openStore(b, withTwins(n))
			desk := crm.NewDesk(st, clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)))
			debug.FreeOSMemory()
			forgetPeak()
			at := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
			for b.Loop() {
				if err := desk.SearchBase(b.Context(), "t1", at); err != nil {
					b.Fatal(err)
				}
				at = at.Add(time.Minute)
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/search")
			b.ReportMetric(peakMB(b), "peak-MB")
			for _, least := range []int{1, crm.Certain} {
				found, err := st.CountPairs(b.Context(), crm.PairQuery{Team: "t1", Least: least}, 10_000_000)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(found), fmt.Sprintf("pairs-from-%d", least))
			}
		})
	}
}

// withTwins is a crowd in which two of a hundred are there twice.
func withTwins(n int) func(yield func(crm.Client) bool) {
	return func(yield func(crm.Client) bool) {
		i := 0
		for c := range crowd(n * 98 / 100) {
			c.Schema = crm.SchemaVersion
			if !yield(c) {
				return
			}
			if i++; i%98 > 1 {
				continue
			}
			twin := c
			twin.ID += "x"
			if words := strings.Fields(c.Name); i%98 == 0 {
				twin.Phones, twin.Emails = nil, nil
				twin.Name = words[1] + " " + words[0]
			}
			twin.Index(nil)
			if !yield(twin) {
				return
			}
		}
	}
}
