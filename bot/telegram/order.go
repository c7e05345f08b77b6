package telegram

import "sync"

// lanes keeps updates of one key in the order in which they joined. The zero value is ready.
type lanes struct {
	mu   sync.Mutex
	last map[int64]*ticket // key → who joined last
}

// ticket is a place in a lane.
type ticket struct {
	ahead <-chan struct{} // closed when the one before has left; nil: there is none
	left  chan struct{}
}

// join takes the place behind all that joined under the key before. Each ticket must wait and then leave.
func (l *lanes) join(key int64) *ticket {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &ticket{left: make(chan struct{})}
	if before := l.last[key]; before != nil {
		t.ahead = before.left
	}
	if l.last == nil {
		l.last = map[int64]*ticket{}
	}
	l.last[key] = t
	return t
}

// wait returns when it is the ticket's turn. Those ahead are bounded in time, so it is too.
func (t *ticket) wait() {
	if t.ahead != nil {
		<-t.ahead
	}
}

func (l *lanes) leave(key int64, t *ticket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(t.left)
	if l.last[key] == t {
		delete(l.last, key)
	}
}

// remembered is how many ids of handled updates are known: update ids jump to a random value after a
// week of silence, so "greater than the last" would not do.
const remembered = 10_000

// seen is a set of the last ids that were added.
type seen struct {
	mu   sync.Mutex
	ids  map[int64]struct{}
	ring []int64
	next int // place of the oldest in ring, once it is full
}

func newSeen() *seen { return &seen{ids: make(map[int64]struct{})} }

func (s *seen) has(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.ids[id]
	return ok
}

func (s *seen) add(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.ids[id]; ok {
		return
	}
	s.ids[id] = struct{}{}
	if len(s.ring) < remembered {
		s.ring = append(s.ring, id)
		return
	}
	delete(s.ids, s.ring[s.next])
	s.ring[s.next] = id
	s.next = (s.next + 1) % remembered
}
