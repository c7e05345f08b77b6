package history

import (
	"context"
	"slices"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

const formTouch = "touch"

// incoming begins the argument of a touch that the client began.
const incoming = "<"

// touch is the three taps: what it was, how it ended (here it is saved), when to get in touch next. Arg is what was
// chosen so far, "call" or "<call.agreed"; what is typed meanwhile waits in the dialog as the comment.
func touch(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if ours, err := pressNext(ctx, t, d); ours || err != nil {
		return err
	}
	what, in := strings.CutPrefix(d.Arg, incoming)
	kind, outcome, ended := strings.Cut(what, ".")
	if kind == "" {
		return askKind(ctx, t, crm.ClientID(d.ID), in)
	}
	if !slices.Contains(crm.TouchKinds, crm.TouchKind(kind)) {
		return t.Stale(ctx)
	}
	if !ended {
		return askOutcome(ctx, t, crm.ClientID(d.ID), d.Arg)
	}
	outcome, plain := strings.CutSuffix(outcome, untold)
	made := crm.TouchInput{Kind: crm.TouchKind(kind), Direction: began(in), Outcome: crm.Outcome(outcome)}
	if outcome != "" && !slices.Contains(crm.OutcomesOf(made.Kind, made.Direction), made.Outcome) {
		return t.Stale(ctx)
	}
	if made.Outcome == crm.OutcomeBought && !plain {
		if asked, err := askBought(ctx, t, crm.ClientID(d.ID), d.Arg); asked || err != nil {
			return err
		}
	}
	return save(ctx, t, crm.ClientID(d.ID), made)
}

// untold ends the argument of a purchase of which nothing more is said.
const untold = "!"

// askBought asks what was bought and for how much, unless something was said already.
func askBought(ctx context.Context, t *talk.Turn, id crm.ClientID, arg string) (asked bool, err error) {
	c, d, err := waitForComment(ctx, t, id, arg)
	if err != nil || d.Answers["text"] != "" || d.Draft != nil {
		return false, err
	}
	kind, _, _ := strings.Cut(arg, ".")
	return true, t.Present(ctx, d, chat.Screen{Text: t.T.HTML("touch.ask_bought", "name", c.Name), Buttons: [][]chat.Button{{
		talk.Button(t.T.Label("button.back"), talk.VerbTouch, string(id), kind),
		talk.Button(t.T.Label("button.untold"), talk.VerbTouch, string(id), arg+untold),
	}}})
}

func began(in bool) crm.Direction {
	if in {
		return crm.DirectionIn
	}
	return crm.DirectionOut
}

func askKind(ctx context.Context, t *talk.Turn, id crm.ClientID, in bool) error {
	arg := ""
	if in {
		arg = incoming
	}
	c, d, err := waitForComment(ctx, t, id, arg)
	if err != nil {
		return err
	}
	prefix, turn, other := "", "touch.turn_in", incoming
	if in {
		prefix, turn, other = incoming, "touch.turn_out", ""
	}
	var kinds []chat.Button
	for _, k := range crm.TouchKinds {
		kinds = append(kinds, talk.Button(t.T.Title("touch."+string(k)), talk.VerbTouch, string(id), prefix+string(k)))
	}
	rows := append(talk.Rows(3, kinds...), []chat.Button{
		talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", ""),
		talk.Button(t.T.Label(turn), talk.VerbTouch, string(id), other),
	})
	key := "touch.ask_out"
	if in {
		key = "touch.ask_in"
	}
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML(key, "name", c.Name) + said(t, d), Buttons: rows})
}

// askedKey in a dialog's answers: the argument of the question that stands open.
const askedKey = "asked"

// said are the lines of what was typed and recorded meanwhile; "" if nothing was.
func said(t *talk.Turn, d crm.Dialog) string {
	var lines string
	if text := d.Answers["text"]; text != "" {
		lines = "\n" + t.T.HTML("touch.comment", "text", fit.Line(text, entryText))
	}
	if d.Draft != nil {
		lines += "\n" + t.T.HTML("history.files", "n", len(d.Draft.Notes))
	}
	return lines
}

// waitForComment opens the dialog in which typed text becomes the comment of a touch with the client, and which asks what
// arg stands for; one that is open keeps what it has.
func waitForComment(ctx context.Context, t *talk.Turn, id crm.ClientID, arg string) (crm.Client, crm.Dialog, error) {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return c, crm.Dialog{}, err
	}
	d, ok, err := commented(ctx, t, id)
	if err != nil {
		return c, d, err
	}
	if ok && !t.IsOpen(d) {
		if d, _, err = t.TakeUp(ctx, keptComment(id)); err != nil {
			return c, d, err
		}
	}
	if ok && d.Step == "" {
		if d.Answers[askedKey] == arg {
			return c, d, nil
		}
		d.Answers[askedKey] = arg
		d, err = t.Save(ctx, d)
		return c, d, err
	}
	d, err = t.Open(ctx, crm.Dialog{Form: formTouch, Screen: t.In.Message,
		Answers: map[string]string{"client": string(id), askedKey: arg}})
	return c, d, err
}

