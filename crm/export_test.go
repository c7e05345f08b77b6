package crm

import (
	"context"
	"time"
)

// What the tests on a real engine, in package crm_test, need of the inside.
var SearchPage = search

// Search is the first page of a search.
func Search(ctx context.Context, st searchStore, team TeamID, owner, me MemberID, text string, limit int) (SearchResult, error) {
	q := SearchQuery{Team: team, Me: me, Text: text, Limit: limit}
	if owner != "" {
		q.Among = []MemberID{owner}
	}
	return search(ctx, st, q)
}

// Index fills what a card is found by, as each write does.
func (c *Client) Index(fields []CustomField) { c.index(fields) }

// Occurrence is the n-th after the first.
func (r Repeat) Occurrence(first time.Time, n int) time.Time { return r.occurrence(first, n) }
