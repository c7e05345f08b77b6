package crm

import (
	"context"
	"fmt"
)

// SeesOthers reports whether by may see cards that other members are responsible for, so that a list of all
// differs from a list of one's own. ErrDenied if by may see no cards at all.
func (d *Desk) SeesOthers(ctx context.Context, by Actor) (bool, error) {
	_, reach, err := d.gate(ctx, by, ActionFindClients)
	return reach.all || len(reach.owners) > 1, err
}

// FindPage searches the cards that by may see for what was typed: see search.go for what is understood. It returns at most
// limit hits from the one numbered offset on, best first; SearchResult.Next is the offset to go on with.
func (d *Desk) FindPage(ctx context.Context, by Actor, text string, offset, limit int) (SearchResult, error) {
	return d.find(ctx, by, SearchQuery{Text: text, Offset: offset, Limit: limit})
}

// FindList is FindPage for a list: it need not read the cards, and has no more of them than that shows (SearchQuery.List).
func (d *Desk) FindList(ctx context.Context, by Actor, text string, offset, limit int) (SearchResult, error) {
	return d.find(ctx, by, SearchQuery{Text: text, Offset: offset, Limit: limit, List: true})
}

func (d *Desk) find(ctx context.Context, by Actor, q SearchQuery) (SearchResult, error) {
	team, reach, err := d.gate(ctx, by, ActionFindClients)
	if err != nil {
		return SearchResult{}, err
	}
	q.Team, q.Among, q.Me, q.seen = by.Team, reach.owners, by.ID, sighted(by.Role, team)
	res, err := search(ctx, d.store, q)
	if err != nil {
		return SearchResult{}, fmt.Errorf("search: %w", err)
	}
	return res, nil
}

// TagsIn lists the tags to narrow a list down with, those of most cards first, as somebody has written them: twelve on a page; more tells
// that there is a page behind it. Who does not see all of a card sees no tags.
func (d *Desk) TagsIn(ctx context.Context, by Actor, q ClientQuery, page int) (tags []string, more bool, err error) {
	_, q, err = d.within(ctx, by, ActionFindClients, q)
	if err != nil || !SeesAll(by.Role) {
		return nil, false, err
	}
	page = min(max(page, 0), tagsPages-1)
	counts, err := d.store.CountTags(ctx, q, (page+1)*tagsOffer+1)
	if err != nil {
		return nil, false, fmt.Errorf("count tags: %w", err)
	}
	from := min(page*tagsOffer, len(counts))
	to := min(from+tagsOffer, len(counts))
	written, err := d.written(ctx, q, counts[from:to])
	for _, one := range written {
		tags = append(tags, one.Tag)
	}
	return tags, to < len(counts) && page < tagsPages-1, err
}
