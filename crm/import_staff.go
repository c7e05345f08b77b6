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
		if l.stranger != "" {
			w.i.Strangers = met(w.i.Strangers, l.stranger)
		}
	}
}

// meetDoers notes whose tasks lines of new clients have, whom the team does not know.
func (w *importWorker) meetDoers(lines []importLine) {
	for _, l := range lines {
		if l.record == nil {
			continue
		}
		for _, t := range l.record.Tasks {
			if w.stranger(t.Assignee) {
				w.i.Doers = met(w.i.Doers, t.Assignee)
			}
		}
	}
}

// met is a list of names with another one, once and as long as there is room.
func met(names []string, name string) []string {
	name = clip(cleanLine(name), maxHeading)
	same := func(s string) bool { return spell.Fold(s) == spell.Fold(name) }
	if len(names) >= mostStrangers || slices.ContainsFunc(names, same) {
		return names
	}
	return append(slices.Clip(names), name)
}

// stranger reports the name of somebody whom the team does not know.
func (w *importWorker) stranger(name string) bool {
	name = spell.Fold(cleanLine(name))
	return name != "" && w.reader.staff[name] == "" && name != spell.Fold(w.by.Name)
}

// ownerCell takes who is responsible; of somebody who is not of the team a note is left.
func (r rowReader) ownerCell(l *importLine, c ImportColumn, text string) {
	if l.owner = r.staff[spell.Fold(text)]; l.owner != "" {
		l.named = firstRunes(cleanLine(text), maxValue)
		return
	}
	l.leave(c, text)
	if len(r.staff) > 0 { // else whoever imports hands over to nobody
		l.stranger = cleanLine(text)
	}
}
