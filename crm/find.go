package crm

import (
	"context"
	"fmt"
)

// listPage bounds one page of a list.
const listPage = 100

// List answers a query over the cards that by may see, one page.
func (d *Desk) List(ctx context.Context, by Actor, q ClientQuery) ([]Client, error) {
	q, err := d.within(ctx, by, q)
	if err != nil {
		return nil, err
	}
	q.Limit = min(max(q.Limit, 1), listPage)
	list, err := d.store.Clients(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list clients: %w", err)
	}
	return list, nil
}

// Count counts what the query would list, up to limit.
func (d *Desk) Count(ctx context.Context, by Actor, q ClientQuery, limit int) (int, error) {
	q, err := d.within(ctx, by, q)
	if err != nil {
		return 0, err
	}
	n, err := d.store.CountClients(ctx, q, limit)
	if err != nil {
		return 0, fmt.Errorf("count clients: %w", err)
	}
	return n, nil
}

// within keeps a query to the cards that by may see.
func (d *Desk) within(ctx context.Context, by Actor, q ClientQuery) (ClientQuery, error) {
	_, scope, err := d.gate(ctx, by, ActionFindClients)
	if err != nil {
		return q, err
	}
	q.Team = by.Team
	if own := scope.owner(by); own != "" {
		q.Owner = own
	}
	return q, nil
}
