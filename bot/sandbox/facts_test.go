package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestEveryMethodHasFacts holds the table of methods against facts.json, both ways.
func TestEveryMethodHasFacts(t *testing.T) {
	table := map[string]bool{}
	for _, m := range methodTable() {
		table[m.name] = true
		if facts().Methods[m.name] == nil {
			t.Errorf("%s has no facts", m.name)
		}
	}
	for name := range facts().Methods {
		if !table[name] {
			t.Errorf("%s has facts but is not served", name)
		}
	}
}

// TestFactsAreCurrent compares facts.json with the whole description, if BOTAPI names it.
func TestFactsAreCurrent(t *testing.T) {
	path := os.Getenv("BOTAPI")
	if path == "" {
		t.Skip("BOTAPI names no description of the Bot API")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all, part struct {
		Methods, Types map[string]any
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(factsJSON, &part); err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]map[string]any{{all.Methods, part.Methods}, {all.Types, part.Types}} {
		for name, got := range pair[1] {
			if fmt.Sprint(got) != fmt.Sprint(pair[0][name]) {
				t.Errorf("%s differs: run go generate", name)
			}
		}
	}
}

// TestAnswersFitFacts holds what the server tells the bot against the Bot API's types.
func TestAnswersFitFacts(t *testing.T) {
	r := newRig(t)
	g := r.srv.AddGroup(GroupSpec{Title: "Отдел", Members: []*Person{r.anna}})
	m := r.send("<b>x</b> example.com", params{"parse_mode": "HTML", "reply_markup": `{"inline_keyboard":[[{"text":"a","callback_data":"x"}]]}`})
	r.anna.Reply(m.ID, "@x_y_z +7 900 123-45-67")
	for _, k := range []FileKind{Document, Photo, Voice, Video, Audio, Sticker} {
		r.anna.SendFile(FileSpec{Kind: k, Name: "x", Data: []byte("x")})
	}
	r.anna.ShareContact(ContactSpec{Phone: "1", First: "x"})
	r.anna.ShareUsers(1, r.boris)
	r.anna.Send(Message{Location: &Location{1, 2}})
	r.anna.Forward(ForwardSpec{FromID: 5, FromName: "x", Text: "x"})
	r.anna.Forward(ForwardSpec{Hidden: true, FromName: "x", Text: "x"})
	r.anna.Forward(ForwardSpec{ChannelID: -5, FromName: "x", Text: "x"})
	r.anna.Edit(1, "x")
	r.anna.Forge(m.ID, "x")
	r.anna.Block()
	r.anna.Unblock()
	g.Add(r.boris)
	g.Remove(r.boris)
	g.Upgrade()
	var updates []any
	if err := json.Unmarshal(r.ok("getUpdates", nil), &updates); err != nil {
		t.Fatal(err)
	}
	if len(updates) < 20 {
		t.Fatalf("%d updates", len(updates))
	}
	for _, u := range updates {
		fitsStrictly(t, "Update", u)
	}
	for method, tt := range map[string]struct {
		p   params
		typ string
	}{
		"getMe":          {nil, "User"},
		"getChat":        {params{"chat_id": "7"}, "ChatFullInfo"},
		"getWebhookInfo": {nil, "WebhookInfo"},
		"getFile":        {params{"file_id": "file-document-1"}, "File"},
		"sendMessage":    {params{"chat_id": "7", "text": "x"}, "Message"},
		"copyMessage":    {params{"chat_id": "7", "from_chat_id": "7", "message_id": fmt.Sprint(m.ID)}, "MessageId"},
	} {
		var v any
		if err := json.Unmarshal(r.ok(method, tt.p), &v); err != nil {
			t.Fatal(err)
		}
		fitsStrictly(t, tt.typ, v)
	}
}

// fitsStrictly also refuses fields that the type does not have, in all objects that have facts.
func fitsStrictly(t *testing.T, typ string, v any) {
	t.Helper()
	if problem := fitsObject(typ, typ, v); problem != "" {
		t.Errorf("%s: %s in %s", typ, problem, rawOf(v))
	}
	known := facts().Types[typ]
	object, ok := v.(map[string]any)
	if known == nil || !ok || len(known.Subtypes) > 0 {
		return
	}
	for name, value := range object {
		f := known.Fields[name]
		if f == nil {
			t.Errorf("%s has no field %s", typ, name)
			continue
		}
		walk(t, f.Types[0], value)
	}
}

// walk goes through arrays to the objects in them.
func walk(t *testing.T, typ string, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			walk(t, strings.TrimPrefix(typ, "Array of "), item)
		}
	case map[string]any:
		fitsStrictly(t, typ, v)
	}
}
