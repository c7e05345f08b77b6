package team

import (
	"context"
	"slices"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

const (
	// argSecret is the argument of talk.VerbCustomAdd for a restricted field.
	argSecret = "secret"
	// What of a field is changed, as the argument of talk.VerbCustom: what=on, or a role=on.
	argRequisites = "req"
)

// fieldLine is a field in a line: what it is called, holds, and who sees it.
func fieldLine(t *talk.Turn, f crm.CustomField) string {
	key := "fields.item"
	if f.Kind == crm.FieldChoice {
		key = "fields.item_choice"
	}
	line := t.T.HTML(key, "name", f.Name, "kind", t.T.Label("field_kind."+string(f.Kind)), "choices", strings.Join(f.Choices, ", "))
	switch {
	case f.Restricted:
		who := []string{t.T.Label("role." + string(crm.RoleOwner))}
		for _, r := range f.Roles {
			who = append(who, t.T.Label("role."+string(r)))
		}
		line += t.T.HTML("fields.restricted", "who", strings.Join(who, ", "))
	case f.Requisites:
		line += t.T.HTML("fields.requisites")
	}
	return line
}

// oneField shows one of the team's own fields and changes who sees it; without an id it lists them.
func oneField(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if d.ID == "" {
		return listFields(ctx, t)
	}
	if !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	id := crm.FieldID(d.ID)
	if what, value, ok := strings.Cut(d.Arg, "="); ok {
		var err error
		if what == argRequisites {
			_, err = t.Desk.SetRequisites(ctx, t.By, id, value == flag(true))
		} else {
			_, err = t.Desk.SetFieldRole(ctx, t.By, id, crm.Role(what), value == flag(true))
		}
		if err != nil {
			return err
		}
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	f, ok := team.Field(id)
	if !ok {
		return listFields(ctx, t)
	}
	remove := talk.Button(t.T.Label("fields.remove", "name", f.Name), talk.VerbCustomDel, d.ID, "")
	remove.Style = chat.StyleDanger
	text := t.T.HTML("fields.about") + "\n" + fieldLine(t, f)
	if f.Restricted {
		text += "\n" + t.T.HTML("fields.how_restricted")
	}
	var rows [][]chat.Button
	if !f.Restricted || t.Desk.MayGuardTeam(ctx, t.By) { // who sees a restricted field is not for everybody to say who adds fields
		rows = fieldToggles(t, f)
	}
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCustom, "", ""), remove})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

// fieldToggles are the buttons that say who sees a field.
func fieldToggles(t *talk.Turn, f crm.CustomField) [][]chat.Button {
	toggle := func(label, what string, on bool) chat.Button {
		if on {
			label = "✓ " + label
		}
		return talk.Button(label, talk.VerbCustom, string(f.ID), what+"="+flag(!on))
	}
	if !f.Restricted {
		return [][]chat.Button{{toggle(t.T.Label("fields.to_accountant"), argRequisites, f.Requisites)}}
	}
	var roles []chat.Button
	for _, r := range crm.Secretive {
		roles = append(roles, toggle(t.T.Title("role."+string(r)), string(r), slices.Contains(f.Roles, r)))
	}
	return talk.Rows(2, roles...)
}
