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

// ImportedPage are cards that an import has made, in the order of their rows. On is the row from which on, or before which, to ask for more:
// there may be none. 0: there is nothing behind these.
type ImportedPage struct {
	Clients []ImportedClient
	On      int
}

// mostBlocks is in how many blocks of rows one question looks for cards. Of most blocks all cards are there; those of an import that
// somebody has tidied up since may be gone.
const mostBlocks = 20

// ImportedClients are cards that one of by's imports has made, as they now are. Those in the bin, and those that by may not see, are left
// out. A row's card is found by its id, which is made of the row, where any row has made one (Import.Made).
func (d *Desk) ImportedClients(ctx context.Context, by Actor, id ImportID, q ImportedQuery) (ImportedPage, error) {
	team, _, err := d.gate(ctx, by, ActionImport)
	if err != nil {
		return ImportedPage{}, err
	}
	i, err := d.ownImport(ctx, by, id)
	if err != nil {
		return ImportedPage{}, err
	}
	var page ImportedPage
	sees := d.reach(team, by.Member, ActionReadClient)
	for n, rows := range i.madeFrom(max(q.Row, 1), q.Before) {
		if n == mostBlocks {
			page.On = rows.next(q.Before)
			break
		}
		made, err := d.madeByRows(ctx, i, rows)
		if err != nil {
			return page, err
		}
		if q.Before {
			slices.Reverse(made)
		}
		for _, c := range made {
			if !c.Client.Deleted.IsZero() || !sees.allows(c.Client) {
				continue
			}
			if len(page.Clients) == q.Limit { // another one
				page.On = rowSpan{c.Row, c.Row + 1}.next(q.Before)
				break
			}
			page.Clients = append(page.Clients, c)
		}
		if page.On > 0 {
			break
		}
	}
	if q.Before {
		slices.Reverse(page.Clients)
	}
	return page, nil
}

// rowSpan are rows from one to before another.
type rowSpan struct{ from, to int }

// next is the row to ask for so that these come next.
func (s rowSpan) next(before bool) int {
	if before {
		return s.to
	}
	return s.from
}

// blockOf is the number of the block of rows that a row is in.
func blockOf(row int) int { return (row-1)/importBatch + 1 }

// madeFrom are the rows, block by block, among which some have made cards: from a row on, or before it. Of an import from before that was
// noted they are all.
func (i Import) madeFrom(row int, before bool) []rowSpan {
	last := max(i.Cursor, i.Reach)
	made := i.Made
	if made == "" && i.Counts.New > 0 {
		made = runOf([][2]int{{1, blockOf(max(last, 1))}})
	}
	var list []rowSpan
	for _, blocks := range made.Spans() {
		for n := blocks[0]; n <= blocks[1]; n++ {
			s := rowSpan{(n-1)*importBatch + 1, min(n*importBatch, last) + 1}
			if before {
				s.to = min(s.to, row)
			} else {
				s.from = max(s.from, row)
			}
			if s.from < s.to {
				list = append(list, s)
			}
		}
	}
	if before {
		slices.Reverse(list)
	}
	return list
}

// madeByRows are the cards that rows have made.
func (d *Desk) madeByRows(ctx context.Context, i Import, of rowSpan) ([]ImportedClient, error) {
	ids, rows := make([]ClientID, 0, of.to-of.from), map[ClientID]int{}
	for n := of.from; n < of.to; n++ {
		ids = append(ids, i.rowClient(n))
		rows[ids[n-of.from]] = n
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
