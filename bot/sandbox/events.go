package sandbox

// Event is something that changed on somebody's screen.
type Event struct {
	Kind     string   // message, edited, deleted, toast, action, reaction, pinned, member, commands
	Chat     int64    // where
	Person   int64    // for whom: toast
	Message  *Message // message, edited, deleted, reaction, pinned; not to be changed
	Answer   *Answer  // toast
	Callback string   // toast: callback_query.id
	Text     string   // action: the chat action
}

// eventBuffer is how far a subscriber may lag behind.
const eventBuffer = 1024

type hub struct {
	subs   map[chan Event]bool
	closed bool
}

// Subscribe delivers events from now on, until cancel is called. A subscriber that lags 1,024 events behind is cut
// off: its channel is closed, and it should read the screens anew.
func (s *Server) Subscribe() (events <-chan Event, cancel func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ch := make(chan Event, eventBuffer)
	if s.events.closed {
		close(ch)
		return ch, func() {}
	}
	if s.events.subs == nil {
		s.events.subs = map[chan Event]bool{}
	}
	s.events.subs[ch] = true
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.events.drop(ch)
	}
}

// publish hands the event to all. Server.mu is held.
func (h *hub) publish(e Event) {
	for ch := range h.subs {
		select {
		case ch <- e:
		default:
			h.drop(ch)
		}
	}
}

func (h *hub) drop(ch chan Event) {
	if h.subs[ch] {
		delete(h.subs, ch)
		close(ch)
	}
}

func (h *hub) close() {
	h.closed = true
	for ch := range h.subs {
		h.drop(ch)
	}
}
