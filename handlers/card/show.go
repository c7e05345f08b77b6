// Package card is the conversation about one card: how it looks, and what its buttons do to it. The history has a
// package of its own beside this one.
package card

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// Register adds the card's buttons and links to the conversation.
func Register(r *talk.Router) {
	r.Press(talk.VerbCard, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		return Open(ctx, t, crm.ClientID(d.ID))
	})
	r.Press(talk.VerbMore, more)
	r.StartLink(talk.CardPrefix, func(ctx context.Context, t *talk.Turn) error {
		return Open(ctx, t, crm.ClientID(t.In.Args[len(talk.CardPrefix):]))
	})
	registerEdit(r)
	registerDates(r)
	registerMarks(r)
	registerFate(r)
	registerSecrets(r)
}

// Open shows a card as it now is, on the message that was pressed or as a new one.
func Open(ctx context.Context, t *talk.Turn, id crm.ClientID) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	return Show(ctx, t, c)
}

// Show shows this state of a card.
func Show(ctx context.Context, t *talk.Turn, c crm.Client) error {
	s, err := Screen(ctx, t, c)
	if err != nil {
		return err
	}
	_, err = t.ShowOpened(ctx, s)
	return err
}

// ShowChanged shows a card after a change, with the button that takes the change back.
func ShowChanged(ctx context.Context, t *talk.Turn, c crm.Client) error {
	s, err := Changed(ctx, t, c)
	if err != nil {
		return err
	}
	_, err = t.ShowOpened(ctx, s)
	return err
}

// Screen is a card with its buttons.
func Screen(ctx context.Context, t *talk.Turn, c crm.Client) (chat.Screen, error) {
	v, err := look(ctx, t, c)
	if err != nil {
		return chat.Screen{}, err
	}
	return chat.Screen{Text: v.text(), Buttons: v.buttons(nil)}, nil
}

// Changed is a card with the button that takes its last change back.
func Changed(ctx context.Context, t *talk.Turn, c crm.Client) (chat.Screen, error) {
	v, err := look(ctx, t, c)
	if err != nil {
		return chat.Screen{}, err
	}
	undo := talk.Button(t.T.Label("button.undo"), talk.VerbUndo, string(c.ID), rev36(c.Rev))
	return chat.Screen{Text: v.text(), Buttons: v.buttons([]chat.Button{undo})}, nil
}
