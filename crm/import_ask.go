package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// AskedLine is a row about which the member is asked, beside the cards that it may be about.
type AskedLine struct {
	ImportLine
	Cards   []Client // those that are still there, the likeliest first
	Certain bool     // same phone or address; else same name and company
}

// Judgement is what the member says of a row that was asked about.
type Judgement struct {
	Row    ImportRow
	Policy ImportPolicy // ImportFill and ImportOverwrite for a card that is there, ImportAdd for a new one, ImportPass for neither
	Card   ClientID     // which of several that fit; "": the likeliest
}

// AskedImport is a row as it would be taken, and the cards that are there. ErrConflict on "import" for a row that is not asked
// about, or not any more.
func (d *Desk) AskedImport(ctx context.Context, by Actor, id ImportID, row ImportRow) (AskedLine, error) {
	w, l, v, err := d.asked(ctx, by, id, row)
	if err != nil {
		return AskedLine{}, err
	}
	a := AskedLine{ImportLine: lineOf(l), Certain: (v.certain || v.several) && !v.byName}
	may := w.offers(by)
	for _, card := range v.cards() {
		if may(card) {
			a.Cards = append(a.Cards, *card)
		}
	}
	return a, nil
}

// cards are those that the line may be about.
func (v verdict) cards() []*Client {
	switch {
	case v.card != nil && v.certain:
		return []*Client{v.card}
	case v.card != nil && !slices.Contains(v.fit, v.card):
		return append([]*Client{v.card}, v.fit...)
	}
	return v.fit
}

// chosen is the verdict that the member has given. ErrConflict on "import" if the card is none of those that fit, or several do and
// none was named.
func (v verdict) chosen(j Judgement) (verdict, error) {
	if j.Policy == ImportAdd {
		return verdict{}, nil
	}
	at := slices.IndexFunc(v.cards(), func(c *Client) bool { return c.ID == j.Card })
	switch {
	case at >= 0:
		v.card, v.several = v.cards()[at], false
	case j.Card != "" || v.several && j.Policy != ImportPass:
		return v, &Error{Kind: ErrConflict, Field: "import"}
	case v.several:
		v.card, v.several = v.fit[0], false
	}
	if v.card == nil && j.Policy != ImportPass {
		return v, &Error{Kind: ErrConflict, Field: "import"}
	}
	v.certain = true
	return v, nil
}

// asked reads a row that waits to be judged.
func (d *Desk) asked(ctx context.Context, by Actor, id ImportID, row ImportRow) (*importWorker, importLine, verdict, error) {
	fail := func(err error) (*importWorker, importLine, verdict, error) { return nil, importLine{}, verdict{}, err }
	team, _, err := d.gate(ctx, by, ActionImport)
	if err != nil {
		return fail(err)
	}
	i, err := d.ownImport(ctx, by, id)
	if err != nil {
		return fail(err)
	}
	if i.UnderWay() || !i.Asked.Has(row.N) {
		return fail(&Error{Kind: ErrConflict, Field: "import"})
	}
	w := &importWorker{desk: d, i: i, team: team}
	if err := w.admit(ctx); err != nil {
		return fail(err)
	}
	l := w.reader.read(row)
	found, err := d.findCandidates(ctx, team, []importLine{l})
	if err != nil {
		return fail(err)
	}
	v, err := w.settle(ctx, l, found.judge(l))
	return w, l, v.within(w.offers(by)), err
}

// offers tells which cards by may be asked about: those that by may read, and the import change.
func (w *importWorker) offers(by Actor) func(*Client) bool {
	sees := w.desk.reach(w.team, by.Member, ActionReadClient)
	return func(c *Client) bool { return sees.allows(*c) && w.edits.allows(*c) }
}

// within leaves of several cards that fit those that the member may take: of one alone nothing is to be chosen.
func (v verdict) within(may func(*Client) bool) verdict {
	if !v.several {
		return v
	}
	v.fit = slices.DeleteFunc(slices.Clone(v.fit), func(c *Client) bool { return !may(c) })
	if len(v.fit) == 1 {
		v.card, v.certain, v.several = v.fit[0], true, false
	}
	return v
}

// judged makes the change that the member has asked for.
func (w *importWorker) judged(ctx context.Context, l *importLine, v verdict) (*ClientChange, outcome, error) {
	if v.card == nil && w.i.Policy == ImportPass {
		return nil, outcomePassed, nil
	}
	return w.decide(ctx, l, v)
}

// JudgeImport takes a row that was asked about as the member says. Where the card has gone meanwhile, into
// the bin perhaps, there is none to be changed: ErrConflict on "import", as if the card that was named fits no more.
func (d *Desk) JudgeImport(ctx context.Context, by Actor, id ImportID, j Judgement) (Import, error) {
	if !slices.Contains([]ImportPolicy{ImportFill, ImportOverwrite, ImportPass, ImportAdd}, j.Policy) {
		return Import{}, invalid("import.policy")
	}
	for range maxRaces {
		w, l, v, err := d.asked(ctx, by, id, j.Row)
		if err == nil {
			v, err = v.chosen(j)
		}
		if err != nil {
			return Import{}, err
		}
		w.i.Policy = j.Policy
		ch, o, err := w.judged(ctx, &l, v)
		if err != nil {
			return w.i, err
		}
		if ch != nil {
			err = d.store.SaveClients(ctx, []ClientChange{*ch})
		}
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err != nil {
			return w.i, fmt.Errorf("save client %s: %w", ch.Client.ID, err)
		}
		if err := w.takeTasks(ctx, []importLine{l}); err != nil {
			return w.i, err
		}
		return d.editImport(ctx, by, id, []ImportState{w.i.State}, func(i *Import) error {
			if !i.Asked.Has(l.n) {
				return nil
			}
			left := &importWorker{i: *i}
			left.i.Asked = i.Asked.Without(l.n)
			left.i.Counts.Asked--
			left.note(&l, o)
			*i = left.i
			return nil
		})
	}
	return Import{}, &Error{Kind: ErrConflict, Field: "client"}
}
