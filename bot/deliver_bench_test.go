package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
)

// benchDigests names how many members have their digest due at the same minute.
const benchDigests = "BENCH_DIGESTS"

// BenchmarkDigests lets the digests of many members fall due at one minute while the owner searches on, and measures the rate
// at which they leave, against 28 a second, and how much longer a search takes, against 100 ms:
//
//	BENCH_DIGESTS=10000 go test ./bot -run '^$' -bench Digests -benchtime 1x -timeout 60m
func BenchmarkDigests(b *testing.B) {
	n := benchSize(b, benchDigests, 150)
	base := newBenchBase(b, 2000)
	srv := sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot", Journal: true, Keep: 5})
	web := httptest.NewServer(srv)
	b.Cleanup(func() { srv.Close(); web.Close() })
	anna := srv.AddPerson(sandbox.PersonSpec{ID: annaID, First: "Анна", Lang: "ru"})
	opened := []sandbox.Update{anna.Say("/help")} // who has not written cannot be written to
	for i := range n {
		opened = append(opened, srv.AddPerson(sandbox.PersonSpec{ID: int64(100_000 + i), First: "Иван", Lang: "ru"}).Say("/help"))
	}
	cfg, _, err := parseConfig([]string{"--telegram-token=" + goodToken, "--telegram-api-url=" + web.URL, "--data-dir=" + base.dir}, os.Stderr)
	if err != nil {
		b.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	ready, done := make(chan *app, 1), make(chan error, 1)
	go func() {
		done <- run(ctx, cfg, world{lg: slog.New(slog.DiscardHandler), out: os.Stderr, clock: clockwork.NewRealClock(),
			idle: []string{"plan", "reminders"}, prepare: func(_ context.Context, a *app) error { ready <- a; return nil }})
	}()
	a := <-ready
	waitAll(b, srv, opened)
	srv.ForgetCalls()
	calmed := make(chan struct{})
	close(calmed)
	calm := base.delays(b, srv, anna, calmed)
	quiet(b, a)
	digestsDue(b, a, n)
	if err := a.desk.PlanReminders(ctx); err != nil {
		b.Fatal(err)
	}
	sent, left, began, before := make(chan struct{}), make(chan struct{}), time.Now(), a.bot.Stats().Sent
	go func() {
		defer close(sent)
		if err := a.remind(ctx); err != nil && ctx.Err() == nil {
			b.Error(err)
		}
	}()
	var took time.Duration
	var messages int64 // answers to the searches among them
	go func() {
		defer close(left)
		took = lastOf(srv, n).Sub(began)
		messages = a.bot.Stats().Sent - before
	}()
	busy := base.delays(b, srv, anna, left)
	end() // what the owner is told besides may still wait for a gap between the searches
	<-sent
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(a.bot.Stats().Floods), "floods")
	b.ReportMetric(float64(n)/took.Seconds(), "digests/s")
	b.ReportMetric(float64(messages)/took.Seconds(), "messages/s")
	b.ReportMetric(float64(calm[len(calm)/2].Microseconds())/1000, "calm-p50-ms")
	b.ReportMetric(float64((busy[len(busy)/2]-calm[len(calm)/2]).Microseconds())/1000, "more-p50-ms")
	b.ReportMetric(float64((busy[len(busy)*95/100]-calm[len(calm)*95/100]).Microseconds())/1000, "more-p95-ms")
}

// lastOf waits until so many messages have gone to others than the owner, and returns when the last one left.
func lastOf(srv *sandbox.Server, n int) time.Time {
	for {
		left := slices.DeleteFunc(srv.Calls(), func(c sandbox.Call) bool { return c.Method != "sendMessage" || c.Chat == annaID || !c.Done() })
		if len(left) >= n {
			return left[n-1].At
		}
		time.Sleep(time.Second)
	}
}

// delays asks one search after the other, with a person's pause, at least ten and until over is closed, and returns how long
// each took, sorted.
func (base *benchBase) delays(b *testing.B, srv *sandbox.Server, who *sandbox.Person, over chan struct{}) []time.Duration {
	b.Helper()
	var took []time.Duration
	for len(took) < 10 || !closed(over) {
		began := time.Now()
		waitAll(b, srv, []sandbox.Update{who.Say(base.queries[(len(took)*104729)%len(base.queries)])})
		took = append(took, time.Since(began))
		time.Sleep(1100 * time.Millisecond) // a chat's own rate is one message a second
	}
	slices.Sort(took)
	return took
}

// quiet switches the reminders of those who are there off: depending on the hour the owner of all the clients is told of some, one
// a second, which is no measure of the digests.
func quiet(b *testing.B, a *app) {
	b.Helper()
	ctx := context.Background()
	members, err := a.store.Members(ctx, "main")
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range members {
		m.Reminding.Off, m.Rev = crm.ReminderKinds, m.Rev+1
		if err := a.store.SaveMember(ctx, m, crm.Event{ID: crm.EventID("quiet" + m.ID), Team: m.Team, Rev: m.Rev}); err != nil {
			b.Fatal(err)
		}
	}
}

// digestsDue makes members with one overdue task each, whose digest is due now.
func digestsDue(b *testing.B, a *app, n int) {
	b.Helper()
	ctx, now := context.Background(), time.Now().UTC()
	for i := range n {
		m := crm.Member{ID: crm.MemberID(fmt.Sprint("d", i)), Team: "main", Rev: 1, Schema: 1, User: int64(100_000 + i), Name: "Иван", Role: crm.RoleManager,
			Lang: "ru", Zone: "UTC", Created: now.AddDate(0, 0, -1), Reminding: crm.Reminding{Digest: now.Format("15:04"), QuietFrom: "00:00", QuietTo: "00:00",
				Off: []crm.ReminderKind{crm.RemindTask}, Set: true}}
		task := crm.Task{ID: crm.TaskID(m.ID), Team: m.Team, Rev: 1, Schema: 1, Text: "позвонить", Assignee: m.ID, By: m.ID, State: crm.TaskOpen,
			Due: now.Add(-time.Hour).Truncate(time.Second), Zone: "UTC", Created: m.Created}
		err := a.store.SaveMember(ctx, m, crm.Event{ID: crm.EventID("hire" + m.ID), Team: m.Team})
		if err == nil {
			err = a.store.SaveTask(ctx, task, crm.Event{ID: crm.EventID("task" + m.ID), Team: m.Team})
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
