package webchat

import (
	"errors"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
)

// ErrBack says that the clock was asked to go back: what was planned and sent would come again.
var ErrBack = errors.New("webchat: the clock only goes forward")

// Clock runs as the real one does, ahead of it by an offset. Moving it forward fires at once what waits for
// a time that has passed by that; a ticker that missed several ticks makes up for them with one, as after a machine's
// sleep.
type Clock struct {
	mu      sync.Mutex
	offset  time.Duration
	waiting map[*waiter]bool
}

var _ clockwork.Clock = (*Clock)(nil)

// NewClock makes a clock that is so far ahead of the real one.
func NewClock(offset time.Duration) *Clock {
	return &Clock{offset: offset, waiting: map[*waiter]bool{}}
}

// Offset is how far the clock is ahead of the real one.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Forward moves the clock; ErrBack if d is negative.
func (c *Clock) Forward(d time.Duration) error {
	if d < 0 {
		return ErrBack
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
	for w := range c.waiting {
		w.arm()
	}
	return nil
}

// Now is the time of this clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return time.Now().Add(c.offset) }

// Since is the time from t to now.
func (c *Clock) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

// Until is the time from now to t.
func (c *Clock) Until(t time.Time) time.Duration { return t.Sub(c.Now()) }

// Sleep waits for d to pass on this clock.
func (c *Clock) Sleep(d time.Duration) { <-c.After(d) }

// After is NewTimer's channel.
func (c *Clock) After(d time.Duration) <-chan time.Time { return c.NewTimer(d).Chan() }

// NewTimer fires once, when d has passed on this clock.
func (c *Clock) NewTimer(d time.Duration) clockwork.Timer {
	w := &waiter{clock: c, ch: make(chan time.Time, 1)}
	w.Reset(d)
	return w
}

// AfterFunc calls f in a goroutine of its own when d has passed on this clock.
func (c *Clock) AfterFunc(d time.Duration, f func()) clockwork.Timer {
	w := &waiter{clock: c, call: f}
	w.Reset(d)
	return w
}

// NewTicker fires every d; it panics if d is not positive, as time.NewTicker does.
func (c *Clock) NewTicker(d time.Duration) clockwork.Ticker {
	t := ticker{&waiter{clock: c, ch: make(chan time.Time, 1)}}
	t.Reset(d)
	return t
}

// waiter waits for a time of the clock. All but clock, ch and call is guarded by clock.mu.
type waiter struct {
	clock *Clock
	ch    chan time.Time
	call  func()
	at    time.Time
	every time.Duration // of a ticker
	real  *time.Timer
}

// Chan is where the time comes.
func (w *waiter) Chan() <-chan time.Time { return w.ch }

// Stop reports whether the waiter was still to fire. What fired already and was not taken is dropped.
func (w *waiter) Stop() bool {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	return w.stop()
}

func (w *waiter) stop() bool {
	was := w.clock.waiting[w]
	delete(w.clock.waiting, w)
	if w.real != nil {
		w.real.Stop()
	}
	select {
	case <-w.ch: // as channels of the time package do since Go 1.23
	default:
	}
	return was
}

// Reset begins anew with d.
func (w *waiter) Reset(d time.Duration) bool {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	was := w.stop()
	w.at = w.clock.now().Add(d)
	w.clock.waiting[w] = true
	w.arm()
	return was
}

// arm sets the real timer to what is left. clock.mu is held.
func (w *waiter) arm() {
	left := max(w.at.Sub(w.clock.now()), 0)
	if w.real == nil {
		w.real = time.AfterFunc(left, w.fire)
		return
	}
	w.real.Reset(left)
}

// fire may come too early or twice, when it runs while the waiter is set anew: what counts is the time.
func (w *waiter) fire() {
	w.clock.mu.Lock()
	defer w.clock.mu.Unlock()
	if !w.clock.waiting[w] {
		return
	}
	now := w.clock.now()
	if w.at.After(now) {
		w.arm()
		return
	}
	if w.every > 0 {
		if w.at = w.at.Add(w.every); !w.at.After(now) {
			w.at = now.Add(w.every)
		}
		w.arm()
	} else {
		delete(w.clock.waiting, w)
	}
	if w.call != nil {
		go w.call()
		return
	}
	select {
	case w.ch <- now:
	default: // the last one was not taken yet
	}
}

// ticker is a waiter that goes on.
type ticker struct{ w *waiter }

// Chan is where the ticks come.
func (t ticker) Chan() <-chan time.Time { return t.w.ch }

// Stop ends the ticks.
func (t ticker) Stop() { t.w.Stop() }

// Reset begins anew with another period.
func (t ticker) Reset(d time.Duration) {
	if d <= 0 {
		panic("webchat: the period of a ticker must be positive")
	}
	t.w.clock.mu.Lock()
	t.w.every = d
	t.w.clock.mu.Unlock()
	t.w.Reset(d)
}
