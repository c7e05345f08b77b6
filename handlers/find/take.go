package find

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/exports"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// Taking a list along as a file: arguments of talk.VerbFilter. byTake asks for the format, with = and one it begins; byTakeFound is the
// same for the hits of a search, with = and what was typed.
const (
	byTake      = "take"
	byTakeFound = "takehits"
)

func registerTake(r *talk.Router) { r.Command("export", takeAll) }

// takeAll asks as what all that one sees is to leave.
func takeAll(ctx context.Context, t *talk.Turn) error {
	return (&listing{All: true, Sort: crm.SortByName}).take(ctx, t, "")
}

// takeFound asks it of the hits of a search.
func takeFound(ctx context.Context, t *talk.Turn, text string) error {
	if text == "" { // it was too long for the button, and its view is gone
		t.Alert(t.T.Label("find.forgotten"))
		return nil
	}
	res, err := t.Desk.FindPage(ctx, t.By, text, 0, crm.MostFound)
	if err != nil {
		return err
	}
	l := &listing{All: true, Sort: crm.SortByName, Picking: true, Found: text}
	for _, h := range res.Hits {
		l.Picked = append(l.Picked, h.Client.ID)
	}
	return l.take(ctx, t, "")
}

// take asks as what the list, or what of it is marked, is to leave, or begins it.
func (l *listing) take(ctx context.Context, t *talk.Turn, format string) error {
	in := crm.ExportInput{Format: crm.ExportFormat(format), Query: l.query(t)}
	if l.Picking {
		if len(l.Picked) == 0 { // to the use case nobody named is everybody of the query
			return l.takeNobody(ctx, t)
		}
		in.Of = l.Picked
	}
	if format != "" {
		return exports.Begin(ctx, t, in)
	}
	n, err := t.Desk.CountExport(ctx, t.By, in)
	if err != nil {
		return err
	}
	if n == 0 {
		return l.takeNobody(ctx, t)
	}
	text := t.T.HTML("export.ask", "what", talk.Amount(t.T, n, 0))
	if l.Found != "" {
		text += "\n" + t.T.HTML("mass.found", "text", fit.Line(l.Found, maxQuery))
	} else if filters := l.filters(t); filters != "" && len(in.Of) == 0 {
		text += "\n" + string(filters)
	}
	rows := exports.Formats(t.T, func(label string, f crm.ExportFormat) chat.Button { return filterButton(label, byTake+"="+string(f)) })
	return l.put(ctx, t, chat.Screen{Text: text + "\n" + t.T.HTML("export.formats"), Buttons: append(rows, []chat.Button{l.toList(t)})})
}

func (l *listing) takeNobody(ctx context.Context, t *talk.Turn) error {
	return l.put(ctx, t, chat.Screen{Text: t.T.HTML("export.nobody"), Buttons: [][]chat.Button{{l.toList(t)}}})
}

// toList leads back to the list, or to the hits of the search.
func (l *listing) toList(t *talk.Turn) chat.Button {
	kind := kindClients
	if l.Found != "" {
		kind = kindFound
	}
	return place{kind: kind, what: whatHere}.button(t.T.Label("page.list"))
}

// takeButton leads there from a list.
func takeButton(t *talk.Turn) chat.Button { return filterButton(t.T.Label("export.button"), byTake) }
