package webchat

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestClockRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(time.Hour)
		begin := c.Now()
		if ahead := time.Until(begin); ahead != time.Hour {
			t.Errorf("ahead by %v, want 1h", ahead)
		}
		c.Sleep(3 * time.Second)
		if took := c.Since(begin); took != 3*time.Second {
			t.Errorf("3 s took %v", took)
		}
		if left := c.Until(begin.Add(time.Minute)); left != 57*time.Second {
			t.Errorf("%v are left, want 57s", left)
		}
	})
}

func TestClockForwardFires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(0)
		begin := time.Now()
		timer, later := c.NewTimer(time.Hour), c.NewTimer(3*time.Hour)
		called := make(chan time.Time, 1)
		c.AfterFunc(time.Hour, func() { called <- c.Now() })
		if err := c.Forward(59 * time.Minute); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		select {
		case <-timer.Chan():
			t.Fatal("fired a minute early")
		default:
		}
		if err := c.Forward(time.Hour); err != nil {
			t.Fatal(err)
		}
		<-timer.Chan()
		<-called
		if real := time.Since(begin); real != 0 {
			t.Errorf("firing took %v of real time", real)
		}
		<-later.Chan()
		if real := time.Since(begin); real != 61*time.Minute {
			t.Errorf("the rest took %v, want 1h1m", real)
		}
		if err := c.Forward(-time.Second); !errors.Is(err, ErrBack) {
			t.Errorf("back: %v", err)
		}
		if got := c.Offset(); got != 119*time.Minute {
			t.Errorf("offset %v, want 1h59m", got)
		}
	})
}

func TestClockStopAndReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(0)
		timer := c.NewTimer(time.Minute)
		if !timer.Stop() || timer.Stop() {
			t.Error("the first Stop must find it running, the second not")
		}
		if timer.Reset(time.Minute) {
			t.Error("Reset found a stopped timer running")
		}
		<-timer.Chan()
		timer.Reset(time.Minute)
		_ = c.Forward(2 * time.Minute)
		synctest.Wait()
		timer.Reset(time.Hour) // what fired and was not taken is dropped
		select {
		case <-timer.Chan():
			t.Error("an old tick came after Reset")
		default:
		}
		timer.Stop()
		if len(c.waiting) != 0 {
			t.Errorf("%d still wait", len(c.waiting))
		}
	})
}

func TestClockTickerMakesUpOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewClock(0)
		tick := c.NewTicker(time.Minute)
		for range 3 {
			<-tick.Chan()
		}
		_ = c.Forward(10*time.Minute + 30*time.Second)
		begin := time.Now()
		<-tick.Chan()
		if real := time.Since(begin); real != 0 {
			t.Errorf("the missed tick took %v", real)
		}
		<-tick.Chan()
		if real := time.Since(begin); real != time.Minute {
			t.Errorf("the next tick took %v, want 1m", real)
		}
		tick.Reset(time.Second)
		<-tick.Chan()
		if real := time.Since(begin); real != 61*time.Second {
			t.Errorf("after Reset the tick took %v, want 1m1s", real)
		}
		tick.Stop()
		time.Sleep(time.Minute)
		select {
		case <-tick.Chan():
			t.Error("ticks after Stop")
		default:
		}
	})
}
