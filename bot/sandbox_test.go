package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/bot/sandbox/demo"
	"kartoteka/bot/sandbox/webchat"
	"kartoteka/crm/civil"
)

// visit is somebody who tries the sandbox.
type visit struct {
	*testing.T
	http         string // where it tells of its health
	said, logged lines
	end          context.CancelFunc
	done         chan error
}

// visitSandbox runs the sandbox until it is ready to answer.
func visitSandbox(t *testing.T, args ...string) *visit {
	t.Helper()
	addr := freeAddr(t)
	cfg, err := parse(t, map[string]string{"SANDBOX_ADDR": "127.0.0.1:0", "HTTP_ADDR": addr}, append([]string{"sandbox"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithTimeout(t.Context(), 2*time.Minute)
	v := &visit{T: t, http: "http://" + addr, end: end, done: make(chan error, 1)}
	t.Cleanup(end)
	go func() {
		v.done <- runSandbox(ctx, cfg, world{lg: slog.New(slog.NewTextHandler(&v.logged, nil)), out: &v.said, clock: clockwork.NewRealClock()})
	}()
	v.until("it is ready", func() bool { return strings.Contains(v.logged.String(), "msg=ready") })
	return v
}

// until waits for something to hold.
func (v *visit) until(what string, holds func() bool) {
	v.Helper()
	deadline := time.After(time.Minute)
	for !holds() {
		select {
		case err := <-v.done:
			v.Fatalf("the sandbox ended with %v\n%s", err, &v.logged)
		case <-deadline:
			v.Fatalf("it never came about that %s\n%s", what, &v.logged)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// leave ends the sandbox.
func (v *visit) leave() {
	v.Helper()
	v.end()
	if err := <-v.done; err != nil {
		v.Fatalf("the sandbox ended with %v\n%s", err, &v.logged)
	}
}

// ask calls the web chat's API; body "" reads.
func (v *visit) ask(what, body string, out any) {
	v.Helper()
	_, rest, _ := strings.Cut(v.said.String(), "Open ")
	address, _, _ := strings.Cut(rest, " ")
	var res *http.Response
	var err error
	if body == "" {
		res, err = http.Get(address + "/api/" + what)
	} else {
		res, err = http.Post(address+"/api/"+what, "application/json", strings.NewReader(body))
	}
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if err := json.NewDecoder(res.Body).Decode(out); err != nil || res.StatusCode != http.StatusOK {
		v.Fatalf("%s: %s, %v", what, res.Status, err)
	}
}

// figures are what /healthz or /metrics tells.
func (v *visit) figures(path string) string {
	v.Helper()
	res, err := http.Get(v.http + path)
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.Fatal(err)
	}
	return string(body)
}

// chatOf is what somebody sees of the bot.
func (v *visit) chatOf(person int64) string {
	v.Helper()
	var seen struct{ Messages []sandbox.Message }
	v.ask(fmt.Sprintf("chat?person=%d", person), "", &seen)
	var all strings.Builder
	for _, m := range seen.Messages {
		if m.From.IsBot {
			all.WriteString(m.Text + "\n\n")
		}
	}
	return all.String()
}

// tryOut opens the sandbox and leaves it.
func tryOut(t *testing.T, args ...string) (out, log string) {
	t.Helper()
	v := visitSandbox(t, args...)
	v.leave()
	return v.said.String(), v.logged.String()
}

// Whoever opens the sandbox and moves the clock to the next morning sees what a member is reminded of, of every kind and
// as each of the members; the bot makes no call that Telegram would refuse.
func TestSandboxShowsTheNextMorning(t *testing.T) {
	v := visitSandbox(t)
	wanted := map[int64][]string{
		demo.Owner.ID: {"Здравствуйте, Анна", "Доброе утро, Анна", "Сегодня день рождения", "(через 5 дней)",
			"Связаться: ", "Перезвонить насчёт прайса", "Отправить КП", "Отправить договор"},
		demo.Manager.ID: {"Hello, Ivan", "Good morning, Ivan", "Birthday today", "(in 5 days)",
			"Get in touch: ", "Call back about the winter", "Send the quote", "Send the contract"},
	}
	v.ask("clock", `{"to":"tomorrow"}`, &struct{}{})
	for person, words := range wanted {
		v.until(fmt.Sprintf("%d sees the morning", person), func() bool {
			seen := v.chatOf(person)
			return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(seen, w) })
		})
	}
	var now struct {
		Refused struct {
			Count, Unanswered int
			Last              []struct{ Method, What string }
		}
	}
	if v.ask("world", "", &now); now.Refused.Count+now.Refused.Unanswered > 0 {
		t.Errorf("Telegram would refuse: %+v", now.Refused)
	}
	v.until("it is well", func() bool { return strings.HasPrefix(v.figures("/healthz"), `{"ok":true,`) })
	for _, want := range []string{"kartoteka_updates_handled_total 5\n", "kartoteka_updates_failed_total 0\n", "kartoteka_calls_unreachable_total 0\n",
		"kartoteka_jobs_failed_total 0\n", "kartoteka_floods_total 0\n"} {
		if all := v.figures("/metrics"); !strings.Contains(all, want) {
			t.Errorf("/metrics lacks %q:\n%s", want, all)
		}
	}
	v.leave()
	if out := v.said.String(); !strings.HasPrefix(out, "Making up 240 clients") || !strings.Contains(out, "Open http://127.0.0.1:") {
		t.Errorf("it says %q", out)
	}
	v.tellsNothingPersonal()
}

// What was said before the clock was moved is answered after it, though the bot had not asked for it yet.
func TestSandboxKeepsWhatWasSaidWhenTheClockIsMoved(t *testing.T) {
	clock := webchat.NewClock(0)
	srv := sandboxServer(&Config{}, clock)
	t.Cleanup(srv.Close)
	said := srv.AddPerson(demo.Owner).Say("/start")
	if err := clock.Forward(3 * 24 * time.Hour); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/bot"+sandboxToken+"/getUpdates", nil))
	if want := fmt.Sprintf(`"update_id":%d`, said.ID); !strings.Contains(w.Body.String(), want) {
		t.Errorf("the bot is given %s, which lacks %s", w.Body, want)
	}
}

// tellsNothingPersonal looks in the log for the people and the clients that the bot dealt with.
func (v *visit) tellsNothingPersonal() {
	v.Helper()
	log := v.logged.String()
	var secrets []string
	for _, who := range sandboxPeople {
		secrets = append(secrets, who.who.First, who.who.Last)
	}
	for card := range demo.All(civil.DateOf(time.Now()), demoClients) {
		secrets = append(secrets, card.Profile.Name, card.Profile.Phones[0].E164)
		for _, touch := range card.Touches {
			secrets = append(secrets, touch.Text)
		}
	}
	for _, secret := range secrets {
		if secret != "" && strings.Contains(log, secret) {
			v.Errorf("the log tells %q:\n%s", secret, log)
		}
	}
	if strings.Contains(log, "level=ERROR") || strings.Contains(log, "level=WARN") {
		v.Errorf("not quiet:\n%s", log)
	}
}

func TestSandboxKeeps(t *testing.T) {
	there, elsewhere := t.TempDir(), t.TempDir()
	t.Chdir(there)
	tryOut(t, "--keep")
	for _, kept := range []string{"kartoteka.db", "chats.json", "clock"} {
		if _, err := os.Stat(filepath.Join(sandboxKept, kept)); err != nil {
			t.Error(err)
		}
	}
	t.Chdir(elsewhere)
	if out, _ := tryOut(t, "--keep="+filepath.Join(there, sandboxKept)); strings.Contains(out, "did not end") || strings.Contains(out, "Making up") {
		t.Errorf("after a good end it says %q", out)
	}
	if _, err := os.Stat(sandboxKept); !os.IsNotExist(err) {
		t.Errorf("%s was made beside the folder that was named: %v", sandboxKept, err)
	}
	t.Chdir(there)
	if err := os.WriteFile(filepath.Join(sandboxKept, "open"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _ := tryOut(t, "--keep"); !strings.Contains(out, "did not end") {
		t.Errorf("after a kill it says %q", out)
	}
}

func TestSandboxAddrTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	clean(t)
	t.Setenv("SANDBOX_ADDR", taken.Addr().String())
	var out, errs bytes.Buffer
	if code := program([]string{"sandbox"}, &out, &errs); code != exitConfig || !strings.Contains(errs.String(), "SANDBOX_ADDR") {
		t.Errorf("exit code %d, said %q", code, errs.String())
	}
}
