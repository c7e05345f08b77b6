package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/store"
)

// The fault test: what is due for faultPeople is sent by two processes on one base that are killed again and again, through a
// server that refuses, breaks and loses answers.
const (
	faultPeople = 12
	faultTasks  = 10 // of each; a list of late ones shows them all
	faultKills  = 8
	faultSeed   = 20261122
	// faultJump is how far the clock is ahead after each kill: the leases of the dead end with it.
	faultJump = 70 * time.Second
)

// faultEnv names the variable that makes a test binary the program; its value is how far its clock is ahead.
const faultEnv = "KARTOTEKA_TEST_CLOCK_AHEAD"

// ahead is a clock that goes right and is ahead.
type ahead struct {
	clockwork.Clock
	by time.Duration
}

func (c ahead) Now() time.Time                  { return c.Clock.Now().Add(c.by) }
func (c ahead) Since(t time.Time) time.Duration { return c.Now().Sub(t) }
func (c ahead) Until(t time.Time) time.Duration { return t.Sub(c.Now()) }

// TestProgramAsAProcess is no test: it is the program that TestFaults starts and kills.
func TestProgramAsAProcess(t *testing.T) {
	by, err := time.ParseDuration(os.Getenv(faultEnv))
	if err != nil {
		t.Skip("a part of TestFaults")
	}
	cfg, _, err := parseConfig(nil, os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	lg := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(ctx, cfg, world{lg: lg, out: os.Stderr, clock: ahead{clockwork.NewRealClock(), by}}); err != nil {
		t.Fatal(err)
	}
}

// faulty is the base, the server, and what is known of what was accepted.
type faulty struct {
	*testing.T
	srv     *sandbox.Server
	api     string
	dir     string
	ahead   time.Duration
	crashes map[string]int // reminder → kills that fell between its acceptance and its mark
}

// TestFaults holds what came against what was due: nothing is lost, and nothing comes twice but where an answer was lost or a
// process died between acceptance and mark.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program many times")
	}
	f := &faulty{T: t, dir: t.TempDir(), crashes: map[string]int{}}
	f.srv = sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot", Journal: true})
	web := httptest.NewServer(f.srv)
	f.api = web.URL
	t.Cleanup(func() { f.srv.Close(); web.Close() })
	f.fill()
	f.srv.Faults(faultSeed,
		sandbox.Fault{Kind: sandbox.TooMany, Method: "sendMessage", Probability: 0.06},
		sandbox.Fault{Kind: sandbox.ServerError, Method: "sendMessage", Probability: 0.06},
		sandbox.Fault{Kind: sandbox.ResetBefore, Method: "sendMessage", Probability: 0.06},
		sandbox.Fault{Kind: sandbox.ResetAfter, Method: "sendMessage", Probability: 0.06},
		sandbox.Fault{Kind: sandbox.Slow, Method: "sendMessage", Delay: 100 * time.Millisecond})
	dice := rand.New(rand.NewPCG(faultSeed, faultSeed))
	for range faultKills {
		pair := []*exec.Cmd{f.start(), f.start()}
		time.Sleep(time.Duration(500+dice.IntN(1500)) * time.Millisecond) // the moment of the crash is what is tried out
		for _, p := range pair {
			_ = p.Process.Kill()
			_ = p.Wait() // "signal: killed" is what is wanted
		}
		f.autopsy()
		f.ahead += faultJump
	}
	f.srv.Faults(0)
	f.finish()
	f.judge()
}

// start starts one process on the base.
func (f *faulty) start() *exec.Cmd {
	f.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestProgramAsAProcess$")
	cmd.Env = []string{"TELEGRAM_TOKEN=" + goodToken, "TELEGRAM_API_URL=" + f.api, "DATA_DIR=" + f.dir, "SENDER_UNLIMITED=true",
		fmt.Sprintf("OWNER_TELEGRAM_ID=%d", annaID), "LANGUAGE=ru", "HTTP_ADDR=", "HOME=" + f.dir, faultEnv + "=" + f.ahead.String()}
	if err := cmd.Start(); err != nil {
		f.Fatal(err)
	}
	return cmd
}

func (f *faulty) address() string { return "sqlite:" + filepath.Join(f.dir, "kartoteka.db") }

// open opens the base while no process runs.
func (f *faulty) open() crm.Store {
	f.Helper()
	st, err := store.Open(f.Context(), f.address())
	if err != nil {
		f.Fatal(err)
	}
	return st
}

