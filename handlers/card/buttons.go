package card

import (
	"context"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// buttons are the card's likeliest actions; undo, which is empty if there is nothing to take back, stands below them, and what can wait
// until the card is opened anew gives way to it.
func (v *view) buttons(undo []chat.Button) [][]chat.Button {
	id, t := string(v.c.ID), v.t
	b := func(key string, verb talk.Verb) chat.Button { return talk.Button(t.T.Label(key), verb, id, "") }
	var rows rows
	if !v.c.Deleted.IsZero() {
		rows.add(v.ifMay(crm.ActionRestoreClient, b("button.restore", talk.VerbRestore)), v.ifMay(crm.ActionReadHistory, b("button.history", talk.VerbHistory)))
		rows.add(v.ifMay(crm.ActionEraseClient, b("button.law", talk.VerbLaw)))
		return rows
	}
	edit := v.ifMay(crm.ActionEditClient, b("button.stage", talk.VerbStage), b("button.tags", talk.VerbTags))
	rows.add(v.ifMay(crm.ActionLogTouch, b("button.touch", talk.VerbTouch), b("button.note", talk.VerbNote)),
		v.ifMay(crm.ActionAddTask, b("button.remind", talk.VerbRemind)))
	rows.add(Links(t.T, v.c))
	rows.add(edit, v.ifMay(crm.ActionReadHistory, b("button.history", talk.VerbHistory)))
	var rest []chat.Button
	if len(edit) > 0 || len(v.copies()) > 0 {
		rest = append(rest, b("button.more", talk.VerbMore))
	}
	if len(undo) == 0 && v.can[crm.ActionEditClient] && v.c.AskConfirm() && v.c.Confirmed.Before(v.c.LastTouch) {
		undo = []chat.Button{b("button.still_right", talk.VerbConfirm)}
	}
	change := v.ifMay(crm.ActionEditClient, b("button.edit", talk.VerbEdit))
	secrets := talk.Rows(2, v.secretButtons()...)
	if len(rows)+len(secrets)+1+min(len(undo), 1) > talk.MaxRows {
		rows.add(change, v.foldedSecrets(), rest)
	} else {
		rows = append(rows, secrets...)
		rows.add(change, rest)
	}
	rows.add(undo)
	return rows
}

// ifMay are the buttons if the member may do with the card what they do.
func (v *view) ifMay(a crm.Action, buttons ...chat.Button) []chat.Button {
	if !v.can[a] {
		return nil
	}
	return buttons
}

// rows of buttons.
type rows [][]chat.Button

// add adds a row of these buttons, if there are any.
func (r *rows) add(parts ...[]chat.Button) {
	if row := slices.Concat(parts...); len(row) > 0 {
		*r = append(*r, row)
	}
}

// Links open a chat with the client in the messengers that the card knows a way to.
func Links(t *locales.Texts, c crm.Client) []chat.Button {
	var out []chat.Button
	if len(c.Phones) > 0 {
		digits := strings.TrimPrefix(c.Phones[0].E164, "+")
		out = append(out, talk.Link(t.Label("button.whatsapp"), "https://wa.me/"+digits))
	}
	switch handle := telegram(c); {
	case handle != "":
		out = append(out, talk.Link(t.Label("button.telegram"), "https://t.me/"+handle))
	case len(c.Phones) > 0:
		out = append(out, talk.Link(t.Label("button.telegram"), "https://t.me/"+c.Phones[0].E164))
	}
	return out
}

func telegram(c crm.Client) string {
	for _, m := range c.Messengers {
		if m.Kind == "telegram" {
			return m.Handle
		}
	}
	return ""
}

// more shows the less frequent actions under the card.
func more(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	v, err := look(ctx, t, c)
	if err != nil {
		return err
	}
	b := func(key string, verb talk.Verb) chat.Button { return talk.Button(t.T.Label(key), verb, d.ID, "") }
	fate := v.ifMay(crm.ActionArchiveClient, b("button.archive", talk.VerbArchive))
	if c.Stage == crm.StageArchive {
		fate = v.ifMay(crm.ActionRestoreClient, b("button.restore", talk.VerbRestore))
	}
	remove := b("button.delete", talk.VerbDelete)
	remove.Style = chat.StyleDanger
	var rows rows
	rows.add(v.ifMay(crm.ActionEditClient, b("button.confirm", talk.VerbConfirm)), v.ifMay(crm.ActionHandOverClient, b("button.hand_over", talk.VerbHand)))
	rows.add(v.copies())
	rows.add(fate, v.ifMay(crm.ActionEditClient, b("button.law", talk.VerbLaw)))
	rows.add([]chat.Button{b("button.back", talk.VerbCard)}, v.ifMay(crm.ActionDeleteClient, remove))
	_, err = t.Show(ctx, chat.Screen{Text: v.text(), Buttons: rows})
	return err
}

// copies put a phone or an e-mail on the clipboard.
func (v *view) copies() []chat.Button {
	var out []chat.Button
	if len(v.c.Phones) > 0 {
		out = append(out, chat.Button{Text: v.t.T.Label("button.copy_phone"), Copy: v.c.Phones[0].Display()})
	}
	if len(v.c.Emails) > 0 {
		out = append(out, chat.Button{Text: v.t.T.Label("button.copy_email"), Copy: v.c.Emails[0]})
	}
	return out
}
