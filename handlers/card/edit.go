package card

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/calendar"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

const formEdit = "edit"

// registerEdit adds the editing of fields: a list of them, a question for one, the answer to it.
func registerEdit(r *talk.Router) {
	r.Press(talk.VerbEdit, fields)
	r.Press(talk.VerbField, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		if crm.Field(d.Arg) == crm.FieldDates {
			return showDates(ctx, t, crm.ClientID(d.ID), "", nil)
		}
		return ask(ctx, t, crm.ClientID(d.ID), crm.Field(d.Arg), nil)
	})
	r.Press(talk.VerbSet, set)
	r.Press(talk.VerbDay, day)
	r.Press(talk.VerbMine, mine)
	r.Form(formEdit, talk.Form{Question: true, Answer: answer, Press: leaveForm, Cancel: leave, Show: showCardForm})
}

// fieldsPage is how many fields one page of the list offers: four rows of two, since three labels are cut on a phone.
const fieldsPage = 8

// fields lists what can be edited, filled fields marked.
func fields(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	all := editable(team, t.By.Role)
	page, _ := strconv.Atoi(d.Arg)
	page = min(max(page, 0), (len(all)-1)/fieldsPage)
	var choices []chat.Button
	for _, f := range all[page*fieldsPage : min(len(all), (page+1)*fieldsPage)] {
		label := Label(t.T, team, f)
		if c.Value(f) != "" {
			label = "✓ " + label
		}
		choices = append(choices, talk.Button(label, talk.VerbField, d.ID, string(f)))
	}
	rows := talk.Rows(2, choices...)
	nav := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCard, d.ID, "")}
	if page > 0 {
		nav = append(nav, talk.Button(t.T.Label("button.main_fields"), talk.VerbEdit, d.ID, ""))
	}
	if page < (len(all)-1)/fieldsPage {
		nav = append(nav, talk.Button(t.T.Label("button.more_fields"), talk.VerbEdit, d.ID, strconv.Itoa(page+1)))
	}
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("edit.choose", "name", c.Name), Buttons: append(rows, nav)})
	return err
}

// editable are the fields that can be edited: the likeliest, the team's own, the others, and those that have a button on the
// card last.
func editable(team crm.Team, role crm.Role) []crm.Field {
	var all, onCard []crm.Field
	for _, f := range crm.Fields {
		if f == crm.FieldStage || f == crm.FieldTags {
			onCard = append(onCard, f)
		} else {
			all = append(all, f)
		}
	}
	var custom []crm.Field
	for _, f := range team.Fields {
		if !f.Removed && f.SeenBy(role) {
			custom = append(custom, crm.CustomKey(f.ID))
		}
	}
	return slices.Concat(all[:fieldsPage], custom, all[fieldsPage:], onCard)
}

// Label is what a field is called.
func Label(t *locales.Texts, team crm.Team, f crm.Field) string {
	if cf, ok := team.AnyField(f.Custom()); ok {
		return cf.Name
	}
	return t.Label("field." + string(f))
}

// Value is a field's value as people read it; "" if empty.
func Value(t *talk.Turn, team crm.Team, c crm.Client, f crm.Field) string {
	v := c.Value(f)
	switch {
	case v == "":
		return ""
	case f == crm.FieldClientKind:
		return t.T.Label("kind." + v)
	case f == crm.FieldStage, f == crm.FieldStatus, f == crm.FieldChannel:
		return t.T.Label(string(f) + "." + v)
	case f == crm.FieldBirthday && c.Birthday.Year == 0:
		return t.T.DayMonth(c.Birthday)
	case f == crm.FieldBirthday:
		return t.T.Date(c.Birthday)
	case f == crm.FieldNextContact:
		return t.T.When(c.NextContact.In(t.Now.Location()), t.Now)
	case f == crm.FieldDates:
		return dateValue(t.T, c.Dates)
	case f == crm.FieldPhones:
		parts := make([]string, len(c.Phones))
		for i, p := range c.Phones {
			if parts[i] = p.Display(); p.Ext != "" {
				parts[i] += " #" + p.Ext
			}
		}
		return strings.Join(parts, ", ")
	}
	if cf, ok := team.AnyField(f.Custom()); ok {
		return Custom(t.T, cf, v)
	}
	return v
}

// ask shows a field's present value and waits for a new one: a choice, a day, or a text.
func ask(ctx context.Context, t *talk.Turn, id crm.ClientID, f crm.Field, wrong error) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	if !slices.Contains(editable(team, t.By.Role), f) { // an old button of a field that was removed
		return &crm.Error{Kind: crm.ErrNotFound, Field: "field"}
	}
	d, err := t.Open(ctx, crm.Dialog{Form: formEdit, Step: string(f), Screen: t.In.Message,
		Answers: map[string]string{"client": string(id), "seen": c.Value(f)}})
	if err != nil {
		return err
	}
	s := question(t, team, c, f)
	s.Text = t.Refusal(wrong) + s.Text
	return t.Present(ctx, d, s)
}

