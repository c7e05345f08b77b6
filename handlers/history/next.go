package history

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/find"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// stepNext: the touch is written, the next contact is asked for. What is typed now is its time, or the comment of the touch.
const stepNext = "next"

// What the buttons of that question carry in the place of what was chosen. They need no dialog: they work as long as they stand there.
const (
	noNext   = "-"
	nextAt   = "@" // in front of a time, in seconds, base 36
	noRemark = "?" // what was typed last is no comment: it is searched for
)

// Names of the dialog's answers.
const (
	answerTouch  = "touch"  // the touch that was written
	answerBefore = "before" // its comment before what was typed last
	answerLast   = "last"   // what was typed last, if that may be searched for
)

// nextDays are the days after which the next contact is offered; texts are next.<days>.
var nextDays = []string{"1", "3", "7"}

const (
	mostSought = 4  // words that may be a search
	findLabel  = 24 // of what was typed, on the button that searches for it
)

// askNext asks for the next contact; on maybe are times that what was typed may mean.
func askNext(ctx context.Context, t *talk.Turn, d crm.Dialog, wrong error, maybe ...time.Time) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.Answers["client"]))
	if err != nil {
		return err
	}
	text := t.Refusal(wrong) + t.T.HTML("touch.saved", "name", c.Name) + said(t, d)
	var rows [][]chat.Button
	for _, at := range maybe {
		label := t.T.Label("touch.next_at", "when", t.T.When(at, t.Now))
		rows = append(rows, []chat.Button{talk.Button(label, talk.VerbTouch, string(c.ID), nextAt+strconv.FormatInt(at.Unix(), 36))})
	}
	if last := d.Answers[answerLast]; last != "" {
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("touch.find", "text", fit.Line(last, findLabel)), talk.VerbTouch, string(c.ID), noRemark)})
	}
	if len(rows) <= 1 && c.AskConfirm() {
		text += "\n" + t.T.HTML("touch.still_right")
		rows = append(rows, stillRight(t, c))
	}
	var days []chat.Button
	for _, n := range nextDays {
		day := t.Today().Plus(int(n[0] - '0'))
		days = append(days, talk.Button(t.T.Label("next."+n), talk.VerbDay, string(c.ID), string(crm.FieldNextContact)+":"+day.String()))
	}
	days = append(days, talk.Button(t.T.Label("next.date"), talk.VerbDay, string(c.ID), string(crm.FieldNextContact)+":")) // and goes on waiting
	rows = append(rows, talk.Rows(2, days...)...)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("next.none"), talk.VerbTouch, string(c.ID), noNext)})
	return t.Present(ctx, d, chat.Screen{Text: text + "\n" + t.T.HTML("touch.ask_next"), Buttons: rows})
}

// stillRight are the answers to whether the data are still right.
func stillRight(t *talk.Turn, c crm.Client) []chat.Button {
	return []chat.Button{
		talk.Button(t.T.Label("button.still_right"), talk.VerbConfirm, string(c.ID), ""),
		talk.Button(t.T.Label("button.edit"), talk.VerbEdit, string(c.ID), ""),
	}
}

// answerNext takes what is typed or recorded while the next contact is asked for: a time is just that, a client's name a search, and all else
// belongs to the touch.
func answerNext(ctx context.Context, t *talk.Turn, d crm.Dialog, in crm.TouchInput) (bool, error) {
	if t.Repeated(d) { // this very message was what was still to be said, or has been added
		return true, askNext(ctx, t, d, nil)
	}
	to, isTime, err := crm.ReadMove(in.Text, t.Now)
	if isTime && len(in.Files) == 0 && to.Repeat == moment.RepeatNever {
		if err == nil {
			err = setNext(ctx, t, d.Answers["client"], to.At)
		}
		if errors.Is(err, crm.ErrInvalid) {
			return true, askNext(ctx, t, d, err, to.Maybe...)
		}
		return true, err
	}
	if len(in.Files) == 0 {
		if known, err := names(ctx, t, in.Text); err != nil || known {
			return false, errors.Join(err, t.End(ctx))
		}
	}
	return true, remark(ctx, t, d, in)
}

