package crm

import (
	"context"
	"fmt"
	"slices"
)

// mostImports is how many of one's imports one is told of: more than anybody has in the days in which they can be taken back.
const mostImports = 100

// OwnImports are by's imports from which rows were taken, the newest first.
func (d *Desk) OwnImports(ctx context.Context, by Actor) ([]Import, error) {
	if _, _, err := d.gate(ctx, by, ActionImport); err != nil {
		return nil, err
	}
	list, err := d.store.Imports(ctx, ImportQuery{Team: by.Team, By: by.ID, States: append([]ImportState{ImportFailed}, importTaken...), Begun: true,
		Limit: mostImports})
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return list, nil
}

// ImportedClient is a card that a row has made.
type ImportedClient struct {
	Row    int
	Client Client
}

// ImportedQuery asks for cards that an import has made: the first of them from a row on, or the last before it.
type ImportedQuery struct {
	Row    int
	Before bool
	Limit  int
}

// ImportedClients are cards that one of by's imports has made, as they now are, in the order of their rows. Those in the bin, and those
// that by may not see, are left out. A row's card is found by its id, which is made of the row.
func (d *Desk) ImportedClients(ctx context.Context, by Actor, id ImportID, q ImportedQuery) ([]ImportedClient, error) {
	team, _, err := d.gate(ctx, by, ActionImport)
	if err != nil {
		return nil, err
	}
	i, err := d.ownImport(ctx, by, id)
	if err != nil {
		return nil, err
	}
	sees := d.reach(team, by.Member, ActionReadClient)
	var list []ImportedClient
	for at, step := max(q.Row, 1), 2*q.Limit; len(list) < q.Limit; step = min(2*step, importBatch) {
		from, to := at, min(at+step, max(i.Cursor, i.Reach)+1)
		if q.Before {
			from, to = max(at-step, 1), at
		}
		if from >= to {
			break
		}
		made, err := d.madeByRows(ctx, i, from, to)
		if err != nil {
			return nil, err
		}
		if at = to; q.Before {
			slices.Reverse(made)
			at = from
		}
		for _, c := range made {
			if c.Client.Deleted.IsZero() && sees.allows(c.Client) && len(list) < q.Limit {
				list = append(list, c)
			}
		}
	}
	if q.Before {
		slices.Reverse(list)
	}
	return list, nil
}

// madeByRows are the cards that the rows from one to before another have made.
func (d *Desk) madeByRows(ctx context.Context, i Import, from, to int) ([]ImportedClient, error) {
	ids, rows := make([]ClientID, 0, to-from), map[ClientID]int{}
	for n := from; n < to; n++ {
		ids = append(ids, i.rowClient(n))
		rows[ids[n-from]] = n
	}
	cards, err := d.store.ClientsByID(ctx, i.Team, ids)
	if err != nil {
		return nil, fmt.Errorf("cards of the rows: %w", err)
	}
	made := make([]ImportedClient, 0, len(cards))
	for _, c := range cards {
		made = append(made, ImportedClient{rows[c.ID], c})
	}
	slices.SortFunc(made, func(a, b ImportedClient) int { return a.Row - b.Row })
	return made, nil
}
