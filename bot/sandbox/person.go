package sandbox

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// PersonSpec describes someone who can talk to the bot. ID 0 takes the next free one, from 100001.
type PersonSpec struct {
	ID       int64
	First    string
	Last     string
	Username string
	Lang     string // IETF tag, as "ru"
}

// Person is somebody with a phone, looking at one chat: the private one with the bot, or a group (see In).
type Person struct {
	srv *Server
	id  int64
	in  int64 // the chat that they look at

	topic int64 // of it; 0: none
}

// Update is what the bot will be told.
type Update struct {
	ID         int64  // update_id; 0: the bot will not be told, the kind is not in allowed_updates
	Kind       string // message, callback_query, …
	MessageID  int64  // the message that was sent, edited or pressed
	CallbackID string // callback_query.id, for Server.Answered
}

// AddPerson adds someone, or changes the names of someone who is there.
func (s *Server) AddPerson(spec PersonSpec) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	if spec.ID == 0 {
		for s.chats[s.nextID.Person] != nil {
			s.nextID.Person++
		}
		spec.ID = s.nextID.Person
		s.nextID.Person++
	}
	return s.addPerson(User{
		ID: spec.ID, FirstName: spec.First, LastName: spec.Last, Username: spec.Username, LanguageCode: spec.Lang,
	})
}

func (s *Server) addPerson(u User) *Person {
	info := Chat{ID: u.ID, Type: "private", FirstName: u.FirstName, LastName: u.LastName, Username: u.Username}
	if u.Username != "" {
		s.names[strings.ToLower(u.Username)] = u.ID
	}
	if ch := s.chats[u.ID]; ch != nil && ch.person != nil {
		ch.info, ch.person.user = info, u
		for _, p := range s.people {
			if p.id == u.ID {
				return p
			}
		}
	}
	ch := newChat(info)
	ch.person = &personState{user: u}
	s.chats[u.ID] = ch
	p := &Person{srv: s, id: u.ID, in: u.ID}
	s.people = append(s.people, p)
	return p
}

// Person is the person with that id, nil if there is none.
func (s *Server) Person(id int64) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.person(id)
}

func (s *Server) person(id int64) *Person {
	if ch := s.chats[id]; ch == nil || ch.person == nil {
		return nil
	}
	return &Person{srv: s, id: id, in: id}
}

// People are all persons, in order of arrival.
func (s *Server) People() []*Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Person(nil), s.people...)
}

// ID is the person's Telegram id, which is also the id of the private chat with the bot.
func (p *Person) ID() int64 { return p.id }

// User is the account of the person.
func (p *Person) User() User {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.user()
}

// user is the account; srv.mu is held.
func (p *Person) user() User { return p.srv.chats[p.id].person.user }

// ChatID is the chat that the person looks at.
func (p *Person) ChatID() int64 { return p.in }

// In is the same person looking at another chat; it panics if there is no such chat or they are not in it.
func (p *Person) In(chatID int64) *Person {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if ch := p.srv.chats[chatID]; ch == nil || !ch.holds(p.id) {
		panic(fmt.Sprintf("sandbox: person %d is not in chat %d", p.id, chatID))
	}
	return &Person{srv: p.srv, id: p.id, in: chatID}
}

// chat is the chat that the person looks at. srv.mu is held.
func (p *Person) chat() *chat { return p.srv.chats[p.in] }

// post puts a message of the person into the chat and queues it for the bot. srv.mu is held.
func (p *Person) post(m Message) (Update, *Message) {
	s, ch := p.srv, p.chat()
	if ch.private() {
		if ch.person.blocked {
			p.setBlocked(false)
		}
		ch.person.started = true
	}
	u := p.user()
	m.From, m.Date = &u, s.now()
	if p.topic != 0 {
		m.ThreadID, m.IsTopicMessage = p.topic, true
		if m.ReplyTo == nil {
			m.ReplyTo = ch.topic(p.topic) // as Telegram has it
		}
	}
	stored := ch.add(&m, s.opts.Keep)
	s.events.publish(Event{Kind: "message", Chat: ch.info.ID, Message: stored})
	if !s.reads(ch, stored) {
		return Update{Kind: "message", MessageID: stored.ID}, stored
	}
	up := s.push("message", ch.info.ID, stored)
	up.MessageID = stored.ID
	return up, stored
}

