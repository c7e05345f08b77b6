// Package pair is the conversation about cards that may be one client's: they are shown side by side, merged field by field, told
// apart, and taken apart again.
//
// A button carries the pair, which card is to stay, whose values are to be taken, and at which revisions of the cards that was
// chosen: a press on an old screen shows the pair as it now is.
package pair

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
	"kartoteka/handlers/fit"
	"kartoteka/handlers/talk"
)

// Register adds the command and the buttons to the conversation.
func Register(r *talk.Router) {
	r.Command("duplicates", func(ctx context.Context, t *talk.Turn) error { return first(ctx, t) })
	r.Press(talk.VerbPair, press)
}

// What a button asks for.
const (
	show  = ""
	next  = "next"
	pick  = "pick" // choose field by field
	merge = "merge"
	apart = "apart"
	again = "again" // they are not apart after all
	undo  = "undo"

	// Without a pair: all that are certain.
	all     = "all"
	allSure = "all!"
	allLook = "look"
	allStop = "stop"
	allBack = "back!" // they are two again
)

// plain are those that carry nothing else.
var plain = []string{show, next, apart, again, undo, all, allSure, allLook, allStop}

// choice is how a pair is to be merged, as a button carries it: <what>.<which stays>.<fields>.<revisions>.
type choice struct {
	what string
	keep int    // the number of the card that stays: 0 or 1 of SeenPair.Cards
	take uint64 // a bit for each differing field whose value is taken from the other
	rev  int64  // sum of the cards' revisions; of allSure when it was asked about, of allBack when that was begun, in milliseconds
	page int    // of the fields to choose among
}

func (c choice) arg() string {
	if slices.Contains(plain, c.what) && c.what != allSure {
		return c.what
	}
	parts := []string{c.what, strconv.Itoa(c.keep), strconv.FormatUint(c.take, 36), strconv.FormatInt(c.rev, 36)}
	if c.page > 0 {
		parts = append(parts, strconv.Itoa(c.page))
	}
	return strings.Join(parts, ".")
}

func parseChoice(arg string) (choice, bool) {
	parts := strings.Split(arg, ".")
	c := choice{what: parts[0]}
	if len(parts) == 1 {
		return c, slices.Contains(plain, c.what)
	}
	if len(parts) != 4 && len(parts) != 5 {
		return c, false
	}
	var errs [4]error
	c.keep, errs[0] = strconv.Atoi(parts[1])
	c.take, errs[1] = strconv.ParseUint(parts[2], 36, 64)
	c.rev, errs[2] = strconv.ParseInt(parts[3], 36, 64)
	if len(parts) == 5 {
		c.page, errs[3] = strconv.Atoi(parts[4])
	}
	return c, errors.Join(errs[:]...) == nil && c.page >= 0 && (c.keep == 0 || c.keep == 1)
}

func press(ctx context.Context, t *talk.Turn, d talk.Data) error {
	c, ok := parseChoice(d.Arg)
	if !ok {
		return t.Stale(ctx)
	}
	id := crm.PairID(d.ID)
	switch {
	case id == "":
		return together(ctx, t, c)
	case c.what == undo:
		return takeBack(ctx, t, id)
	}
	s, err := t.Desk.SeePair(ctx, t.By, id)
	if errors.Is(err, crm.ErrNotFound) {
		if card, p, err := t.Desk.Merged(ctx, t.By, id); c.what == merge && err == nil { // a second press
			return showMerged(ctx, t, card, p)
		}
		if c.what != next { // else it has just been merged, and its place in the list with it
			t.Toast(t.T.Label("pair.gone"))
		}
		return first(ctx, t)
	}
	if err != nil {
		return err
	}
	switch c.what {
	case next:
		return following(ctx, t, s.Mark())
	case apart:
		if err := t.Desk.TellApart(ctx, t.By, id); err != nil {
			return err
		}
		t.Toast(t.T.Label("pair.told_apart"))
		mark := s.Mark()
		return page(ctx, t, &mark, &s)
	case again:
		if err := t.Desk.AskAgain(ctx, t.By, id); err != nil {
			return err
		}
		return propose(ctx, t, s)
	case show:
		return propose(ctx, t, s)
	}
	if c.rev != revs(s) {
		t.Toast(t.T.Label("pair.changed"))
		return propose(ctx, t, s)
	}
	if c.what == merge {
		return mergeThem(ctx, t, s, c)
	}
	return put(ctx, t, s, c)
}

