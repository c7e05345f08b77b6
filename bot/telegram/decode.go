package telegram

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	jsonv2 "github.com/go-json-experiment/json"
	tele "gopkg.in/telebot.v3"

	"kartoteka/handlers/chat"
)

// allowedUpdates is always sent: without it Telegram keeps whatever was set before.
// message_reaction_count must never be among them, telebot's own list has it and cannot decode it.
var allowedUpdates = []string{
	"message", "edited_message", "callback_query", "inline_query", "chosen_inline_result", "my_chat_member",
}

// update is one update, decoded.
type update struct {
	id     int64
	lane   int64 // updates of one lane are handled in order: the chat, or the person of an inline query
	in     chat.Incoming
	serve  bool  // false: nothing for the handler (a service message, words to another bot)
	moveTo int64 // the chat lives on under this id; 0: no
}

// decoder translates updates for the bot me. now dates what Telegram does not.
type decoder struct {
	me  Me
	now time.Time
}

// peekID reads the id alone; ok is false if there is none.
func peekID(raw []byte) (id int64, ok bool) {
	var u struct {
		ID *int64 `json:"update_id"`
	}
	if jsonv2.Unmarshal(raw, &u, lenient) != nil || u.ID == nil {
		return 0, false
	}
	return *u.ID, true
}

// decode translates one update. The error says which kind of value does not fit, never which value.
func (d decoder) decode(raw []byte) (update, error) {
	var w wireUpdate
	if err := json.Unmarshal(raw, &w); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return update{}, fmt.Errorf("decode update: unexpected %s in %s", kind.Value, kind.Field)
		}
		return update{}, errors.New("decode update: not JSON")
	}
	u := update{id: w.ID, in: chat.Incoming{Update: w.ID, At: d.now}}
	switch {
	case w.Message != nil:
		d.message(&u, w.Message)
	case w.Edited != nil:
		d.message(&u, w.Edited)
		u.in.Edited = true
	case w.Callback != nil:
		c := w.Callback
		u.by(c.From, chat.Chat{ID: c.From.ID})
		if m := c.Message; m != nil {
			u.in.Chat, u.in.Message = m.where(), m.ID
			u.in.Press = &chat.Press{Text: cmp.Or(m.Text, m.Caption)}
		} else {
			u.in.Press = &chat.Press{} // under a message sent with our inline mode: only the person is known
		}
		u.in.Press.ID, u.in.Press.Data = c.ID, c.Data
		u.lane = u.in.Chat.ID
	case w.Query != nil:
		u.by(w.Query.From, chat.Chat{ID: w.Query.From.ID})
		u.in.Inline = &chat.Inline{ID: w.Query.ID, Query: w.Query.Query, Offset: w.Query.Offset}
	case w.Chosen != nil:
		u.by(w.Chosen.From, chat.Chat{ID: w.Chosen.From.ID})
		u.in.Picked = &chat.Picked{Result: w.Chosen.Result, Query: w.Chosen.Query}
	case w.Member != nil:
		m := w.Member
		u.by(m.From, chatOf(m.Chat))
		u.in.At = at(m.Date)
		u.in.Reach = &chat.Reach{Reachable: inChat(m.New.Role, m.New.In)}
	}
	return u, nil
}

func inChat(role tele.MemberStatus, in bool) bool {
	return role == tele.Member || role == tele.Administrator || role == tele.Creator || role == tele.Restricted && in
}

// by sets who did it and where.
func (u *update) by(from tele.User, where chat.Chat) {
	u.in.Chat, u.in.From, u.lane, u.serve = where, person(from), where.ID, true
}

func (d decoder) message(u *update, m *wireMessage) {
	u.lane, u.moveTo = m.Chat.ID, m.MigrateTo
	u.in.Chat, u.in.Message, u.in.At = m.where(), m.ID, at(max(m.Date, m.EditDate))
	if m.From == nil || !m.hasContent() {
		return // a channel's post, a service message
	}
	u.by(*m.From, m.where())
	in := &u.in
	in.Text = cmp.Or(m.Text, m.Caption)
	in.Album = m.Album
	in.ViaUs = m.ViaBot != nil && m.ViaBot.ID == d.me.ID
	in.Forward = m.Origin.forward()
	in.File = m.file()
	if c := m.Contact; c != nil {
		in.Contact = &chat.Contact{Phone: c.PhoneNumber, First: c.FirstName, Last: c.LastName, User: c.UserID, VCard: c.VCard}
	}
	if l := m.Location; l != nil {
		in.Spot = &chat.Spot{Latitude: l.Latitude, Longitude: l.Longitude}
	}
	if r := m.ReplyTo; r != nil && r.Opened == nil {
		in.Reply = &chat.Reply{Message: r.ID, Ours: r.From != nil && r.From.ID == d.me.ID, Data: r.data()}
	}
	if in.Forward != nil {
		return // somebody else's command is no command
	}
	name, bot, args := command(in.Text)
	if bot != "" && !strings.EqualFold(bot, d.me.Username) {
		u.serve = false
		return
	}
	in.Command, in.Args = name, args
}

