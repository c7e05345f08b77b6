package talk

import (
	"context"

	"kartoteka/handlers/chat"
	"kartoteka/handlers/form"
	"kartoteka/locales"
)

// Question is a form's step as a screen: the question, what was wrong with the last answer, the choices, and the
// buttons to go back, skip and cancel.
func (t *Turn) Question(step form.Step, first bool, wrong error) chat.Screen {
	s := chat.Screen{Text: t.Refusal(wrong) + t.T.HTML(step.Question)}
	var choices []chat.Button
	for _, c := range step.Choices {
		choices = append(choices, Button(c.Label, VerbForm, "", step.Name+"="+c.Value))
	}
	s.Buttons = Rows(2, choices...)
	var last []chat.Button
	if !first {
		last = append(last, Button(t.T.Label("button.back"), VerbBack, "", step.Name))
	}
	if step.Optional {
		last = append(last, Button(t.T.Label("button.skip"), VerbSkip, "", step.Name))
	}
	s.Buttons = append(s.Buttons, append(last, Button(t.T.Label("button.cancel"), VerbCancel, "", "")))
	return s
}

// Refusal is what was wrong with the last answer, as a paragraph to put before the question; "" if nothing was.
func (t *Turn) Refusal(wrong error) string {
	text, ok := Explain(t.T, wrong)
	if wrong == nil || !ok {
		return ""
	}
	return string(locales.Escape(text)) + "\n\n"
}

// Cancel ends the chat's dialog and says so on the message that showed it.
func (t *Turn) Cancel(ctx context.Context, screen int64) error {
	if err := t.End(ctx); err != nil {
		return err
	}
	_, err := t.Put(ctx, screen, chat.Screen{Text: t.T.HTML("form.cancelled")})
	return err
}

// CancelOpen ends the chat's open dialog in its own way; ok is false if there is none.
func (t *Turn) CancelOpen(ctx context.Context) (ok bool, err error) {
	if waited, err := t.cancelAsked(ctx); waited || err != nil {
		return true, err
	}
	d, ok, err := t.Dialog(ctx)
	if err != nil || !ok {
		return false, err
	}
	if f := t.router.forms[d.Form]; f != nil && f.Cancel != nil {
		if err := f.Cancel(ctx, t, d); err != nil {
			return true, err
		}
		t.Retire(ctx, d.Screen)
		return true, nil
	}
	return true, t.Cancel(ctx, d.Screen)
}
