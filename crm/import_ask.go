package crm

import (
	"context"
	"errors"
	"fmt"
)

// AskedLine is a row about which the member is asked, beside the card that it seems to be about.
type AskedLine struct {
	ImportLine
	Card    Client
	Found   bool // the card is still there
	Certain bool // same phone or address; else same name and company
}

// AskedImport is a row as it would be taken, and the card that is there. ErrConflict on "import" for a row that is not asked
// about, or not any more.
func (d *Desk) AskedImport(ctx context.Context, by Actor, id ImportID, row ImportRow) (AskedLine, error) {
	w, l, v, err := d.asked(ctx, by, id, row)
	if err != nil {
		return AskedLine{}, err
	}
	a := AskedLine{ImportLine: lineOf(l), Certain: v.certain && !v.byName}
	if v.card != nil && d.reach(w.team, by.Member, ActionReadClient).allows(*v.card) {
		a.Card, a.Found = *v.card, true
	}
	return a, nil
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
	return w, l, v, err
}

// JudgeImport takes a row that was asked about: ImportFill and ImportOverwrite for the card that is there, ImportAdd for a new one,
// ImportPass for neither. Where the card has gone meanwhile it is a new one.
func (d *Desk) JudgeImport(ctx context.Context, by Actor, id ImportID, row ImportRow, p ImportPolicy) (Import, error) {
	for range maxRaces {
		w, l, v, err := d.asked(ctx, by, id, row)
		if err != nil {
			return Import{}, err
		}
		switch w.i.Policy = p; p {
		case ImportFill, ImportOverwrite, ImportPass:
			v.certain = true
		case ImportAdd:
			v = verdict{}
		default:
			return w.i, invalid("import.policy")
		}
		ch, o, err := w.decide(ctx, &l, v)
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
