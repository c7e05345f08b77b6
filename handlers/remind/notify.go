// Package remind is the conversation about what is due: the reminders that come by themselves with the buttons that
// finish them, tasks, and what the day holds.
package remind

import (
	"context"
	"errors"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Notifier shows notices in the members' private chats; it is what crm.Desk.DeliverReminders sends through.
type Notifier struct {
	Out     chat.Messenger
	Catalog *locales.Catalog
	Clock   crm.Clock
}

// Notify shows one notice.
func (n Notifier) Notify(ctx context.Context, notice crm.Notice) (int64, error) {
	v := view{t: n.Catalog.For(notice.To.Lang), now: n.Clock.Now().In(notice.To.Location())}
	id, err := n.Out.Send(ctx, notice.To.User, v.screen(notice))
	switch {
	case errors.Is(err, chat.ErrUnreachable):
		return 0, errors.Join(crm.ErrUnreachable, err)
	case errors.Is(err, chat.ErrUnknown):
		return 0, errors.Join(crm.ErrUncertain, err)
	}
	return id, err
}

// view writes notices in one language at one moment.
type view struct {
	t   *locales.Texts
	now time.Time // at the member's place
}

func (v view) screen(n crm.Notice) chat.Screen {
	switch {
	case len(n.Missed) > 0:
		return v.missed(n)
	case n.Kind == crm.RemindTask:
		return v.task(n)
	case n.Kind == crm.RemindContact:
		return v.contact(n)
	case n.Kind == crm.RemindBirthday:
		return v.birthday(n)
	default:
		return v.agenda(n.Agenda, "digest", "name", crm.GivenName(n.To.Name))
	}
}

// head is the first line: what is due, by how much it is late, and whether it may have come before.
func (v view) head(n crm.Notice, text string) string {
	if n.Late >= crm.LateAfter {
		text = v.t.HTML("remind.late", "text", locales.Raw(text), "late", v.t.Span(n.Late))
	}
	if n.Again {
		text = v.t.HTML("remind.again", "text", locales.Raw(text))
	}
	return text
}

func (v view) task(n crm.Notice) chat.Screen {
	text := v.t.HTML("remind.task", "text", taskTitle(v.t, n.Task, n.Client.Name))
	lines := []string{v.head(n, text)}
	if n.Client.ID != "" {
		lines = append(lines, v.client(n.Client, n.Last)...)
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: taskButtons(v.t, n.Task, v.now)}
}

// taskTitle is what a task is called: its text, or the client it is about.
func taskTitle(t *locales.Texts, task crm.Task, client string) string {
	switch {
	case task.Text == "":
		return t.Label("task.contact", "name", client)
	case client == "" || strings.Contains(crm.Fold(task.Text), crm.Fold(strings.Fields(client)[0])):
		return task.Text
	}
	return t.Label("task.about", "text", task.Text, "name", client)
}

func (v view) contact(n crm.Notice) chat.Screen {
	text := v.t.HTML("remind.contact", "name", n.Client.Name)
	lines := append([]string{v.head(n, text)}, v.client(n.Client, n.Last)...)
	id := string(n.Client.ID)
	rows := [][]chat.Button{{
		talk.Button(v.t.Label("button.touch"), talk.VerbTouch, id, ""),
		talk.Button(v.t.Label("outcome.not_reached"), talk.VerbContactMiss, id, seenArg(n.Client.NextContact)),
	}}
	rows = append(rows, later(v.t, v.now, func(s crm.Snooze) chat.Button {
		return talk.Button(v.t.Label("snooze."+string(s)), talk.VerbContact, id, string(s))
	})...)
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, cardRow(v.t, id))}
}

func cardRow(t *locales.Texts, client string) []chat.Button {
	return []chat.Button{talk.Button(t.Label("button.card"), talk.VerbCard, client, "")}
}

// later offers the snoozes that mean something now, three a row.
func later(t *locales.Texts, now time.Time, button func(crm.Snooze) chat.Button) [][]chat.Button {
	var out []chat.Button
	for _, s := range crm.Snoozes {
		if _, ok := s.Until(now); ok {
			out = append(out, button(s))
		}
	}
	return talk.Rows(3, out...)
}

func (v view) birthday(n crm.Notice) chat.Screen {
	c, today := n.Client, crm.DateOf(v.now)
	key := "remind.birthday_soon"
	if n.Day == today {
		key = "remind.birthday"
	}
	lines := []string{v.head(n, v.t.HTML(key, "until", v.t.Until(n.Day, today), "day", v.t.DayMonth(n.Day)))}
	lines = append(lines, v.clientOn(n.Day, c, n.Last)...)
	id := string(c.ID)
	rows := [][]chat.Button{{{Text: v.t.Label("button.copy_wish"), Copy: v.t.Label("birthday.wish", "name", crm.GivenName(c.Name))}}}
	if links := card.Links(v.t, c); len(links) > 0 {
		rows = append(rows, links)
	}
	rows = append(rows, []chat.Button{
		talk.Button(v.t.Label("button.wished"), talk.VerbGreet, id, "done"),
		talk.Button(v.t.Label("snooze.tomorrow"), talk.VerbGreet, id, "tomorrow"),
		talk.Button(v.t.Label("button.not_this_year"), talk.VerbGreet, id, "skip"),
	}, cardRow(v.t, id))
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows}
}

// missed is the one list that comes after a stop.
func (v view) missed(n crm.Notice) chat.Screen {
	lines := []string{v.t.HTML("remind.missed", "n", len(n.Missed))}
	for i, m := range n.Missed {
		if i == maxLines {
			lines = append(lines, v.t.HTML("remind.and_more", "n", len(n.Missed)-maxLines))
			break
		}
		what := ""
		switch m.Kind {
		case crm.RemindTask:
			what = taskTitle(v.t, m.Task, m.Client.Name)
		case crm.RemindBirthday:
			what = v.celebrates(m.Client.Name, m.Day)
		default:
			what = v.t.Label("task.contact", "name", m.Client.Name)
		}
		lines = append(lines, v.t.HTML("remind.missed_line", "what", fit.Line(what, maxLine), "late", v.t.Span(m.Late)))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{agendaRow(v.t)}}
}

// due is when in the day something is to be done: the hour, or how many days it is overdue.
func (v view) due(at time.Time, today crm.Date) string {
	if day := crm.DateOf(at); day.String() < today.String() {
		return v.t.Label("digest.overdue", "ago", v.t.Until(day, today))
	} else if day != today {
		return v.t.When(at, v.now)
	}
	return at.Format("15:04")
}
