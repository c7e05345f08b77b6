package telegram

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

const testToken = "1000:very-secret-token"

// rig is a bot on a local Bot API server, with Anna in front of it.
type rig struct {
	*testing.T
	srv    *sandbox.Server
	web    *httptest.Server
	bot    *Bot
	anna   *sandbox.Person
	boris  *sandbox.Person
	strays strayBox
	log    logBox

	stop func()     // ends Run
	done chan error // what Run returned
}

// strayBox is a Strays in memory; down makes it fail so many times.
type strayBox struct {
	mu   sync.Mutex
	kept []crm.StrayUpdate
	down int
}

func (b *strayBox) SetAside(_ context.Context, u crm.StrayUpdate) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down > 0 {
		b.down--
		return errors.New("store is down")
	}
	b.kept = append(b.kept, u)
	return nil
}

func (b *strayBox) reasons() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []string
	for _, u := range b.kept {
		all = append(all, u.Reason)
	}
	return all
}

// logBox keeps the log, to look for what must not be in it.
type logBox struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBox) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBox) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newRig(t *testing.T, change ...func(*Options)) *rig {
	t.Helper()
	r := &rig{T: t}
	r.srv = sandbox.New(sandbox.Options{Token: testToken, BotUsername: "kartoteka_bot", Journal: true, WebhookWait: 10 * time.Millisecond})
	r.web = httptest.NewServer(r.srv)
	t.Cleanup(func() {
		if r.stop != nil {
			r.finish()
		}
		r.srv.Close()
		r.web.Close()
	})
	o := Options{
		Token: testToken, APIURL: r.web.URL, Store: &r.strays, Limits: Limits{Unlimited: true},
		Logger: slog.New(slog.NewTextHandler(&r.log, nil)), HandlerLimit: 5 * time.Second,
	}
	for _, f := range change {
		f(&o)
	}
	var err error
	if r.bot, err = New(o); err != nil {
		t.Fatal(err)
	}
	r.anna = r.srv.AddPerson(sandbox.PersonSpec{ID: 7, First: "Анна", Last: "Карпова", Username: "anna", Lang: "ru"})
	r.boris = r.srv.AddPerson(sandbox.PersonSpec{ID: 8, First: "Борис"})
	return r
}

// run starts long polling with the handler.
func (r *rig) run(h Handler) {
	ctx, cancel := context.WithCancel(context.Background())
	r.stop, r.done = cancel, make(chan error, 1)
	go func() { r.done <- r.bot.Run(ctx, h) }()
}

// finish stops the bot and waits for it.
func (r *rig) finish() {
	r.Helper()
	if r.stop == nil {
		return
	}
	r.stop()
	r.stop = nil
	select {
	case err := <-r.done:
		if err != nil {
			r.Errorf("Run: %v", err)
		}
	case <-time.After(20 * time.Second):
		r.Fatal("Run does not return")
	}
}

// handled waits until the bot has confirmed the update.
func (r *rig) handled(u sandbox.Update) {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), 15*time.Second)
	defer cancel()
	if err := r.srv.WaitHandled(ctx, u.ID); err != nil {
		r.Fatalf("update %d: %v\n%s", u.ID, err, r.log.String())
	}
}

// recorder is a Handler that keeps what came in.
type recorder struct {
	mu  sync.Mutex
	all []chat.Incoming
}

func (h *recorder) handle(_ context.Context, in chat.Incoming) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, in)
	return nil
}

func (h *recorder) texts() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for _, in := range h.all {
		all = append(all, in.Text)
	}
	return all
}
