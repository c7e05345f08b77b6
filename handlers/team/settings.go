package team

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

func registerSettings(r *talk.Router) {
	show := func(ctx context.Context, t *talk.Turn, _ talk.Data) error { return settings(ctx, t) }
	r.Command("settings", settings)
	r.Press(talk.VerbSettings, show)
	registerTemplate(r)
	r.Press(talk.VerbLang, lang)
	r.Press(talk.VerbShared, shared)
	registerZone(r)
	registerPlaces(r)
	registerRules(r)
}

// settings shows what the member has set, and to those who run the team what is set for all.
func settings(ctx context.Context, t *talk.Turn) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	text := t.T.HTML("settings.title", "lang", t.T.Label("lang."+t.By.Lang), "city", t.By.Town().In(t.T.Lang()), "clock", t.Now.Format("15:04"))
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
			[]chat.Button{talk.Button(t.T.Label("button.team_reminding"), talk.VerbForAll, "", ""), talk.Button(t.T.Label("button.places"), talk.VerbPlaces, "", "")},
			[]chat.Button{talk.Button(t.T.Label("button.fields"), talk.VerbCustom, "", ""), talk.Button(t.T.Label("button.team"), talk.VerbTeam, "", "")},
			[]chat.Button{talk.Button(t.T.Label("button.template"), talk.VerbTemplate, "", ""), talk.Button(t.T.Label("button.failures"), talk.VerbFailures, "", "")})
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
