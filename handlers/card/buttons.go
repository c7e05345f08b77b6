package card

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// buttons are the card's likeliest actions.
func (v *view) buttons() [][]chat.Button {
	id, t := string(v.c.ID), v.t
	b := func(key string, verb talk.Verb) chat.Button { return talk.Button(t.T.Label(key), verb, id, "") }
	if !v.c.Deleted.IsZero() {
		return [][]chat.Button{{b("button.restore", talk.VerbRestore), b("button.history", talk.VerbHistory)}}
	}
	rows := [][]chat.Button{{b("button.touch", talk.VerbTouch), b("button.note", talk.VerbNote), b("button.remind", talk.VerbRemind)}}
	if links := Links(t.T, v.c); len(links) > 0 {
		rows = append(rows, links)
	}
	rows = append(rows,
		[]chat.Button{b("button.stage", talk.VerbStage), b("button.tags", talk.VerbTags), b("button.history", talk.VerbHistory)},
		[]chat.Button{b("button.edit", talk.VerbEdit), b("button.more", talk.VerbMore)})
	if v.c.AskConfirm() && v.c.Confirmed.Before(v.c.LastTouch) {
		rows = append(rows, []chat.Button{b("button.still_right", talk.VerbConfirm)})
	}
	return rows
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
	fate := b("button.archive", talk.VerbArchive)
	if c.Stage == crm.StageArchive {
		fate = b("button.restore", talk.VerbRestore)
	}
	remove := b("button.delete", talk.VerbDelete)
	remove.Style = chat.StyleDanger
	rows := [][]chat.Button{{b("button.confirm", talk.VerbConfirm), b("button.hand_over", talk.VerbHand)}}
	if copies := v.copies(); len(copies) > 0 {
		rows = append(rows, copies)
	}
	rows = append(rows, []chat.Button{fate}, []chat.Button{b("button.back", talk.VerbCard), remove})
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
