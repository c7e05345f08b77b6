package clean

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/talk"
)

// formRound is the form of the view of a round's message, and of the question that waits for what the present card lacks.
const formRound = "clean"

// What became of a card of a round.
const (
	didSet     = "set"
	didArchive = "archived"
	didValid   = "valid"
	didSkip    = "skipped"
)

// round is one's way through some cards, as the view of its message keeps it.
type round struct {
	Part    crm.QualityPart `json:"part"`
	Of      crm.MemberID    `json:"of,omitempty"`
	Cards   []crm.ClientID  `json:"cards"`
	At      int             `json:"at"`
	Did     map[int]string  `json:"did,omitempty"`     // number of a card → what became of it
	Next    *crm.ClientMark `json:"next,omitempty"`    // behind the last card there are more
	Before  int             `json:"before"`            // percent of what is wanted when it began
	Need    crm.QualityPart `json:"need,omitempty"`    // of the card that is shown
	Choices []string        `json:"choices,omitempty"` // offered for it; buttons carry their number
	Saved   bool            `json:"saved,omitempty"`   // it asks for what is required of a card that was just saved
	Undo    *deed           `json:"undo,omitempty"`    // what was done last, while it is offered to take it back

	message int64 // that shows it
}

// deed is what was done with a card of a round.
type deed struct {
	At   int    `json:"at"`
	Rev  int64  `json:"rev"`           // of the card, that it made
	Was  string `json:"was,omitempty"` // what had become of the card before
	Said string `json:"said"`          // HTML
}

const answerRound = "round"

// begin begins a round over the cards of a figure, behind a card.
func begin(ctx context.Context, t *talk.Turn, in crm.CleanInput) error {
	found, err := t.Desk.CleanRound(ctx, t.By, in)
	if err != nil {
		return err
	}
	q, err := t.Desk.Quality(ctx, t.By, in.Of)
	if err != nil {
		return err
	}
	r := &round{Part: in.Part, Of: in.Of, Cards: found.Clients, Next: found.Next, Before: q.Complete, Did: map[int]string{}}
	return r.show(ctx, t, 0, 1, "")
}

// AskRequired asks for what a card lacks that its team requires; asked is false if there is nothing. The card is saved in any case: «later»
// leaves it on the list of those that lack something.
func AskRequired(ctx context.Context, t *talk.Turn, id crm.ClientID) (asked bool, err error) {
	card, err := t.Desk.CleanCard(ctx, t.By, id, crm.PartRequired)
	if err != nil || card.Needs == "" {
		return false, unlessGone(err)
	}
	r := &round{Part: crm.PartRequired, Cards: []crm.ClientID{id}, Did: map[int]string{}, Saved: true}
	return true, r.show(ctx, t, 0, 1, "")
}

// unlessGone forgives that a card is not there any more, or no longer one's own.
func unlessGone(err error) error {
	var e *crm.Error
	if errors.Is(err, crm.ErrNotFound) || errors.Is(err, crm.ErrDenied) || errors.As(err, &e) && e.Field == "deleted" {
		return nil
	}
	return err
}

// roundOn is the round that a message shows; ok is false if it shows none.
func roundOn(ctx context.Context, t *talk.Turn, message int64) (r *round, ok bool, err error) {
	d, ok, err := t.View(ctx, message)
	if err != nil || !ok || d.Form != formRound {
		return nil, false, err
	}
	r = &round{message: message}
	if json.Unmarshal([]byte(d.Answers[answerRound]), r) != nil {
		return nil, false, nil // of another version
	}
	if r.Did == nil {
		r.Did = map[int]string{}
	}
	return r, true, nil
}

func (r *round) save(ctx context.Context, t *talk.Turn, message int64) error {
	raw, err := json.Marshal(r)
	if err != nil {
		return err
	}
	d, _, err := t.View(ctx, message)
	if err != nil {
		return err
	}
	if d.Form = formRound; d.Answers == nil {
		d.Answers = map[string]string{}
	}
	d.Answers[answerRound] = string(raw)
	return t.SaveView(ctx, message, d)
}

// is reports whether a card is the one that is shown.
func (r *round) is(id crm.ClientID) bool { return r.At < len(r.Cards) && r.Cards[r.At] == id }

// show shows the card at a number, or the first one behind it in that direction that still needs something; said is what came of
// the one before.
func (r *round) show(ctx context.Context, t *talk.Turn, at, step int, said string) error {
	for ; at < len(r.Cards); at += step {
		if at < 0 {
			at, step = 0, 1
		}
		card, err := t.Desk.CleanCard(ctx, t.By, r.Cards[at], r.Part)
		if err != nil {
			if unlessGone(err) != nil {
				return err
			}
			continue // handed over or gone meanwhile
		}
		if card.Needs == "" && (step > 0 || card.Client.Stage == crm.StageArchive) {
			continue // somebody else was faster, or it has been put away
		}
		r.At = at
		return r.showCard(ctx, t, card, said)
	}
	r.At = len(r.Cards)
	return r.over(ctx, t, said)
}

// showCard asks for what a card needs; whatever is typed next is the answer.
func (r *round) showCard(ctx context.Context, t *talk.Turn, card crm.CleanCard, said string) error {
	s, err := r.screen(ctx, t, card, said)
	if err != nil {
		return err
	}
	message, err := t.ShowOpened(ctx, s)
	if err != nil {
		return err
	}
	if err := r.save(ctx, t, message); err != nil {
		return err
	}
	if _, ok := card.Needs.Gap(); !ok {
		return t.EndForm(ctx, formRound)
	}
	_, err = t.Open(ctx, crm.Dialog{Form: formRound, Screen: message,
		Answers: map[string]string{"client": string(card.Client.ID), "need": string(card.Needs)}})
	return err
}

