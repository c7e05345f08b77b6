package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	tele "gopkg.in/telebot.v3"

	"kartoteka/bot/sandbox"
	"kartoteka/bot/sandbox/demo"
	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/store"
)

// The figures of the README:
//
//	BENCH_CLIENTS=100000 BENCH_SEARCHES=10000 go test ./bot -run '^$' -bench Program -benchtime 10000x
//
// Without the variables it is a short run.
const (
	benchClients  = "BENCH_CLIENTS"
	benchSearches = "BENCH_SEARCHES"
	benchTeam     = 20 // people who search at a time
)

func benchSize(b *testing.B, name string, otherwise int) int {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	return n
}

// collector is a store that takes what is written into batches: use cases make the records, the engine's bulk path
// writes them.
type collector struct {
	crm.Store
	batch []crm.ClientChange
}

func (c *collector) SaveClient(ctx context.Context, ch crm.ClientChange) error {
	if c.batch = append(c.batch, ch); len(c.batch) < 5000 {
		return nil
	}
	return c.flush(ctx)
}

func (c *collector) flush(ctx context.Context) error {
	err := c.SaveClients(ctx, c.batch)
	c.batch = nil
	return err
}

// benchBase is a folder with the base: a team of owners and n demo clients, and queries that find some of them.
type benchBase struct {
	dir     string
	clients int
	queries []string
}

