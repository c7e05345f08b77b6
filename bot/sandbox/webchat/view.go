package webchat

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"kartoteka/bot/sandbox"
)

// shown is how many of a chat's last messages the page gets.
const shown = 300

// world is what the page knows beside the chat.
type world struct {
	Bot     sandbox.User `json:"bot"`
	Name    string       `json:"name"` // of the bot
	People  []person     `json:"people"`
	Groups  []group      `json:"groups"`
	Now     int64        `json:"now"` // Unix milliseconds
	Zone    string       `json:"zone"`
	Lang    string       `json:"lang"`
	Refused refused      `json:"refused"`
}

// person is a line in the list of people.
type person struct {
	sandbox.User
	Role    Role     `json:"role,omitempty"`
	Blocked bool     `json:"blocked"`
	Last    *message `json:"last,omitempty"` // the last message of the chat with the bot
}

// group is a line in the list of groups.
type group struct {
	ID      int64           `json:"id"`
	Title   string          `json:"title"`
	Members []int64         `json:"members"`
	Topics  []sandbox.Topic `json:"topics"`
	Last    *message        `json:"last,omitempty"`
}

// message is a message with what the bot is not told.
type message struct {
	sandbox.Message
	Pinned   bool   `json:"pinned,omitempty"`
	Reaction string `json:"reaction,omitempty"`
	Force    bool   `json:"force_reply,omitempty"` // the bot asks for a reply to it
}

// screen is one person's chat with the bot.
type screen struct {
	Messages []*message             `json:"messages"`
	Commands []sandbox.BotCommand   `json:"commands"`
	Keyboard *sandbox.ReplyKeyboard `json:"keyboard"`
	About    string                 `json:"about"` // shown while the chat is empty
}

// refused are the bot's calls that the server refused, and presses that it left without an answer.
type refused struct {
	Count      int       `json:"count"`
	Unanswered int       `json:"unanswered"`
	Last       []refusal `json:"last"` // newest first
}

type refusal struct {
	At     int64  `json:"at"` // Unix milliseconds
	Method string `json:"method"`
	Chat   int64  `json:"chat"`
	Status int    `json:"status"`
	What   string `json:"what"`
}

// told is how many refusals the page lists.
const told = 20

func (c *Chat) world(*http.Request) (any, error) {
	bot := c.srv.Bot()
	w := world{
		Bot: bot, Name: c.srv.Words("name", c.lang), People: []person{}, Now: c.clock.Now().UnixMilli(), Zone: c.zone.String(),
		Lang: c.lang, Refused: c.refused(),
	}
	for _, p := range c.srv.People() {
		line := person{User: p.User(), Role: c.roles[p.ID()], Blocked: p.Blocked()}
		if list := p.Messages(); len(list) > 0 {
			line.Last = view(&list[len(list)-1])
		}
		w.People = append(w.People, line)
	}
	w.Groups = c.groups()
	return w, nil
}

func (c *Chat) groups() []group {
	list := []group{}
	for _, g := range c.srv.Groups() {
		members := g.Members()
		if len(members) == 0 || g.Gone() {
			continue
		}
		line := group{ID: g.ID(), Title: g.Chat().Title, Topics: g.Topics()}
		for _, p := range members {
			line.Members = append(line.Members, p.ID())
		}
		if all := members[0].Messages(); len(all) > 0 {
			line.Last = view(&all[len(all)-1])
		}
		list = append(list, line)
	}
	return list
}

func view(m *sandbox.Message) *message {
	return &message{
		Message: *m, Pinned: m.Screen.Pinned, Reaction: m.Screen.Reaction, Force: m.Screen.Keyboard != nil && m.Screen.Keyboard.Force,
	}
}

func (c *Chat) screen(r *http.Request) (any, error) {
	p, err := c.at(asked(r))
	if err != nil {
		return nil, err
	}
	list := p.Messages()
	s := screen{
		Messages: []*message{}, Commands: p.Commands(), Keyboard: p.Keyboard(),
		About: c.srv.Words("description", p.User().LanguageCode),
	}
	for i := max(len(list)-shown, 0); i < len(list); i++ {
		s.Messages = append(s.Messages, view(&list[i]))
	}
	return s, nil
}

func (c *Chat) refused() refused {
	calls := slices.DeleteFunc(c.srv.Refused(), sandbox.Call.Unchanged) // no mistake of the bot
	r := refused{Count: len(calls), Unanswered: len(c.srv.Unanswered()), Last: []refusal{}}
	for i := len(calls) - 1; i >= 0 && len(r.Last) < told; i-- {
		r.Last = append(r.Last, refusal{calls[i].At.UnixMilli(), calls[i].Method, calls[i].Chat, calls[i].Status, calls[i].Description})
	}
	return r
}

// file sends the contents of a file; only kinds that cannot hold scripts are shown by the browser, the rest is saved.
func (c *Chat) file(w http.ResponseWriter, r *http.Request) {
	data, kind, err := c.srv.FileData(r.FormValue("id"))
	if err != nil {
		answer(w, nil, err)
		return
	}
	base, _, _ := strings.Cut(kind, "/")
	h := w.Header()
	if base != "image" && base != "audio" && base != "video" || strings.Contains(kind, "svg") {
		kind = "application/octet-stream"
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = w.Write(data) // the browser may be gone: that is its own affair
}

// event is what pages are told.
type event struct {
	Kind     string                 `json:"kind"`
	Chat     int64                  `json:"chat,omitempty"`
	Person   int64                  `json:"person,omitempty"`
	Message  *message               `json:"message,omitempty"`
	Keyboard *sandbox.ReplyKeyboard `json:"keyboard,omitempty"` // with a message: what the person has before them now
	Answer   *sandbox.Answer        `json:"answer,omitempty"`
	Callback string                 `json:"callback,omitempty"`
	Text     string                 `json:"text,omitempty"`
	Now      int64                  `json:"now,omitempty"` // clock
	Refused  *refused               `json:"refused,omitempty"`
}

func (c *Chat) event(e sandbox.Event) event {
	out := event{Kind: e.Kind, Chat: e.Chat, Person: e.Person, Answer: e.Answer, Callback: e.Callback, Text: e.Text}
	if e.Message == nil {
		return out
	}
	out.Message = view(e.Message)
	if p := c.srv.Person(e.Chat); p != nil {
		out.Keyboard = p.Keyboard()
	}
	return out
}

func (e event) json() []byte {
	b, err := json.Marshal(e)
	if err != nil {
		panic("webchat: an event always marshals: " + err.Error())
	}
	return b
}
