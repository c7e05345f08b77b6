package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"time"

	tele "gopkg.in/telebot.v3"
)

const (
	batchSize    = 100                    // Telegram gives no more
	firstBackoff = 500 * time.Millisecond // after a failed getUpdates; doubled each time
	lastBackoff  = 30 * time.Second
	leastBackoff = 3 * time.Second        // when another program or a webhook takes the updates, or the token is wrong
	confirmLimit = 5 * time.Second        // for the last getUpdates of all
	fewOpen      = batchSize / 4          // updates in hand at which more are asked for
	askAgain     = 700 * time.Millisecond // before the same offset: within half a second Telegram gives one update only (Client.cpp:15713)
)

// pollFunc is telebot's Poller. telebot's channel of updates stays empty: what is put in there counts as handled.
type pollFunc func(stop <-chan struct{})

func (f pollFunc) Poll(_ *tele.Bot, _ chan tele.Update, stop chan struct{}) { f(stop) }

// poller takes updates by getUpdates. It asks for more while some are still being handled, so that a slow one keeps nobody else
// waiting: up to the hundredth behind it, since an answer has no more. It brings those again that are in hand, since what is not
// done with is never confirmed. Its methods run in one goroutine.
type poller struct {
	api     *api
	in      *intake
	timeout time.Duration // of a getUpdates that has nothing to give
	drain   time.Duration // for what is being handled to end after a stop

	offset int64               // the first update that is not confirmed; 0: whatever Telegram keeps
	known  map[int64]*delivery // what the last answer brought, and whatever is open of those before
	open   int                 // how many of these are being handled
	ended  chan ended
}

// ended is what came of an update.
type ended struct {
	id   int64
	done bool
}

func newPoller(api *api, in *intake, timeout, drain time.Duration) *poller {
	return &poller{api: api, in: in, timeout: timeout, drain: drain, known: map[int64]*delivery{}, ended: make(chan ended, batchSize)}
}

// run takes updates until ctx ends; then it lets those in hand end, confirms what was handled and returns.
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
			p.begin(work, batch)
			p.await(ctx)
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
	for p.open > 0 {
		p.note(<-p.ended)
	}
	p.offset = advance(p.offset, p.known)
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

// begin hands those of a batch to their lanes that are not in hand already.
func (p *poller) begin(ctx context.Context, batch []json.RawMessage) {
	before := p.known
	p.known = make(map[int64]*delivery, len(batch)+p.open)
	last := p.offset - 1
	for _, raw := range batch {
		id, ok := peekID(raw)
		if !ok {
			id = last + 1 // ids follow one another; it has to be confirmed somehow
		}
		last = id
		if d := before[id]; d != nil {
			d.again = d.done
			p.known[id] = d
			continue
		}
		p.known[id] = &delivery{again: p.in.seen.has(id)}
		p.open++
		a := p.in.admit(raw, id)
		go func() { p.ended <- ended{id, p.in.take(ctx, a) == nil} }()
	}
	for id, d := range before {
		if !d.ended {
			p.known[id] = d
		}
	}
}

// await returns when it is time to ask again: all is done with, or few are left and the next call confirms something. While
// the first of them takes its time, as soon as Telegram bears to be asked the same.
func (p *poller) await(ctx context.Context) {
	asked := p.offset
	bored := time.NewTimer(askAgain)
	defer bored.Stop()
	for {
		p.offset = advance(asked, p.known)
		if p.open == 0 || p.open <= fewOpen && p.offset != asked {
			return
		}
		select {
		case e := <-p.ended:
			p.note(e)
		case <-bored.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (p *poller) note(e ended) {
	p.open--
	d := p.known[e.id]
	d.ended, d.done = true, e.done
}

// delivery is what became of an update that was brought.
type delivery struct {
	again       bool // it had been handled before it came
	ended, done bool
}

// advance returns the offset after what was brought: past all that is done with, at the first that is not. It goes back only for
// new updates, whose ids jump to a random number after a week of silence; one that was only brought again says nothing.
func advance(offset int64, brought map[int64]*delivery) int64 {
	top, open, jumped := int64(math.MinInt64), int64(math.MaxInt64), false
	for id, d := range brought {
		if !d.done {
			open = min(open, id)
			continue
		}
		top = max(top, id)
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
