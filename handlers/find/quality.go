package find

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// byLack opens the clients behind a figure of the base's quality: the argument of talk.VerbFilter, with = and the figure.
const byLack = "lack"

func registerQuality(r *talk.Router) { r.Command("quality", quality) }

// quality tells how far the base can be worked with, in figures; each opens the list behind it.
func quality(ctx context.Context, t *talk.Turn) error {
	q, err := t.Desk.Quality(ctx, t.By, "")
	if err != nil {
		return err
	}
	if q.Total == 0 {
		return t.Say(ctx, "quality.none")
	}
	key := "quality.below"
	if q.Complete >= q.Goal {
		key = "quality.reached"
	}
	lines := []string{
		t.T.HTML("quality.title", "what", talk.Amount(t.T, q.Total, 0)),
		t.T.HTML(key, "percent", q.Complete, "goal", q.Goal, "bar", talk.Bar(q.Complete, 100)),
		t.T.HTML("quality.fresh", "green", q.Fresh[crm.Fresh], "yellow", q.Fresh[crm.Fading], "red", q.Fresh[crm.Doubted]),
	}
	var open []chat.Button
	add := func(p crm.QualityPart, n int) {
		if n > 0 {
			open = append(open, filterButton(t.T.Label("quality_part."+string(p), "total", n), byLack+"="+string(p)))
		}
	}
	for _, g := range crm.Gaps {
		add(crm.PartOf(g), q.Lacking[g])
	}
	add(crm.PartStaleData, q.Fresh[crm.Doubted])
	add(crm.PartSilent, q.Silent)
	add(crm.PartUnmanaged, q.Unmanaged)
	if !t.May(ctx, crm.ActionFindClients) || !crm.SeesAll(t.By.Role) { // who sees figures only
		for _, b := range open {
			lines = append(lines, t.T.HTML("quality.line", "what", b.Text))
		}
		open = nil
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: talk.Rows(2, open...)})
	return err
}

// openLack lists the clients behind a figure.
func openLack(ctx context.Context, t *talk.Turn, part string) error {
	q, err := t.Desk.QualityQuery(ctx, t.By, crm.QualityPart(part))
	if err != nil {
		return err
	}
	return (&listing{All: true, Sort: crm.SortByName, Lack: part, Narrow: &q}).show(ctx, t)
}
