package crm

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// What is offered when tags are chosen.
const (
	tagSample = 100 // cards whose tags are looked at
	tagsOffer = 12  // tags offered in all
)

// SetTag puts a tag on a card or takes it off, however it is written.
func (d *Desk) SetTag(ctx context.Context, by Actor, id ClientID, tag string, on bool) (Client, error) {
	return d.edit(ctx, by, id, ActionEditClient, func(ch *change) error {
		key := Fold(tag)
		rest := slices.DeleteFunc(ch.client.Tags, func(t string) bool { return Fold(t) == key })
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

// mostUsed lists the tags of some cards, the most frequent first.
func mostUsed(cards []Client) []string {
	count, written := map[string]int{}, map[string]string{}
	for _, c := range cards {
		for _, tag := range c.Tags {
			key := Fold(tag)
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
