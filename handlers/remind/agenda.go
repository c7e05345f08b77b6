package remind

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
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
	all := v.items(a)
	title := list + ".none"
	if n := len(all); n > 0 {
		title, args = list+".title", append(args, "n", n)
	}
	s := v.listing(v.t.HTML(title, args...), all)
	if len(a.Birthdays) > 0 {
		s.Text += "\n" + v.t.HTML("digest.birthdays", "who", v.celebrants(a.Birthdays))
	}
	s.Buttons = append(s.Buttons, agendaRow(v.t))
	return s
}

// item is one thing to do: its line, and the button that opens it.
type item struct {
	line string
	open chat.Button
}

// items are the tasks and then the contacts of an agenda.
func (v view) items(a crm.Agenda) []item {
	today := crm.DateOf(v.now)
	var out []item
	add := func(due time.Time, what string, verb talk.Verb, id string) {
		out = append(out, item{
			line: v.t.HTML("digest.line", "when", v.due(due.In(v.now.Location()), today), "what", fit.Line(what, maxLine)),
			open: talk.Button(fit.Line(what, maxLabel), verb, id, ""),
		})
	}
	for _, task := range a.Tasks {
		add(task.Due, taskTitle(v.t, task, a.Clients[task.Client]), talk.VerbTask, string(task.ID))
	}
	for _, c := range a.Contacts {
		add(c.NextContact, v.t.Label("task.contact", "name", c.Name), talk.VerbCard, string(c.ID))
	}
	return out
}

// listing is a title with the first things to do below it, and how many more there are.
func (v view) listing(title string, all []item) chat.Screen {
	lines := []string{title}
	var doing []chat.Button
	for _, it := range all[:min(len(all), maxLines)] {
		lines, doing = append(lines, it.line), append(doing, it.open)
	}
	if more := len(all) - maxLines; more > 0 {
		lines = append(lines, v.t.HTML("remind.and_more", "n", more))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: talk.Rows(1, doing[:min(len(doing), maxOpen)]...)}
}

// celebrants are those whose birthdays are near, the nearest first.
func (v view) celebrants(list []crm.Client) string {
	today := crm.DateOf(v.now)
	var who []string
	for _, c := range list[:min(len(list), maxLines)] {
		who = append(who, v.celebrates(c.Name, c.Birthday.Next(today)))
	}
	text := strings.Join(who, ", ")
	if more := len(list) - maxLines; more > 0 {
		text += " " + v.t.Label("remind.and_more", "n", more)
	}
	return text
}

// celebrates is «Ким (через 4 дня)».
func (v view) celebrates(name string, day crm.Date) string {
	return v.t.Label("digest.birthday", "name", fit.Line(name, maxName), "until", v.t.Until(day, crm.DateOf(v.now)))
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

// tasks shows a page of the member's open tasks: the first, or what is behind a mark.
func tasks(ctx context.Context, t *talk.Turn, after *crm.TaskMark) error {
	list, err := t.Desk.Tasks(ctx, t.By, crm.TaskQuery{Assignee: t.By.ID, State: crm.TaskOpen, After: after, Limit: maxOpen + 1})
	if err != nil {
		return err
	}
	if len(list) == 0 && after != nil {
		return tasks(ctx, t, nil) // what was behind the mark is done by now
	}
	more := len(list) > maxOpen
	list = list[:min(len(list), maxOpen)]
	a := crm.Agenda{Tasks: list, Clients: map[crm.ClientID]string{}}
	for _, task := range list {
		if c, err := t.Desk.Client(ctx, t.By, task.Client); err == nil {
			a.Clients[task.Client] = c.Name
		}
	}
	v := viewOf(t)
	if !more && after == nil {
		_, err = t.Show(ctx, v.agenda(a, "tasks"))
		return err
	}
	s := v.listing(t.T.HTML("tasks.part"), v.items(a))
	if more {
		last := list[len(list)-1]
		mark := "tasks." + strconv.FormatInt(last.Due.UnixMilli(), 36) + "." + string(last.ID)
		s.Buttons = append(s.Buttons, []chat.Button{talk.Button(t.T.Label("page.next"), talk.VerbAgenda, "", mark)})
	}
	s.Buttons = append(s.Buttons, agendaRow(t.T))
	_, err = t.Show(ctx, s)
	return err
}

// parseMark reads what the button to the next page carries; nil, the first page, if it is none.
func parseMark(s string) *crm.TaskMark {
	due, id, _ := strings.Cut(s, ".")
	ms, err := strconv.ParseInt(due, 36, 64)
	if err != nil || id == "" {
		return nil
	}
	return &crm.TaskMark{Due: time.UnixMilli(ms).UTC(), ID: crm.TaskID(id)}
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
		lines = append(lines, t.T.HTML("birthdays.line", "day", t.T.DayMonth(day), "until", t.T.Until(day, t.Today()), "name", fit.Line(c.Name, maxLine)))
		open = append(open, talk.Button(fit.Line(c.Name, maxLabel), talk.VerbCard, string(c.ID), ""))
	}
	if more := len(list) - maxLines; more > 0 {
		lines = append(lines, t.T.HTML("remind.and_more", "n", more))
	}
	if len(list) == 0 {
		lines = append(lines, t.T.HTML("birthdays.none"))
	}
	rows := append(talk.Rows(2, open...), agendaRow(t.T))
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}
