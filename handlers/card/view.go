package card

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// lastNotes is how many notes a card shows.
const lastNotes = 2

// How many open tasks of a card stand open, and how many there are with those that fold.
const (
	openTasks = 2
	allTasks  = 12
)

// view is all that a card shows.
type view struct {
	t     *talk.Turn
	c     crm.Client
	team  crm.Team
	names map[crm.MemberID]string
	notes []crm.Touch         // the last ones
	last  crm.Touch           // the last touch that is no note; a zero ID: there was none
	tasks []crm.Task          // open ones that the member may see, the earliest due
	can   map[crm.Action]bool // what the member may do with the card
}

// offered are the actions that a card has buttons for.
var offered = []crm.Action{
	crm.ActionLogTouch, crm.ActionAddTask, crm.ActionEditClient, crm.ActionReadHistory, crm.ActionHandOverClient,
	crm.ActionArchiveClient, crm.ActionRestoreClient, crm.ActionDeleteClient, crm.ActionSeeSecret, crm.ActionEraseClient,
}

func look(ctx context.Context, t *talk.Turn, c crm.Client) (*view, error) {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return nil, err
	}
	v := &view{t: t, c: c, team: team, can: map[crm.Action]bool{}}
	for _, a := range offered {
		v.can[a] = t.Desk.May(ctx, t.By, a, c)
	}
	if v.can[crm.ActionReadHistory] {
		if v.notes, v.last, err = t.Desk.Lately(ctx, t.By, c.ID, lastNotes); err != nil {
			return nil, err
		}
	}
	v.tasks, err = t.Desk.ClientTasks(ctx, t.By, c.ID, allTasks)
	if err != nil && !errors.Is(err, crm.ErrDenied) {
		return nil, err
	}
	v.names, err = t.Desk.Names(ctx, t.By, v.people()...)
	if errors.Is(err, crm.ErrDenied) { // a role that may not see the team still sees itself
		v.names, err = map[crm.MemberID]string{t.By.ID: t.By.Name}, nil
	}
	return v, err
}

// people are those whom the card names.
func (v *view) people() []crm.MemberID {
	ids := []crm.MemberID{v.c.Owner}
	for _, task := range v.tasks {
		ids = append(ids, task.Assignee)
	}
	for _, note := range v.notes {
		ids = append(ids, note.By)
	}
	return ids
}

// marks of freshness, shown behind the name.
var marks = map[crm.Freshness]string{crm.Fresh: "🟢", crm.Fading: "🟡", crm.Doubted: "🔴"}

// text is the card as HTML: who, how to reach them, how we stand, and the rest folded.
func (v *view) text() string {
	t, c := v.t.T, v.c
	mark := ""
	if !c.Confirmed.IsZero() {
		mark = marks[c.Freshness(v.t.Now)]
	}
	lines := []string{strings.TrimRight(t.HTML("card.title", "name", c.Name, "mark", mark), " ")}
	add := func(show bool, key string, args ...any) {
		if show {
			lines = append(lines, t.HTML(key, args...))
		}
	}
	add(!c.Deleted.IsZero(), "card.deleted", "when", t.Ago(c.Deleted, v.t.Now), "days", crm.BinDays)
	if !c.EraseBy.IsZero() {
		lines = append(lines, EraseBy(t, c, v.t.Today()))
	}
	work := Work(c.Profile)
	add(work != "", "card.company", "company", work)
	reach := v.reach()
	lines = append(lines, reach[:min(len(reach), openReach)]...)
	add(!c.Birthday.IsZero(), "card.birthday", "birthday", v.birthday())
	dates, farDates := v.dates()
	lines = append(lines, dates...)
	tags := strings.Join(c.Tags, ", ")
	add(tags != "", "card.tags", "tags", fit.Line(tags, openTags))
	lines = append(lines, v.standing())
	add(c.Stage == crm.StageArchive && c.ArchiveReason != "", "card.archived", "reason", c.ArchiveReason)
	add(c.StatusReason != "", "card.status_reason", "reason", c.StatusReason)
	lines = append(lines, Bought(t, c.Bought, v.t.Now)...)
	if was := v.was(); was != "" {
		lines = append(lines, was)
	}
	add(!c.NextContact.IsZero(), "card.next", "when", t.When(c.NextContact.In(v.t.Now.Location()), v.t.Now))
	tasks := v.todo()
	lines = append(lines, tasks[:min(len(tasks), openTasks)]...)
	far := tasks[min(len(tasks), openTasks):]
	add(len(far) > 0, "card.tasks_more", "n", len(far))
	details := slices.Concat(far, reach[min(len(reach), openReach):], farDates, v.details())
	return fold(strings.Join(lines, "\n"), details)
}

