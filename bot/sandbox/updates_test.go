package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestOffsetConfirms(t *testing.T) {
	r := newRig(t)
	r.drain()
	a, b, c := r.anna.Say("1"), r.boris.Say("2"), r.anna.Say("3")
	if got := r.poll(params{"limit": "2"}); len(got) != 2 || got[0].ID != a.ID || got[1].ID != b.ID {
		t.Fatalf("limit 2: %+v", got)
	}
	if got := r.updates(b.ID); len(got) != 2 || got[0].ID != b.ID {
		t.Fatalf("offset keeps its own id: %+v", got)
	}
	if err := r.srv.WaitHandled(r.ctx(), a.ID); err != nil {
		t.Errorf("the first is confirmed: %v", err)
	}
	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := r.srv.WaitHandled(short, b.ID); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the second is not confirmed: %v", err)
	}
	if got := r.updates(-1); len(got) != 1 || got[0].ID != c.ID {
		t.Errorf("a negative offset keeps the last: %+v", got)
	}
	if err := r.srv.WaitHandled(r.ctx(), b.ID); !errors.Is(err, ErrDropped) {
		t.Errorf("the second was forgotten: %v", err)
	}
	if err := r.srv.WaitHandled(r.ctx(), c.ID+5); !errors.Is(err, ErrUnknown) {
		t.Errorf("an update to come: %v", err)
	}
	if got := r.poll(params{"limit": "500", "timeout": "-3"}); len(got) != 1 {
		t.Errorf("limit is clamped: %+v", got)
	}
}

func TestAllowedUpdates(t *testing.T) {
	r := newRig(t)
	r.drain()
	m := r.send("x", keyboard(`{"text":"a","callback_data":"x"}`))
	press := func() Update {
		u, err := r.anna.Press(m.ID, "x")
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	for _, step := range []struct {
		allowed string
		want    bool
	}{
		{`["message"]`, false},
		{"null", false}, // as telebot sends it: the setting stays
		{"", false},
		{"not json", false},
		{`["message","callback_query"]`, true},
		{`["message"]`, false},
		{"[]", true},
	} {
		r.poll(params{"allowed_updates": step.allowed})
		if got := press().ID != 0; got != step.want {
			t.Errorf("after allowed_updates %q presses come: %v", step.allowed, got)
		}
	}
	r.poll(params{"allowed_updates": `["message"]`})
	if err := r.srv.WaitHandled(r.ctx(), press().ID); !errors.Is(err, ErrNotQueued) {
		t.Errorf("WaitHandled: %v", err)
	}
}

func TestLifetimes(t *testing.T) {
	r := newRig(t)
	r.drain()
	m := r.send("x", keyboard(`{"text":"a","callback_data":"x"}`))
	press, err := r.anna.Press(m.ID, "x")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.anna.Inline(ctx, "q", ""); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	said := r.anna.Say("x")
	kinds := func() string {
		s := ""
		for _, u := range r.updates(0) {
			s += fmt.Sprintf("%t%t%t ", u.Query != nil, u.Inline != nil, u.Message != nil)
		}
		return s
	}
	const query, inline, message = "truefalsefalse ", "falsetruefalse ", "falsefalsetrue "
	if got := kinds(); got != query+inline+message {
		t.Errorf("at once: %s", got)
	}
	r.clock.Advance(30 * time.Second)
	if got := kinds(); got != query+message {
		t.Errorf("after 30 s: %s", got)
	}
	r.clock.Advance(120 * time.Second)
	if got := kinds(); got != message {
		t.Errorf("after 150 s: %s", got)
	}
	if err := r.srv.WaitHandled(r.ctx(), press.ID); !errors.Is(err, ErrExpired) {
		t.Errorf("WaitHandled: %v", err)
	}
	r.clock.Advance(24 * time.Hour)
	if got := kinds(); got != "" {
		t.Errorf("after a day: %s", got)
	}
	if err := r.srv.WaitHandled(r.ctx(), said.ID); !errors.Is(err, ErrExpired) {
		t.Errorf("WaitHandled: %v", err)
	}
}

func TestLongPoll(t *testing.T) {
	r := newRig(t)
	r.drain()
	got := make(chan []gotUpdate, 1)
	go func() { got <- r.poll(params{"timeout": "20"}) }()
	r.untilPolling()
	said := r.anna.Say("проснись")
	if list := <-got; len(list) != 1 || list[0].ID != said.ID {
		t.Errorf("woken with %+v", list)
	}
}

// untilPolling waits until a getUpdates waits.
func (r *rig) untilPolling() {
	r.Helper()
	for range 5000 {
		r.srv.mu.Lock()
		waiting := r.srv.poll != nil
		r.srv.mu.Unlock()
		if waiting {
			return
		}
		time.Sleep(time.Millisecond)
	}
	r.Fatal("nobody polls")
}

func TestConflicts(t *testing.T) {
	r := newRig(t)
	r.drain()
	older := make(chan answer, 1)
	go func() { older <- r.call("getUpdates", params{"timeout": "20"}) }()
	r.untilPolling()
	r.updates(0)
	if a := <-older; a.Status != 409 || a.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
		t.Errorf("older poll: %+v", a)
	}
	go func() { older <- r.call("getUpdates", params{"timeout": "20"}) }()
	r.untilPolling()
	r.ok("setWebhook", params{"url": "http://127.0.0.1:1/"})
	if a := <-older; a.Description != "Conflict: terminated by setWebhook request" {
		t.Errorf("poll under a webhook: %+v", a)
	}
	r.refused("getUpdates", nil, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	r.ok("deleteWebhook", nil)
	r.updates(0)
}

func TestGonePollIsNoConflict(t *testing.T) {
	r := newRig(t)
	r.drain()
	ctx, cancel := context.WithCancel(context.Background())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, r.web.URL+"/bot42:test/getUpdates?timeout=20", nil)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
	}()
	r.untilPolling()
	cancel()
	<-gone
	r.updates(0)
	time.Sleep(2 * killGrace)
	if calls := r.srv.Refused(); len(calls) > 0 {
		t.Errorf("refused: %+v", calls)
	}
}

