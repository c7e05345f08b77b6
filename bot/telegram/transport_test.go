package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	tele "gopkg.in/telebot.v3"

	"kartoteka/handlers/chat"
)

// answering returns a bot whose Bot API server answers everything with this.
func answering(t *testing.T, h http.HandlerFunc) *Bot {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	b, err := New(Options{Token: testToken, APIURL: web.URL, Store: &strayBox{}, Limits: Limits{Unlimited: true}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func refusal(code int, description, parameters string) string {
	return fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q,"parameters":{%s}}`, code, description, parameters)
}

func TestClasses(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		class  Class
		is     error
	}{
		{"ok with spaces", 200, `{ "ok" : true, "result": true }`, 0, nil},
		{"flood", 429, refusal(429, "Too Many Requests: retry after 7", `"retry_after":7`), Flood, nil},
		{"blocked", 403, refusal(403, "Forbidden: bot was blocked by the user", ""), Gone, chat.ErrUnreachable},
		{"no chat", 400, refusal(400, "Bad Request: chat not found", ""), Gone, chat.ErrUnreachable},
		{"upgraded", 400, refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", `"migrate_to_chat_id":-1005`), Moved, nil},
		{"same", 400, refusal(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same", ""), Same, nil},
		{"nothing to edit", 400, refusal(400, "Bad Request: message to edit not found", ""), Refused, chat.ErrGone},
		{"too old", 400, refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid", ""), Refused, chat.ErrTooLate},
		{"too big", 400, refusal(400, "Bad Request: file is too big", ""), Refused, chat.ErrTooLarge},
		{"too big to take", 413, refusal(413, "Request Entity Too Large", ""), Refused, chat.ErrTooLarge},
		{"token", 401, refusal(401, "Unauthorized", ""), Unauthorized, nil},
		{"token never issued", 404, refusal(404, "Not Found", ""), Unauthorized, nil},
		{"no such method", 404, refusal(404, "Not Found: method not found", ""), Refused, nil},
		{"two programs", 409, refusal(409, "Conflict: terminated by other getUpdates request", ""), Conflict, nil},
		{"restart", 500, refusal(500, "Internal Server Error: restart", ""), Transient, nil},
		{"sent all the same", 500, refusal(500, "Internal Server Error: sent message was immediately deleted and can't be returned", ""), Unknown, chat.ErrUnknown},
		{"HTML 502", 502, "<html>502</html>", Transient, nil},
		{"HTML 504", 504, "<html>504</html>", Unknown, chat.ErrUnknown},
		{"HTML 200", 200, "<html>sign in</html>", Unknown, chat.ErrUnknown},
		{"empty 200", 200, "", Unknown, chat.ErrUnknown},
		{"redirect", 302, "", Transient, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := answering(t, says(tt.status, tt.body))
			err := b.api.call(t.Context(), "sendMessage", struct{}{}, nil)
			_, raw := b.tele.Raw("sendMessage", struct{}{}) // telebot is cured too
			for who, err := range map[string]error{"call": err, "telebot": raw} {
				var e *Error
				switch errors.As(err, &e); {
				case tt.class == 0:
					if err != nil {
						t.Errorf("%s: %v", who, err)
					}
				case e == nil || e.Class != tt.class:
					t.Errorf("%s: got %v, want %v", who, err, tt.class)
				case tt.is != nil && !errors.Is(err, tt.is):
					t.Errorf("%s: %v is not %v", who, err, tt.is)
				}
			}
		})
	}
}

func TestErrorsAreFreeOfTokenAndText(t *testing.T) {
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + dead.Addr().String()
	_ = dead.Close()
	b := answering(t, says(400, refusal(400, `Bad Request: can't parse entities: Unsupported start tag "Иванов" at byte offset 3; `+testToken, "")))
	refused, err := New(Options{Token: testToken, APIURL: nobody, Store: &strayBox{}})
	if err != nil {
		t.Fatal(err)
	}
	silent := answering(t, func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	slow := answering(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the client has gone
		<-r.Context().Done()
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for name, call := range map[string]func() error{
		"description": func() error { return b.api.call(t.Context(), "sendMessage", struct{}{}, nil) },
		"refused":     func() error { return refused.api.call(t.Context(), "sendMessage", struct{}{}, nil) },
		"reset":       func() error { return silent.api.call(t.Context(), "sendMessage", struct{}{}, nil) },
		"timeout":     func() error { return slow.api.call(ctx, "sendMessage", struct{}{}, nil) },
		"telebot":     func() error { _, err := refused.tele.Raw("getMe", nil); return err },
		"redirect":    func() error { return answering(t, redirect).api.call(t.Context(), "getMe", struct{}{}, nil) },
		"download":    func() error { _, err := refused.api.download(t.Context(), "a b/%2f.txt", 5); return err },
	} {
		err := call()
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, text := range []string{testToken, "very-secret-token", "Иванов"} {
			if s := fmt.Sprintf("%v %+v %q", err, err, errors.Unwrap(err)); strings.Contains(s, text) {
				t.Errorf("%s: %q is in %s", name, text, s)
			}
		}
	}
	var e *Error
	if err := refused.api.call(t.Context(), "sendMessage", struct{}{}, nil); !errors.As(err, &e) || e.Class != Transient {
		t.Errorf("refused: %v, want transient: nothing was written", err)
	}
	if err := silent.api.call(t.Context(), "sendMessage", struct{}{}, nil); !errors.Is(err, chat.ErrUnknown) {
		t.Errorf("reset: %v, want unknown", err)
	}
}

func redirect(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "http://elsewhere.invalid"+r.URL.Path, http.StatusTemporaryRedirect)
}

func TestParameterNamesAreKept(t *testing.T) {
	const s = `Bad Request: parameter "chat_id" is required`
	if got := withoutQuotes(s); got != s {
		t.Errorf("got %q", got)
	}
	if got := withoutQuotes(strings.Repeat("я", 500)); len([]rune(got)) != 200 {
		t.Errorf("%d characters", len([]rune(got)))
	}
}

func TestOldServerGetsPlainButtons(t *testing.T) {
	var bodies []string
	b := answering(t, func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		bodies = append(bodies, body.String())
		if strings.Contains(body.String(), "copy_text") {
			says(400, refusal(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard", ""))(w, r)
			return
		}
		says(200, `{"ok":true,"result":{"message_id":5}}`)(w, r)
	})
	id, err := b.Messenger().Send(t.Context(), 7, chat.Screen{Text: "x", Buttons: [][]chat.Button{
		{{Text: "Copy", Copy: "1"}}, {{Text: "Del", Data: "d", Style: chat.StyleDanger}},
	}})
	if err != nil || id != 5 || len(bodies) != 2 {
		t.Fatalf("id %d, %v, %d calls", id, err, len(bodies))
	}
	if want := `"inline_keyboard":[[{"text":"Del","callback_data":"d"}]]`; !strings.Contains(bodies[1], want) {
		t.Errorf("sent %s, want %s in it", bodies[1], want)
	}
}

func TestSetUp(t *testing.T) {
	r := newRig(t)
	r.bot.SetUp(t.Context(), []Profile{
		{Commands: []Command{{"start", "Begin"}, {"help", "Help"}}, Description: "CRM", Short: "CRM in the chat"},
		{Lang: "ru", Commands: []Command{{"start", "Начать"}}, GroupCommands: []Command{{"help", "Помощь"}}, Description: "CRM в чате", Short: "CRM"},
	})
	r.noRefusals()
	if c := r.anna.Commands(); len(c) != 1 || c[0].Description != "Начать" {
		t.Errorf("Anna sees %+v", c)
	}
	if c := r.boris.Commands(); len(c) != 2 {
		t.Errorf("Boris sees %+v", c)
	}
	var said []string
	for _, c := range r.srv.Calls() {
		said = append(said, c.Method+" "+c.Params["language_code"]+" "+c.Params["description"]+c.Params["short_description"]+c.Params["menu_button"])
	}
	for _, want := range []string{"setMyDescription  CRM", "setMyShortDescription  CRM in the chat", "setMyDescription ru CRM в чате",
		"setMyShortDescription ru CRM", `setChatMenuButton  {"type":"commands"}`} {
		if !slices.Contains(said, want) {
			t.Errorf("not said: %s\n%s", want, strings.Join(said, "\n"))
		}
	}
	r.bot.SetUp(t.Context(), []Profile{{Lang: "no such language", Commands: []Command{{"start", "x"}}}})
	if !strings.Contains(r.log.String(), "level=WARN") {
		t.Error("a failure is not logged")
	}
}

func TestNew(t *testing.T) {
	for name, o := range map[string]Options{
		"no token": {Store: &strayBox{}}, "no store": {Token: "1:a"}, "token with a path": {Token: "1:a/b", Store: &strayBox{}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	var _ tele.Poller = pollFunc(nil)
}
