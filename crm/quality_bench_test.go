package crm_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"kartoteka/crm"
	"kartoteka/store/sqlite"
)

const benchOwners = 20

// BenchmarkQuality looks at the figures of BENCH_CLIENTS clients of twenty owners, and at the figures by manager, in turn. "by-manager" is
// how many times as long as the figures of all these take, by medians.
//
//	go test ./crm -run '^$' -bench Quality -benchtime 10x
func BenchmarkQuality(b *testing.B) {
	clients, err := strconv.Atoi(os.Getenv("BENCH_CLIENTS"))
	if err != nil {
		clients = 100_000
	}
	st, desk, by := benchBase(b, filepath.Join(b.TempDir(), "quality.db"))
	defer func() { _ = st.Close() }()
	benchGaps(b, st, by, clients)
	var all, members []time.Duration
	for b.Loop() {
		began := time.Now()
		if q, err := desk.Quality(b.Context(), by, ""); err != nil || q.Total != clients {
			b.Fatalf("%d clients, %v", q.Total, err)
		}
		all, began = append(all, time.Since(began)), time.Now()
		if m, err := desk.QualityByMember(b.Context(), by); err != nil || len(m) != benchOwners {
			b.Fatalf("%d members, %v", len(m), err)
		}
		members = append(members, time.Since(began))
	}
	b.ReportMetric(float64(median(all).Milliseconds()), "all-ms")
	b.ReportMetric(float64(median(members).Milliseconds()), "by-manager-ms")
	b.ReportMetric(float64(median(members))/float64(median(all)), "by-manager")
}

// benchGaps fills the base with clients of whom each lacks something of what is wanted.
func benchGaps(b *testing.B, st *sqlite.Store, by crm.Actor, clients int) {
	at := time.Now().Add(-24 * time.Hour).UTC().Truncate(time.Millisecond)
	owners := []crm.MemberID{by.ID}
	for n := range benchOwners - 1 {
		m := crm.Member{ID: crm.MemberID(fmt.Sprintf("m%03d", n)), Team: by.Team, Rev: 1, Schema: crm.SchemaVersion, Role: crm.RoleManager, Created: at}
		if err := st.SaveMember(b.Context(), m, crm.Event{ID: crm.EventID("hire" + m.ID), Team: by.Team, Record: string(m.ID), Rev: 1, At: at}); err != nil {
			b.Fatal(err)
		}
		owners = append(owners, m.ID)
	}
	var page []crm.ClientChange
	for n := range clients {
		c := crm.Client{ID: crm.NewClientID(by.Team, "bench", n), Team: by.Team, Rev: 1, Schema: crm.SchemaVersion, Owner: owners[n*7%benchOwners],
			Stage: crm.StageLead, Status: crm.StatusActive, Confirmed: at, Created: at, Updated: at,
			Profile: crm.Profile{Name: "Клиент " + strconv.Itoa(n), Kind: crm.Kinds[n%len(crm.Kinds)]}}
		if n%3 > 0 {
			c.Phones = []crm.Phone{{E164: "+7" + strconv.Itoa(9_000_000_000+n)}}
		}
		if n%5 > 0 {
			c.City = "Тула"
		}
		c.Index(nil)
		page = append(page, crm.ClientChange{Client: c, Event: crm.Event{ID: crm.EventID("b" + strconv.Itoa(n)), Team: by.Team, Action: crm.ActionAddClient,
			Record: string(c.ID), Rev: 1, At: at}})
		if len(page) == 2000 || n == clients-1 {
			if err := st.SaveClients(b.Context(), page); err != nil {
				b.Fatal(err)
			}
			page = page[:0]
		}
	}
}
