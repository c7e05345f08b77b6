package capture

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

const (
	listed     = 8    // names that the screen of a list shows
	cardsBatch = 250  // cards that are made in the name of one cause, in the order of the file
	cardsPress = 1000 // cards that one press makes: a few seconds, then the member presses on
)

// stepDone is the step of a list that has been saved: a second press shows what came of it.
const stepDone = "done"

// drafts are the people of a list, those left out who could not be called anything. A file is read again: what it holds
// may be large, and the messenger keeps it.
func drafts(ctx context.Context, t *talk.Turn, d crm.Dialog) (good []crm.Draft, bad int, err error) {
	all := d.Drafts
	if id := d.Answers[keyFile]; id != "" && len(all) == 0 {
		team, err := t.Desk.BeginDraft(ctx, t.By)
		if err != nil {
			return nil, 0, err
		}
		if all, _, err = fetchCards(ctx, t, team, id); err != nil {
			return nil, 0, err
		}
	}
	for _, draft := range all {
		if draft.Check() != nil {
			bad++
			continue
		}
		good = append(good, draft)
	}
	return good, bad, nil
}

// cardsScreen shows a list: how many are new, the first names, and what can be done.
func cardsScreen(ctx context.Context, t *talk.Turn, d crm.Dialog) (chat.Screen, error) {
	if d.Step == stepDone {
		return doneScreen(t, d), nil
	}
	good, bad, err := drafts(ctx, t, d)
	if errors.Is(err, chat.ErrGone) || errors.Is(err, errNoCards) {
		return chat.Screen{Text: t.T.HTML("cards.gone")}, nil
	}
	if err != nil {
		return chat.Screen{}, err
	}
	fresh, known, err := t.Desk.SortDrafts(ctx, t.By, good)
	if err != nil {
		return chat.Screen{}, err
	}
	lines := []string{cardsTitle(t, d, len(good)+bad), t.T.HTML("cards.sorted", "fresh", len(fresh), "known", len(known))}
	lines = append(lines, warning(t, d)...)
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

func cardsTitle(t *talk.Turn, d crm.Dialog, n int) string {
	if d.Answers[keyFile] == "" {
		return t.T.HTML("cards.contacts", "n", n)
	}
	return t.T.HTML("cards.file", "name", fit.Line(d.Answers[keyName], 60), "cards", t.T.Label("cards.count", "n", n))
}

// importCards makes cards of those who are new, a part of a large file a press. Each batch has its own cause, which is
// always the same for the same place in the file: a repeated press or update makes nothing twice.
func importCards(ctx context.Context, t *talk.Turn, h held, _ talk.Data) error {
	d := h.Dialog
	if d.Step == stepDone {
		_, err := t.Show(ctx, doneScreen(t, d))
		return err
	}
	good, _, err := drafts(ctx, t, d)
	if errors.Is(err, chat.ErrGone) || errors.Is(err, errNoCards) {
		_, err := t.Show(ctx, chat.Screen{Text: t.T.HTML("cards.gone")})
		return err
	}
	if err != nil {
		return err
	}
	done, _ := strconv.Atoi(d.Answers[keyDone])
	added, _ := strconv.Atoi(d.Answers[keyAdded])
	for last := min(done+cardsPress, len(good)); done < last; {
		next := min(done+cardsBatch, len(good))
		by := actor(t, d)
		by.Cause += crm.Cause("x" + strconv.Itoa(done/cardsBatch))
		n, _, err := t.Desk.AddMany(ctx, by, good[done:next])
		if err != nil {
			return err
		}
		done, added = next, added+n
	}
	d.Answers[keyDone], d.Answers[keyAdded] = strconv.Itoa(done), strconv.Itoa(added)
	if d.Screen = t.In.Message; done < len(good) {
		if d, err = takeUp(ctx, t, held{d, h.open}); err != nil {
			return err
		}
		_, err = t.Show(ctx, chat.Screen{Text: t.T.HTML("cards.partly", "done", done, "all", len(good)),
			Buttons: [][]chat.Button{{talk.Button(t.T.Label("button.resume"), talk.VerbImport, key(d), "")}}})
		return err
	}
	d.Step, d.Drafts = stepDone, nil
	if err := finish(ctx, t, held{d, h.open}); err != nil {
		return err
	}
	if err := t.Keep(ctx, key(d), d); err != nil {
		return err
	}
	_, err = t.Show(ctx, doneScreen(t, d))
	return err
}

// doneScreen says what came of a list.
func doneScreen(t *talk.Turn, d crm.Dialog) chat.Screen {
	done, _ := strconv.Atoi(d.Answers[keyDone])
	added, _ := strconv.Atoi(d.Answers[keyAdded])
	return chat.Screen{Text: t.T.HTML("cards.saved", "added", added, "known", done-added)}
}
