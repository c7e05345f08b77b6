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

const listed = 8 // names that the screen of a list shows, of the new ones and of those who are there

// stepDone is the step of a list that has been saved. Its drafts are those whose cards are there and may get something out of
// them; the places of the others are empty.
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
	var told []crm.Draft
	for _, k := range known {
		if good[k.Nth].Tells(k.Found) {
			told = append(told, good[k.Nth])
		}
	}
	lines = append(lines, names(t, "draft.name", fresh)...)
	lines = append(lines, names(t, "cards.news_of", told)...)
	if len(fresh)+len(told) == 0 {
		lines = append(lines, t.T.HTML("cards.no_news"))
	}
	return chat.Screen{Text: strings.Join(lines, "\n"), Buttons: cardsButtons(t, d, len(fresh), len(told))}, nil
}

// names are the lines of the first of many drafts, and how many more there are.
func names(t *talk.Turn, line string, all []crm.Draft) (lines []string) {
	for _, draft := range all[:min(len(all), listed)] {
		lines = append(lines, t.T.HTML(line, "name", fit.Line(draft.Title(), 60)))
	}
	if len(all) > listed {
		lines = append(lines, t.T.HTML("draft.more", "more", len(all)-listed))
	}
	return lines
}

// cardsButtons save a list, or drop it. Where nobody is new it goes straight to the cards that are there.
func cardsButtons(t *talk.Turn, d crm.Dialog, fresh, told int) [][]chat.Button {
	last := []chat.Button{talk.Button(t.T.Label("button.forget"), talk.VerbForget, key(d), "")}
	label := t.T.Label("button.save_new", "fresh", fresh)
	switch {
	case fresh+told == 0:
		return [][]chat.Button{last}
	case fresh == 0:
		label = t.T.Label("button.complete_many", "n", told)
	}
	save := talk.Button(label, talk.VerbImport, key(d), "")
	save.Style = chat.StyleSuccess
	return [][]chat.Button{{save}, last}
}

// importCards makes cards of those who are new, and keeps what was sent of the others until it is known what is to become of it.
func importCards(ctx context.Context, t *talk.Turn, h held, _ talk.Data) error {
	d := h.Dialog
	if d.Step == stepDone {
		_, err := t.Show(ctx, doneScreen(t, d))
		return err
	}
	good, _ := drafts(d)
	by := actor(t, d)
	by.Cause += "x0" // the list's own cause makes no card: its id is the list's
	added, known, err := t.Desk.AddMany(ctx, by, good)
	if err != nil {
		return err
	}
	d.Answers[keyDone], d.Answers[keyAdded] = strconv.Itoa(len(good)), strconv.Itoa(added)
	d.Screen, d.Step, d.Drafts = t.In.Message, stepDone, make([]crm.Draft, len(good))
	for _, k := range known {
		if good[k.Nth].Tells(k.Found) {
			d.Drafts[k.Nth] = good[k.Nth]
		}
	}
	if err := t.Keep(ctx, key(d), d); err != nil { // first: what the known ones bring is nowhere else
		return err
	}
	if h.open {
		if err := t.End(ctx); err != nil {
			return err
		}
	}
	_, err = t.Show(ctx, doneScreen(t, d))
	return err
}

// doneScreen says what came of a list, and whose cards may get something out of it.
func doneScreen(t *talk.Turn, d crm.Dialog) chat.Screen {
	done, _ := strconv.Atoi(d.Answers[keyDone])
	added, _ := strconv.Atoi(d.Answers[keyAdded])
	s := chat.Screen{Text: t.T.HTML("cards.saved", "added", added, "known", done-added)}
	more := 0
	for n, draft := range d.Drafts {
		switch {
		case draft.Empty():
		case len(s.Buttons) == listed:
			more++
		default:
			s.Buttons = append(s.Buttons, []chat.Button{talk.Button(fit.Line(draft.Title(), 40), talk.VerbChange, key(d), argKnown+strconv.Itoa(n))})
		}
	}
	if len(s.Buttons) > 0 {
		s.Text += "\n" + t.T.HTML("cards.complete")
	}
	if more > 0 {
		s.Text += "\n" + t.T.HTML("draft.more", "more", more)
	}
	return s
}

// single makes one of a saved list, who is there already, a draft of its own below, with all that can be done with one. Its id is
// always the same for the same place in the list: whoever presses again sees it again, or the card that it has become.
func single(ctx context.Context, t *talk.Turn, h held, place string) error {
	n, err := strconv.Atoi(place)
	if err != nil || h.Step != stepDone || n < 0 || n >= len(h.Drafts) {
		return t.Stale(ctx)
	}
	cause := crm.Cause(h.Answers[keyCause] + "k" + place)
	id := string(crm.NewClientID(t.By.Team, cause, 0))
	own, ok, err := find(ctx, t, id)
	switch {
	case err != nil:
		return err
	case !ok && h.Drafts[n].Empty():
		return gone(ctx, t, talk.Data{ID: id})
	case !ok:
		draft := h.Drafts[n]
		own.Dialog = crm.Dialog{Form: formDraft, Draft: &draft,
			Answers: map[string]string{keyID: id, keyCause: string(cause), keyAt: h.Answers[keyAt]}}
	}
	d, err := takeUp(ctx, t, own)
	if err != nil {
		return err
	}
	h.Drafts[n] = crm.Draft{}
	if err := t.Keep(ctx, key(h.Dialog), h.Dialog); err != nil {
		return err
	}
	if _, err := t.Show(ctx, doneScreen(t, h.Dialog)); err != nil {
		return err
	}
	return refresh(ctx, t, d, false)
}
