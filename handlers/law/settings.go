package law

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// What a button of the law's settings asks for.
const (
	setText = "text"
	setKeep = "keep" // =years
	setNeed = "need" // =on, =off: clients are congratulated with their consent only
)

const formText = "consent_text"

// shownText is how much of the text of the consent the settings show.
const shownText = 300

// registerSettings adds what the team has set about the law.
func registerSettings(r *talk.Router) {
	r.Press(talk.VerbLawTeam, settings)
	r.Form(formText, talk.Form{Question: true, Answer: typedText,
		Press: leaveText, Cancel: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error { return leaveText(ctx, t, d, talk.Data{}) },
		Show: func(ctx context.Context, t *talk.Turn, _ crm.Dialog) error { return askText(ctx, t, nil) }})
}

func settings(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	what, value, _ := strings.Cut(d.Arg, "=")
	switch what {
	case "":
	case setText:
		return askText(ctx, t, nil)
	case setKeep:
		years, err := strconv.Atoi(value)
		if err != nil {
			return t.Stale(ctx)
		}
		if _, err := t.Desk.SetKeepYears(ctx, t.By, years); err != nil {
			return err
		}
	case setNeed:
		if _, err := t.Desk.NeedConsent(ctx, t.By, crm.PurposeGreeting, value == "on"); err != nil {
			return err
		}
	default:
		return t.Stale(ctx)
	}
	return showSettings(ctx, t)
}

func setButton(label, arg string) chat.Button { return talk.Button(label, talk.VerbLawTeam, "", arg) }

func showSettings(ctx context.Context, t *talk.Turn) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	lines := []string{t.T.HTML("law_team.title")}
	if text, ok := team.ConsentText(); ok {
		lines = append(lines, t.T.HTML("law_team.text", "no", text.No, "day", day(t, text.Since), "text", fit.Text(text.Text, shownText)))
	} else {
		lines = append(lines, t.T.HTML("law_team.no_text"))
	}
	kept := team.KeptFor()
	if kept == crm.KeepForever {
		lines = append(lines, t.T.HTML("law_team.forever"))
	} else {
		lines = append(lines, t.T.HTML("law_team.keep", "years", t.T.Years(kept)))
	}
	var years []chat.Button
	for _, n := range crm.KeepYears {
		label := t.T.Label("law_team.never")
		if n != crm.KeepForever {
			label = t.T.Years(n)
		}
		if n == kept {
			label = "✓ " + label
		}
		years = append(years, setButton(label, setKeep+"="+strconv.Itoa(n)))
	}
	is, other := "off", "on"
	if slices.Contains(team.NeedConsent, crm.PurposeGreeting) {
		is, other = other, is
	}
	turn := "to_" + other
	lines = append(lines, t.T.HTML("settings_consent."+is))
	rows := append([][]chat.Button{{setButton(t.T.Label("law_team.set_text"), setText)}}, talk.Rows(3, years...)...)
	rows = append(rows, []chat.Button{setButton(t.T.Label("settings_consent."+turn), setNeed+"="+other)})
	back := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbSettings, "", talk.ForTeam)}
	if kept != crm.KeepForever && t.Desk.May(ctx, t.By, crm.ActionEraseClient, crm.Client{}) {
		back = append(back, talk.Button(t.T.Label("outdated.show"), talk.VerbOutdated, "", ""))
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, back)})
	return err
}

// askText waits for the words that clients consent to.
func askText(ctx context.Context, t *talk.Turn, wrong error) error {
	d, err := t.Open(ctx, crm.Dialog{Form: formText, Screen: t.In.Message})
	if err != nil {
		return err
	}
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML("law_team.ask_text"),
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")}}})
}

func typedText(ctx context.Context, t *talk.Turn, _ crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	_, err := t.Desk.SetConsentText(ctx, t.By, t.In.Text)
	switch {
	case errors.Is(err, crm.ErrInvalid):
		return true, askText(ctx, t, err)
	case err != nil:
		return true, err
	}
	if err := t.End(ctx); err != nil {
		return true, err
	}
	return true, showSettings(ctx, t)
}

func leaveText(ctx context.Context, t *talk.Turn, _ crm.Dialog, _ talk.Data) error {
	if err := t.End(ctx); err != nil {
		return err
	}
	return showSettings(ctx, t)
}
