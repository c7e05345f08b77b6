package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// ask sends an inline query and answers it.
func (r *rig) ask(p *Person, query string, reply params) InlineAnswer {
	r.Helper()
	type outcome struct {
		a   InlineAnswer
		err error
	}
	ctx := r.ctx()
	done := make(chan outcome, 1)
	go func() {
		a, err := p.Inline(ctx, query, "")
		done <- outcome{a, err}
	}()
	got := r.poll(params{"timeout": "5"})
	if len(got) != 1 || got[0].Inline == nil || got[0].Inline.Query != query {
		r.Fatalf("inline query: %+v", got)
	}
	reply["inline_query_id"] = got[0].Inline.ID
	r.ok("answerInlineQuery", reply)
	r.updates(got[0].ID + 1)
	o := <-done
	if o.err != nil {
		r.Fatal(o.err)
	}
	return o.a
}

const (
	article = `{"type":"article","id":"c1","title":"Иванов","description":"Acme","input_message_content":{"message_text":"<b>Иванов</b>","parse_mode":"HTML"},"reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"x"}]]}}`
	visit   = `{"type":"contact","id":"c2","phone_number":"+79","first_name":"Пётр","vcard":"BEGIN:VCARD"}`
)

func TestInline(t *testing.T) {
	r := newRig(t)
	r.drain()
	a := r.ask(r.anna, "ива", params{"results": "[" + article + "," + visit + "]", "is_personal": "true", "cache_time": "1", "next_offset": "2"})
	if len(a.Results) != 2 || a.Results[0].Title != "Иванов" || a.Results[1].Title != "Пётр" || a.NextOffset != "2" {
		t.Fatalf("answer: %+v", a)
	}
	chosen, err := r.anna.PickInline(a, "c1")
	if err != nil {
		t.Fatal(err)
	}
	got := r.updates(0)
	if len(got) != 2 || got[0].Message.ViaBot.ID != 42 || got[0].Message.Text != "Иванов" || got[1].Chosen.ResultID != "c1" || got[1].ID != chosen.ID {
		t.Fatalf("updates: %s", rawOf(got))
	}
	press, err := r.anna.Press(chosen.MessageID, "x")
	if err != nil {
		t.Fatal(err)
	}
	got = r.updates(press.ID)
	if got[0].Query.Inline == "" || got[0].Query.Message != nil {
		t.Fatalf("press: %s", rawOf(got))
	}
	r.ok("editMessageText", params{"inline_message_id": got[0].Query.Inline, "text": "готово"})
	if m, _ := r.anna.Message(chosen.MessageID); m.Text != "готово" {
		t.Errorf("edited: %+v", m)
	}
	if _, err := r.anna.PickInline(a, "c9"); !errors.Is(err, ErrUnknown) {
		t.Errorf("picked nothing: %v", err)
	}
	if _, err := r.anna.Inline(r.ctx(), strings.Repeat("x", 257), ""); err == nil {
		t.Error("a query of 257 characters")
	}
}

// TestInlineCache: without is_personal and cache_time everybody sees the first one's results for 300 s.
func TestInlineCache(t *testing.T) {
	r := newRig(t)
	r.drain()
	r.ask(r.anna, "общий", params{"results": "[" + article + "]"})
	a, err := r.boris.Inline(r.ctx(), "общий", "")
	if err != nil || !a.Cached || len(a.Results) != 1 {
		t.Errorf("the shared cache: %+v %v", a, err)
	}
	r.clock.Advance(300 * time.Second)
	if a := r.ask(r.boris, "общий", params{"results": "[]", "is_personal": "true"}); a.Cached {
		t.Error("the cache outlives its time")
	}
	if a := r.ask(r.anna, "общий", params{"results": "[" + visit + "]", "is_personal": "true", "cache_time": "0"}); a.Cached {
		t.Error("personal results are shared")
	}
}

