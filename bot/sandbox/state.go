package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// state is all that outlives a restart, as JSON. Sends under way, waiting polls, the journal, faults and inline
// answers do not.
type state struct {
	Version    int           `json:"version"`
	NextUpdate int64         `json:"next_update"`
	Next       ids           `json:"next"`
	Chats      []savedChat   `json:"chats"`
	Files      []*stored     `json:"files"`
	Queue      []*queued     `json:"queue"`
	Allowed    []string      `json:"allowed_updates,omitempty"`
	Presses    []savedPress  `json:"presses"`
	Picked     []savedPicked `json:"picked"`
	Profile    profile       `json:"profile"`
}

type savedChat struct {
	Info     Chat           `json:"info"`
	First    int64          `json:"first"`
	Messages []savedMessage `json:"messages"`

	User        *User `json:"user,omitempty"`
	Started     bool  `json:"started,omitempty"`
	Blocked     bool  `json:"blocked,omitempty"`
	Deactivated bool  `json:"deactivated,omitempty"`

	Members    []int64 `json:"members,omitempty"`
	Privacy    bool    `json:"privacy,omitempty"`
	Admin      bool    `json:"admin,omitempty"`
	Bot        string  `json:"bot,omitempty"`
	Deleted    bool    `json:"deleted,omitempty"`
	MigratedTo int64   `json:"migrated_to,omitempty"`
}

type savedMessage struct {
	Message *Message `json:"message"`
	Screen  Screen   `json:"screen"`
}

type savedPress struct {
	ID       string    `json:"id"`
	Person   int64     `json:"person"`
	Chat     int64     `json:"chat"`
	Update   int64     `json:"update"`
	At       time.Time `json:"at"`
	Answered bool      `json:"answered"`
	Answer   Answer    `json:"answer"`
}

type savedPicked struct {
	ID      string `json:"id"`
	Chat    int64  `json:"chat"`
	Message int64  `json:"message"`
}

// Save writes chats, people, files, the command menu and the unconfirmed updates as JSON, for Load.
func (s *Server) Save(w io.Writer) error {
	s.mu.Lock()
	st := s.snapshot()
	s.mu.Unlock()
	if err := json.NewEncoder(w).Encode(st); err != nil {
		return fmt.Errorf("save sandbox: %w", err)
	}
	return nil
}

// snapshot copies the state; messages are shared, since they never change.
func (s *Server) snapshot() state {
	st := state{Version: 1, NextUpdate: s.queue.next, Next: s.nextID, Profile: s.profile.clone()}
	for _, p := range s.people {
		st.Chats = append(st.Chats, saveChat(s.chats[p.id]))
	}
	for _, g := range s.groups {
		st.Chats = append(st.Chats, saveChat(s.chats[g.id]))
	}
	for _, f := range s.files {
		st.Files = append(st.Files, f)
	}
	for _, list := range [...][]*queued{s.queue.items, s.queue.repeats} {
		for _, u := range list {
			if !u.done {
				saved := *u
				st.Queue = append(st.Queue, &saved)
			}
		}
	}
	for kind := range s.queue.allowed {
		st.Allowed = append(st.Allowed, kind)
	}
	slices.Sort(st.Allowed)
	for id, q := range s.press {
		st.Presses = append(st.Presses, savedPress{id, q.person, q.chat, q.update, q.at, q.answered, q.answer})
	}
	for id, ref := range s.picked {
		st.Picked = append(st.Picked, savedPicked{id, ref.chat, ref.id})
	}
	return st
}

func saveChat(ch *chat) savedChat {
	c := savedChat{Info: ch.info, First: ch.first}
	for _, m := range ch.msgs {
		c.Messages = append(c.Messages, savedMessage{m, m.Screen})
	}
	if p := ch.person; p != nil {
		user := p.user
		c.User, c.Started, c.Blocked, c.Deactivated = &user, p.started, p.blocked, p.deactivated
	}
	if g := ch.group; g != nil {
		c.Members, c.Privacy, c.Admin = slices.Clone(g.members), g.privacy, g.admin
		c.Bot, c.Deleted, c.MigratedTo = g.bot, g.deleted, g.migratedTo
	}
	return c
}

// Load restores what Save wrote into a new Server, before the bot and the people come. Ids go on from where they
// were. It fails on anything that Save did not write.
func (s *Server) Load(r io.Reader) error {
	var st state
	if err := json.NewDecoder(r).Decode(&st); err != nil {
		return fmt.Errorf("load sandbox: %w", err)
	}
	if st.Version != 1 {
		return fmt.Errorf("load sandbox: version %d is unknown", st.Version)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range st.Chats {
		s.loadChat(c)
	}
	for _, f := range st.Files {
		s.files[f.ID] = f
	}
	s.nextID = st.Next
	s.queue.next = st.NextUpdate
	for _, u := range st.Queue {
		s.queue.items = append(s.queue.items, u)
		s.queue.pending[u.ID]++
		s.queue.history[u.ID] = u
	}
	slices.SortStableFunc(s.queue.items, func(a, b *queued) int { return cmp.Compare(a.ID, b.ID) })
	if st.Allowed != nil {
		s.queue.allowed = map[string]bool{}
		for _, kind := range st.Allowed {
			s.queue.allowed[kind] = true
		}
	}
	for _, p := range st.Presses {
		s.press[p.ID] = &callback{
			id: number(p.ID), person: p.Person, chat: p.Chat, update: p.Update, at: p.At,
			answered: p.Answered, answer: p.Answer,
		}
	}
	for _, p := range st.Picked {
		s.picked[p.ID] = msgRef{p.Chat, p.Message}
	}
	s.profile = st.Profile.clone()
	return nil
}

func (s *Server) loadChat(c savedChat) {
	var ch *chat
	if c.User != nil {
		s.addPerson(*c.User)
		ch = s.chats[c.Info.ID]
		ch.person.started, ch.person.blocked, ch.person.deactivated = c.Started, c.Blocked, c.Deactivated
	} else {
		s.addGroup(c.Info, &groupState{
			members: c.Members, privacy: c.Privacy, admin: c.Admin, bot: c.Bot, deleted: c.Deleted, migratedTo: c.MigratedTo,
		})
		ch = s.chats[c.Info.ID]
	}
	ch.first, ch.msgs = c.First, nil
	for _, m := range c.Messages {
		m.Message.Screen = m.Screen
		ch.msgs = append(ch.msgs, m.Message)
	}
}

// clone copies the profile; its maps are never nil.
func (p *profile) clone() profile {
	var c profile
	c.init()
	for k, v := range p.Commands {
		c.Commands[k] = slices.Clone(v)
	}
	for k, v := range p.Words {
		c.Words[k] = v
	}
	for k, v := range p.Menus {
		c.Menus[k] = v
	}
	return c
}

// number is the decimal number s, 0 if it is none.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