// askAgain asks what an open dialog asks.
func askAgain(ctx context.Context, t *talk.Turn, d crm.Dialog, wrong error) error {
	id := crm.ClientID(d.Answers["client"])
	if d.Answers["prefix"] != "" {
		return askWhyBlocked(ctx, t, id, wrong)
	}
	return ask(ctx, t, id, crm.Field(d.Step), wrong)
}

// question is the screen that asks for a field's value.
func question(t *talk.Turn, team crm.Team, c crm.Client, f crm.Field) chat.Screen {
	label, now := Label(t.T, team, f), Value(t, team, c, f)
	key := "edit.ask"
	switch {
	case team.Picker(f) == crm.PickChoice:
		key = "edit.ask_choice"
	case f == crm.FieldNextContact && now == "":
		key = "edit.ask_when"
	case f == crm.FieldNextContact:
		key = "edit.ask_when_now"
	case now == "":
		key = "edit.ask_empty"
	}
	s := chat.Screen{Text: t.T.HTML(key, "field", label, "name", c.Name, "now", now)}
	if hint := hintKey(team, f); hint != "" {
		s.Text += "\n" + t.T.HTML(hint)
	}
	switch team.Picker(f) {
	case crm.PickChoice:
		s.Buttons = choices(t, team, c, f)
	case crm.PickDate:
		s.Buttons = days(t, c, f, "")
	default:
		if now != "" && !isRestricted(team, f) && len([]rune(now)) <= maxCopy {
			s.Buttons = append(s.Buttons, []chat.Button{{Text: t.T.Label("button.copy_value"), Copy: now}})
		}
	}
	last := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")}
	if now != "" && emptiable(f) {
		last = append(last, talk.Button(t.T.Label("button.clear"), talk.VerbSet, string(c.ID), string(f)+"="))
	}
	s.Buttons = append(s.Buttons, last)
	return s
}

// emptiable reports whether a field may be left without a value.
func emptiable(f crm.Field) bool {
	switch f {
	case crm.FieldName, crm.FieldClientKind, crm.FieldStage, crm.FieldStatus:
		return false
	}
	return true
}

// hintKey is the text that says how to write the field's value; "" if it needs none.
func hintKey(team crm.Team, f crm.Field) string {
	switch f {
	case crm.FieldPhones, crm.FieldEmails, crm.FieldMessengers, crm.FieldTags, crm.FieldInterests, crm.FieldBirthday, crm.FieldNextContact:
		return "edit.hint." + string(f)
	}
	if cf, ok := team.Field(f.Custom()); ok && (cf.Kind == crm.FieldNumber || cf.Kind == crm.FieldDate) {
		return "edit.hint." + string(cf.Kind)
	}
	return ""
}

// choices offers the values of a field with fixed ones, by number, the present one marked.
func choices(t *talk.Turn, team crm.Team, c crm.Client, f crm.Field) [][]chat.Button {
	var out []chat.Button
	for i, v := range team.Choices(f) {
		label := v
		if f.Custom() == "" {
			label = t.T.Title(string(f) + "." + v)
		}
		if v == c.Value(f) {
			label = "✓ " + label
		}
		out = append(out, talk.Button(label, talk.VerbSet, string(c.ID), string(f)+"="+strconv.Itoa(i)))
	}
	return talk.Rows(2, out...)
}

// days is the calendar of a date field. A birthday begins with the decades, since nobody leafs back 40 years.
func days(t *talk.Turn, c crm.Client, f crm.Field, v calendar.View) [][]chat.Button {
	p := calendar.Picker{T: t.T, ID: string(c.ID), For: string(f), Today: t.Today()}
	switch f {
	case crm.FieldBirthday:
		p.Days = calendar.Past
	case crm.FieldNextContact:
		p.Days = calendar.Future
	}
	switch {
	case v != "":
	case f == crm.FieldBirthday && c.Birthday.Year != 0:
		v = calendar.Month(c.Birthday)
	case f == crm.FieldBirthday:
		v = calendar.Decade(t.Today().Year - 35)
	}
	return p.Rows(v)
}

// set puts a choice, or "" to empty the field. Arg: field=number of the choice.
func set(ctx context.Context, t *talk.Turn, d talk.Data) error {
	name, arg, _ := strings.Cut(d.Arg, "=")
	f, value := crm.Field(name), ""
	if arg != "" {
		team, err := t.Desk.Team(ctx, t.By)
		if err != nil {
			return err
		}
		all := team.Choices(f)
		n, err := strconv.Atoi(arg)
		if err != nil || n < 0 || n >= len(all) {
			return t.Stale(ctx)
		}
		value = all[n]
	}
	switch {
	case f == crm.FieldStage && value == string(crm.StageArchive):
		return askArchive(ctx, t, crm.ClientID(d.ID), false)
	case f == crm.FieldStatus && value == string(crm.StatusBlocked):
		return askWhyBlocked(ctx, t, crm.ClientID(d.ID), nil)
	}
	return put(ctx, t, crm.ClientID(d.ID), crm.Edit{Field: f, Value: value, Force: true})
}

