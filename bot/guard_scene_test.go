package main

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/bot/sandbox"
	"kartoteka/crm"
	"kartoteka/crm/civil"
)

// baits are the clients that are planted: whose they are, and the surname by which they are asked for.
var baits = []struct{ kind, surname string }{
	{"own", "Хозяйкин"}, {"team", "Соседкин"}, {"deleted", "Корзинкин"}, {"foreign", "Чужедалин"}, {"draft", "Черновикин"},
}

// bait is a planted client. Of each field one value is what it is asked for by, and may be echoed; another one, the mark, is
// what nobody can know who is not shown the field.
type bait struct {
	kind, surname string
	digit         int    // in its phones
	file          string // of the history
	holder        crm.Member
	client        crm.Client
	task          crm.Task
	touch         crm.Touch
	event         crm.EventID
	marks         map[string]string // field → mark, in lower case
}

func (b *bait) mark(field string) string { return "мета" + b.kind + field }

// asked are the things by which somebody may ask for the client.
func (b *bait) asked() []string {
	return []string{b.surname, b.phone(1), "ask-" + b.kind + "@example.com", "@ask_" + b.kind, "Спрос" + b.kind}
}

func (b *bait) phone(n int) string { return fmt.Sprintf("+790%d%d55500%02d", b.digit, b.digit, n) }

// profile is the card, each field with what it is asked for by and with its mark.
func (b *bait) profile(custom crm.FieldID) crm.Profile {
	b.marks = map[string]string{"phone": strings.TrimPrefix(b.phone(2), "+7"), "email": "mark-" + b.kind + "@example.com",
		"messenger": "mark_" + b.kind, "file": b.file}
	for _, field := range []string{"name", "company", "position", "address", "tag", "interest", "custom", "date", "note", "task"} {
		b.marks[field] = b.mark(field)
	}
	return crm.Profile{
		Name: b.surname + " " + b.mark("name"), Company: "Спрос" + b.kind + " " + b.mark("company"), Position: b.mark("position"),
		Phones:     []crm.Phone{{E164: b.phone(1)}, {E164: b.phone(2)}},
		Emails:     []string{"ask-" + b.kind + "@example.com", b.marks["email"]},
		Messengers: []crm.Messenger{{Kind: "telegram", Handle: "ask_" + b.kind}, {Kind: "vk", Handle: b.marks["messenger"]}},
		City:       "Омск", Address: b.mark("address"), Tags: []string{"Спрос" + b.kind, b.mark("tag")}, Interests: []string{b.mark("interest")},
		Birthday: civil.Date{Year: 1980, Month: 11, Day: 21}, Dates: []crm.OtherDate{b.date()},
		Custom: map[crm.FieldID]string{custom: b.mark("custom")},
	}
}

func (b *bait) date() crm.OtherDate {
	return crm.OtherDate{Label: b.mark("date"), Day: civil.Date{Year: 2010, Month: 11, Day: 22}, Lead: 3}
}

// guard is a team with planted clients, and the one who tries to get at them.
type guard struct {
	*stage
	role  crm.Role     // "": a stranger
	self  crm.MemberID // "" of a stranger
	boss  crm.Actor
	actor *actor
	team  crm.Team
	field crm.FieldID
	place crm.PlaceID
	group *sandbox.Group
	baits []*bait
	draft string               // of the boss
	who   map[int64]crm.Member // chat → the member who reads it
	means map[string]string    // press → what it carried
	mate  crm.MemberID         // a colleague
}

// newGuard plants the clients. The attacker is Ivan, but for the owner, who is Anna herself.
func newGuard(t *testing.T, role crm.Role, gone bool) *guard {
	t.Helper()
	g := &guard{stage: newStage(t, "ru", ""), role: role, means: map[string]string{}}
	g.start()
	g.hire("petr")
	g.actor = g.people["anna"]
	if role != crm.RoleOwner {
		g.actor = g.people["ivan"]
		if role != "" {
			g.hire("ivan " + string(role))
		}
	}
	g.boss = g.member("anna", "guard")
	g.furnish()
	for n, b := range baits {
		g.baits = append(g.baits, &bait{kind: b.kind, surname: b.surname, digit: n + 1})
	}
	far := g.foreigner()
	petr := g.member("petr", "").Member
	g.mate = petr.ID
	g.plant(g.bait("own"), g.boss.Member, petr)
	if role != "" {
		self := g.member(g.actor.name, "").Member
		g.self = self.ID
		g.give(g.bait("own"), self)
	}
	g.plant(g.bait("team"), g.boss.Member, petr)
	g.plant(g.bait("deleted"), g.boss.Member, petr)
	g.plant(g.bait("foreign"), far, far)
	g.begin()
	_, err := g.app.desk.DeleteClient(t.Context(), g.as(g.boss.Member, "bin"), g.bait("deleted").client.ID)
	if gone {
		g.handled(g.actor.Say("/find " + g.bait("own").surname)) // the card stays on the screen
		_, removed := g.app.desk.RemoveMember(t.Context(), g.as(g.boss.Member, "remove"), g.self, []crm.MemberID{petr.ID})
		err = errors.Join(err, removed)
	}
	if err != nil {
		t.Fatal(err)
	}
	g.read()
	return g
}

