package team

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

func registerSettings(r *talk.Router) {
	r.Command("settings", settings)
	r.Press(talk.VerbSettings, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		if d.Arg == talk.ForTeam && t.Desk.MayEditTeam(ctx, t.By) {
			return teamSettings(ctx, t)
		}
		return settings(ctx, t)
	})
	registerTemplate(r)
	r.Press(talk.VerbLang, lang)
	r.Press(talk.VerbShared, shared)
	r.Press(talk.VerbCurrency, currency)
	registerZone(r)
	registerPlaces(r)
	registerRules(r)
	registerCode(r)
	registerGuard(r)
	registerRequired(r)
}

// settings shows what the member has set.
func settings(ctx context.Context, t *talk.Turn) error {
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
	more := []chat.Button{talk.Button(t.T.Label("button.own_code"), talk.VerbOwnCode, "", "")}
	if t.Desk.MayEditTeam(ctx, t.By) {
		more = append(more, talk.Button(t.T.Label("button.team"), talk.VerbSettings, "", talk.ForTeam))
	}
	rows = append(rows, more)
	_, err := t.Show(ctx, chat.Screen{Text: text, Buttons: rows})
	return err
}

// teamSettings shows those who run the team what is set for all.
func teamSettings(ctx context.Context, t *talk.Turn) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	key, label := "settings.own", "button.share"
	if team.Shared {
		key, label = "settings.shared", "button.unshare"
	}
	b := func(key string, v talk.Verb) chat.Button { return talk.Button(t.T.Label(key), v, "", "") }
	law := []chat.Button{b("button.law_team", talk.VerbLawTeam)}
	if t.Desk.MayGuardTeam(ctx, t.By) {
		law = append(law, b("button.guard", talk.VerbGuard))
	}
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("settings.team") + "\n" + t.T.HTML(key), Buttons: [][]chat.Button{
		{b("button.people", talk.VerbTeam), b("button.places", talk.VerbPlaces), b("button.fields", talk.VerbCustom)},
		{b("button.team_reminding", talk.VerbForAll), b("button.template", talk.VerbTemplate)},
		{talk.Button(t.T.Label(label), talk.VerbShared, "", flag(!team.Shared)), b("button.required", talk.VerbRequired)},
		law,
		{b("button.back", talk.VerbSettings), b("button.currency", talk.VerbCurrency), b("button.failures", talk.VerbFailures)},
	}})
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
			{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)},
		}})
		return err
	}
	if _, err := t.Desk.SetShared(ctx, t.By, d.Arg == "on!"); err != nil {
		return err
	}
	return teamSettings(ctx, t)
}
