package team

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

const formRule = "rule"

// What is offered; any other number of days can be typed.
var (
	silentDays = []int{14, 30, 45, 60, 90, 180}
	offerDays  = []int{1, 2, 3, 5, 7, 14}
)

func ruleLabel(t *locales.Texts, r crm.StaleRule) string {
	if r == crm.UsualRule || r == crm.OfferRule {
		return t.Title("rules." + r.Name)
	}
	return t.Title(r.Name)
}

// registerRules adds the owner's rules of when clients ask for attention.
func registerRules(r *talk.Router) {
	r.Press(talk.VerbRules, rules)
	r.Form(formRule, talk.Form{Question: true, Answer: typedRule,
		Press: func(ctx context.Context, t *talk.Turn, d crm.Dialog, _ talk.Data) error {
			r, _ := crm.FindStaleRule(d.Answers["rule"])
			return showGroup(ctx, t, groupOf(r))
		},
		Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			r, _ := crm.FindStaleRule(d.Answers["rule"])
			return showChoices(ctx, t, r, nil)
		}})
}

// rules shows the rules, what one can be ("days"), the list of a group ("stages"), sets one ("days=60", "stage.lead=never",
// "stage.lead=*" for as usual, "daily=on").
func rules(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MaySetStale(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionSetStale)}
	}
	what, value, chosen := strings.Cut(d.Arg, "=")
	r, known := crm.FindStaleRule(what)
	switch {
	case what == "daily" && chosen:
		return setRules(ctx, t, func(all *crm.StaleRules) { all.Daily = value == "on" })
	case what == "stages", what == "statuses", what == "":
		return showGroup(ctx, t, what)
	case !known:
		return t.Stale(ctx)
	case !chosen, value == "?": // a button of the days when a number was asked for apart
		return showChoices(ctx, t, r, nil)
	}
	n, ok := days(value)
	if !ok {
		return t.Stale(ctx)
	}
	return setRules(ctx, t, func(all *crm.StaleRules) { r.Put(all, n) })
}

// days is the number of days that a button stands for.
func days(value string) (int, bool) {
	switch value {
	case "never":
		return crm.StaleNever, true
	case "*":
		return 0, true
	}
	n, err := strconv.Atoi(value)
	return n, err == nil && n > 0
}

// groupOf is the group in which a rule is offered; "" if it is in none.
func groupOf(r crm.StaleRule) string {
	switch {
	case slices.Contains(crm.StageRules, r):
		return "stages"
	case slices.Contains(crm.StatusRules, r):
		return "statuses"
	}
	return ""
}

func setRules(ctx context.Context, t *talk.Turn, f func(*crm.StaleRules)) error {
	if _, err := t.Desk.SetStaleRules(ctx, t.By, f); err != nil {
		return err
	}
	return showGroup(ctx, t, "")
}

// showGroup shows the rules, with the buttons of one group of them.
func showGroup(ctx context.Context, t *talk.Turn, group string) error {
	if err := t.EndForm(ctx, formRule); err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	all := team.Stale.Full()
	var out []chat.Button
	back := talk.Button(t.T.Label("button.back"), talk.VerbRules, "", "")
	switch group {
	case "stages":
		for _, r := range crm.StageRules {
			out = append(out, ruleButton(t, r))
		}
	case "statuses":
		for _, r := range crm.StatusRules {
			out = append(out, ruleButton(t, r))
		}
	default:
		often, label := "on", "rules.make_daily"
		if all.Daily {
			often, label = "off", "rules.make_weekly"
		}
		out = []chat.Button{ruleButton(t, crm.UsualRule), ruleButton(t, crm.OfferRule),
			talk.Button(t.T.Label("rules.stages"), talk.VerbRules, "", "stages"),
			talk.Button(t.T.Label("rules.statuses"), talk.VerbRules, "", "statuses"),
			talk.Button(t.T.Label(label), talk.VerbRules, "", "daily="+often)}
		back = talk.Button(t.T.Label("button.back"), talk.VerbForAll, "", "")
	}
	_, err = t.Show(ctx, chat.Screen{Text: ruleText(t.T, all), Buttons: append(talk.Rows(2, out...), []chat.Button{back})})
	return err
}

