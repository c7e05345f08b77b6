package backup

import (
	"context"
	"fmt"

	"kartoteka/crm"
)

// copyBatch is how many records are written at a time: the larger, the better what they are found by is sorted.
const copyBatch = 10000

// Walk hands over the documents of a base, as crm.Source.Dump does.
type Walk func(ctx context.Context, each func(crm.RecordKind, []byte) error) error

// Copy brings what walk hands over into a sink and returns how many there were. step, which may be nil, is told the number so
// far.
func Copy(ctx context.Context, walk Walk, to crm.Sink, step func(done int)) (crm.Counts, error) {
	c := &copier{to: to, counts: crm.Counts{}, step: step}
	err := walk(ctx, func(kind crm.RecordKind, doc []byte) error { return c.take(ctx, kind, doc) })
	if err == nil {
		err = c.flush(ctx)
	}
	return c.counts, err
}

// copier gathers records until there are enough of them to be written.
type copier struct {
	decoder crm.Decoder
	to      crm.Sink
	batch   []crm.Record
	counts  crm.Counts
	step    func(done int)
}

func (c *copier) take(ctx context.Context, kind crm.RecordKind, doc []byte) error {
	r, err := c.decoder.Record(kind, doc)
	if err != nil {
		return err
	}
	c.counts[kind]++
	if c.batch = append(c.batch, r); len(c.batch) < copyBatch {
		return nil
	}
	return c.flush(ctx)
}

func (c *copier) flush(ctx context.Context) error {
	if err := c.to.Load(ctx, c.batch); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	c.batch = c.batch[:0]
	if c.step != nil {
		c.step(c.counts.Total())
	}
	return nil
}
