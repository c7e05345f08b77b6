package remind

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/talk"
)

// typed are the settings whose values can be typed.
var typed = []string{"digest", "quiet", "birthdays", "anniversaries", "days"}

const formSetting = "reminding"

// panelOf is the panel that a dialog belongs to.
func panelOf(d crm.Dialog) panel {
	if d.Answers["panel"] == string(ofTeam.verb) {
		return ofTeam
	}
	return own
}

// typedSetting takes an hour or days that no button has, or the words of a button. What is none of them may be anything else,
// such as a search.
func typedSetting(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	p, what := panelOf(d), d.Answers["what"]
	if what == "days" {
		return p.typedDays(ctx, t)
	}
	if r, err := p.now(ctx, t); err != nil {
		return true, err
	} else if pressed, ok := talk.TypedButton(p.choices(t, r, what), t.In.Text); ok {
		return true, p.press(ctx, t, pressed)
	}
	value := typedValue(what, t.In.Text)
	if kind, ok := crm.TimedKinds[crm.ReminderPart(what)]; ok && crm.ReadNever(t.In.Text) {
		return true, p.never(ctx, t, what, kind)
	}
	if value == "" {
		if misread, err := t.Misread(ctx); err != nil || !misread {
			return false, err
		}
	}
	err := p.set(ctx, t, func(r *crm.Reminding) { change(r, what, value) })
	if errors.Is(err, crm.ErrInvalid) {
		return true, p.show(ctx, t, what, &crm.Error{Kind: crm.ErrInvalid, Field: "reminding." + what})
	}
	if err != nil {
		return true, err
	}
	return true, p.show(ctx, t, what, nil)
}

// typedValue is what was typed as the buttons have it: «в 8.30» is 08:30, «с 22 до 7» is 22:00-07:00, «10, 3 и 0» is
// 10.3.0. What has anything else in it is none of them: "", which crm refuses.
func typedValue(what, text string) string {
	switch what {
	case "birthdays", "anniversaries":
		var days []string
		numbers, _ := moment.ReadDays(text)
		for _, n := range numbers {
			days = append(days, strconv.Itoa(n))
		}
		return strings.Join(days, ".")
	case "quiet":
		if crm.ReadNever(text) {
			return noQuiet
		}
		if clocks, ok := moment.ReadClocks(text, 2); ok {
			return strings.Join(clocks, "-")
		}
		return ""
	}
	if clocks, ok := moment.ReadClocks(text, 1); ok {
		return clocks[0]
	}
	return ""
}

// typedDays takes the working days as they were typed.
func (p panel) typedDays(ctx context.Context, t *talk.Turn) (bool, error) {
	days, ok := moment.ReadWeekdays(t.In.Text)
	if !ok {
		return false, nil
	}
	err := p.set(ctx, t, func(r *crm.Reminding) {
		r.DaysOff = slices.DeleteFunc(slices.Clone(weekdays), func(d time.Weekday) bool { return slices.Contains(days, d) })
	})
	if err != nil {
		return true, err
	}
	return true, p.show(ctx, t, "days", nil)
}

// never turns off what one was asked the time of.
func (p panel) never(ctx context.Context, t *talk.Turn, what string, kind crm.ReminderKind) error {
	if err := p.set(ctx, t, func(r *crm.Reminding) { r.Want(kind, false) }); err != nil {
		return err
	}
	return p.show(ctx, t, what, nil)
}
