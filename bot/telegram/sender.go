package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jonboulle/clockwork"
	"golang.org/x/time/rate"
)

const (
	mostTries     = 5                      // of one message, floods included
	firstPause    = 300 * time.Millisecond // after a transient failure; doubled each time
	longestPause  = 10 * time.Second
	sweepEvery    = time.Minute      // idle lanes are dropped
	globalWithin  = 2 * time.Second  // floods of globalChats different chats within it are taken for a global one:
	globalChats   = 3                // Telegram does not say which it is
	longestGlobal = 30 * time.Second // a wrong guess must not silence the bot for long
	mostMoves     = 1000             // migrated groups that are remembered
	longestYield  = 5 * time.Second  // then a notice takes what its chat has left, though somebody taps on and on
)

// sender is the one gate of everything that leaves. It owns no goroutine: whoever wants to send waits
// for a turn and makes the call itself. Between two calls to one chat the order is that of the turns.
type sender struct {
	limits  Limits
	clock   clockwork.Clock
	log     *slog.Logger
	onMoved func(from, to int64)

	mu      sync.Mutex
	overall *rate.Limiter
	parked  time.Time       // nothing leaves before
	lanes   map[int64]*lane // chat → its rates
	waiting []*turn         // by rank, then by number
	number  int64
	timer   clockwork.Timer // calls pump when the next turn may be ready
	swept   time.Time
	floods  map[int64]time.Time // chat → its last flood, within globalWithin
	moved   map[int64]int64     // old id of a group → new id

	sent, flooded, unknown, retried, unreachable atomic.Int64
}

// turn is a wait for the leave to send one message.
type turn struct {
	chat   int64
	rank   rank
	number int64
	since  time.Time     // of waiting
	leave  chan struct{} // closed when it may go
}

func newSender(l Limits, clock clockwork.Clock, log *slog.Logger, onMoved func(from, to int64)) *sender {
	l = l.withDefaults()
	return &sender{
		limits: l, clock: clock, log: log, onMoved: onMoved,
		overall: rate.NewLimiter(rate.Limit(l.PerSecond), l.Burst),
		lanes:   map[int64]*lane{}, floods: map[int64]time.Time{}, moved: map[int64]int64{},
		swept: clock.Now(),
	}
}

// send waits for the chat's turn and calls op with the chat's present id; again after a flood or a transient failure,
// within ctx and mostTries. It returns nil also if the message shows that already.
func (s *sender) send(ctx context.Context, chat int64, r rank, op func(chat int64) error) error {
	return s.repeat(ctx, &turn{chat: chat, rank: r}, op)
}

// direct calls op at once: for what Telegram does not count (answers to presses and inline queries, reads).
func (s *sender) direct(ctx context.Context, op func() error) error {
	return s.repeat(ctx, nil, func(int64) error { return op() })
}

// repeat calls op until it is done or there is no use in going on. t is nil for direct calls.
func (s *sender) repeat(ctx context.Context, t *turn, op func(chat int64) error) error {
	var last error // of the try before
	for try := 1; ; try++ {
		chat, err := s.wait(ctx, t)
		if err != nil {
			return cmp.Or(last, err)
		}
		err = op(chat)
		var e *Error
		if err == nil || !errors.As(err, &e) {
			s.count(t, nil, err)
			return err
		}
		pause, again := s.judge(t, e, try)
		if e.Class == Same {
			return nil
		}
		if !again || try == mostTries || pause > remaining(ctx) {
			return err
		}
		s.retried.Add(1)
		if t == nil && s.sleep(ctx, pause) != nil {
			return err
		}
		last = err
	}
}

// remaining returns how long ctx will last.
func remaining(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	switch {
	case ctx.Err() != nil:
		return 0
	case ok:
		return time.Until(deadline)
	}
	return math.MaxInt64
}

// judge notes the outcome of a try and returns whether to try again, and after what pause. A chat's pause is
// kept by its lane, so that nothing else to it overtakes.
func (s *sender) judge(t *turn, e *Error, try int) (pause time.Duration, again bool) {
	s.count(t, e, e)
	switch e.Class {
	case Flood:
		pause = e.RetryAfter + jitter(100*time.Millisecond)
		s.log.Warn("telegram asks to wait", "method", e.Method, "retry_after", e.RetryAfter)
		if t != nil {
			s.flood(t.chat, pause)
		}
		return pause, true
	case Transient:
		pause = min(firstPause<<(try-1), longestPause)
		pause = pause/2 + jitter(pause)
		if t != nil {
			s.park(t.chat, pause)
		}
		return pause, true
	case Moved:
		if t != nil && t.chat != e.MigrateTo {
			s.move(t.chat, e.MigrateTo)
			return 0, true
		}
	}
	return 0, false
}

// count keeps the figures. Only messages count as sent.
func (s *sender) count(t *turn, e *Error, err error) {
	switch {
	case err == nil && t != nil, e != nil && e.Class == Same:
		s.sent.Add(1)
	case e == nil:
	case e.Class == Flood:
		s.flooded.Add(1)
	case e.Class == Unknown:
		s.unknown.Add(1)
		s.log.Warn("no answer to a call", "method", e.Method)
	case e.Class == Gone:
		s.unreachable.Add(1)
	}
}

