package team

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
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

// rule is one number of days of crm.StaleRules: "days", "offer", "stage.lead", "status.vip".
type rule string

const (
	ruleDays  rule = "days"
	ruleOffer rule = "offer"
)

func stageRule(s crm.Stage) rule   { return rule("stage." + s) }
func statusRule(s crm.Status) rule { return rule("status." + s) }

// of is the number that the rules have; 0: none of its own.
func (r rule) of(all crm.StaleRules) int {
	group, name, _ := strings.Cut(string(r), ".")
	switch {
	case r == ruleDays:
		return all.Days
	case r == ruleOffer:
		return all.Offer
	case group == "stage":
		return all.Stages[crm.Stage(name)]
	}
	return all.Statuses[crm.Status(name)]
}

// put sets the number; 0 takes it away, what was never there is refused by crm.
func (r rule) put(all *crm.StaleRules, n int) {
	group, name, _ := strings.Cut(string(r), ".")
	switch {
	case r == ruleDays:
		all.Days = n
	case r == ruleOffer:
		all.Offer = n
	case group == "stage" && n == 0:
		delete(all.Stages, crm.Stage(name))
	case group == "stage":
		all.Stages[crm.Stage(name)] = n
	case n == 0:
		delete(all.Statuses, crm.Status(name))
	default:
		all.Statuses[crm.Status(name)] = n
	}
}

// known reports whether there is such a rule.
func (r rule) known() bool {
	for _, s := range crm.LiveStages {
		if r == stageRule(s) {
			return true
		}
	}
	for _, s := range crm.LiveStatuses {
		if r == statusRule(s) {
			return true
		}
	}
	return r == ruleDays || r == ruleOffer
}

func (r rule) label(t *locales.Texts) string {
	if r == ruleDays || r == ruleOffer {
		return t.Title("rules." + string(r))
	}
	return t.Title(string(r))
}

// registerRules adds the owner's rules of when clients ask for attention.
func registerRules(r *talk.Router) {
	r.Press(talk.VerbRules, rules)
	r.Form(formRule, talk.Form{Question: true, Answer: typedRule,
		Press: func(ctx context.Context, t *talk.Turn, _ crm.Dialog, _ talk.Data) error {
			if err := t.End(ctx); err != nil {
				return err
			}
			return showRules(ctx, t)
		},
		Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			return askRule(ctx, t, rule(d.Answers["rule"]), nil)
		}})
}

// rules shows the rules, what one can be ("days"), the list of a group ("stages"), sets one ("days=60", "stage.lead=never",
// "stage.lead=*" for as usual, "daily=on") or asks for a number ("days=?").
func rules(ctx context.Context, t *talk.Turn, d talk.Data) error {
	if !t.Desk.MaySetStale(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionSetStale)}
	}
	what, value, chosen := strings.Cut(d.Arg, "=")
	r := rule(what)
	switch {
	case what == "daily" && chosen:
		return setRules(ctx, t, func(all *crm.StaleRules) { all.Daily = value == "on" })
	case what == "stages", what == "statuses", what == "":
		return showGroup(ctx, t, what)
	case !r.known():
		return t.Stale(ctx)
	case !chosen:
		return showChoices(ctx, t, r)
	case value == "?":
		return askRule(ctx, t, r, nil)
	}
	n, ok := days(value)
	if !ok {
		return t.Stale(ctx)
	}
	return setRules(ctx, t, func(all *crm.StaleRules) { r.put(all, n) })
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

func setRules(ctx context.Context, t *talk.Turn, f func(*crm.StaleRules)) error {
	if _, err := t.Desk.SetStaleRules(ctx, t.By, f); err != nil {
		return err
	}
	return showRules(ctx, t)
}

func showRules(ctx context.Context, t *talk.Turn) error { return showGroup(ctx, t, "") }

// showGroup shows the rules, with the buttons of one group of them.
func showGroup(ctx context.Context, t *talk.Turn, group string) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	all := team.Stale.Full()
	var out []chat.Button
	back := talk.Button(t.T.Label("button.back"), talk.VerbRules, "", "")
	switch group {
	case "stages":
		for _, s := range crm.LiveStages {
			out = append(out, ruleButton(t, stageRule(s)))
		}
	case "statuses":
		for _, s := range crm.LiveStatuses {
			out = append(out, ruleButton(t, statusRule(s)))
		}
	default:
		often, label := "on", "rules.make_daily"
		if all.Daily {
			often, label = "off", "rules.make_weekly"
		}
		out = []chat.Button{ruleButton(t, ruleDays), ruleButton(t, ruleOffer),
			talk.Button(t.T.Label("rules.stages"), talk.VerbRules, "", "stages"),
			talk.Button(t.T.Label("rules.statuses"), talk.VerbRules, "", "statuses"),
			talk.Button(t.T.Label(label), talk.VerbRules, "", "daily="+often)}
		back = talk.Button(t.T.Label("button.back"), talk.VerbForAll, "", "")
	}
	_, err = t.Show(ctx, chat.Screen{Text: ruleText(t.T, all), Buttons: append(talk.Rows(2, out...), []chat.Button{back})})
	return err
}

