package crm

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kartoteka/crm/spell"
)

// What is offered when tags are chosen.
const (
	tagSample = 100 // cards whose tags are looked at
	tagsOffer = 12  // tags offered at a time
	tagsPages = 50  // pages of so many of a list's tags that can be turned
)

// SetTag puts a tag on a card or takes it off, however it is written.
func (d *Desk) SetTag(ctx context.Context, by Actor, id ClientID, tag string, on bool) (Client, error) {
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		key := spell.Fold(tag)
		rest := slices.DeleteFunc(ch.client.Tags, func(t string) bool { return spell.Fold(t) == key })
		if on {
			rest = append(rest, tag)
		}
		list, err := cleanList(strings.Join(rest, ","), FieldTags)
		ch.client.Tags = list
		return err
	})
}

// AddTags puts the tags of a list, separated by commas, on a card. ErrInvalid on "tags.long" or "tags.count".
func (d *Desk) AddTags(ctx context.Context, by Actor, id ClientID, list string) (Client, error) {
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		more, err := cleanList(list, FieldTags)
		if err != nil {
			return err
		}
		ch.client.Tags = unite(ch.client.Tags, more)
		if len(ch.client.Tags) > maxTags {
			return invalid("tags.count")
		}
		return nil
	})
}

// TagsFor lists the tags to offer for a card: its own first, then those most used on the newest cards that by may
// see; at most twelve.
func (d *Desk) TagsFor(ctx context.Context, by Actor, c Client) ([]string, error) {
	recent, err := d.List(ctx, by, ClientQuery{Sort: SortByNewest, Limit: tagSample})
	if err != nil {
		return nil, fmt.Errorf("tags in use: %w", err)
	}
	out := unite(slices.Clone(c.Tags), mostUsed(recent))
	return out[:min(len(out), max(tagsOffer, len(c.Tags)))], nil
}

// TagCount is how many cards have a tag.
type TagCount struct {
	Tag   string
	Cards int
}

// MassTags lists the tags to offer for a mass change, the most frequent first, with how many cards have it; at most twelve. To be taken
// off are those of the cards that are meant; to be put on, those of all cards that by may change: the cards that are meant may have none yet.
func (d *Desk) MassTags(ctx context.Context, by Actor, in MassInput) ([]TagCount, error) {
	if in.Kind == MassTag {
		in.Query, in.Of = ClientQuery{}, nil
	}
	_, q, err := d.within(ctx, by, in.Kind.action(), in.Query)
	if err != nil {
		return nil, err
	}
	if len(in.Of) > 0 {
		return d.tagsOn(ctx, by, in.Of)
	}
	keys, err := d.store.CountTags(ctx, q, tagsOffer)
	if err != nil {
		return nil, fmt.Errorf("count tags: %w", err)
	}
	return d.written(ctx, q, keys)
}

// written are tags as they stand on one of the cards of a query.
func (d *Desk) written(ctx context.Context, q ClientQuery, keys []TagCount) ([]TagCount, error) {
	of := q.Tags
	for i, one := range keys {
		q.Tags, q.After, q.Limit = append(slices.Clone(of), one.Tag), nil, 1
		cards, err := d.store.Clients(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("a card with a tag: %w", err)
		}
		for _, c := range cards {
			if n := slices.IndexFunc(c.Tags, func(tag string) bool { return spell.Fold(tag) == one.Tag }); n >= 0 {
				keys[i].Tag = c.Tags[n]
			}
		}
	}
	return keys, nil
}

// tagsOn counts the tags of a few cards, those that by may see.
func (d *Desk) tagsOn(ctx context.Context, by Actor, of []ClientID) ([]TagCount, error) {
	team, _, err := d.gate(ctx, by, ActionFindClients)
	if err != nil {
		return nil, err
	}
	cards, err := d.seenOf(ctx, team, by, of[:min(len(of), MostFound)])
	if err != nil {
		return nil, err
	}
	tags := mostUsed(cards)
	var out []TagCount
	for _, tag := range tags[:min(len(tags), tagsOffer)] {
		n := 0
		for _, c := range cards {
			if slices.ContainsFunc(c.Tags, func(has string) bool { return spell.Fold(has) == spell.Fold(tag) }) {
				n++
			}
		}
		out = append(out, TagCount{tag, n})
	}
	return out, nil
}

// mostUsed lists the tags of some cards, the most frequent first.
func mostUsed(cards []Client) []string {
	count, written := map[string]int{}, map[string]string{}
	for _, c := range cards {
		for _, tag := range c.Tags {
			key := spell.Fold(tag)
			if count[key]++; written[key] == "" {
				written[key] = tag
			}
		}
	}
	keys := make([]string, 0, len(count))
	for key := range count {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	out := make([]string, len(keys))
	for i, key := range keys {
		out[i] = written[key]
	}
	return out
}
