package crm

import (
	"context"
	"errors"
	"fmt"
	"maps"
)

// check counts what would become of the lines.
func (w *importWorker) check(ctx context.Context, lines []importLine) error {
	found, err := w.desk.findCandidates(ctx, w.team, lines)
	if err != nil {
		return err
	}
	c := &w.i.Counts
	for _, l := range lines {
		w.checked++
		double := w.double(l)
		v := found.judge(l)
		if v.card != nil && !v.certain && !w.edits.allows(*v.card) {
			v = verdict{} // as likely has it
		}
		switch {
		case len(l.problems) > 0:
			w.note(&l, outcomeRefused)
		case v.several:
			l.refuse("several", -1)
			w.note(&l, outcomeRefused)
		case v.card != nil && !w.edits.allows(*v.card):
			l.refuse("held", -1)
			w.note(&l, outcomeRefused)
		case v.card != nil && v.certain:
			c.Changed++
		case v.card != nil:
			c.Maybe++
		case double:
			c.Double++
		default:
			c.New++
		}
	}
	return nil
}

// double reports whether a line is certainly about the client of an earlier one, as byNameAndCompany has it: who is only alike is somebody
// else until it is said otherwise.
func (w *importWorker) double(l importLine) (double bool) {
	keys, name, company := Keys(l.draft.Profile), nameToken(l.draft.Profile), companyKey(l.draft.Profile)
	for _, key := range keys {
		double = double || w.seen[key]
		w.seen[key] = true
	}
	bare := "bare " + name
	switch {
	case len(keys) == 0:
		double = w.seen[bare] || company != "" && w.seen[name]
		w.seen[bare] = true
	case company != "":
		double = double || w.seen[bare]
	}
	w.seen[name] = true
	return double
}

// take writes the lines, as many at a time as are of different clients: one that is in the file twice is matched with what its
// first row has made.
func (w *importWorker) take(ctx context.Context, lines []importLine) error {
	for len(lines) > 0 {
		n := unrelated(lines)
		if err := w.takeApart(ctx, lines[:n]); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

// unrelated is how many lines, from the first, share nothing with each other.
func unrelated(lines []importLine) int {
	seen := map[string]bool{}
	for i, l := range lines {
		tokens := l.tokens()
		for _, token := range tokens {
			if seen[token] {
				return i
			}
		}
		for _, token := range tokens {
			seen[token] = true
		}
	}
	return len(lines)
}

// takeApart writes lines of different clients. When somebody changes one of the cards meanwhile they are matched anew.
func (w *importWorker) takeApart(ctx context.Context, lines []importLine) error {
	for try := range maxRaces {
		applied, err := w.applied(ctx, lines, try > 0)
		if err != nil {
			return err
		}
		counts, refused := w.i.Counts, maps.Clone(w.i.Refused)
		done, err := w.takeOnce(ctx, lines, applied)
		if errors.Is(err, ErrConflict) {
			w.i.Counts, w.i.Refused = counts, refused
			continue
		}
		if err != nil || done == len(lines) {
			return err
		}
		return w.takeApart(ctx, lines[done:])
	}
	return &Error{Kind: ErrConflict, Field: "client"}
}

// applied are the actions by which lines were taken before, by row. Where this process has written all that there is of the
// import there are none.
func (w *importWorker) applied(ctx context.Context, lines []importLine, again bool) (map[EventID]Action, error) {
	if w.fresh && !again {
		return nil, nil
	}
	ids := make([]EventID, len(lines))
	for i, l := range lines {
		ids[i] = w.i.rowEvent(l.n)
	}
	events, err := w.desk.store.EventsByID(ctx, w.team.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("what was taken before: %w", err)
	}
	applied := map[EventID]Action{}
	for _, e := range events {
		applied[e.ID] = e.Action
	}
	return applied, nil
}

// takeOnce writes the lines up to one whose card another of them changes too, and returns how many that were.
func (w *importWorker) takeOnce(ctx context.Context, lines []importLine, applied map[EventID]Action) (int, error) {
	found, err := w.desk.findCandidates(ctx, w.team, lines)
	if err != nil {
		return 0, err
	}
	var changes []ClientChange
	touched := map[ClientID]bool{}
	done := len(lines)
	for i := range lines {
		l := &lines[i]
		if a, there := applied[w.i.rowEvent(l.n)]; there {
			if a == ActionAddClient {
				outcomeNew.addTo(&w.i.Counts)
			} else {
				outcomeChanged.addTo(&w.i.Counts)
			}
			continue
		}
		v := found.judge(*l)
		if v.card != nil && touched[v.card.ID] {
			done = i
			break
		}
		ch, o, err := w.decide(ctx, l, v)
		if err != nil {
			return 0, err
		}
		if ch != nil {
			touched[ch.Client.ID] = true
			changes = append(changes, *ch)
		}
		w.note(l, o)
	}
	if len(changes) > 0 {
		if err := w.desk.store.SaveClients(ctx, changes); err != nil {
			return done, err
		}
	}
	return done, w.takeTasks(ctx, lines[:done])
}
