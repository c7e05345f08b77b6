package team

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

const formTemplate = "template"

// registerTemplate adds the parts of a note on a touch, which the owner names.
func registerTemplate(r *talk.Router) {
	r.Press(talk.VerbTemplate, template)
	r.Form(formTemplate, talk.Form{Question: true, Answer: typedTemplate,
		Press: func(ctx context.Context, t *talk.Turn, _ crm.Dialog, _ talk.Data) error {
			if err := t.End(ctx); err != nil {
				return err
			}
			return settings(ctx, t)
		},
		Show: func(ctx context.Context, t *talk.Turn, _ crm.Dialog) error { return askTemplate(ctx, t, nil) }})
}

// What a message remembers of a change of the parts, to take it back: names, a line each.
const (
	answerParts  = "parts"  // as they were set
	answerBefore = "before" // as they were before
)

// template shows the parts and waits for others; Arg "default" takes the usual ones again, "back" those of before.
func template(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	switch d.Arg {
	case "default":
		return setTemplate(ctx, t, nil)
	case "back":
		return takeBackTemplate(ctx, t)
	}
	return askTemplate(ctx, t, nil)
}

// setTemplate names the parts and shows that, with the way to take it back.
func setTemplate(ctx context.Context, t *talk.Turn, names []string) error {
	was, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	before := was.NoteParts
	is, err := t.Desk.SetNoteParts(ctx, t.By, names)
	if err != nil {
		return err
	}
	if err := t.EndForm(ctx, formTemplate); err != nil { // what is typed now is no name any more
		return err
	}
	s, err := templateScreen(ctx, t, "template.set")
	if err != nil {
		return err
	}
	if slices.Equal(before, is.NoteParts) { // they were that already, as when the update comes again: the way back is where it was said first
		_, err = t.Show(ctx, s)
		return err
	}
	s.Buttons = append([][]chat.Button{{talk.Button(t.T.Label("template.take_back"), talk.VerbTemplate, "", "back")}}, s.Buttons...)
	message, err := t.Show(ctx, s)
	if err != nil {
		return err
	}
	v, _, err := t.View(ctx, message)
	if err != nil {
		return err
	}
	if v.Answers == nil {
		v.Answers = map[string]string{}
	}
	v.Answers[answerParts], v.Answers[answerBefore] = strings.Join(is.NoteParts, "\n"), strings.Join(before, "\n")
	return t.SaveView(ctx, message, v)
}

// takeBackTemplate gives the parts the names that they had before the change that the pressed message tells of.
func takeBackTemplate(ctx context.Context, t *talk.Turn) error {
	v, _, err := t.View(ctx, t.In.Message)
	if err != nil {
		return err
	}
	if _, known := v.Answers[answerParts]; !known {
		return t.Stale(ctx)
	}
	_, err = t.Desk.TakeBackNoteParts(ctx, t.By, partsIn(v.Answers[answerParts]), partsIn(v.Answers[answerBefore]))
	switch {
	case errors.Is(err, crm.ErrConflict):
		t.Toast(t.T.Label("press.settled"))
	case err != nil:
		return err
	default:
		t.Toast(t.T.Label("template.taken_back"))
	}
	return askTemplate(ctx, t, nil)
}

// partsIn are the names that a message remembers; none are the usual ones.
func partsIn(lines string) []string {
	if lines == "" {
		return nil
	}
	return strings.Split(lines, "\n")
}

// askTemplate shows the parts and waits for other names.
func askTemplate(ctx context.Context, t *talk.Turn, wrong error) error {
	d, err := t.Open(ctx, crm.Dialog{Form: formTemplate, Screen: t.In.Message})
	if err != nil {
		return err
	}
	s, err := templateScreen(ctx, t, "template.how")
	if err != nil {
		return err
	}
	s.Text = t.Refusal(wrong) + s.Text
	return t.Present(ctx, d, s)
}

// templateScreen lists the parts; how is the key of what is said below them.
func templateScreen(ctx context.Context, t *talk.Turn, how string) (chat.Screen, error) {
	names, own, err := t.NoteParts(ctx)
	if err != nil {
		return chat.Screen{}, err
	}
	lines := []string{t.T.HTML("template.title")}
	for i, name := range names {
		lines = append(lines, t.T.HTML("template.part", "no", i+1, "name", name))
	}
	last := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)}
	if own {
		last = append(last, talk.Button(t.T.Label("button.usual"), talk.VerbTemplate, "", "default"))
	}
	return chat.Screen{Text: strings.Join(append(lines, t.T.HTML(how)), "\n"), Buttons: [][]chat.Button{last}}, nil
}

// typedTemplate names the parts as the lines of a message do.
func typedTemplate(ctx context.Context, t *talk.Turn, _ crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	err := setTemplate(ctx, t, strings.Split(t.In.Text, "\n"))
	if errors.Is(err, crm.ErrInvalid) {
		err = askTemplate(ctx, t, err)
	}
	return true, err
}
