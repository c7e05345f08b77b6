package sandbox

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf16"
)

// Messages are the messages of the chat that the person looks at, oldest first, without the deleted ones.
func (p *Person) Messages() []Message {
	all := p.Chat(p.in)
	if p.topic != 0 {
		all = slices.DeleteFunc(all, func(m Message) bool { return m.ThreadID != p.topic })
	}
	return all
}

// Chat are the messages of a chat, oldest first, without the deleted ones; nil if there is no such chat.
func (p *Person) Chat(chatID int64) []Message {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.chats[chatID]
	if ch == nil || !ch.holds(p.id) {
		return nil
	}
	list := make([]Message, 0, len(ch.msgs))
	for _, m := range ch.msgs {
		if !m.Screen.Deleted {
			list = append(list, *m)
		}
	}
	return list
}

// Message is a message of this chat as it is now, deleted ones too (Screen.Deleted).
func (p *Person) Message(msgID int64) (Message, bool) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	m := p.chat().any(msgID)
	if m == nil {
		return Message{}, false
	}
	return *m, true
}

// Last is the bot's last message in this chat; the zero Message if there is none.
func (p *Person) Last() Message {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range slices.Backward(p.chat().msgs) {
		if m.FromBot() && !m.Screen.Deleted && (p.topic == 0 || m.ThreadID == p.topic) {
			return *m
		}
	}
	return Message{}
}

// Keyboard is the reply keyboard that the person has before them, nil if none. A one-time keyboard is gone once
// they wrote something.
func (p *Person) Keyboard() *ReplyKeyboard {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	wrote := false
	for _, m := range slices.Backward(p.chat().msgs) {
		k := m.Screen.Keyboard
		switch {
		case m.Screen.Deleted:
		case k != nil && (k.Remove || wrote && (k.OneTime || k.Force)):
			return nil
		case k != nil:
			return k
		case m.From != nil && m.From.ID == p.id:
			wrote = true
		}
	}
	return nil
}

// FromBot says whether a bot wrote the message.
func (m Message) FromBot() bool { return m.From != nil && m.From.IsBot }

// Body is the text, or the caption of a file.
func (m Message) Body() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// Buttons are all inline buttons, row by row.
func (m Message) Buttons() []Button {
	if m.ReplyMarkup == nil {
		return nil
	}
	return slices.Concat(m.ReplyMarkup.Rows...)
}

// Button is the inline button with that label.
func (m Message) Button(label string) (Button, bool) {
	for _, b := range m.Buttons() {
		if b.Text == label {
			return b, true
		}
	}
	return Button{}, false
}

// File is the file of the message, nil if it has none.
func (m Message) File() *Media {
	switch {
	case m.Document != nil:
		return m.Document
	case len(m.Photo) > 0:
		return &m.Photo[len(m.Photo)-1]
	case m.Voice != nil:
		return m.Voice
	case m.Video != nil:
		return m.Video
	case m.Audio != nil:
		return m.Audio
	}
	return m.Sticker
}

// HTML is the text or the caption as safe HTML for a browser: tags for the entities, all else escaped, line ends
// as they are.
func (m Message) HTML() string {
	if m.Text != "" {
		return RenderHTML(m.Text, m.Entities)
	}
	return RenderHTML(m.Caption, m.CaptionEntities)
}

// RenderHTML writes text with entities as safe HTML. Entities that are out of bounds are left out; where two half
// overlap the inner one is closed early.
func RenderHTML(text string, entities []Entity) string {
	if len(entities) == 0 {
		return html.EscapeString(text)
	}
	units := utf16.Encode([]rune(text))
	var b strings.Builder
	var open []Entity
	next := 0
	for pos := 0; pos <= len(units); {
		for len(open) > 0 && open[len(open)-1].end() <= pos {
			b.WriteString(closeTag(open[len(open)-1]))
			open = open[:len(open)-1]
		}
		for next < len(entities) && entities[next].Offset <= pos {
			if e := entities[next]; e.Offset == pos && e.Length > 0 && e.end() <= len(units) {
				if len(open) > 0 && e.end() > open[len(open)-1].end() {
					e.Length = open[len(open)-1].end() - e.Offset
				}
				b.WriteString(openTagHTML(e, string(utf16.Decode(units[e.Offset:e.end()]))))
				open = append(open, e)
			}
			next++
		}
		until := len(units)
		if next < len(entities) {
			until = min(until, max(entities[next].Offset, pos))
		}
		if len(open) > 0 {
			until = min(until, open[len(open)-1].end())
		}
		if until == pos {
			if pos == len(units) {
				break
			}
			until = pos + 1 // an entity that begins before the last one: skip on
		}
		b.WriteString(html.EscapeString(string(utf16.Decode(units[pos:until]))))
		pos = until
	}
	return b.String()
}

func (e Entity) end() int { return e.Offset + e.Length }

// plainTags are the entities that one pair of tags shows.
var plainTags = map[string]string{
	"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre",
	"blockquote": "blockquote", "expandable_blockquote": "blockquote",
}

func openTagHTML(e Entity, text string) string {
	attr := html.EscapeString
	switch e.Type {
	case "text_link":
		return `<a href="` + attr(e.URL) + `">`
	case "url":
		link, err := checkLink(text)
		if err != nil {
			return `<span class="url">`
		}
		return `<a href="` + attr(link) + `">`
	case "email":
		return `<a href="mailto:` + attr(text) + `">`
	case "phone_number":
		return `<a href="tel:` + attr(strings.Map(keepPhone, text)) + `">`
	case "expandable_blockquote":
		return `<blockquote class="expandable">`
	case "date_time":
		return fmt.Sprintf(`<time data-unix="%d" data-format="%s">`, e.UnixTime, attr(e.DateTimeFormat))
	}
	if tag := plainTags[e.Type]; tag != "" {
		return "<" + tag + ">"
	}
	return `<span class="` + attr(e.Type) + `">` // spoiler, mention, hashtag, bot_command, custom_emoji, …
}

func keepPhone(r rune) rune {
	if r == '+' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

func closeTag(e Entity) string {
	switch e.Type {
	case "text_link", "email", "phone_number":
		return "</a>"
	case "url":
		return "</a>"
	case "date_time":
		return "</time>"
	}
	if tag := plainTags[e.Type]; tag != "" {
		return "</" + tag + ">"
	}
	return "</span>"
}
