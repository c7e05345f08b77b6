package talk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// What a member did that needs a one-time code is kept beside whatever is open in the chat, so that nothing typed is lost, and
// is done when a right code has come. One thing at a time: what is asked for last.
const (
	formCode = "code"
	keptCode = "code" // the name under which it is kept
	codeAsk  = "ask"  // steps: a code is asked for
	codeOn   = "on"   // the first code of new ones is
)

func registerCode(r *Router) {
	r.Form(formCode, Form{Question: true}) // it is never the chat's open one
	r.Press(VerbCode, func(ctx context.Context, t *Turn, _ Data) error { return t.dropAsked(ctx) })
}

// askCode asks for a code, or says why none is taken just now, and keeps what the turn was to do.
func (t *Turn) askCode(ctx context.Context, need error) error {
	text, _ := Explain(t.T, need)
	var e *crm.Error
	if t.In.Chat.Group || t.In.Inline != nil || !errors.As(need, &e) || e.Field == "code.paused" {
		return t.reply(ctx, text)
	}
	step, rows := codeAsk, [][]chat.Button{{t.cancelCode()}}
	if e.Field == "code.none" {
		rows = [][]chat.Button{{Button(t.T.Label("code.begin"), VerbOwnCode, "", "on")}, {t.cancelCode()}}
		step = codeOn
	}
	id, err := t.Send(ctx, chat.Screen{Text: t.T.HTML("code.asked", "text", text), Buttons: rows})
	if err != nil {
		return err
	}
	return t.keepAsked(ctx, step, id, t.In)
}

func (t *Turn) cancelCode() chat.Button {
	return Button(t.T.Label("button.cancel"), VerbCode, "", "")
}

// AwaitCode shows the secret of new codes and waits for their first one, in the place of what a code was asked for before: that
// is what follows, else the press that is given.
func (t *Turn) AwaitCode(ctx context.Context, s chat.Screen, then Data) error {
	in := t.In
	in.Press, in.Message = &chat.Press{Data: then.Pack()}, 0
	old, asked, err := t.Kept(ctx, keptCode)
	if err != nil {
		return err
	}
	if asked && old.Step == codeOn {
		if kept, err := askedOf(old); err == nil {
			in = kept
		}
		t.Remove(ctx, old.Screen)
	}
	s.Buttons = append(s.Buttons, []chat.Button{t.cancelCode()})
	id, err := t.Send(ctx, s)
	if err != nil {
		return err
	}
	return t.keepAsked(ctx, codeOn, id, in)
}

func (t *Turn) keepAsked(ctx context.Context, step string, screen int64, in chat.Incoming) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("keep what needs a code: %w", err)
	}
	return t.Keep(ctx, keptCode, crm.Dialog{Form: formCode, Step: step, Screen: screen, Answers: map[string]string{"in": string(raw)}})
}

func askedOf(d crm.Dialog) (in chat.Incoming, err error) {
	if err := json.Unmarshal([]byte(d.Answers["in"]), &in); err != nil {
		return in, fmt.Errorf("read what needs a code: %w", err)
	}
	return in, nil
}

// dropAsked forgets what was to be done.
func (t *Turn) dropAsked(ctx context.Context) error {
	if err := t.EndKept(ctx, keptCode); err != nil {
		return err
	}
	return t.Out.Delete(ctx, t.In.Chat.ID, t.In.Message)
}

// takeCode takes a message as a code if one is asked for, and goes on with what it was asked for. The code and the question go
// from the chat: they have served.
func (t *Turn) takeCode(ctx context.Context) (bool, error) {
	code, ok := crm.CodeIn(t.In.Text)
	if !ok || !Typed(t.In) {
		return false, nil
	}
	asked, ok, err := t.Kept(ctx, keptCode)
	if err != nil || !ok {
		return false, err
	}
	in, err := askedOf(asked)
	if err != nil {
		return true, err
	}
	if err := t.Desk.EnterCode(ctx, t.By, code); err != nil {
		t.Remove(ctx, t.In.Message)
		text, theirs := Explain(t.T, err)
		if !theirs {
			return true, err
		}
		again := chat.Screen{Text: t.T.HTML("code.asked", "text", text), Buttons: [][]chat.Button{{t.cancelCode()}}}
		if asked.Step == codeOn { // the secret is to be seen on
			_, err = t.Send(ctx, again)
			return true, err
		}
		_, err = t.Put(ctx, asked.Screen, again)
		return true, err
	}
	if err := t.goOn(ctx, in); err != nil {
		return true, err
	}
	if err := t.EndKept(ctx, keptCode); err != nil {
		return true, err
	}
	t.Remove(ctx, asked.Screen)
	t.Remove(ctx, t.In.Message)
	return true, nil
}

// goOn does what was to be done before the code came, as a change of its own.
func (t *Turn) goOn(ctx context.Context, in chat.Incoming) error {
	then := *t
	then.In, then.By, then.toast = in, t.Actor(1), ""
	then.In.Update = t.In.Update
	err := t.router.route(ctx, &then, true)
	if text, theirs := Explain(t.T, err); err != nil && theirs {
		return t.reply(ctx, text)
	}
	if err != nil || then.toast == "" {
		return err
	}
	return t.reply(ctx, then.toast)
}

// Remove takes a message out of the chat. That it fails is no reason to fail the turn.
func (t *Turn) Remove(ctx context.Context, message int64) {
	if message == 0 {
		return
	}
	t.edited = append(t.edited, message)
	if err := t.Out.Delete(ctx, t.In.Chat.ID, message); err != nil {
		t.Log.Warn("message not taken away", "update", t.In.Update, "error", err)
	}
}
