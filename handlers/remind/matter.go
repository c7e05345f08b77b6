package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// What a reminder can be about, the first letter of its buttons' argument.
const (
	aboutTask     = 't'
	aboutContact  = 'c' // a client's next contact
	aboutBirthday = 'b'
	aboutOffer    = 'o' // an offer without an answer
	aboutStale    = 's' // a client that nobody has been in touch with

	aboutAnniversary = 'a'
	aboutDate        = 'd' // another date of a client
)

// abouts are all of them.
const abouts = "tcbosad"

// matter is what a reminder is about, as its buttons carry it: what kind of thing, and the time at which it was seen to be
// due, so that a button of something that has changed meanwhile changes nothing.
type matter struct {
	kind byte
	id   string    // of the task or the client
	seen time.Time // zero: not known
	turn time.Time // of a task that repeats: its occurrence, by which it is finished; zero: seen
	date string    // of aboutDate: the date's key, which stands in the place of the time
	law  *crm.Task // of a task that counts down to a day that the law sets: the task
}

func taskMatter(t crm.Task) matter {
	m := matter{kind: aboutTask, id: string(t.ID), seen: t.Due}
	if t.Repeat != moment.RepeatNever {
		m.turn = t.Occurrence()
	}
	if !t.LastDay().IsZero() {
		m.law = &t
	}
	return m
}

func contactMatter(c crm.Client) matter {
	return matter{kind: aboutContact, id: string(c.ID), seen: c.NextContact}
}

func offerMatter(c crm.Client) matter {
	return matter{kind: aboutOffer, id: string(c.ID), seen: c.Offered}
}

func occasionMatter(o crm.Occasion) matter {
	m := matter{id: string(o.Client.ID)}
	switch o.Kind {
	case crm.RemindBirthday:
		m.kind = aboutBirthday
	case crm.RemindAnniversary:
		m.kind = aboutAnniversary
	case crm.RemindDate:
		m.kind, m.date = aboutDate, o.Date.Key()
	}
	return m
}

// occasion is the kind of the occasion that the matter is; "" if it is none.
func (m matter) occasion() crm.ReminderKind {
	switch m.kind {
	case aboutBirthday:
		return crm.RemindBirthday
	case aboutAnniversary:
		return crm.RemindAnniversary
	case aboutDate:
		return crm.RemindDate
	}
	return ""
}

func (m matter) occasional() bool { return m.occasion() != "" }

// putOff is the putting off of a client's matter, as it was seen.
func (m matter) putOff() crm.PutOff {
	if m.kind == aboutOffer {
		return crm.PutOff{Offer: m.seen}
	}
	return crm.PutOff{Seen: m.seen}
}

// ending is the ending of a matter, as it was seen.
func (m matter) ending() crm.Ending {
	if m.kind == aboutOffer {
		return crm.Ending{Offer: m.seen}
	}
	return crm.Ending{Seen: m.seen}
}

// done is the button that finishes the matter.
func (m matter) done(t *locales.Texts) chat.Button {
	return m.atTurn().button(t.Label("button.task_done"), talk.VerbFinish, "")
}

// atTurn is the matter as the button that finishes it carries it: of a task that repeats the turn, whatever that was put off to, so
// that pressing it again finishes no other turn.
func (m matter) atTurn() matter {
	if !m.turn.IsZero() {
		m.seen = m.turn
	}
	return m
}

// button does something about the matter; arg says what more there is to say.
func (m matter) button(label string, v talk.Verb, arg string) chat.Button {
	return talk.Button(label, v, m.id, m.arg(arg))
}

func (m matter) arg(more string) string {
	s := string(m.kind) + m.date
	if !m.seen.IsZero() {
		s += strconv.FormatInt(m.seen.Unix(), 36)
	}
	if more != "" {
		s += "." + more
	}
	return s
}

// readMatter reads what button wrote.
func readMatter(d talk.Data) (m matter, more string, ok bool) {
	head, more, _ := strings.Cut(d.Arg, ".")
	if head == "" || strings.IndexByte(abouts, head[0]) < 0 || d.ID == "" {
		return m, "", false
	}
	if m = (matter{kind: head[0], id: d.ID}); m.kind == aboutDate {
		m.date = head[1:]
	} else {
		m.seen = seen(head[1:])
	}
	return m, more, true
}

// seen is a time out of a button; zero for one of the days before they carried it.
func seen(arg string) time.Time {
	sec, err := strconv.ParseInt(arg, 36, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(sec, 0)
}

// onMatter makes a press out of what is done about a matter.
func onMatter(f func(ctx context.Context, t *talk.Turn, m matter, more string) error) func(context.Context, *talk.Turn, talk.Data) error {
	return func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		m, more, ok := readMatter(d)
		if !ok {
			return t.Stale(ctx)
		}
		nameWhose(ctx, t, m)
		return handedOr(ctx, t, m, f(ctx, t, m, more))
	}
}

// nameWhose has what a group is shown say for whom it is, as far as the presser may know.
func nameWhose(ctx context.Context, t *talk.Turn, m matter) {
	if !t.In.Chat.Group {
		return
	}
	var whose crm.MemberID
	if m.kind == aboutTask {
		task, _ := t.Desk.Task(ctx, t.By, crm.TaskID(m.id))
		whose = task.Assignee
	} else {
		c, _ := t.Desk.Client(ctx, t.By, crm.ClientID(m.id))
		whose = c.Owner
	}
	t.Whose = t.MemberNames(ctx)[whose]
}

