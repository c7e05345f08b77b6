package remind

import (
	"context"
	"errors"
	"slices"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

const formWho = "who"

// What talk.VerbWho carries besides the id of a client.
const (
	whoAsk    = ""  // ask whom the task is about
	whoNobody = "-" // it is about none
)

const (
	maxWho   = 5  // clients to choose from
	maxQuery = 40 // of what was searched for
)

func registerWho(r *talk.Router) {
	r.Press(talk.VerbWho, who)
	r.Form(formWho, talk.Form{Question: true, Answer: answerWho,
		Press: func(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
			if err := t.End(ctx); err != nil {
				return err
			}
			return showMatter(ctx, t, matter{kind: aboutTask, id: d.Answers["task"]}, "")
		},
		Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error { return askWho(ctx, t, d, nil, "") },
	})
}

// showNoted shows a task that was typed: with the client that it turned out to be about, or the question which of several
// that is.
func showNoted(ctx context.Context, t *talk.Turn, task crm.Task, m crm.Mention) error {
	said := t.T.HTML("task.saved", "when", t.T.When(task.Due.In(t.Now.Location()), t.Now))
	s, err := stand(ctx, t, taskMatter(task))
	if err != nil {
		return err
	}
	if m.Given {
		if said, err = passed(ctx, t, passedMatter, m.Takers[0].ID); err != nil {
			return err
		}
		said += "\n" + t.T.HTML("task.due", "when", t.T.When(task.Due.In(t.Now.Location()), t.Now))
		s.has = "" // said already
	}
	screen := s.screen(ctx, t, said)
	var give []chat.Button
	for _, to := range m.Takers[:min(len(m.Takers), maxGive)] {
		if !m.Given {
			give = append(give, s.button(t.T.Label("button.give_to", "name", to.Name), talk.VerbPass, string(to.ID)))
		}
	}
	switch {
	case m.Given && len(m.Clients) > 0 && task.Client == "":
		screen.Text += "\n" + t.T.HTML("task.who")
		screen.Buttons = append(whoButtons(task.ID, m.Clients[:min(len(m.Clients), mostRows-1)]), givenButtons(t, s)...)
	case m.Given:
		screen.Buttons = givenButtons(t, s)
	case m.Sure && s.c.ID != "":
		screen.Buttons = append(screen.Buttons, append(give[:min(len(give), 1)], whoButton(t, task.ID, "button.who_else", whoAsk)))
	case len(m.Clients) > 0 && task.Client == "":
		screen.Text += "\n" + t.T.HTML("task.who")
		screen.Buttons = append(whoButtons(task.ID, m.Clients[:min(len(m.Clients), mostRows-1-min(len(give), 1))]), []chat.Button{
			whoButton(t, task.ID, "button.who_other", whoAsk), whoButton(t, task.ID, "button.who_nobody", whoNobody),
		})
		fallthrough
	case len(give) > 0:
		screen.Buttons = append(talk.Rows(maxGive, give...), screen.Buttons...)
	}
	_, err = t.Show(ctx, screen)
	return err
}

// maxGive is how many members are offered whom a task may be for.
const maxGive = 2

// givenButtons are those of a task that was given to another member.
func givenButtons(t *talk.Turn, s standing) [][]chat.Button {
	row := []chat.Button{s.takeBack(t.T, s.task.Rev)}
	if s.c.ID != "" {
		row = append([]chat.Button{s.cardButton(t.T, s.c)}, row...)
	}
	return [][]chat.Button{row}
}

func whoButton(t *talk.Turn, task crm.TaskID, key, arg string) chat.Button {
	return talk.Button(t.T.Label(key), talk.VerbWho, string(task), arg)
}

// whoButtons link a task to one of the clients.
func whoButtons(task crm.TaskID, clients []crm.Client) [][]chat.Button {
	var rows [][]chat.Button
	for _, c := range clients {
		rows = append(rows, []chat.Button{talk.Button(card.NameTag(c.Name, card.Company(c)), talk.VerbWho, string(task), string(c.ID))})
	}
	return rows
}

// who asks whom a task is about, or takes the answer that was pressed.
func who(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.TaskID(d.ID)
	switch d.Arg {
	case whoAsk:
	case whoNobody:
		return link(ctx, t, id, "")
	default:
		return link(ctx, t, id, crm.ClientID(d.Arg))
	}
	task, err := t.Desk.Task(ctx, t.By, id)
	if err != nil {
		return err
	}
	if task.State != crm.TaskOpen {
		return showMatter(ctx, t, taskMatter(task), "")
	}
	m, err := t.Desk.Mentioned(ctx, t.By, task.Text)
	if err != nil {
		return err
	}
	dialog, err := t.Open(ctx, crm.Dialog{Form: formWho, Screen: t.In.Message, Answers: map[string]string{"task": d.ID}})
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(m.Clients, func(c crm.Client) bool { return c.ID == task.Client })
	return askWho(ctx, t, dialog, others, "")
}

// link takes a client for the one that a task is about; whatever was asked is answered by that.
func link(ctx context.Context, t *talk.Turn, id crm.TaskID, client crm.ClientID) error {
	task, err := t.Desk.LinkTask(ctx, t.By, id, client)
	if err != nil && !(errors.Is(err, crm.ErrConflict) && task.ID != "") {
		return err
	}
	if d, ok, err := t.Dialog(ctx); err != nil {
		return err
	} else if ok && d.Form == formWho && d.Answers["task"] == string(id) {
		if err := t.End(ctx); err != nil {
			return err
		}
	}
	return showMatter(ctx, t, taskMatter(task), "")
}

// answerWho searches for what was typed.
func answerWho(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	res, err := t.Desk.FindPage(ctx, t.By, t.In.Text, 0, maxWho)
	if err != nil {
		return true, err
	}
	var found []crm.Client
	for _, h := range res.Hits {
		found = append(found, h.Client)
	}
	return true, askWho(ctx, t, d, found, t.In.Text)
}

// askWho asks for the client of a task: one of these, or any that is searched for; query is what these were found by.
func askWho(ctx context.Context, t *talk.Turn, d crm.Dialog, clients []crm.Client, query string) error {
	s, err := stand(ctx, t, matter{kind: aboutTask, id: d.Answers["task"]})
	if err != nil {
		return err
	}
	ask := t.T.HTML("task.who_search")
	switch {
	case query != "" && len(clients) == 0:
		ask = t.T.HTML("find.none", "query", fit.Line(query, maxQuery)) + "\n" + ask
	case len(clients) > 0:
		ask = t.T.HTML("task.who") + " " + ask
	}
	rows := whoButtons(s.task.ID, clients)
	last := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbBack, "", "")}
	if s.task.Client != "" && s.task.Text != "" {
		last = append(last, whoButton(t, s.task.ID, "button.who_nobody", whoNobody))
	}
	return t.Present(ctx, d, chat.Screen{Text: s.title + "\n" + ask, Buttons: append(rows, last)})
}
