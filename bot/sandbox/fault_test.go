package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
)

func TestFaults(t *testing.T) {
	r := newRig(t)
	send := func() (int, string, error) {
		resp, err := http.Post(r.web.URL+"/bot42:test/sendMessage", "application/json", strings.NewReader(`{"chat_id":7,"text":"x"}`))
		if err != nil {
			return 0, "", err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return resp.StatusCode, resp.Header.Get("Retry-After") + string(body), err
	}
	for _, tt := range []struct {
		kind   FaultKind
		status int
		body   string
		stored bool
	}{
		{TooMany, 429, `7{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`, false},
		{ServerError, 500, `{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}`, false},
		{BadGateway, 502, "<html>", false},
		{ResetBefore, 0, "", false},
		{ResetAfter, 0, "", true},
		{Slow, 200, `{"ok":true`, true},
	} {
		t.Run(string(tt.kind), func(t *testing.T) {
			before := len(r.anna.Messages())
			r.srv.Faults(1, Fault{Kind: tt.kind, Method: "sendMessage", Count: 1, RetryAfter: 7, Delay: time.Millisecond})
			status, body, err := send()
			if status != tt.status || !strings.Contains(body, tt.body) || (err != nil) != (tt.status == 0) {
				t.Errorf("got %d %s %v", status, body, err)
			}
			if got := len(r.anna.Messages()) > before; got != tt.stored {
				t.Errorf("stored: %v", got)
			}
			calls := r.srv.Calls()
			if c := calls[len(calls)-1]; c.Fault != tt.kind || c.Done() != tt.stored || c.Chat != 7 {
				t.Errorf("journal: %+v", c)
			}
			if status, _, err := send(); status != 200 {
				t.Errorf("after the fault: %d %v", status, err)
			}
		})
	}
	if calls := r.srv.Refused(); len(calls) > 0 {
		t.Errorf("faults count as refusals: %+v", calls)
	}
}

func TestFaultRules(t *testing.T) {
	r := newRig(t)
	run := func(n int, chat int64) string {
		var b bytes.Buffer
		for range n {
			a := r.call("sendMessage", params{"chat_id": fmt.Sprint(chat), "text": "x"})
			b.WriteString(map[bool]string{true: ".", false: "x"}[a.OK])
		}
		return b.String()
	}
	r.srv.Faults(1, Fault{Kind: ServerError, Skip: 2, Count: 2})
	if got := run(6, 7); got != "..xx.." {
		t.Errorf("skip and count: %s", got)
	}
	if hits := r.srv.FaultsHit(); len(hits) != 1 || hits[0] != 2 {
		t.Errorf("hits: %v", hits)
	}
	r.srv.Faults(1, Fault{Kind: ServerError, Chat: 8})
	if got := run(2, 7) + run(2, 8); got != "..xx" {
		t.Errorf("chat: %s", got)
	}
	r.srv.Faults(5, Fault{Kind: ServerError, Probability: 0.5})
	first := run(40, 7)
	r.srv.Faults(5, Fault{Kind: ServerError, Probability: 0.5})
	if second := run(40, 7); first != second || !strings.Contains(first, "x") || !strings.Contains(first, ".") {
		t.Errorf("the same seed: %s %s", first, second)
	}
	r.srv.Faults(0)
	if got := run(2, 7); got != ".." {
		t.Errorf("no rules: %s", got)
	}
}

func TestFlood(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Flood = true })
	g := r.srv.AddGroup(GroupSpec{Title: "Отдел", Members: []*Person{r.anna}})
	send := func(chat int64) int {
		return r.call("sendMessage", params{"chat_id": fmt.Sprint(chat), "text": "x"}).Parameters.RetryAfter
	}
	for i := range 5 {
		if wait := send(7); wait != 0 {
			t.Fatalf("message %d of the burst: retry after %d", i, wait)
		}
	}
	a := r.refused("sendMessage", params{"chat_id": "7", "text": "x"}, "Too Many Requests: retry after 1")
	if a.Status != 429 || a.Header.Get("Retry-After") != "1" {
		t.Errorf("answer: %+v", a)
	}
	if wait := send(8); wait != 0 {
		t.Errorf("another chat: retry after %d", wait)
	}
	a = r.refused("editMessageText", params{"chat_id": "7", "message_id": "2", "text": "y"}, "Too Many Requests: retry after 1")
	if a.Status != 429 {
		t.Error("edits are not counted")
	}
	r.clock.Advance(time.Second)
	if wait := send(7); wait != 0 {
		t.Errorf("a second later: retry after %d", wait)
	}
	r.clock.Advance(time.Minute)
	sent := 0
	for range 30 {
		r.clock.Advance(time.Second)
		if send(g.ID()) == 0 {
			sent++
		}
	}
	if sent != 20 {
		t.Errorf("%d messages to a group within a minute", sent)
	}
	r.clock.Advance(time.Minute)
	total := 0
	for i := range 50 {
		p := r.srv.AddPerson(PersonSpec{First: fmt.Sprint(i)})
		p.Say("/start")
		if send(p.ID()) == 0 {
			total++
		}
	}
	if total != 30 {
		t.Errorf("%d messages at once in all", total)
	}
}

// BenchmarkEcho measures updates through getUpdates and one sendMessage each, over real connections.
func BenchmarkEcho(b *testing.B) {
	benchmarkEcho(b, 16)
}

func benchmarkEcho(b *testing.B, workers int) {
	srv := New(Options{Token: "42:test", Clock: clockwork.NewRealClock(), Keep: 100})
	defer srv.Close()
	client, base, stop := serve(srv)
	defer stop()
	people := make([]*Person, 200)
	for i := range people {
		people[i] = srv.AddPerson(PersonSpec{First: fmt.Sprint(i)})
	}
	for i := range b.N {
		people[i%len(people)].Say("Привет, как дела?")
	}
	b.ResetTimer()
	echoAll(b, client, base, workers)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
}