// wait returns the chat's present id when t may go. It fails with ctx's end, or at once if the chat is parked until after it.
func (s *sender) wait(ctx context.Context, t *turn) (int64, error) {
	if t == nil || ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if err := s.enqueue(ctx, t); err != nil {
		return 0, err
	}
	select {
	case <-t.leave:
		return t.chat, nil
	case <-ctx.Done():
		return t.chat, s.quit(t, ctx.Err())
	}
}

// enqueue puts t where it belongs by rank and number; a repeat keeps its number.
func (s *sender) enqueue(ctx context.Context, t *turn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to, ok := s.moved[t.chat]; ok {
		t.chat = to
	}
	now := s.clock.Now()
	if t.number == 0 {
		s.number++
		t.number, t.since = s.number, now
	}
	parked := s.laneOf(t.chat).parked
	if s.parked.After(parked) {
		parked = s.parked
	}
	if wait := parked.Sub(now); wait > remaining(ctx) {
		return &Error{Method: "wait", Class: Flood, RetryAfter: wait}
	}
	t.leave = make(chan struct{})
	at, _ := slices.BinarySearchFunc(s.waiting, t, before)
	s.waiting = slices.Insert(s.waiting, at, t)
	s.pump(now)
	return nil
}

func before(a, b *turn) int {
	if a.rank != b.rank {
		return int(a.rank - b.rank)
	}
	return int(a.number - b.number)
}

// quit gives up waiting; a leave that has just been given is used.
func (s *sender) quit(t *turn, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.waiting, t)
	if i < 0 {
		return nil
	}
	s.waiting = slices.Delete(s.waiting, i, i+1)
	return fmt.Errorf("telegram: not sent, still waiting for a turn: %w", err)
}

// pump lets go all that may go now, first come first served within a rank, and sets the timer for the next. mu is held.
func (s *sender) pump(now time.Time) {
	var next time.Time
	soonest := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	kept := s.waiting[:0]
	for i, t := range s.waiting {
		if gate := s.gate(now, t.rank); gate.After(now) { // and what comes behind may go no sooner
			soonest(gate)
			kept = append(kept, s.waiting[i:]...)
			break
		}
		if at := s.readyAt(now, t); at.After(now) {
			soonest(at)
			kept = append(kept, t)
			continue
		}
		close(t.leave)
	}
	clear(s.waiting[len(kept):])
	s.waiting = kept
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if !next.IsZero() {
		s.timer = s.clock.AfterFunc(next.Sub(now), s.tick)
	}
	if now.Sub(s.swept) >= sweepEvery {
		s.sweep(now)
	}
}

// gate returns when the sender as a whole may send something of this rank. mu is held.
func (s *sender) gate(now time.Time, r rank) time.Time {
	if s.parked.After(now) {
		return s.parked
	}
	if s.limits.Unlimited {
		return now
	}
	return now.Add(waitFor(s.overall, now, min(1+r.spare(), float64(s.limits.Burst))))
}

// readyAt returns when t may go as far as its chat is concerned, and takes its tokens if that is now. mu is held.
func (s *sender) readyAt(now time.Time, t *turn) time.Time {
	n := s.laneOf(t.chat)
	if s.limits.Unlimited {
		return n.parked
	}
	at := n.ready(now, t.rank.spare())
	if patient := t.since.Add(longestYield); at.After(patient) {
		at = later(patient, n.ready(now, 0))
	}
	if !at.After(now) {
		n.take(now)
		s.overall.AllowN(now, 1)
	}
	return at
}

func (s *sender) tick() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pump(s.clock.Now())
}

func (s *sender) laneOf(chat int64) *lane {
	n := s.lanes[chat]
	if n == nil {
		n = newLane(s.limits, chat)
		s.lanes[chat] = n
	}
	return n
}

func (s *sender) sweep(now time.Time) {
	s.swept = now
	for chat, n := range s.lanes {
		if n.idle(now) {
			delete(s.lanes, chat)
		}
	}
}

// park holds the chat's messages back.
func (s *sender) park(chat int64, pause time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if until := s.clock.Now().Add(pause); until.After(s.laneOf(chat).parked) {
		s.laneOf(chat).parked = until
	}
}

// flood parks the chat, and the whole sender if several chats were refused at the same time.
func (s *sender) flood(chat int64, pause time.Duration) {
	s.park(chat, pause)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	for c, at := range s.floods {
		if now.Sub(at) > globalWithin {
			delete(s.floods, c)
		}
	}
	s.floods[chat] = now
	if len(s.floods) >= globalChats {
		if until := now.Add(min(pause, longestGlobal)); until.After(s.parked) {
			s.parked = until
		}
	}
}

// move remembers that the group lives on under another id.
func (s *sender) move(from, to int64) {
	s.mu.Lock()
	if len(s.moved) >= mostMoves {
		clear(s.moved)
	}
	_, known := s.moved[from]
	s.moved[from] = to
	s.mu.Unlock()
	if !known && s.onMoved != nil {
		s.onMoved(from, to)
	}
}

// sleep waits by the clock; it fails with ctx's end.
func (s *sender) sleep(ctx context.Context, d time.Duration) error {
	timer := s.clock.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.Chan():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func jitter(most time.Duration) time.Duration { return rand.N(most) + 1 }

// queue returns how many wait for their turn, and how many chats' rates are kept.
func (s *sender) queue() (waiting, lanes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting), len(s.lanes)
}
