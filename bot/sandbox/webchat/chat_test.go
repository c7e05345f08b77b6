package webchat_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"kartoteka/bot/sandbox"
	"kartoteka/bot/sandbox/webchat"
)

// desk is the chat without a browser.
type desk struct {
	*testing.T
	srv   *sandbox.Server
	clock *webchat.Clock
	chat  *webchat.Chat
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{T: t, clock: webchat.NewClock(0)}
	d.srv = sandbox.New(sandbox.Options{Token: "1000:test", BotUsername: "test_bot", Clock: d.clock})
	t.Cleanup(d.srv.Close)
	zone, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	d.chat = webchat.New(webchat.Options{Server: d.srv, Clock: d.clock, Zone: zone})
	d.srv.AddPerson(sandbox.PersonSpec{ID: annaID, First: "Анна", Username: "anna", Lang: "ru"})
	d.srv.AddPerson(sandbox.PersonSpec{ID: borisID, First: "Борис", Last: "Волков", Lang: "ru"})
	return d
}

func (d *desk) do(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.chat.ServeHTTP(w, r)
	return w
}

// post expects success.
func (d *desk) post(path, body string) map[string]any {
	d.Helper()
	w := d.do("POST", path, body)
	if w.Code != http.StatusOK {
		d.Fatalf("POST %s %s: %d %s", path, body, w.Code, w.Body)
	}
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		d.Fatal(err)
	}
	return out
}

func (d *desk) last() sandbox.Message {
	list := d.srv.Person(annaID).Messages()
	if len(list) == 0 {
		return sandbox.Message{}
	}
	return list[len(list)-1]
}

