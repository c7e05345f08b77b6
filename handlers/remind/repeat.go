package remind

import (
	"strings"

	"kartoteka/crm"
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

// daysOf are the days on which a task comes again.
func daysOf(t *locales.Texts, r crm.Repeat) string {
	var days []string
	for _, wd := range r.Days() {
		days = append(days, t.Weekday(wd))
	}
	return strings.Join(days, ", ")
}
