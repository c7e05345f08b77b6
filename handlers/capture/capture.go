// Package capture is the conversation in which clients are written down: the form of /add, a line typed behind it, a
// contact, a file of cards, forwarded messages, a bare phone. Each ends in a preview that is saved, edited or dropped.
//
// What one message says is a piece (piece.go). Pieces that come in one burst are gathered into one draft (gather.go),
// which lives in the chat's dialog and is shown by one message (preview.go, cards.go). Its buttons (press.go,
// change.go) carry the draft's id: the id that its card will have. So a second press, an old message and a redelivered
// update all find the same draft, or the card that it has become.
//
// The rules — what a message is as a draft, which messages are about one person, who is there already — are in crm.
package capture

import (
	"context"
	"errors"
	"strconv"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// The forms of this package, in Dialog.Form.
const (
	formAdd   = "add"   // /add asks step by step
	formDraft = "draft" // one client's preview; Dialog.Step is the field that is asked for, "" if none
	formCards = "cards" // several clients at once
)

// What Dialog.Answers holds of a draft.
const (
	keyID      = "id"      // the draft's, and of the card that it becomes
	keyCause   = "cause"   // what began it: its card is made in this name, once
	keyAt      = "at"      // when its last piece was sent, Unix milliseconds
	keyUnclear = "unclear" // fields whose value was not understood, separated by spaces
	keyWarn    = "warn"    // key of what has to be said of the file that it came in
	keyDone    = "done"    // how many people of a list have been dealt with
	keyAdded   = "added"   // … and made
	keyCovered = "covered" // something else was said below the preview since it was sent
)

// stepDropped is the step of a draft that the member does not want; it can be taken back.
const stepDropped = "dropped"

// Register adds the subject to the conversation. What answers replies to cards is registered before it, the search
// behind it.
func Register(r *talk.Router) {
	r.Command("add", add)
	r.Press(talk.VerbAdd, addFound)
	r.Press(talk.VerbNew, func(ctx context.Context, t *talk.Turn, _ talk.Data) error { return add(ctx, t) })
	r.Form(formAdd, talk.Form{Title: "add.title", Answer: answerAdd, Press: pressAdd, Show: showAdd, Key: key})
	r.Form(formDraft, talk.Form{Answer: answerDraft, Press: stale, Show: show, Key: key})
	r.Form(formCards, talk.Form{Answer: passOn, Press: stale, Show: show, Key: key})
	r.Press(talk.VerbKeep, onDraft(formDraft, save))
	r.Press(talk.VerbDespite, onDraft(formDraft, saveDespite))
	r.Press(talk.VerbComplete, onDraft(formDraft, complete))
	r.Press(talk.VerbChange, onDraft("", change))
	r.Press(talk.VerbForget, onDraft("", forget))
	r.Press(talk.VerbImport, onDraft(formCards, importCards))
	r.Message(message)
}

func key(d crm.Dialog) string { return d.Answers[keyID] }

// stale answers a button of a form that has become a preview since. If this very press has made it one and was delivered
// again, since we were stopped before we could show it, it is shown now.
func stale(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
	if t.Repeated(d) {
		return show(ctx, t, d)
	}
	return t.Stale(ctx)
}

// passOn leaves a message to whom it is for. What is no piece of a draft is answered below the preview.
func passOn(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	in := t.In
	if in.Contact != nil || in.Forward != nil || in.File != nil {
		return false, nil
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil || crm.IsBare(in.Text, team.Region) != crm.BareNone {
		return false, err
	}
	return false, cover(ctx, t, d)
}

// cover notes that the preview of a burst that is under way is no longer the last thing in the chat. It does not count as
// a move in the dialog: the message that covers it is not its answer.
func cover(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	if d.Answers[keyCovered] != "" || t.In.At.Sub(lastAt(d)) > crm.BurstPause {
		return nil // the next piece sends the preview anew anyway
	}
	d.Answers[keyCovered] = "1"
	if _, err := t.Desk.SaveDialog(ctx, t.By, d); !errors.Is(err, crm.ErrConflict) {
		return err
	}
	return nil // a piece has come meanwhile
}

// message answers what is to be written down; anything else is left to the search.
func message(ctx context.Context, t *talk.Turn) (bool, error) {
	in := t.In
	switch {
	case in.Contact != nil:
		return true, contact(ctx, t)
	case in.Forward != nil:
		return true, forward(ctx, t)
	case in.File != nil && in.Edited, in.File != nil && in.Reply != nil && in.Reply.Ours && !toDraft(ctx, t):
		return false, nil
	case in.File != nil && isCards(*in.File):
		return true, document(ctx, t)
	case in.File != nil:
		return true, attachment(ctx, t)
	}
	return bare(ctx, t)
}

// newDialog is the dialog of a draft that this turn begins.
func newDialog(t *talk.Turn, form string) crm.Dialog {
	id := crm.NewClientID(t.By.Team, t.By.Cause, 0)
	return crm.Dialog{Form: form, Answers: map[string]string{keyID: string(id), keyCause: string(t.By.Cause),
		keyAt: millis(t.In.At)}}
}

func millis(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }

// lastAt is when the draft's last piece was sent.
func lastAt(d crm.Dialog) time.Time {
	ms, _ := strconv.ParseInt(d.Answers[keyAt], 10, 64)
	return time.UnixMilli(ms).UTC()
}

// actor is the member acting in the name of what began the draft, so that whatever is done with it happens once.
func actor(t *talk.Turn, d crm.Dialog) crm.Actor {
	by := t.By
	by.Cause = crm.Cause(d.Answers[keyCause])
	return by
}

// say sends a sentence with no buttons.
func say(ctx context.Context, t *talk.Turn, text string) error {
	_, err := t.Send(ctx, chat.Screen{Text: text, Reply: t.In.Message})
	return err
}