func TestRedeliver(t *testing.T) {
	r := newRig(t)
	r.drain()
	said := r.anna.Say("раз")
	r.drain()
	if err := r.srv.Redeliver(said.ID); err != nil {
		t.Fatal(err)
	}
	got := r.updates(said.ID + 1)
	if len(got) != 1 || got[0].ID != said.ID || got[0].Message.Text != "раз" {
		t.Fatalf("repeat: %+v", got)
	}
	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := r.srv.WaitHandled(short, said.ID); err == nil {
		t.Error("the repeat counts as handled before it was confirmed")
	}
	r.updates(said.ID + 1)
	if err := r.srv.WaitHandled(r.ctx(), said.ID); err != nil {
		t.Error(err)
	}
	if err := r.srv.Redeliver(5); !errors.Is(err, ErrUnknown) {
		t.Errorf("Redeliver of nothing: %v", err)
	}
}

func TestInjectRaw(t *testing.T) {
	r := newRig(t)
	r.drain()
	u, err := r.srv.InjectRaw(`{"message":{"message_id":"poison","photo":[]}}`)
	if err != nil {
		t.Fatal(err)
	}
	raw := string(r.ok("getUpdates", nil))
	if want := fmt.Sprintf(`[{"update_id":%d,"message":{"message_id":"poison","photo":[]}}]`, u.ID); raw != want {
		t.Errorf("got %s want %s", raw, want)
	}
	if _, err := r.srv.InjectRaw("poison"); err == nil {
		t.Error("no object, no error")
	}
	big, err := r.srv.InjectRaw(`{"message":{"text":"` + strings.Repeat("x", 64<<10) + `"}}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.srv.WaitHandled(r.ctx(), big.ID); !errors.Is(err, ErrDropped) {
		t.Errorf("an update over 64 KiB: %v", err)
	}
}

func TestRequestForms(t *testing.T) {
	r := newRig(t)
	for kind, body := range map[string]string{
		"application/json":                  `{"chat_id":7,"text":"x","disable_notification":true,"reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`,
		"application/json; charset=utf-8":   `{"chat_id":"7","text":"x","disable_notification":"true","reply_markup":"{\"inline_keyboard\":[[{\"text\":\"a\",\"callback_data\":\"b\"}]]}"}`,
		"application/x-www-form-urlencoded": `chat_id=7&text=x&disable_notification=1&reply_markup=%7B%22inline_keyboard%22:%5B%5B%7B%22text%22:%22a%22,%22callback_data%22:%22b%22%7D%5D%5D%7D`,
	} {
		a := r.post("sendMessage", kind, []byte(body))
		if m := r.anna.Last(); !a.OK || !m.Screen.Silent || len(m.Buttons()) != 1 {
			t.Errorf("%s: %+v %+v", kind, a, m)
		}
	}
	if a := r.upload("sendMessage", "unused", "x", []byte("x"), map[string]string{"chat_id": "7", "text": "x"}); !a.OK {
		t.Errorf("multipart: %+v", a)
	}
	resp, err := http.Get(r.web.URL + "/bot42:test/sendMessage?chat_id=7&text=x")
	if err != nil {
		t.Fatal(err)
	}
	if a := r.read(resp); !a.OK {
		t.Errorf("query: %+v", a)
	}
	if a := r.post("getMe", "application/json", []byte("null")); !a.OK {
		t.Errorf("null: %+v", a)
	}
	if a := r.post("sendMessage", "application/json", []byte(`{"text":"`+strings.Repeat("x", 1<<20)+`"}`)); a.Status != 413 || a.Description != "Request Entity Too Large" {
		t.Errorf("over 1 MiB: %+v", a)
	}
	if a := r.post("sendMessage", "application/json", []byte(`{`)); a.Description != br+"can't parse the request: can't parse JSON object" {
		t.Errorf("bad JSON: %+v", a)
	}
	if a := r.post("sendMessage", "application/x-www-form-urlencoded", []byte("chat_id=7&text=%ff")); a.Description != br+"strings must be encoded in UTF-8" {
		t.Errorf("not UTF-8: %+v", a)
	}
	for path, want := range map[string]string{
		"/bot42:other/getMe": "Unauthorized", "/botx/getMe": "Unauthorized: invalid token specified", "/x": "Not Found",
	} {
		resp, err := http.Get(r.web.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if a := r.read(resp); a.Description != want {
			t.Errorf("%s: %+v", path, a)
		}
	}
}

func TestWebhook(t *testing.T) {
	r := newRig(t)
	r.drain()
	var mu sync.Mutex
	var got []int64
	failures := map[int64]int{}
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "s3cret" {
			t.Error("no secret")
		}
		body, _ := io.ReadAll(req.Body)
		var u gotUpdate
		if err := json.Unmarshal(body, &u); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if failures[u.ID]++; failures[u.ID] < 3 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		got = append(got, u.ID)
		_, _ = io.WriteString(w, `{"method":"sendMessage","chat_id":7,"text":"ответ"}`)
	}))
	defer hook.Close()
	r.refused("setWebhook", params{"url": "x"}, br+"bad webhook: An HTTPS URL must be provided for webhook")
	r.refused("setWebhook", params{"url": hook.URL, "secret_token": "a b"}, br+"secret token contains unallowed characters")
	r.refused("setWebhook", params{"url": hook.URL, "secret_token": strings.Repeat("a", 257)}, br+`parameter "secret_token" is too long`)
	r.ok("setWebhook", params{"url": hook.URL, "secret_token": "s3cret"})
	first, second := r.anna.Say("1"), r.anna.Say("2")
	for _, u := range []Update{first, second} {
		if err := r.srv.WaitHandled(r.ctx(), u.ID); err != nil {
			t.Fatal(err)
		}
	}
	mu.Lock()
	if len(got) != 2 || got[0] != first.ID || got[1] != second.ID {
		t.Errorf("delivered %v, want in order %d %d", got, first.ID, second.ID)
	}
	mu.Unlock()
	if last := r.anna.Last(); last.Text != "ответ" {
		t.Errorf("the method in the answer was not carried out: %+v", last)
	}
	var info struct {
		URL  string `json:"url"`
		Last string `json:"last_error_message"`
	}
	if err := json.Unmarshal(r.ok("getWebhookInfo", nil), &info); err != nil || info.URL != hook.URL || !strings.Contains(info.Last, "500") {
		t.Errorf("info %+v %v", info, err)
	}
	if err := r.srv.Redeliver(first.ID); err != nil {
		t.Fatal(err)
	}
	if err := r.srv.WaitHandled(r.ctx(), first.ID); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(got) != 3 {
		t.Errorf("repeat: %v", got)
	}
}

