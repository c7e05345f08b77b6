package crm

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// standsAlone is ErrConflict on "merge.later" as long as a card that was merged into the same one has some of what this merge brought. The
// later merge had nothing of that to bring: taking the first one back alone would take it from a client whose it still is.
func (d *Desk) standsAlone(ctx context.Context, p Pair, kept Client) error {
	later := kept.Merged[slices.Index(kept.Merged, p.Merge.Gone)+1:]
	if len(later) == 0 || len(later) == len(kept.Merged) {
		return nil
	}
	made, err := d.store.Event(ctx, p.Team, p.Merge.event(string(p.Merge.Kept)))
	if err != nil {
		return fmt.Errorf("read merge: %w", err)
	}
	ch, err := made.change(Team{})
	if err != nil {
		return err
	}
	cards, err := d.store.ClientsByID(ctx, p.Team, later)
	if _, failed := unreadable(err); failed != nil {
		return fmt.Errorf("cards that were merged: %w", failed)
	}
	if slices.ContainsFunc(cards, func(c Client) bool { return d.broughtToo(ch.Was, ch.Is, c) }) {
		return &Error{Kind: ErrConflict, Field: "merge.later"}
	}
	return nil
}

// broughtToo reports whether a card has some of what another one has got by a change.
func (d *Desk) broughtToo(was, is, c Client) bool {
	for _, f := range Mergeable {
		if value := is.Value(f); value != "" && value != was.Value(f) && value == c.Value(f) {
			return true
		}
	}
	for id, value := range is.Custom {
		if value != was.Custom[id] && value == c.Custom[id] {
			return true
		}
	}
	for id, value := range is.Sealed {
		if value != was.Sealed[id] && d.sameSecret(c.Team, id, value, c.Sealed[id]) {
			return true
		}
	}
	return is.TelegramID != was.TelegramID && is.TelegramID == c.TelegramID ||
		share(without(is.Phones, was.Phones), c.Phones) || share(without(is.Emails, was.Emails), c.Emails) ||
		share(without(is.Messengers, was.Messengers), c.Messengers) || share(without(is.Dates, was.Dates), c.Dates) ||
		share(without(is.Tags, was.Tags), c.Tags) || share(without(is.Interests, was.Interests), c.Interests)
}

// share reports whether two lists have something in common.
func share[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}

// follow takes what was just written about a card that was merged meanwhile to the card that it is now: the merge had moved only what
// there was by then.
func (d *Desk) follow(ctx context.Context, team TeamID, id ClientID) error {
	c, err := d.store.Client(ctx, team, id)
	if id == "" || errors.Is(err, ErrNotFound) || err == nil && c.MergedInto == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read client: %w", err)
	}
	p, err := d.store.Pair(ctx, team, NewPairID(team, id, c.MergedInto))
	if err != nil || p.Merge.Gone != id || p.Merge.Back != "" {
		return err
	}
	return d.moveAll(ctx, move{pair: p, from: id, to: c.MergedInto})
}
