package capture

import (
	"context"
	"errors"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/talk"
)

// joining says when a piece may join an open draft.
type joining int

const (
	burst  joining = iota // if it came within the burst, or is known to be about the same client
	always                // the member said so: by answering the preview
)

// mostRaces bounds how often a draft is read again when another process changed it meanwhile.
const mostRaces = 5

// gathering reports whether the dialog takes further pieces: a preview, or contacts sent in a row. A file is complete.
func gathering(d crm.Dialog) bool {
	return d.Step != stepDropped && (d.Form == formDraft && d.Draft != nil || d.Form == formCards)
}

// take joins a piece to the draft that is open in this chat, or begins a draft with it. A draft that is open and that
// the piece does not belong to stays as it is, under its own preview, and can be saved any time: the second client of
// a burst takes nothing from the first, and nobody is asked to finish one before the other.
func take(ctx context.Context, t *talk.Turn, p piece, how joining) error {
	var err error
	for range mostRaces {
		if err = takeOnce(ctx, t, p, how); !errors.Is(err, crm.ErrConflict) {
			return err
		}
	}
	return err
}

func takeOnce(ctx context.Context, t *talk.Turn, p piece, how joining) error {
	d, open, err := t.Dialog(ctx)
	if err != nil {
		return err
	}
	if !open || !gathering(d) {
		return beginWith(ctx, t, p)
	}
	if t.Repeated(d) {
		return refresh(ctx, t, d, true)
	}
	inBurst := t.In.At.Sub(lastAt(d)) <= crm.BurstPause
	have := d.Drafts
	if d.Form == formDraft {
		have = []crm.Draft{*d.Draft}
	}
	drafts, joined := crm.Gather(have, p.Draft, inBurst || how == always)
	if !joined {
		return beginWith(ctx, t, p)
	}
	d.Form, d.Draft, d.Drafts = formDraft, &drafts[0], nil
	if len(drafts) > 1 {
		d.Form, d.Step, d.Draft, d.Drafts = formCards, "", nil, drafts
	}
	if t.In.At.After(lastAt(d)) {
		d.Answers[keyAt] = millis(t.In.At)
	}
	if p.warn != "" {
		d.Answers[keyWarn] = p.warn
	}
	if t.In.Contact != nil {
		d.Step = "" // it says more than the answer that was waited for
	}
	if d, err = t.Save(ctx, d); err != nil {
		return err
	}
	return refresh(ctx, t, d, inBurst && d.Step == "")
}

// beginWith begins a draft with a piece.
func beginWith(ctx context.Context, t *talk.Turn, p piece) error {
	d := newDialog(t, formDraft)
	d.Draft, d.Answers[keyWarn] = &p.Draft, p.warn
	return begin(ctx, t, d)
}

// begin opens a draft and shows it. A message whose draft is a card already was delivered again: the card is shown.
func begin(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(key(d)))
	if err == nil {
		return card.Show(ctx, t, c)
	}
	if !errors.Is(err, crm.ErrNotFound) {
		return err
	}
	if d, err = t.Open(ctx, d); err != nil {
		return err
	}
	return show(ctx, t, d)
}

// show puts an open draft where the member looks: on the message that was pressed, or below as a new one.
func show(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
	s, err := screen(ctx, t, d)
	if err != nil {
		return err
	}
	at, err := t.Show(ctx, s)
	if err != nil {
		return err
	}
	return shownAt(ctx, t, d, at)
}

// refresh shows a draft that a piece has joined: in a burst the one preview is edited, later or if something else stands
// below it a new one is sent, since nobody would see the change far up in the chat.
func refresh(ctx context.Context, t *talk.Turn, d crm.Dialog, edit bool) error {
	s, err := screen(ctx, t, d)
	if err != nil {
		return err
	}
	if !edit || d.Answers[keyCovered] != "" {
		at, err := t.Send(ctx, s)
		if err != nil {
			return err
		}
		delete(d.Answers, keyCovered)
		return shownAt(ctx, t, d, at)
	}
	at, err := t.Put(ctx, d.Screen, s)
	if err != nil {
		return err
	}
	return shownAt(ctx, t, d, at)
}

// shownAt remembers which message shows the draft.
func shownAt(ctx context.Context, t *talk.Turn, d crm.Dialog, message int64) error {
	if d.Screen == message {
		return nil
	}
	t.Retire(ctx, d.Screen)
	d.Screen = message
	_, err := t.Save(ctx, d)
	return err
}
