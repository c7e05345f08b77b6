package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kartoteka/handlers/web"
)

var quiet = slog.New(slog.DiscardHandler)

func get(t *testing.T, h http.Handler, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w
}

func TestHealth(t *testing.T) {
	well := web.Check{Name: "store", Ask: func(context.Context) error { return nil }}
	ill := web.Check{Name: "intake", Ask: func(context.Context) error { return errors.New("mongodb://user:secret@host is gone") }}
	age := func() string { return "5h0m0s ago" }
	for name, try := range map[string]struct {
		checks []web.Check
		code   int
		want   web.Health
	}{
		"all well": {[]web.Check{well}, http.StatusOK, web.Health{OK: true, Checks: map[string]string{"store": "ok"}}},
		"one ill": {[]web.Check{well, ill}, http.StatusServiceUnavailable,
			web.Health{Checks: map[string]string{"store": "ok", "intake": "failed"}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := get(t, web.Handler(web.Options{Checks: try.checks, Backup: age, Log: quiet}), "GET", "/healthz")
			var got web.Health
			if strings.Contains(w.Body.String(), "secret") {
				t.Errorf("the answer tells a secret: %s", w.Body)
			}
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if w.Code != try.code || got.OK != try.want.OK || got.Backup != age() || len(got.Checks) != len(try.want.Checks) {
				t.Errorf("got %d %+v, want %d %+v", w.Code, got, try.code, try.want)
			}
			for check, want := range try.want.Checks {
				if got.Checks[check] != want {
					t.Errorf("%s: got %s, want %s", check, got.Checks[check], want)
				}
			}
		})
	}
}

func TestMetrics(t *testing.T) {
	h := web.Handler(web.Options{Log: quiet, Figures: func() []web.Figure {
		return []web.Figure{
			{Name: "updates_handled_total", Help: "Updates handled.", Value: 7, Growing: true},
			{Name: "queue_length", Help: "Messages that wait.", Value: 2, Labels: map[string]string{"kind": "answer"}},
			{Name: "queue_length", Help: "Messages that wait.", Value: 3, Labels: map[string]string{"kind": "notice"}},
		}
	}})
	body := get(t, h, "GET", "/metrics").Body.String()
	for _, want := range []string{
		"# TYPE kartoteka_updates_handled_total counter\nkartoteka_updates_handled_total 7",
		`kartoteka_queue_length{kind="answer"} 2`, `kartoteka_queue_length{kind="notice"} 3`,
		"go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %q", want)
		}
	}
}

func TestWebhookIsMountedForPostOnly(t *testing.T) {
	hook := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	h := web.Handler(web.Options{Log: quiet, Webhook: hook, Path: "/telegram"})
	for _, try := range []struct {
		method, path string
		want         int
	}{
		{"POST", "/telegram", http.StatusTeapot},
		{"GET", "/telegram", http.StatusMethodNotAllowed},
		{"POST", "/telegram/x", http.StatusNotFound},
		{"POST", "/healthz", http.StatusMethodNotAllowed},
		{"GET", "/", http.StatusNotFound},
	} {
		if got := get(t, h, try.method, try.path).Code; got != try.want {
			t.Errorf("%s %s: got %d, want %d", try.method, try.path, got, try.want)
		}
	}
}

func TestStopFinishesWhatRuns(t *testing.T) {
	began, release := make(chan struct{}), make(chan struct{})
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := web.Serve(on, web.Options{Log: quiet, Path: "/telegram",
		Webhook: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(began)
			<-release
			_, _ = io.WriteString(w, "handled")
		})})
	answer := make(chan string, 1)
	go func() { answer <- post(t, "http://"+on.Addr().String()+"/telegram") }()
	<-began
	stopped := make(chan struct{})
	go func() { s.Stop(t.Context()); close(stopped) }()
	select {
	case <-stopped:
		t.Error("stopped while a request was running")
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if got := <-answer; got != "handled" {
		t.Errorf("the request that ran was answered %q", got)
	}
	<-stopped
}

func post(t *testing.T, url string) string {
	req, err := http.NewRequestWithContext(t.Context(), "POST", url, nil)
	if err != nil {
		return err.Error()
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}
