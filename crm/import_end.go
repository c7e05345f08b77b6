package crm

import (
	"context"
	"strings"
)

// ImportUndoDays is for how many days an import can be taken back.
const ImportUndoDays = 7

// maxKept is how many of the cards that an undone import leaves are named.
const maxKept = 50

// joinWords is a folded name again.
func joinWords(words []string) string { return strings.Join(words, " ") }

// note counts what became of a line and why.
func (w *importWorker) note(l *importLine, o outcome) {
	o.addTo(&w.i.Counts)
	switch o {
	case outcomeAsked:
		w.i.Asked = w.i.Asked.Add(l.n)
	case outcomeRefused:
		if w.i.Refused == nil {
			w.i.Refused = map[string]Run{}
		}
		for _, why := range l.problems {
			w.i.Refused[why] = w.i.Refused[why].Add(l.n)
		}
	}
}

// fail ends an import that cannot go on; what it has taken stays.
func (w *importWorker) fail(ctx context.Context, problem string) error {
	if w.i.Begun.IsZero() { // what was counted is of the check: nothing is in the base
		w.i.Counts, w.i.Refused = ImportCounts{}, nil
	}
	w.i.State, w.i.Problem, w.i.Ended = ImportFailed, problem, w.desk.now()
	return w.end(ctx)
}
