package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/crm"
	"kartoteka/handlers/chat"
)

// Handler does what one thing that came in asks for. An error means that it could not, for now: it is called again
// with the same update, a few times. What the person got wrong is not an error. It must bear a repeat.
type Handler func(ctx context.Context, in chat.Incoming) error

const (
	mostAttempts = 3                      // of one update
	firstRetry   = 200 * time.Millisecond // pause before the second; five times that before the third
	handlerGrace = 3 * time.Second        // for a handler to notice that its time is over
	setAsideTry  = 10 * time.Second       // for the store to take one update
	hookLimit    = 10 * time.Second       // for Options.OnGivenUp
)

// Why an update was set aside: crm.StrayUpdate.Reason.
const (
	reasonDecode  = "decode"
	reasonPanic   = "panic"
	reasonFailed  = "failed"
	reasonTimeout = "timeout"
)

// Strays keeps the updates that could not be handled; crm.IntakeStore is one.
type Strays interface {
	SetAside(ctx context.Context, u crm.StrayUpdate) error
}

// intake runs the handler on updates, wherever they come from: each once, in order within a chat, many chats at a
// time.
type intake struct {
	handler Handler
	strays  Strays
	clock   clockwork.Clock
	log     *slog.Logger
	limit   time.Duration // of one handler
	me      func() Me
	givenUp func(ctx context.Context, in chat.Incoming) // may be nil
	moved   func(from, to int64)

	slots chan struct{} // one for each handler that may run
	lanes lanes
	seen  *seen
	begun sync.WaitGroup // handlers that run, also those no longer waited for
	count *intakeCounts
}

// intakeCounts are the figures of all intakes of a bot.
type intakeCounts struct {
	handled, failed, panics, setAside, repeated, pollErrors atomic.Int64
}

// admitted is an update that has its place in its lane.
type admitted struct {
	update
	raw  []byte
	bad  error // it could not be decoded
	turn *ticket
}

// admit decodes an update and gives it its place behind those of its lane that came before.
func (in *intake) admit(raw []byte, id int64) *admitted {
	u, err := decoder{me: in.me(), now: in.clock.Now().UTC()}.decode(raw)
	u.id = id
	return &admitted{update: u, raw: raw, bad: err, turn: in.lanes.join(u.lane)}
}

// take handles the update when its turn has come and returns when it is done with: handled, or set aside. An error means that
// it is not, since ctx ended before, and must come again.
func (in *intake) take(ctx context.Context, a *admitted) error {
	defer in.lanes.leave(a.lane, a.turn)
	a.turn.wait()
	in.slots <- struct{}{}
	defer func() { <-in.slots }()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if in.seen.has(a.id) {
		in.count.repeated.Add(1)
		return nil
	}
	if a.moveTo != 0 {
		in.moved(a.in.Chat.ID, a.moveTo)
	}
	reason, err := "", error(nil)
	switch {
	case a.bad != nil:
		reason = reasonDecode
		in.log.Error("update cannot be decoded", "update", a.id, "error", a.bad)
	case a.serve:
		reason, err = in.attempts(ctx, a)
	}
	if err == nil && reason != "" {
		err = in.giveUp(ctx, a, reason)
	}
	if err != nil {
		return err
	}
	in.count.handled.Add(1)
	in.seen.add(a.id)
	return nil
}

// attempts calls the handler until it is content. The reason says why it never was; the error, that ctx ended before.
func (in *intake) attempts(ctx context.Context, a *admitted) (reason string, err error) {
	wait := firstRetry
	for try := 1; ; try++ {
		reason, err := in.once(ctx, a)
		switch {
		case err == nil:
			return "", nil
		case ctx.Err() != nil:
			return "", ctx.Err() // cut off by the stop
		case reason != reasonFailed:
			return reason, nil
		}
		in.count.failed.Add(1)
		in.log.Warn("handler failed", "update", a.id, "try", try, "error", err)
		if try == mostAttempts {
			return reason, nil
		}
		if err := pause(ctx, wait+jitter(wait/2)); err != nil {
			return "", err
		}
		wait *= 5
	}
}

// once calls the handler and says how it went. A handler that does not return in its time is left to itself: it
// must not hold up everybody else.
func (in *intake) once(ctx context.Context, a *admitted) (reason string, err error) {
	ctx, cancel := context.WithTimeout(ctx, in.limit)
	defer cancel()
	done := make(chan error, 1)
	in.begun.Go(func() { done <- in.call(ctx, a) })
	patience := time.NewTimer(in.limit + handlerGrace)
	defer patience.Stop()
	select {
	case err = <-done:
	case <-patience.C:
		in.log.Error("handler does not stop", "update", a.id)
		return reasonTimeout, context.DeadlineExceeded
	}
	switch {
	case errors.As(err, new(caught)):
		return reasonPanic, err
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		in.log.Error("handler ran out of time", "update", a.id, "error", err)
		return reasonTimeout, err
	}
	return reasonFailed, err
}

// caught is a panic of the handler.
type caught struct{ value any }

func (c caught) Error() string { return fmt.Sprintf("panic: %v", c.value) }

// call calls the handler and turns a panic into an error. The value of the panic may hold personal data: only
// its type and the stack are logged.
func (in *intake) call(ctx context.Context, a *admitted) (err error) {
	defer func() {
		if v := recover(); v != nil {
			in.count.panics.Add(1)
			in.log.Error("handler panicked", "update", a.id, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			err = caught{v}
		}
	}()
	return in.handler(ctx, a.in)
}

// giveUp tells the person, if somebody wants to, and sets the update aside.
func (in *intake) giveUp(ctx context.Context, a *admitted, reason string) error {
	in.tell(ctx, a)
	u := crm.StrayUpdate{ID: a.id, Reason: reason, Raw: a.raw, At: in.clock.Now().UTC().Truncate(time.Millisecond)}
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		err := in.keep(ctx, u)
		if err == nil {
			in.count.setAside.Add(1)
			in.log.Error("update set aside", "update", a.id, "reason", reason)
			return nil
		}
		in.log.Error("update cannot be set aside", "update", a.id, "reason", reason, "error", err)
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

func (in *intake) keep(ctx context.Context, u crm.StrayUpdate) error {
	ctx, cancel := context.WithTimeout(ctx, setAsideTry)
	defer cancel()
	return in.strays.SetAside(ctx, u)
}

func (in *intake) tell(ctx context.Context, a *admitted) {
	if in.givenUp == nil || a.bad != nil {
		return
	}
	defer func() {
		if v := recover(); v != nil {
			in.log.Error("answer to a given-up update panicked", "update", a.id, "type", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, hookLimit)
	defer cancel()
	in.givenUp(ctx, a.in)
}

// drain waits for handlers that still run, for a moment at most.
func (in *intake) drain() {
	done := make(chan struct{})
	go func() { in.begun.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(handlerGrace):
		in.log.Error("handlers still run at the stop")
	}
}
