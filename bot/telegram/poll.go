package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"sync"
	"time"

	tele "gopkg.in/telebot.v3"
)

const (
	batchSize    = 100                    // Telegram gives no more
	firstBackoff = 500 * time.Millisecond // after a failed getUpdates; doubled each time
	lastBackoff  = 30 * time.Second
	leastBackoff = 3 * time.Second // when another program or a webhook takes the updates, or the token is wrong
	confirmLimit = 5 * time.Second // for the last getUpdates of all
)

// pollFunc is telebot's Poller. telebot's channel of updates stays empty: what is put in there counts as handled.
type pollFunc func(stop <-chan struct{})

func (f pollFunc) Poll(_ *tele.Bot, _ chan tele.Update, stop chan struct{}) { f(stop) }

// poller takes updates by getUpdates, a batch at a time: the next is asked for, and this one thereby
// confirmed, when each of its updates is done with.
type poller struct {
	api     *api
	in      *intake
	timeout time.Duration // of a getUpdates that has nothing to give
	drain   time.Duration // for the batch to end after a stop

	offset int64 // the first update that is not confirmed; 0: whatever Telegram keeps
}

// run takes updates until ctx ends; then it lets the batch in hand end, confirms what was handled and returns.
func (p *poller) run(ctx context.Context) {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer context.AfterFunc(ctx, func() {
		select {
		case <-time.After(p.drain):
			cut()
		case <-work.Done():
		}
	})()
	failures := 0
	for ctx.Err() == nil {
		batch, err := p.fetch(ctx, batchSize, p.timeout)
		if err == nil {
			failures = 0
			p.handle(work, batch)
			continue
		}
		if ctx.Err() != nil {
			break
		}
		failures++
		p.in.count.pollErrors.Add(1)
		wait := backoff(err, failures)
		p.in.log.Warn("updates cannot be fetched", "failures", failures, "wait", wait, "error", err)
		_ = pause(ctx, wait) // the loop sees the stop
	}
	p.confirm(work)
	cut()
	p.in.drain()
}

// pause waits in real time, as all does that concerns the connection and not the conversation; it fails with ctx's end.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// backoff returns how long to wait after so many failures in a row.
func backoff(err error, failures int) time.Duration {
	wait := min(firstBackoff<<min(failures-1, 10), lastBackoff)
	var e *Error
	if errors.As(err, &e) {
		switch e.Class {
		case Conflict, Unauthorized:
			wait = max(wait, leastBackoff)
		case Flood:
			return e.RetryAfter + jitter(wait)
		}
	}
	return wait/2 + jitter(wait)
}

// fetch asks for updates from the offset on, raw: one that cannot be decoded must not spoil the rest.
func (p *poller) fetch(ctx context.Context, limit int, timeout time.Duration) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout+callLimit)
	defer cancel()
	var batch []json.RawMessage
	err := p.api.call(ctx, "getUpdates", struct {
		Offset  int64    `json:"offset,omitempty"`
		Limit   int      `json:"limit"`
		Timeout int      `json:"timeout"`
		Allowed []string `json:"allowed_updates"`
	}{p.offset, limit, int(timeout / time.Second), allowedUpdates}, &batch)
	return batch, err
}

// handle handles a batch and moves the offset past the updates that are done with, up to the first that is not.
func (p *poller) handle(ctx context.Context, batch []json.RawMessage) {
	done := make([]delivery, len(batch))
	var wg sync.WaitGroup
	last := p.offset - 1
	for i, raw := range batch {
		id, ok := peekID(raw)
		if !ok {
			id = last + 1 // ids follow one another; it has to be confirmed somehow
		}
		last = id
		done[i] = delivery{id: id, again: p.in.seen.has(id)}
		a := p.in.admit(raw, id)
		wg.Go(func() { done[i].done = p.in.take(ctx, a) == nil })
	}
	wg.Wait()
	p.offset = advance(p.offset, done)
}

// delivery is what became of an update of a batch.
type delivery struct {
	id          int64
	again, done bool
}

// advance returns the offset after a batch: past all that is done with, at the first that is not. It goes back only for new
// updates, whose ids jump to a random number after a week of silence; one that was only brought again says nothing.
func advance(offset int64, batch []delivery) int64 {
	top, open, jumped := int64(math.MinInt64), int64(math.MaxInt64), false
	for _, d := range batch {
		if !d.done {
			open = min(open, d.id)
			continue
		}
		top = max(top, d.id)
		jumped = jumped || !d.again
	}
	if next := min(top+1, open); top != math.MinInt64 && (next > offset || jumped) {
		return next
	}
	return offset
}

// confirm tells Telegram what was handled, for the next start.
func (p *poller) confirm(ctx context.Context) {
	if p.offset == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), confirmLimit)
	defer cancel()
	if _, err := p.fetch(ctx, 1, 0); err != nil {
		p.in.log.Warn("last updates are not confirmed and will come again", "error", err)
	}
}
