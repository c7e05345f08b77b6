package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/handlers/talk"
)

// oldButtons are of verbs that no screen carries any more: they stand on messages of earlier versions and are still answered.
var oldButtons = []string{"task|{task}|", "tdone|{task}|{due}", "tmiss|{task}|{due}", "tlater|{task}|1h", "cmiss|{client}|{due}", "clater|{client}|1d"}

// TestGuard sends every command and every button as every role, as a stranger and as somebody who was removed, through the local
// Bot API server, about clients of one's own, of a colleague, in the bin, of another team, and one that the owner has not
// saved yet, and looks through all that the program sends for what the reader may not know.
func TestGuard(t *testing.T) {
	if testing.Short() {
		t.Skip("presses some thousand buttons as each role")
	}
	templates := slices.Concat(harvested.all(t), oldButtons)
	t.Run("buttons", func(t *testing.T) { allButtons(t, templates) })
	for _, role := range append(slices.Clone(crm.Roles), "") {
		name := string(role)
		if role == "" {
			name = "stranger"
		}
		t.Run(name, func(t *testing.T) { t.Parallel(); newGuard(t, role, false).holds(templates) })
	}
	t.Run("removed", func(t *testing.T) { t.Parallel(); newGuard(t, crm.RoleManager, true).holds(templates) })
}

// allButtons fails for a registered verb that no story shows, and for an old one that one does.
func allButtons(t *testing.T, templates []string) {
	s := newStage(t, "ru", "")
	s.start()
	shown := map[talk.Verb]int{}
	for _, template := range templates {
		verb, _, _ := strings.Cut(template, "|")
		shown[talk.Verb(verb)]++
	}
	for _, v := range s.app.talk.Verbs() {
		if shown[v] == 0 {
			t.Errorf("no screen of a story has a button %q: play one, or name it in oldButtons", v)
		}
	}
	for _, old := range oldButtons {
		if verb, _, _ := strings.Cut(old, "|"); shown[talk.Verb(verb)] > 1 {
			t.Errorf("%q is shown again: take it out of oldButtons", verb)
		}
	}
}

// holds attacks and looks at what came of it.
func (g *guard) holds(templates []string) {
	g.Helper()
	before := map[crm.EventID]bool{}
	for _, e := range g.events() {
		before[e.ID] = true
	}
	g.srv.ForgetCalls()
	g.sends(g.phrases())
	g.types()
	for _, b := range g.baits {
		g.presses(templates, b)
	}
	found := map[string]bool{}
	for _, c := range g.srv.Calls() {
		g.judgeCall(c, found)
	}
	g.shows(found)
	g.leavesAlone(before)
	if line := errorLine.FindString(g.log.String()); line != "" {
		g.Errorf("the log says\n%s", noise.ReplaceAllString(g.log.String(), ""))
	}
	g.Logf("%d presses, %d calls", len(g.means), len(g.srv.Calls()))
	if open := g.srv.Unanswered(); len(open) > 0 {
		g.Errorf("%d presses are not answered, the first carried %q", len(open), g.means[open[0]])
	}
}

// phrases is all that can be written: each command alone and with each thing that a client may be asked for by, these alone, and links
// to the cards, the tasks and the people.
func (g *guard) phrases() []string {
	var all []string
	for _, command := range g.app.talk.Commands() {
		all = append(all, "/"+command)
		for _, b := range g.baits {
			all = append(all, "/"+command+" "+b.surname, "/cancel")
		}
	}
	for _, b := range g.baits {
		all = append(all, "/start "+talk.CardPrefix+string(b.client.ID), "/start "+talk.TaskPrefix+string(b.task.ID),
			"/start "+talk.MemberPrefix+string(b.holder.ID), "Завтра в 10:00 позвонить "+b.surname, "/cancel")
		for _, what := range b.asked() {
			all = append(all, what, "/add Новый, "+what, "/cancel")
		}
	}
	return all
}

// sends writes in private, and each command in the team's group too.
func (g *guard) sends(phrases []string) {
	g.Helper()
	var last []sandbox.Update
	for _, text := range phrases {
		last = append(last, g.actor.Say(text))
	}
	in := g.actor.In(g.group.ID())
	for _, text := range phrases {
		if strings.HasPrefix(text, "/") {
			last = append(last, in.Say(text))
		}
	}
	for _, b := range g.baits {
		last = append(last, g.actor.ShareContact(sandbox.ContactSpec{Phone: b.phone(1), First: "Некто"}),
			g.actor.Forward(sandbox.ForwardSpec{FromID: 5000, FromName: "Некто", FromUsername: "ask_" + b.kind, Text: "привет"}), g.actor.Say("/cancel"))
	}
	g.settled(last)
}

// types asks by inline mode.
func (g *guard) types() {
	g.Helper()
	queries := []string{""}
	for _, b := range g.baits {
		queries = append(queries, b.asked()...)
	}
	for _, q := range queries {
		ctx, cancel := context.WithTimeout(g.Context(), patience)
		if _, err := g.actor.Inline(ctx, q, ""); err != nil { // what it offers is in the journal of the server
			g.Fatal(err)
		}
		cancel()
	}
}

