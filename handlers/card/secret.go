package card

import (
	"context"
	"errors"
	"unicode/utf8"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// Dots stand in the place of what is shown only when it is asked for.
const Dots = "•••"

func registerSecrets(r *talk.Router) { r.Press(talk.VerbSecret, showSecret) }

// allSecrets is no id of a field: it asks which one.
const allSecrets = "*"

// showSecret shows one value of a restricted field on the card's message, so that nothing of it is left there when the card is
// back. Arg: the field; "" brings the card back, allSecrets asks for the field.
func showSecret(ctx context.Context, t *talk.Turn, d talk.Data) error {
	id, field := crm.ClientID(d.ID), crm.FieldID(d.Arg)
	switch field {
	case allSecrets:
		return askSecret(ctx, t, id)
	case "":
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

// shortSecret is how long the label of a button may be that shares its row with two others. A phone: some twelve characters.
const shortSecret = 12

// foldedSecrets is one button for all of them, or none: of a single one with its name, if that is short.
func (v *view) foldedSecrets() []chat.Button {
	all := v.secretButtons()
	if len(all) == 0 {
		return nil
	}
	one, label := all[0], v.t.T.Label("secret.all")
	if len(all) > 1 {
		return []chat.Button{talk.Button(label, talk.VerbSecret, string(v.c.ID), allSecrets)}
	}
	if utf8.RuneCountInString(one.Text) > shortSecret {
		one.Text = label
	}
	return []chat.Button{one}
}

// askSecret asks which restricted field of a card is to be shown.
func askSecret(ctx context.Context, t *talk.Turn, id crm.ClientID) error {
	c, err := t.Desk.Client(ctx, t.By, id)
	if err != nil {
		return err
	}
	v, err := look(ctx, t, c)
	if err != nil {
		return err
	}
	rows := append(talk.Rows(2, v.secretButtons()...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCard, string(id), "")})
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("secret.ask", "name", c.Name), Buttons: rows})
	return err
}

// isRestricted reports whether a field's values are not to be kept anywhere but sealed.
func isRestricted(team crm.Team, f crm.Field) bool {
	cf, ok := team.Field(f.Custom())
	return ok && cf.Restricted
}
