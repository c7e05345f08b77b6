// Package remind is the conversation about what is due: the reminders that come by themselves with the buttons that
// finish them, tasks, and what the day holds.
package remind

import (
	"context"
	"errors"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/spell"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Notifier shows notices in the members' private chats and in groups; it is what crm.Desk.DeliverReminders sends through.
type Notifier struct {
	Bot     string // username, for links
	Out     chat.Messenger
	Catalog *locales.Catalog
	Clock   crm.Clock
}

// Notify shows one notice.
func (n Notifier) Notify(ctx context.Context, notice crm.Notice) (int64, error) {
	if notice.Kind == crm.RemindHide {
		return notice.Message, n.hide(ctx, notice)
	}
	v := view{t: n.Catalog.For(notice.To.Lang), now: n.Clock.Now().In(notice.To.Location())}
	to, screen := notice.To.User, v.screen(notice)
	if notice.Place.ID != "" {
		v.whose = notice.To.ID
		to, screen = notice.Place.Chat, forPlace(v.screen(notice), notice, n.Bot)
		if notice.At == "" {
			screen.Text += "\n" + v.t.HTML("group.whose", "name", notice.To.Name)
		}
		screen.Topic = notice.Place.Topic
	}
	screen.Protected = notice.Protected
	id, err := n.Out.Send(ctx, to, screen)
	return id, classed(err)
}

// classed says what became of a message in the terms of who asked for it.
func classed(err error) error {
	switch {
	case errors.Is(err, chat.ErrUnreachable):
		return errors.Join(crm.ErrUnreachable, err)
	case errors.Is(err, chat.ErrRefused):
		return errors.Join(crm.ErrRefused, err)
	case errors.Is(err, chat.ErrUnknown):
		return errors.Join(crm.ErrUncertain, err)
	}
	return err
}

// hide takes a restricted value off the message that shows it; one that is not there any more shows nothing.
func (n Notifier) hide(ctx context.Context, notice crm.Notice) error {
	if notice.Client.ID == "" { // the key of one-time codes
		return classed(n.Out.Delete(ctx, notice.To.User, notice.Message))
	}
	t := n.Catalog.For(notice.To.Lang)
	err := n.Out.Edit(ctx, notice.To.User, notice.Message, chat.Screen{Text: t.HTML("secret.hidden", "field", notice.Field.Name),
		Buttons: [][]chat.Button{cardRow(t, string(notice.Client.ID))}})
	if errors.Is(err, chat.ErrGone) {
		return nil
	}
	return classed(err)
}

// forPlace is a screen as the place may see it; with phones only where the place is to have them.
func forPlace(s chat.Screen, n crm.Notice, bot string) chat.Screen {
	shown := talk.ForGroup(s, bot, n.Region)
	if n.At != "" && n.News == crm.NewsClient && n.Place.Phones {
		shown.Text = s.Text
	}
	return shown
}

// view writes notices in one language at one moment.
type view struct {
	t   *locales.Texts
	now time.Time // at the member's place

	whose crm.MemberID // whose list it is, where others see it too
}

func (v view) screen(n crm.Notice) chat.Screen {
	if len(n.Missed) > 0 {
		return v.missed(n.FirstMissed())
	}
	switch n.Kind {
	case crm.RemindPlaceLost:
		return chat.Screen{Text: v.t.HTML("group.lost", "title", n.Lost.Title)}
	case crm.RemindTask:
		return v.task(n)
	case crm.RemindContact:
		return v.contact(n)
	case crm.RemindBirthday, crm.RemindAnniversary, crm.RemindDate:
		return v.remember(n)
	case crm.RemindHanded:
		return v.handed(n)
	case crm.RemindBlocked:
		return v.blocked(n)
	case crm.RemindMerged:
		return chat.Screen{Text: v.head(n, v.t.HTML("remind.merged", "name", n.Client.Name, "who", n.Who.Name, "by", n.From.Name))}
	case crm.RemindJoined:
		return v.joined(n)
	case crm.RemindNews:
		return v.news(n)
	case crm.RemindDeputy:
		return v.deputy(n)
	case crm.RemindRole:
		return v.role(n)
	case crm.RemindAway:
		return v.away(n)
	case crm.RemindGone:
		return chat.Screen{Text: v.t.HTML("remind.gone")}
	case crm.RemindOffer:
		return v.offer(n)
	case crm.RemindStale:
		return v.staleSent(n.Stale, n.Period)
	case crm.RemindWeek:
		return v.week(n.Week)
	case crm.RemindNudge:
		return v.nudge(n)
	case crm.RemindQuarter:
		return v.quarter(n)
	default:
		return v.agenda(n.Agenda, n.Told, "digest", "name", crm.GivenName(n.To.Name))
	}
}

// head is the first line: what is due, by how much it is late, and whether it may have come before; below it in whose place one is told.
func (v view) head(n crm.Notice, text string) string {
	if n.Late >= crm.LateAfter && n.Occasion.Kind == "" { // an occasion is of a day, which is said
		text = v.t.HTML("remind.late", "text", locales.Raw(text), "late", v.t.Span(n.Late))
	}
	if n.Again {
		text = v.t.HTML("remind.again", "text", locales.Raw(text))
	}
	if n.Instead.ID != "" {
		text += "\n" + v.t.HTML("remind.instead", "who", n.Instead.Name)
	}
	if n.Beside.ID != "" {
		text += "\n" + v.t.HTML("remind.beside", "who", n.Beside.Name)
	}
	return text
}

// wasFor is for when something was that comes later though it is not late: it fell into the quiet hours.
func (v view) wasFor(n crm.Notice, due time.Time) []string {
	if n.Late >= crm.LateAfter || v.now.Sub(due) < crm.LateAfter {
		return nil
	}
	return []string{v.t.HTML("task.due", "when", v.t.When(due.In(v.now.Location()), v.now))}
}

func (v view) task(n crm.Notice) chat.Screen {
	text := v.t.HTML("remind.task", "text", taskTitle(v.t, n.Task, n.Client.Name))
	if n.Occasion.Kind != "" {
		text = v.occasionTitle(n.Occasion)
	}
	lines := []string{v.head(n, text)}
	if n.From.ID != "" {
		lines = append(lines, v.t.HTML("remind.from", "who", n.From.Name))
	}
	switch when := v.t.When(n.Task.Due.In(v.now.Location()), v.now); {
	case n.Occasion.Kind != "" && n.Task.Due.After(v.now): // its day is said
		lines = append(lines, v.t.HTML("task.saved", "when", when))
	case n.Occasion.Kind != "":
	case n.Kind == crm.RemindHanded:
		lines = append(lines, v.t.HTML("task.due", "when", when))
	default:
		lines = append(lines, v.wasFor(n, n.Task.Due)...)
	}
	if n.Occasion.Kind != "" {
		return chat.Screen{Text: strings.Join(append(lines, v.occasionCard(n)...), "\n"), Buttons: v.occasionButtons(taskMatter(n.Task), n.Occasion)}
	}
	lines = append(lines, v.taskNote(n.Task)...)
	if n.Client.ID != "" {
		lines = append(lines, besides(text, v.client(n.Client, n.Last))...)
	}
	rows := v.buttons(taskMatter(n.Task), n.Client, n.Task.Client)
	if n.Beside.ID != "" { // it is not theirs to put off
		rows = [][]chat.Button{append(rows[0], cardRow(v.t, string(n.Client.ID))...)}
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows}
}

// handed tells of a task or a client that a colleague handed over.
func (v view) handed(n crm.Notice) chat.Screen {
	if n.Clients+n.Tasks > 0 {
		return v.handedTogether(n)
	}
	if n.Task.ID != "" {
		return v.task(n)
	}
	lines := []string{v.t.HTML("remind.handed"), v.t.HTML("remind.from", "who", n.From.Name)}
	lines = append(append(lines, v.client(n.Client, n.Last)...), card.Along(v.t, v.t.HTML, n.Along)...)
	m := matter{kind: aboutContact, id: string(n.Client.ID)}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{
		append([]chat.Button{m.button(v.t.Label("button.write"), talk.VerbWrite, "")}, cardRow(v.t, m.id)...),
	}}
}

