package remind

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// standing is a matter as it now is.
type standing struct {
	matter
	task  crm.Task
	has   crm.MemberID // who has the task that the member had before; "" if it is no such task
	c     crm.Client   // zero ID: about none, or none that the member may see
	title string       // HTML
	who   []string     // the client's small card
	day   crm.Occasion // of an occasion, and of a task that is one
	kept  crm.Kept     // by the quiet hours
	rev   int64        // of a day that the member dealt with: to take that back; 0: they cannot
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
		return s, s.rememberTask(ctx, t)
	case aboutContact:
		s.seen, s.title = s.c.NextContact, t.T.HTML("remind.contact", "name", s.c.Name)
	case aboutOffer:
		s.seen, s.title = s.c.Offered, t.T.HTML("remind.offer", "name", s.c.Name)
	case aboutBirthday, aboutAnniversary, aboutDate:
		return s, s.remember(ctx, t)
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
	lines := append([]string{s.title}, s.instead(ctx, t)...)
	if said != "" {
		lines = append(lines, said)
	}
	lines = append(lines, s.state(ctx, t, said != "")...)
	lines = append(append(lines, taskNote(t, s.task)...), viewOf(t).occasionYears(s.day)...)
	if s.c.ID != "" {
		lines = append(lines, besides(s.title, s.who)...)
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: s.buttons(viewOf(t))}
}

// instead says in whose place the member sees to the matter, of one that is another's while they are away.
func (s standing) instead(ctx context.Context, t *talk.Turn) []string {
	whose := s.c.Owner
	if s.kind == aboutTask {
		whose = s.task.Assignee
	}
	if whose == t.By.ID || t.In.Chat.Group {
		return nil
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil || !slices.Contains(team.StandsInFor(t.By.ID, t.Now), whose) {
		return nil
	}
	return []string{t.T.HTML("remind.instead", "who", t.MemberNames(ctx)[whose])}
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
	case s.occasional() && s.day.Until.After(t.Now):
		lines = append(lines, t.T.HTML("task.snoozed", "when", when(s.day.Until)))
	case s.kind == aboutTask && s.open() && s.day.Kind != "": // its day is said
		if s.task.Due.After(t.Now) {
			lines = append(lines, t.T.HTML("task.saved", "when", when(s.task.Due)))
		}
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
	if s.task.Repeat != moment.RepeatNever {
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
		} else if s.rev != 0 {
			over = append(over, s.takeBack(v.t, s.rev))
		}
		return talk.Rows(2, over...)
	case s.has != "":
		var on []chat.Button
		if s.c.ID != "" {
			on = cardRow(v.t, string(s.c.ID))
		}
		return [][]chat.Button{append(on, s.button(v.t.Label("button.hand_over"), talk.VerbPass, ""))}
	case s.day.Kind != "":
		return v.occasionButtons(s.matter, s.day)
	}
	rows := v.buttons(s.matter, s.c, cmp.Or(s.c.ID, s.task.Client))
	if at := s.kept.Before.In(v.now.Location()); !s.kept.Before.IsZero() { // in an hour is as quiet, most likely
		rows[1] = rows[1][1:]
		rows = slices.Insert(rows, 1, []chat.Button{s.button(v.t.When(at, v.now), talk.VerbLater, "at:"+strconv.FormatInt(at.Unix(), 36))})
	}
	if s.kind == aboutTask && s.task.Client == "" {
		rows[0] = append(rows[0], talk.Button(v.t.Label("button.who"), talk.VerbWho, s.id, whoAsk))
	}
	return rows
}
