package crm

import (
	"context"
	"fmt"
	"slices"
)

// binnedPage is how many cards BinnedByKey lists at the most.
const binnedPage = 20

// countBinned counts the lines whose client has a card in the bin. An import makes new cards of them, which whoever imports should know.
func (w *importWorker) countBinned(ctx context.Context, lines []importLine) error {
	var keys []string
	for _, l := range lines {
		keys = append(keys, Keys(l.draft.Profile)...)
	}
	if w.emptyBin || len(keys) == 0 {
		return nil
	}
	cards, err := w.desk.binnedOf(ctx, w.team.ID, keys)
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for _, c := range cards {
		for _, key := range Keys(c.Profile) {
			held[key] = true
		}
	}
	for _, l := range lines {
		if slices.ContainsFunc(Keys(l.draft.Profile), func(key string) bool { return held[key] }) {
			w.i.Counts.InBin++
		}
	}
	return nil
}

// lookIntoBin notes whether there is anything in the bin: mostly there is not, and no line need be looked up.
func (w *importWorker) lookIntoBin(ctx context.Context) error {
	n, err := w.desk.store.CountClients(ctx, ClientQuery{Team: w.team.ID, Bin: BinInside}, 1)
	if err != nil {
		return fmt.Errorf("look into the bin: %w", err)
	}
	w.emptyBin = n == 0
	return nil
}

// binnedOf lists the cards in the bin that have any of the keys, asking in parts where there are more than one answer holds.
func (d *Desk) binnedOf(ctx context.Context, team TeamID, keys []string) ([]Client, error) {
	cards, err := d.store.BinnedByKey(ctx, team, keys)
	if err != nil {
		return nil, fmt.Errorf("look into the bin: %w", err)
	}
	if len(cards) < binnedPage || len(keys) == 1 {
		return cards, nil
	}
	first, err := d.binnedOf(ctx, team, keys[:len(keys)/2])
	if err != nil {
		return nil, err
	}
	second, err := d.binnedOf(ctx, team, keys[len(keys)/2:])
	return append(first, second...), err
}
