package pair

import (
	"context"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// together merges all pairs that are certain: it asks once, with their number, and shows how far it is.
func together(ctx context.Context, t *talk.Turn, c choice) error {
	var w crm.Mass
	var err error
	switch c.what {
	case all:
		return askAll(ctx, t)
	case allSure:
		w, err = mergeAll(ctx, t, c.rev)
	case allLook:
		w, err = t.Desk.MassOf(ctx, t.By)
	case allStop:
		w, err = t.Desk.StopMass(ctx, t.By)
	default:
		return first(ctx, t)
	}
	if err != nil {
		return err
	}
	return showAll(ctx, t, w)
}

// mergeAll merges them once for each time that it was asked about: a second press of the same button is told what came of the first.
func mergeAll(ctx context.Context, t *talk.Turn, asked int64) (crm.Mass, error) {
	w, err := t.Desk.MassOf(ctx, t.By)
	if err != nil || asked > 0 && w.Kind == crm.MassMerge && w.Begun.UnixMilli() >= asked {
		return w, err
	}
	return t.Desk.BeginMass(ctx, t.By, crm.MassInput{Kind: crm.MassMerge})
}

func askAll(ctx context.Context, t *talk.Turn) error {
	n, err := t.Desk.CountMass(ctx, t.By, crm.MassInput{Kind: crm.MassMerge})
	if err != nil {
		return err
	}
	_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("pair.all_sure", "total", n, "days", crm.BinDays), Buttons: [][]chat.Button{{
		talk.Button(t.T.Label("button.back"), talk.VerbPair, "", show), talk.Button(t.T.Label("pair.all_go"), talk.VerbPair, "", choice{what: allSure, rev: t.Now.UnixMilli()}.arg())}}})
	return err
}

func showAll(ctx context.Context, t *talk.Turn, w crm.Mass) error {
	b := func(key, what string) chat.Button { return talk.Button(t.T.Label(key), talk.VerbPair, "", what) }
	text, row := t.T.HTML("pair.all_done", "n", w.Changed), []chat.Button{b("pair.all_rest", show)}
	switch left := w.Looked - w.Changed; {
	case w.UnderWay():
		text, row = t.T.HTML("mass.under_way", "bar", talk.Bar(w.Looked, w.Total), "done", w.Looked, "total", w.Total), []chat.Button{b("mass.look", allLook), b("mass.stop", allStop)}
	case left > 0:
		text += "\n" + t.T.HTML("pair.all_left", "n", left)
	}
	_, err := t.Show(ctx, chat.Screen{Text: text, Buttons: [][]chat.Button{row}})
	return err
}
