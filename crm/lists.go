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

// TagsIn lists the tags to narrow a list down with: those used most on its first hundred cards, as they were first
// written; at most twelve. There is no register of tags to ask.
func (d *Desk) TagsIn(ctx context.Context, by Actor, q ClientQuery) ([]string, error) {
	q.After, q.Limit = nil, tagSample
	cards, err := d.List(ctx, by, q)
	if err != nil {
		return nil, fmt.Errorf("tags of a list: %w", err)
	}
	tags := mostUsed(cards)
	return tags[:min(len(tags), tagsOffer)], nil
}
