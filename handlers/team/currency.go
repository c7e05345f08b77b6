package team

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// currency asks in what the team counts; with an argument it sets that.
func currency(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	if d.Arg != "" {
		if _, err := t.Desk.SetCurrency(ctx, t.By, d.Arg); err != nil {
			return err
		}
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	now := team.CountsIn()
	if now == "" {
		now = crm.NoCurrency
	}
	button := func(code string) chat.Button {
		label := t.T.Label("currency." + code)
		if code == now {
			label = "✓ " + label
		}
		return talk.Button(label, talk.VerbCurrency, "", code)
	}
	var choices []chat.Button
	for _, code := range crm.Currencies {
		choices = append(choices, button(code))
	}
	rows := append(talk.Rows(4, choices...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam), button(crm.NoCurrency)})
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("settings.currency", "currency", t.T.Label("currency."+now)), Buttons: rows})
	return err
}