func TestInlineRules(t *testing.T) {
	r := newRig(t)
	r.drain()
	one := func(s string) params { return params{"inline_query_id": "1", "results": "[" + s + "]"} }
	many := make([]string, 51)
	for i := range many {
		many[i] = strings.Replace(article, "c1", fmt.Sprint(i), 1)
	}
	with := func(p params, key, value string) params { p[key] = value; return p }
	for name, tt := range map[string]struct {
		p    params
		want string
	}{
		"too many":      {one(strings.Join(many, ",")), "too many inline query results specified"},
		"same id":       {one(article + "," + article), "RESULT_ID_DUPLICATE"},
		"long id":       {one(strings.Replace(article, "c1", strings.Repeat("x", 65), 1)), "RESULT_ID_INVALID"},
		"no title":      {one(`{"type":"article","id":"1","input_message_content":{"message_text":"x"}}`), `can't parse results: can't find field "title"`},
		"no content":    {one(`{"type":"article","id":"1","title":"x"}`), `can't parse results: can't find field "input_message_content"`},
		"unknown type":  {one(`{"type":"moon","id":"1"}`), "can't parse results: type of results is unknown"},
		"bad html":      {one(strings.Replace(article, "</b>", "</i>", 1)), `can't parse entities: Unmatched end tag at byte offset 15, expected "</b>", found "</i>"`},
		"bad data":      {one(strings.Replace(article, `"x"`, `"`+strings.Repeat("x", 65)+`"`, 1)), "BUTTON_DATA_INVALID"},
		"next offset":   {with(one(article), "next_offset", strings.Repeat("x", 65)), "NEXT_OFFSET_INVALID"},
		"empty start":   {with(one(article), "button", `{"text":"x","start_parameter":""}`), `can't parse button: parameter "start_parameter" is too short`},
		"no start":      {with(one(article), "button", `{"text":"x"}`), "can't use empty start_parameter"},
		"bad start":     {with(one(article), "button", `{"text":"x","start_parameter":"a b"}`), "unallowed characters in start_parameter are used"},
		"legacy text":   {one(`{"type":"article","id":"1","title":"x","message_text":"x"}`), tooOld},
		"unknown query": {one(article), tooOld},
	} {
		t.Run(name, func(t *testing.T) {
			(&rig{T: t, srv: r.srv, web: r.web}).refused("answerInlineQuery", tt.p, br+tt.want)
		})
	}
}

func TestSaveAndLoad(t *testing.T) {
	r := newRig(t)
	g := r.srv.AddGroup(GroupSpec{Title: "Отдел", Members: []*Person{r.anna, r.boris}})
	r.drain()
	m := r.send("<b>x</b>", params{"parse_mode": "HTML", "reply_markup": `{"inline_keyboard":[[{"text":"a","callback_data":"x"}]]}`})
	r.ok("setMyCommands", params{"commands": `[{"command":"add","description":"Add"}]`})
	r.anna.SendFile(FileSpec{Name: "a.txt", Data: []byte("файл")})
	r.boris.Block()
	var saved bytes.Buffer
	if err := r.srv.Save(&saved); err != nil {
		t.Fatal(err)
	}
	next := newRig(t)
	next.srv.Close()
	next.web.Close()
	fresh := New(Options{Token: "42:test", Clock: r.clock, Journal: true})
	if err := fresh.Load(&saved); err != nil {
		t.Fatal(err)
	}
	r.srv.Close()
	r.srv = fresh
	r.web.Config.Handler = fresh
	anna := fresh.Person(7)
	if got := anna.Last(); got.HTML() != "<b>x</b>" || got.ID != m.ID || len(anna.Commands()) != 1 {
		t.Errorf("screen after the restart: %+v", got)
	}
	if got := r.updates(0); len(got) != 2 || got[0].Message.Document == nil {
		t.Errorf("queue after the restart: %s", rawOf(got))
	}
	said := anna.Say("дальше")
	if said.MessageID != m.ID+2 {
		t.Errorf("message id %d", said.MessageID)
	}
	if _, err := anna.Press(m.ID, "x"); err != nil {
		t.Error(err)
	}
	r.refused("sendMessage", params{"chat_id": "8", "text": "x"}, "Forbidden: bot was blocked by the user")
	r.ok("sendMessage", params{"chat_id": fmt.Sprint(g.ID()), "text": "x"})
	if len(fresh.Groups()) != 1 || len(fresh.People()) != 2 || len(fresh.Groups()[0].Members()) != 2 {
		t.Error("people or groups are lost")
	}
	if err := fresh.Load(strings.NewReader(`{"version":9}`)); err == nil {
		t.Error("an unknown version was loaded")
	}
}
