package capture

import (
	"context"
	"errors"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/clean"
	"kartoteka/handlers/talk"
)

// action is what a button does with the draft that it names.
type action func(ctx context.Context, t *talk.Turn, h held, data talk.Data) error

// held is a draft as a button finds it.
type held struct {
	crm.Dialog
	open bool // it is the chat's open dialog; else it is kept under its id
}

// find finds the draft with this id; ok is false if it has been saved, or forgotten.
func find(ctx context.Context, t *talk.Turn, id string) (h held, ok bool, err error) {
	d, ok, err := t.Dialog(ctx)
	if err != nil {
		return held{}, false, err
	}
	if ok && key(d) == id && whole(d) {
		return held{d, true}, true, nil
	}
	if d, ok, err = t.Kept(ctx, id); err != nil || !ok {
		return held{}, false, err
	}
	return held{Dialog: d}, whole(d), nil
}

// whole tells a draft from a form of /add that is still being filled in.
func whole(d crm.Dialog) bool { return d.Form == formDraft && d.Draft != nil || d.Form == formCards }

// onDraft lets a button act on the draft that it names. What is no longer there, or something else by now, is shown as
// it is: the card that the draft has become, the list that it has grown into, that it was dropped.
func onDraft(form string, act action) func(context.Context, *talk.Turn, talk.Data) error {
	return func(ctx context.Context, t *talk.Turn, data talk.Data) error {
		h, ok, err := find(ctx, t, data.ID)
		if err != nil {
			return err
		}
		if !ok {
			return gone(ctx, t, data)
		}
		if dropped := h.Step == stepDropped && data.Arg != argBack; dropped || form != "" && h.Form != form {
			s, err := screen(ctx, t, h.Dialog)
			if err != nil {
				return err
			}
			_, err = t.Show(ctx, s)
			return err
		}
		return act(ctx, t, h, data)
	}
}

// gone shows the card that the draft has become, or the one that it was added to.
func gone(ctx context.Context, t *talk.Turn, data talk.Data) error {
	ids := []string{data.ID}
	if data.Verb == talk.VerbComplete {
		ids = append(ids, strings.TrimPrefix(data.Arg, despiteMark))
	}
	for _, id := range ids {
		c, err := t.Desk.Client(ctx, t.By, crm.ClientID(id))
		if err == nil {
			return showSaved(ctx, t, c)
		}
		if !errors.Is(err, crm.ErrNotFound) {
			return err
		}
	}
	return t.Stale(ctx)
}

// takeUp makes a draft the chat's open one again.
func takeUp(ctx context.Context, t *talk.Turn, h held) (crm.Dialog, error) {
	if h.open {
		return t.Save(ctx, h.Dialog)
	}
	d, err := t.Open(ctx, h.Dialog)
	if err != nil {
		return d, err
	}
	return d, t.EndKept(ctx, key(d))
}

// finish forgets a draft that has become a card.
func finish(ctx context.Context, t *talk.Turn, h held) error {
	if h.open {
		if err := t.End(ctx); err != nil {
			return err
		}
	}
	return t.EndKept(ctx, key(h.Dialog))
}

func save(ctx context.Context, t *talk.Turn, h held, _ talk.Data) error {
	return addCard(ctx, t, h, false)
}

func saveDespite(ctx context.Context, t *talk.Turn, h held, _ talk.Data) error {
	return addCard(ctx, t, h, true)
}

// addCard makes the draft a card and shows it in place of the preview. If somebody else has written the client down
// meanwhile the preview says so.
func addCard(ctx context.Context, t *talk.Turn, h held, despite bool) error {
	c, err := t.Desk.AddClient(ctx, actor(t, h.Dialog), *h.Draft, despite)
	var known *crm.DuplicateError
	if errors.As(err, &known) {
		h.Step = ""
		d, err := takeUp(ctx, t, h)
		if err != nil {
			return err
		}
		return show(ctx, t, d)
	}
	if err != nil {
		return err
	}
	if err := finish(ctx, t, h); err != nil {
		return err
	}
	t.Toast(t.T.Label("draft.saved"))
	return showSaved(ctx, t, c)
}

// showSaved shows a card that a draft has become, or asks first for what the team requires and it lacks.
func showSaved(ctx context.Context, t *talk.Turn, c crm.Client) error {
	if asked, err := clean.AskRequired(ctx, t, c.ID); asked || err != nil {
		return err
	}
	return card.Show(ctx, t, c)
}

// despiteMark begins the argument of talk.VerbComplete if the card is to be completed though a third one has the same.
const despiteMark = "+"

// complete adds the draft to a card that is there. Arg: the card's id.
func complete(ctx context.Context, t *talk.Turn, h held, data talk.Data) error {
	id, despite := strings.CutPrefix(data.Arg, despiteMark)
	add := t.Desk.CompleteClient
	if despite {
		add = t.Desk.CompleteDespite
	}
	c, err := add(ctx, actor(t, h.Dialog), crm.ClientID(id), *h.Draft)
	var twin *crm.DuplicateError
	if errors.As(err, &twin) {
		b := func(label string, v talk.Verb, arg string) chat.Button {
			return talk.Button(label, v, key(h.Dialog), arg)
		}
		open := func(label string, id crm.ClientID) chat.Button { return b(label, talk.VerbChange, argOpen+string(id)) }
		_, err := t.Show(ctx, card.Twins(ctx, t, twin.Found, open, b(t.T.Label("button.back"), talk.VerbChange, argShow),
			b(t.T.Label("button.all_the_same"), talk.VerbComplete, despiteMark+id)))
		return err
	}
	if err != nil {
		return err
	}
	if err := finish(ctx, t, h); err != nil {
		return err
	}
	t.Toast(t.T.Label("draft.completed"))
	return card.ShowChanged(ctx, t, c)
}

// forget puts a draft away; until it expires it can be taken back.
func forget(ctx context.Context, t *talk.Turn, h held, _ talk.Data) error {
	h.Step, h.Screen = stepDropped, t.In.Message
	if err := t.Keep(ctx, key(h.Dialog), h.Dialog); err != nil {
		return err
	}
	if h.open {
		if err := t.End(ctx); err != nil {
			return err
		}
	}
	_, err := t.Show(ctx, droppedScreen(t, h.Dialog))
	return err
}

// openCard shows a card below the preview, which stays.
func openCard(ctx context.Context, t *talk.Turn, h held, id crm.ClientID) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	s, err := card.Screen(ctx, t, c)
	if err != nil {
		return err
	}
	if _, err := t.Send(ctx, chat.Screen{Text: s.Text, Buttons: s.Buttons}); err != nil || !h.open {
		return err
	}
	return cover(ctx, t, h.Dialog)
}

// restoreCard takes a card out of the bin that the draft's client may have had: the preview then offers to complete it. One that cannot be
// restored since another has what it has is shown beside that one.
func restoreCard(ctx context.Context, t *talk.Turn, h held, id crm.ClientID) error {
	_, err := t.Desk.RestoreClient(ctx, t.By, id)
	var twin *crm.DuplicateError
	if errors.As(err, &twin) {
		return card.AskTwin(ctx, t, twin, talk.Data{Verb: talk.VerbRestore, ID: string(id), Arg: "all"})
	}
	if err != nil {
		return err
	}
	t.Toast(t.T.Label("card.restored"))
	h.Step, h.Screen = "", t.In.Message
	d, err := takeUp(ctx, t, h)
	if err != nil {
		return err
	}
	return show(ctx, t, d)
}