// presses forges every button about a client: on the last message in private, and in the group.
func (g *guard) presses(templates []string, b *bait) {
	g.Helper()
	on, in := g.actor.Last().ID, g.actor.In(g.group.ID())
	seen := map[string]bool{}
	var all []sandbox.Update
	for _, template := range templates {
		data := g.fill(template, b)
		if seen[data] || b.kind != "own" && data == template { // it is about nobody
			continue
		}
		seen[data] = true
		if _, err := talk.Parse(data); err != nil {
			g.Fatalf("%q of %q: %v", data, template, err)
		}
		u := g.actor.Forge(on, data)
		g.means[u.CallbackID] = data
		all = append(all, u)
		if data != template {
			u = in.Forge(1, data)
			g.means[u.CallbackID] = data
			all = append(all, u)
		}
	}
	g.settled(all)
}

// settled waits for the bot to be done.
func (g *guard) settled(updates []sandbox.Update) {
	g.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, u := range updates {
		if err := g.srv.WaitHandled(ctx, u.ID); err != nil {
			g.Fatalf("the bot is not done with it: %v", err)
		}
	}
}

var (
	unspoken = regexp.MustCompile(`[^0-9]+`)
	numeric  = regexp.MustCompile(`^[0-9]+$`)
)

// judgeCall looks for marks in what was sent, and reports those that the reader may not see.
func (g *guard) judgeCall(c sandbox.Call, found map[string]bool) {
	g.Helper()
	raw := strings.Join(slices.Collect(maps.Values(c.Params)), "\n")
	if plain, err := url.QueryUnescape(raw); err == nil { // addresses of links
		raw += "\n" + plain
	}
	text, number := strings.ToLower(raw), unspoken.ReplaceAllString(raw, "")
	chat := c.Chat
	if c.Method == "answerInlineQuery" {
		chat = g.actor.ID()
	}
	for _, b := range g.baits {
		for field, mark := range b.marks {
			if numeric.MatchString(mark) && !strings.Contains(number, mark) || !numeric.MatchString(mark) && !strings.Contains(text, mark) {
				continue
			}
			if chat == g.actor.ID() {
				found[b.kind+"/"+field] = true
			}
			told := fmt.Sprintf("%s tells %d the %s of the client %s", c.Method, chat, field, b.kind)
			if !g.maySee(chat, b, field) && !found[told] {
				found[told] = true // once is enough
				g.Errorf("%s (%q):\n%s", told, g.means[c.Params["callback_query_id"]], text)
			}
		}
	}
	if _, inside := g.who[chat]; !inside && chat == g.actor.ID() && strings.Contains(text, "петрова") {
		g.Errorf("%s tells somebody outside who is in the team:\n%s", c.Method, text)
	}
}

// requisites are the fields that are on an invoice.
var requisites = []string{"name", "company", "address"}

// maySee holds a field of a client against the table of rights.
func (g *guard) maySee(chat int64, b *bait, field string) bool {
	if chat == g.group.ID() { // what a member does there with one press everybody sees, but no phone and no address
		return field != "phone" && field != "email" && field != "messenger" && field != "file" && g.maySee(g.actor.ID(), b, field)
	}
	m, inside := g.who[chat]
	switch {
	case !inside || b.kind == "foreign":
		return false
	case b.kind == "draft":
		return m.ID == g.boss.ID
	}
	needs := crm.ActionReadClient
	switch field {
	case "note", "file":
		needs = crm.ActionReadHistory
	case "task":
		needs = crm.ActionReadTask
	}
	scope := crm.MayDo(g.team, m.Role, needs)
	return (scope == crm.ScopeAll || scope == crm.ScopeOwn && b.holder.ID == m.ID) &&
		(crm.SeesAll(m.Role) || slices.Contains(requisites, field) || field == "task")
}

// shows proves that the search finds: who may see a client was shown it.
func (g *guard) shows(found map[string]bool) {
	g.Helper()
	for _, b := range g.baits {
		for field := range b.marks {
			if b.kind != "deleted" && g.maySee(g.actor.ID(), b, field) && !found[b.kind+"/"+field] && field != "file" {
				g.Errorf("%s was never shown the %s of the client %s", g.role, field, b.kind)
			}
		}
	}
}

// leavesAlone looks at what the attacker has changed since, and holds it against the table of rights.
func (g *guard) leavesAlone(before map[crm.EventID]bool) {
	g.Helper()
	for _, e := range g.events() {
		switch {
		case before[e.ID]:
		case e.Team != g.team.ID:
			g.Errorf("another team has the change %s", e.Action)
		case e.By == g.self && slices.Contains(crm.Actions, e.Action) && !g.mayDo(e):
			g.Errorf("%q did %s with %s, which the table does not allow", g.role, e.Action, e.Record)
		}
	}
}

// mayDo reports whether the table allows the attacker what an event says; whoever was removed may nothing.
func (g *guard) mayDo(e crm.Event) bool {
	self, inside := g.who[g.actor.ID()]
	scope := crm.MayDo(g.team, self.Role, e.Action)
	if !inside || scope == crm.ScopeNone {
		return false
	}
	baited := slices.IndexFunc(g.baits, func(b *bait) bool {
		return b.kind != "draft" && (e.Record == string(b.client.ID) || e.Record == string(b.task.ID))
	})
	return scope == crm.ScopeAll || baited < 0 || g.baits[baited].holder.ID == self.ID
}