// handedTogether tells of what was somebody's and is the member's now, or is that somebody's again, in one message however much it is.
func (v view) handedTogether(n crm.Notice) chat.Screen {
	what := talk.Amount(v.t, n.Clients, n.Tasks)
	text := v.t.HTML("remind.handed_together", "what", what, "who", n.Who.Name)
	switch {
	case n.Back && n.Who.ID == "":
		text = v.t.HTML("remind.handed_undone", "what", what)
	case n.Back:
		text = v.t.HTML("remind.handed_back", "what", what, "who", n.Who.Name)
	case n.Passed:
		text = v.t.HTML("remind.handed_gone", "what", what, "who", n.Who.Name) + "\n" + v.t.HTML("remind.handed_by", "who", n.From.Name)
	case n.Who.ID == "":
		text = v.t.HTML("remind.handed_several", "what", what) + "\n" + v.t.HTML("remind.handed_by", "who", n.From.Name)
	}
	return chat.Screen{Text: v.head(n, text), Buttons: [][]chat.Button{
		{talk.Button(v.t.Label("button.my_clients"), talk.VerbList, "", "mine")}, agendaRow(v.t, "")}}
}

// joined tells whoever invited that somebody has come in.
func (v view) joined(n crm.Notice) chat.Screen {
	text := v.t.HTML("remind.joined", "name", n.Who.Name, "role", v.t.Label("role."+string(n.Who.Role)))
	return chat.Screen{Text: v.head(n, text), Buttons: [][]chat.Button{{talk.Button(v.t.Label("button.person"), talk.VerbMember, string(n.Who.ID), "")}}}
}

