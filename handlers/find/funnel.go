package find

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// byFunnel opens the clients of a stage of the funnel: the argument of talk.VerbFilter, with = and the stage.
const byFunnel = "funnel"

func registerFunnel(r *talk.Router) { r.Command("funnel", funnel) }

// funnel shows how many clients stand at each stage, as bars; each opens its list for those who may see one.
func funnel(ctx context.Context, t *talk.Turn) error {
	f, err := t.Desk.Funnel(ctx, t.By)
	if err != nil {
		return err
	}
	if f.Total == 0 {
		return t.Say(ctx, "quality.none")
	}
	lines := []string{t.T.HTML("funnel.title", "what", talk.Amount(t.T, f.Total, 0))}
	most := 0
	for _, s := range f.Stages {
		most = max(most, s.N)
	}
	var open []chat.Button
	for _, s := range f.Stages {
		label := t.T.Label("stage." + string(s.Stage))
		lines = append(lines, t.T.HTML("funnel.stage", "bar", talk.Bar(s.N, most), "stage", label, "number", s.N))
		if s.N > 0 {
			open = append(open, filterButton(label, byFunnel+"="+string(s.Stage)))
		}
	}
	lines = append(lines, "", t.T.HTML("funnel.clients", "percent", f.Won), t.T.HTML("funnel.more", "new", f.New, "vip", f.VIP))
	if !t.May(ctx, crm.ActionFindClients) || !crm.SeesAll(t.By.Role) { // who sees figures only
		open = nil
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: talk.Rows(2, open...)})
	return err
}

// openStage lists the clients of a stage.
func openStage(ctx context.Context, t *talk.Turn, s crm.Stage) error {
	return (&listing{All: true, Sort: crm.SortByName, Stage: s}).show(ctx, t)
}