func (g *guard) bait(kind string) *bait {
	for _, b := range g.baits {
		if b.kind == kind {
			return b
		}
	}
	g.Fatalf("no bait %s", kind)
	return nil
}

func (g *guard) as(m crm.Member, cause string) crm.Actor {
	return crm.Actor{Member: m, Cause: crm.Cause("guard." + cause)}
}

// furnish gives the team a field of its own and a group.
func (g *guard) furnish() {
	g.Helper()
	team, err := g.app.desk.AddField(g.Context(), g.as(g.boss.Member, "field"), crm.CustomField{Name: "Размер", Kind: crm.FieldText})
	if err != nil {
		g.Fatal(err)
	}
	g.field = team.Fields[0].ID
	g.addGroup(sandbox.GroupSpec{}, `sales "Отдел продаж" anna petr ivan boris`)
	g.group = g.groups["sales"]
	if team, err = g.app.desk.LinkPlace(g.Context(), g.as(g.boss.Member, "place"), g.group.ID(), 0, "Отдел продаж"); err != nil {
		g.Fatal(err)
	}
	g.team, g.place = team, team.Places[0].ID
}

// foreigner is the owner of another team in the same base.
func (g *guard) foreigner() crm.Member {
	g.Helper()
	now := g.clock.Now().UTC()
	g.srv.AddPerson(sandbox.PersonSpec{ID: 900, First: "Метачужак"}) // who has written to the bot: a start gives everybody their menu
	team := crm.Team{ID: "far", Rev: 1, Schema: crm.SchemaVersion, Region: "RU", Zone: "Europe/Moscow", Lang: "ru", Created: now, Fields: g.team.Fields}
	m := crm.Member{ID: "farmember", Team: "far", Rev: 1, Schema: crm.SchemaVersion, User: 900, Name: "Метачужак", Role: crm.RoleOwner,
		Zone: "Europe/Moscow", Lang: "ru", Created: now}
	err := errors.Join(g.app.store.SaveTeam(g.Context(), team, crm.Event{ID: "far1", Team: "far", Rev: 1}),
		g.app.store.SaveMember(g.Context(), m, crm.Event{ID: "far2", Team: "far", Rev: 1}))
	if err != nil {
		g.Fatal(err)
	}
	return m
}

// plant makes a client a year ago, with a history, an edit and a task, and gives it to its holder.
func (g *guard) plant(b *bait, by, holder crm.Member) {
	g.Helper()
	ctx := g.Context()
	b.file = g.uploaded()
	past := crm.NewDesk(g.app.store, clockwork.NewFakeClockAt(g.clock.Now().AddDate(-1, 0, 0)))
	cause := func(what string) crm.Actor { return g.as(by, b.kind+"."+what) }
	c, err := past.AddClient(ctx, cause("add"), crm.Draft{Profile: b.profile(g.field)}, true)
	if err == nil {
		_, err = past.LogTouch(ctx, cause("note"), c.ID, crm.TouchInput{Kind: crm.TouchCall, Outcome: crm.OutcomeOffer, Text: b.mark("note"),
			Files: []crm.File{{ID: b.marks["file"], Unique: b.marks["file"], Kind: "document", Name: "договор.pdf"}}})
	}
	if err == nil {
		_, err = past.EditClient(ctx, cause("edit"), c.ID, crm.Edit{Field: crm.FieldPosition, Value: b.mark("position") + " старший", Force: true})
	}
	if err == nil {
		b.task, err = g.app.desk.AddTask(ctx, cause("task"), crm.TaskInput{Client: c.ID, Text: b.mark("task"), Assignee: holder.ID,
			Due: g.clock.Now().Add(26 * time.Hour)})
	}
	if err != nil {
		g.Fatal(err)
	}
	b.event = cause("edit").Cause.EventID(0)
	touches, err := g.app.store.Touches(ctx, crm.TouchQuery{Team: c.Team, Client: c.ID, Limit: 1})
	if err != nil {
		g.Fatal(err)
	}
	b.touch, b.client = touches[0], c
	g.give(b, holder)
}