// deputy tells whoever stands in for somebody, and for how long, or that it is over.
func (v view) deputy(n crm.Notice) chat.Screen {
	if n.Back {
		lines := []string{v.head(n, v.t.HTML("remind.deputy_over", "name", n.Who.Name))}
		if n.From.ID != "" && n.From.ID != n.Who.ID {
			lines = append(lines, v.t.HTML("remind.away_by", "who", n.From.Name))
		}
		return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{agendaRow(v.t, "")}}
	}
	from, till := n.Absence.Days(v.now.Location())
	today := civil.DateOf(v.now)
	text := v.t.HTML("remind.deputy", "name", n.Who.Name, "from", v.t.Day(from, today), "till", v.t.Day(till, today))
	if n.Deputy.ID != "" {
		text += "\n" + v.t.HTML("remind.deputy_away", "deputy", n.Deputy.Name)
	}
	return chat.Screen{Text: v.head(n, text), Buttons: [][]chat.Button{agendaRow(v.t, "")}}
}

// away tells a member that somebody has set them away, or has ended that.
func (v view) away(n crm.Notice) chat.Screen {
	lines := []string{v.t.HTML("remind.away_over"), v.t.HTML("remind.away_by", "who", n.From.Name)}
	if n.Absence.Member != "" && n.Deputy.ID == "" {
		return v.undeputised(n)
	}
	if n.Absence.Member != "" {
		from, till := n.Absence.Days(v.now.Location())
		today := civil.DateOf(v.now)
		lines = []string{v.t.HTML("remind.away", "from", v.t.Day(from, today), "till", v.t.Day(till, today)), lines[1],
			v.t.HTML("remind.away_deputy", "deputy", n.Deputy.Name)}
	}
	lines[0] = v.head(n, lines[0])
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{{talk.Button(v.t.Label("button.people"), talk.VerbTeam, "", "")}}}
}

