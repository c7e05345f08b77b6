package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthcheck(t *testing.T) {
	clean(t)
	code := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(code)
	}))
	defer srv.Close()
	t.Setenv("HTTP_ADDR", strings.TrimPrefix(srv.URL, "http://"))
	for _, try := range []struct{ answer, want int }{{http.StatusOK, exitFine}, {http.StatusServiceUnavailable, exitFailed}} {
		code = try.answer
		if got := program([]string{"healthcheck"}, &bytes.Buffer{}, &bytes.Buffer{}); got != try.want {
			t.Errorf("an answer of %d gives exit code %d, want %d", try.answer, got, try.want)
		}
	}
	srv.Close()
	if got := program([]string{"healthcheck"}, &bytes.Buffer{}, &bytes.Buffer{}); got != exitFailed {
		t.Errorf("no answer gives exit code %d", got)
	}
}

func TestReachable(t *testing.T) {
	for addr, want := range map[string]string{
		":8081": "localhost:8081", "0.0.0.0:8081": "localhost:8081", "[::]:8081": "localhost:8081",
		"127.0.0.1:1": "127.0.0.1:1", "bot:8081": "bot:8081",
	} {
		if got := reachable(addr); got != want {
			t.Errorf("%s: got %s, want %s", addr, got, want)
		}
	}
}
