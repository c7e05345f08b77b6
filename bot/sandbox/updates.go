package sandbox

import (
	"net/http"
	"time"
)

// poll is a getUpdates that waits.
type poll struct {
	wake chan struct{}
	kill chan *apiError
}

// killGrace is how long a poll that is to be ended by another one waits to see that its client is gone.
const killGrace = 50 * time.Millisecond

// getUpdates hands over what is queued, or waits for it up to the timeout (telegram.md 2.4). An offset
// confirms all lower ids; a negative one keeps only the last updates.
func (s *Server) getUpdates(c *call) (any, *apiError) {
	limit := c.clamped("limit", 100, 1, 100)
	timeout := time.Duration(c.clamped("timeout", 0, 0, 50)) * time.Second
	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		return nil, refuse(http.StatusConflict,
			"can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	s.setAllowed(c)
	s.endPoll("terminated by other getUpdates request; make sure that only one bot instance is running")
	offset := c.int64("offset")
	if offset < 0 {
		s.queue.forget(int(-offset))
	} else {
		s.queue.confirm(offset)
	}
	s.queue.expire(s.ages.Now())
	if raw := s.queue.batch(limit); raw != nil || timeout == 0 || s.closed {
		s.mu.Unlock()
		return updatesJSON(raw), nil
	}
	me := &poll{wake: make(chan struct{}, 1), kill: make(chan *apiError, 1)}
	s.poll = me
	s.mu.Unlock()
	return s.waitUpdates(c, me, limit, timeout)
}

// waitUpdates waits until there is something to hand over.
func (s *Server) waitUpdates(c *call, me *poll, limit int, timeout time.Duration) (any, *apiError) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	var raw []byte
	for raw == nil {
		select {
		case <-me.wake:
			s.mu.Lock()
			if s.poll == me {
				s.queue.expire(s.ages.Now())
				raw = s.queue.batch(limit)
			}
			s.mu.Unlock()
			continue
		case err := <-me.kill:
			wait(c.ctx, killGrace)
			return nil, err
		case <-timer.C:
		case <-c.ctx.Done():
		case <-s.done:
		}
		break
	}
	s.mu.Lock()
	if s.poll == me {
		s.poll = nil
	}
	s.mu.Unlock()
	return updatesJSON(raw), nil
}

func updatesJSON(raw []byte) rawJSON {
	if raw == nil {
		return rawJSON("[]")
	}
	return raw
}

// endPoll ends the waiting getUpdates, if any, with 409: the older one gets it (Client.cpp:15754). s.mu is held.
func (s *Server) endPoll(why string) {
	if s.poll != nil {
		s.poll.kill <- refuse(http.StatusConflict, "%s", why)
		s.poll = nil
	}
}

// setAllowed takes allowed_updates: absent or unreadable keeps what was, an empty list is the default
// (Client.cpp:16889-16929). It does not touch what is queued already. s.mu is held.
func (s *Server) setAllowed(c *call) {
	var kinds []string
	if ok, err := c.json("allowed_updates", &kinds); !ok || err != nil {
		return
	}
	if len(kinds) == 0 {
		s.queue.allowed = nil
		return
	}
	s.queue.allowed = make(map[string]bool, len(kinds))
	for _, k := range kinds {
		s.queue.allowed[k] = true
	}
}
