package remind

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/crm/civil"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

func registerWeek(r *talk.Router) {
	r.Command("week", func(ctx context.Context, t *talk.Turn) error { return showWeek(ctx, t, t.Today()) })
	r.Press(talk.VerbWeek, func(ctx context.Context, t *talk.Turn, d talk.Data) error {
		day, err := civil.ParseDate(d.Arg)
		if err != nil || day.Year == 0 || day.String() > t.Today().String() {
			return t.Stale(ctx)
		}
		return showWeek(ctx, t, day)
	})
}

func showWeek(ctx context.Context, t *talk.Turn, day civil.Date) error {
	w, err := t.Desk.Week(ctx, t.By, day)
	if err != nil {
		return err
	}
	_, err = t.Show(ctx, viewOf(t).week(w))
	return err
}

// week is what happened, in figures, the busiest member first; each figure with whose it is.
func (v view) week(w crm.Week) chat.Screen {
	lines := []string{
		v.t.HTML("week.title", "from", v.t.DayMonth(w.From), "to", v.t.DayMonth(w.From.Plus(6))),
		v.t.HTML("week.new", "total", w.New),
		v.t.HTML("week.touches", "total", w.Touches),
	}
	lines = append(lines, v.shares(w, func(m crm.WeekMember) int { return m.Touches })...)
	if !w.Past {
		lines = append(lines, v.t.HTML("week.overdue", "total", w.Overdue))
		lines = append(lines, v.shares(w, func(m crm.WeekMember) int { return m.Overdue })...)
		lines = append(lines, v.t.HTML("week.birthdays", "total", w.Birthdays))
	}
	if w.Outdated > 0 {
		lines = append(lines, v.t.HTML("week.outdated", "total", w.Outdated))
	}
	nav := []chat.Button{talk.Button(v.t.Label("week.before"), talk.VerbWeek, "", w.From.Plus(-7).String())}
	if w.Over {
		nav = append(nav, talk.Button(v.t.Label("week.after"), talk.VerbWeek, "", w.From.Plus(7).String()))
	}
	rows := [][]chat.Button{nav}
	if w.Outdated > 0 {
		rows = append(rows, []chat.Button{talk.Button(v.t.Label("outdated.show"), talk.VerbOutdated, "", "")})
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows}
}

// shares are the lines of those who have a share in a figure.
func (v view) shares(w crm.Week, figure func(crm.WeekMember) int) []string {
	var lines []string
	for _, m := range w.Members {
		n := figure(m)
		if n == 0 {
			continue
		}
		if len(lines) == maxLines {
			break
		}
		lines = append(lines, v.t.HTML("week.share", "name", fit.Line(m.Name, maxName), "total", n))
	}
	return lines
}
