package talk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

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
	return t.keepAsked(ctx, step, id, t.In, time.Time{})
}

func (t *Turn) cancelCode() chat.Button {
	return Button(t.T.Label("button.cancel"), VerbCode, "", "")
}

// AwaitCode shows the secret of new codes and waits for their first one, in the place of what a code was asked for before: that
// is what follows, else the press that is given, on the message whose button has begun it: that message says until then that there are no codes.
func (t *Turn) AwaitCode(ctx context.Context, s chat.Screen, then Data) error {
	in := t.In
	in.Press = &chat.Press{Data: then.Pack()}
	old, asked, err := t.Kept(ctx, keptCode)
	if err != nil {
		return err
	}
	if asked && old.Step == codeOn && t.Now.Sub(old.Updated) <= codeWaits(old) {
		if kept, err := askedOf(old); err == nil {
			in = kept
		}
	}
	s.Buttons = append(s.Buttons, []chat.Button{t.cancelCode()})
	id, err := t.Send(ctx, s)
	if err != nil {
		return err
	}
	if err := t.Desk.HideCodeKey(ctx, t.By, id); err != nil {
		return err
	}
	if in.Message != t.In.Message && !(asked && old.Screen == t.In.Message) {
		t.Remove(ctx, t.In.Message) // what follows is elsewhere
	}
	return t.keepAsked(ctx, codeOn, id, in, t.Now.Add(crm.CodeKeyShown))
}

// keepAsked keeps what is asked for in place of what was asked for before, whose messages go: a code would not do that any more. At a
// time, unless it is zero, the message goes by itself.
func (t *Turn) keepAsked(ctx context.Context, step string, screen int64, in chat.Incoming, goes time.Time) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("keep what needs a code: %w", err)
	}
	old, asked, err := t.Kept(ctx, keptCode)
	if err != nil {
		return err
	}
	if asked {
		t.removeAsked(ctx, old)
	}
	answers := map[string]string{"in": string(raw)}
	if !goes.IsZero() {
		answers[answerGoes] = strconv.FormatInt(goes.UnixMilli(), 10)
	}
	return t.Keep(ctx, keptCode, crm.Dialog{Form: formCode, Step: step, Screen: screen, Answers: answers})
}

// answerTold is the message, below the question, that says what was wrong with the last code.
const answerTold = "told"

// answerGoes is when the question goes by itself, since it shows a key; in Unix milliseconds.
const answerGoes = "goes"

// removeAsked takes the question out of the chat, and what was said of wrong codes below it: they have served, and their buttons
// would cancel what is done.
func (t *Turn) removeAsked(ctx context.Context, asked crm.Dialog) {
	t.removeTold(ctx, asked)
	if goes, err := strconv.ParseInt(asked.Answers[answerGoes], 10, 64); err == nil {
		if t.Now.UnixMilli() >= goes {
			return // the clock takes it away
		}
		if err := t.Desk.HideSecret(ctx, t.By, asked.Screen); err != nil {
			t.Log.Warn("message will be taken away twice", "update", t.In.Update, "error", err)
		}
	}
	t.Remove(ctx, asked.Screen)
}

func (t *Turn) removeTold(ctx context.Context, asked crm.Dialog) {
	told, _ := strconv.ParseInt(asked.Answers[answerTold], 10, 64) // 0: nothing was said
	t.Remove(ctx, told)
}

func askedOf(d crm.Dialog) (in chat.Incoming, err error) {
	if err := json.Unmarshal([]byte(d.Answers["in"]), &in); err != nil {
		return in, fmt.Errorf("read what needs a code: %w", err)
	}
	return in, nil
}

// cancelAsked forgets what a code was asked for, and says so if that still waited for one.
func (t *Turn) cancelAsked(ctx context.Context) (waited bool, err error) {
	asked, ok, err := t.Kept(ctx, keptCode)
	if err != nil || !ok {
		return false, err
	}
	t.removeAsked(ctx, asked)
	if err := t.EndKept(ctx, keptCode); err != nil || t.Now.Sub(asked.Updated) > codeWaits(asked) {
		return false, err
	}
	return true, t.Say(ctx, "form.cancelled")
}

// dropAsked forgets what was to be done.
func (t *Turn) dropAsked(ctx context.Context) error {
	asked, ok, err := t.Kept(ctx, keptCode)
	if err != nil {
		return err
	}
	if ok {
		t.removeAsked(ctx, asked)
		if err := t.EndKept(ctx, keptCode); err != nil {
			return err
		}
	}
	if !slices.Contains(t.edited, t.In.Message) {
		t.Remove(ctx, t.In.Message)
	}
	return nil
}

// answerWait is how long, after the last answer, no code is taken: the question waits for the first one behind it.
const answerWait = "wait"

// codeGrace is how much longer than it is waited for a code is known for what it is: it is no search, and is to be seen by nobody.
const codeGrace = 12 * time.Hour

// codeWaits is how long the question for a code waits for an answer.
func codeWaits(asked crm.Dialog) time.Duration {
	pause, _ := time.ParseDuration(asked.Answers[answerWait]) // "": there is none
	return pause + questionLife
}

// takeCode takes a message as a code if one is asked for, and goes on with what it was asked for. The code and the question go
// from the chat: they have served.
func (t *Turn) takeCode(ctx context.Context) (bool, error) {
	code, ok := crm.CodeIn(t.In.Text)
	if !Typed(t.In) || !ok && !crm.NearlyCode(t.In.Text) {
		return false, nil
	}
	asked, open, err := t.Kept(ctx, keptCode)
	late := t.Now.Sub(asked.Updated) > codeWaits(asked)
	if err != nil || !open || !ok && late {
		return false, err
	}
	if late {
		t.Remove(ctx, t.In.Message)
		t.removeAsked(ctx, asked)
		return true, errors.Join(t.EndKept(ctx, keptCode), t.reply(ctx, t.T.Label("code.late")))
	}
	if !ok {
		return true, t.sayWrong(ctx, asked, t.T.Label("code.slip"))
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
		var trouble crm.CodeTrouble
		errors.As(err, &trouble)
		asked.Answers[answerWait] = trouble.Wait.String()
		return true, t.sayWrong(ctx, asked, text)
	}
	if err := t.goOn(ctx, in); err != nil {
		return true, err
	}
	if now, still, err := t.Kept(ctx, keptCode); err != nil || still && now.Rev != asked.Rev {
		return true, err // a code is asked for anew
	}
	if err := t.EndKept(ctx, keptCode); err != nil {
		return true, err
	}
	t.removeAsked(ctx, asked)
	t.Remove(ctx, t.In.Message)
	return true, nil
}

// sayWrong says below the question what was wrong with a code, in place of what was said of the one before: the question may hold the
// secret that is to be seen on, and is far above where other things were done meanwhile.
func (t *Turn) sayWrong(ctx context.Context, asked crm.Dialog, text string) error {
	id, err := t.Send(ctx, chat.Screen{Text: t.T.HTML("code.asked", "text", text), Buttons: [][]chat.Button{{t.cancelCode()}}})
	if err != nil {
		return err
	}
	if asked.Step == codeOn {
		t.removeTold(ctx, asked)
	} else {
		t.removeAsked(ctx, asked)
		asked.Screen = 0
	}
	asked.Answers[answerTold] = strconv.FormatInt(id, 10)
	return t.Keep(ctx, keptCode, asked)
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
