package main

import (
	"strings"

	"kartoteka/bot/sandbox"
)

// Groups of a story. The people of a group stand there under names of their own, and do and see there what others do in
// private:
//
//	group sales "Отдел продаж" anna petr   a group with the bot in it, told of by Anna; with topics it needs `super` first
//	topic sales/news "Новости"             a topic of it
//	anna@sales: /here                      Anna in the group, anna@sales/news in the topic
//	anna@sales sees: …
//	kick sales, return sales               the bot is thrown out, is taken in again
//	upgrade sales                          the group gets another id
//	close sales/news                       the topic is deleted
func (s *stage) groupWords() map[string]func(rest string) {
	return map[string]func(rest string){
		"group": func(rest string) { s.addGroup(sandbox.GroupSpec{}, rest) },
		"super": func(rest string) { s.addGroup(sandbox.GroupSpec{Supergroup: true}, rest) },
		"topic": func(rest string) {
			words := tokens(rest)
			group, name, _ := strings.Cut(words[0], "/")
			id := s.groups[group].AddTopic(strings.Trim(words[1], `"`))
			s.topics[words[0]] = id
			for _, p := range s.peopleIn(group) {
				s.people[p+"@"+group+"/"+name] = s.standing(p+"@"+group+"/"+name, s.people[p+"@"+group].InTopic(id))
			}
		},
		"kick":   func(rest string) { s.handled(s.groups[rest].KickBot()) },
		"return": func(rest string) { s.handled(s.groups[rest].ReturnBot()) },
		"close": func(rest string) {
			group, _, _ := strings.Cut(rest, "/")
			s.groups[group].DeleteTopic(s.topics[rest])
			s.forgiven = append(s.forgiven, "message thread not found") // how else is it found out
		},
		"upgrade": func(rest string) {
			next := s.groups[rest].Upgrade()
			s.groups[rest] = next
			for _, p := range s.peopleIn(rest) {
				s.people[p+"@"+rest] = s.standing(p+"@"+rest, s.people[p].In(next.ID()))
			}
			s.handled(s.people["anna"].Say("/cancel")) // what is told before is done with, too
		},
	}
}

// addGroup makes a group of: name "title" people.
func (s *stage) addGroup(spec sandbox.GroupSpec, rest string) {
	words := tokens(rest)
	name := words[0]
	spec.Title, spec.Privacy = strings.Trim(words[1], `"`), true
	for _, who := range words[2:] {
		spec.Members = append(spec.Members, s.people[who].Person)
	}
	s.look()
	g := s.srv.AddGroup(spec)
	s.groups[name] = g
	for _, who := range words[2:] {
		s.people[who+"@"+name] = s.standing(who+"@"+name, s.people[who].In(g.ID()))
	}
	s.last = s.people[words[2]+"@"+name]
	s.look()
	s.handled(g.ReturnBot()) // once more, so that there is an update to wait for
}

func (s *stage) standing(name string, p *sandbox.Person) *actor {
	return &actor{Person: p, name: name, marks: map[string]sandbox.Message{}}
}

// peopleIn are the names of those in a group.
func (s *stage) peopleIn(group string) []string {
	var names []string
	for name := range s.people {
		if who, in, ok := strings.Cut(name, "@"); ok && in == group {
			names = append(names, who)
		}
	}
	return names
}