func ruleButton(t *talk.Turn, r rule) chat.Button {
	return talk.Button(r.label(t.T), talk.VerbRules, "", string(r))
}

// ruleText says what holds: the usual number, the ones that differ, the offers and how often the list comes.
func ruleText(t *locales.Texts, all crm.StaleRules) string {
	lines := []string{t.HTML("rules.title"), ruleLine(t, ruleDays, all)}
	for _, s := range crm.LiveStatuses {
		if r := statusRule(s); r.of(all) != 0 {
			lines = append(lines, ruleLine(t, r, all))
		}
	}
	for _, s := range crm.LiveStages {
		if r := stageRule(s); r.of(all) != 0 {
			lines = append(lines, ruleLine(t, r, all))
		}
	}
	often := "rules.weekly"
	if all.Daily {
		often = "rules.daily"
	}
	return strings.Join(append(lines, "", ruleLine(t, ruleOffer, all), t.HTML(often)), "\n")
}

func ruleLine(t *locales.Texts, r rule, all crm.StaleRules) string {
	return t.HTML("rules.line", "what", r.label(t), "after", after(t, r.of(all)))
}

func after(t *locales.Texts, n int) string {
	if n == crm.StaleNever {
		return t.Label("rules.never")
	}
	return t.Label("rules.after", "n", n)
}

// showChoices offers what one rule can be, the present one marked.
func showChoices(ctx context.Context, t *talk.Turn, r rule) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	all := team.Stale.Full()
	now, offered := r.of(all), silentDays
	if r == ruleOffer {
		offered = offerDays
	}
	option := func(label, value string, on bool) chat.Button {
		if on {
			label = "✓ " + label
		}
		return talk.Button(label, talk.VerbRules, "", string(r)+"="+value)
	}
	var out []chat.Button
	for _, n := range offered {
		out = append(out, option(t.T.Title("rules.after", "n", n), strconv.Itoa(n), n == now))
	}
	rows := talk.Rows(2, out...)
	var last []chat.Button
	if r != ruleOffer {
		last = append(last, option(t.T.Title("rules.never"), "never", now == crm.StaleNever))
	}
	if r != ruleOffer && r != ruleDays {
		last = append(last, option(t.T.Label("rules.usual"), "*", now == 0))
	}
	last = append(last, option(t.T.Label("reminding.other"), "?", false))
	rows = append(append(rows, talk.Rows(2, last...)...), []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbRules, "", "")})
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("rules.choose", "what", r.label(t.T)), Buttons: rows})
	return err
}

// askRule waits for a number that no button has.
func askRule(ctx context.Context, t *talk.Turn, r rule, wrong error) error {
	d, err := t.Open(ctx, crm.Dialog{Form: formRule, Screen: t.In.Message, Answers: map[string]string{"rule": string(r)}})
	if err != nil {
		return err
	}
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML("rules.ask", "what", r.label(t.T)),
		Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.back"), talk.VerbCancel, "", "")}}})
}

func typedRule(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	r, n := rule(d.Answers["rule"]), firstNumber(t.In.Text)
	_, err := t.Desk.SetStaleRules(ctx, t.By, func(all *crm.StaleRules) { r.put(all, n) })
	switch {
	case errors.Is(err, crm.ErrInvalid):
		return true, askRule(ctx, t, r, err)
	case err != nil:
		return true, err
	}
	if err := t.End(ctx); err != nil {
		return true, err
	}
	return true, showRules(ctx, t)
}

// firstNumber is the number in what was typed, «45 дней»; -2, which no rule can be, if there is none.
func firstNumber(text string) int {
	from := strings.IndexFunc(text, digit)
	if from < 0 {
		return -2
	}
	text = text[from:]
	if to := strings.IndexFunc(text, func(r rune) bool { return !digit(r) }); to >= 0 {
		text = text[:to]
	}
	n, err := strconv.Atoi(text)
	if err != nil || n == 0 {
		return -2
	}
	return n
}

func digit(r rune) bool { return r >= '0' && r <= '9' }
