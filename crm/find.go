package crm

import (
	"context"
	"fmt"
	"slices"
)

// listPage bounds one page of a list.
const listPage = 100

// List answers a query over the cards that by may see, one page.
func (d *Desk) List(ctx context.Context, by Actor, q ClientQuery) ([]Client, error) {
	team, q, err := d.within(ctx, by, ActionFindClients, q)
	if err != nil {
		return nil, err
	}
	q.Limit = min(max(q.Limit, 1), listPage)
	list, err := d.store.Clients(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list clients: %w", err)
	}
	for i, c := range list {
		list[i] = c.seenBy(by.Role, team)
	}
	return list, nil
}

// Count counts, up to limit, the cards that the query means and by may count, without showing them.
func (d *Desk) Count(ctx context.Context, by Actor, q ClientQuery, limit int) (int, error) {
	_, q, err := d.within(ctx, by, ActionCountClients, q)
	if err != nil {
		return 0, err
	}
	n, err := d.store.CountClients(ctx, q, limit)
	if err != nil {
		return 0, fmt.Errorf("count clients: %w", err)
	}
	return n, nil
}

// within keeps a query to the cards with which by may do a.
func (d *Desk) within(ctx context.Context, by Actor, a Action, q ClientQuery) (Team, ClientQuery, error) {
	team, reach, err := d.gate(ctx, by, a)
	if err != nil {
		return team, q, err
	}
	switch {
	case SeesAll(by.Role) || q.plain():
	case q.Bin != BinOutside:
		return team, q, &Error{Kind: ErrDenied, Field: string(ActionRestoreClient)}
	default:
		return team, q, &Error{Kind: ErrDenied, Field: "client.narrow"}
	}
	q.Team = by.Team
	switch {
	case reach.all:
	case q.Owner == "" && len(q.Among) > 0:
		among := slices.DeleteFunc(slices.Clone(q.Among), func(id MemberID) bool { return !reach.of(id) })
		if len(among) == 0 {
			q.Owner = by.ID // who is not among them: nobody
			break
		}
		q.Among = among
	case q.Owner == "":
		q.Owner, q.Among = reach.narrow()
	case !reach.of(q.Owner):
		q.Owner = by.ID
	}
	return team, q, nil
}
