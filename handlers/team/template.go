package team

import (
	"context"
	"errors"
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

// template shows the parts and waits for others; Arg "default" takes the usual ones again.
func template(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	if d.Arg == "default" {
		if _, err := t.Desk.SetNoteParts(ctx, t.By, nil); err != nil {
			return err
		}
	}
	return askTemplate(ctx, t, nil)
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

// typedTemplate names the parts as the lines of a message do; what is typed then is no name any more.
func typedTemplate(ctx context.Context, t *talk.Turn, _ crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	_, err := t.Desk.SetNoteParts(ctx, t.By, strings.Split(t.In.Text, "\n"))
	switch {
	case errors.Is(err, crm.ErrInvalid):
		return true, askTemplate(ctx, t, err)
	case err != nil:
		return true, err
	}
	if err := t.End(ctx); err != nil {
		return true, err
	}
	s, err := templateScreen(ctx, t, "template.set")
	if err != nil {
		return true, err
	}
	_, err = t.Show(ctx, s)
	return true, err
}
