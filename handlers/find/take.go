package find

import (
	"context"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/exports"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
)

// Taking a list along as a file: arguments of talk.VerbFilter. byTake asks for the format, with = and one it begins; byTakeFound is the
// same for the hits of a search, with = and what was typed.
const (
	byTake      = "take"
	byTakeFound = "takehits"
)

func registerTake(r *talk.Router) { r.Command("export", takeAll) }

// takeAll asks as what all that one sees is to leave; where files are being made already it shows how far they are.
func takeAll(ctx context.Context, t *talk.Turn) error {
	if shown, err := exports.ShowRunning(ctx, t); shown || err != nil {
		return err
	}
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
	l := &listing{All: true, Sort: crm.SortByName, Picking: true, Sought: text}
	for _, h := range res.Hits {
		l.Picked = append(l.Picked, h.Client.ID)
	}
	return l.take(ctx, t, "")
}

// take asks as what the list, or what of it is marked, is to leave, or begins it.
func (l *listing) take(ctx context.Context, t *talk.Turn, format string) error {
	in := crm.ExportInput{Format: crm.ExportFormat(format), Query: l.query(t), About: l.about(t), Back: l.back().data().Pack()}
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
	if in.About != "" {
		text += "\n" + string(locales.Escape(in.About))
	}
	formats, rows := exports.Formats(t, func(label string, f crm.ExportFormat) chat.Button { return filterButton(label, byTake+"="+string(f)) })
	return l.put(ctx, t, chat.Screen{Text: text + "\n" + formats, Buttons: append(rows, []chat.Button{l.toList(t)})})
}

func (l *listing) takeNobody(ctx context.Context, t *talk.Turn) error {
	return l.put(ctx, t, chat.Screen{Text: t.T.HTML("export.nobody"), Buttons: [][]chat.Button{{l.toList(t)}}})
}

// toList leads back to the list, or to the hits.
func (l *listing) toList(t *talk.Turn) chat.Button { return l.back().button(t.T.Label("page.list")) }

func (l *listing) back() place {
	if l.Sought != "" {
		return place{kind: kindFound, what: whatHere, text: carried(l.Sought)}
	}
	return place{kind: kindClients, what: whatHere, page: l.Page}
}

// about is what those have in common who are taken: how they were found, or the filters of the list.
func (l *listing) about(t *talk.Turn) string {
	switch {
	case l.Sought != "":
		return t.T.Label("export.sought", "text", fit.Line(l.Sought, maxQuery))
	case l.Picking:
		return ""
	}
	return strings.Join(l.filterWords(t), " · ")
}

// takeButton leads there from a list.
func takeButton(t *talk.Turn) chat.Button { return filterButton(t.T.Label("export.button"), byTake) }