// commented is the dialog about a touch with the client, open or put aside; ok is false if there is none.
func commented(ctx context.Context, t *talk.Turn, id crm.ClientID) (d crm.Dialog, ok bool, err error) {
	d, ok, err = t.Dialog(ctx)
	if err != nil || ok && d.Form == formTouch && d.Answers["client"] == string(id) {
		return d, ok, err
	}
	d, ok, err = t.Kept(ctx, keptComment(id))
	return d, ok && d.Answers["client"] == string(id), err
}

// commentKey is the name under which a touch with a comment is kept until it is taken up again.
func commentKey(d crm.Dialog) string {
	if d.Step == stepNext || d.Answers["text"] == "" && d.Draft == nil {
		return ""
	}
	return keptComment(crm.ClientID(d.Answers["client"]))
}

func keptComment(id crm.ClientID) string { return talk.KeptName("t", string(id)) }

func askOutcome(ctx context.Context, t *talk.Turn, id crm.ClientID, arg string) error {
	c, d, err := waitForComment(ctx, t, id, arg)
	if err != nil {
		return err
	}
	kind, in := strings.CutPrefix(arg, incoming)
	var outcomes []chat.Button
	for _, o := range crm.OutcomesOf(crm.TouchKind(kind), began(in)) {
		outcomes = append(outcomes, talk.Button(t.T.Label("outcome."+string(o)), talk.VerbTouch, string(id), arg+"."+string(o)))
	}
	outcomes = append(outcomes, talk.Button(t.T.Label("outcome.none"), talk.VerbTouch, string(id), arg+"."))
	back := ""
	if in {
		back = incoming
	}
	rows := append(talk.Rows(2, outcomes...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbTouch, string(id), back)})
	what := t.T.Label("touch." + kind)
	return t.Present(ctx, d, chat.Screen{Text: t.T.HTML("touch.ask_outcome", "what", what, "name", c.Name) + said(t, d), Buttons: rows})
}

// save writes the touch with the comment that was typed meanwhile and asks for the next contact.
func save(ctx context.Context, t *talk.Turn, id crm.ClientID, in crm.TouchInput) error {
	d, mine, err := commented(ctx, t, id)
	if err != nil {
		return err
	}
	if mine && d.Step == stepNext {
		return t.Stale(ctx) // pressed again: it is written already
	}
	if mine {
		in.Text, in.Files = d.Answers["text"], filesOf(d)
	}
	if _, err := t.Desk.LogTouch(ctx, t.By, id, in); err != nil {
		return err
	}
	next := crm.Dialog{Form: formTouch, Step: stepNext, Screen: t.In.Message,
		Answers: map[string]string{"client": string(id), answerTouch: string(crm.NewTouchID(t.By.Team, t.By.Cause, 0)), "text": in.Text}}
	if mine {
		next.Draft = d.Draft
		if err := t.EndThis(ctx, d); err != nil { // its comment is written: there is nothing left to keep
			return err
		}
	}
	if next, err = t.Open(ctx, next); err != nil {
		return err
	}
	return askNext(ctx, t, next, nil)
}

// comment keeps what is typed or recorded while a touch is being put down, and asks again below it.
func comment(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	in, ok := noteOf(t.In)
	if !ok || !own(t.In) {
		return false, nil
	}
	if d.Step == stepNext {
		return answerNext(ctx, t, d, in)
	}
	whole := crm.TouchInput{Text: d.Answers["text"] + "\n" + in.Text, Files: append(filesOf(d), in.Files...)}
	switch {
	case t.Repeated(d):
	case whole.Room() != nil:
		if err := LogApart(ctx, t, crm.ClientID(d.Answers["client"]), in); err != nil {
			return true, err
		}
	default:
		add(&d, in)
		if _, err := t.Save(ctx, d); err != nil {
			return true, err
		}
	}
	return true, showTouch(ctx, t, d)
}

// add keeps what was said with what has been said before.
func add(d *crm.Dialog, in crm.TouchInput) {
	d.Answers["text"] = strings.TrimSpace(d.Answers["text"] + "\n" + in.Text)
	for i := range in.Files {
		if d.Draft == nil {
			d.Draft = &crm.Draft{}
		}
		d.Draft.Notes = append(d.Draft.Notes, crm.DraftNote{Kind: crm.TouchNote, File: &in.Files[i], At: time.Time{}})
	}
}

// filesOf are the files that were sent meanwhile.
func filesOf(d crm.Dialog) []crm.File {
	var files []crm.File
	if d.Draft != nil {
		for _, n := range d.Draft.Notes {
			files = append(files, *n.File)
		}
	}
	return files
}

func showTouch(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	id := crm.ClientID(d.Answers["client"])
	if d.Step == stepNext {
		return card.Open(ctx, t, id)
	}
	return touch(ctx, t, talk.Data{ID: string(id), Arg: d.Answers[askedKey]})
}
