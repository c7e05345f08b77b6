package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// ImportUndoDays is for how many days an import can be taken back.
const ImportUndoDays = 7

// maxKept is how many of the cards that an undone import leaves are named.
const maxKept = 50

// note counts what became of a line and why.
func (w *importWorker) note(l *importLine, o outcome) {
	o.addTo(&w.i.Counts)
	switch o {
	case outcomeNew:
		w.i.Made = w.i.Made.Add(blockOf(l.n))
	case outcomeAsked:
		w.i.Asked = w.i.Asked.Add(l.n)
	case outcomeRefused:
		if w.i.Refused == nil {
			w.i.Refused = map[string]Run{}
		}
		for _, why := range l.problems {
			w.i.Refused[why] = w.i.Refused[why].Add(l.n)
		}
	}
}

// fail ends an import that cannot go on; what it has taken stays.
func (w *importWorker) fail(ctx context.Context, problem string) error {
	if w.i.Begun.IsZero() { // what was counted is of the check: nothing is in the base
		w.i.Counts, w.i.Refused = ImportCounts{}, nil
	}
	w.i.State, w.i.Problem, w.i.Ended = ImportFailed, problem, w.desk.now()
	if err := w.tellGroups(ctx); err != nil {
		return err
	}
	return w.end(ctx)
}

// tellGroups has the groups told of how many clients came, once of each import.
func (w *importWorker) tellGroups(ctx context.Context) error {
	if w.i.Begun.IsZero() || w.i.Counts.New == 0 {
		return nil
	}
	news := Reminder{News: NewsClient, Who: w.by.ID, Count: w.i.Counts.New, For: w.desk.now()}
	return w.desk.tellPlacesOf(ctx, w.team, news, string(w.i.ID))
}

// KeptClients are the cards that the undoing of an import has left, since somebody has touched them, as they now are: the first of
// them. A card that by may not see, or that is gone by now, is not among them.
func (d *Desk) KeptClients(ctx context.Context, by Actor, id ImportID) ([]Client, error) {
	team, _, err := d.gate(ctx, by, ActionImport)
	if err != nil {
		return nil, err
	}
	i, err := d.ownImport(ctx, by, id)
	if err != nil || len(i.Kept) == 0 {
		return nil, err
	}
	return d.seenOf(ctx, team, by, i.Kept)
}

// seenOf are those of some cards that by may see and that are not in the bin, by name.
func (d *Desk) seenOf(ctx context.Context, team Team, by Actor, ids []ClientID) ([]Client, error) {
	list, err := d.store.ClientsByID(ctx, by.Team, ids)
	if err != nil {
		return nil, fmt.Errorf("cards that were kept: %w", err)
	}
	sees := d.reach(team, by.Member, ActionReadClient)
	list = slices.DeleteFunc(list, func(c Client) bool { return !c.Deleted.IsZero() || !sees.allows(c) })
	slices.SortFunc(list, func(a, b Client) int { return strings.Compare(a.SortName, b.SortName) })
	return list, nil
}
