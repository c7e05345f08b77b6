package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
)

// rig is a server with two people and a client that calls it as a bot does.
type rig struct {
	*testing.T
	srv   *Server
	web   *httptest.Server
	clock *clockwork.FakeClock
	anna  *Person
	boris *Person
}

type answer struct {
	Status      int
	OK          bool            `json:"ok"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Result      json.RawMessage `json:"result"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
	Header http.Header
}

func newRig(t *testing.T, change ...func(*Options)) *rig {
	t.Helper()
	clock := clockwork.NewFakeClockAt(time.Date(2026, 5, 12, 9, 0, 0, 0, time.UTC))
	o := Options{Token: "42:test", BotUsername: "kartoteka_bot", Clock: clock, Journal: true, WebhookWait: time.Millisecond}
	for _, f := range change {
		f(&o)
	}
	r := &rig{T: t, srv: New(o), clock: clock}
	r.web = httptest.NewServer(r.srv)
	t.Cleanup(func() {
		r.srv.Close()
		r.web.Close()
	})
	r.anna = r.srv.AddPerson(PersonSpec{ID: 7, First: "Анна", Username: "anna", Lang: "ru"})
	r.boris = r.srv.AddPerson(PersonSpec{ID: 8, First: "Борис", Lang: "en"})
	r.anna.Say("/start")
	r.boris.Say("/start")
	return r
}

type params = map[string]any

// call posts JSON, as telebot does: every value a string, objects as JSON strings.
func (r *rig) call(method string, p params) answer {
	r.Helper()
	flat := map[string]string{}
	for k, v := range p {
		if s, ok := v.(string); ok {
			flat[k] = s
		} else {
			flat[k] = string(rawOf(v))
		}
	}
	return r.post(method, "application/json", rawOf(flat))
}

func (r *rig) post(method, kind string, body []byte) answer {
	r.Helper()
	resp, err := http.Post(r.web.URL+"/bot42:test/"+method, kind, bytes.NewReader(body))
	if err != nil {
		r.Fatalf("%s: %v", method, err)
	}
	return r.read(resp)
}

func (r *rig) read(resp *http.Response) answer {
	r.Helper()
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		r.Fatal(err)
	}
	a := answer{Status: resp.StatusCode, Header: resp.Header}
	if err := json.Unmarshal(raw, &a); err != nil {
		r.Fatalf("answer %q: %v", raw, err)
	}
	return a
}

// ok calls and wants success.
func (r *rig) ok(method string, p params) json.RawMessage {
	r.Helper()
	a := r.call(method, p)
	if !a.OK {
		r.Fatalf("%s(%v): %d %s", method, p, a.Status, a.Description)
	}
	return a.Result
}

// refused calls and wants this description.
func (r *rig) refused(method string, p params, want string) answer {
	r.Helper()
	a := r.call(method, p)
	if a.OK || a.Description != want || a.Status != a.Code {
		r.Errorf("%s(%.300v)\n got %d/%d %q\nwant %q", method, fmt.Sprint(p), a.Status, a.Code, a.Description, want)
	}
	return a
}

// send sends a text to Anna and returns the message.
func (r *rig) send(text string, more params) Message {
	r.Helper()
	p := params{"chat_id": "7", "text": text}
	for k, v := range more {
		p[k] = v
	}
	var m Message
	if err := json.Unmarshal(r.ok("sendMessage", p), &m); err != nil {
		r.Fatal(err)
	}
	return m
}

type gotUpdate struct {
	ID      int64    `json:"update_id"`
	Message *Message `json:"message"`
	Edited  *Message `json:"edited_message"`
	Query   *struct {
		ID      string   `json:"id"`
		Data    string   `json:"data"`
		Message *Message `json:"message"`
		Inline  string   `json:"inline_message_id"`
	} `json:"callback_query"`
	Inline *struct {
		ID    string `json:"id"`
		Query string `json:"query"`
	} `json:"inline_query"`
	Chosen *struct {
		ResultID string `json:"result_id"`
	} `json:"chosen_inline_result"`
	Member json.RawMessage `json:"my_chat_member"`
}

// updates fetches from offset without waiting.
func (r *rig) updates(offset int64) []gotUpdate {
	r.Helper()
	return r.poll(params{"offset": fmt.Sprint(offset)})
}

func (r *rig) poll(p params) []gotUpdate {
	r.Helper()
	var list []gotUpdate
	if err := json.Unmarshal(r.ok("getUpdates", p), &list); err != nil {
		r.Fatal(err)
	}
	return list
}

// drain confirms all that is queued.
func (r *rig) drain() {
	r.Helper()
	for list := r.updates(0); len(list) > 0; {
		list = r.updates(list[len(list)-1].ID + 1)
	}
}

// upload posts a multipart form with one file.
func (r *rig) upload(method, field, name string, data []byte, p map[string]string) answer {
	r.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		r.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		r.Fatal(err)
	}
	for k, v := range p {
		if err := w.WriteField(k, v); err != nil {
			r.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		r.Fatal(err)
	}
	return r.post(method, w.FormDataContentType(), b.Bytes())
}

func (r *rig) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	r.Cleanup(cancel)
	return ctx
}

func keyboard(buttons ...string) params {
	return params{"reply_markup": `{"inline_keyboard":[[` + strings.Join(buttons, ",") + `]]}`}
}

func TestTour(t *testing.T) {
	r := newRig(t)
	r.drain()
	said := r.anna.Say("Привет")
	got := r.updates(0)
	if len(got) != 1 || got[0].ID != said.ID || got[0].Message.Text != "Привет" || got[0].Message.From.FirstName != "Анна" {
		t.Fatalf("updates: %+v", got)
	}
	m := r.send("<b>Здравствуйте</b>", params{"parse_mode": "HTML", "reply_markup": `{"inline_keyboard":[[{"text":"Да","callback_data":"yes"}]]}`})
	r.updates(said.ID + 1)
	if err := r.srv.WaitHandled(r.ctx(), said.ID); err != nil {
		t.Fatal(err)
	}
	last := r.anna.Last()
	if last.ID != m.ID || last.Text != "Здравствуйте" || last.HTML() != "<b>Здравствуйте</b>" {
		t.Fatalf("last: %+v", last)
	}
	press, err := r.anna.Press(last.ID, "yes")
	if err != nil {
		t.Fatal(err)
	}
	got = r.updates(0)
	if len(got) != 1 || got[0].Query.Data != "yes" || got[0].Query.Message.Text != "Здравствуйте" || len(got[0].Query.Message.Buttons()) != 1 {
		t.Fatalf("press: %+v", got)
	}
	r.ok("answerCallbackQuery", params{"callback_query_id": press.CallbackID, "text": "Готово"})
	if a, ok := r.srv.Answered(press.CallbackID); !ok || a.Text != "Готово" {
		t.Fatalf("answer %+v %v", a, ok)
	}
	if calls := r.srv.Refused(); len(calls) > 0 {
		t.Fatalf("refused: %+v", calls)
	}
}