// todo are the lines of what is to be done.
func (v *view) todo() []string {
	var lines []string
	for _, task := range v.tasks {
		what := cmp.Or(TaskText(v.t.T, task, v.c.Name), v.t.T.Label("card.task_contact"))
		when := v.t.T.When(task.Due.In(v.t.Now.Location()), v.t.Now)
		if !task.Day.IsZero() && task.Due.Before(v.t.Now) { // when it was handed over is no time that anybody set
			when = v.t.T.Day(civil.DateOf(task.Due.In(v.t.Now.Location())), v.t.Today())
		}
		line := v.t.T.HTML("card.task", "when", when, "text", fit.Lines(what, 80))
		if name := v.names[task.Assignee]; name != "" && task.Assignee != v.t.By.ID {
			line += v.t.T.HTML("card.task_of", "who", crm.GivenName(name))
		}
		lines = append(lines, line)
	}
	return lines
}

// TaskText is what there is to do, as its author wrote it, in one line; of an occasion that was handed over as a task, about a client with a name, in the
// reader's language.
func TaskText(t *locales.Texts, task crm.Task, name string) string {
	if last := task.LastDay(); !last.IsZero() {
		return t.Label("law.task", "day", t.Date(last))
	}
	key := ""
	switch task.Day.Kind {
	case crm.RemindBirthday:
		key = "birthday.task"
	case crm.RemindAnniversary:
		key = "anniversary.task"
	case crm.RemindDate:
		key = "dates.task"
	default:
		return task.Title()
	}
	return t.Label(key, "label", task.Day.Label, "name", cmp.Or(name, task.Text))
}

// EraseBy says until when a client is to be erased who wants to be, or that the time for it is over.
func EraseBy(t *locales.Texts, c crm.Client, today civil.Date) string {
	day, when := t.Date(c.EraseBy), t.Until(c.EraseBy, today)
	if today.DaysUntil(c.EraseBy) < 0 {
		return t.HTML("law.overdue", "day", day, "ago", when)
	}
	return t.HTML("law.until", "day", day, "left", when)
}

// openReach is how many phones, e-mails and messengers stand open on a card; more of them fold.
const openReach = 6

// openTags is how many characters of tags stand open.
const openTags = 200

// reach are the ways to get hold of the client, the likeliest first.
func (v *view) reach() []string {
	var lines []string
	for _, p := range v.c.Phones {
		lines = append(lines, Phone(v.t.T, p))
	}
	for _, m := range v.c.Emails {
		lines = append(lines, v.t.T.HTML("card.email", "email", m))
	}
	for _, m := range v.c.Messengers {
		lines = append(lines, messenger(v.t.T, m))
	}
	return lines
}

// maxText leaves room below Telegram's 4,096 UTF-16 units for what is put around a card.
const maxText = 3800

// fold puts the details that fit behind the card, in a quotation that opens with a tap. What does not fit is left to
// the editor, which shows every field. Markup counts here too, which errs on the safe side.
func fold(open string, details []string) string {
	const begin, end = "\n<blockquote expandable>", "</blockquote>"
	room := maxText - fit.Units(open) - len(begin) - len(end)
	n := 0
	for n < len(details) && room > fit.Units(details[n]) {
		room -= fit.Units(details[n]) + 1
		n++
	}
	if n == 0 {
		return open
	}
	return open + begin + strings.Join(details[:n], "\n") + end
}

// Phone is a phone's line; Telegram makes the number tappable.
func Phone(t *locales.Texts, p crm.Phone) string {
	if p.Ext != "" {
		return t.HTML("card.phone_ext", "phone", p.Display(), "ext", p.Ext)
	}
	return t.HTML("card.phone", "phone", p.Display())
}

