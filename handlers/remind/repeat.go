package remind

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/moment"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// repeatLine says how a task comes again: «Повторяется каждые 2 недели: вт, чт».
func repeatLine(t *locales.Texts, r moment.Repeat) string {
	often := t.HTML("repeat." + string(r.Cycle()))
	if n := r.Interval(); n > 1 {
		often = t.HTML("repeat_every."+string(r.Cycle()), "n", n)
	}
	if len(r.Days()) == 0 {
		return often
	}
	return t.HTML("repeat.on", "often", locales.Raw(often), "days", daysOf(t, r))
}

// repeatAs has a task come again as is said, and shows that where it was asked for.
func repeatAs(ctx context.Context, t *talk.Turn, s standing, r moment.Repeat) error {
	task, err := t.Desk.RepeatTask(ctx, t.By, s.task.ID, s.seen, r)
	if err != nil {
		return asIsOr(ctx, t, s.matter, err)
	}
	s.task, s.matter = task, taskMatter(task)
	return askRepeat(ctx, t, s)
}

// repeatOptions are how often a task may come again; what holds is marked.
func repeatOptions(t *locales.Texts, s standing) [][]chat.Button {
	var options []chat.Button
	for _, r := range repeats {
		label := t.Label("repeat_offer.never")
		if r != moment.RepeatNever {
			label = t.Label("repeat_offer." + string(r))
		}
		if r == s.task.Repeat {
			label = "✓ " + label
		}
		options = append(options, s.button(label, talk.VerbHow, howRepeat+"="+string(r)))
	}
	return talk.Rows(2, options...)
}

// askRepeat asks how often a task is to come again, by a button or in words; what holds is said above.
func askRepeat(ctx context.Context, t *talk.Turn, s standing) error {
	rows := append(repeatOptions(t.T, s), []chat.Button{s.button(t.T.Label("button.back"), talk.VerbDue, "")})
	lines := append(append([]string{s.title}, s.state(ctx, t, false)...), t.T.HTML("task.ask_repeat"))
	if t.In.Chat.Group { // nothing is typed to us there
		_, err := t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
		return err
	}
	d, err := t.Open(ctx, crm.Dialog{Form: formTaskRepeat, Screen: t.In.Message,
		Answers: map[string]string{"id": s.id, "matter": s.arg("")}})
	if err != nil {
		return err
	}
	return t.Present(ctx, d, chat.Screen{Text: strings.Join(append(lines, t.T.HTML("task.say_repeat")), "\n"), Buttons: rows})
}

// answerRepeat takes how often a task is to come again: what has a day or an hour moves it there. What says nothing of that may be a search.
func answerRepeat(ctx context.Context, t *talk.Turn, d crm.Dialog) (bool, error) {
	if !talk.Typed(t.In) {
		return false, nil
	}
	s, waits, err := stillWaits(ctx, t, d)
	if err != nil || !waits {
		return false, err
	}
	if crm.ReadNever(t.In.Text) {
		return true, repeatAs(ctx, t, s, moment.RepeatNever)
	}
	if pressed, ok := talk.TypedButton(repeatOptions(t.T, s), t.In.Text); ok {
		_, often, _ := strings.Cut(pressed.Arg, "=")
		return true, repeatAs(ctx, t, s, moment.Repeat(often))
	}
	to, ok := moment.ReadRepeat(t.In.Text, s.task.Due, t.Now)
	switch {
	case !ok:
		return false, nil
	case to.At.IsZero() || to.At.Equal(s.task.Due):
		return true, repeatAs(ctx, t, s, to.Repeat)
	}
	if d, err = t.Save(ctx, d); err != nil {
		return true, err
	}
	if err := reschedule(ctx, t, s.matter, to, strconv.FormatInt(d.Screen, 10)); err != nil {
		return true, err
	}
	return true, t.End(ctx)
}

// reschedule gives a task another time from which on it comes again, and shows that on its reminder.
func reschedule(ctx context.Context, t *talk.Turn, m matter, to moment.Moment, origin string) error {
	task, err := t.Desk.RescheduleTask(ctx, t.By, crm.TaskID(m.id), m.seen, to)
	if err != nil {
		return asIsOr(ctx, t, m, err)
	}
	s, err := stand(ctx, t, m)
	if err != nil {
		return err
	}
	text := t.T.HTML("task.snoozed", "when", t.T.When(to.At, t.Now)) + "\n" + repeatLine(t.T, to.Repeat)
	return settleOn(ctx, t, s, decision{text: text, rev: task.Rev, origin: origin})
}

// offerHabit keeps how often «еженедельный отчёт» may be meant until a time is named, and has it offered with that.
func offerHabit(d crm.Dialog, m *moment.Moment, err error) bool {
	habit := moment.Repeat(d.Answers["habit"])
	var e *crm.Error
	switch {
	case errors.As(err, &e) && e.Field == "moment":
		if m.Often != moment.RepeatNever {
			d.Answers["habit"] = string(m.Often)
		}
		return false
	case habit == moment.RepeatNever || m.Repeat != moment.RepeatNever || m.Often != moment.RepeatNever || err != nil && len(m.Maybe) == 0:
		return false
	}
	m.Often, d.Answers["habit"] = habit, ""
	return true
}

// offerLabel offers that a task comes again.
func offerLabel(t *locales.Texts, r moment.Repeat) string {
	switch n := r.Interval(); {
	case n > 1:
		return t.Label("repeat_every."+string(r.Cycle()), "n", n)
	case len(r.Days()) > 0:
		return t.Label("repeat.offer", "days", daysOf(t, r))
	}
	return t.Label("repeat_offer." + string(r))
}

// daysOf are the days on which a task comes again.
func daysOf(t *locales.Texts, r moment.Repeat) string {
	var days []string
	for _, wd := range r.Days() {
		days = append(days, t.Weekday(wd))
	}
	return strings.Join(days, ", ")
}
