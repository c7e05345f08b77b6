package remind

import (
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/clean"
	"kartoteka/handlers/talk"
)

// nudge asks for a quarter of an hour for one's cards.
func (v view) nudge(n crm.Notice) chat.Screen {
	q := n.Nudge
	n.Late = 0 // it is of its week, not of an hour
	lines := []string{v.head(n, v.t.HTML("nudge.title", "n", min(crm.CleanAtOnce, max(q.Number, q.Required)))), clean.State(v.t, q.Quality)}
	if q.Required > 0 {
		lines = append(lines, v.t.HTML("quality.line", "what", v.t.Label("quality_part."+string(crm.PartRequired), "total", q.Required)))
	}
	if q.Worst != "" {
		lines = append(lines, v.t.HTML("quality.line", "what", v.t.Label("quality_part."+string(q.Worst), "total", q.Number)))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: [][]chat.Button{{clean.Begin(v.t, n.To.ID), clean.ToFigures(v.t, n.To.ID)}}}
}

// What a quarter's summary holds: more would not fit a phone.
const (
	quarterFigures = 6
	quarterMembers = 5
)

// quarter tells the owner how well the base is kept, beside how it was a quarter ago.
func (v view) quarter(n crm.Notice) chat.Screen {
	q := n.Quarter
	n.Late = 0
	lines := []string{v.head(n, v.t.HTML("quarter.title", "from", v.t.Date(q.From), "what", talk.Amount(v.t, q.Total, 0))), clean.State(v.t, q.Quality)}
	if b := q.Before; !b.Quarter.IsZero() {
		lines = append(lines, v.t.HTML("quarter.before", "percent", b.Complete, "what", talk.Amount(v.t, b.Total, 0)))
	}
	if q.Pairs > 0 {
		lines = append(lines, v.t.HTML("quarter.pairs", "total", q.Pairs))
	}
	if len(q.Members) > 1 {
		lines = append(lines, "", v.t.HTML("quality.members"))
		for _, m := range q.Members[:min(len(q.Members), quarterMembers)] {
			lines = append(lines, clean.MemberLine(v.t, m))
		}
	}
	open := clean.Open(v.t, q.Quality, "")
	rows := talk.Rows(2, open[:min(len(open), quarterFigures)]...)
	if q.Pairs > 0 {
		rows = append(rows, []chat.Button{talk.Button(v.t.Label("quarter.open_pairs"), talk.VerbPair, "", "")})
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: append(rows, []chat.Button{clean.Begin(v.t, ""), clean.ToFigures(v.t, "")})}
}
