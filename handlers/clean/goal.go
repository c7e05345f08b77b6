package clean

import (
	"context"
	"errors"
	"strconv"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// formGoal asks how complete the cards should be: it takes a percent that no button has.
const formGoal = "goal"

// inSettings marks a question that was opened from the settings, and leads back there.
const inSettings = "set"

func registerGoal(r *talk.Router) {
	r.Form(formGoal, talk.Form{Question: true, Answer: typedGoal,
		Press: func(ctx context.Context, t *talk.Turn, _ crm.Dialog, _ talk.Data) error { return t.Stale(ctx) },
		Show: func(ctx context.Context, t *talk.Turn, d crm.Dialog) error {
			return askGoal(ctx, t, d.Answers["at"] == inSettings, nil)
		}})
}

// ToGoal opens that question from the settings.
func ToGoal(t *talk.Turn, team crm.Team) chat.Button {
	return talk.Button(t.T.Label("quality.set_goal", "goal", team.GoalPercent()), talk.VerbQuality, "", goal+"."+inSettings)
}

func pressGoal(ctx context.Context, t *talk.Turn, settings bool, value string, chosen bool) error {
	if !chosen {
		return askGoal(ctx, t, settings, nil)
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return t.Stale(ctx)
	}
	return setGoal(ctx, t, settings, n)
}

// setGoal sets the goal, and shows what it is held against: the figures, or in the settings itself.
func setGoal(ctx context.Context, t *talk.Turn, settings bool, percent int) error {
	if _, err := t.Desk.SetGoal(ctx, t.By, percent); err != nil {
		return err
	}
	if settings {
		return askGoal(ctx, t, settings, nil)
	}
	if err := t.EndForm(ctx, formGoal); err != nil {
		return err
	}
	return figures(ctx, t, "", "")
}

// goals are offered for how complete the cards should be, in percent.
var goals = []int{60, 70, 75, 80, 85, 90, 95, 100}

func askGoal(ctx context.Context, t *talk.Turn, settings bool, wrong error) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	if !t.Desk.MayEditTeam(ctx, t.By) {
		return &crm.Error{Kind: crm.ErrDenied, Field: string(crm.ActionEditTeam)}
	}
	d := crm.Dialog{Form: formGoal, Screen: t.In.Message, Answers: map[string]string{}}
	back, arg := talk.Button(t.T.Label("button.back"), talk.VerbQuality, "", ""), goal
	if settings {
		back, arg = talk.Button(t.T.Label("button.back"), talk.VerbRequired, "", ""), goal+"."+inSettings
		d.Answers["at"] = inSettings
	}
	if d, err = t.Open(ctx, d); err != nil {
		return err
	}
	rows := append(talk.Rows(4, goalChoices(t, team, arg)...), []chat.Button{back})
	return t.Present(ctx, d, chat.Screen{Text: t.Refusal(wrong) + t.T.HTML("quality.goal_ask", "goal", team.GoalPercent()), Buttons: rows})
}

// goalChoices are the percents to choose from, the present one marked.
func goalChoices(t *talk.Turn, team crm.Team, arg string) []chat.Button {
	var choices []chat.Button
	for _, n := range goals {
		label := t.T.Label("quality.percent", "percent", n)
		if n == team.GoalPercent() {
			label = "✓ " + label
		}
		choices = append(choices, talk.Button(label, talk.VerbQuality, "", arg+"="+strconv.Itoa(n)))
	}
	return choices
}

// typedGoal takes «95 %». A phone, or the words of a client who is there, are what they would be without the question; anything else was
// meant for the goal, and it is asked for again.
func typedGoal(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	settings := d.Answers["at"] == inSettings
	wrong := error(&crm.Error{Kind: crm.ErrInvalid, Field: "goal"})
	if n, ok := crm.ReadPercent(t.In.Text); ok {
		if wrong = setGoal(ctx, t, settings, n); !errors.Is(wrong, crm.ErrInvalid) {
			return true, wrong
		}
	} else if search, err := t.Searches(ctx); err != nil || search {
		return false, err
	}
	return true, askGoal(ctx, t, settings, wrong)
}
