package talk

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/spell"
	"kartoteka/handlers/chat"
)

// TypedButton is the button of these whose words were typed instead of pressing it.
func TypedButton(rows [][]chat.Button, text string) (Data, bool) {
	for _, row := range rows {
		for _, b := range row {
			if d, err := Parse(b.Data); err == nil && spell.Fold(b.Text) == spell.Fold(text) {
				return d, true
			}
		}
	}
	return Data{}, false
}

// Misread reports whether a text that could not be read as a number or an hour was meant for one: it has digits that are no
// phone. Anything else is what it would be without the question.
func (t *Turn) Misread(ctx context.Context) (bool, error) {
	if !strings.ContainsAny(t.In.Text, "0123456789") {
		return false, nil
	}
	phone, err := t.hasPhone(ctx)
	return err == nil && !phone, err
}

// Searches reports whether a text that could not be read as what was asked for looks for a client who is there, or by a phone.
func (t *Turn) Searches(ctx context.Context) (bool, error) {
	if misread, err := t.Misread(ctx); err != nil || misread {
		return false, err
	}
	found, err := t.Desk.FindPage(ctx, t.By, t.In.Text, 0, 1)
	if err != nil || len(found.Hits) > 0 {
		return err == nil, err
	}
	return t.hasPhone(ctx)
}

// hasPhone reports whether what was typed holds a phone, as one writes them where the team is.
func (t *Turn) hasPhone(ctx context.Context) (bool, error) {
	team, err := t.Desk.Team(ctx, t.By)
	return err == nil && len(crm.FindPhones(t.In.Text, team.Region)) > 0, err
}
