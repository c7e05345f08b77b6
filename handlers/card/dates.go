package card

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/crm/moment"
	"kartoteka/handlers/calendar"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

const formDates = "dates"

// What a dialog about other dates holds in its answers, beside the client.
const (
	dateSaid = "said" // what was written of a date that is not complete yet
	dateKey  = "key"  // the date that is changed; "" for a new one
)

// registerDates adds the list of a client's other dates, one of them, and what is written of one.
func registerDates(r *talk.Router) {
	r.Press(talk.VerbDates, pressDates)
	r.Form(formDates, talk.Form{Question: true, Answer: answerDate, Press: leaveForm, Cancel: leave,
		Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			return showDates(ctx, t, crm.ClientID(d.Answers["client"]), d.Answers[dateKey], nil)
		}})
}

// pressDates shows the list, or one date by its key, or does with it what the argument says: <key>.lead.<days>, <key>.del,
// and of one that is being written how often it comes: how.yearly, how.once.
func pressDates(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id := crm.ClientID(d.ID)
	key, what, _ := strings.Cut(d.Arg, ".")
	switch what, arg, _ := strings.Cut(what, "."); {
	case key == "how":
		return howOften(ctx, t, id, what == "yearly")
	case what == "lead":
		return lead(ctx, t, id, key, arg)
	case what == "del":
		c, err := t.Desk.RemoveDate(ctx, t.By, id, key)
		return settle(ctx, t, c, err)
	}
	return showDates(ctx, t, id, key, nil)
}

// showDates shows the client's other dates, or the one with the key, and waits for one to be written.
func showDates(ctx context.Context, t *talk.Turn, id crm.ClientID, key string, wrong error) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	o, one := c.Date(key)
	if !one {
		key = ""
	}
	d, err := openDate(ctx, t, id, key, "")
	if err != nil {
		return err
	}
	s := dateList(t, c)
	if one {
		s = dateScreen(t, c, o)
	}
	s.Text = t.Refusal(wrong) + s.Text
	return t.Present(ctx, d, s)
}

func openDate(ctx context.Context, t *talk.Turn, id crm.ClientID, key, said string) (crm.Dialog, error) {
	return t.Open(ctx, crm.Dialog{Form: formDates, Screen: t.In.Message,
		Answers: map[string]string{"client": string(id), dateKey: key, dateSaid: said}})
}

// dateList lists the dates, each with a button that opens it.
func dateList(t *talk.Turn, c crm.Client) chat.Screen {
	lines := []string{t.T.HTML("dates.title", "name", c.Name)}
	var open []chat.Button
	for _, o := range c.Dates {
		lines = append(lines, DateLine(t, o))
		open = append(open, talk.Button(fit.Line(o.Label, 30), talk.VerbDates, string(c.ID), o.Key()))
	}
	lines = append(lines, t.T.HTML("dates.how_to"))
	last := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(talk.Rows(2, open...), last)}
}

// dateLeads are the days before a date that are offered; others can be put by a forged button only, and are as good.
var dateLeads = []int{0, 1, 3, 7, 14, 30}

// dateScreen is one date with how early to remind of it.
func dateScreen(t *talk.Turn, c crm.Client, o crm.OtherDate) chat.Screen {
	id, key := string(c.ID), o.Key()
	var leads []chat.Button
	for _, n := range dateLeads {
		label := LeadLabel(t.T, n)
		if n == o.Lead {
			label = "✓ " + label
		}
		leads = append(leads, talk.Button(label, talk.VerbDates, id, key+".lead."+strconv.Itoa(n)))
	}
	remove := talk.Button(t.T.Label("button.delete"), talk.VerbDates, id, key+".del")
	remove.Style = chat.StyleDanger
	return chat.Screen{
		Text: t.T.HTML("dates.title_one", "name", c.Name) + "\n" + DateLine(t, o) + "\n" +
			t.T.HTML("dates.lead_now", "lead", LeadLabel(t.T, o.Lead)) + "\n" + t.T.HTML("dates.change"),
		Buttons: append(talk.Rows(3, leads...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbDates, id, ""), remove}),
	}
}

func lead(ctx context.Context, t *talk.Turn, id crm.ClientID, key, days string) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	o, ok := c.Date(key)
	if !ok {
		return t.Stale(ctx)
	}
	if o.Lead, err = strconv.Atoi(days); err != nil {
		return t.Stale(ctx)
	}
	return keepLead(ctx, t, id, key, o)
}

// keepLead writes how early to remind of a date.
func keepLead(ctx context.Context, t *talk.Turn, id crm.ClientID, key string, o crm.OtherDate) error {
	_, err := t.Desk.ChangeDate(ctx, t.By, id, key, o)
	if err != nil && !errors.Is(err, crm.ErrInvalid) {
		return err
	}
	return showDates(ctx, t, id, key, err)
}

// answerDate takes what was written of a date.
func answerDate(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	return true, takeDate(ctx, t, d, t.In.Text)
}

