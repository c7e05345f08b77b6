package telegram

import (
	"time"

	"golang.org/x/time/rate"
)

// Limits are the rates of the sender. A zero field takes its default: what Telegram asks for in its bot FAQ (30 a second,
// one a second a chat, 20 a minute a group), a little less, since what leaves evenly arrives unevenly.
// An edit counts like a message (levlam, tdlib/td#3034).
type Limits struct {
	PerSecond      float64 // messages a second, all chats together; default 29.5: what Telegram takes is 30
	Burst          int     // that may go at once, all chats together; default 10
	PerChat        float64 // messages a second in one chat; default 0.95
	ChatBurst      int     // that may go at once in one chat; default 5: a manager's tapping is not delayed
	PerGroupMinute int     // messages in any minute in one group; default 20
	Unlimited      bool    // no rates at all, for benchmarks and the sandbox; refusals are still obeyed
}

// groupWindow is the minute of PerGroupMinute, with room for messages that take different times to arrive.
const groupWindow = time.Minute + 500*time.Millisecond

func (l Limits) withDefaults() Limits {
	if l.PerSecond == 0 {
		l.PerSecond = 29.5
	}
	if l.Burst == 0 {
		l.Burst = 10
	}
	if l.PerChat == 0 {
		l.PerChat = 0.95
	}
	if l.ChatBurst == 0 {
		l.ChatBurst = 5
	}
	if l.PerGroupMinute == 0 {
		l.PerGroupMinute = 20
	}
	return l
}

// Rank orders what waits to leave: people first.
type rank int

const (
	rankAnswer  rank = iota // to somebody who has just done something
	rankNotice              // a reminder, a digest
	rankMailing             // to many
)

// spare is how many tokens, of a chat and of all, a message of this rank leaves for those before it, so that
// reminders do not make a person's next tap wait.
func (r rank) spare() float64 { return float64(2 * r) }

// lane is what is known of the rates of one chat.
type lane struct {
	tokens *rate.Limiter
	parked time.Time   // nothing leaves before
	minute []time.Time // of a group: when the last messages left, a ring
	next   int         // place of the oldest in minute
}

func newLane(l Limits, chat int64) *lane {
	n := &lane{tokens: rate.NewLimiter(rate.Limit(l.PerChat), l.ChatBurst)}
	if chat < 0 { // groups have negative ids
		n.minute = make([]time.Time, l.PerGroupMinute)
	}
	return n
}

// ready returns when a message that leaves so much spare may leave: now or later.
func (n *lane) ready(now time.Time, spare float64) time.Time {
	at := later(now, n.parked)
	need := min(1+spare, float64(n.tokens.Burst()))
	if wait := waitFor(n.tokens, now, need); wait > 0 && now.Add(wait).After(at) {
		at = now.Add(wait)
	}
	if len(n.minute) > 0 && !n.minute[n.next].IsZero() {
		if free := n.minute[n.next].Add(groupWindow); free.After(at) {
			at = free
		}
	}
	return at
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// take notes that a message leaves.
func (n *lane) take(now time.Time) {
	n.tokens.AllowN(now, 1)
	if len(n.minute) > 0 {
		n.minute[n.next] = now
		n.next = (n.next + 1) % len(n.minute)
	}
}

// idle reports whether forgetting the lane changes nothing.
func (n *lane) idle(now time.Time) bool {
	if n.parked.After(now) || n.tokens.TokensAt(now) < float64(n.tokens.Burst()) {
		return false
	}
	for _, t := range n.minute {
		if !t.IsZero() && now.Sub(t) < groupWindow {
			return false
		}
	}
	return true
}

// waitFor returns how long it takes until the limiter holds n tokens; 0: it does. Rounded up to a
// millisecond, since the limiter counts in floating point.
func waitFor(l *rate.Limiter, now time.Time, n float64) time.Duration {
	missing := n - l.TokensAt(now)
	if missing <= 1e-9 {
		return 0
	}
	wait := time.Duration(missing / float64(l.Limit()) * float64(time.Second))
	return wait.Truncate(time.Millisecond) + time.Millisecond
}
