package remind

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// agendaRow opens the parts of the day.
func agendaRow(t *locales.Texts) []chat.Button {
	return []chat.Button{
		talk.Button(t.Label("button.today"), talk.VerbAgenda, "", "today"),
		talk.Button(t.Label("button.tasks"), talk.VerbAgenda, "", "tasks"),
		talk.Button(t.Label("button.birthdays"), talk.VerbAgenda, "", "birthdays"),
	}
}

// agenda is what the day holds. Its first line is <list>.title, or <list>.none if there is nothing to do.
func (v view) agenda(a crm.Agenda, list string, args ...any) chat.Screen {
	title := list + ".none"
	if n := len(a.Tasks) + len(a.Contacts); n > 0 {
		title, args = list+".title", append(args, "n", n)
	}
	lines := []string{v.t.HTML(title, args...)}
	today := crm.DateOf(v.now)
	var doing []chat.Button
	for _, task := range a.Tasks {
		what := taskTitle(v.t, task, a.Clients[task.Client])
		lines = append(lines, v.t.HTML("digest.line", "when", v.due(task.Due.In(v.now.Location()), today), "what", what))
		doing = append(doing, talk.Button(cut(what), talk.VerbTask, string(task.ID), ""))
	}
	for _, c := range a.Contacts {
		what := v.t.Label("task.contact", "name", c.Name)
		lines = append(lines, v.t.HTML("digest.line", "when", v.due(c.NextContact.In(v.now.Location()), today), "what", what))
		doing = append(doing, talk.Button(cut(what), talk.VerbCard, string(c.ID), ""))
	}
	if len(a.Birthdays) > 0 {
		var who []string
		for _, c := range a.Birthdays[:min(len(a.Birthdays), maxLines)] {
			who = append(who, v.t.Label("digest.birthday", "name", c.Name, "until", v.t.Until(c.Birthday.Next(today), today)))
		}
		lines = append(lines, v.t.HTML("digest.birthdays", "who", strings.Join(who, ", ")))
	}
	lines = lines[:min(len(lines), 2*maxLines)]
	rows := talk.Rows(1, doing[:min(len(doing), 8)]...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, agendaRow(v.t))}
}

// cut is a label that fits a button.
func cut(s string) string {
	if r := []rune(s); len(r) > 36 {
		return string(r[:35]) + "…"
	}
	return s
}

func viewOf(t *talk.Turn) view { return view{t: t.T, now: t.Now} }

func today(ctx context.Context, t *talk.Turn) error {
	a, err := t.Desk.Agenda(ctx, t.By)
	if err != nil {
		return err
	}
	_, err = t.Show(ctx, viewOf(t).agenda(a, "today"))
	return err
}

func tasks(ctx context.Context, t *talk.Turn) error {
	list, err := t.Desk.Tasks(ctx, t.By, crm.TaskQuery{Assignee: t.By.ID, State: crm.TaskOpen, Limit: 2 * maxLines})
	if err != nil {
		return err
	}
	a := crm.Agenda{Tasks: list, Clients: map[crm.ClientID]string{}}
	for _, task := range list {
		if c, err := t.Desk.Client(ctx, t.By, task.Client); err == nil {
			a.Clients[task.Client] = c.Name
		}
	}
	_, err = t.Show(ctx, viewOf(t).agenda(a, "tasks"))
	return err
}

// birthdayDays is how far ahead /birthdays looks.
const birthdayDays = 31

func birthdays(ctx context.Context, t *talk.Turn) error {
	list, err := t.Desk.Birthdays(ctx, t.By, birthdayDays)
	if err != nil {
		return err
	}
	lines := []string{t.T.HTML("birthdays.title")}
	var open []chat.Button
	for _, c := range list[:min(len(list), maxLines)] {
		day := c.Birthday.Next(t.Today())
		lines = append(lines, t.T.HTML("birthdays.line", "day", t.T.DayMonth(day), "until", t.T.Until(day, t.Today()), "name", c.Name))
		open = append(open, talk.Button(cut(c.Name), talk.VerbCard, string(c.ID), ""))
	}
	if len(list) == 0 {
		lines = append(lines, t.T.HTML("birthdays.none"))
	}
	rows := append(talk.Rows(2, open...), agendaRow(t.T))
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}