// handedOr shows who has a task now if an error says that it was handed over, and returns any other error.
func handedOr(ctx context.Context, t *talk.Turn, m matter, err error) error {
	var handed *crm.HandedOverError
	if !errors.As(err, &handed) {
		return err
	}
	t.Toast(t.T.Label("press.settled"))
	s, err := stand(ctx, t, m)
	if errors.As(err, &handed) {
		_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("pass.has", "to", memberName(ctx, t, handed.To))})
		return err
	}
	if err != nil {
		return err
	}
	return show(ctx, t, m, s.screen(ctx, t, ""))
}

// onOld makes a press out of what is done about a matter, for the buttons of the days before matters: their argument is
// the time that was seen, or what more there is.
func onOld(kind byte, timed bool, f func(ctx context.Context, t *talk.Turn, m matter, more string) error) func(context.Context, *talk.Turn, talk.Data) error {
	return func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		m := matter{kind: kind, id: d.ID}
		nameWhose(ctx, t, m)
		if !timed {
			return handedOr(ctx, t, m, f(ctx, t, m, d.Arg))
		}
		m.seen = seen(d.Arg)
		return handedOr(ctx, t, m, f(ctx, t, m, ""))
	}
}

// cardButton opens the client's card, from where there is a way back to the matter.
func (m matter) cardButton(t *locales.Texts, c crm.Client) chat.Button {
	here := talk.Data{Verb: talk.VerbDue, ID: m.id, Arg: m.arg("")}
	return talk.Under(here, cardRow(t, string(c.ID))[0])
}

// takeBack undoes what was decided, if rev is still the record's revision.
func (m matter) takeBack(t *locales.Texts, rev int64) chat.Button {
	return m.button(t.Label("button.take_back"), talk.VerbRetract, strconv.FormatInt(rev, 36))
}

// buttons are those of a reminder of a task or a contact: what finishes it, what puts it off, what else one may want. about is whom it is
// about: c, or somebody whose card the member has not.
func (v view) buttons(m matter, c crm.Client, about crm.ClientID) [][]chat.Button {
	first := []chat.Button{m.done(v.t)}
	if about != "" {
		first = append(first, m.button(v.t.Label("outcome.not_reached"), talk.VerbMiss, ""))
	}
	if c.ID == "" {
		return append(append([][]chat.Button{first}, v.later(m)...), []chat.Button{
			m.button(v.t.Label("button.hand_over"), talk.VerbPass, ""), m.button(v.t.Label("button.more"), talk.VerbDue, moreOf)})
	}
	if counts(c, m) { // a deadline by law: what it asks for is done where the client's rights are
		first = []chat.Button{talk.Button(v.t.Label("button.law"), talk.VerbLaw, string(c.ID), "")}
	}
	rows := append([][]chat.Button{first}, v.later(m)...)
	return append(rows, []chat.Button{m.button(v.t.Label("button.write"), talk.VerbWrite, ""), m.cardButton(v.t, c),
		m.button(v.t.Label("button.more"), talk.VerbDue, moreOf)})
}

// moreOf is what the argument of a button says that opens what is rarely wanted of a reminder.
const moreOf = "more"

// counts reports whether a matter counts down to the day until which its client is to be erased.
func counts(c crm.Client, m matter) bool {
	return m.law != nil || m.kind == aboutTask && c.EraseTask != "" && string(c.EraseTask) == m.id
}

// rare is what is rarely wanted of a reminder.
func (v view) rare(m matter, c crm.Client) []chat.Button {
	row := []chat.Button{m.button(v.t.Label("button.hand_over"), talk.VerbPass, "")}
	if m.kind == aboutTask && !counts(c, m) {
		row = append(row, talk.Button(v.t.Label("button.task_drop"), talk.VerbTaskDrop, m.id, ""))
	}
	return row
}

// due shows a matter as it now is, or with what is rarely wanted of it.
func due(ctx context.Context, t *talk.Turn, m matter, more string) error {
	if more != moreOf && !(t.In.Chat.Group && m.kind == aboutTask) {
		return showMatter(ctx, t, m, "")
	}
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if t.In.Chat.Group && s.law != nil { // who wants to be erased is none of a group's business
		t.Alert(t.T.Label("group.press_private", "bot", t.Bot))
		return nil
	}
	if more != moreOf {
		return show(ctx, t, m, s.screen(ctx, t, ""))
	}
	if !s.open() || s.occasional() || s.kind == aboutStale {
		return showMatter(ctx, t, m, "")
	}
	screen := s.screen(ctx, t, "")
	screen.Buttons = [][]chat.Button{viewOf(t).rare(s.matter, s.c)}
	if s.settable() {
		screen.Buttons = append(screen.Buttons, viewOf(t).howButtons(s.matter))
	}
	screen.Buttons = append(screen.Buttons, []chat.Button{s.button(t.T.Label("button.back"), talk.VerbDue, "")})
	_, err = t.Show(ctx, screen)
	return err
}

// later offers the snoozes that mean something now, and any date, three a row.
func (v view) later(m matter) [][]chat.Button {
	var out []chat.Button
	for _, s := range crm.Snoozes {
		if until, ok := s.Until(v.now); ok && (m.law == nil || !until.After(m.law.Latest(v.now))) {
			out = append(out, m.button(v.t.Label("snooze."+string(s)), talk.VerbLater, string(s)))
		}
	}
	return talk.Rows(3, append(out, m.button(v.t.Label("next.date"), talk.VerbLater, "date"))...)
}