// names reports whether a text is how one looks for clients: some are found by it as it is spelled, or it holds a phone.
func names(ctx context.Context, t *talk.Turn, text string) (bool, error) {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil || len(crm.FindPhones(text, team.Region)) > 0 {
		return err == nil, err
	}
	res, err := t.Desk.FindPage(ctx, t.By, text, 0, 1)
	return res.Total > 0 && res.Exact(), err
}

// remark adds what was said to the touch that is written, and asks again below it. A time that it names is a tap away.
func remark(ctx context.Context, t *talk.Turn, d crm.Dialog, in crm.TouchInput) error {
	then := crm.NoteNext([]string{in.Text}, t.Now)
	d.Answers[answerBefore], d.Answers[answerLast] = d.Answers["text"], ""
	if len(in.Files) == 0 && then.IsZero() && len(strings.Fields(in.Text)) <= mostSought {
		d.Answers[answerLast] = in.Text
	}
	add(&d, in)
	if err := reword(ctx, t, d); err != nil {
		return err
	}
	d, err := t.Save(ctx, d)
	if err != nil {
		return err
	}
	if !then.IsZero() {
		return askNext(ctx, t, d, nil, then)
	}
	return askNext(ctx, t, d, nil)
}

// reword has the touch say what the dialog holds.
func reword(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	_, err := t.Desk.RewordTouch(ctx, t.By, crm.ClientID(d.Answers["client"]), crm.TouchID(d.Answers[answerTouch]), crm.TouchInput{Text: d.Answers["text"], Files: filesOf(d)})
	return err
}

// pressNext is a button of the question; ok is false if it is of another one.
func pressNext(ctx context.Context, t *talk.Turn, data talk.Data) (ok bool, err error) {
	at, timed := strings.CutPrefix(data.Arg, nextAt)
	switch {
	case timed:
		sec, err := strconv.ParseInt(at, 36, 64)
		if err != nil {
			return true, t.Stale(ctx)
		}
		return true, setNext(ctx, t, data.ID, time.Unix(sec, 0))
	case data.Arg == noRemark:
		return true, search(ctx, t, data.ID)
	case data.Arg != noNext:
		return false, nil
	}
	if err := endTouch(ctx, t, data.ID); err != nil {
		return true, err
	}
	return true, card.Open(ctx, t, crm.ClientID(data.ID))
}

// setNext sets the next contact and shows the card.
func setNext(ctx context.Context, t *talk.Turn, id string, at time.Time) error {
	c, err := t.Desk.EditClient(ctx, t.By, crm.ClientID(id), crm.Edit{Field: crm.FieldNextContact, Value: at.Format(time.RFC3339), Force: true})
	if err != nil {
		return err
	}
	if err := endTouch(ctx, t, id); err != nil {
		return err
	}
	return card.ShowChanged(ctx, t, c)
}

// search takes what was typed last back from the touch, leaves the question as it was, and searches for it.
func search(ctx context.Context, t *talk.Turn, id string) error {
	d, ok, err := t.Dialog(ctx)
	last := d.Answers[answerLast]
	if err != nil {
		return err
	}
	if !ok || d.Form != formTouch || d.Step != stepNext || d.Answers["client"] != id || last == "" {
		return t.Stale(ctx)
	}
	d.Answers["text"], d.Answers[answerLast] = d.Answers[answerBefore], ""
	if err := reword(ctx, t, d); err != nil {
		return err
	}
	if err := askNext(ctx, t, d, nil); err != nil {
		return err
	}
	if err := t.End(ctx); err != nil {
		return err
	}
	typed := *t
	typed.In.Press = nil // what is found stands below the question, as if it had been typed without it
	return find.Search(ctx, &typed, last)
}

// endTouch closes the dialog of a touch with a client, if that is open.
func endTouch(ctx context.Context, t *talk.Turn, id string) error {
	d, ok, err := t.Dialog(ctx)
	if err != nil || !ok || d.Form != formTouch || d.Answers["client"] != id {
		return err
	}
	return t.End(ctx)
}