func messenger(t *locales.Texts, m crm.Messenger) string {
	if m.Kind == "telegram" {
		return t.HTML("card.telegram", "handle", m.Handle)
	}
	return t.HTML("card.messenger", "kind", m.Kind, "handle", m.Handle)
}

// Work is the company and the position; "" if that says no more than the name.
func Work(p crm.Profile) string {
	switch {
	case p.Position == "" && p.Company == p.Name:
		return ""
	case p.Company == "", p.Position == "":
		return p.Company + p.Position
	}
	return p.Company + ", " + p.Position
}

// birthday says the day, the age they reach and how long it is until then.
func (v *view) birthday() string {
	t, b, today := v.t.T, v.c.Birthday, v.t.Today()
	next := b.Next(today)
	if b.Year == 0 {
		return t.Label("card.birthday_day", "day", t.DayMonth(b), "until", t.Until(next, today))
	}
	return t.Label("card.birthday_age", "day", t.DayMonth(b), "n", next.Year-b.Year, "until", t.Until(next, today))
}

// standing is the line of stage, status and who is responsible.
func (v *view) standing() string {
	t, c := v.t.T, v.c
	if c.Stage == "" { // not every role sees it
		return t.HTML("card.owner", "owner", crm.GivenName(v.name(c.Owner)))
	}
	return t.HTML("card.standing", "stage", t.Label("stage."+string(c.Stage)), "status", t.Label("status."+string(c.Status)),
		"owner", crm.GivenName(v.name(c.Owner)))
}

func (v *view) name(id crm.MemberID) string {
	if n := v.names[id]; n != "" {
		return n
	}
	return v.t.T.Label("member.gone")
}

// was says what happened last, in a few words.
func (v *view) was() string {
	t := v.t.T
	h := v.last
	if h.ID == "" {
		return ""
	}
	what, ago := t.Label("touch."+string(h.Kind)), t.Ago(h.At, v.t.Now)
	if h.Text == "" {
		return t.HTML("card.was", "what", what, "ago", ago)
	}
	return t.HTML("card.was_said", "what", what, "ago", ago, "text", fit.Lines(h.Text, 60))
}

// details are the last notes and what one seldom needs.
func (v *view) details() []string {
	t, c := v.t.T, v.c
	var lines []string
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, t.HTML("card.detail", "label", t.Label(key), "value", value))
		}
	}
	for _, h := range v.notes {
		if h.Text != "" {
			lines = append(lines, t.HTML("card.note", "text", fit.Lines(h.Text, 200), "ago", t.Ago(h.At, v.t.Now), "who", v.name(h.By)))
		}
	}
	if tags := strings.Join(c.Tags, ", "); fit.Line(tags, openTags) != tags {
		add("field.tags", tags)
	}
	if c.Channel != "" {
		add("field.channel", t.Label("channel."+string(c.Channel)))
	}
	add("field.city", c.City)
	add("field.address", c.Address)
	add("field.interests", strings.Join(c.Interests, ", "))
	add("field.source", c.Source)
	for _, f := range v.team.Fields {
		if value := c.Custom[f.ID]; value != "" && !f.Removed {
			lines = append(lines, t.HTML("card.detail", "label", f.Name, "value", Custom(t, f, value)))
		}
	}
	for _, f := range v.secrets() {
		lines = append(lines, t.HTML("card.detail", "label", f.Name, "value", Dots))
	}
	day := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return t.Day(civil.DateOf(at.In(v.t.Now.Location())), v.t.Today())
	}
	add("card.first_contact", day(c.FirstContact))
	add("card.confirmed", day(c.Confirmed))
	add("field.kind", t.Label("kind."+string(c.Kind)))
	return lines
}

// Custom is a custom field's value as people read it; dots if it is sealed.
func Custom(t *locales.Texts, f crm.CustomField, value string) string {
	if crm.SealedText(value) {
		return Dots
	}
	if f.Kind != crm.FieldDate {
		return value
	}
	d, err := civil.ParseDate(value)
	if err != nil {
		return value
	}
	return t.Date(d)
}

// rev36 is a revision as a button carries it.
func rev36(rev int64) string { return strconv.FormatInt(rev, 36) }
