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

// agenda is a page of what the day holds. Its first line is <list>.title, or <list>.none if there is nothing to do.
func (v view) agenda(a crm.Agenda, list string, args ...any) chat.Screen {
	title := list + ".none"
	if a.Total > 0 {
		title, args = list+".title", append(args, "n", a.Total)
	}
	s := v.listing(v.t.HTML(title, args...), a.Items)
	for _, line := range v.near(a.Occasions) {
		s.Text += "\n" + line
	}
	var on []chat.Button
	if a.Total > 1 {
		on = append(on, talk.Button(v.t.Label("button.order"), talk.VerbOrder, "", ""))
	}
	if a.More {
		on = append(on, talk.Button(v.t.Label("page.next"), talk.VerbAgenda, "", "today."+itemMark(a.Items)))
	}
	if len(on) > 0 {
		s.Buttons = append(s.Buttons, on)
	}
	s.Buttons = append(s.Buttons, agendaRow(v.t))
	if a.Stale > 0 {
		s.Text += "\n" + v.t.HTML("digest.stale", "total", a.Stale)
		s.Buttons = append(s.Buttons, []chat.Button{talk.Button(v.t.Label("button.stale"), talk.VerbStale, "", allList)})
	}
	return s
}

// listing is a title with things to do below it, what is overdue first, and a button with the number of each.
func (v view) listing(title string, items []crm.Item) chat.Screen {
	lines := []string{title}
	minute := v.now.Truncate(time.Minute) // what is due at 9:00 is not late until 9:01
	late := len(items) > 0 && items[0].Due().Before(minute)
	if late {
		lines = append(lines, "", v.t.HTML("digest.overdue"))
	}
	var open []chat.Button
	for i, item := range items {
		if late && !item.Due().Before(minute) {
			late = false
			lines = append(lines, "", v.t.HTML("digest.ahead"))
		}
		m := matterOf(item)
		lines = append(lines, v.t.HTML("digest.line", "no", i+1, "when", v.due(item.Due().In(v.now.Location())), "what", fit.Line(v.what(item), maxLine)))
		open = append(open, m.button(strconv.Itoa(i+1), talk.VerbDue, ""))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: talk.Rows(5, open...)}
}

// what is what an item is called.
func (v view) what(item crm.Item) string {
	if item.Task.ID != "" {
		return taskTitle(v.t, item.Task, item.Client.Name)
	}
	return v.t.Label("task.contact", "name", item.Client.Name)
}

func matterOf(item crm.Item) matter {
	if item.Task.ID != "" {
		return taskMatter(item.Task)
	}
	return contactMatter(item.Client)
}

// due is when something is, or was, to be done: the hour, of another day the day too.
func (v view) due(at time.Time) string {
	today := crm.DateOf(v.now)
	switch days := crm.DateOf(at).DaysUntil(today); {
	case days == 0:
		return at.Format("15:04")
	case days > 0:
		return v.t.Until(crm.DateOf(at), today)
	}
	return v.t.When(at, v.now)
}

func viewOf(t *talk.Turn) view { return view{t: t.T, now: t.Now} }

// today shows a page of the day: the first, or what is behind a mark.
func today(ctx context.Context, t *talk.Turn, after *crm.ItemMark) error {
	a, err := t.Desk.Agenda(ctx, t.By, after)
	if err != nil {
		return err
	}
	if len(a.Items) == 0 && after != nil {
		return today(ctx, t, nil) // what was behind the mark is done by now
	}
	_, err = t.Show(ctx, viewOf(t).agenda(a, "today"))
	return err
}

// tasks shows a page of the member's open tasks: the first, or what is behind a mark.
func tasks(ctx context.Context, t *talk.Turn, after *crm.ItemMark) error {
	q := crm.TaskQuery{Assignee: t.By.ID, State: crm.TaskOpen, Limit: crm.AgendaPage + 1}
	if after != nil {
		q.After = &crm.TaskMark{Due: after.Due, ID: crm.TaskID(after.ID)}
	}
	list, err := t.Desk.Tasks(ctx, t.By, q)
	if err != nil {
		return err
	}
	if len(list) == 0 && after != nil {
		return tasks(ctx, t, nil)
	}
	var items []crm.Item
	for _, task := range list[:min(len(list), crm.AgendaPage)] {
		item := crm.Item{Task: task}
		if c, err := t.Desk.Client(ctx, t.By, task.Client); err == nil {
			item.Client = c
		}
		items = append(items, item)
	}
	title := t.T.HTML("tasks.part")
	switch {
	case len(items) == 0:
		title = t.T.HTML("tasks.none")
	case after == nil && len(list) == len(items):
		title = t.T.HTML("tasks.title", "n", len(items))
	}
	s := viewOf(t).listing(title, items)
	if len(list) > len(items) {
		s.Buttons = append(s.Buttons, []chat.Button{talk.Button(t.T.Label("page.next"), talk.VerbAgenda, "", "tasks."+itemMark(items))})
	}
	s.Buttons = append(s.Buttons, agendaRow(t.T))
	_, err = t.Show(ctx, s)
	return err
}

// itemMark is the place behind a page, as a button carries it: milliseconds in base 36, c for a contact or t, the id.
func itemMark(page []crm.Item) string {
	m := page[len(page)-1].Mark()
	kind := "t"
	if m.Contact {
		kind = "c"
	}
	return strconv.FormatInt(m.Due.UnixMilli(), 36) + "." + kind + m.ID
}

// parseMark reads what itemMark wrote; nil, the first page, if it is none.
func parseMark(s string) *crm.ItemMark {
	due, id, _ := strings.Cut(s, ".")
	ms, err := strconv.ParseInt(due, 36, 64)
	if err != nil || len(id) < 2 {
		return nil
	}
	return &crm.ItemMark{Due: time.UnixMilli(ms).UTC(), Contact: id[0] == 'c', ID: id[1:]}
}
