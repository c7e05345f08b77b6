package team

import (
	"context"
	"errors"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

func registerSettings(r *talk.Router) {
	show := func(ctx context.Context, t *talk.Turn, _ talk.Data) error { return settings(ctx, t) }
	r.Command("settings", settings)
	r.Press(talk.VerbSettings, show)
	r.Press(talk.VerbLang, lang)
	r.Press(talk.VerbZone, zone)
	r.Press(talk.VerbShared, shared)
	r.Form(formZone, talk.Form{Question: true, Answer: typedZone, Press: func(ctx context.Context, t *talk.Turn, _ crm.Dialog, _ talk.Data) error {
		if err := t.End(ctx); err != nil {
			return err
		}
		return settings(ctx, t)
	}, Show: func(ctx context.Context, t *talk.Turn, _ crm.Dialog) error { return askZone(ctx, t, nil) }})
}

// settings shows what the member has set, and to those who run the team what is set for all.
func settings(ctx context.Context, t *talk.Turn) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	text := t.T.HTML("settings.title", "lang", t.T.Label("lang."+t.By.Lang), "zone", t.By.Zone, "clock", t.Now.Format("15:04"))
	var langs []chat.Button
	for _, l := range crm.Langs {
		label := t.T.Label("lang." + l)
		if l == t.By.Lang {
			label = "✓ " + label
		}
		langs = append(langs, talk.Button(label, talk.VerbLang, "", l))
	}
	rows := [][]chat.Button{langs, {
		talk.Button(t.T.Label("button.zone"), talk.VerbZone, "", ""), talk.Button(t.T.Label("button.reminding"), talk.VerbReminding, "", ""),
	}}
	if t.Desk.MayEditTeam(ctx, t.By) {
		key, label := "settings.own", "button.share"
		if team.Shared {
			key, label = "settings.shared", "button.unshare"
		}
		text += "\n\n" + t.T.HTML(key)
		rows = append(rows,
			[]chat.Button{talk.Button(t.T.Label(label), talk.VerbShared, "", flag(!team.Shared))},
			[]chat.Button{talk.Button(t.T.Label("button.fields"), talk.VerbCustom, "", ""), talk.Button(t.T.Label("button.team"), talk.VerbTeam, "", "")})
	}
	_, err = t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

func flag(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func lang(ctx context.Context, t *talk.Turn, d talk.Data) error {
	m, err := t.Desk.SetLang(ctx, t.By, d.Arg)
	if err != nil {
		return err
	}
	t.Enter(m)
	return settings(ctx, t)
}

// shared opens all clients to the managers, or leaves each with their own. Arg "on" asks first, "on!" does it.
func shared(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if d.Arg == "on" && t.Desk.MayEditTeam(ctx, t.By) {
		_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("settings.share_ask"), Buttons: [][]chat.Button{
			{talk.Button(t.T.Label("button.share"), talk.VerbShared, "", "on!")},
			{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", "")},
		}})
		return err
	}
	if _, err := t.Desk.SetShared(ctx, t.By, d.Arg == "on!"); err != nil {
		return err
	}
	return settings(ctx, t)
}

const formZone = "zone"

// zones that are offered, from west to east; any other can be typed.
var zones = []string{
	"Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk",
	"Asia/Irkutsk", "Asia/Vladivostok", "Europe/London", "Europe/Berlin", "Asia/Almaty", "Asia/Tashkent",
}

func zone(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if d.Arg == "" {
		return askZone(ctx, t, nil)
	}
	return setZone(ctx, t, d.Arg)
}

func askZone(ctx context.Context, t *talk.Turn, wrong error) error {
	d, err := t.Open(ctx, crm.Dialog{Form: formZone, Screen: t.In.Message})
	if err != nil {
		return err
	}
	var choices []chat.Button
	for _, z := range zones {
		choices = append(choices, talk.Button(t.T.Label("zone."+z), talk.VerbZone, "", z))
	}
	rows := append(talk.Rows(3, choices...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")})
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML("settings.ask_zone", "zone", t.By.Zone), Buttons: rows})
}

func typedZone(ctx context.Context, t *talk.Turn, _ crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	return true, setZone(ctx, t, t.In.Text)
}

func setZone(ctx context.Context, t *talk.Turn, name string) error {
	m, err := t.Desk.SetZone(ctx, t.By, name)
	if errors.Is(err, crm.ErrInvalid) {
		return askZone(ctx, t, err)
	}
	if err != nil {
		return err
	}
	if err := t.End(ctx); err != nil {
		return err
	}
	t.Enter(m)
	return settings(ctx, t)
}