// uploaded is a file that Telegram has.
func (g *guard) uploaded() string {
	sent := g.people["boris"].SendFile(sandbox.FileSpec{Name: "договор.pdf"})
	for _, m := range g.people["boris"].Messages() {
		if m.ID == sent.MessageID {
			return m.File().FileID
		}
	}
	g.Fatal("the file is not there")
	return ""
}

// give makes the client somebody's, whatever their role is: it may have been another one before.
func (g *guard) give(b *bait, holder crm.Member) {
	g.Helper()
	ctx := g.Context()
	c, err := g.app.store.Client(ctx, b.client.Team, b.client.ID)
	if err == nil && c.Owner != holder.ID {
		c.Owner, c.Rev = holder.ID, c.Rev+1
		c.Terms, c.Words, c.Keys = b.client.Terms, b.client.Words, b.client.Keys
		err = g.app.store.SaveClient(ctx, crm.ClientChange{Client: c, Event: crm.Event{ID: crm.EventID("give." + b.kind + "." + string(holder.ID)),
			Team: c.Team, Action: crm.ActionHandOverClient, Record: string(c.ID), Rev: c.Rev}})
	}
	if err == nil && b.task.Assignee != holder.ID {
		b.task.Assignee, b.task.Rev = holder.ID, b.task.Rev+1
		err = g.app.store.SaveTask(ctx, b.task, crm.Event{ID: crm.EventID("give.task." + b.kind + "." + string(holder.ID)), Team: c.Team,
			Action: crm.ActionEditTask, Record: string(b.task.ID), Rev: b.task.Rev})
	}
	if err != nil {
		g.Fatal(err)
	}
	b.client, b.holder = c, holder
}

// begin has the owner write down a client and not save it.
func (g *guard) begin() {
	g.Helper()
	b, anna := g.bait("draft"), g.people["anna"]
	b.marks = map[string]string{"name": b.mark("name"), "email": "mark-draft@example.com", "note": b.mark("note")}
	g.handled(anna.Say("/add " + b.surname + " Метадрафтname, mark-draft@example.com, " + b.mark("note")))
	b.marks["name"] = "метадрафтname"
	for _, button := range anna.Last().Buttons() {
		if verb, rest, _ := strings.Cut(button.Data, "|"); verb == "keep" {
			g.draft, _, _ = strings.Cut(rest, "|")
		}
	}
	if g.draft == "" {
		g.Fatalf("no draft is offered:\n%s", screenText(anna.Last()))
	}
	b.client.ID = crm.ClientID(g.draft)
}

// read notes who reads which chat. What is shown to somebody who was removed is shown to nobody of the team.
func (g *guard) read() {
	g.Helper()
	g.who = map[int64]crm.Member{}
	all, err := g.app.store.Members(g.Context(), g.team.ID)
	if err != nil {
		g.Fatal(err)
	}
	for _, m := range all {
		if m.Removed.IsZero() {
			g.who[m.User] = m
		}
	}
}

// fill makes data of a template: it is about the bait, and whoever could be given something is the attacker.
func (g *guard) fill(template string, b *bait) string {
	self, other := cmp.Or(g.self, g.boss.ID), b.holder.ID
	if other == self || other == "" {
		other = g.mate
	}
	stamp := func(t time.Time) string { return strconv.FormatInt(t.Unix(), 36) }
	data := strings.Replace(template, "|{member}|", "|"+string(other)+"|", 1)
	data = strings.NewReplacer("{client}", string(b.client.ID), "{task}", string(b.task.ID), "{touch}", string(b.touch.ID),
		"{event}", string(b.event), "{member}", string(self), "{field}", string(g.field), "{place}", string(g.place), "{draft}", g.draft,
		"t{due}", "t"+stamp(b.task.Due), "o{due}", "o"+stamp(b.client.Offered), "{due}", stamp(b.task.Due), "{date}", b.date().Key(),
		"{cursor}", strconv.FormatInt(b.touch.At.UnixMilli(), 36), "{name}", b.surname).Replace(data)
	return data
}

// events are those of both teams.
func (g *guard) events() []crm.Event {
	g.Helper()
	var all []crm.Event
	for _, team := range []crm.TeamID{g.team.ID, "far"} {
		list, err := g.app.store.Audit(g.Context(), crm.AuditQuery{Team: team, Limit: 10_000})
		if err != nil {
			g.Fatal(err)
		}
		all = append(all, list...)
	}
	return all
}
