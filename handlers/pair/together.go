package pair

import (
	"context"
	"time"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
	"kartoteka/locales"
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

// showAll shows how far it is, or what came of it. What goes on is shown on this message from now on.
func showAll(ctx context.Context, t *talk.Turn, w crm.Mass) error {
	s, err := allScreen(ctx, t, w)
	if err != nil {
		return err
	}
	at, err := t.Show(ctx, s)
	if err != nil || !w.UnderWay() {
		return err
	}
	if w, err = t.Desk.ShowMass(ctx, t.By, w.Begun, t.In.Chat.ID, at); err != nil || w.UnderWay() {
		return err
	}
	if s, err = allScreen(ctx, t, w); err == nil { // it has ended just now
		_, err = t.Put(ctx, at, s)
	}
	return err
}

func allScreen(ctx context.Context, t *talk.Turn, w crm.Mass) (chat.Screen, error) {
	var kept []crm.Client
	var err error
	if !w.UnderWay() && len(w.Kept) > 0 {
		kept, err = t.Desk.MassKept(ctx, t.By)
	}
	return MassScreen(t.T, t.Now, w, kept), err
}

// MassScreen is how far merging all certain pairs is, or what came of it; kept are the cards that stay merged.
func MassScreen(t *locales.Texts, now time.Time, w crm.Mass, kept []crm.Client) chat.Screen {
	b := func(key, what string) chat.Button { return talk.Button(t.Label(key), talk.VerbPair, "", what) }
	if w.UnderWay() {
		return chat.Screen{Text: t.HTML("mass.under_way", "bar", talk.Bar(w.Looked, w.Total), "done", t.Number(int64(w.Looked)), "total", t.Number(int64(w.Total))),
			Buttons: [][]chat.Button{{b("mass.look", allLook), b("mass.stop", allStop)}}}
	}
	text := allText(t, w)
	for _, why := range []crm.MassLeft{crm.LeftUnlike, crm.LeftDenied, crm.LeftSince, crm.LeftGone} {
		if n := w.Left[why]; n > 0 {
			text += "\n" + t.HTML("pair_left."+string(why), "n", n)
		}
	}
	row := []chat.Button{b("pair.all_rest", show)}
	if w.Returnable(now) {
		row = append(row, b("mass.undo", choice{what: allBack, rev: w.Begun.UnixMilli()}.arg()))
	}
	if list := card.Listed(t, kept); list != "" {
		text += "\n" + t.HTML("pair.all_kept", "list", list)
	}
	return chat.Screen{Text: text, Buttons: [][]chat.Button{row}}
}

// allText says what came of it; of what was stopped, how far it got.
func allText(t *locales.Texts, w crm.Mass) string {
	switch {
	case w.Stopped && w.Back != "":
		return t.HTML("pair.all_back_stopped", "done", w.Changed, "total", w.Total)
	case w.Stopped:
		return t.HTML("pair.all_stopped", "done", w.Changed, "total", w.Total)
	case w.Back != "":
		return t.HTML("pair.all_back", "n", w.Changed)
	}
	return t.HTML("pair.all_done", "n", w.Changed)
}