// revs tells whether the cards are still those that were shown.
func revs(s crm.SeenPair) int64 { return s.Cards[0].Rev + s.Cards[1].Rev }

// proposed is how a pair would be merged if nobody chooses.
func proposed(ctx context.Context, t *talk.Turn, s crm.SeenPair) (choice, error) {
	c := choice{rev: revs(s)}
	team, err := t.Desk.Team(ctx, t.By)
	for i, f := range crm.Differing(team, s.Cards[0], s.Cards[1]) {
		if slices.Contains(s.Take, f) {
			c.take |= 1 << i
		}
	}
	return c, err
}

// propose shows a pair as it would be merged if nobody chooses.
func propose(ctx context.Context, t *talk.Turn, s crm.SeenPair) error {
	p, err := t.Desk.Pairs(ctx, t.By, nil, 0) // only how many there are
	if err != nil {
		return err
	}
	return offer(ctx, t, s, p, nil)
}

// offer does so, and says how many there are, and which have just been told apart.
func offer(ctx context.Context, t *talk.Turn, s crm.SeenPair, p crm.PairPage, told *crm.SeenPair) error {
	c, err := proposed(ctx, t, s)
	if err != nil {
		return err
	}
	text, rows, err := screen(ctx, t, s, c)
	if err != nil {
		return err
	}
	if p.Certain > 1 {
		rows = append(rows, []chat.Button{talk.Button(t.T.Label("pair.all", "total", p.Certain), talk.VerbPair, "", all)})
	}
	return tell(ctx, t, chat.Screen{Text: text + "\n\n" + t.T.HTML("pair.left", "total", p.Total), Buttons: rows}, told)
}

// tell shows a screen below the pair that has just been told apart, if one has, with the way back of that.
func tell(ctx context.Context, t *talk.Turn, s chat.Screen, told *crm.SeenPair) error {
	if told != nil {
		one, other := fit.Line(told.Cards[0].Name, lineText), fit.Line(told.Cards[1].Name, lineText)
		s.Text = t.T.HTML("pair.told", "one", one, "other", other) + "\n\n" + s.Text
		s.Buttons = append(s.Buttons, []chat.Button{button(t, "pair.untell", told.ID, choice{what: again})})
	}
	_, err := t.Show(ctx, s)
	return err
}

// first shows the likeliest pair.
func first(ctx context.Context, t *talk.Turn) error { return page(ctx, t, nil, nil) }

// following shows the pair after a place in the list, or the first one if there is none.
func following(ctx context.Context, t *talk.Turn, mark crm.PairMark) error {
	return page(ctx, t, &mark, nil)
}

// page shows the pair after a place, below one that has just been told apart.
func page(ctx context.Context, t *talk.Turn, after *crm.PairMark, told *crm.SeenPair) error {
	p, err := t.Desk.Pairs(ctx, t.By, after, 1)
	if err != nil {
		return err
	}
	if len(p.Pairs) == 0 && after != nil && p.Total > 0 {
		p, err = t.Desk.Pairs(ctx, t.By, nil, 1)
	}
	switch {
	case err != nil:
		return err
	case len(p.Pairs) == 0 && p.Searching:
		return tell(ctx, t, chat.Screen{Text: t.T.HTML("pair.searching")}, told)
	case len(p.Pairs) == 0:
		return tell(ctx, t, chat.Screen{Text: t.T.HTML("pair.none")}, told)
	}
	return offer(ctx, t, p.Pairs[0], p, told)
}

// mergeThem merges a pair as was chosen.
func mergeThem(ctx context.Context, t *talk.Turn, s crm.SeenPair, c choice) error {
	team, err := t.Desk.Team(ctx, t.By)
	if err != nil {
		return err
	}
	kept, gone := s.Cards[c.keep], s.Cards[1-c.keep]
	in := crm.MergeInput{Kept: kept.ID, Gone: gone.ID}
	for i, f := range crm.Differing(team, kept, gone) {
		if c.take>>i&1 == 1 {
			in.Take = append(in.Take, f)
		}
	}
	card, p, err := t.Desk.MergeClients(ctx, t.By, in)
	if err != nil {
		return err
	}
	return showMerged(ctx, t, card, p)
}

// takeBack takes a merge apart.
func takeBack(ctx context.Context, t *talk.Turn, id crm.PairID) error {
	out, err := t.Desk.UndoMerge(ctx, t.By, id)
	if err != nil {
		return err
	}
	return showParted(ctx, t, out)
}
