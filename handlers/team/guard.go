package team

import (
	"context"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// The settings that keep the base from leaving, as the argument of talk.VerbGuard: setting=value.
const (
	guardCode    = "code"
	guardLooks   = "looks"
	guardProtect = "protect"
)

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
	case guardProtect:
		_, err = t.Desk.SetProtected(ctx, t.By, value == flag(true))
	case guardLooks:
		limit, wrong := strconv.Atoi(value)
		if wrong != nil {
			return t.Stale(ctx)
		}
		_, err = t.Desk.SetLookLimit(ctx, t.By, limit)
	default:
		return t.Stale(ctx)
	}
	return err
}

// looks says how many cards may be opened, and offers other numbers.
func looks(t *talk.Turn, team crm.Team) (text string, row []chat.Button) {
	now := team.LookLimit()
	text = t.T.HTML("guard.looks_any")
	if now > 0 {
		text = t.T.HTML("guard.looks", "n", now)
	}
	for _, n := range crm.LookLimits {
		label := strconv.Itoa(n)
		if n == 0 {
			label = "∞"
		}
		if n == now {
			label = "✓ " + label
		}
		row = append(row, talk.Button(label, talk.VerbGuard, "", guardLooks+"="+strconv.Itoa(n)))
	}
	return text, row
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
	toggle(guardProtect, team.Protected)
	limit, row := looks(t, team)
	text, rows = text+"\n"+limit, append(rows, row)
	rows = append(rows, []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)})
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}