// hasContent tells what a person said from service messages ("… joined", "… pinned").
func (m *wireMessage) hasContent() bool {
	if m.Text != "" || m.Caption != "" || m.Contact != nil || m.Location != nil || m.file() != nil {
		return true
	}
	for _, other := range []*nothing{m.Sticker, m.Venue, m.Poll, m.Dice, m.Game, m.Story, m.Paid, m.Checklist} {
		if other != nil {
			return true
		}
	}
	return len(m.Photo) > 0
}

// data lists the data of the message's buttons, in order.
func (m *wireMessage) data() []string {
	var all []string
	if m.Markup == nil {
		return nil
	}
	for _, row := range m.Markup.Rows {
		for _, b := range row {
			if b.Data != "" {
				all = append(all, b.Data)
			}
		}
	}
	return all
}

// file returns the attachment; nil if there is none.
func (m *wireMessage) file() *chat.File {
	switch {
	case m.Voice != nil:
		return m.Voice.file("voice")
	case m.Document != nil:
		return m.Document.file("document")
	case m.Video != nil:
		return m.Video.file("video")
	case m.Note != nil:
		return m.Note.file("video")
	case m.Audio != nil:
		return m.Audio.file("audio")
	case len(m.Photo) > 0:
		best := &m.Photo[0]
		for i := range m.Photo {
			if m.Photo[i].Width*m.Photo[i].Height > best.Width*best.Height {
				best = &m.Photo[i]
			}
		}
		return best.file("photo")
	}
	return nil
}

func (f *wireFile) file(kind string) *chat.File {
	return &chat.File{ID: f.FileID, Unique: f.UniqueID, Kind: kind, Name: f.Name, MIME: f.MIME, Size: f.FileSize}
}

// forward returns who wrote a forwarded message; nil if it was not forwarded.
func (o *wireOrigin) forward() *chat.Forward {
	if o == nil {
		return nil
	}
	f := &chat.Forward{At: at(o.Date), Name: o.HiddenName}
	switch {
	case o.User != nil:
		f.User, f.Username = o.User.ID, o.User.Username
		f.Name = strings.TrimSpace(o.User.FirstName + " " + o.User.LastName)
	case o.Chat != nil:
		f.Name, f.Username, f.Channel = o.Chat.Title, o.Chat.Username, true
	case o.SenderChat != nil:
		f.Name, f.Username, f.Channel = o.SenderChat.Title, o.SenderChat.Username, true
	}
	return f
}

func chatOf(c wireChat) chat.Chat {
	return chat.Chat{ID: c.ID, Group: c.Type != tele.ChatPrivate, Title: c.Title}
}

// where is the chat of a message, with its topic.
func (m *wireMessage) where() chat.Chat {
	c := chatOf(m.Chat)
	if m.InTopic {
		c.Topic = m.Thread
		if r := m.ReplyTo; r != nil && r.Opened != nil {
			c.Title += " / " + r.Opened.Name
		}
	}
	return c
}

func person(u tele.User) chat.Person {
	return chat.Person{ID: u.ID, First: u.FirstName, Last: u.LastName, Username: u.Username, Lang: u.LanguageCode}
}

func at(unix int64) time.Time { return time.Unix(unix, 0).UTC() }

// command takes "/name@bot args" apart; name is "" if text is no command. Names of any letters are taken: "/Помощь" deserves
// "no such command" rather than a search for it.
func command(text string) (name, bot, args string) {
	rest, ok := strings.CutPrefix(text, "/")
	if !ok {
		return "", "", ""
	}
	word := rest
	if i := strings.IndexFunc(rest, unicode.IsSpace); i >= 0 {
		word, args = rest[:i], strings.TrimSpace(rest[i:])
	}
	name, bot, _ = strings.Cut(word, "@")
	notInName := func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	const most = 32 // Telegram
	if name == "" || len([]rune(name)) > most || strings.ContainsFunc(name+bot, notInName) {
		return "", "", ""
	}
	return strings.ToLower(name), bot, args
}
