package sandbox

import "fmt"

// AddTopic opens a topic in a supergroup, which is a forum from then on, and returns its id: that of the message that
// opened it.
func (g *Group) AddTopic(name string) int64 {
	s := g.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := g.chat()
	if ch.info.Type != "supergroup" {
		panic("sandbox: only a supergroup has topics")
	}
	ch.info.IsForum = true
	next := ch.first + int64(len(ch.msgs))
	g.service(Message{ForumTopicCreated: &ForumTopic{Name: name, IconColor: 7322096}, ThreadID: next, IsTopicMessage: true})
	return next
}

// Topic is a topic of a group, as it is listed.
type Topic struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Topics are the topics of the group, in order of making.
func (g *Group) Topics() []Topic {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	list := []Topic{}
	for _, m := range g.chat().msgs {
		if m.ForumTopicCreated != nil && !m.Screen.Deleted {
			list = append(list, Topic{m.ID, m.ForumTopicCreated.Name})
		}
	}
	return list
}

// DeleteTopic deletes a topic: what the bot sends there is refused.
func (g *Group) DeleteTopic(id int64) {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	ch := g.chat()
	if m := ch.topic(id); m != nil {
		ch.change(m, func(n *Message) { n.Screen.Deleted = true })
	}
}

// topic is the message that opened a topic; nil if there is no such topic.
func (ch *chat) topic(id int64) *Message {
	if m := ch.get(id); m != nil && m.ForumTopicCreated != nil {
		return m
	}
	return nil
}

// InTopic is the same person looking at a topic of the group that they look at; it panics if there is none.
func (p *Person) InTopic(id int64) *Person {
	p.srv.mu.Lock()
	defer p.srv.mu.Unlock()
	if p.chat().topic(id) == nil {
		panic(fmt.Sprintf("sandbox: chat %d has no topic %d", p.in, id))
	}
	return &Person{srv: p.srv, id: p.id, in: p.in, topic: id}
}
