package backup

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"kartoteka/crm"
)

// copyBatch is how many records are written at a time: the larger, the better what they are found by is sorted.
const copyBatch = 10000

// Walk hands over the documents of a base, as crm.Source.Dump does.
type Walk func(ctx context.Context, each func(crm.RecordKind, []byte) error) error

// Copy brings what walk hands over into a sink and returns how many there were. step, which may be nil, is told the number
// written so far. While one batch is written the next is read.
func Copy(ctx context.Context, walk Walk, to crm.Sink, step func(done int)) (crm.Counts, error) {
	batches := make(chan []crm.Record)
	r := reader{batches: batches, counts: crm.Counts{}}
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		defer close(batches)
		err := walk(ctx, func(kind crm.RecordKind, doc []byte) error { return r.take(ctx, kind, doc) })
		if err == nil {
			err = r.pass(ctx)
		}
		return err
	})
	both.Go(func() error {
		done := 0
		for batch := range batches {
			if err := to.Load(ctx, batch); err != nil {
				return fmt.Errorf("write: %w", err)
			}
			if done += len(batch); step != nil {
				step(done)
			}
		}
		return nil
	})
	err := both.Wait()
	return r.counts, err
}

// reader gathers records until there are enough of them to be written.
type reader struct {
	decoder crm.Decoder
	batch   []crm.Record
	batches chan<- []crm.Record
	counts  crm.Counts
}

func (r *reader) take(ctx context.Context, kind crm.RecordKind, doc []byte) error {
	record, err := r.decoder.Record(kind, doc)
	if err != nil {
		return err
	}
	r.counts[kind]++
	if r.batch = append(r.batch, record); len(r.batch) < copyBatch {
		return nil
	}
	return r.pass(ctx)
}

// pass gives the batch to whoever writes.
func (r *reader) pass(ctx context.Context) error {
	select {
	case r.batches <- r.batch:
		r.batch = nil
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
