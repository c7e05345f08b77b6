package team

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/form"
	"kartoteka/handlers/talk"
)

const formField = "field"

func registerFields(r *talk.Router) {
	r.Command("fields", listFields)
	r.Press(talk.VerbCustom, oneField)
	r.Press(talk.VerbCustomAdd, beginField)
	r.Press(talk.VerbCustomDel, removeField)
	r.Form(formField, talk.Form{Title: "fields.new", Key: fieldKey, Answer: answerField, Press: pressField, Show: askField})
}

// fieldKey is the name under which a half-filled field is kept; one without a name holds nothing.
func fieldKey(d crm.Dialog) string {
	if d.Answers["name"] == "" {
		return ""
	}
	return d.Answers["key"]
}

func listFields(ctx context.Context, t *talk.Turn) error { return listFieldsWith(ctx, t, nil) }

// listFieldsWith shows the team's own fields with the means to add and remove, and what takes back what was just done.
func listFieldsWith(ctx context.Context, t *talk.Turn, undo []chat.Button) error {
	if !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	lines := []string{t.T.HTML("fields.title")}
	var open []chat.Button
	for _, f := range team.Fields {
		if f.Removed {
			continue
		}
		lines = append(lines, fieldLine(t, f))
		open = append(open, talk.Button(f.Name, talk.VerbCustom, string(f.ID), ""))
	}
	if len(lines) == 1 {
		lines = append(lines, t.T.HTML("fields.none"))
	}
	add := []chat.Button{talk.Button(t.T.Label("button.add_field"), talk.VerbCustomAdd, "", "")}
	if t.Desk.MayGuardTeam(ctx, t.By) {
		add = append(add, talk.Button(t.T.Label("button.add_secret"), talk.VerbCustomAdd, "", argSecret))
	}
	rows := append([][]chat.Button{add}, talk.Rows(2, open...)...)
	if len(undo) > 0 {
		rows = append([][]chat.Button{undo}, rows...)
	}
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)})
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// removeField asks first; Arg "yes" does it, "back" takes it back.
func removeField(ctx context.Context, t *talk.Turn, d talk.Data) error {
	switch d.Arg {
	case "yes":
		if _, err := t.Desk.RemoveField(ctx, t.By, crm.FieldID(d.ID)); err != nil {
			return err
		}
		return listFieldsWith(ctx, t, []chat.Button{talk.Button(t.T.Label("button.undo"), talk.VerbCustomDel, d.ID, "back")})
	case "back":
		if _, err := t.Desk.RestoreField(ctx, t.By, crm.FieldID(d.ID)); err != nil {
			return err
		}
		return listFields(ctx, t)
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	f, ok := team.Field(crm.FieldID(d.ID))
	if !ok {
		return listFields(ctx, t)
	}
	yes := talk.Button(t.T.Label("fields.remove_yes"), talk.VerbCustomDel, d.ID, "yes")
	yes.Style = chat.StyleDanger
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("fields.remove_ask", "name", f.Name),
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.back"), talk.VerbCustom, d.ID, ""), yes}}})
	return err
}

// fieldForm asks for the name, the kind and, for a choice, what to choose from, of the field that d is about.
func fieldForm(t *talk.Turn, d crm.Dialog) form.Form {
	name := "fields.ask_name"
	if d.Answers["secret"] == argSecret {
		name = "fields.ask_secret"
	}
	var kinds []form.Choice
	for _, k := range crm.FieldKinds {
		kinds = append(kinds, form.Choice{Value: string(k), Label: t.T.Title("field_kind." + string(k))})
	}
	return form.Form{Name: formField, Steps: []form.Step{
		{Name: "name", Question: name, Judge: keep("name", func(s string) bool { return strings.TrimSpace(s) != "" }, "field.name")},
		{Name: "kind", Question: "fields.ask_kind", Choices: kinds, Judge: keep("kind", func(s string) bool { return s != "" }, "field.kind")},
		{
			Name: "choices", Question: "fields.ask_choices",
			Skip:  func(d crm.Dialog) bool { return d.Answers["kind"] != string(crm.FieldChoice) },
			Judge: keep("choices", func(s string) bool { return strings.Count(s, ",") > 0 }, "field.choices"),
		},
	}}
}

// keep puts an answer under a name if it is good: the choice where there is one, else the text.
func keep(name string, good func(string) bool, field string) func(*crm.Dialog, form.Answer) error {
	return func(d *crm.Dialog, a form.Answer) error {
		value := a.Choice
		if value == "" && name != "kind" {
			value = a.Text
		}
		if !good(value) {
			return &crm.Error{Kind: crm.ErrInvalid, Field: field}
		}
		d.Answers[name] = value
		return nil
	}
}

func beginField(ctx context.Context, t *talk.Turn, data talk.Data) error {
	switch {
	case !t.Desk.MayEditTeam(ctx, t.By):
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	case data.Arg == argSecret && !t.Desk.SealsSecrets():
		return &crm.Error{Kind: crm.ErrInvalid, Field: "field.key"}
	}
	d := crm.Dialog{Screen: t.In.Message, Answers: map[string]string{"key": "f-" + string(t.By.Cause), "secret": data.Arg}}
	d, _ = fieldForm(t, d).Begin(d)
	d, err := t.Open(ctx, d)
	if err != nil {
		return err
	}
	return askField(ctx, t, d)
}

func askField(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	return askFieldAgain(ctx, t, d, nil)
}

func askFieldAgain(ctx context.Context, t *talk.Turn, d crm.Dialog, wrong error) error {
	f := fieldForm(t, d)
	step, ok := f.At(d)
	if !ok {
		return t.Stale(ctx)
	}
	return t.Present(ctx, d, t.Question(step, f.First(d), wrong))
}

func answerField(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if t.Repeated(d) {
		return true, askField(ctx, t, d)
	}
	if t.In.Text == "" {
		return true, t.Say(ctx, "form.text_please")
	}
	return true, moveField(ctx, t, d, form.Answered, form.Answer{Text: t.In.Text})
}

func pressField(ctx context.Context, t *talk.Turn, d crm.Dialog, data talk.Data) error {
	step, choice, _ := strings.Cut(data.Arg, "=")
	if data.Verb != talk.VerbCancel && step != d.Step {
		return t.Stale(ctx)
	}
	switch data.Verb {
	case talk.VerbBack:
		return moveField(ctx, t, d, form.Back, form.Answer{})
	case talk.VerbCancel:
		return moveField(ctx, t, d, form.Cancel, form.Answer{})
	}
	return moveField(ctx, t, d, form.Answered, form.Answer{Choice: choice})
}

func moveField(ctx context.Context, t *talk.Turn, d crm.Dialog, m form.Move, a form.Answer) error {
	d, out, wrong := fieldForm(t, d).Advance(d, m, a)
	switch out {
	case form.Cancelled:
		if err := t.End(ctx); err != nil {
			return err
		}
		return listFields(ctx, t)
	case form.Finished:
		cf := crm.CustomField{Name: d.Answers["name"], Kind: crm.FieldKind(d.Answers["kind"]), Choices: strings.Split(d.Answers["choices"], ","),
			Restricted: d.Answers["secret"] == argSecret}
		if _, err := t.Desk.AddField(ctx, t.By, cf); err != nil {
			return err
		}
		if err := t.End(ctx); err != nil {
			return err
		}
		return listFields(ctx, t)
	case form.Ignored:
		return t.Stale(ctx)
	}
	d, err := t.Save(ctx, d)
	if err != nil {
		return err
	}
	return askFieldAgain(ctx, t, d, wrong)
}
