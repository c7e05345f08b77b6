package sandbox

import (
	"math"
	"time"
)

// Telegram's rates as its FAQ gives them (telegram.md 2.3). Edits count like messages.
const (
	chatRate     = 1.0  // messages a second in one chat
	chatBurst    = 5.0  // "bursts tolerated"
	totalRate    = 30.0 // messages a second in all
	groupMinute  = 20   // messages a minute in one group
	minuteWindow = int64(time.Minute)
)

// bucket is a token bucket; its zero value is full.
type bucket struct {
	used float64 // tokens taken and not yet grown back
	at   time.Time
}

// wait is how long until a token is there; 0 if one is.
func (b *bucket) wait(now time.Time, rate, burst float64) time.Duration {
	b.used = math.Max(0, b.used-now.Sub(b.at).Seconds()*rate)
	b.at = now
	if b.used+1 <= burst {
		return 0
	}
	return time.Duration((b.used + 1 - burst) / rate * float64(time.Second))
}

type flood struct{ total bucket }

// pace refuses with 429 what comes too fast, by the passed clock.
func (s *Server) pace(c *call) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := s.find(c.params["chat_id"])
	if ch == nil {
		return nil
	}
	now := s.clock.Now()
	pause := max(s.flood.total.wait(now, totalRate, totalRate), ch.pace.wait(now, chatRate, chatBurst))
	if ch.group != nil {
		pause = max(pause, ch.minuteWait(now))
	}
	if pause > 0 {
		return tooMany(int(math.Ceil(pause.Seconds())))
	}
	s.flood.total.used++
	ch.pace.used++
	if ch.group != nil {
		ch.minute = append(ch.minute, now.UnixNano())
	}
	return nil
}

// minuteWait is how long until a group has room in its minute.
func (ch *chat) minuteWait(now time.Time) time.Duration {
	from := now.UnixNano() - minuteWindow
	for len(ch.minute) > 0 && ch.minute[0] <= from {
		ch.minute = ch.minute[1:]
	}
	if len(ch.minute) < groupMinute {
		return 0
	}
	return time.Duration(ch.minute[0] - from)
}
