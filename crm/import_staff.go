package crm

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kartoteka/crm/spell"
)

// importStaff are those whom a row may name as responsible, by their folded names in either order and their usernames, and by a word of the
// name that only one of them has.
func (d *Desk) importStaff(ctx context.Context, team Team, gives bool) (map[string]MemberID, error) {
	staff := map[string]MemberID{}
	if !gives {
		return staff, nil
	}
	members, err := d.store.Members(ctx, team.ID)
	if err != nil {
		return nil, fmt.Errorf("list members: %w", err)
	}
	byWord := map[string][]MemberID{}
	for _, m := range members {
		if !m.takes(team, ActionTendClients) {
			continue
		}
		words := spell.Words(spell.Fold(m.Name))
		for _, order := range nameOrders(words, false) {
			staff[strings.Join(order, " ")] = m.ID
		}
		staff[spell.Fold(m.Name)] = m.ID
		if m.Username != "" {
			staff[spell.Fold(m.Username)] = m.ID
		}
		for _, w := range words {
			if utf8.RuneCountInString(w) > 1 && !slices.Contains(byWord[w], m.ID) {
				byWord[w] = append(byWord[w], m.ID)
			}
		}
	}
	for word, of := range byWord {
		if _, whole := staff[word]; !whole && len(of) == 1 {
			staff[word] = of[0]
		}
	}
	return staff, nil
}

// mostStrangers is how many of those whom the team does not know are named.
const mostStrangers = 20

// meet notes whom the lines name and the team does not know.
func (w *importWorker) meet(lines []importLine) {
	for _, l := range lines {
		if l.stranger == "" || len(w.i.Strangers) >= mostStrangers {
			continue
		}
		same := func(s string) bool { return spell.Fold(s) == spell.Fold(l.stranger) }
		if !slices.ContainsFunc(w.i.Strangers, same) {
			w.i.Strangers = append(slices.Clip(w.i.Strangers), clip(l.stranger, maxHeading))
		}
	}
}
