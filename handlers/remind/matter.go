package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
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
}

func taskMatter(t crm.Task) matter {
	m := matter{kind: aboutTask, id: string(t.ID), seen: t.Due}
	if t.Repeat != crm.RepeatNever {
		m.turn = t.Occurrence()
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

// done is the button that finishes the matter. Of a task that repeats it carries the turn, whatever that was put off to, so
// that pressing it again finishes no other turn.
func (m matter) done(t *locales.Texts) chat.Button {
	if !m.turn.IsZero() {
		m.seen = m.turn
	}
	return m.button(t.Label("button.task_done"), talk.VerbFinish, "")
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
		return handedOr(ctx, t, m, f(ctx, t, m, more))
	}
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
		if !timed {
			return handedOr(ctx, t, m, f(ctx, t, m, d.Arg))
		}
		m.seen = seen(d.Arg)
		return handedOr(ctx, t, m, f(ctx, t, m, ""))
	}
}

// standing is a matter as it now is.
type standing struct {
	matter
	task  crm.Task
	has   crm.MemberID // who has the task that the member had before; "" if it is no such task
	c     crm.Client   // zero ID: about none, or none that the member may see
	title string       // HTML
	who   []string     // the client's small card
	day   crm.Occasion // of an occasion
	kept  crm.Kept     // by the quiet hours
}

func (s standing) open() bool {
	switch s.kind {
	case aboutTask:
		return s.task.State == crm.TaskOpen
	case aboutContact:
		return !s.c.NextContact.IsZero()
	case aboutOffer:
		return !s.c.Offered.IsZero()
	}
	return !s.day.Dealt
}

// waits reports whether the matter, as it was seen, still waits for the member to finish it: nobody has ended it, planned it
// anew or taken it over.
func (s standing) waits(seen matter) bool {
	switch {
	case !s.open() || s.has != "":
		return false
	case s.kind == aboutTask:
		return s.task.Turn(seen.seen)
	}
	return seen.seen.IsZero() || seen.seen.Unix() == s.seen.Unix() // a button keeps no more
}

// stand reads a matter as it now is.
func stand(ctx context.Context, t *talk.Turn, m matter) (standing, error) {
	s := standing{matter: m}
	client, err := crm.ClientID(m.id), error(nil)
	if m.kind == aboutTask {
		if s.task, err = t.Desk.Task(ctx, t.By, crm.TaskID(m.id)); err != nil {
			return s, err
		}
		client, s.matter = s.task.Client, taskMatter(s.task)
		if s.has, err = t.Desk.TaskHolder(ctx, t.By, s.task); err != nil {
			return s, err
		}
		if s.kept, err = t.Desk.TaskKept(ctx, t.By, s.task); err != nil {
			return s, err
		}
	}
	if client != "" {
		s.c, err = t.Desk.Client(ctx, t.By, client)
		if err != nil && (m.kind != aboutTask || !errors.Is(err, crm.ErrNotFound) && !errors.Is(err, crm.ErrDenied)) {
			return s, err
		}
		if err == nil {
			if s.who, err = clientLines(ctx, t, s.c); err != nil {
				return s, err
			}
		}
	}
	switch m.kind {
	case aboutTask:
		s.title = t.T.HTML("remind.task", "text", taskTitle(t.T, s.task, s.c.Name))
	case aboutContact:
		s.seen, s.title = s.c.NextContact, t.T.HTML("remind.contact", "name", s.c.Name)
	case aboutOffer:
		s.seen, s.title = s.c.Offered, t.T.HTML("remind.offer", "name", s.c.Name)
	case aboutBirthday, aboutAnniversary, aboutDate:
		return s, s.remember(t)
	}
	return s, nil
}

// showMatter shows a matter as it now is, with the buttons that finish it; said is a line that tells what was done.
func showMatter(ctx context.Context, t *talk.Turn, m matter, said string) error {
	if m.kind == aboutStale {
		return backToStale(ctx, t, crm.ClientID(m.id))
	}
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	return show(ctx, t, m, s.screen(ctx, t, said))
}

// show shows a matter that needs something; on one's way through the day with its place there.
func show(ctx context.Context, t *talk.Turn, m matter, s chat.Screen) error {
	w, ok, err := walkOn(ctx, t, t.In.Message)
	if err != nil {
		return err
	}
	if ok && w.is(m) {
		s = w.frame(t.T, s, "")
	}
	_, err = t.ShowOpened(ctx, s)
	return err
}

func (s standing) screen(ctx context.Context, t *talk.Turn, said string) chat.Screen {
	lines := []string{s.title}
	if said != "" {
		lines = append(lines, said)
	}
	lines = append(lines, s.state(ctx, t, said != "")...)
	lines = append(lines, viewOf(t).occasionYears(s.day)...)
	if s.c.ID != "" {
		lines = append(lines, besides(s.title, s.who)...)
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: s.buttons(viewOf(t))}
}

