package capture

import (
	"context"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

const (
	listed     = 8   // names that the screen of a list shows
	cardsBatch = 250 // cards that are made in the name of one cause, in the order of the list
)

// stepDone is the step of a list that has been saved: a second press shows what came of it.
const stepDone = "done"

// drafts are the people of a list, those left out who could not be called anything.
func drafts(d crm.Dialog) (good []crm.Draft, bad int) {
	for _, draft := range d.Drafts {
		if draft.Check() != nil {
			bad++
			continue
		}
		good = append(good, draft)
	}
	return good, bad
}

// cardsScreen shows a list: how many are new, the first names, and what can be done.
func cardsScreen(ctx context.Context, t *talk.Turn, d crm.Dialog) (chat.Screen, error) {
	if d.Step == stepDone {
		return doneScreen(t, d), nil
	}
	good, bad := drafts(d)
	fresh, known, err := t.Desk.SortDrafts(ctx, t.By, good)
	if err != nil {
		return chat.Screen{}, err
	}
	lines := []string{t.T.HTML("cards.contacts", "n", len(good)+bad), t.T.HTML("cards.sorted", "fresh", len(fresh), "known", len(known))}
	lines = append(lines, warning(t, d)...)
	binned, err := t.Desk.CountBinned(ctx, t.By, fresh)
	if err != nil {
		return chat.Screen{}, err
	}
	if binned > 0 {
		lines = append(lines, t.T.HTML("cards.binned", "binned", binned))
	}
	if bad > 0 {
		lines = append(lines, t.T.HTML("cards.bad", "bad", bad))
	}
	for _, draft := range fresh[:min(len(fresh), listed)] {
		lines = append(lines, t.T.HTML("draft.name", "name", fit.Line(draft.Title(), 60)))
	}
	if len(fresh) > listed {
		lines = append(lines, t.T.HTML("draft.more", "more", len(fresh)-listed))
	}
	last := []chat.Button{talk.Button(t.T.Label("button.forget"), talk.VerbForget, key(d), "")}
	rows := [][]chat.Button{last}
	if len(fresh) > 0 {
		save := talk.Button(t.T.Label("button.save_new", "fresh", len(fresh)), talk.VerbImport, key(d), "")
		save.Style = chat.StyleSuccess
		rows = [][]chat.Button{{save}, last}
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows}, nil
}

// importCards makes cards of those who are new. Each batch has its own cause, which is always the same for the same place in the
// list: a repeated press or update makes nothing twice.
func importCards(ctx context.Context, t *talk.Turn, h held, _ talk.Data) error {
	d := h.Dialog
	if d.Step == stepDone {
		_, err := t.Show(ctx, doneScreen(t, d))
		return err
	}
	good, _ := drafts(d)
	added := 0
	for n := 0; n < len(good); n += cardsBatch {
		by := actor(t, d)
		by.Cause += crm.Cause("x" + strconv.Itoa(n/cardsBatch))
		made, _, err := t.Desk.AddMany(ctx, by, good[n:min(n+cardsBatch, len(good))])
		if err != nil {
			return err
		}
		added += made
	}
	d.Answers[keyDone], d.Answers[keyAdded] = strconv.Itoa(len(good)), strconv.Itoa(added)
	d.Screen, d.Step, d.Drafts = t.In.Message, stepDone, nil
	if err := finish(ctx, t, held{d, h.open}); err != nil {
		return err
	}
	if err := t.Keep(ctx, key(d), d); err != nil {
		return err
	}
	_, err := t.Show(ctx, doneScreen(t, d))
	return err
}

// doneScreen says what came of a list.
func doneScreen(t *talk.Turn, d crm.Dialog) chat.Screen {
	done, _ := strconv.Atoi(d.Answers[keyDone])
	added, _ := strconv.Atoi(d.Answers[keyAdded])
	return chat.Screen{Text: t.T.HTML("cards.saved", "added", added, "known", done-added)}
}
