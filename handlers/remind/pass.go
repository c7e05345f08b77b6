package remind

import (
	"context"
	"errors"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// maxTakers is how many members a message offers; Telegram takes a hundred buttons, and nobody looks through them.
const maxTakers = 30

// pass hands a matter over: the task, or else the client that it is about. Without a member it asks to whom.
func pass(ctx context.Context, t *talk.Turn, m matter, more string) error {
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	if s.kind == aboutTask && !s.open() {
		return showAsIs(ctx, t, m)
	}
	if more != "" {
		return passTo(ctx, t, s, crm.MemberID(more))
	}
	action, has := crm.ActionReadTask, s.task.Assignee
	if s.kind != aboutTask {
		action, has = crm.ActionTendClients, s.c.Owner
		if !t.Desk.May(ctx, t.By, crm.ActionHandOverClient, s.c) {
			return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionHandOverClient)}
		}
	}
	takers, err := t.Desk.Takers(ctx, t.By, action, has)
	if err != nil {
		return err
	}
	text := s.title + "\n" + t.T.HTML("pass.ask")
	if len(takers) == 0 {
		text = s.title + "\n" + t.T.HTML("card.hand_nobody")
	}
	var choices []chat.Button
	for _, to := range takers[:min(len(takers), maxTakers)] {
		choices = append(choices, s.button(to.Name, talk.VerbPass, string(to.ID)))
	}
	rows := append(talk.Rows(2, choices...), []chat.Button{s.button(t.T.Label("button.back"), talk.VerbDue, "")})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

func passTo(ctx context.Context, t *talk.Turn, s standing, to crm.MemberID) error {
	d := decision{text: t.T.HTML("pass.done", "to", memberName(ctx, t, to))}
	if s.kind == aboutTask {
		task, err := t.Desk.HandOverTask(ctx, t.By, s.task.ID, to)
		if err != nil {
			return asIsOr(ctx, t, s.matter, err)
		}
		d.rev = task.Rev
		_, err = t.Desk.Task(ctx, t.By, task.ID)
		d.final = errors.Is(err, crm.ErrNotFound)
		return settleOn(ctx, t, s, d)
	}
	c, err := t.Desk.HandOverClient(ctx, t.By, s.c.ID, to)
	if err != nil {
		return err
	}
	if _, err := t.Desk.Client(ctx, t.By, c.ID); err != nil {
		s.c, s.who = crm.Client{}, nil // it is no longer theirs to see
	}
	d.final = true
	return settleOn(ctx, t, s, d)
}
