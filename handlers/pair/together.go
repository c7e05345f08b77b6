package pair

import (
	"context"
	"strings"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
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
	case allBack:
		w, err = t.Desk.UndoMass(ctx, t.By, time.UnixMilli(c.rev))
	default:
		return first(ctx, t)
	}
	if err != nil {
		return err
	}
	if w.Kind != crm.MassMerge { // what was pressed is of an earlier one
		return first(ctx, t)
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

// mostKept is how many of the cards that stay merged are named.
const mostKept = 5

func showAll(ctx context.Context, t *talk.Turn, w crm.Mass) error {
	b := func(key, what string) chat.Button { return talk.Button(t.T.Label(key), talk.VerbPair, "", what) }
	if w.UnderWay() {
		return putAll(ctx, t, t.T.HTML("mass.under_way", "bar", talk.Bar(w.Looked, w.Total), "done", t.T.Number(int64(w.Looked)), "total", t.T.Number(int64(w.Total))),
			b("mass.look", allLook), b("mass.stop", allStop))
	}
	text := allText(t, w)
	for _, why := range []crm.MassLeft{crm.LeftUnlike, crm.LeftDenied, crm.LeftSince, crm.LeftGone} {
		if n := w.Left[why]; n > 0 {
			text += "\n" + t.T.HTML("pair_left."+string(why), "n", n)
		}
	}
	if len(w.Kept) > 0 {
		kept, err := t.Desk.MassKept(ctx, t.By)
		if err != nil {
			return err
		}
		text += keptNames(t, kept)
	}
	row := []chat.Button{b("pair.all_rest", show)}
	if w.Returnable(t.Now) {
		row = append(row, b("mass.undo", choice{what: allBack, rev: w.Begun.UnixMilli()}.arg()))
	}
	return putAll(ctx, t, text, row...)
}

// allText says what came of it; of what was stopped, how far it got.
func allText(t *talk.Turn, w crm.Mass) string {
	switch {
	case w.Stopped && w.Back != "":
		return t.T.HTML("pair.all_back_stopped", "done", w.Changed, "total", w.Total)
	case w.Stopped:
		return t.T.HTML("pair.all_stopped", "done", w.Changed, "total", w.Total)
	case w.Back != "":
		return t.T.HTML("pair.all_back", "n", w.Changed)
	}
	return t.T.HTML("pair.all_done", "n", w.Changed)
}

func putAll(ctx context.Context, t *talk.Turn, text string, row ...chat.Button) error {
	_, err := t.Show(ctx, chat.Screen{Text: text, Buttons: [][]chat.Button{row}})
	return err
}

// keptNames names the first of the cards that stay merged.
func keptNames(t *talk.Turn, kept []crm.Client) string {
	var names []string
	for _, c := range kept[:min(len(kept), mostKept)] {
		names = append(names, fit.Line(c.Name, lineText))
	}
	list := strings.Join(names, ", ")
	if more := len(kept) - len(names); more > 0 {
		list += t.T.Label("pair.and_more", "more", more)
	}
	if list == "" {
		return ""
	}
	return "\n" + t.T.HTML("pair.all_kept", "list", list)
}