// again shows the present card as it now is.
func (r *round) again(ctx context.Context, t *talk.Turn, said string) error {
	card, err := t.Desk.CleanCard(ctx, t.By, r.Cards[r.At], r.Part)
	if err != nil {
		if unlessGone(err) != nil {
			return err
		}
		return r.show(ctx, t, r.At+1, 1, said)
	}
	return r.showCard(ctx, t, card, said)
}

// goOn stays with the card, which is c now, while it needs something more of what the round is about, else it goes to the next.
func (r *round) goOn(ctx context.Context, t *talk.Turn, did string, c crm.Client, said string) error {
	r.Undo = &deed{At: r.At, Rev: c.Rev, Was: r.Did[r.At], Said: said}
	r.Did[r.At] = did
	if did == didSet {
		return r.show(ctx, t, r.At, 1, "")
	}
	return r.show(ctx, t, r.At+1, 1, "")
}

// skip passes a card by; later it takes nothing back that was done to it.
func (r *round) skip(ctx context.Context, t *talk.Turn) error {
	if r.Undo = nil; r.Did[r.At] == "" {
		r.Did[r.At] = didSkip
	}
	return r.show(ctx, t, r.At+1, 1, "")
}

// takeBack undoes what was done last, and shows the card for which it was.
func (r *round) takeBack(ctx context.Context, t *talk.Turn, id crm.ClientID, rev string) error {
	u := r.Undo
	if u == nil || r.Cards[u.At] != id || strconv.FormatInt(u.Rev, 36) != rev { // pressed twice, or old
		return r.asItIs(ctx, t)
	}
	// Whatever others have got meanwhile: it was there a moment ago.
	c, err := t.Desk.UndoDespite(ctx, t.By, id, u.Rev)
	r.Undo = nil
	var e *crm.Error
	if errors.As(err, &e) && e.Field == "undo" {
		t.Toast(t.T.Label("error.not_found.undo"))
		return r.asItIs(ctx, t)
	}
	if err != nil {
		return err
	}
	if r.Did[u.At] = u.Was; u.Was == "" {
		delete(r.Did, u.At)
	}
	return r.show(ctx, t, u.At, 1, t.T.HTML("clean.said_undone", "name", c.Name))
}

// asItIs shows the present card, or what came of the round.
func (r *round) asItIs(ctx context.Context, t *talk.Turn) error {
	if r.At >= len(r.Cards) {
		return r.over(ctx, t, "")
	}
	return r.again(ctx, t, "")
}

// said is what came of the card before, with a line below it; nothing if nothing did.
func (r *round) said(now string) []string {
	var lines []string
	if r.Undo != nil {
		lines = append(lines, r.Undo.Said)
	}
	if now != "" {
		lines = append(lines, now)
	}
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	return lines
}

// undoButton takes back what was done last.
func (r *round) undoButton(t *talk.Turn) chat.Button {
	return talk.Button(t.T.Label("clean.undo"), talk.VerbClean, string(r.Cards[r.Undo.At]), doUndo+"."+strconv.FormatInt(r.Undo.Rev, 36))
}

// did counts the cards of which the same became.
func (r *round) did(what string) int {
	n := 0
	for _, one := range r.Did {
		if one == what {
			n++
		}
	}
	return n
}

// over says what came of the round: how many cards, and how much more complete the base is.
func (r *round) over(ctx context.Context, t *talk.Turn, said string) error {
	if err := t.EndForm(ctx, formRound); err != nil {
		return err
	}
	if r.Saved {
		return r.openSaved(ctx, t)
	}
	q, err := t.Desk.Quality(ctx, t.By, r.Of)
	if err != nil {
		return err
	}
	lines := r.said(said)
	if len(r.Cards) == 0 {
		lines = append(lines, t.T.HTML("clean.none"))
	} else {
		lines = append(lines, t.T.HTML("clean.over"))
	}
	for _, what := range []string{didSet, didArchive, didValid, didSkip} {
		if n := r.did(what); n > 0 {
			lines = append(lines, t.T.HTML("clean_did."+what, "total", n))
		}
	}
	if len(r.Cards) > 0 {
		lines = append(lines, t.T.HTML("clean.percent", "before", r.Before, "after", q.Complete, "goal", q.Goal))
	}
	row := []chat.Button{ToFigures(t.T, r.Of)}
	switch {
	case r.Next != nil:
		row = append(row, talk.Button(t.T.Label("clean.next"), talk.VerbClean, string(r.Of), doNext))
	case r.did(didSkip) > 0:
		row = append(row, talk.Button(t.T.Label("button.skipped"), talk.VerbClean, string(r.Of), doGo+"."+string(r.Part)))
	}
	rows := [][]chat.Button{row}
	if r.Undo != nil {
		rows = append(rows, []chat.Button{r.undoButton(t)})
	}
	message, err := t.Show(ctx, chat.Screen{Text: strings.Join(lines, "\n"), Buttons: rows})
	if err != nil {
		return err
	}
	return r.save(ctx, t, message)
}

// place is «3 из 10».
func (r *round) place() (no, all string) { return strconv.Itoa(r.At + 1), strconv.Itoa(len(r.Cards)) }
