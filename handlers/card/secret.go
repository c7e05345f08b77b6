package card

import (
	"context"
	"errors"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// Dots stand in the place of what is shown only when it is asked for.
const Dots = "•••"

func registerSecrets(r *talk.Router) { r.Press(talk.VerbSecret, showSecret) }

// showSecret shows one value of a restricted field on the card's message, so that nothing of it is left there when the card is
// back. Arg: the field; "" brings the card back.
func showSecret(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id, field := crm.ClientID(d.ID), crm.FieldID(d.Arg)
	if field == "" {
		if err := t.Desk.HideSecret(ctx, t.By, t.In.Message); err != nil {
			return err
		}
		return Open(ctx, t, id)
	}
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	value, err := t.Desk.ShowSecret(ctx, t.By, id, field, t.In.Message)
	if err != nil {
		return err
	}
	f, _ := team.Field(field)
	shown := Custom(t.T, f, value)
	last := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSecret, d.ID, "")}
	if len([]rune(shown)) <= maxCopy {
		last = append(last, chat.Button{Text: t.T.Label("secret.copy"), Copy: shown})
	}
	// On this message and no other: it is the one on which the value is hidden again.
	err = t.Edit(ctx, t.In.Message, chat.Screen{Text: t.T.HTML("secret.shown", "field", f.Name, "name", c.Name, "value", shown), Buttons: [][]chat.Button{last}})
	if errors.Is(err, chat.ErrGone) {
		return t.Stale(ctx)
	}
	return err
}

// maxCopy is what a button can put on the clipboard. Telegram: 256 characters.
const maxCopy = 256

// secrets are the restricted fields that the card has values in and the member may look at.
func (v *view) secrets() []crm.CustomField {
	var all []crm.CustomField
	for _, f := range v.team.Fields {
		if v.c.Sealed[f.ID] != "" && !f.Removed && f.SeenBy(v.t.By.Role) && v.can[crm.ActionSeeSecret] {
			all = append(all, f)
		}
	}
	return all
}

// secretButtons show them, one at a time.
func (v *view) secretButtons() []chat.Button {
	var all []chat.Button
	for _, f := range v.secrets() {
		all = append(all, talk.Button(v.t.T.Label("secret.show", "field", f.Name), talk.VerbSecret, string(v.c.ID), string(f.ID)))
	}
	return all
}

// isRestricted reports whether a field's values are not to be kept anywhere but sealed.
func isRestricted(team crm.Team, f crm.Field) bool {
	cf, ok := team.Field(f.Custom())
	return ok && cf.Restricted
}
