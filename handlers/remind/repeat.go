package remind

import (
	"context"
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

// offerLabel offers that a task comes again.
func offerLabel(t *locales.Texts, r crm.Repeat) string {
	if r == crm.RepeatWorkdays {
		return t.Label("repeat.offer_workdays")
	}
	return t.Label("repeat.offer", "days", daysOf(t, r))
}

// daysOf are the days on which a task comes again.
func daysOf(t *locales.Texts, r crm.Repeat) string {
	var days []string
	for _, wd := range r.Days() {
		days = append(days, t.Weekday(wd))
	}
	return strings.Join(days, ", ")
}
