package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	maxHookWait    = 60 * time.Second   // the longest pause between tries (WebhookActor.cpp)
	maxHookRetry   = 3600 * time.Second // the longest Retry-After that is honoured
	hookTimeout    = 60 * time.Second
	hookConnection = 40 // max_connections by default
)

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]+$`) // the facts bound its length

// webhook carries updates to the bot by POST.
type webhook struct {
	url, secret string
	max         int
	running     int
	busy        map[int64]bool // keys with an update under way: one at a time of each chat
	wake        chan struct{}
	ctx         context.Context
	stop        context.CancelFunc
	client      *http.Client
	lastError   string
	lastFailed  int64
}

// setWebhook begins to deliver by POST; an empty address ends it. Unlike Telegram it takes plain HTTP on any port.
func (s *Server) setWebhook(c *call) (any, *apiError) {
	secret := c.params["secret_token"]
	if secret != "" && !secretToken.MatchString(secret) {
		return nil, bad("secret token contains unallowed characters")
	}
	address := c.params["url"]
	if u, err := url.Parse(address); err != nil || address != "" && (u.Host == "" || !strings.HasPrefix(u.Scheme, "http")) {
		return nil, bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopHook()
	if c.bool("drop_pending_updates") {
		s.queue.forget(0)
	}
	if address == "" || s.closed {
		return true, nil
	}
	s.setAllowed(c)
	s.endPoll("terminated by setWebhook request")
	ctx, stop := context.WithCancel(context.Background())
	h := &webhook{
		url: address, secret: secret, max: c.clamped("max_connections", hookConnection, 1, 100),
		busy: map[int64]bool{}, wake: make(chan struct{}, 1), ctx: ctx, stop: stop,
		client: &http.Client{Timeout: hookTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: hookConnection}},
	}
	s.hook = h
	go s.carry(h)
	return true, nil
}

func (s *Server) deleteWebhook(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopHook()
	if c.bool("drop_pending_updates") {
		s.queue.forget(0)
	}
	return true, nil
}

// stopHook ends the webhook, if any. s.mu is held.
func (s *Server) stopHook() {
	if s.hook == nil {
		return
	}
	s.hook.stop()
	s.hook.client.CloseIdleConnections()
	s.hook = nil
	for _, list := range [...][]*queued{s.queue.items, s.queue.repeats} {
		for _, u := range list {
			u.busy = false
		}
	}
}

func (s *Server) getWebhookInfo(*call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := map[string]any{
		"url": "", "has_custom_certificate": false,
		"pending_update_count": len(s.queue.pending),
	}
	if h := s.hook; h != nil {
		info["url"], info["max_connections"] = h.url, h.max
		if h.lastError != "" {
			info["last_error_message"], info["last_error_date"] = h.lastError, h.lastFailed
		}
	}
	return info, nil
}

// carry starts deliveries as they come due, until the webhook ends.
func (s *Server) carry(h *webhook) {
	for {
		s.mu.Lock()
		pause := s.startDue(h)
		s.mu.Unlock()
		timer := time.NewTimer(pause)
		select {
		case <-h.wake:
		case <-timer.C:
		case <-h.ctx.Done():
			timer.Stop()
			return
		}
		timer.Stop()
	}
}

// startDue starts what may start now and says when to look again. s.mu is held.
func (s *Server) startDue(h *webhook) time.Duration {
	pause := time.Hour
	if s.hook != h {
		return pause
	}
	s.queue.expire(s.ages.Now())
	now := time.Now() // pauses between tries are real time, see doc.go
	for _, list := range [...][]*queued{s.queue.items, s.queue.repeats} {
		waits := map[int64]bool{} // chats whose earlier update is not through
		for _, u := range list {
			if h.running >= h.max {
				return pause
			}
			if u.done || u.busy || h.busy[u.Key] || waits[u.Key] {
				continue
			}
			if left := u.notYet.Sub(now); left > 0 {
				pause = min(pause, left)
				waits[u.Key] = u.Key != 0
				continue
			}
			u.busy = true
			h.busy[u.Key] = u.Key != 0
			h.running++
			go s.deliver(h, u)
		}
	}
	return pause
}

// deliver posts one update and books the outcome.
func (s *Server) deliver(h *webhook, u *queued) {
	status, retryAfter, body, err := h.post(u.Raw)
	if h.ctx.Err() != nil {
		return
	}
	ok := err == nil && status >= 200 && status < 300
	if ok {
		s.runReply(body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h.running--
	delete(h.busy, u.Key)
	u.busy = false
	signal(h.wake)
	if ok {
		s.queue.settle(u, nil)
		return
	}
	h.lastError, h.lastFailed = "Connection failed", s.now()
	if err == nil {
		h.lastError = "Wrong response from the webhook: " + strconv.Itoa(status) + " " + http.StatusText(status)
	}
	pause := min(s.opts.WebhookWait<<min(u.tries, 20), maxHookWait)
	if retryAfter > 0 {
		pause = min(retryAfter, maxHookRetry)
	}
	u.tries++
	u.notYet = time.Now().Add(pause) // real time, see doc.go
}

func (h *webhook) post(raw []byte) (status int, retryAfter time.Duration, body []byte, err error) {
	req, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url, bytes.NewReader(raw))
	if err != nil {
		return 0, 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return 0, 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxParams))
	if seconds, convErr := strconv.Atoi(resp.Header.Get("Retry-After")); convErr == nil {
		retryAfter = time.Duration(seconds) * time.Second
	}
	return resp.StatusCode, retryAfter, body, err
}

// runReply carries out a method that the webhook's answer names; nobody is told the result
// (WebhookActor.cpp:493-520). Methods that get something are ignored.
func (s *Server) runReply(body []byte) {
	var values map[string]json.RawMessage
	if json.Unmarshal(body, &values) != nil || values["method"] == nil {
		return
	}
	var name string
	if json.Unmarshal(values["method"], &name) != nil || strings.HasPrefix(strings.ToLower(name), "get") {
		return
	}
	m := s.methods[strings.ToLower(name)]
	if m == nil {
		return
	}
	c := &call{srv: s, method: m, ctx: context.Background(), params: map[string]string{}}
	if err := c.takeJSON(values); err != nil {
		return
	}
	_, err := s.carryOut(c)
	s.record(c, err, "")
}
