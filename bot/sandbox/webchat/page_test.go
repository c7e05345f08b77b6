package webchat_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kartoteka/bot/sandbox"
	"kartoteka/bot/sandbox/webchat"
)

// rig is the page over a server whose bot is the test itself.
type rig struct {
	*tab
	srv   *sandbox.Server
	clock *webchat.Clock
	api   string
}

const (
	annaID  = 101
	borisID = 103
)

func newRig(t *testing.T) *rig {
	t.Helper()
	path := findBrowser(t)
	r := &rig{clock: webchat.NewClock(0)}
	r.srv = sandbox.New(sandbox.Options{Token: "1000:test", BotUsername: "test_bot", BotName: "Echo", Clock: r.clock})
	web := httptest.NewServer(webchat.New(webchat.Options{Server: r.srv, Clock: r.clock}))
	t.Cleanup(func() { r.srv.Close(); web.CloseClientConnections(); web.Close() })
	r.srv.AddPerson(sandbox.PersonSpec{ID: annaID, First: "Анна", Lang: "ru"}).Say("/start")
	r.srv.AddPerson(sandbox.PersonSpec{ID: borisID, First: "Борис", Last: "Волков", Lang: "ru"})
	r.api = web.URL + "/bot1000:test/"
	r.tab = openTab(t, path, web.URL)
	return r
}

// call does what a bot does and returns the id of the message, if one came of it.
func (r *rig) call(method string, params map[string]any) int64 {
	r.Helper()
	var m sandbox.Message
	_ = json.Unmarshal(r.ask(method, params), &m) // other results are no messages
	return m.ID
}

func (r *rig) ask(method string, params map[string]any) json.RawMessage {
	r.Helper()
	body, _ := json.Marshal(params) // maps of plain values always marshal
	resp, err := http.Post(r.api+method, "application/json", strings.NewReader(string(body)))
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // only read
	var out struct {
		Result json.RawMessage `json:"result"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		r.Fatal(err)
	}
	return out.Result
}

// pressed is the id of the last press, once the bot is told of it.
func (r *rig) pressed() string {
	r.Helper()
	for began := time.Now(); time.Since(began) < patience; {
		var updates []struct {
			Press struct {
				ID string `json:"id"`
			} `json:"callback_query"`
		}
		if err := json.Unmarshal(r.ask("getUpdates", map[string]any{"offset": -1}), &updates); err != nil {
			r.Fatal(err)
		}
		if len(updates) == 1 && updates[0].Press.ID != "" {
			return updates[0].Press.ID
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.Fatal("the bot is told of no press")
	return ""
}

func (r *rig) send(html string, rows ...[]map[string]any) int64 {
	r.Helper()
	params := map[string]any{"chat_id": annaID, "text": html, "parse_mode": "HTML"}
	if rows != nil {
		params["reply_markup"] = map[string]any{"inline_keyboard": rows}
	}
	return r.call("sendMessage", params)
}

// heard is the last thing that Anna said.
func (r *rig) heard() string {
	list := r.srv.Person(annaID).Messages()
	return list[len(list)-1].Text
}

func TestPageShowsText(t *testing.T) {
	r := newRig(t)
	r.send(`<b>жирно <i>и косо</i></b> <a href="https://example.com/?a=1&amp;b=2">сайт</a> <code>a&lt;b</code> 👨‍👩‍👧 <s>нет</s> ` +
		`<tg-spoiler>секрет</tg-spoiler> &lt;img src=x onerror=alert(1)&gt;`)
	r.says("<img src=x onerror=alert(1)>")
	words := last + `.querySelector('[data-testid=words]')`
	for expression, want := range map[string]string{
		words + `.querySelector('b').textContent`:                                                          "жирно и косо",
		words + `.querySelector('b i').textContent`:                                                        "и косо",
		words + `.querySelector('a').href`:                                                                 "https://example.com/?a=1&b=2",
		words + `.querySelector('a').rel`:                                                                  "noopener noreferrer",
		words + `.querySelector('code').textContent`:                                                       "a<b",
		words + `.querySelector('s').textContent`:                                                          "нет",
		`document.querySelectorAll('img, script:not([src])').length`:                                       "0",
		`getComputedStyle(` + words + `.querySelector('.spoiler')).backgroundColor !== 'rgba(0, 0, 0, 0)'`: "true",
	} {
		if got := r.words(expression); got != want {
			t.Errorf("%s = %q, want %q", expression, got, want)
		}
	}
	long := strings.Repeat("Очень длинная заметка, которая не помещается в строку. ", 8)
	r.send("Карточка <blockquote expandable>" + long + "</blockquote>")
	r.says("Карточка")
	folded := last + `.querySelector('blockquote').classList.contains('folded')`
	r.until("the quote is folded", folded)
	r.click("fold")
	r.until("the quote is open", `!`+folded)
	r.shot("text")
}

func TestPagePresses(t *testing.T) {
	r := newRig(t)
	button := func(text, kind string, value any) map[string]any { return map[string]any{"text": text, kind: value} }
	id := r.send("Кнопки", []map[string]any{button("Нажать", "callback_data", "press|1"), button("Начать", "url", "https://t.me/test_bot?start=card_7")},
		[]map[string]any{button("Копия", "copy_text", map[string]string{"text": "С днём рождения"}), button("Искать", "switch_inline_query_current_chat", "ром")})
	r.key("Нажать")
	r.until("the button spins", last+`.querySelector('.busy')`)
	r.call("answerCallbackQuery", map[string]any{"callback_query_id": r.pressed(), "text": "Сохранено"})
	r.until("the toast", `document.querySelector('[data-testid=toast]')?.innerText === 'Сохранено'`)
	r.until("the button rests", `!`+last+`.querySelector('.busy')`)
	r.key("Начать")
	r.until("the link starts the bot", `[...document.querySelectorAll('[data-testid=mine]')].at(-1).innerText.includes('/start card_7')`)
	if got := r.heard(); got != "/start card_7" {
		t.Errorf("the bot heard %q", got)
	}
	r.key("Искать")
	if got := r.words(`document.querySelector('[data-testid=text]').value`); got != "@test_bot ром" {
		t.Errorf("the field holds %q", got)
	}
	r.call("editMessageText", map[string]any{"chat_id": annaID, "message_id": id, "text": "Стало так"})
	r.says("Стало так")
	r.call("deleteMessage", map[string]any{"chat_id": annaID, "message_id": id})
	r.until("the message is gone", last+` === undefined`)
}

func TestPageTellsOfRefusals(t *testing.T) {
	r := newRig(t)
	r.send(strings.Repeat("я", 5000))
	r.until("the line tells", `document.querySelector('[data-testid=trouble]').innerText.includes('message is too long')`)
	r.click("trouble")
	r.until("the list tells more", `document.querySelector('[data-testid=refusals] li')`)
	r.shot("trouble")
}

func TestPageIsSomebodyElse(t *testing.T) {
	r := newRig(t)
	r.click("me")
	r.click(fmt.Sprintf("person-%d", borisID))
	r.click("begin")
	r.until("Boris says", `document.querySelector('[data-testid=mine]')?.innerText.includes('/start')`)
	if got := r.srv.Person(borisID).Messages(); len(got) != 1 || got[0].From.ID != borisID {
		t.Errorf("Boris's chat holds %+v", got)
	}
	r.send("Для Анны")
	r.until("it is counted", `document.querySelector('[data-testid=unread]')?.textContent === '1'`)
	r.click("me")
	r.shot("people")
	r.click("lang")
	r.until("English", `document.querySelector('[data-testid=text]').placeholder === 'Message'`)
}
