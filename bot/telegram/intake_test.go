package telegram

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kartoteka/bot/sandbox"
	"kartoteka/handlers/chat"
)

func TestRunHandlesInOrderWithinChat(t *testing.T) {
	r := newRig(t)
	var mu sync.Mutex
	got := map[int64][]int{}
	var last sandbox.Update
	for i := range 150 { // more than a batch, so in parallel with each other
		r.boris.Say(strconv.Itoa(i))
		last = r.anna.Say(strconv.Itoa(i))
	}
	r.run(func(_ context.Context, in chat.Incoming) error {
		n, _ := strconv.Atoi(in.Text)
		if n%7 == 0 {
			time.Sleep(time.Millisecond)
		}
		mu.Lock()
		defer mu.Unlock()
		got[in.From.ID] = append(got[in.From.ID], n)
		return nil
	})
	r.handled(last)
	r.finish()
	for id, list := range got {
		if !slices.IsSorted(list) || len(list) != 150 {
			t.Errorf("chat %d: %d updates, order %v", id, len(list), list)
		}
	}
}

func TestRunIsParallelAcrossChats(t *testing.T) {
	r := newRig(t)
	both := make(chan struct{}, 2)
	gate := make(chan struct{})
	r.anna.Say("a")
	u := r.boris.Say("b")
	r.run(func(ctx context.Context, _ chat.Incoming) error {
		both <- struct{}{}
		select {
		case <-gate:
		case <-ctx.Done():
		}
		return nil
	})
	for range 2 {
		select {
		case <-both:
		case <-time.After(3 * time.Second):
			t.Fatal("one chat waits for the other")
		}
	}
	close(gate)
	r.handled(u)
}

// A slow update keeps those waiting that came in the same chat after it, and nobody else, though Telegram brings it again and again.
func TestRunTakesMoreBesideASlowOne(t *testing.T) {
	r := newRig(t)
	gate, begun, others := make(chan struct{}), make(chan struct{}), make(chan string, 2)
	var h recorder
	r.run(func(ctx context.Context, in chat.Incoming) error {
		switch {
		case in.Text == "slow":
			close(begun) // a second time panics
			<-gate
		case in.From.ID == r.boris.ID():
			others <- in.Text
		}
		return h.handle(ctx, in)
	})
	slow := r.anna.Say("slow")
	<-begun
	after := r.anna.Say("after")
	for _, text := range []string{"1", "2"} {
		r.boris.Say(text)
		select {
		case <-others:
		case <-time.After(4 * time.Second):
			t.Fatal("one chat waits for the other")
		}
	}
	close(gate)
	r.handled(slow)
	r.handled(after)
	if got := h.texts(); !slices.Equal(got, []string{"1", "2", "slow", "after"}) {
		t.Errorf("handled %v", got)
	}
	if n := r.bot.Stats().Repeated; n != 0 {
		t.Errorf("%d count as repeated, though the bot asked for them", n)
	}
}

func TestRunSkipsWhatCameBefore(t *testing.T) {
	r := newRig(t)
	var h recorder
	r.run(h.handle)
	first, second := r.anna.Say("1"), r.anna.Say("2")
	r.handled(second)
	if err := r.srv.Redeliver(first.ID); err != nil {
		t.Fatal(err)
	}
	r.handled(first)
	r.handled(r.anna.Say("3"))
	if got := h.texts(); !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("handled %v, want each once", got)
	}
	if n := r.bot.Stats().Repeated; n != 1 {
		t.Errorf("repeated %d, want 1", n)
	}
}

func TestRunPassesPoison(t *testing.T) {
	r := newRig(t)
	var h recorder
	r.run(h.handle)
	r.handled(r.anna.Say("before"))
	for _, poison := range []string{
		`{"message":{"message_id":"x"}}`,
		`{"message":{"message_id":1,"chat":[]}}`,
		`{"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"from":{"id":7},"photo":[]}}`,
		`{"message_reaction_count":{"reactions":[]}}`,
	} {
		u, err := r.srv.InjectRaw(poison)
		if err != nil {
			t.Fatal(err)
		}
		r.handled(u)
	}
	r.handled(r.anna.Say("after"))
	if got := h.texts(); !slices.Equal(got, []string{"before", "after"}) {
		t.Errorf("handled %v", got)
	}
	if got := r.strays.reasons(); !slices.Equal(got, []string{"decode", "decode"}) {
		t.Errorf("set aside %v, want two that cannot be decoded", got)
	}
}