// TestWebhookOrder: one update at a time of each chat, chats side by side.
func TestWebhookOrder(t *testing.T) {
	r := newRig(t)
	r.drain()
	var inside, most atomic.Int64
	per := map[int64]int64{}
	var mu sync.Mutex
	meet := make(chan struct{})
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		var u gotUpdate
		_ = json.NewDecoder(req.Body).Decode(&u)
		if n := inside.Add(1); n > most.Load() {
			most.Store(n)
		}
		mu.Lock()
		per[u.Message.Chat.ID]++
		if per[u.Message.Chat.ID] > 1 {
			t.Error("two updates of one chat at once")
		}
		mu.Unlock()
		if u.Message.Text == "0" {
			select { // both chats get here together
			case meet <- struct{}{}:
			case <-meet:
			case <-time.After(5 * time.Second):
				t.Error("chats wait for each other")
			}
		}
		mu.Lock()
		per[u.Message.Chat.ID]--
		mu.Unlock()
		inside.Add(-1)
	}))
	defer hook.Close()
	r.ok("setWebhook", params{"url": hook.URL})
	var last Update
	for i := range 10 {
		r.anna.Say(fmt.Sprint(i))
		last = r.boris.Say(fmt.Sprint(i))
	}
	if err := r.srv.WaitHandled(r.ctx(), last.ID); err != nil {
		t.Fatal(err)
	}
	if most.Load() < 2 {
		t.Error("chats were not served side by side")
	}
}

func TestClose(t *testing.T) {
	r := newRig(t)
	said := r.anna.Say("x")
	done := make(chan error, 1)
	go func() { done <- r.srv.WaitHandled(context.Background(), said.ID) }()
	r.srv.Close()
	if err := <-done; !errors.Is(err, ErrClosed) {
		t.Errorf("WaitHandled after Close: %v", err)
	}
}
