package team

import (
	"context"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/clean"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

func registerRequired(r *talk.Router) { r.Press(talk.VerbRequired, required) }

// required shows what each card must have, by kind, or the choices of one kind ("person"), and sets one ("person.phone=on").
func required(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	which, value, chosen := strings.Cut(d.Arg, "=")
	kind, gap, _ := strings.Cut(which, ".")
	if chosen {
		if _, err := t.Desk.SetRequired(ctx, t.By, crm.Kind(kind), crm.Gap(gap), value == flag(true)); err != nil {
			return err
		}
	}
	if slices.Contains(crm.Kinds, crm.Kind(kind)) {
		return requiredOf(ctx, t, crm.Kind(kind))
	}
	return requiredKinds(ctx, t)
}

// requiredKinds says what is required, and offers the kinds.
func requiredKinds(ctx context.Context, t *talk.Turn) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	lines := []string{t.T.HTML("required.title"), ""}
	var kinds []chat.Button
	for _, k := range crm.Kinds {
		what := t.T.Label("required.nothing")
		if names := requiredNames(t, team, k); len(names) > 0 {
			what = strings.Join(names, ", ")
		}
		lines = append(lines, t.T.HTML("required.line", "kind", t.T.Title("kind."+string(k)), "what", what))
		kinds = append(kinds, talk.Button(t.T.Title("kind."+string(k)), talk.VerbRequired, "", string(k)))
	}
	rows := append(talk.Rows(2, kinds...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam), clean.ToGoal(t, team)})
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	return err
}

// requiredNames are the fields that a card of a kind must have.
func requiredNames(t *talk.Turn, team crm.Team, k crm.Kind) []string {
	var names []string
	for _, g := range team.Requirable(k) {
		if f, own := team.Field(g.Field().Custom()); own && team.Requires(k, g) {
			names = append(names, f.Name)
		} else if team.Requires(k, g) {
			names = append(names, t.T.Small("required_gap."+string(g)))
		}
	}
	return names
}

// maxRequired is how much of a field's name a button has room for: two stand in a row.
const maxRequired = 16

// requiredOf offers what can be required of a kind, what is required marked.
func requiredOf(ctx context.Context, t *talk.Turn, k crm.Kind) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	var choices []chat.Button
	for _, g := range team.Requirable(k) {
		on, label := team.Requires(k, g), ""
		if f, own := team.Field(g.Field().Custom()); own {
			label = fit.Line(f.Name, maxRequired)
		} else {
			label = t.T.Label("required_gap." + string(g))
		}
		if on {
			label = "✓ " + label
		}
		choices = append(choices, talk.Button(label, talk.VerbRequired, "", string(k)+"."+string(g)+"="+flag(!on)))
	}
	rows := append(talk.Rows(2, choices...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbRequired, "", "")})
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("required.of", "kind", t.T.Title("kind."+string(k))), Buttons: rows})
	return err
}
