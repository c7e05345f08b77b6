package team

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// The settings that keep the base from leaving, as the argument of talk.VerbGuard: setting=value.
const guardCode = "code"

func registerGuard(r *talk.Router) { r.Press(talk.VerbGuard, guard) }

// guard shows what keeps the base from leaving, and changes it.
func guard(ctx context.Context, t *talk.Turn, d talk.Data) error {
	setting, value, chosen := strings.Cut(d.Arg, "=")
	if chosen {
		if err := setGuard(ctx, t, setting, value); err != nil {
			return err
		}
	}
	return showGuard(ctx, t)
}

func setGuard(ctx context.Context, t *talk.Turn, setting, value string) (err error) {
	switch setting {
	case guardCode:
		_, err = t.Desk.NeedCode(ctx, t.By, value == flag(true))
	default:
		return t.Stale(ctx)
	}
	return err
}

func showGuard(ctx context.Context, t *talk.Turn) error {
	if !t.Desk.MayGuardTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionGuardTeam)}
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	text := t.T.HTML("guard.title")
	var rows [][]chat.Button
	toggle := func(setting string, on bool) {
		text += "\n" + t.T.HTML("guard."+setting+"_"+flag(on))
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("guard."+setting+"_to_"+flag(!on)), talk.VerbGuard, "", setting+"="+flag(!on))})
	}
	toggle(guardCode, team.NeedCode)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}
