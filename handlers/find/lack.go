package find

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// LackButton opens the clients behind a figure of the base's quality; of one member's clients if one is named.
func LackButton(label string, p crm.QualityPart, of crm.MemberID) chat.Button {
	arg := byLack + "=" + string(p)
	if of != "" {
		arg += "." + string(of)
	}
	return filterButton(label, arg)
}

// StaleButton opens all who need the member's attention, to be marked and changed together.
func StaleButton(ctx context.Context, t *talk.Turn) (b chat.Button, may bool) {
	return LackButton(t.T.Label("pick.begin"), crm.PartStale, ""), t.May(ctx, crm.ActionHandOverClient)
}

// openLack lists the clients behind a figure.
func openLack(ctx context.Context, t *talk.Turn, p crm.QualityPart, of crm.MemberID) error {
	q, err := t.Desk.QualityQuery(ctx, t.By, p, of)
	if err != nil {
		return err
	}
	l := &listing{All: true, Sort: crm.SortByName, Lack: p, LackOf: of, Narrow: &q}
	if p == crm.PartStale {
		l.Sort, l.Picking = crm.SortByWorth, true
	}
	if of != "" {
		l.Whose = t.MemberNames(ctx)[of]
	}
	return l.show(ctx, t)
}

// lackControls are the ways on from such a list: through its clients one by one, and back to the figures; what else can be done with any
// list comes after that, its filters behind one button.
func (l *listing) lackControls(ctx context.Context, t *talk.Turn, total int) [][]chat.Button {
	var on []chat.Button
	if l.Lack == crm.PartStale {
		return [][]chat.Button{{talk.Button(t.T.Label("button.stale"), talk.VerbStale, "", "p")},
			append([]chat.Button{filterButton(t.T.Label("filter.more"), byMore)}, l.tools(ctx, t, total)...)}
	}
	if total > 0 && t.May(ctx, crm.ActionEditClient) {
		on = append(on, talk.Button(t.T.Label("clean.begin"), talk.VerbClean, string(l.LackOf), "go."+string(l.Lack)))
	}
	on = append(on, talk.Button(t.T.Label("clean.figures"), talk.VerbQuality, string(l.LackOf), ""))
	return [][]chat.Button{on, append([]chat.Button{filterButton(t.T.Label("filter.more"), byMore)}, l.tools(ctx, t, total)...)}
}

// askMore offers the filters of such a list.
func (l *listing) askMore(ctx context.Context, t *talk.Turn) error {
	others, err := t.Desk.SeesOthers(ctx, t.By)
	if err != nil {
		return err
	}
	back := place{kind: kindClients, what: whatHere, page: l.Page}.button(t.T.Label("page.list"))
	return l.put(ctx, t, chat.Screen{Text: t.T.HTML("filter.more_ask"), Buttons: append(l.controls(t, others), []chat.Button{back})})
}
