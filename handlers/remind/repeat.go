package remind

import (
	"context"
	"errors"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// repeatLine says how a task comes again: «Повторяется каждые 2 недели: вт, чт».
func repeatLine(t *locales.Texts, r crm.Repeat) string {
	often := t.HTML("repeat." + string(r.Cycle()))
	if n := r.Interval(); n > 1 {
		often = t.HTML("repeat_every."+string(r.Cycle()), "n", n)
	}
	if len(r.Days()) == 0 {
		return often
	}
	return t.HTML("repeat.on", "often", locales.Raw(often), "days", daysOf(t, r))
}

// reschedule gives a task another time from which on it comes again, and shows that on its reminder.
func reschedule(ctx context.Context, t *talk.Turn, m matter, to crm.Moment, origin string) error {
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
func offerHabit(d crm.Dialog, m *crm.Moment, err error) bool {
	habit := crm.Repeat(d.Answers["habit"])
	var e *crm.Error
	switch {
	case errors.As(err, &e) && e.Field == "moment":
		if m.Often != crm.RepeatNever {
			d.Answers["habit"] = string(m.Often)
		}
		return false
	case habit == crm.RepeatNever || m.Repeat != crm.RepeatNever || m.Often != crm.RepeatNever || err != nil && len(m.Maybe) == 0:
		return false
	}
	m.Often, d.Answers["habit"] = habit, ""
	return true
}

// offerLabel offers that a task comes again.
func offerLabel(t *locales.Texts, r crm.Repeat) string {
	switch n := r.Interval(); {
	case n > 1:
		return t.Label("repeat_every."+string(r.Cycle()), "n", n)
	case len(r.Days()) > 0:
		return t.Label("repeat.offer", "days", daysOf(t, r))
	}
	return t.Label("repeat_offer." + string(r))
}

// daysOf are the days on which a task comes again.
func daysOf(t *locales.Texts, r crm.Repeat) string {
	var days []string
	for _, wd := range r.Days() {
		days = append(days, t.Weekday(wd))
	}
	return strings.Join(days, ", ")
}