func TestRunGivesUp(t *testing.T) {
	tests := []struct {
		name    string
		handler func(ctx context.Context, calls int) error
		calls   int
		reason  string // "": handled
	}{
		{"panic", func(context.Context, int) error { panic("Анна Карпова") }, 1, "panic"},
		{"fails always", func(context.Context, int) error { return errors.New("no") }, mostAttempts, "failed"},
		{"fails once", func(_ context.Context, n int) error {
			if n == 1 {
				return errors.New("no")
			}
			return nil
		}, 2, ""},
		{"runs out of time", func(ctx context.Context, _ int) error { <-ctx.Done(); return ctx.Err() }, 1, "timeout"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			told := make(chan chat.Incoming, 10)
			r := newRig(t, func(o *Options) {
				o.HandlerLimit = 300 * time.Millisecond
				o.OnGivenUp = func(_ context.Context, in chat.Incoming) { told <- in }
			})
			calls := 0
			var h recorder
			r.run(func(ctx context.Context, in chat.Incoming) error {
				if in.Text != "bad" {
					return h.handle(ctx, in)
				}
				calls++
				return tt.handler(ctx, calls)
			})
			r.anna.Say("bad")
			r.handled(r.anna.Say("next"))
			r.finish()
			var want []string
			if tt.reason != "" {
				want = []string{tt.reason}
			}
			if got := r.strays.reasons(); !slices.Equal(got, want) || calls != tt.calls || len(told) != len(want) {
				t.Errorf("set aside %v after %d calls, told %d; want %v after %d", got, calls, len(told), want, tt.calls)
			}
			if got := h.texts(); !slices.Equal(got, []string{"next"}) {
				t.Errorf("after it: %v", got)
			}
			if strings.Contains(r.log.String(), "Карпова") {
				t.Errorf("the log holds a name:\n%s", r.log.String())
			}
		})
	}
}

func TestRunKeepsWhatCannotBeSetAside(t *testing.T) {
	r := newRig(t)
	r.strays.down = 1
	r.run(func(context.Context, chat.Incoming) error { panic("x") })
	r.handled(r.anna.Say("bad"))
	if got := r.strays.reasons(); len(got) != 1 {
		t.Errorf("set aside %v, want one, after the store came back", got)
	}
}

func TestStopConfirmsExactlyWhatWasHandled(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Drain = time.Second })
	var h recorder
	inside := make(chan struct{})
	quick := r.boris.Say("quick")
	running := r.anna.Say("running")
	stuck := r.anna.Say("stuck")
	r.run(func(ctx context.Context, in chat.Incoming) error {
		switch in.Text {
		case "running":
			close(inside)
			time.Sleep(50 * time.Millisecond) // ends within the drain, though the stop has come
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if _, err := r.bot.Messenger().Send(ctx, in.Chat.ID, chat.Screen{Text: "sent"}); err != nil {
				return err
			}
		case "stuck":
			<-ctx.Done()
			return ctx.Err()
		}
		return h.handle(ctx, in)
	})
	<-inside
	later := r.anna.Say("later")
	r.finish()
	r.handled(quick)
	r.handled(running)
	if got := h.texts(); !slices.Equal(got, []string{"quick", "running"}) {
		t.Errorf("handled %v", got)
	}
	if got := r.anna.Last().Text; got != "sent" {
		t.Errorf("on the screen %q: a send was cut off by the stop", got)
	}
	if len(r.strays.reasons()) != 0 {
		t.Errorf("set aside %v, want nothing: it comes again", r.strays.reasons())
	}
	// The next start gets the rest, and nothing else.
	var next recorder
	r.run(next.handle)
	r.handled(stuck)
	r.handled(later)
	if got := next.texts(); !slices.Equal(got, []string{"stuck", "later"}) {
		t.Errorf("the next start gets %v", got)
	}
}

