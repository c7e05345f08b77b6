package sandbox

import (
	"encoding/json"
	"strconv"
)

// outgoing reads what all sending methods share: the reply, the markup, the flags. The chat must be willing.
// s.mu is held.
func (s *Server) outgoing(c *call) (*chat, *Message, *apiError) {
	ch, err := s.target(c)
	if err != nil {
		return nil, nil, err
	}
	mk, err := c.markup(ch.private())
	if err != nil {
		return nil, nil, err
	}
	m := &Message{ReplyMarkup: mk.inline, EffectID: c.params["message_effect_id"], Protected: c.bool("protect_content")}
	m.Screen.Keyboard = mk.keyboard
	m.Screen.Silent = c.bool("disable_notification")
	if m.ReplyTo, err = ch.replyTarget(c); err != nil {
		return nil, nil, err
	}
	m.ThreadID = c.int64("message_thread_id")
	m.IsTopicMessage = m.ThreadID != 0
	if m.IsTopicMessage && ch.topic(m.ThreadID) == nil {
		return nil, nil, bad("message thread not found")
	}
	return ch, m, nil
}

// replyTarget reads reply_parameters, or the older reply_to_message_id that telebot sends (Client.cpp:9391).
func (ch *chat) replyTarget(c *call) (*Message, *apiError) {
	reply := struct {
		MessageID json.Number `json:"message_id"`
		Forgiving bool        `json:"allow_sending_without_reply"`
	}{MessageID: json.Number(c.params["reply_to_message_id"]), Forgiving: c.bool("allow_sending_without_reply")}
	if _, err := c.json("reply_parameters", &reply); err != nil {
		return nil, err
	}
	id, err := strconv.ParseInt(string(reply.MessageID), 10, 64)
	if err != nil || id == 0 {
		return nil, nil
	}
	m := ch.get(id)
	if m == nil && !reply.Forgiving {
		return nil, bad("message to be replied not found")
	}
	return reference(m), nil
}

func (s *Server) sendMessage(c *call) (any, *apiError) {
	t, err := c.messageText()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.outgoing(c)
	if err != nil {
		return nil, err
	}
	m.Text, m.Entities = t.text, t.entities
	m.LinkPreview = c.linkPreview()
	return s.store(c, ch, m), nil
}

// linkPreview keeps link_preview_options, or the older disable_web_page_preview.
func (c *call) linkPreview() json.RawMessage {
	if raw := c.params["link_preview_options"]; raw != "" && raw != "null" {
		return json.RawMessage(raw)
	}
	if c.bool("disable_web_page_preview") {
		return json.RawMessage(`{"is_disabled":true}`)
	}
	return nil
}

func (s *Server) sendContact(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.outgoing(c)
	if err != nil {
		return nil, err
	}
	m.Contact = &Contact{
		PhoneNumber: c.params["phone_number"], FirstName: c.params["first_name"],
		LastName: c.params["last_name"], VCard: c.params["vcard"],
	}
	return s.store(c, ch, m), nil
}

func (s *Server) sendLocation(c *call) (any, *apiError) {
	latitude, err1 := strconv.ParseFloat(c.params["latitude"], 64)
	longitude, err2 := strconv.ParseFloat(c.params["longitude"], 64)
	if err1 != nil || err2 != nil || latitude < -90 || latitude > 90 || longitude < -180 || longitude > 180 {
		return nil, bad("wrong location specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.outgoing(c)
	if err != nil {
		return nil, err
	}
	m.Location = &Location{latitude, longitude}
	return s.store(c, ch, m), nil
}

// chatActions are the actions that sendChatAction knows (Bot API).
var chatActions = map[string]bool{
	"typing": true, "upload_photo": true, "record_video": true, "upload_video": true, "record_voice": true,
	"upload_voice": true, "upload_document": true, "choose_sticker": true, "find_location": true,
	"record_video_note": true, "upload_video_note": true,
}

func (s *Server) sendChatAction(c *call) (any, *apiError) {
	action := c.params["action"]
	if !chatActions[action] {
		return nil, bad("wrong parameter action in request")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.target(c)
	if err != nil {
		return nil, err
	}
	s.events.publish(Event{Kind: "action", Chat: ch.info.ID, Text: action})
	return true, nil
}

// source finds the message to forward or copy.
func (s *Server) source(c *call, verb string) (*Message, *apiError) {
	from, err := s.lookup(c, "from_chat_id")
	if err != nil {
		return nil, err
	}
	m := from.get(c.int64("message_id"))
	if m == nil || m.service() {
		return nil, bad("message to %s not found", verb)
	}
	if m.Protected {
		return nil, bad("message can't be %s", map[string]string{"forward": "forwarded", "copy": "copied"}[verb])
	}
	return m, nil
}

func (s *Server) forwardMessage(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.target(c)
	if err != nil {
		return nil, err
	}
	from, err := s.source(c, "forward")
	if err != nil {
		return nil, err
	}
	m := from.content()
	m.ForwardOrigin = from.ForwardOrigin
	if m.ForwardOrigin == nil {
		m.ForwardOrigin = &Origin{Type: "user", Date: from.Date, SenderUser: from.From}
	}
	m.Screen.Silent, m.Protected = c.bool("disable_notification"), c.bool("protect_content")
	return s.store(c, ch, m), nil
}

func (s *Server) copyMessage(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, m, err := s.outgoing(c)
	if err != nil {
		return nil, err
	}
	from, err := s.source(c, "copy")
	if err != nil {
		return nil, err
	}
	copied := from.content()
	copied.ReplyMarkup, copied.ReplyTo, copied.Screen, copied.Protected = m.ReplyMarkup, m.ReplyTo, m.Screen, m.Protected
	if c.has("caption") && copied.File() != nil {
		t, err := c.caption()
		if err != nil {
			return nil, err
		}
		copied.Caption, copied.CaptionEntities = t.text, t.entities
	}
	sent := s.store(c, ch, copied)
	return map[string]int64{"message_id": sent.ID}, nil
}

// content is a message with what m says, and nothing of where it stood.
func (m *Message) content() *Message {
	return &Message{
		Text: m.Text, Entities: m.Entities, LinkPreview: m.LinkPreview, Document: m.Document, Photo: m.Photo,
		Voice: m.Voice, Video: m.Video, Audio: m.Audio, Sticker: m.Sticker, Caption: m.Caption,
		CaptionEntities: m.CaptionEntities, Contact: m.Contact, Location: m.Location,
	}
}

// service says whether m tells of an event rather than of words.
func (m *Message) service() bool {
	return m.NewChatMembers != nil || m.LeftChatMember != nil || m.PinnedMessage != nil || m.ForumTopicCreated != nil ||
		m.MigrateToChatID != 0 || m.MigrateFromChatID != 0 || m.UsersShared != nil
}