// takeDate reads what was written together with what was written before, and asks for what is missing or doubtful.
func takeDate(ctx context.Context, t *talk.Turn, d crm.Dialog, text string) error {
	id, key := crm.ClientID(d.Answers["client"]), d.Answers[dateKey]
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	said := strings.TrimSpace(d.Answers[dateSaid] + " " + text)
	was, changes := c.Date(key)
	if days, ok := moment.ReadDays(text); ok && changes && len(days) == 1 && d.Answers[dateSaid] == "" { // how early to remind of it
		was.Lead = days[0]
		return keepLead(ctx, t, id, key, was)
	}
	o, doubt, err := crm.ReadOtherDate(said, t.Now)
	var e *crm.Error
	switch errors.As(err, &e); {
	case err != nil && e == nil:
		return err
	case changes && e != nil && e.Field == "dates" && o.Label != "":
		label := o.Label
		o, doubt, err = was, false, nil
		o.Label = label
	case changes && e != nil && e.Field == "dates.label":
		said = was.Label + " " + said
		o, doubt, err = crm.ReadOtherDate(said, t.Now)
	case e != nil && (e.Field == "dates" && o.Label != "" || e.Field == "dates.label") && d.Answers[dateSaid] == "":
		return askRest(ctx, t, c, said, e.Field)
	}
	switch {
	case err != nil:
		return showDates(ctx, t, id, key, err)
	case doubt:
		d.Answers[dateSaid] = said
		return askHowOften(ctx, t, d, c.Name, o)
	}
	return keepDate(ctx, t, c, key, leadOf(t, was, said, o))
}

// leadOf is a date as it is written anew: it is reminded of as early as before, unless that is said.
func leadOf(t *talk.Turn, was crm.OtherDate, said string, o crm.OtherDate) crm.OtherDate {
	if lead, _, ok := crm.CutLead(said); ok {
		return o.Ahead(lead, t.Today())
	}
	if was.Label != "" {
		o.Lead = was.Lead
	}
	return o
}

// askRest asks for what is missing: the day, or what the day is.
func askRest(ctx context.Context, t *talk.Turn, c crm.Client, said, missing string) error {
	d, err := openDate(ctx, t, c.ID, "", said)
	if err != nil {
		return err
	}
	s := chat.Screen{Text: t.T.HTML("dates.ask_label", "day", fit.Line(said, 60), "name", c.Name)}
	if missing == "dates" {
		s.Text = t.T.HTML("dates.ask_day", "label", fit.Line(said, 60), "name", c.Name)
		s.Buttons = dateCalendar(t, c.ID, "")
	}
	s.Buttons = append(s.Buttons, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbDates, string(c.ID), "")})
	return t.Present(ctx, d, s)
}

func dateCalendar(t *talk.Turn, id crm.ClientID, v calendar.View) [][]chat.Button {
	return calendar.Picker{T: t.T, ID: string(id), For: string(crm.FieldDates), Today: t.Today()}.Rows(v)
}

// dateDay leafs through the calendar of a date that is being written, or takes the day that was picked.
func dateDay(ctx context.Context, t *talk.Turn, id crm.ClientID, arg string) error {
	d, ok, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	if !ok || d.Form != formDates || d.Answers["client"] != string(id) || d.Answers[dateSaid] == "" {
		return t.Stale(ctx)
	}
	if _, err := civil.ParseDate(arg); err == nil && len(arg) == len("2006-01-02") {
		return takeDate(ctx, t, d, arg)
	}
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	back := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbDates, string(id), "")}
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML("dates.ask_day", "label", fit.Line(d.Answers[dateSaid], 60), "name", c.Name),
		Buttons: append(dateCalendar(t, id, calendar.View(arg)), back)})
}

// askHowOften asks whether a date comes each year or once.
func askHowOften(ctx context.Context, t *talk.Turn, d crm.Dialog, name string, o crm.OtherDate) error {
	d, err := t.Save(ctx, d)
	if err != nil {
		return err
	}
	id, only := d.Answers["client"], o.Only(t.Today())
	return t.Present(ctx, d, chat.Screen{
		Text: t.T.HTML("dates.ask_often", "label", o.Label, "day", t.T.Date(o.Day), "name", name),
		Buttons: [][]chat.Button{
			{talk.Button(t.T.Label("button.yearly"), talk.VerbDates, id, "how.yearly")},
			{talk.Button(t.T.Label("button.once", "day", t.T.Date(only.Day)), talk.VerbDates, id, "how.once")},
			{talk.Button(t.T.Label("button.back"), talk.VerbDates, id, d.Answers[dateKey])},
		},
	})
}

func howOften(ctx context.Context, t *talk.Turn, id crm.ClientID, yearly bool) error {
	d, ok, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	read, _, unread := crm.ReadOtherDate(d.Answers[dateSaid], t.Now)
	if !ok || d.Form != formDates || d.Answers["client"] != string(id) || unread != nil {
		return t.Stale(ctx)
	}
	o := read.Only(t.Today())
	if yearly {
		o = read.Yearly()
	}
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	was, _ := c.Date(d.Answers[dateKey])
	return keepDate(ctx, t, c, d.Answers[dateKey], leadOf(t, was, d.Answers[dateSaid], o))
}

// keepDate writes a date: a new one, or in the place of the one with the key.
func keepDate(ctx context.Context, t *talk.Turn, c crm.Client, key string, o crm.OtherDate) error {
	var err error
	if _, changes := c.Date(key); changes {
		c, err = t.Desk.ChangeDate(ctx, t.By, c.ID, key, o)
	} else {
		c, err = t.Desk.AddDate(ctx, t.By, c.ID, o)
	}
	if errors.Is(err, crm.ErrInvalid) {
		return showDates(ctx, t, c.ID, key, err)
	}
	return settle(ctx, t, c, err)
}
