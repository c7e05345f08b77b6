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

// openLack lists the clients behind a figure.
func openLack(ctx context.Context, t *talk.Turn, p crm.QualityPart, of crm.MemberID) error {
	q, err := t.Desk.QualityQuery(ctx, t.By, p, of)
	if err != nil {
		return err
	}
	l := &listing{All: true, Sort: crm.SortByName, Lack: p, LackOf: of, Narrow: &q}
	if of != "" {
		l.Whose = t.MemberNames(ctx)[of]
	}
	return l.show(ctx, t)
}

// toClean are the ways on from such a list: through its clients one by one, and back to the figures.
func (l *listing) toClean(ctx context.Context, t *talk.Turn, total int) []chat.Button {
	row := []chat.Button{talk.Button(t.T.Label("clean.figures"), talk.VerbQuality, string(l.LackOf), "")}
	if total > 0 && t.May(ctx, crm.ActionEditClient) {
		row = append(row, talk.Button(t.T.Label("clean.begin"), talk.VerbClean, string(l.LackOf), "go."+string(l.Lack)))
	}
	return row
}