func ruleButton(t *talk.Turn, r crm.StaleRule) chat.Button {
	return talk.Button(ruleLabel(t.T, r), talk.VerbRules, "", r.Name)
}

// ruleText says what holds: the usual number, the ones that differ, the offers and how often the list comes.
func ruleText(t *locales.Texts, all crm.StaleRules) string {
	lines := []string{t.HTML("rules.title"), ruleLine(t, crm.UsualRule, all)}
	for _, r := range slices.Concat(crm.StatusRules, crm.StageRules) {
		if r.Of(all) != 0 {
			lines = append(lines, ruleLine(t, r, all))
		}
	}
	often := "rules.weekly"
	if all.Daily {
		often = "rules.daily"
	}
	return strings.Join(append(lines, "", ruleLine(t, crm.OfferRule, all), t.HTML(often)), "\n")
}

func ruleLine(t *locales.Texts, r crm.StaleRule, all crm.StaleRules) string {
	return t.HTML("rules.line", "what", ruleLabel(t, r), "after", after(t, r.Of(all)))
}

func after(t *locales.Texts, n int) string {
	if n == crm.StaleNever {
		return t.Label("rules.never")
	}
	return t.Label("rules.after", "n", n)
}

// showChoices offers what one rule can be, the present one marked, and reads any other number that is typed.
func showChoices(ctx context.Context, t *talk.Turn, r crm.StaleRule, wrong error) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	d, err := t.Open(ctx, crm.Dialog{Form: formRule, Screen: t.In.Message, Answers: map[string]string{"rule": r.Name}})
	if err != nil {
		return err
	}
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML("rules.choose", "what", ruleLabel(t.T, r)),
		Buttons: append(ruleChoices(t, r, team), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbRules, "", groupOf(r))})})
}

// ruleChoices are what one rule can be.
func ruleChoices(t *talk.Turn, r crm.StaleRule, team crm.Team) [][]chat.Button {
	all := team.Stale.Full()
	now, offered := r.Of(all), silentDays
	if r == crm.OfferRule {
		offered = offerDays
	}
	option := func(label, value string, on bool) chat.Button {
		if on {
			label = "✓ " + label
		}
		return talk.Button(label, talk.VerbRules, "", r.Name+"="+value)
	}
	var out, last []chat.Button
	for _, n := range offered {
		out = append(out, option(t.T.Title("rules.after", "n", n), strconv.Itoa(n), n == now))
	}
	if r != crm.OfferRule {
		last = append(last, option(t.T.Title("rules.never"), "never", now == crm.StaleNever))
	}
	if r.Stage != "" || r.Status != "" {
		last = append(last, option(t.T.Label("rules.usual"), "*", now == 0))
	}
	return append(talk.Rows(2, out...), talk.Rows(2, last...)...)
}

// typedRule takes «45 дней» for a number that no button has. What is no number may be anything else, such as a search.
func typedRule(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	r, known := crm.FindStaleRule(d.Answers["rule"])
	if !talk.Typed(t.In) || !known {
		return false, nil
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return true, err
	}
	if pressed, ok := talk.TypedButton(ruleChoices(t, r, team), t.In.Text); ok {
		return true, rules(ctx, t, pressed)
	}
	if r != crm.OfferRule && crm.ReadNever(t.In.Text) {
		return true, setRules(ctx, t, func(all *crm.StaleRules) { r.Put(all, crm.StaleNever) })
	}
	n, ok := moment.ReadDays(t.In.Text)
	if !ok {
		if misread, err := t.Misread(ctx); err != nil || !misread {
			return false, err
		}
	}
	if len(n) != 1 || n[0] == 0 {
		return true, showChoices(ctx, t, r, &crm.Error{Kind: crm.ErrInvalid, Field: "stale"})
	}
	_, err = t.Desk.SetStaleRules(ctx, t.By, func(all *crm.StaleRules) { r.Put(all, n[0]) })
	switch {
	case errors.Is(err, crm.ErrInvalid):
		return true, showChoices(ctx, t, r, err)
	case err != nil:
		return true, err
	}
	return true, showGroup(ctx, t, "")
}
