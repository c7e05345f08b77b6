package card

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// twinMark in a dialog's answers: the member has seen that another card has the value, too.
const twinMark = "twin"

// askTwin says whose phone, e-mail or username it is already, and lets the member write it all the same.
func askTwin(ctx context.Context, t *talk.Turn, d crm.Dialog, found []crm.Duplicate, value string) error {
	d.Answers["value"], d.Answers[twinMark] = value, "yes"
	d, err := t.Save(ctx, d)
	if err != nil {
		return err
	}
	return t.Present(ctx, d, twins(ctx, t, found,
		talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", ""),
		talk.Button(t.T.Label("button.all_the_same"), talk.VerbMine, d.Answers["client"], d.Step)))
}

// maxTwins is how many of the cards that have the same are named.
const maxTwins = 3

// twins names the cards that have the same, with buttons that open them.
func twins(ctx context.Context, t *talk.Turn, found []crm.Duplicate, last ...chat.Button) chat.Screen {
	open := func(label string, id crm.ClientID) chat.Button {
		return talk.Button(label, talk.VerbCard, string(id), "")
	}
	return Twins(ctx, t, found, open, last...)
}

// Twins names the cards that have the same phone, e-mail or username; of those that the member may not see only whose they
// are. Open makes the button of a card, last is the last row.
func Twins(ctx context.Context, t *talk.Turn, found []crm.Duplicate, open func(label string, id crm.ClientID) chat.Button,
	last ...chat.Button) chat.Screen {
	names := t.MemberNames(ctx)
	lines := []string{t.T.HTML("edit.twin")}
	var cards []chat.Button
	for _, f := range found[:min(len(found), maxTwins)] {
		owner := names[f.Client.Owner]
		if owner == "" {
			owner = t.T.Label("member.gone")
		}
		if !f.Visible {
			lines = append(lines, t.T.HTML("edit.twin_hidden", "owner", owner))
			continue
		}
		lines = append(lines, t.T.HTML("edit.twin_card", "name", f.Client.Name, "owner", owner))
		cards = append(cards, open(fit.Line(f.Client.Name, 30), f.Client.ID))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(talk.Rows(1, cards...), last)}
}
