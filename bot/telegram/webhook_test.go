package telegram

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"kartoteka/handlers/chat"
)

const testSecret = "s3cret_of-the-hook"

// hooked returns a rig whose bot is brought its updates.
func hooked(t *testing.T, h Handler) *rig {
	t.Helper()
	var front atomic.Pointer[http.Handler]
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*front.Load()).ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	r := newRig(t, func(o *Options) { o.WebhookURL, o.WebhookSecret = web.URL+"/hook", testSecret })
	hook := r.bot.Webhook(h)
	front.Store(&hook)
	if err := r.bot.SetWebhook(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWebhookHandlesInOrder(t *testing.T) {
	var h recorder
	r := hooked(t, h.handle)
	for _, text := range []string{"1", "2", "3"} {
		defer r.handled(r.anna.Say(text))
	}
	last := r.anna.Say("4")
	r.handled(last)
	if got := h.texts(); !slices.Equal(got, []string{"1", "2", "3", "4"}) {
		t.Errorf("handled %v", got)
	}
	if err := r.srv.Redeliver(last.ID); err != nil {
		t.Fatal(err)
	}
	r.handled(last)
	if got := h.texts(); len(got) != 4 {
		t.Errorf("handled %v, want each once", got)
	}
}

func TestWebhookSetsAside(t *testing.T) {
	r := hooked(t, func(context.Context, chat.Incoming) error { return errors.New("no") })
	u, err := r.srv.InjectRaw(`{"message":{"message_id":"x"}}`)
	if err != nil {
		t.Fatal(err)
	}
	r.handled(u)
	r.handled(r.anna.Say("bad"))
	if got := r.strays.reasons(); !slices.Equal(got, []string{"decode", "failed"}) {
		t.Errorf("set aside %v", got)
	}
}

func TestWebhookAnswers(t *testing.T) {
	var h recorder
	r := hooked(t, h.handle)
	hook := r.bot.Webhook(func(ctx context.Context, in chat.Incoming) error { return h.handle(ctx, in) })
	tests := []struct {
		name, method, secret, body string
		want                       int
	}{
		{"right", "POST", testSecret, said(`"text":"x"`), 200},
		{"same again", "POST", testSecret, said(`"text":"x"`), 200},
		{"no secret", "POST", "", said(`"text":"x"`), 401},
		{"wrong secret", "POST", testSecret + "x", said(`"text":"x"`), 401},
		{"not a post", "GET", testSecret, "", 405},
		{"too long", "POST", testSecret, strings.Repeat(" ", mostUpdate+1), 400},
		{"no JSON", "POST", testSecret, "{", 200},
		{"no id", "POST", testSecret, `{"message":{}}`, 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := httptest.NewRequestWithContext(t.Context(), tt.method, "/hook", strings.NewReader(tt.body))
			if tt.secret != "" {
				req.Header.Set("X-Telegram-Bot-Api-Secret-Token", tt.secret)
			}
			w := httptest.NewRecorder()
			hook.ServeHTTP(w, req)
			if w.Code != tt.want {
				t.Errorf("answered %d, want %d", w.Code, tt.want)
			}
		})
	}
	if got := h.texts(); !slices.Equal(got, []string{"x"}) {
		t.Errorf("handled %v, want x once", got)
	}
}

func TestWebhookIsToldToComeAgain(t *testing.T) {
	r := newRig(t, func(o *Options) { o.WebhookSecret = testSecret })
	r.strays.down = 1000
	hook := r.bot.Webhook(func(context.Context, chat.Incoming) error { panic("x") }).(*webhook)
	hook.limit = 1 // nanosecond
	req := httptest.NewRequestWithContext(t.Context(), "POST", "/hook", strings.NewReader(said(`"text":"x"`)))
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", testSecret)
	w := httptest.NewRecorder()
	hook.ServeHTTP(w, req)
	if w.Code != http.StatusInternalServerError {
		t.Errorf("answered %d, want 500: neither handled nor set aside", w.Code)
	}
}

func TestWebhookNeedsSecret(t *testing.T) {
	r := newRig(t)
	if err := r.bot.SetWebhook(t.Context()); err == nil {
		t.Error("no error")
	}
	w := httptest.NewRecorder()
	r.bot.Webhook((&recorder{}).handle).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/", strings.NewReader("{}")))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("without a secret in the options: %d, want 401", w.Code)
	}
}