// state is when it is due, unless that is said already, or how it ended.
func (s standing) state(ctx context.Context, t *talk.Turn, said bool) []string {
	when := func(at time.Time) string { return t.T.When(at.In(t.Now.Location()), t.Now) }
	var lines []string
	switch {
	case said && s.open():
	case s.kind == aboutContact && s.open():
		lines = append(lines, t.T.HTML("task.due", "when", when(s.c.NextContact)))
	case s.kind == aboutContact:
		lines = append(lines, t.T.HTML("contact.none"))
	case s.kind == aboutOffer && s.open():
	case s.kind == aboutOffer:
		lines = append(lines, t.T.HTML("remind.offer_over"))
	case s.occasional() && !s.open():
		lines = append(lines, t.T.HTML("birthday.dealt"))
	case s.kind == aboutTask && s.open():
		lines = append(lines, t.T.HTML("task.due", "when", when(s.task.Due)))
	case s.kind == aboutTask:
		lines = append(lines, s.ended(ctx, t))
	}
	if s.open() && s.has != "" {
		lines = append(lines, t.T.HTML("pass.has", "to", memberName(ctx, t, s.has)))
	}
	if !s.kept.Until.IsZero() {
		lines = append(lines, t.T.HTML("task.kept", "when", when(s.kept.Until)))
	}
	if s.task.Repeat != crm.RepeatNever {
		lines = append(lines, repeatLine(t.T, s.task.Repeat))
	}
	if s.open() && s.task.Attempts > 0 {
		lines = append(lines, t.T.HTML("task.attempts", "n", s.task.Attempts))
	}
	return lines
}

// ended is how a task ended, who ended it and when.
func (s standing) ended(ctx context.Context, t *talk.Turn) string {
	how := t.T.Label("task." + string(s.task.State))
	if s.task.Outcome != crm.OutcomeNone {
		how = t.T.Label("task.done_with", "outcome", t.T.Small("outcome."+string(s.task.Outcome)))
	}
	if s.task.ClosedBy == "" {
		return t.T.HTML("task.ended_some", "how", how)
	}
	return t.T.HTML("task.ended", "how", how, "who", memberName(ctx, t, s.task.ClosedBy),
		"when", t.T.When(s.task.Closed.In(t.Now.Location()), t.Now))
}

func memberName(ctx context.Context, t *talk.Turn, id crm.MemberID) string {
	if name := t.MemberNames(ctx)[id]; name != "" {
		return crm.GivenName(name)
	}
	return t.T.Label("member.gone")
}

// buttons finish a matter, or put it off; one that is over leads to its client.
func (s standing) buttons(v view) [][]chat.Button {
	switch {
	case !s.open():
		var over []chat.Button
		if s.c.ID != "" {
			over = []chat.Button{s.cardButton(v.t, s.c)}
		}
		if s.kind == aboutTask {
			over = append(over, s.takeBack(v.t, s.task.Rev))
		}
		return talk.Rows(2, over...)
	case s.has != "":
		var on []chat.Button
		if s.c.ID != "" {
			on = cardRow(v.t, string(s.c.ID))
		}
		return [][]chat.Button{append(on, s.button(v.t.Label("button.hand_over"), talk.VerbPass, ""))}
	case s.occasional():
		return v.occasionButtons(s.day)
	}
	rows := v.buttons(s.matter, s.c)
	if at := s.kept.Before.In(v.now.Location()); !s.kept.Before.IsZero() { // in an hour is as quiet, most likely
		rows[1][0] = s.button(v.t.When(at, v.now), talk.VerbLater, "at:"+strconv.FormatInt(at.Unix(), 36))
	}
	if s.kind == aboutTask && s.task.Client == "" {
		rows[0] = append(rows[0], talk.Button(v.t.Label("button.who"), talk.VerbWho, s.id, whoAsk))
	}
	return rows
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

// buttons are those of a reminder of a task or a contact: what finishes it, what puts it off, what else one may want.
func (v view) buttons(m matter, c crm.Client) [][]chat.Button {
	done := m.done(v.t)
	if c.ID == "" {
		return append(append([][]chat.Button{{done}}, v.later(m)...), v.rare(m))
	}
	rows := append([][]chat.Button{{done, m.button(v.t.Label("outcome.not_reached"), talk.VerbMiss, "")}}, v.later(m)...)
	return append(rows, []chat.Button{m.button(v.t.Label("button.write"), talk.VerbWrite, ""), m.cardButton(v.t, c),
		m.button(v.t.Label("button.more"), talk.VerbDue, moreOf)})
}

// moreOf is what the argument of a button says that opens what is rarely wanted of a reminder.
const moreOf = "more"

// rare is what is rarely wanted of a reminder.
func (v view) rare(m matter) []chat.Button {
	row := []chat.Button{m.button(v.t.Label("button.hand_over"), talk.VerbPass, "")}
	if m.kind == aboutTask {
		row = append(row, talk.Button(v.t.Label("button.task_drop"), talk.VerbTaskDrop, m.id, ""))
	}
	return row
}

// due shows a matter as it now is, or with what is rarely wanted of it.
func due(ctx context.Context, t *talk.Turn, m matter, more string) error {
	if more != moreOf {
		return showMatter(ctx, t, m, "")
	}
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if !s.open() || s.occasional() || s.kind == aboutStale {
		return showMatter(ctx, t, m, "")
	}
	screen := s.screen(ctx, t, "")
	screen.Buttons = [][]chat.Button{viewOf(t).rare(s.matter), {s.button(t.T.Label("button.back"), talk.VerbDue, "")}}
	_, err = t.Show(ctx, screen)
	return err
}

// later offers the snoozes that mean something now, and any date, three a row.
func (v view) later(m matter) [][]chat.Button {
	var out []chat.Button
	for _, s := range crm.Snoozes {
		if _, ok := s.Until(v.now); ok {
			out = append(out, m.button(v.t.Label("snooze."+string(s)), talk.VerbLater, string(s)))
		}
	}
	return talk.Rows(3, append(out, m.button(v.t.Label("next.date"), talk.VerbLater, "date"))...)
}
