package sandbox

import (
	"slices"
	"strings"
)

// superBase is where ids of supergroups begin, downwards: -100 and ten digits.
const superBase = -1_000_000_000_000

// GroupSpec describes a group with the bot in it. ID 0 takes the next free one.
type GroupSpec struct {
	ID         int64
	Title      string
	Username   string // only supergroups have one
	Supergroup bool
	Privacy    bool // the bot sees only commands, mentions of it and replies to it
	BotAdmin   bool // the bot may delete the messages of others and pin
	Members    []*Person
}

// Group is a group or supergroup.
type Group struct {
	srv *Server
	id  int64
}

// AddGroup makes a group. The bot is told by my_chat_member that it was added, if there is a member to add it.
func (s *Server) AddGroup(spec GroupSpec) *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := "group"
	if spec.Supergroup {
		kind = "supergroup"
	}
	if spec.ID == 0 {
		spec.ID = -s.nextID.Group
		if spec.Supergroup {
			spec.ID += superBase
		}
		s.nextID.Group++
	}
	state := &groupState{privacy: spec.Privacy, admin: spec.BotAdmin}
	for _, p := range spec.Members {
		state.members = append(state.members, p.id)
	}
	g := s.addGroup(Chat{ID: spec.ID, Type: kind, Title: spec.Title, Username: spec.Username}, state)
	if len(spec.Members) > 0 {
		after := "member"
		if spec.BotAdmin {
			after = "administrator"
		}
		s.botMember(s.chats[spec.ID], spec.Members[0].user(), "left", after)
	}
	return g
}

func (s *Server) addGroup(info Chat, state *groupState) *Group {
	ch := newChat(info)
	ch.group = state
	s.chats[info.ID] = ch
	if info.Username != "" {
		s.names[strings.ToLower(info.Username)] = info.ID
	}
	g := &Group{srv: s, id: info.ID}
	s.groups = append(s.groups, g)
	return g
}

// Groups are all groups, in order of making.
func (s *Server) Groups() []*Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.groups)
}

// ID is the id of the group's chat.
func (g *Group) ID() int64 { return g.id }

// Chat is the group as the bot sees it.
func (g *Group) Chat() Chat {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	return g.chat().info
}

func (g *Group) chat() *chat { return g.srv.chats[g.id] }

// Members are the persons in the group, each looking at it.
func (g *Group) Members() []*Person {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	var list []*Person
	for _, id := range g.chat().group.members {
		list = append(list, &Person{srv: g.srv, id: id, in: g.id})
	}
	return list
}

// Has says whether a person is in the group.
func (g *Group) Has(p *Person) bool {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	return g.chat().holds(p.id) && !g.gone()
}

// Gone says whether the group was deleted, or goes on under another id.
func (g *Group) Gone() bool {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	return g.gone()
}

func (g *Group) gone() bool { return g.chat().group.deleted || g.chat().group.migratedTo != 0 }

// Add puts a person into the group, with the service message.
func (g *Group) Add(p *Person) Update {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	state := g.chat().group
	if !slices.Contains(state.members, p.id) {
		state.members = append(state.members, p.id)
	}
	up, _ := (&Person{srv: g.srv, id: p.id, in: g.id}).post(Message{NewChatMembers: []User{p.user()}})
	return up
}

// Remove takes a person out of the group, with the service message.
func (g *Group) Remove(p *Person) Update {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	who := p.user()
	up, _ := (&Person{srv: g.srv, id: p.id, in: g.id}).post(Message{LeftChatMember: &who})
	state := g.chat().group
	state.members = slices.DeleteFunc(state.members, func(id int64) bool { return id == p.id })
	return up
}

// KickBot throws the bot out: it is told by my_chat_member, and what it sends is refused with 403.
func (g *Group) KickBot() Update {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	up := g.tell("member", "kicked")
	g.chat().group.bot = botKicked
	return up
}

// ReturnBot takes the bot back in.
func (g *Group) ReturnBot() Update {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	g.chat().group.bot = botIn
	return g.tell("left", "member")
}

// tell queues the bot's my_chat_member, in the name of the first member.
func (g *Group) tell(before, after string) Update {
	by := User{ID: 1, FirstName: "Admin"}
	if m := g.chat().group.members; len(m) > 0 {
		by = g.srv.chats[m[0]].person.user
	}
	return g.srv.botMember(g.chat(), by, before, after)
}

// Delete deletes the group: what the bot sends is refused with 403.
func (g *Group) Delete() {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	g.chat().group.deleted = true
}

// Upgrade turns a group into a supergroup with another id. The old chat answers 400 with migrate_to_chat_id; the
// service messages say so in both (Client.cpp:8150-8157).
func (g *Group) Upgrade() *Group {
	s := g.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	old := g.chat()
	id := superBase - s.nextID.Group
	s.nextID.Group++
	state := &groupState{members: slices.Clone(old.group.members), privacy: old.group.privacy, admin: old.group.admin}
	next := s.addGroup(Chat{ID: id, Type: "supergroup", Title: old.info.Title}, state)
	g.service(Message{MigrateToChatID: id})
	old.group.migratedTo = id
	next.service(Message{MigrateFromChatID: g.id})
	return next
}

// service posts a message of the group itself. s.mu is held.
func (g *Group) service(m Message) {
	ch := g.chat()
	m.Date = g.srv.now()
	if len(ch.group.members) > 0 {
		by := g.srv.chats[ch.group.members[0]].person.user
		m.From = &by
	}
	stored := ch.add(&m, g.srv.opts.Keep)
	g.srv.events.publish(Event{Kind: "message", Chat: g.id, Message: stored})
	g.srv.push("message", g.id, stored)
}