func TestOnlyThisMachine(t *testing.T) {
	d := newDesk(t)
	say := `{"person":101,"text":"привет"}`
	for name, try := range map[string]struct {
		method, path, body string
		headers            []string
		want               int
	}{
		"page":                     {"GET", "/", "", nil, 200},
		"localhost":                {"GET", "/", "", []string{"Host", "localhost:8080"}, 200},
		"IPv6":                     {"GET", "/", "", []string{"Host", "[::1]:8080"}, 200},
		"no port":                  {"GET", "/", "", []string{"Host", "127.0.0.1"}, 200},
		"another name":             {"GET", "/", "", []string{"Host", "evil.example:8080"}, 403},
		"a name that looks local":  {"GET", "/", "", []string{"Host", "127.0.0.1.evil.example"}, 403},
		"no name":                  {"GET", "/api/world", "", []string{"Host", ""}, 403},
		"own post":                 {"POST", "/api/say", say, []string{"Origin", "http://127.0.0.1:8080"}, 200},
		"another site's post":      {"POST", "/api/say", say, []string{"Origin", "http://evil.example"}, 403},
		"another port's post":      {"POST", "/api/say", say, []string{"Origin", "http://127.0.0.1:9999"}, 403},
		"cross-site by the header": {"POST", "/api/say", say, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"the bot":                  {"POST", "/bot1000:test/getMe", "", nil, 200},
		"the bot, another name":    {"POST", "/bot1000:test/getMe", "", []string{"Host", "evil.example"}, 403},
		"a picture's address":      {"GET", "/bot1000:test/getMe", "", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"a form to the bot":        {"POST", "/bot1000:test/getMe", "", []string{"Origin", "http://evil.example"}, 403},
		"get that changes":         {"GET", "/api/say", "", nil, 404},
	} {
		t.Run(name, func(t *testing.T) {
			if w := d.do(try.method, try.path, try.body, try.headers...); w.Code != try.want {
				t.Errorf("%d, want %d: %s", w.Code, try.want, w.Body)
			}
		})
	}
}

// The page loads nothing from outside, and the browser is told to forbid it.
func TestPageIsWhole(t *testing.T) {
	d := newDesk(t)
	seen := map[string]bool{}
	link := regexp.MustCompile(`(?:src|href)="([^"]+)"|from '([^']+)'|url\("([^"]+)"\)`)
	var look func(path string)
	look = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		w := d.do("GET", path, "")
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		for _, m := range link.FindAllStringSubmatch(w.Body.String(), -1) {
			ref := m[1] + m[2] + m[3]
			if strings.Contains(ref, "//") {
				t.Errorf("%s refers to %s", path, ref)
				continue
			}
			folder := path[:strings.LastIndexByte(path, '/')+1]
			look(strings.NewReplacer("css/../", "", "/./", "/").Replace(folder + ref))
		}
	}
	look("/")
	if len(seen) < 15 {
		t.Errorf("only %d files were found: %v", len(seen), seen)
	}
}

func TestActs(t *testing.T) {
	d := newDesk(t)
	d.post("/api/say", `{"person":101,"text":"привет"}`)
	first := d.last()
	if first.Text != "привет" || first.From.ID != annaID {
		t.Fatalf("said %+v", first)
	}
	d.post("/api/say", `{"person":101,"text":"да","reply":1}`)
	if m := d.last(); m.ReplyTo == nil || m.ReplyTo.ID != first.ID {
		t.Errorf("the reply is %+v", m)
	}
	d.post("/api/edit", `{"person":101,"message":1,"text":"здравствуйте"}`)
	if m, _ := d.srv.Person(annaID).Message(1); m.Text != "здравствуйте" {
		t.Errorf("edited to %q", m.Text)
	}
	d.post("/api/contact", `{"person":101,"phone":"+79450001234","first":"Мария","vcard":"BEGIN:VCARD"}`)
	if c := d.last().Contact; c == nil || c.PhoneNumber != "+79450001234" || c.VCard == "" || c.UserID != 0 {
		t.Errorf("contact %+v", c)
	}
	d.post("/api/contact", `{"person":101,"phone":"+79450001235","first":"Анна","own":true}`)
	if c := d.last().Contact; c == nil || c.UserID != annaID {
		t.Errorf("own contact %+v", c)
	}
	d.post("/api/forward", `{"person":101,"from":103,"text":"Сколько стоит?","at":"2026-01-02T10:00"}`)
	if o := d.last().ForwardOrigin; o == nil || o.SenderUser == nil || o.SenderUser.ID != borisID || o.Date != 1767330000 {
		t.Errorf("forwarded %+v", o)
	}
	d.post("/api/forward", `{"person":101,"name":"Ольга","hidden":true,"text":"Добрый день"}`)
	if o := d.last().ForwardOrigin; o == nil || o.SenderUser != nil || o.SenderUserName != "Ольга" {
		t.Errorf("forwarded, hidden, %+v", o)
	}
	d.post("/api/place", `{"person":101}`)
	if d.last().Location == nil {
		t.Error("no place was sent")
	}
	d.post("/api/block", `{"person":103,"on":true}`)
	if !d.srv.Person(borisID).Blocked() {
		t.Error("Boris has not blocked the bot")
	}
	id := d.post("/api/person", `{"first":"Пётр","username":"@petr","lang":"de"}`)["person"].(float64)
	if u := d.srv.Person(int64(id)).User(); u.FirstName != "Пётр" || u.Username != "petr" || u.LanguageCode != "de" {
		t.Errorf("the new person is %+v", u)
	}
}

func TestActsThatCannotBe(t *testing.T) {
	d := newDesk(t)
	for name, try := range map[string]struct {
		path, body string
		want       int
	}{
		"nobody":              {"/api/say", `{"person":1,"text":"x"}`, 404},
		"no JSON":             {"/api/say", `x`, 400},
		"unknown field":       {"/api/say", `{"persona":101}`, 400},
		"too long":            {"/api/say", `{"text":"` + strings.Repeat("x", 2<<20) + `"}`, 413},
		"no such button":      {"/api/press", `{"person":101,"message":9,"data":"x"}`, 404},
		"no such result":      {"/api/pick", `{"person":101,"answer":"9","result":"1"}`, 404},
		"contact of nothing":  {"/api/contact", `{"person":101}`, 400},
		"forward of nothing":  {"/api/forward", `{"person":101,"from":103}`, 400},
		"person without name": {"/api/person", `{"first":" "}`, 400},
		"clock back":          {"/api/clock", `{"by":"-1h"}`, 400},
		"clock to nowhere":    {"/api/clock", `{"to":"soon"}`, 400},
		"clock a century":     {"/api/clock", `{"by":"876000h"}`, 400},
	} {
		t.Run(name, func(t *testing.T) {
			if w := d.do("POST", try.path, try.body); w.Code != try.want || !strings.Contains(w.Body.String(), `"error"`) {
				t.Errorf("%d, want %d: %s", w.Code, try.want, w.Body)
			}
		})
	}
}

func TestUpload(t *testing.T) {
	d := newDesk(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"person": "101", "kind": "document", "caption": "вот"} {
		_ = form.WriteField(name, value) // a buffer takes all
	}
	part, err := form.CreateFormFile("file", "page.svg")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(part, `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
	_ = form.Close()
	if w := d.do("POST", "/api/upload", body.String(), "Content-Type", form.FormDataContentType()); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	m := d.last()
	if m.Document == nil || m.Document.FileName != "page.svg" || m.Caption != "вот" {
		t.Fatalf("sent %+v", m)
	}
	w := d.do("GET", "/api/file?id="+m.Document.FileID, "")
	h := w.Header()
	if h.Get("Content-Type") != "application/octet-stream" || h.Get("Content-Disposition") != "attachment" ||
		h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the file comes as %v", h)
	}
	if w := d.do("GET", "/api/file?id=none", ""); w.Code != http.StatusNotFound {
		t.Errorf("no such file: %d", w.Code)
	}
}

func TestClockIsMoved(t *testing.T) {
	d := newDesk(t)
	zone, _ := time.LoadLocation("Asia/Almaty")
	d.post("/api/clock", `{"to":"tomorrow"}`)
	now := d.clock.Now().In(zone)
	if want := time.Now().In(zone).AddDate(0, 0, 1); now.Hour() != 9 || now.Minute() != 0 || now.Day() != want.Day() {
		t.Errorf("tomorrow morning is %v", now)
	}
	before := d.clock.Now()
	d.post("/api/clock", `{"by":"168h"}`)
	if moved := d.clock.Since(before); moved < 168*time.Hour || moved > 169*time.Hour {
		t.Errorf("a week is %v", moved)
	}
	to := d.clock.Now().In(zone).AddDate(1, 0, 0).Format("2006-01-02T15:04")
	d.post("/api/clock", `{"to":"`+to+`"}`)
	if got := d.clock.Now().In(zone).Format("2006-01-02T15:04"); got != to {
		t.Errorf("it is %s, want %s", got, to)
	}
}

func TestEvents(t *testing.T) {
	d := newDesk(t)
	web := httptest.NewServer(d.chat)
	defer web.Close()
	resp, err := http.Get(web.URL + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	lines := bufio.NewScanner(resp.Body)
	next := func(kind string) map[string]any {
		t.Helper()
		for lines.Scan() {
			var e map[string]any
			if body, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				if err := json.Unmarshal([]byte(body), &e); err != nil {
					t.Fatal(err)
				}
				if e["kind"] == kind {
					return e
				}
			}
		}
		t.Fatalf("no event %q came", kind)
		return nil
	}
	next("hello")
	d.srv.Person(annaID).Say("привет")
	if m := next("message")["message"].(map[string]any); m["text"] != "привет" || m["message_id"] != 1.0 {
		t.Errorf("the message is %v", m)
	}
	d.post("/api/clock", `{"by":"1h"}`)
	if next("clock")["now"].(float64) == 0 {
		t.Error("the clock says nothing")
	}
	for range 2 { // the second time it changes nothing, which is no mistake
		d.do("POST", "/bot1000:test/sendMessage", `{"chat_id":101,"text":"да"}`, "Content-Type", "application/json")
		d.do("POST", "/bot1000:test/editMessageText", `{"chat_id":101,"message_id":2,"text":"нет"}`, "Content-Type", "application/json")
	}
	if r := d.srv.Refused(); len(r) != 1 || !r[0].Unchanged() {
		t.Errorf("refused by Telegram: %v", r)
	}
	d.do("POST", "/bot1000:test/sendMessage", `{"chat_id":101}`, "Content-Type", "application/json")
	if r := next("refused")["refused"].(map[string]any); r["count"] != 1.0 {
		t.Errorf("refused: %v", r)
	}
	d.srv.Close()
	for lines.Scan() { // the stream ends with the server
	}
}
