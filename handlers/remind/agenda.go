package remind

import (
	"context"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// pageOf is a page of one of the day's lists, as buttons lead to it.
func pageOf(list string, page int) talk.Data {
	return talk.Data{Verb: talk.VerbAgenda, Arg: list + "." + strconv.Itoa(page)}
}

// pageOf is a page of a list that is turned where it stands: in a group it is somebody's.
func (v view) pageOf(list string, page int) talk.Data {
	d := pageOf(list, page)
	d.ID = string(v.whose)
	return d
}

// agenda shows a page of the list that a button names.
func agenda(ctx context.Context, t *talk.Turn, d talk.Data) error {
	list, number, _ := strings.Cut(d.Arg, ".")
	page, _ := strconv.Atoi(number) // what is none is the first
	if t.In.Chat.Group {
		return groupToday(ctx, t, crm.MemberID(d.ID), page)
	}
	switch list {
	case "tasks":
		return tasks(ctx, t, page)
	case "birthdays":
		return birthdays(ctx, t, page)
	case missedList:
		return showMissed(ctx, t, page)
	}
	return today(ctx, t, page)
}

// parts of the day, as agendaRow knows them.
var parts = []struct {
	label string
	opens talk.Data
}{
	{"button.today", talk.Data{Verb: talk.VerbAgenda, Arg: "today"}}, {"button.tasks", talk.Data{Verb: talk.VerbAgenda, Arg: "tasks"}},
	{"button.birthdays", talk.Data{Verb: talk.VerbAgenda, Arg: "birthdays"}}, {"button.stale", staleAt(allList)},
}

// agendaRow opens the first three parts of the day other than the one that it stands below, "" for none of them.
func agendaRow(t *locales.Texts, below string) []chat.Button {
	var row []chat.Button
	for _, p := range parts {
		if p.label != below && len(row) < 3 {
			row = append(row, talk.Button(t.Label(p.label), p.opens.Verb, "", p.opens.Arg))
		}
	}
	return row
}

// agenda is a page of what the day holds. Its first line is <list>.title, or <list>.none if there is nothing to do. The occasions
// that it tells of by themselves have a button, else the nearest.
func (v view) agenda(a crm.Agenda, told []crm.Notice, list string, args ...any) chat.Screen {
	var shown []crm.Occasion
	for _, n := range told {
		if n.Occasion.Kind != "" {
			shown = append(shown, n.Occasion)
		}
	}
	if len(shown) == 0 {
		shown = a.Occasions
	}
	shown = shown[:min(len(shown), crm.OccasionsShown)]
	title := list + ".none"
	if ahead := a.Total - a.Left; ahead > 0 {
		title, args = list+".title", append(args, "n", ahead)
	}
	s := v.listing(v.t.HTML(title, args...), a.ItemPage, "today")
	here := pageOf("today", a.Page)
	if a.Page == 0 {
		for _, line := range v.near(a.Occasions) {
			s.Text += "\n" + line
		}
		var open []chat.Button
		for _, o := range shown {
			label := nameLabel(occasionIcons[o.Kind]+" ", o.Client, len(shown))
			open = append(open, talk.Under(here, occasionMatter(o).button(label, talk.VerbDue, "")))
		}
		s.Buttons = append(s.Buttons, talk.Rows(2, open...)...)
	}
	var order []chat.Button
	if a.Today() > 1 {
		order = append(order, talk.Under(here, talk.Button(v.t.Label("button.order"), talk.VerbOrder, "", "")))
	}
	if nav := v.turns("today", a.Page, a.More, order...); len(nav) > 0 {
		s.Buttons = append(s.Buttons, nav)
	}
	others := agendaRow(v.t, "button.today")
	if len(a.Occasions) > len(shown) {
		others[1].Text = v.t.Label("button.all_dates") // who is named and has no button
	}
	if a.Stale > 0 {
		s.Text += "\n" + v.t.HTML("digest.stale", "total", staleCount(a.Stale))
	} else {
		others = others[:2]
	}
	s.Buttons = append(s.Buttons, others)
	return s
}

// turns are the buttons that turn the pages of a list, with others between them.
func (v view) turns(list string, page int, more bool, between ...chat.Button) []chat.Button {
	var row []chat.Button
	if page > 0 {
		before := v.pageOf(list, page-1)
		row = append(row, talk.Button(v.t.Label("page.prev"), before.Verb, before.ID, before.Arg))
	}
	row = append(row, between...)
	if more {
		next := v.pageOf(list, page+1)
		row = append(row, talk.Button(v.t.Label("page.next"), next.Verb, next.ID, next.Arg))
	}
	return row
}

// listing is a title with a page of things to do below it and a button with the number of each; what is overdue stands under a
// heading: of the day what earlier days left behind, of all that there is to do what is late by a minute. list is the one
// that it is a page of.
func (v view) listing(title string, p crm.ItemPage, list string) chat.Screen {
	lines := []string{title}
	heading, was := v.t.HTML("digest.overdue"), false
	if list == "today" {
		heading = v.t.HTML("digest.left", "total", p.Left)
	}
	var open []chat.Button
	for i, item := range p.Items {
		no := p.Before() + i + 1
		late := item.Late(v.now)
		if list == "today" {
			late = no > p.Total-p.Left
		}
		switch {
		case late && !was:
			lines = append(lines, "", heading)
			was = true
		case !late && was:
			lines = append(lines, "", v.t.HTML("digest.ahead"))
			was = false
		}
		lines = append(lines, v.t.HTML("digest.line", "no", no, "when", v.itemDue(item), "what", v.beside(v.instead(fit.Lines(v.what(item), maxLine), item.Instead), item.Beside)))
		open = append(open, talk.Under(pageOf(list, p.Page), matterOf(item).button(strconv.Itoa(no), talk.VerbDue, "")))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: talk.Rows(perRow, open...)}
}

// instead is what there is to do, or when, with the colleague in whose place it is, if it is not one's own.
func (v view) instead(what string, of crm.Member) string {
	if of.ID == "" {
		return what
	}
	return v.t.Label("digest.instead", "what", what, "who", crm.GivenName(of.Name))
}

// beside is what there is to do with the colleague who is to do it, if one only has an eye on it.
func (v view) beside(what string, minder crm.Member) string {
	if minder.ID == "" {
		return what
	}
	return v.t.Label("digest.beside", "what", what, "who", crm.GivenName(minder.Name))
}

// what is what an item is called; who wants to be erased is none of a group's business.
func (v view) what(item crm.Item) string {
	switch item.Kind {
	case crm.RemindTask:
		if v.whose != "" && !item.Task.LastDay().IsZero() {
			return taskTitle(v.t, item.Task, "")
		}
		return taskTitle(v.t, item.Task, item.Client.Name)
	case crm.RemindOffer:
		return v.t.Label("remind.offer_of", "name", item.Client.Name)
	}
	return v.t.Label("task.contact", "name", item.Client.Name)
}

func matterOf(item crm.Item) matter {
	switch item.Kind {
	case crm.RemindTask:
		return taskMatter(item.Task)
	case crm.RemindOffer:
		return offerMatter(item.Client)
	}
	return contactMatter(item.Client)
}

// due is when something is, or was, to be done: the hour, of another day the day too.
func (v view) due(at time.Time) string {
	today := civil.DateOf(v.now)
	switch days := civil.DateOf(at).DaysUntil(today); {
	case days == 0:
		return at.Format("15:04")
	case days > 0:
		return v.t.Until(civil.DateOf(at), today)
	}
	return v.t.When(at, v.now)
}

// itemDue is due of an item: of an occasion the day alone, since nobody set its hour.
func (v view) itemDue(item crm.Item) string {
	at := item.Due.In(v.now.Location())
	if !item.Task.Day.IsZero() {
		return v.t.Until(civil.DateOf(at), civil.DateOf(v.now))
	}
	return v.due(at)
}

func viewOf(t *talk.Turn) view { return view{t: t.T, now: t.Now} }

// today shows a page of the day.
func today(ctx context.Context, t *talk.Turn, page int) error {
	a, err := t.Desk.Agenda(ctx, t.By, page)
	if err != nil {
		return err
	}
	_, err = t.ShowOpened(ctx, viewOf(t).agenda(a, nil, "today"))
	return err
}

// groupToday shows a page of the list that has come to a group for one of its members, in its place.
func groupToday(ctx context.Context, t *talk.Turn, whose crm.MemberID, page int) error {
	a, m, err := t.Desk.GroupAgenda(ctx, t.By, t.In.Chat.ID, whose, page)
	if err != nil {
		return err
	}
	t.SpeakAs(m)
	t.Whose = m.Name
	v := view{t: t.T, now: t.Now.In(m.Location()), whose: m.ID}
	_, err = t.Show(ctx, v.agenda(a, nil, "digest", "name", crm.GivenName(m.Name)))
	return err
}

// tasks shows a page of all that the member has to do.
func tasks(ctx context.Context, t *talk.Turn, page int) error {
	p, err := t.Desk.OpenItems(ctx, t.By, page)
	if err != nil {
		return err
	}
	title := t.T.HTML("tasks.none")
	if p.Total > 0 {
		title = t.T.HTML("tasks.title", "n", p.Total)
	}
	v := viewOf(t)
	s := v.listing(title, p, "tasks")
	if nav := v.turns("tasks", p.Page, p.More); len(nav) > 0 {
		s.Buttons = append(s.Buttons, nav)
	}
	s.Buttons = append(s.Buttons, agendaRow(t.T, "button.tasks"))
	_, err = t.ShowOpened(ctx, s)
	return err
}
