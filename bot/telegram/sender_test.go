package telegram

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jonboulle/clockwork"

	"kartoteka/handlers/chat"
)

func testSender(l Limits) *sender {
	return newSender(l, clockwork.NewRealClock(), slog.New(slog.DiscardHandler), nil)
}

// times sends n messages at once and returns when each left, after the start.
func times(s *sender, n int, chatOf func(i int) int64, r rank) []time.Duration {
	start := time.Now()
	var mu sync.Mutex
	var all []time.Duration
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			_ = s.send(context.Background(), chatOf(i), r, func(int64) error {
				mu.Lock()
				defer mu.Unlock()
				all = append(all, time.Since(start))
				return nil
			})
		})
	}
	wg.Wait()
	slices.Sort(all)
	return all
}

func one(int) int64            { return 1 }
func group(int) int64          { return -1 }
func each(i int) int64         { return int64(i + 1) }
func ok(int64) error           { return nil }
func secs(n int) time.Duration { return time.Duration(n) * time.Second }

// within counts the times in the window that starts with each, and returns the most.
func within(all []time.Duration, window time.Duration) int {
	most := 0
	for i := range all {
		n := 0
		for _, t := range all[i:] {
			if t-all[i] < window {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func TestSenderRates(t *testing.T) {
	tests := []struct {
		name   string
		n      int
		chat   func(int) int64
		window time.Duration
		most   int           // in any window
		last   time.Duration // when the last left, at most
		first  time.Duration // the last left no earlier
	}{
		{"burst in a chat is not delayed", 5, one, time.Second, 5, 0, 0},
		{"one a second in a chat", 15, one, 5 * time.Second, 10, secs(11), secs(10)},
		{"twenty a minute in a group", 45, group, time.Minute, 20, secs(122), secs(120)},
		{"thirty a second overall", 300, each, time.Second, 39, secs(10), 9800 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				all := times(testSender(Limits{}), tt.n, tt.chat, rankAnswer)
				if len(all) != tt.n {
					t.Fatalf("%d left, want %d", len(all), tt.n)
				}
				if got := within(all, tt.window); got > tt.most {
					t.Errorf("%d messages within %v, want at most %d", got, tt.window, tt.most)
				}
				if last := all[len(all)-1]; last < tt.first || last > tt.last {
					t.Errorf("last left after %v, want %v to %v", last, tt.first, tt.last)
				}
			})
		})
	}
}

func TestSenderRanks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testSender(Limits{PerSecond: 1, Burst: 1})
		var mu sync.Mutex
		var got []rank
		var wg sync.WaitGroup
		_ = s.send(t.Context(), 99, rankAnswer, ok) // takes the only token
		for i, r := range []rank{rankMailing, rankNotice, rankAnswer, rankMailing, rankNotice, rankAnswer} {
			wg.Go(func() {
				_ = s.send(t.Context(), int64(i+1), r, func(int64) error {
					mu.Lock()
					defer mu.Unlock()
					got = append(got, r)
					return nil
				})
			})
		}
		wg.Wait()
		want := []rank{rankAnswer, rankAnswer, rankNotice, rankNotice, rankMailing, rankMailing}
		if !slices.Equal(got, want) {
			t.Errorf("left by rank %v, want %v", got, want)
		}
	})
}

func TestSenderMailingLeavesRoomForAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testSender(Limits{})
		go times(s, 20, one, rankMailing)
		synctest.Wait()
		if all := times(s, 4, one, rankAnswer); all[3] != 0 {
			t.Errorf("answers left after %v, want all at once", all)
		}
		time.Sleep(time.Minute)
	})
}

// A morning's digests leave at the full rate, and a search that is asked meanwhile is answered at once.
func TestSenderDigestsDelayNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testSender(Limits{})
		go func() {
			all := times(s, 600, each, rankNotice)
			if rate := float64(len(all)) / all[len(all)-1].Seconds(); rate < 28 {
				t.Errorf("digests leave at %.1f a second", rate)
			}
		}()
		for range 5 {
			time.Sleep(3 * time.Second)
			if all := times(s, 2, func(i int) int64 { return int64(1_000_000 + i) }, rankAnswer); all[1] != 0 {
				t.Errorf("answers left after %v, want at once", all)
			}
		}
		time.Sleep(time.Minute)
	})
}

// Somebody who taps on and on is still told what is due.
func TestSenderNoticeComesThroughTapping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testSender(Limits{})
		go times(s, 5, one, rankAnswer)
		synctest.Wait()
		told := make(chan time.Duration, 1)
		go func() { told <- times(s, 1, one, rankNotice)[0] }()
		for range 30 {
			time.Sleep(1100 * time.Millisecond)
			if all := times(s, 1, one, rankAnswer); all[0] > time.Second {
				t.Errorf("an answer waited %v", all[0])
			}
		}
		if d := <-told; d > 7*time.Second {
			t.Errorf("the notice left after %v", d)
		}
	})
}

func TestSenderFIFOWithinChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testSender(Limits{ChatBurst: 1})
		var mu sync.Mutex
		var got []int
		tries := map[int]int{}
		for i := range 5 {
			go func() {
				_ = s.send(t.Context(), 1, rankAnswer, func(int64) error {
					mu.Lock()
					defer mu.Unlock()
					if tries[i]++; i == 0 && tries[i] < 3 {
						return &Error{Class: Flood, RetryAfter: time.Second}
					}
					got = append(got, i)
					return nil
				})
			}()
			synctest.Wait()
		}
		time.Sleep(time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
			t.Errorf("order %v: what was asked to wait was overtaken", got)
		}
	})
}

func TestSenderFlood(t *testing.T) {
	flood := func(s *sender, chat int64, after time.Duration) {
		go func() {
			once := false
			_ = s.send(context.Background(), chat, rankAnswer, func(int64) error {
				if !once {
					once = true
					return &Error{Class: Flood, RetryAfter: after}
				}
				return nil
			})
		}()
		synctest.Wait()
	}
	t.Run("parks that chat only", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := testSender(Limits{})
			flood(s, 1, secs(7))
			if at := times(s, 1, func(int) int64 { return 2 }, rankAnswer)[0]; at != 0 {
				t.Errorf("another chat waited %v", at)
			}
			if at := times(s, 1, one, rankAnswer)[0]; at < secs(7) || at > secs(8) {
				t.Errorf("the chat waited %v, want 7 s", at)
			}
			time.Sleep(time.Minute)
		})
	})
	t.Run("of several chats parks all", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := testSender(Limits{})
			for chat := range int64(globalChats) {
				flood(s, chat+1, secs(7))
			}
			if at := times(s, 1, func(int) int64 { return 50 }, rankAnswer)[0]; at < secs(7) || at > secs(8) {
				t.Errorf("another chat waited %v, want 7 s", at)
			}
			time.Sleep(time.Minute)
		})
	})
	t.Run("longer than the caller has fails at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := testSender(Limits{})
			flood(s, 1, time.Hour)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			start := time.Now()
			err := s.send(ctx, 1, rankAnswer, ok)
			var e *Error
			if !errors.As(err, &e) || e.Class != Flood || e.RetryAfter < 59*time.Minute {
				t.Errorf("got %v, want a flood of an hour", err)
			}
			if time.Since(start) != 0 {
				t.Errorf("waited %v for nothing", time.Since(start))
			}
			time.Sleep(2 * time.Hour)
		})
	})
}

func TestSenderRepeats(t *testing.T) {
	tests := []struct {
		name  string
		err   *Error
		tries int
		want  error // nil: success
	}{
		{"transient is tried again, not for ever", &Error{Class: Transient, Code: 500}, mostTries, &Error{}},
		{"unknown is not repeated", &Error{Class: Unknown}, 1, chat.ErrUnknown},
		{"gone is not repeated", &Error{Class: Gone, Code: 403}, 1, chat.ErrUnreachable},
		{"refused is not repeated", &Error{Class: Refused, Code: 400, Description: "Bad Request: message to edit not found"}, 1, chat.ErrGone},
		{"not modified is success", &Error{Class: Same, Code: 400}, 1, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				err := testSender(Limits{}).send(t.Context(), 1, rankAnswer, func(int64) error { tries++; return tt.err })
				if tries != tt.tries {
					t.Errorf("%d tries, want %d", tries, tt.tries)
				}
				var e *Error
				if tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) && !errors.As(err, &e) {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			})
		})
	}
}

func TestSenderFollowsMigration(t *testing.T) {
	var moves [][2]int64
	s := newSender(Limits{}, clockwork.NewRealClock(), slog.New(slog.DiscardHandler), func(from, to int64) { moves = append(moves, [2]int64{from, to}) })
	var got []int64
	op := func(chat int64) error {
		got = append(got, chat)
		if chat == -5 {
			return &Error{Class: Moved, MigrateTo: -100}
		}
		return nil
	}
	for range 2 {
		if err := s.send(t.Context(), -5, rankAnswer, op); err != nil {
			t.Fatal(err)
		}
	}
	if want := []int64{-5, -100, -100}; !slices.Equal(got, want) {
		t.Errorf("chats %v, want %v", got, want)
	}
	if len(moves) != 1 || moves[0] != [2]int64{-5, -100} {
		t.Errorf("moves told: %v", moves)
	}
}

func TestSenderWithinContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testSender(Limits{ChatBurst: 1, PerChat: 0.1})
		_ = s.send(t.Context(), 1, rankAnswer, ok)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.send(ctx, 1, rankAnswer, ok); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, chat.ErrUnknown) {
			t.Errorf("got %v, want the end of the context, and not unknown", err)
		}
		if n, _ := s.queue(); n != 0 {
			t.Errorf("%d still wait", n)
		}
		time.Sleep(time.Minute)
	})
}

func TestSenderForgetsIdleLanes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testSender(Limits{PerSecond: 1e6, Burst: 1e6})
		times(s, 1000, func(i int) int64 { return int64(i) - 500 }, rankAnswer)
		time.Sleep(3 * time.Minute)
		_ = s.send(t.Context(), 1, rankAnswer, ok)
		if _, lanes := s.queue(); lanes > 1 {
			t.Errorf("%d lanes are kept, want 1", lanes)
		}
	})
}

func TestSenderUnlimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if all := times(testSender(Limits{Unlimited: true}), 1000, one, rankMailing); all[999] != 0 {
			t.Errorf("last left after %v", all[999])
		}
	})
}