func newBenchBase(b *testing.B, n int) *benchBase {
	b.Helper()
	base := &benchBase{dir: b.TempDir(), clients: n}
	ctx := context.Background()
	st, err := store.Open(ctx, "sqlite:"+filepath.Join(base.dir, "kartoteka.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = st.Close() }() // what was not written is missed by the searches
	bulk := &collector{Store: st}
	desk := crm.NewDesk(bulk, clockwork.NewRealClock())
	owner := base.hire(b, desk)
	dice := rand.New(rand.NewPCG(1, 2))
	for card := range demo.All(civil.DateOf(time.Now()), n) {
		owner.Cause = crm.Cause(fmt.Sprintf("bench.%d", len(base.queries)))
		if _, err := desk.AddClient(ctx, owner, crm.Draft{Profile: card.Profile}, true); err != nil {
			b.Fatal(err)
		}
		base.queries = append(base.queries, queryFor(dice, card.Profile))
	}
	// Seals follow a hundred thousand new cards once: what is measured is any later day.
	if err := errors.Join(bulk.flush(ctx), desk.SealEvents(ctx)); err != nil {
		b.Fatal(err)
	}
	return base
}

// hire makes the team.
func (base *benchBase) hire(b testing.TB, desk *crm.Desk) crm.Actor {
	b.Helper()
	ctx := context.Background()
	_, err := desk.Open(ctx, crm.Setup{Region: "RU", Zone: "Europe/Moscow", Lang: "ru"})
	if err != nil {
		b.Fatal(err)
	}
	anna, err := desk.Adopt(ctx, crm.Newcomer{User: annaID, Name: "Анна", Lang: "ru"}, "bench.owner")
	if err != nil {
		b.Fatal(err)
	}
	for i := 1; i < benchTeam; i++ {
		by := crm.Actor{Member: anna, Cause: crm.Cause(fmt.Sprintf("bench.invite.%d", i))}
		code, _, err := desk.InviteMember(ctx, by, crm.Invitation{Role: crm.RoleOwner, Days: 1, Uses: 1})
		if err == nil {
			_, err = desk.AcceptInvite(ctx, crm.Newcomer{User: int64(annaID + i), Name: "Анна", Lang: "ru"}, code,
				crm.Cause(fmt.Sprintf("bench.accept.%d", i)))
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return crm.Actor{Member: anna}
}

// queryFor is what somebody who looks for that client types: a surname, the whole name, a company, the last digits of
// a phone, an e-mail, now and then with a letter missing.
func queryFor(dice *rand.Rand, p crm.Profile) string {
	words := strings.Fields(p.Name)
	switch k := dice.IntN(10); {
	case k < 3:
		return words[0]
	case k < 5:
		return p.Name
	case k == 5 && p.Company != "":
		return p.Company
	case k == 6 && len(p.Emails) > 0:
		return "/find " + p.Emails[0]
	case k < 9 && len(p.Phones) > 0:
		return p.Phones[0].E164[len(p.Phones[0].E164)-4:]
	}
	r := []rune(words[0])
	at := 1 + dice.IntN(len(r)-1)
	return string(slices.Delete(r, at, at+1))
}

// crowd is the local server with the team before it; ask makes each of n questions wait for the bot.
func crowd(b *testing.B) (*sandbox.Server, string, []*sandbox.Person) {
	b.Helper()
	srv := sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot", Keep: 5})
	web := httptest.NewServer(srv)
	b.Cleanup(func() { srv.Close(); web.Close() })
	var people []*sandbox.Person
	for i := range benchTeam {
		people = append(people, srv.AddPerson(sandbox.PersonSpec{ID: int64(annaID + i), First: "Анна", Lang: "ru"}))
	}
	return srv, web.URL, people
}

// ask lets the team ask n questions in turn, and returns the last update of each.
func (base *benchBase) ask(people []*sandbox.Person, n int) []sandbox.Update {
	last := make([]sandbox.Update, min(n, len(people)))
	for i := range n {
		last[i%len(people)] = people[i%len(people)].Say(base.queries[(i*7919)%len(base.queries)])
	}
	return last
}

func waitAll(b testing.TB, srv *sandbox.Server, updates []sandbox.Update) {
	b.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	for _, u := range updates {
		if err := srv.WaitHandled(ctx, u.ID); err != nil {
			b.Fatal(err)
		}
	}
}

// searches answers n searches with the whole bot and returns how long that took from the moment it was ready.
func (base *benchBase) searches(b *testing.B, n int) time.Duration {
	b.Helper()
	srv, api, people := crowd(b)
	last := base.ask(people, n)
	clean(b)
	cfg, _, err := parseConfig([]string{"--telegram-token=" + goodToken, "--telegram-api-url=" + api, "--data-dir=" + base.dir, "--sender-unlimited",
		fmt.Sprintf("--owner-telegram-id=%d", annaID)}, os.Stderr)
	if err != nil {
		b.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	ready, done := make(chan time.Time, 1), make(chan error, 1)
	go func() {
		done <- run(ctx, cfg, world{lg: slog.New(slog.DiscardHandler), out: os.Stderr, clock: clockwork.NewRealClock(),
			idle:    []string{"duplicates"}, // once through a base that is all new; BenchmarkPairs measures it
			prepare: func(context.Context, *app) error { ready <- time.Now(); return nil }})
	}()
	began := <-ready
	waitAll(b, srv, last)
	took := time.Since(began)
	end()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	return took
}

// echoes answers n messages with telebot alone.
func (base *benchBase) echoes(b *testing.B, n int, client *http.Client) time.Duration {
	b.Helper()
	_, api, people := crowd(b)
	base.ask(people, n)
	bot, err := tele.NewBot(tele.Settings{Token: goodToken, URL: api, Client: client, Poller: &tele.LongPoller{Timeout: 10 * time.Second, Limit: 100}})
	if err != nil {
		b.Fatal(err)
	}
	var left sync.WaitGroup
	left.Add(n)
	bot.Handle(tele.OnText, func(m tele.Context) error { defer left.Done(); return m.Send(m.Text()) })
	bot.Handle("/find", func(m tele.Context) error { defer left.Done(); return m.Send(m.Text()) })
	began := time.Now()
	go bot.Start()
	left.Wait()
	took := time.Since(began)
	bot.Stop()
	return took
}

// BenchmarkProgram measures the whole program over the local Bot API server. Each figure is against its bound in the
// issue: a quarter of a bare echo, 25 ms, one second, 80 MB.
func BenchmarkProgram(b *testing.B) {
	base := newBenchBase(b, benchSize(b, benchClients, 2000))
	keeping := http.DefaultTransport.(*http.Transport).Clone()
	keeping.MaxIdleConns, keeping.MaxIdleConnsPerHost = 64, 64
	perSecond, work := map[string]float64{}, map[string]float64{}
	measure := func(name string, run func(*testing.B, int) time.Duration) {
		b.Run(name, func(b *testing.B) {
			before := processorTime()
			rate := float64(b.N) / run(b, b.N).Seconds()
			perSecond[name], work[name] = rate, float64(processorTime()-before)/float64(b.N)
			b.ReportMetric(rate, "updates/s")
			b.ReportMetric(work[name]/1000, "cpu-µs")
			if name == "searches" {
				b.ReportMetric(rate/perSecond["echo"], "of-echo")
				b.ReportMetric(rate/perSecond["echo64"], "of-echo64")
				b.ReportMetric(work["echo"]/work[name], "cpu-of-echo")
				b.ReportMetric(work["echo64"]/work[name], "cpu-of-echo64")
			}
		})
	}
	measure("echo", func(b *testing.B, n int) time.Duration { return base.echoes(b, n, http.DefaultClient) })
	measure("echo64", func(b *testing.B, n int) time.Duration { return base.echoes(b, n, &http.Client{Transport: keeping}) })
	measure("searches", base.searches)
	b.Run("process", base.process)
}

// process measures the built program as a process of its own: how soon it answers, how long one search takes, what
// memory it holds after many.
func (base *benchBase) process(b *testing.B) {
	if b.N > 1 && os.Getenv(benchSearches) == "" {
		b.Logf("%s says how many searches", benchSearches)
	}
	n := benchSize(b, benchSearches, 500)
	srv, api, people := crowd(b)
	v := newVictim(b, api, base.dir)
	first := people[0].Say("/help")
	began := time.Now()
	v.start()
	waitAll(b, srv, []sandbox.Update{first})
	started := time.Since(began)

	took := make([]time.Duration, min(n, 2000))
	for i := range took {
		began := time.Now()
		waitAll(b, srv, []sandbox.Update{people[0].Say(base.queries[(i*104729)%len(base.queries)])})
		took[i] = time.Since(began)
	}
	slices.Sort(took)
	waitAll(b, srv, base.ask(people, n))
	rss, peak := memory(b, v.cmd.Process.Pid)
	v.end()
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(started.Seconds()*1000, "start-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(rss, "rss-MB")
	b.ReportMetric(peak, "peak-MB")
}

// processorTime is what this process has used, which other work on the machine does not change.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails only for an unknown first argument
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memory is what a process holds, and has held at the most, in MB.
func memory(b *testing.B, pid int) (rss, peak float64) {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("the memory of a process is read from /proc: %v", err)
	}
	for line := range strings.Lines(string(raw)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kb); err == nil {
			rss = kb / 1024
		}
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			peak = kb / 1024
		}
	}
	return rss, peak
}
