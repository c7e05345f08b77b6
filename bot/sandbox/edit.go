package sandbox

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"
)

const notModified = "message is not modified: specified new message content and reply markup are exactly the same " +
	"as a current content and reply markup of the message" // Client.cpp:109

// deletable is how long a message can be deleted (Bot API deleteMessage).
const deletable = 48 * time.Hour

// editable finds the message to edit: by chat and id, or by inline_message_id. s.mu is held.
func (s *Server) editable(c *call) (*chat, *Message, *apiError) {
	if id := c.params["inline_message_id"]; id != "" {
		ref, ok := s.picked[id]
		if !ok {
			return nil, nil, bad("MESSAGE_ID_INVALID")
		}
		ch := s.chats[ref.chat]
		if m := ch.get(ref.id); m != nil {
			return ch, m, nil
		}
		return nil, nil, bad("MESSAGE_ID_INVALID")
	}
	if c.params["chat_id"] == "" {
		return nil, nil, bad("chat_id is empty")
	}
	if c.params["message_id"] == "" {
		return nil, nil, bad("message identifier is not specified")
	}
	ch, err := s.target(c)
	if err != nil {
		return nil, nil, err
	}
	m := ch.get(c.int64("message_id"))
	if m == nil {
		return nil, nil, bad("message to edit not found")
	}
	// TDLib can_edit_message: own, not forwarded, not a service message, and without a reply keyboard.
	if m.From == nil || m.From.ID != s.me.ID || m.ForwardOrigin != nil || m.service() || m.Screen.Keyboard != nil {
		return nil, nil, bad("message can't be edited")
	}
	return ch, m, nil
}

// apply stores the change unless nothing changes.
func (s *Server) apply(c *call, ch *chat, m *Message, change func(*Message)) (any, *apiError) {
	next := *m
	change(&next)
	if sameContent(m, &next) {
		return nil, bad(notModified)
	}
	m = ch.change(m, func(n *Message) {
		change(n)
		n.EditDate = s.now()
	})
	c.sent = m.ID
	s.events.publish(Event{Kind: "edited", Chat: ch.info.ID, Message: m})
	if c.params["inline_message_id"] != "" {
		return true, nil
	}
	return m, nil
}

func sameContent(a, b *Message) bool {
	return a.Text == b.Text && a.Caption == b.Caption && bytes.Equal(a.LinkPreview, b.LinkPreview) &&
		equalEntities(a.Entities, b.Entities) && equalEntities(a.CaptionEntities, b.CaptionEntities) &&
		reflect.DeepEqual(a.ReplyMarkup, b.ReplyMarkup)
}

func equalEntities(a, b []Entity) bool {
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}

// editMessageText changes the text and replaces the keyboard: without reply_markup it goes away.
func (s *Server) editMessageText(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	if m.Text == "" {
		return nil, bad("there is no text in the message to edit")
	}
	t, err := c.messageText()
	if err != nil {
		return nil, err
	}
	k, err := c.inlineMarkup()
	if err != nil {
		return nil, err
	}
	preview := c.linkPreview()
	return s.apply(c, ch, m, func(n *Message) {
		n.Text, n.Entities, n.ReplyMarkup, n.LinkPreview = t.text, t.entities, k, preview
	})
}

func (s *Server) editMessageCaption(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	if m.File() == nil || m.Sticker != nil {
		return nil, bad("there is no caption in the message to edit")
	}
	t, err := c.caption()
	if err != nil {
		return nil, err
	}
	k, err := c.inlineMarkup()
	if err != nil {
		return nil, err
	}
	return s.apply(c, ch, m, func(n *Message) { n.Caption, n.CaptionEntities, n.ReplyMarkup = t.text, t.entities, k })
}

func (s *Server) editMessageReplyMarkup(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.editable(c)
	if err != nil {
		return nil, err
	}
	k, err := c.inlineMarkup()
	if err != nil {
		return nil, err
	}
	return s.apply(c, ch, m, func(n *Message) { n.ReplyMarkup = k })
}

func (s *Server) deleteMessage(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.lookup(c, "chat_id")
	if err != nil {
		return nil, err
	}
	m := ch.get(c.int64("message_id"))
	if m == nil {
		return nil, bad("message to delete not found")
	}
	if why := s.undeletable(ch, m); why != "" {
		return nil, bad("%s", why)
	}
	s.erase(ch, m)
	return true, nil
}

// undeletable says why the bot may not delete m: too old, or somebody else's in a group without the right to.
func (s *Server) undeletable(ch *chat, m *Message) string {
	foreign := m.From == nil || m.From.ID != s.me.ID
	switch {
	case s.clock.Now().Sub(time.Unix(m.Date, 0)) >= deletable:
		return "message can't be deleted for everyone"
	case foreign && ch.group != nil && !ch.group.admin:
		return "message can't be deleted"
	}
	return ""
}

func (s *Server) erase(ch *chat, m *Message) {
	m = ch.change(m, func(n *Message) { n.Screen.Deleted = true })
	s.events.publish(Event{Kind: "deleted", Chat: ch.info.ID, Message: m})
}

// deleteMessages deletes 1–100 messages and skips those that it cannot find.
func (s *Server) deleteMessages(c *call) (any, *apiError) {
	var list []json.Number
	if _, err := c.json("message_ids", &list); err != nil {
		return nil, err
	}
	switch {
	case len(list) == 0:
		return nil, bad("message identifiers are not specified")
	case len(list) > 100:
		return nil, bad("too many message identifiers specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.lookup(c, "chat_id")
	if err != nil {
		return nil, err
	}
	var found []*Message
	for _, n := range list {
		id, convErr := n.Int64()
		if convErr != nil || id <= 0 {
			return nil, bad("invalid message identifier specified")
		}
		m := ch.get(id)
		if m == nil {
			continue
		}
		if why := s.undeletable(ch, m); why != "" {
			return nil, bad("%s", why)
		}
		found = append(found, m)
	}
	for _, m := range found {
		if ch.get(m.ID) != nil { // the same id may stand twice in the list
			s.erase(ch, m)
		}
	}
	return true, nil
}

// pinChatMessage pins a message; in a group only an admin may.
func (s *Server) pinChatMessage(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.target(c)
	if err != nil {
		return nil, err
	}
	m := ch.get(c.int64("message_id"))
	switch {
	case m == nil:
		return nil, bad("message to pin not found")
	case ch.group != nil && !ch.group.admin:
		return nil, bad("not enough rights to manage pinned messages in the chat")
	}
	s.pin(ch, m, true)
	return true, nil
}

func (s *Server) pin(ch *chat, m *Message, on bool) {
	m = ch.change(m, func(n *Message) { n.Screen.Pinned = on })
	s.events.publish(Event{Kind: "pinned", Chat: ch.info.ID, Message: m})
}

// unpinChatMessage unpins one message, or the last pinned one; unpinAllChatMessages all.
func (s *Server) unpinChatMessage(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.target(c)
	if err != nil {
		return nil, err
	}
	all, id, found := c.method.name == "unpinAllChatMessages", c.int64("message_id"), false
	for i := len(ch.msgs) - 1; i >= 0; i-- {
		m := ch.msgs[i]
		if !m.Screen.Pinned || m.Screen.Deleted || id != 0 && m.ID != id {
			continue
		}
		s.pin(ch, m, false)
		found = true
		if !all {
			break
		}
	}
	if !found && id != 0 {
		return nil, bad("message to unpin not found")
	}
	return true, nil
}
