package crm_test

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// BenchmarkPlan measures planning one day, against its bounds of 10 s and 200 MB for a million clients, and a tick with
// nothing due, against 5 ms at any size. A day holds every 365th birthday twice, on the day and five days before, and every
// 60th client's next contact.
//
//	REMIND_CLIENTS=10000,1000000 REMIND_MEMBERS=1000 go test ./crm -run '^$' -bench Plan -benchtime 1x -timeout 60m
func BenchmarkPlan(b *testing.B) {
	for _, text := range strings.Split(benchSizes(), ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatal(err)
		}
		members := benchMembers(b)
		st := openStore(b, birthdays(n, members))
		clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
		desk := crm.NewDesk(st, clock)
		staffOf(b, st, clock.Now(), members)
		plan := func(b *testing.B) {
			if err := desk.PlanReminders(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
		plan(b)
		b.Run(fmt.Sprintf("day/clients=%d", n), func(b *testing.B) {
			debug.FreeOSMemory()
			forgetPeak()
			days := 0
			for b.Loop() {
				for range 24 * 4 { // as the program does it: each quarter of an hour it looks what has come up
					clock.Advance(15 * time.Minute)
					plan(b)
				}
				days++
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(days), "s/day")
			b.ReportMetric(peakMB(b), "peak-MB")
			all, err := st.Reminders(context.Background(), crm.ReminderQuery{Team: "t1", States: []crm.ReminderState{crm.ReminderPlanned}, Limit: 1_000_000})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(all))/float64(days), "planned/day")
		})
		b.Run(fmt.Sprintf("tick/clients=%d", n), func(b *testing.B) {
			clock.Advance(time.Hour + time.Minute/2) // nothing is due at half a minute
			plan(b)
			clock.Advance(time.Second)
			for b.Loop() {
				plan(b)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/tick")
		})
	}
}

func benchSizes() string {
	if s := os.Getenv("REMIND_CLIENTS"); s != "" {
		return s
	}
	return "10000"
}

// benchMembers is how many members share the clients.
func benchMembers(b *testing.B) int {
	text := os.Getenv("REMIND_MEMBERS")
	if text == "" {
		return 20
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// birthdays are a crowd of whom all have a birthday and every 60th a next contact on any one day.
func birthdays(n, members int) func(yield func(crm.Client) bool) {
	return func(yield func(crm.Client) bool) {
		i := 0
		for c := range crowd(n) {
			i++
			c.Owner = crm.MemberID(fmt.Sprint("m", i%members))
			day := civil.Date{Year: 1980, Month: 1, Day: 1}.Plus(i * 7919 % 365)
			c.Birthday = civil.Date{Year: 1980, Month: day.Month, Day: day.Day}
			c.NextContact = time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC).Add(time.Duration(i%60)*24*time.Hour + time.Duration(i%600)*time.Minute)
			c.Index(nil)
			if !yield(c) {
				return
			}
		}
	}
}

// staffOf makes the team of the crowd, who have no tasks.
func staffOf(b *testing.B, st crm.Store, now time.Time, members int) {
	b.Helper()
	ctx := context.Background()
	if err := st.SaveTeam(ctx, crm.Team{ID: "t1", Rev: 1, Schema: 1, Region: "RU", Zone: "Europe/Moscow", Created: now}, crm.Event{ID: "team", Team: "t1"}); err != nil {
		b.Fatal(err)
	}
	for i := range members {
		m := crm.Member{ID: crm.MemberID(fmt.Sprintf("m%d", i)), Team: "t1", Rev: 1, Schema: 1, User: int64(i + 1), Name: "Анна", Role: crm.RoleManager, Zone: "Europe/Moscow",
			Created: now}
		if i == 0 {
			m.Role = crm.RoleOwner
		}
		if err := st.SaveMember(ctx, m, crm.Event{ID: crm.EventID("hire" + m.ID), Team: "t1"}); err != nil {
			b.Fatal(err)
		}
	}
}

// forgetPeak has the system measure the most memory from now on.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) } // elsewhere than on Linux there is no peak

func peakMB(b *testing.B) float64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Logf("no peak of memory: %v", err)
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}
