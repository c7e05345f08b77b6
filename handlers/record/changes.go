package record

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/card"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// changesPage is how many changes a screen shows.
const changesPage = 5

// changesData is the page of a card's changes from a mark: the revision, base 36, and the event of a consent, if there is one. An id that
// a button has no room for is left out.
func changesData(id string, from crm.ChangeMark) talk.Data {
	d := talk.Data{Verb: talk.VerbChanges, ID: id}
	if from.Rev > 0 {
		d.Arg = strconv.FormatInt(from.Rev, 36)
	}
	whole := d
	if whole.Arg += "." + string(from.Consent); from.Consent != "" && whole.Fits() {
		return whole
	}
	return d
}

func parseChanges(arg string) (from crm.ChangeMark, err error) {
	rev, consent, _ := strings.Cut(arg, ".")
	from.Consent = crm.EventID(consent)
	from.Rev, err = strconv.ParseInt("0"+rev, 36, 64)
	return from, err
}

// changes shows one page of a card's changes, the newest first, each with a button that takes it back. Arg: see changesData.
func changes(ctx context.Context, t *talk.Turn, d talk.Data) error {
	from, err := parseChanges(d.Arg)
	if err != nil {
		return t.Stale(ctx)
	}
	c, err := t.Desk.Client(ctx, t.By, crm.ClientID(d.ID))
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	list, err := t.Desk.Changes(ctx, t.By, crm.ClientID(d.ID), from, changesPage+1) // of a merged card its own
	if err != nil {
		return err
	}
	nav := []chat.Button{talk.Button(t.T.Label("button.back"), talk.VerbHistory, d.ID, "")}
	if from != (crm.ChangeMark{}) {
		nav = append(nav, talk.Button(t.T.Label("button.newest"), talk.VerbChanges, d.ID, ""))
	}
	if len(list) > changesPage {
		list = list[:changesPage]
		for _, c := range list {
			from = from.Behind(c)
		}
		to := changesData(d.ID, from)
		nav = append(nav, talk.Button(t.T.Label("button.earlier"), to.Verb, to.ID, to.Arg))
	}
	text := []string{t.T.HTML("change.title", "name", c.Name)}
	names := t.MemberNames(ctx)
	var back, older []chat.Button
	for i, one := range list {
		what := changed(t, one)
		head := t.T.HTML("change.entry", "no", i+1, "when", t.T.When(one.At.In(t.Now.Location()), t.Now), "who", name(t, names, one.By), "what", what)
		entry := append([]string{head}, wish(t, one, "change.wish_ended", "change.wish_noted")...)
		text = append(text, strings.Join(append(entry, sides(t, team, names, one)...), "\n"))
		if one.Other.Name != "" && one.Undoes == "" && one.Other.ID != c.ID {
			older = append(older, talk.Button(t.T.Label("change.of_merged", "name", fit.Line(one.Other.Name, valueText)), talk.VerbChanges, string(one.Other.ID), ""))
		}
		if one.Undoable() && d.ID == string(c.ID) {
			back = append(back, talk.Button(t.T.Label("button.reverse", "no", i+1), talk.VerbReverse, d.ID, string(one.ID)))
		}
	}
	rows := append(talk.Rows(5, back...), talk.Rows(1, older...)...)
	if p, err := t.Desk.LastMerge(ctx, t.By, c.ID); err == nil {
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("pair.undo"), talk.VerbPair, string(p.ID), "undo")})
	}
	if given, err := t.Desk.Consents(ctx, t.By, c.ID); err == nil && len(given) > 0 { // they are records of their own, with who and when
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("law.consents"), talk.VerbConsent, d.ID, "")})
	}
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(text, "\n\n"), Buttons: append(rows, nav)})
	return err
}

// changed is what a change did in a few words: which decision it wrote down, to what a consent was.
func changed(t *talk.Turn, one crm.Change) string {
	what := did(t, one.Event)
	if one.Consent != "" {
		return t.T.Label("audit.of", "what", what, "of", t.T.Small("purpose."+string(one.Consent)))
	}
	if one.Decision.IsZero() {
		return what
	}
	if what = card.Decided(t.T, one.Decision); one.Undoes != "" {
		return t.T.Label("history.plain_undone", "what", what)
	}
	return what
}

// What follows an event's id in the argument of VerbReverse.
const (
	sure    = "!"  // take it back
	despite = "!!" // though another card has by now what would come back
)

// reverse asks whether one change of a card is to be taken back, and does it. Arg: the event, and whether one is sure.
func reverse(ctx context.Context, t *talk.Turn, d talk.Data) error {
	event := crm.EventID(strings.TrimRight(d.Arg, "!"))
	id := crm.ClientID(d.ID)
	if !strings.HasSuffix(d.Arg, sure) {
		return askReverse(ctx, t, id, event)
	}
	c, err := t.Desk.UndoChange(ctx, t.By, id, event, strings.HasSuffix(d.Arg, despite))
	var twin *crm.DuplicateError
	var wrong *crm.Error
	switch {
	case errors.As(err, &twin):
		return card.AskTwin(ctx, t, twin, talk.Data{Verb: talk.VerbReverse, ID: d.ID, Arg: string(event) + despite})
	case errors.Is(err, crm.ErrConflict):
		t.Alert(t.T.Label("change.again"))
		return changes(ctx, t, talk.Data{ID: d.ID})
	case errors.As(err, &wrong) && wrong.Field == "undo":
		t.Alert(t.T.Label("change.nothing"))
		return changes(ctx, t, talk.Data{ID: d.ID})
	case err != nil:
		return err
	}
	t.Toast(t.T.Label("card.undone"))
	return card.ShowChanged(ctx, t, c)
}

func askReverse(ctx context.Context, t *talk.Turn, id crm.ClientID, event crm.EventID) error {
	one, err := t.Desk.Change(ctx, t.By, id, event)
	if err != nil {
		return err
	}
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	one.Was, one.Is = one.Is, one.Was // what it will be like
	text := append([]string{t.T.HTML("change.ask")}, wish(t, one, "change.wish_ends", "change.wish_returns")...)
	text = append(text, sides(t, team, t.MemberNames(ctx), one)...)
	_, err = t.Show(ctx, chat.Screen{Text: strings.Join(text, "\n"), Buttons: [][]chat.Button{{
		talk.Button(t.T.Label("button.back"), talk.VerbChanges, string(id), ""),
		talk.Button(t.T.Label("button.take_back"), talk.VerbReverse, string(id), string(event)+sure),
	}}})
	return err
}

// wish says what a change makes of a client's wish to be erased: that it ends, or until when it is, by the keys of its words.
func wish(t *talk.Turn, c crm.Change, ends, begins string) []string {
	switch was, is := c.Was.EraseBy, c.Is.EraseBy; {
	case was == is:
		return nil
	case is.IsZero():
		return []string{t.T.HTML(ends, "day", t.T.Date(was))}
	default:
		return []string{t.T.HTML(begins, "day", t.T.Date(is))}
	}
}