// undeputised tells who is away that nobody stands in for them any more, and leads to choosing somebody else.
func (v view) undeputised(n crm.Notice) chat.Screen {
	from, till := n.Absence.Days(v.now.Location())
	today := civil.DateOf(v.now)
	text := v.t.HTML("remind.away_undeputised", "from", v.t.Day(from, today), "till", v.t.Day(till, today), "name", n.Gone.Name)
	choose := talk.Button(v.t.Label("button.choose_deputy"), talk.VerbAway, string(n.Absence.Member), talk.AwayDeputy)
	return chat.Screen{Text: v.head(n, text), Buttons: [][]chat.Button{{choose}}}
}

// role tells a member what they are now, and what they may do.
func (v view) role(n crm.Notice) chat.Screen {
	role := string(n.To.Role)
	what, by := "remind.role", "remind.role_by"
	if n.Back {
		what, by = "remind.back", "remind.back_by"
	}
	may := v.t.HTML("role_now." + role)
	if n.Shared && n.To.Role == crm.RoleManager {
		may = v.t.HTML("role_now.manager_shared")
	}
	lines := []string{v.head(n, v.t.HTML(what, "role", v.t.Label("role."+role))), may}
	if n.From.ID != "" {
		lines = append(lines, v.t.HTML(by, "who", n.From.Name))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{{talk.Button(v.t.Label("button.help"), talk.VerbHelp, "", "")}}}
}

// handedWhat names what was handed over: the task or the client.
func handedWhat(t *locales.Texts, n crm.Notice) string {
	if n.Clients+n.Tasks > 0 {
		return talk.Amount(t, n.Clients, n.Tasks)
	}
	if n.Task.ID != "" {
		return taskTitle(t, n.Task, n.Client.Name)
	}
	return n.Client.Name
}

// taskTitle is what a task is called: its text, or the client it is about.
func taskTitle(t *locales.Texts, task crm.Task, client string) string {
	switch icon := occasionIcons[task.Day.Kind]; {
	case icon != "":
		return icon + " " + card.TaskText(t, task, client)
	case !task.LastDay().IsZero() && client != "":
		return t.Label("task.about", "text", card.TaskText(t, task, client), "name", client)
	case !task.LastDay().IsZero():
		return card.TaskText(t, task, client)
	case task.Text == "":
		return t.Label("task.contact", "name", client)
	case client == "" || strings.Contains(spell.Fold(task.Text), spell.Fold(strings.Fields(client)[0])):
		return task.Title()
	}
	return t.Label("task.about", "text", task.Title(), "name", client)
}

func (v view) contact(n crm.Notice) chat.Screen {
	text := v.t.HTML("remind.contact", "name", n.Client.Name)
	lines := append([]string{v.head(n, text)}, v.wasFor(n, n.Client.NextContact)...)
	lines = append(lines, besides(text, v.client(n.Client, n.Last))...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: v.buttons(contactMatter(n.Client), n.Client, n.Client.ID)}
}

// offer is an offer that nobody has answered and nobody has asked about.
func (v view) offer(n crm.Notice) chat.Screen {
	text := v.t.HTML("remind.offer", "name", n.Client.Name)
	lines := append([]string{v.head(n, text)}, besides(text, v.client(n.Client, n.Last))...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: v.buttons(offerMatter(n.Client), n.Client, n.Client.ID)}
}

func cardRow(t *locales.Texts, client string) []chat.Button {
	return []chat.Button{talk.Button(t.Label("button.card"), talk.VerbCard, client, "")}
}

// blocked tells the owner that nothing reaches a member.
func (v view) blocked(n crm.Notice) chat.Screen {
	return chat.Screen{Text: v.head(n, v.t.HTML("remind.blocked", "name", n.Who.Name)),
		Buttons: [][]chat.Button{{talk.Button(v.t.Label("button.failures"), talk.VerbFailures, "", "")}}}
}
