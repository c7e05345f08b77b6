package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
)

// lines is a log that can be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// stops lists the parts that stopped, in order.
func (l *lines) stops() []string {
	var parts []string
	for line := range strings.Lines(l.String()) {
		if _, part, ok := strings.Cut(line, `msg="part stopped" part=`); ok {
			parts = append(parts, strings.TrimSpace(part))
		}
	}
	return parts
}

// rig is the whole program on a local Bot API server, with its owner Anna in front of it.
type rig struct {
	*testing.T
	srv  *sandbox.Server
	anna *sandbox.Person
	log  *lines
	out  *lines
	dir  string             // of the base
	end  context.CancelFunc // what SIGTERM does
	done chan error         // what run returned
}

const annaID = 7

func start(t *testing.T, env map[string]string) *rig {
	t.Helper()
	return startWith(t, env, func(*world) {})
}

// startWith is start in a world that is a little different.
func startWith(t *testing.T, env map[string]string, change func(*world)) *rig {
	t.Helper()
	r := &rig{T: t, log: &lines{}, out: &lines{}, dir: t.TempDir(), done: make(chan error, 1)}
	r.srv = sandbox.New(sandbox.Options{Token: goodToken, BotUsername: "kartoteka_bot", Journal: true, WebhookWait: 10 * time.Millisecond})
	api := httptest.NewServer(r.srv)
	t.Cleanup(func() { r.srv.Close(); api.Close() })
	r.anna = r.srv.AddPerson(sandbox.PersonSpec{ID: annaID, First: "Анна", Lang: "ru"})
	all := map[string]string{"TELEGRAM_TOKEN": goodToken, "TELEGRAM_API_URL": api.URL, "DATA_DIR": r.dir,
		"OWNER_TELEGRAM_ID": fmt.Sprint(annaID), "SENDER_UNLIMITED": "true"}
	for name, value := range env {
		all[name] = value
	}
	cfg, err := parse(t, all)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	r.end = end
	w := world{lg: slog.New(slog.NewTextHandler(r.log, nil)), out: r.out, clock: clockwork.NewRealClock()}
	change(&w)
	go func() { r.done <- run(ctx, cfg, w) }()
	t.Cleanup(end)
	return r
}

// handled waits for the bot to be done with an update.
func (r *rig) handled(u sandbox.Update) {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), 20*time.Second)
	defer cancel()
	if err := r.srv.WaitHandled(ctx, u.ID); err != nil {
		r.Fatalf("update %d was not handled: %v\n%s", u.ID, err, r.log)
	}
}

// stopped waits for run to return, which it does without an error.
func (r *rig) stopped() {
	r.Helper()
	select {
	case err := <-r.done:
		if err != nil {
			r.Fatalf("run ended with %v\n%s", err, r.log)
		}
	case <-time.After(30 * time.Second):
		r.Fatalf("run did not end\n%s", r.log)
	}
}

// freeAddr is an address that nobody listens on. It is one of 127/8 that nobody else is given: at 127.0.0.1 a port that was free a moment
// ago may have become the near end of somebody's connection. Where 127.0.0.1 is the only one, it has to do.
func freeAddr(t *testing.T) string {
	t.Helper()
	n := ownHosts.Add(1)
	l, err := net.Listen("tcp", fmt.Sprintf("127.%d.%d.%d:0", 1+os.Getpid()%250, 1+n/250, 1+n%250))
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

var ownHosts atomic.Int32

func TestStopOrder(t *testing.T) {
	addr := freeAddr(t)
	for name, try := range map[string]struct {
		env  map[string]string
		want []string
	}{
		"polling": {map[string]string{"HTTP_ADDR": addr}, []string{"intake", "http", "scheduler", "sender", "store"}},
		"webhook": {map[string]string{"HTTP_ADDR": addr, "WEBHOOK_URL": "http://" + addr + "/hook", "WEBHOOK_SECRET": "s3"},
			[]string{"intake", "scheduler", "sender", "store"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, try.env)
			r.handled(r.anna.Say("/start"))
			if r.anna.Last().Text == "" {
				t.Error("the owner got no answer")
			}
			r.end()
			r.stopped()
			if got := r.log.stops(); !slices.Equal(got, try.want) {
				t.Errorf("stopped %v, want %v\n%s", got, try.want, r.log)
			}
			for _, call := range r.srv.Refused() {
				t.Errorf("refused: %+v", call)
			}
		})
	}
}

// What was taken in when the end came is finished: its answer is sent and received, its update confirmed.
func TestStopFinishesWhatRuns(t *testing.T) {
	r := start(t, nil)
	r.handled(r.anna.Say("/start"))
	r.srv.Faults(1, sandbox.Fault{Kind: sandbox.Slow, Method: "sendMessage", Delay: 400 * time.Millisecond})
	before := len(r.anna.Messages())
	events, cancel := r.srv.Subscribe()
	defer cancel()
	said := r.anna.Say("/help")
	for range events { // the answer is on the screen, but the bot does not know it yet
		if len(r.anna.Messages()) > before+1 {
			break
		}
	}
	r.end()
	r.stopped()
	r.handled(said)
	if log := r.log.String(); strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		t.Errorf("the end was not quiet:\n%s", log)
	}
}

func TestClaimLinkIsPrintedOnce(t *testing.T) {
	r := start(t, map[string]string{"OWNER_TELEGRAM_ID": ""})
	stranger := r.srv.AddPerson(sandbox.PersonSpec{ID: 8, First: "Пётр", Lang: "ru"})
	r.handled(stranger.Say("/start"))
	_, link, ok := strings.Cut(r.out.String(), "https://t.me/kartoteka_bot?start=")
	if !ok {
		t.Fatalf("no link in %q", r.out)
	}
	told := stranger.Last().Text
	r.handled(r.anna.Say("/start " + strings.TrimSpace(link)))
	if welcome := r.anna.Last().Text; welcome == "" || welcome == told {
		t.Errorf("the owner was told %q, the stranger %q", welcome, told)
	}
	if strings.Contains(r.log.String(), strings.TrimSpace(link)) {
		t.Error("the link is in the log")
	}
	r.end()
	r.stopped()
}

func TestRefusedTokenIsAWrongSetting(t *testing.T) {
	r := start(t, map[string]string{"TELEGRAM_TOKEN": "1000:anotherSECRETtoken"})
	var errs bytes.Buffer
	if code := exitCode(<-r.done, &errs); code != exitConfig || !strings.Contains(errs.String(), "TELEGRAM_TOKEN") {
		t.Errorf("exit code %d, said %q", code, errs.String())
	}
	if strings.Contains(errs.String()+r.log.String(), "SECRET") {
		t.Errorf("the token was printed: %s%s", &errs, r.log)
	}
}

// A listener that cannot be had is known before anything is begun or promised.
func TestHTTPAddrTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for _, command := range [][]string{{"sandbox"}, {"run"}} {
		clean(t)
		dir := t.TempDir()
		t.Setenv("TELEGRAM_TOKEN", goodToken)
		t.Setenv("DATA_DIR", dir)
		t.Setenv("SANDBOX_ADDR", "127.0.0.1:0")
		t.Setenv("HTTP_ADDR", taken.Addr().String())
		var out, errs bytes.Buffer
		code := program(command, &out, &errs)
		if line := errs.String(); code != exitConfig || strings.Count(line, "\n") != 1 || !strings.Contains(line, "HTTP_ADDR") || out.Len() > 0 {
			t.Errorf("%v: exit code %d, said %q and %q", command, code, &errs, &out)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%v: left %v, %v", command, left, err)
		}
	}
}
