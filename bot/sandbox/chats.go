package sandbox

import (
	"net/http"
	"strconv"
	"strings"
)

// Where a group stands with the bot.
const (
	botIn     = ""
	botKicked = "kicked"
	botLeft   = "left"
)

// chat is a private chat with a person, or a group.
type chat struct {
	info  Chat
	msgs  []*Message // msgs[i] has the id first+i; each is never changed, only replaced
	first int64

	person *personState // private chats
	group  *groupState  // groups
	pace   bucket
	minute []int64 // times of the sends to this group, for its 20 a minute
}

type personState struct {
	user        User
	started     bool // they wrote to the bot at least once
	blocked     bool
	deactivated bool
}

type groupState struct {
	members    []int64
	privacy    bool
	admin      bool
	bot        string // botIn, botKicked, botLeft
	deleted    bool
	migratedTo int64
}

// msgRef names a message.
type msgRef struct{ chat, id int64 }

func newChat(info Chat) *chat { return &chat{info: info, first: 1} }

// add stores m under the next id of the chat.
func (ch *chat) add(m *Message, keep int) *Message {
	m.ID = ch.first + int64(len(ch.msgs))
	m.Chat = ch.info
	ch.msgs = append(ch.msgs, m)
	if keep > 0 && len(ch.msgs) > 2*keep {
		gone := len(ch.msgs) - keep
		ch.msgs = append([]*Message(nil), ch.msgs[gone:]...)
		ch.first += int64(gone)
	}
	return m
}

// get is the message, unless it never was, was deleted or is no longer kept.
func (ch *chat) get(id int64) *Message {
	m := ch.any(id)
	if m == nil || m.Screen.Deleted {
		return nil
	}
	return m
}

// any is the message, deleted or not.
func (ch *chat) any(id int64) *Message {
	i := id - ch.first
	if i < 0 || i >= int64(len(ch.msgs)) {
		return nil
	}
	return ch.msgs[i]
}

// change replaces a message by a changed copy: what was handed out before stays as it was.
func (ch *chat) change(m *Message, change func(*Message)) *Message {
	next := *m
	change(&next)
	ch.msgs[m.ID-ch.first] = &next
	return &next
}

func (ch *chat) private() bool { return ch.person != nil }

// reference is m as the reply_to_message or message of an update: one level deep.
func reference(m *Message) *Message {
	if m == nil || m.ReplyTo == nil && m.PinnedMessage == nil {
		return m
	}
	flat := *m
	flat.ReplyTo, flat.PinnedMessage = nil, nil
	return &flat
}

// find is the chat by number or @name, whatever its state.
func (s *Server) find(ref string) *chat {
	if name, ok := strings.CutPrefix(ref, "@"); ok {
		ch := s.chats[s.names[strings.ToLower(name)]]
		if ch != nil && ch.private() {
			return nil // people cannot be addressed by name
		}
		return ch
	}
	id, err := strconv.ParseInt(strings.TrimSpace(ref), 10, 64)
	if err != nil {
		return nil
	}
	return s.chats[id]
}

// lookup is the chat of parameter name, as far as the bot may know of it.
func (s *Server) lookup(c *call, name string) (*chat, *apiError) {
	ch := s.find(c.params[name])
	if ch == nil {
		if c.int64(name) == s.me.ID {
			return nil, forbidden("the bot can't send messages to the bot")
		}
		return nil, bad("chat not found")
	}
	if name == "chat_id" {
		c.chatID = ch.info.ID
	}
	if g := ch.group; g != nil {
		if g.migratedTo != 0 { // Client.cpp:8150-8157
			e := bad("group chat was upgraded to a supergroup chat")
			e.migrateTo = g.migratedTo
			return nil, e
		}
		return ch, groupGone(ch)
	}
	return ch, nil
}

// groupGone is why the bot has no part in a group (Client.cpp:130-150).
func groupGone(ch *chat) *apiError {
	switch {
	case ch.group.deleted:
		return forbidden("the group chat was deleted")
	case ch.group.bot == botKicked:
		return forbidden("bot was kicked from the " + groupWord(ch) + " chat")
	case ch.group.bot == botLeft:
		return forbidden("bot is not a member of the " + groupWord(ch) + " chat")
	}
	return nil
}

func groupWord(ch *chat) string { return ch.info.Type }

// target is the chat to write to: it must be willing.
func (s *Server) target(c *call) (*chat, *apiError) {
	ch, err := s.lookup(c, "chat_id")
	if err != nil || ch.person == nil {
		return ch, err
	}
	switch p := ch.person; {
	case p.deactivated:
		err = forbidden("user is deactivated")
	case p.blocked:
		err = forbidden("bot was blocked by the user")
	case !p.started:
		err = forbidden("bot can't initiate conversation with a user")
	}
	return ch, err
}

// store adds a message of the bot to a chat and tells the watchers.
func (s *Server) store(c *call, ch *chat, m *Message) *Message {
	m.From = &s.me
	m.Date = s.now()
	ch.add(m, s.opts.Keep)
	c.sent = m.ID
	s.events.publish(Event{Kind: "message", Chat: ch.info.ID, Message: m})
	return m
}

// getChat answers with the fields of ChatFullInfo that must be there.
func (s *Server) getChat(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.lookup(c, "chat_id")
	if err != nil {
		return nil, err
	}
	if ch.person != nil && !ch.person.started {
		return nil, bad("chat not found")
	}
	return struct {
		Chat
		Accent    int             `json:"accent_color_id"`
		Reactions int             `json:"max_reaction_count"`
		Gifts     map[string]bool `json:"accepted_gift_types"`
	}{ch.info, int(ch.info.ID & 3), 11, map[string]bool{
		"unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true, "premium_subscription": true,
		"gifts_from_channels": true,
	}}, nil
}

// getChatMember says where somebody stands in a chat.
func (s *Server) getChatMember(c *call) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := s.lookup(c, "chat_id")
	if err != nil {
		return nil, err
	}
	id := c.int64("user_id")
	who, status := s.me, "member"
	if id != s.me.ID {
		p := s.chats[id]
		if p == nil || p.person == nil {
			return nil, refuse(http.StatusBadRequest, "user not found")
		}
		who = p.person.user
		if !ch.holds(id) {
			status = "left"
		}
	}
	return struct {
		Status string `json:"status"`
		User   User   `json:"user"`
	}{status, who}, nil
}

// holds says whether the person is in the chat.
func (ch *chat) holds(id int64) bool {
	if ch.group == nil {
		return ch.info.ID == id
	}
	for _, m := range ch.group.members {
		if m == id {
			return true
		}
	}
	return false
}
