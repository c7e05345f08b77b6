package crm

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// check counts what would become of the lines.
func (w *importWorker) check(ctx context.Context, lines []importLine) error {
	found, err := w.desk.findCandidates(ctx, w.team, lines)
	if err != nil {
		return err
	}
	c := &w.i.Counts
	var fresh []importLine
	for _, l := range lines {
		w.checked++
		v, err := w.settle(ctx, l, found.judge(l))
		if err != nil {
			return err
		}
		if v.card != nil && !v.certain && !w.edits.allows(*v.card) {
			v = verdict{} // as likely has it
		}
		switch {
		case len(l.problems) > 0:
		case v.several:
			l.refuse("several", -1)
		case v.card != nil && !w.edits.allows(*v.card):
			l.refuse("held", -1)
		}
		if len(l.problems) > 0 { // nobody comes of it whom a later line could be about
			w.note(&l, outcomeRefused)
			continue
		}
		double, maybe := w.twice(l)
		made := c.New + c.Maybe
		switch {
		case v.card != nil && v.certain:
			c.Changed++
		case v.card != nil:
			c.Maybe++
		case double:
			c.Double++
		case maybe:
			c.Maybe++
		default:
			c.New++
		}
		if c.New+c.Maybe > made {
			fresh = append(fresh, l)
		}
	}
	w.meetDoers(fresh)
	return w.countBinned(ctx, fresh)
}

// twice reports whether a line is certainly about the client of an earlier one, or may be, as judge has it.
func (w *importWorker) twice(l importLine) (double, maybe bool) {
	p := l.draft.Profile
	keys, name := Keys(p), nameToken(p)
	for _, key := range keys {
		double = double || w.seen[key]
		w.seen[key] = true
	}
	whole := cmp.Or(p.Name, l.draft.standIn())
	if len(keys) == 0 || companyKey(p) != "" {
		for before := range strings.Lines(w.names[name]) {
			maybe = maybe || holdsWords(before, whole) || holdsWords(whole, before)
		}
	}
	if len(keys) == 0 {
		says := l.print()
		double = double || maybe && w.seen[says]
		w.seen[says] = true
	}
	if before := w.names[name]; len(before) < mostNames && !strings.Contains("\n"+before, "\n"+whole+"\n") {
		w.names[name] += whole + "\n"
	}
	return double, maybe
}

// mostNames is how much is kept of the names that differ in their patronymics alone, in bytes.
const mostNames = 4 << 10

// print is short, and the same for lines that say the same, their notes included.
func (l importLine) print() string {
	all := []string{l.words(), string(l.stage), string(l.status), string(l.owner)}
	for _, n := range l.draft.Notes {
		all = append(all, n.Text)
	}
	sum := sha256.Sum256([]byte(strings.Join(all, "\n")))
	return string(sum[:16])
}

// take writes the lines, as many at a time as are of different clients: one that is in the file twice is matched with what its
// first row has made.
func (w *importWorker) take(ctx context.Context, lines []importLine) error {
	applied := rowsApplied{}
	if !w.fresh {
		if err := w.lookUp(ctx, lines, applied); err != nil {
			return err
		}
	}
	for len(lines) > 0 {
		n := unrelated(lines)
		if err := w.takeApart(ctx, lines[:n], applied); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

// unrelated is how many lines, from the first, share nothing with each other. Who has a phone and no company is known by that alone, but a
// namesake behind who has neither is like them.
func unrelated(lines []importLine) int {
	seen := map[string]bool{}
	for i, l := range lines {
		tokens := l.tokens()
		for _, token := range tokens {
			if seen[token] {
				return i
			}
		}
		for _, token := range append(tokens, nameToken(l.draft.Profile)) {
			seen[token] = true
		}
	}
	return len(lines)
}

// takeApart writes lines of different clients. When somebody changes one of the cards meanwhile they are matched anew.
func (w *importWorker) takeApart(ctx context.Context, lines []importLine, applied rowsApplied) error {
	for range maxRaces {
		counts, refused := w.i.Counts, maps.Clone(w.i.Refused)
		done, err := w.takeOnce(ctx, lines, applied)
		if errors.Is(err, ErrConflict) {
			w.i.Counts, w.i.Refused = counts, refused
			if err := w.lookUp(ctx, lines, applied); err != nil {
				return err
			}
			continue
		}
		if err != nil || done == len(lines) {
			return err
		}
		return w.takeApart(ctx, lines[done:], applied)
	}
	return &Error{Kind: ErrConflict, Field: "client"}
}

// rowsApplied are the events by which rows have been taken before, by row. Where this process has written all that there is of the
// import there are none.
type rowsApplied map[int]Event

// lookUp adds those of some lines.
func (w *importWorker) lookUp(ctx context.Context, lines []importLine, applied rowsApplied) error {
	ids, rows := make([]EventID, len(lines)), map[EventID]int{}
	for i, l := range lines {
		ids[i] = w.i.rowEvent(l.n)
		rows[ids[i]] = l.n
	}
	events, err := w.desk.store.EventsByID(ctx, w.team.ID, ids)
	if err != nil {
		return fmt.Errorf("what was taken before: %w", err)
	}
	for _, e := range events {
		applied[rows[e.ID]] = e
	}
	return nil
}

// count counts a row that was taken before as it was counted then.
func (a rowsApplied) count(n int, c *ImportCounts, p ImportPolicy) bool {
	e, there := a[n]
	switch {
	case !there:
		return false
	case e.Action == ActionAddClient:
		outcomeNew.addTo(c)
	default:
		changedBy(p).addTo(c)
	}
	if e.Likely {
		c.Maybe++
	}
	return true
}

// behind reports whether a later row has changed a card already. Rows of one card are taken one after the other: the earlier one had
// nothing to change then, and must not undo now what the later one says.
func (a rowsApplied) behind(n int, id ClientID) bool {
	for row, e := range a {
		if row > n && e.Record == string(id) {
			return true
		}
	}
	return false
}

// takeOnce writes the lines up to one whose card another of them changes too, and returns how many that were.
func (w *importWorker) takeOnce(ctx context.Context, lines []importLine, applied rowsApplied) (int, error) {
	found, err := w.desk.findCandidates(ctx, w.team, lines)
	if err != nil {
		return 0, err
	}
	var changes []ClientChange
	touched := map[ClientID]bool{}
	done := len(lines)
	for i := range lines {
		l := &lines[i]
		if applied.count(l.n, &w.i.Counts, w.i.Policy) {
			if applied[l.n].Action == ActionAddClient {
				w.i.Made = w.i.Made.Add(blockOf(l.n))
			}
			continue
		}
		v, err := w.settle(ctx, *l, found.judge(*l))
		if err != nil {
			return 0, err
		}
		if v.card != nil && touched[v.card.ID] {
			done = i
			break
		}
		maybe := w.i.Counts.Maybe
		ch, o, err := w.decide(ctx, l, v)
		if err != nil {
			return 0, err
		}
		if ch != nil && o != outcomeNew && applied.behind(l.n, ch.Client.ID) {
			ch, o = nil, outcomeSame
		}
		if ch != nil {
			ch.Event.Likely = w.i.Counts.Maybe > maybe
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
