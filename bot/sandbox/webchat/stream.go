package webchat

import (
	"fmt"
	"net/http"
	"reflect"
	"time"
)

const (
	// streamBuffer is how far a page may lag behind with our own events; then its stream ends and it begins anew.
	streamBuffer = 64
	// lookEvery is how often a stream looks for refused calls, of which the server does not tell. A comment is sent
	// then too: writing to a page that has gone ends the stream.
	lookEvery = 2 * time.Second
)

// stream tells one page what happens, until it goes or the server is closed.
func (c *Chat) stream(w http.ResponseWriter, r *http.Request) {
	theirs, cancel := c.srv.Subscribe()
	defer cancel()
	ours := c.listen()
	defer c.unlisten(ours)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	send := func(e event) bool {
		_, err := fmt.Fprintf(w, "data: %s\n\n", e.json())
		return err == nil && out.Flush() == nil
	}
	known := c.refused()
	alive := send(event{Kind: "hello"})
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for alive {
		select {
		case e, open := <-theirs:
			alive = open && send(c.event(e))
		case e, open := <-ours:
			alive = open && send(e)
		case <-look.C:
			_, err := fmt.Fprint(w, ": here\n\n")
			alive = err == nil && out.Flush() == nil
		case <-r.Context().Done():
			return
		}
		if now := c.refused(); alive && !reflect.DeepEqual(now, known) {
			known = now
			alive = send(event{Kind: "refused", Refused: &now})
		}
	}
}

func (c *Chat) listen() chan event {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan event, streamBuffer)
	c.streams[ch] = true
	return ch
}

func (c *Chat) unlisten(ch chan event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.streams, ch)
}

// tell sends an event of our own to all pages.
func (c *Chat) tell(e event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for ch := range c.streams {
		select {
		case ch <- e:
		default:
			delete(c.streams, ch)
			close(ch)
		}
	}
}
