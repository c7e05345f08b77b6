package remind

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// anniversary is the reminder of how long the client has been with the team.
func (v view) anniversary(n crm.Notice) chat.Screen {
	c, today := n.Client, crm.DateOf(v.now)
	key := "remind.anniversary_soon"
	if n.Day == today {
		key = "remind.anniversary"
	}
	lines := []string{v.head(n, v.t.HTML(key, "until", v.t.Until(n.Day, today), "day", v.t.DayMonth(n.Day))),
		v.t.HTML("remind.together", "n", n.Occasion.Years)}
	lines = append(lines, v.client(c, n.Last)...)
	rows := [][]chat.Button{{{Text: v.t.Label("button.copy_wish"), Copy: v.anniversaryWish(c, n.Occasion.Years)}}}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, v.finishing(c, "button.wished", "button.not_this_year", "")...)}
}

// anniversaryWish is a text to congratulate with, ready to be copied.
func (v view) anniversaryWish(c crm.Client, years int) string {
	hello := v.t.Label("letter.hello_nobody")
	if name := c.Addressed(); name != "" {
		hello = v.t.Label("letter.hello", "name", name)
	}
	return fit.Text(v.t.Label("anniversary.wish", "hello", hello, "n", years), maxCopy)
}

// otherDate is the reminder of a professional holiday, the end of a contract, a wedding.
func (v view) otherDate(n crm.Notice) chat.Screen {
	c, o, today := n.Client, n.Occasion.Date, crm.DateOf(v.now)
	key := "remind.date_soon"
	if n.Day == today {
		key = "remind.date"
	}
	lines := []string{v.head(n, v.t.HTML(key, "label", o.Label, "until", v.t.Until(n.Day, today), "day", v.t.DayMonth(n.Day)))}
	if n.Occasion.Years > 0 {
		lines = append(lines, v.t.HTML("remind.years", "n", n.Occasion.Years))
	}
	lines = append(lines, v.client(c, n.Last)...)
	skip := "button.not_this_year"
	if o.Once {
		skip = "button.drop"
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: v.finishing(c, "button.task_done", skip, "."+o.Key())}
}

// finishing are the rows that finish an occasion; which is the end of their argument.
func (v view) finishing(c crm.Client, done, skip, which string) [][]chat.Button {
	id := string(c.ID)
	var rows [][]chat.Button
	if links := card.Links(v.t, c); len(links) > 0 {
		rows = append(rows, links)
	}
	here := talk.Data{Verb: talk.VerbOccasion, ID: id, Arg: showOne + which}
	return append(rows, []chat.Button{
		talk.Button(v.t.Label(done), talk.VerbOccasion, id, "done"+which),
		talk.Button(v.t.Label("snooze.tomorrow"), talk.VerbOccasion, id, "tomorrow"+which),
		talk.Button(v.t.Label(skip), talk.VerbOccasion, id, "skip"+which),
	}, []chat.Button{talk.Under(here, cardRow(v.t, id)[0])})
}

// finishOccasion finishes an anniversary or another date: dealt with, tomorrow, or not this year, and shows that on the
// reminder; or shows that. Arg: how, and behind a dot the key of the date.
func finishOccasion(ctx context.Context, t *talk.Turn, d talk.Data) error {
	how, key, other := strings.Cut(d.Arg, ".")
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	date, there := c.Date(key)
	if other && !there {
		t.Toast(t.T.Label("error.not_found.date"))
		return card.Show(ctx, t, c)
	}
	if how == showOne {
		return showOccasion(ctx, t, c, key)
	}
	s := standing{c: c, title: t.T.HTML("remind.anniversary_of")}
	f := crm.Finish{Kind: crm.RemindAnniversary, Wished: how == "done", Text: t.T.Label("anniversary.wished")}
	task, noted := t.T.Label("anniversary.task", "name", c.Name), "birthday.noted"
	if other {
		s.title, noted = t.T.HTML("remind.date_of", "label", date.Label), "dates.noted"
		f.Kind, f.Date, f.Text = crm.RemindDate, key, t.T.Label("dates.done", "label", date.Label)
		task = t.T.Label("dates.task", "label", date.Label, "name", c.Name)
	}
	if s.who, err = clientLines(ctx, t, c); err != nil {
		return err
	}
	who := crm.GivenName(t.By.Name)
	switch how {
	case "tomorrow":
		until, _ := crm.SnoozeTomorrow.Until(t.Now)
		t.By.Cause = crm.Cause("occ." + d.ID + "." + key + "." + crm.DateOf(until).String() + "." + string(t.By.ID)) // pressed twice it is one task
		if _, err := t.Desk.AddTask(ctx, t.By, crm.TaskInput{Client: c.ID, Text: task, Due: until}); err != nil {
			return err
		}
		return settleOn(ctx, t, s, decision{text: t.T.HTML("task.saved", "when", t.T.When(until, t.Now)), final: true})
	case "skip":
		if noted = "birthday.skipped"; date.Once {
			noted = "dates.skipped"
		}
	}
	if _, err = t.Desk.FinishOccasion(ctx, t.By, c.ID, f); err != nil {
		return err
	}
	return settleOn(ctx, t, s, decision{text: t.T.HTML(noted, "who", who), final: true})
}

// occasionLines are the lines of a digest, one for each kind of occasion.
var occasionLines = []struct {
	kind crm.ReminderKind
	key  string
}{
	{crm.RemindBirthday, "digest.birthdays"}, {crm.RemindDate, "digest.dates"}, {crm.RemindAnniversary, "digest.anniversaries"},
}

// near are the lines of what is to be remembered in the days ahead, the nearest first, one line for each kind.
func (v view) near(all []crm.Occasion) []string {
	shown := all[:min(len(all), maxLines)]
	var lines []string
	for _, l := range occasionLines {
		var who []string
		for _, o := range shown {
			if o.Kind == l.kind {
				who = append(who, v.occasion(o))
			}
		}
		if len(who) > 0 {
			lines = append(lines, v.t.HTML(l.key, "who", strings.Join(who, ", ")))
		}
	}
	if more := len(all) - len(shown); more > 0 {
		lines[len(lines)-1] += " " + v.t.HTML("remind.and_more", "n", more)
	}
	return lines
}

// occasion is «Ким (через 4 дня)», «Ким, 3 года (завтра)», «Ким: конец договора (завтра)».
func (v view) occasion(o crm.Occasion) string {
	name, until := fit.Line(o.Client.Name, maxName), v.t.Until(o.Day, crm.DateOf(v.now))
	switch o.Kind {
	case crm.RemindAnniversary:
		return v.t.Label("digest.anniversary", "name", name, "n", o.Years, "until", until)
	case crm.RemindDate:
		return v.t.Label("digest.date", "name", name, "label", fit.Line(o.Date.Label, maxName), "until", until)
	}
	return v.t.Label("digest.birthday", "name", name, "until", until)
}
