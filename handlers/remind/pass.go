package remind

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// pass hands a matter over: the task, the occasion this time, or the client that it is about. Without a member it asks to whom.
func pass(ctx context.Context, t *talk.Turn, m matter, more string) error {
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if s.kind == aboutTask && !s.open() {
		return showAsIs(ctx, t, m)
	}
	if s.occasional() {
		return passOccasion(ctx, t, s, more)
	}
	if more != "" && !talk.Turned(more) {
		return passTo(ctx, t, s, crm.MemberID(more))
	}
	if s.kind == aboutTask && s.law == nil {
		return askTaker(ctx, t, s, taking{a: crm.ActionReadTask, page: more})
	}
	return askTaker(ctx, t, s, taking{a: crm.ActionTendClients, page: more})
}

// What is handed over of an occasion, in front of the member to whom.
const (
	passThis   = "-" // it alone, this time
	passClient = "+"
)

// passOccasion asks what is meant, then to whom it goes.
func passOccasion(ctx context.Context, t *talk.Turn, s standing, more string) error {
	this, only := strings.CutPrefix(more, passThis)
	client, whole := strings.CutPrefix(more, passClient)
	switch {
	case only && this != "" && !talk.Turned(this):
		return passDay(ctx, t, s, crm.MemberID(this))
	case only:
		return askTaker(ctx, t, s, taking{crm.ActionReadTask, passThis, this})
	case whole && client != "" && !talk.Turned(client):
		return passTo(ctx, t, s, crm.MemberID(client))
	case whole:
		return askTaker(ctx, t, s, taking{crm.ActionTendClients, passClient, client})
	case !s.open():
		return showAsIs(ctx, t, s.matter)
	}
	colleagues, err := t.Desk.Takers(ctx, t.By, crm.ActionReadTask, t.By.ID)
	if err != nil {
		return err
	}
	if len(colleagues) == 0 || !t.Desk.May(ctx, t.By, crm.ActionHandOverClient, s.c) {
		return askTaker(ctx, t, s, taking{a: crm.ActionReadTask, what: passThis})
	}
	_, err = t.Show(ctx, chat.Screen{Text: s.title + "\n" + t.T.HTML("pass.what", "name", s.c.Name), Buttons: [][]chat.Button{
		{s.button(t.T.Label("pass.this"), talk.VerbPass, passThis), s.button(t.T.Label("pass.client"), talk.VerbPass, passClient)},
		{s.button(t.T.Label("button.back"), talk.VerbDue, "")},
	}})
	return err
}

// taking is what somebody is to be able to take over.
type taking struct {
	a    crm.Action
	what string // in front of the answer
	page string // of those who can
}

// askTaker asks to whom a matter goes.
func askTaker(ctx context.Context, t *talk.Turn, s standing, of taking) error {
	ask, has := "pass.ask", s.task.Assignee
	switch {
	case of.a == crm.ActionTendClients:
		ask, has = "pass.ask_client", s.c.Owner
		if !t.Desk.May(ctx, t.By, crm.ActionHandOverClient, s.c) {
			return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionHandOverClient)}
		}
	case s.kind != aboutTask:
		has = t.By.ID
	}
	takers, err := t.Desk.Takers(ctx, t.By, of.a, has)
	if err != nil {
		return err
	}
	text := s.title + "\n" + t.T.HTML(ask)
	if len(takers) == 0 {
		text = s.title + "\n" + t.T.HTML("card.hand_nobody")
	}
	people := t.Whom(takers, of.page, func(label, choice string) chat.Button { return s.button(label, talk.VerbPass, of.what+choice) })
	rows := append(people, []chat.Button{s.button(t.T.Label("button.back"), talk.VerbDue, "")})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

// passDay has another member deal with an occasion this time.
func passDay(ctx context.Context, t *talk.Turn, s standing, to crm.MemberID) error {
	c, err := t.Desk.HandOverOccasion(ctx, t.By, s.c.ID, crm.Finish{Kind: s.day.Kind, Date: s.date}, to)
	if err != nil {
		return asIsOr(ctx, t, s.matter, err)
	}
	text, err := passed(ctx, t, passedMatter, to)
	if err != nil {
		return err
	}
	return settleOn(ctx, t, s, decision{text: text, rev: c.Rev})
}

// passing is how it is said that something was handed over: to one who is told at once, and to one whose quiet hours keep that back.
type passing struct{ now, later string }

var (
	passedMatter = passing{"pass.done", "pass.done_later"}
	passedClient = passing{"pass.done_client", "pass.done_client_later"}
)

// passed says to whom something went, and when they are told.
func passed(ctx context.Context, t *talk.Turn, p passing, to crm.MemberID) (string, error) {
	kept, err := t.Desk.TellKept(ctx, t.By, to)
	if err != nil || kept.Until.IsZero() {
		return t.T.HTML(p.now, "to", memberName(ctx, t, to)), err
	}
	return t.T.HTML(p.later, "to", memberName(ctx, t, to), "when", t.T.When(kept.Until.In(t.Now.Location()), t.Now)), nil
}

// deadlineOf is by what the client is taken back who was handed over with a deadline by law: its task is the other member's by then.
func deadlineOf(c crm.Client) matter { return matter{kind: aboutContact, id: string(c.ID)} }

// passTo hands over the task, or else the client, with whom a deadline by law goes.
func passTo(ctx context.Context, t *talk.Turn, s standing, to crm.MemberID) error {
	var d decision
	if s.kind == aboutTask && s.law == nil {
		task, err := t.Desk.HandOverTask(ctx, t.By, s.task.ID, to)
		if err != nil {
			return asIsOr(ctx, t, s.matter, err)
		}
		if d.text, err = passed(ctx, t, passedMatter, to); err != nil {
			return err
		}
		d.rev = task.Rev
		if due := t.T.HTML("task.due", "when", t.T.When(task.Due.In(t.Now.Location()), t.Now)); task.Day.IsZero() && !strings.Contains(s.title, due) {
			d.text += "\n" + due
		}
		return settleOn(ctx, t, s, d)
	}
	c, err := t.Desk.HandOverClient(ctx, t.By, s.c.ID, to)
	if err != nil {
		return err
	}
	if d.text, err = passed(ctx, t, passedClient, to); err != nil {
		return err
	}
	went, err := t.Desk.WentAlong(ctx, t.By, c.ID)
	if err != nil {
		return err
	}
	d.text = strings.Join(append([]string{d.text}, card.Along(t.T, t.T.HTML, went)...), "\n")
	d.rev, d.handed = c.Rev, s.matter
	if s.law != nil {
		d.handed = deadlineOf(c)
	}
	if _, err := t.Desk.Client(ctx, t.By, c.ID); err != nil {
		s.c, s.who = crm.Client{}, nil // it is no longer theirs to see
	}
	return settleOn(ctx, t, s, d)
}
