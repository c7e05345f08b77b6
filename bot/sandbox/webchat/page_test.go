package webchat_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

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
	r.until("the message is changed", last+`.innerText.includes('Стало так')`)
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

func TestPageForms(t *testing.T) {
	r := newRig(t)
	r.click("attach")
	r.shot("attach")
	r.click("attach-contact")
	r.click("contact-sample")
	r.shot("contact")
	r.click("submit")
	r.until("the contact is sent", `document.body.innerText.includes('Мария Соколова')`)
	r.click("attach")
	r.click("attach-forward")
	r.run(chromedp.SendKeys(named("f-text"), "Сколько стоит ремонт?"))
	r.shot("forward")
	r.click("submit")
	r.until("the message is forwarded", `document.body.innerText.includes('Переслано от Борис Волков')`)
	r.click("attach")
	r.click("attach-sample")
	r.until("the photo is shown", `[...document.querySelectorAll('img.photo')].some((i) => i.complete && i.naturalWidth === 640)`)
	r.click("attach")
	r.click("attach-voice")
	r.until("the voice note is sent", `document.body.innerText.includes('Голосовое сообщение')`)
	r.shot("sent")
	r.click("clock")
	r.shot("clock")
	r.click("clock-week")
	r.until("a week has passed", `document.querySelector('[data-testid=toast]')?.innerText.startsWith('Теперь')`)
	r.until("the day has its date", `!document.querySelector('.day').innerText.includes('Сегодня')`)
	if ahead := r.clock.Offset(); ahead != 7*24*time.Hour {
		t.Errorf("the clock is %v ahead", ahead)
	}
	r.click("me")
	r.click("new-person")
	r.run(chromedp.SendKeys(named("f-first"), "Пётр"))
	r.click("submit")
	r.until("one is the new person", `document.title.startsWith('Пётр')`)
	if people := r.srv.People(); len(people) != 3 {
		t.Errorf("there are %d people", len(people))
	}
}

// Replying, editing, and an invitation that one person sends and another opens.
func TestPageMessageMenu(t *testing.T) {
	r := newRig(t)
	id := r.send("Приглашение: https://t.me/test_bot?start=invite_1")
	r.says("Приглашение")
	more := func(test string) {
		r.Helper()
		r.run(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('[data-testid="` + test + `"]')].at(-1).querySelector('[data-testid=more]').click()`))
	}
	more("theirs")
	r.click("menu-reply")
	r.write("спасибо")
	r.until("the reply is shown", `document.querySelector('.quoted')?.innerText.includes('Приглашение')`)
	list := r.srv.Person(annaID).Messages()
	if m := list[len(list)-1]; m.ReplyTo == nil || m.ReplyTo.ID != id {
		t.Errorf("replied with %+v", m)
	}
	more("mine")
	r.click("menu-edit")
	r.run(chromedp.SetValue(named("text"), "большое спасибо"))
	r.click("send")
	r.until("the message is changed", `[...document.querySelectorAll('[data-testid=mine]')].at(-1).innerText.includes('большое спасибо')`)
	more("theirs")
	r.shot("menu")
	r.click("menu-as")
	r.until("one is Boris now, who has opened the link", `document.title.startsWith('Борис') && document.querySelector('[data-testid=mine]')?.innerText.includes('/start invite_1')`)
}

func TestPageSuggests(t *testing.T) {
	r := newRig(t)
	r.call("setMyCommands", map[string]any{"commands": []map[string]string{
		{"command": "add", "description": "Добавить клиента"}, {"command": "find", "description": "Найти клиента"},
	}})
	r.run(chromedp.SendKeys(named("text"), "/fi"))
	r.until("one command is offered", `document.querySelectorAll('[data-testid=option]').length === 1`)
	for _, key := range []string{"ArrowDown", "Enter"} { // SendKeys would also type the end of a line
		r.run(chromedp.Evaluate[chromedp.Void](`document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '` + key + `', bubbles: true}))`))
	}
	r.until("the command is sent", `[...document.querySelectorAll('[data-testid=mine]')].at(-1).innerText.includes('/find')`)

	go r.answerInline()
	r.run(chromedp.SendKeys(named("text"), "@test_bot ром"))
	r.until("a result is offered", `document.querySelector('[data-testid=option]')?.innerText.includes('ООО «Ромашка»')`)
	r.shot("inline")
	r.click("option")
	r.until("it is inserted", `document.body.innerText.includes('через @test_bot')`)
	if got := r.heard(); got != "Ромашка" {
		t.Errorf("the bot heard %q", got)
	}
}

// answerInline answers the next inline query.
func (r *rig) answerInline() {
	for offset := int64(0); r.ctx.Err() == nil; {
		var updates []struct {
			ID     int64 `json:"update_id"`
			Inline struct {
				ID string `json:"id"`
			} `json:"inline_query"`
		}
		if json.Unmarshal(r.ask("getUpdates", map[string]any{"offset": offset, "timeout": 1}), &updates) != nil {
			return
		}
		for _, u := range updates {
			offset = u.ID + 1
			if u.Inline.ID == "" {
				continue
			}
			r.call("answerInlineQuery", map[string]any{"inline_query_id": u.Inline.ID, "results": []map[string]any{{
				"type": "article", "id": "1", "title": "ООО «Ромашка»", "description": "Казань",
				"input_message_content": map[string]string{"message_text": "Ромашка"},
			}}})
			return
		}
	}
}