func TestStopWhileIdleIsQuick(t *testing.T) {
	r := newRig(t)
	var h recorder
	r.run(h.handle)
	r.handled(r.anna.Say("a"))
	start := time.Now()
	r.finish()
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

func TestPollErrorsDoNotSpin(t *testing.T) {
	for _, kind := range []sandbox.FaultKind{sandbox.ServerError, sandbox.BadGateway, sandbox.ResetBefore, sandbox.ResetAfter, sandbox.TooMany} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.srv.Faults(1, sandbox.Fault{Kind: kind, Method: "getUpdates", Count: 1})
			var h recorder
			r.run(h.handle)
			r.handled(r.anna.Say("a"))
			if n := r.bot.Stats().PollErrors; n != 1 {
				t.Errorf("%d failed polls, want 1", n)
			}
		})
	}
	for _, class := range []Class{Conflict, Unauthorized, Transient, Unknown} {
		for n := 1; n < 100; n++ {
			if d := backoff(&Error{Class: class}, n); d < firstBackoff/2 || d > 2*lastBackoff {
				t.Errorf("backoff(%v, %d) = %v", class, n, d)
			}
		}
	}
}

func TestWrongToken(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Token = "1000:wrong-secret" })
	if err := r.bot.Run(t.Context(), (&recorder{}).handle); !errors.Is(err, ErrToken) {
		t.Errorf("got %v, want ErrToken", err)
	}
}

func TestConnectWaitsForTelegram(t *testing.T) {
	r := newRig(t)
	r.srv.Faults(1, sandbox.Fault{Kind: sandbox.BadGateway, Method: "getMe", Count: 1})
	me, err := r.bot.Connect(t.Context())
	if err != nil || me.Username != "kartoteka_bot" || r.bot.Me() != me {
		t.Errorf("got %+v, %v", me, err)
	}
}

func TestAdvance(t *testing.T) {
	done, again, open := &delivery{done: true}, &delivery{done: true, again: true}, &delivery{}
	tests := []struct {
		name    string
		offset  int64
		brought map[int64]*delivery
		want    int64
	}{
		{"nothing", 5, nil, 5},
		{"all done", 0, map[int64]*delivery{5: done, 6: done}, 7},
		{"the first is not", 5, map[int64]*delivery{5: open, 6: done}, 5},
		{"one between is not", 5, map[int64]*delivery{5: done, 6: open, 7: done}, 6},
		{"an old one again", 10, map[int64]*delivery{3: again}, 10},
		{"an old one again, with new ones", 10, map[int64]*delivery{10: done, 11: done, 3: again}, 12},
		{"ids jumped back", 1000, map[int64]*delivery{5: done, 6: done}, 7},
		{"nothing done", 5, map[int64]*delivery{5: open}, 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := advance(tt.offset, tt.brought); got != tt.want {
				t.Errorf("advance(%d) = %d, want %d", tt.offset, got, tt.want)
			}
		})
	}
}

func TestSeenForgetsTheOldest(t *testing.T) {
	s := newSeen()
	for id := range int64(remembered + 10) {
		s.add(id)
		s.add(id)
	}
	if s.has(9) || !s.has(10) || !s.has(remembered+9) || len(s.ids) != remembered {
		t.Errorf("9: %v, 10: %v, %d ids", s.has(9), s.has(10), len(s.ids))
	}
}

func TestLanesKeepOrder(t *testing.T) {
	var l lanes
	var got []string
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 100 {
		key := int64(i % 3)
		ticket := l.join(key)
		wg.Go(func() {
			ticket.wait()
			mu.Lock()
			got = append(got, fmt.Sprintf("%d:%02d", key, i))
			mu.Unlock()
			l.leave(key, ticket)
		})
	}
	wg.Wait()
	slices.SortStableFunc(got, func(a, b string) int { return int(a[0]) - int(b[0]) })
	if !slices.IsSorted(got) || len(l.last) != 0 {
		t.Errorf("%d lanes left, order %v", len(l.last), got)
	}
}