// reads says whether the bot sees the message: in a group with privacy on only commands, mentions, replies
// to it, its own inline results and service messages (core.telegram.org/bots/features#privacy-mode).
func (s *Server) reads(ch *chat, m *Message) bool {
	g := ch.group
	if g == nil {
		return true
	}
	if g.bot != botIn {
		return false
	}
	if !g.privacy || g.admin || m.service() || m.ViaBot != nil {
		return true
	}
	if m.ReplyTo != nil && m.ReplyTo.From != nil && m.ReplyTo.From.ID == s.me.ID {
		return true
	}
	me := "@" + strings.ToLower(s.me.Username)
	if strings.Contains(strings.ToLower(m.Body()), me) {
		return true
	}
	command, _, _ := strings.Cut(m.Text, " ")
	return strings.HasPrefix(command, "/") && !strings.Contains(command, "@")
}

// Say sends a text. One longer than 4096 units becomes several messages, as in Telegram's apps; the update is the
// last one's. Who had blocked the bot unblocks it by that.
func (p *Person) Say(text string) Update { return p.say(text, 0) }

// Reply sends a text as a reply to a message of this chat; it is no reply if that message is gone.
func (p *Person) Reply(msgID int64, text string) Update { return p.say(text, msgID) }

func (p *Person) say(text string, replyTo int64) Update {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	var up Update
	for _, part := range split(cleanText(text), maxText) {
		m := Message{Text: part, Entities: addFound(part, nil), ReplyTo: p.replied(replyTo)}
		up, _ = p.post(m)
	}
	return up
}

func (p *Person) replied(id int64) *Message {
	if id == 0 {
		return nil
	}
	return reference(p.chat().get(id))
}

// split cuts a text into pieces of at most size UTF-16 units.
func split(text string, size int) []string {
	if len(text) <= size || utf16Len(text) <= size {
		return []string{text}
	}
	var parts []string
	from, units := 0, 0
	for i, r := range text {
		n := utf16.RuneLen(r)
		if units+n > size {
			parts = append(parts, text[from:i])
			from, units = i, 0
		}
		units += n
	}
	return append(parts, text[from:])
}

// Send sends any message: the contents of m with the id, sender, chat and date set here.
func (p *Person) Send(m Message) Update {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	up, _ := p.post(m)
	return up
}

// Edit changes the text (or the caption) of a message that the person sent; of another's it does nothing.
func (p *Person) Edit(msgID int64, text string) Update {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := p.chat()
	m := ch.get(msgID)
	if m == nil || m.From == nil || m.From.ID != p.id {
		return Update{Kind: "edited_message"}
	}
	text = cleanText(text)
	m = ch.change(m, func(n *Message) {
		n.EditDate = s.now()
		if n.File() != nil {
			n.Caption, n.CaptionEntities = text, addFound(text, nil)
			return
		}
		n.Text, n.Entities = text, addFound(text, nil)
	})
	s.events.publish(Event{Kind: "edited", Chat: ch.info.ID, Message: m})
	if !s.reads(ch, m) {
		return Update{Kind: "edited_message", MessageID: m.ID}
	}
	up := s.push("edited_message", ch.info.ID, m)
	up.MessageID = m.ID
	return up
}

// Block blocks the bot: it is told by my_chat_member, and what it sends is refused with 403 from now on.
func (p *Person) Block() Update {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.setBlocked(true)
}

// Unblock takes the block back.
func (p *Person) Unblock() Update {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.setBlocked(false)
}

// setBlocked changes the block and tells the bot. srv.mu is held.
func (p *Person) setBlocked(on bool) Update {
	ch := p.srv.chats[p.id]
	if ch.person.blocked == on {
		return Update{Kind: "my_chat_member"}
	}
	ch.person.blocked = on
	status := map[bool]string{true: "kicked", false: "member"}
	p.srv.events.publish(Event{Kind: "member", Chat: p.id})
	return p.srv.botMember(ch, p.user(), status[!on], status[on])
}

// Deactivate deletes the account: what the bot sends is refused with 403.
func (p *Person) Deactivate() {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	p.srv.chats[p.id].person.deactivated = true
}

// Blocked says whether the person has blocked the bot.
func (p *Person) Blocked() bool {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	return p.srv.chats[p.id].person.blocked
}

// botMember tells the bot by my_chat_member how it stands in a chat now. s.mu is held.
func (s *Server) botMember(ch *chat, by User, before, after string) Update {
	member := func(status string) map[string]any {
		m := map[string]any{"status": status, "user": s.me}
		if status == "kicked" {
			m["until_date"] = 0
		}
		return m
	}
	return s.push("my_chat_member", ch.info.ID, map[string]any{
		"chat": ch.info, "from": by, "date": s.now(), "old_chat_member": member(before), "new_chat_member": member(after),
	})
}

// Chats are the chats of the person: the private one with the bot first, then the groups.
func (p *Person) Chats() []Chat {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []Chat{s.chats[p.id].info}
	for _, g := range s.groups {
		if ch := g.chat(); ch.holds(p.id) && ch.group.migratedTo == 0 {
			list = append(list, ch.info)
		}
	}
	return list
}