// askWhyBlocked waits for the reason that the blacklist needs.
func askWhyBlocked(ctx context.Context, t *talk.Turn, id crm.ClientID, wrong error) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	d, err := t.Open(ctx, crm.Dialog{Form: formEdit, Step: string(crm.FieldStatus), Screen: t.In.Message,
		Answers: map[string]string{"client": string(id), "seen": c.Value(crm.FieldStatus), "prefix": string(crm.StatusBlocked) + ": "}})
	if err != nil {
		return err
	}
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML("edit.why_blocked", "name", c.Name),
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")}}})
}

// day leafs through a calendar or takes the picked day. Arg: field:view or field:day.
func day(ctx context.Context, t *talk.Turn, d talk.Data) error {
	name, arg, _ := strings.Cut(d.Arg, ":")
	f := crm.Field(name)
	if f == crm.FieldDates {
		return dateDay(ctx, t, crm.ClientID(d.ID), arg)
	}
	picked, err := civil.ParseDate(arg)
	if err != nil || len(arg) != len("2006-01-02") {
		c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
		if err != nil {
			return err
		}
		team, err := t.Desk.Team(ctx, t.By)
		if err != nil {
			return err
		}
		s := question(t, team, c, f)
		s.Buttons = append(days(t, c, f, calendar.View(arg)), s.Buttons[len(s.Buttons)-1])
		_, err = t.Leaf(ctx, s)
		return err
	}
	value := picked.String()
	if f == crm.FieldNextContact && picked == t.Today() {
		soon, _ := crm.SnoozeHour.Until(t.Now) // the hour at which a day's contacts are due may be past
		value = soon.Format(time.RFC3339)
	}
	return put(ctx, t, crm.ClientID(d.ID), crm.Edit{Field: f, Value: value, Force: true})
}

// answer takes a typed value. A value that is not acceptable is asked for again; one that somebody else changed
// meanwhile is put to the member to decide.
func answer(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	id, f := crm.ClientID(d.Answers["client"]), crm.Field(d.Step)
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return true, err
	}
	e := crm.Edit{Field: f, Value: d.Answers["prefix"] + t.In.Text, Seen: d.Answers["seen"]}
	if isRestricted(team, f) { // neither a dialog nor the chat is to keep it
		e.Force = true
		defer t.Remove(ctx, t.In.Message)
	}
	c, err := t.Desk.EditClient(ctx, t.By, id, e)
	var twin *crm.DuplicateError
	switch {
	case errors.As(err, &twin):
		return true, askTwin(ctx, t, d, twin.Found, e.Value)
	case errors.Is(err, crm.ErrConflict):
		return true, askWhose(ctx, t, d, c, e.Value)
	case errors.Is(err, crm.ErrInvalid) && picked(team, f) && sought(t, team):
		return false, nil
	case errors.Is(err, crm.ErrInvalid):
		return true, askAgain(ctx, t, d, err)
	}
	return true, settle(ctx, t, c, err)
}

// askWhose lets the member choose between their value and the one that somebody else wrote meanwhile.
func askWhose(ctx context.Context, t *talk.Turn, d crm.Dialog, c crm.Client, value string) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	f := crm.Field(d.Step)
	who, err := t.Desk.WroteField(ctx, t.By, c.ID, f)
	if err != nil {
		return err
	}
	d.Answers["value"] = value
	if d, err = t.Save(ctx, d); err != nil {
		return err
	}
	return t.Present(ctx, d, chat.Screen{
		Text: t.T.HTML("edit.conflict", "who", t.MemberNames(ctx)[who], "field", Label(t.T, team, f),
			"theirs", Value(t, team, c, f), "mine", fit.Line(t.In.Text, 300)),
		Buttons: [][]chat.Button{{
			talk.Button(t.T.Label("button.mine"), talk.VerbMine, string(c.ID), string(f)),
			talk.Button(t.T.Label("button.theirs"), talk.VerbCancel, "", ""),
		}},
	})
}

// mine overwrites what somebody else wrote, as the member decided.
func mine(ctx context.Context, t *talk.Turn, data talk.Data) error {
	d, ok, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	value, typed := d.Answers["value"]
	if !ok || !typed || d.Answers["client"] != data.ID || d.Step != data.Arg {
		return t.Stale(ctx)
	}
	return put(ctx, t, crm.ClientID(data.ID), crm.Edit{Field: crm.Field(d.Step), Value: value, Force: true, Despite: d.Answers[twinMark] != ""})
}
