package export

import (
	"context"
	"encoding/json"
	"fmt"

	"kartoteka/crm"
)

// records writes each client with all that hangs on the card: as .jsonl a line each, as .json one object. Each file is whole by itself.
func (w *writer) recordFiles(ctx context.Context) error {
	head, err := json.Marshal(w.t.Head())
	if err != nil {
		return fmt.Errorf("write a record: %w", err)
	}
	begin := append(head, '\n')
	w.between, w.tail = []byte("\n"), []byte("\n")
	if w.format == crm.ExportJSON {
		begin = fmt.Appendf(nil, "%s,%q:[\n", head[:len(head)-1], crm.ExportContent)
		w.between, w.tail = []byte(",\n"), []byte("\n]}\n")
	}
	w.head = func() []byte { return begin }
	err = w.t.Clients(ctx, func(c crm.Client) error {
		raw, err := w.record(ctx, c)
		if err != nil {
			return err
		}
		w.wrote()
		return w.add(ctx, raw)
	})
	if err != nil {
		return err
	}
	return w.end(ctx)
}

func (w *writer) record(ctx context.Context, c crm.Client) ([]byte, error) {
	r := crm.RecordOf(c, w.members[c.Owner])
	err := w.t.HistoryOf(ctx, c, func(t crm.Touch) error {
		r.History = append(r.History, crm.TouchRecord(t, w.members))
		return nil
	})
	if err != nil {
		return nil, err
	}
	tasks, err := w.t.TasksOf(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		r.Tasks = append(r.Tasks, crm.TaskRecord(t, w.members[t.Assignee]))
	}
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("write a record: %w", err)
	}
	return raw, nil
}