// fill makes the team and its tasks, which are due one after the other while the processes live.
func (f *faulty) fill() {
	f.Helper()
	ctx := f.Context()
	st := f.open()
	defer func() { _ = st.Close() }()
	began := time.Now()
	clock := clockwork.NewFakeClockAt(began.Add(-time.Hour))
	desk := crm.NewDesk(st, clock)
	if _, err := desk.Open(ctx, crm.Setup{Region: "RU", Zone: "UTC", Lang: "ru"}); err != nil {
		f.Fatal(err)
	}
	for i := range faultPeople {
		f.srv.AddPerson(sandbox.PersonSpec{ID: int64(annaID + i), First: "Анна", Lang: "ru"}).Say("/start")
		m := crm.Member{ID: crm.MemberID("m" + strconv.Itoa(i)), Team: "main", Rev: 1, Schema: 1, User: int64(annaID + i), Name: "Анна", Role: crm.RoleManager,
			Lang: "ru", Zone: "UTC", Created: clock.Now(), Reminding: crm.Reminding{QuietFrom: "00:00", QuietTo: "00:00", Off: []crm.ReminderKind{crm.RemindDigest}, Set: true}}
		if i == 0 {
			m.Role = crm.RoleOwner
		}
		if err := st.SaveMember(ctx, m, crm.Event{ID: crm.EventID("hire" + m.ID), Team: m.Team, Rev: 1}); err != nil {
			f.Fatal(err)
		}
		for j := range faultTasks {
			due := began.Add(time.Duration(j) * faultJump * faultKills / (faultTasks + 4)).UTC()
			in := crm.TaskInput{Text: fmt.Sprintf("дело %d-%d.", i, j), Due: due}
			if _, err := desk.AddTask(ctx, crm.Actor{Member: m, Cause: crm.Cause("add" + in.Text)}, in); err != nil {
				f.Fatal(err)
			}
		}
	}
}

// accepted is how often each task's text was accepted, and how often the answer to that was lost.
func (f *faulty) accepted() (times, lost map[string]int) {
	times, lost = map[string]int{}, map[string]int{}
	for _, call := range f.srv.Calls() {
		if call.Method != "sendMessage" || !call.Done() {
			continue
		}
		for i := range faultPeople {
			for j := range faultTasks {
				text := fmt.Sprintf("дело %d-%d.", i, j)
				if !strings.Contains(call.Params["text"], text) {
					continue
				}
				times[text]++
				if call.Fault == sandbox.ResetAfter {
					lost[text]++
				}
			}
		}
	}
	return times, lost
}

// autopsy counts the reminders that were accepted and not marked when their process died.
func (f *faulty) autopsy() {
	f.Helper()
	st := f.open()
	defer func() { _ = st.Close() }()
	left, err := st.Reminders(f.Context(), crm.ReminderQuery{Team: "main", States: []crm.ReminderState{crm.ReminderSending}, Limit: 1000})
	if err != nil {
		f.Fatal(err)
	}
	times, lost := f.accepted()
	for _, r := range left {
		task, err := st.Task(f.Context(), "main", r.Task)
		if err != nil {
			f.Fatal(err)
		}
		if times[task.Text] > lost[task.Text]+f.crashes[task.Text] {
			f.crashes[task.Text]++
		}
	}
}

// finish lets what is left come, in this process and by a clock that jumps over every wait.
func (f *faulty) finish() {
	f.Helper()
	clock := clockwork.NewFakeClockAt(time.Now().Add(f.ahead))
	cfg, _, err := parseConfig([]string{"--telegram-token=" + goodToken, "--telegram-api-url=" + f.api, "--data-dir=" + f.dir, "--sender-unlimited"}, os.Stderr)
	if err != nil {
		f.Fatal(err)
	}
	ctx, end := context.WithCancel(f.Context())
	defer end()
	ready, done := make(chan *app, 1), make(chan error, 1)
	go func() {
		done <- run(ctx, cfg, world{lg: slog.New(slog.DiscardHandler), out: io.Discard, clock: clock, idle: []string{"plan", "reminders"},
			prepare: func(_ context.Context, a *app) error { ready <- a; return nil }})
	}()
	a := <-ready
	open := []crm.ReminderState{crm.ReminderPlanned, crm.ReminderLeased, crm.ReminderSending, crm.ReminderWaiting}
	for range 50 {
		clock.Advance(31 * time.Minute)
		if err := a.desk.PlanReminders(ctx); err != nil {
			f.Fatal(err)
		}
		if err := a.remind(ctx); err != nil {
			f.Fatal(err)
		}
		left, err := a.store.Reminders(ctx, crm.ReminderQuery{Team: "main", States: open, Limit: 1})
		if err != nil {
			f.Fatal(err)
		}
		if len(left) == 0 {
			break
		}
	}
	end()
	if err := <-done; err != nil {
		f.Error(err)
	}
}

func (f *faulty) judge() {
	f.Helper()
	times, lost := f.accepted()
	doubles, answers, crashes := 0, 0, 0
	for i := range faultPeople {
		for j := range faultTasks {
			text := fmt.Sprintf("дело %d-%d.", i, j)
			switch n := times[text]; {
			case n == 0:
				f.Errorf("%s was lost", text)
			case n > 1+lost[text]+f.crashes[text]:
				f.Errorf("%s came %d times; %d answers were lost, %d crashes came between acceptance and mark", text, n, lost[text], f.crashes[text])
			default:
				doubles += n - 1
			}
			answers += lost[text]
			crashes += f.crashes[text]
		}
	}
	f.Logf("%d reminders, 2 processes, %d kills of both: %d came twice; %d answers were lost, %d crashes fell between acceptance and mark",
		faultPeople*faultTasks, faultKills, doubles, answers, crashes)
	if doubles == 0 || crashes == 0 {
		f.Log("no crash hit the window this time")
	}
}
