package webchat

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"kartoteka/bot/sandbox"
)

const (
	maxBody    = 1 << 20   // of a JSON request; Telegram takes texts of a few kB
	maxUpload  = 100 << 20 // of a file; bots cannot fetch more than 20 MB, and should say so
	maxAnswers = 100       // inline answers that can still be picked from
	maxForward = 10 * 365 * 24 * time.Hour
)

// errBad is a request that cannot be meant.
var errBad = errors.New("bad request")

func (c *Chat) route(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/world", get(c.world))
	mux.HandleFunc("GET /api/chat", get(c.screen))
	mux.HandleFunc("GET /api/file", c.file)
	mux.HandleFunc("GET /api/events", c.stream)
	mux.HandleFunc("POST /api/say", as(c, say))
	mux.HandleFunc("POST /api/edit", as(c, edit))
	mux.HandleFunc("POST /api/press", as(c, press))
	mux.HandleFunc("POST /api/contact", as(c, contact))
	mux.HandleFunc("POST /api/users", as(c, c.users))
	mux.HandleFunc("POST /api/place", as(c, place))
	mux.HandleFunc("POST /api/forward", as(c, c.forward))
	mux.HandleFunc("POST /api/upload", c.upload)
	mux.HandleFunc("POST /api/inline", c.inline)
	mux.HandleFunc("POST /api/pick", as(c, c.pick))
	mux.HandleFunc("POST /api/block", as(c, block))
	mux.HandleFunc("POST /api/person", post(c.newPerson))
	mux.HandleFunc("POST /api/clock", post(c.moveClock))
}

func get(f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := f(r)
		answer(w, out, err)
	}
}

// post reads the request's JSON for f.
func post[T any](f func(T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in, err := read[T](w, r)
		if err != nil {
			answer(w, nil, err)
			return
		}
		out, err := f(in)
		answer(w, out, err)
	}
}

// by says who does something, and where; every request of a person embeds it.
type by struct {
	Person int64 `json:"person"`
	Chat   int64 `json:"chat"`  // a group; 0: the private chat with the bot
	Topic  int64 `json:"topic"` // of the group; 0: none
}

func (b by) who() by { return b }

// as has f do what the person asks for, where they look.
func as[T interface{ who() by }](c *Chat, f func(*sandbox.Person, T) (any, error)) http.HandlerFunc {
	return post(func(in T) (any, error) {
		p, err := c.at(in.who())
		if err != nil {
			return nil, err
		}
		return f(p, in)
	})
}

func read[T any](w http.ResponseWriter, r *http.Request) (in T, err error) {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return in, fmt.Errorf("%w: %w", errBad, err)
	}
	return in, nil
}

func answer(w http.ResponseWriter, out any, err error) {
	status := http.StatusOK
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, sandbox.ErrUnknown):
		status = http.StatusNotFound
	case err != nil:
		status = http.StatusBadRequest
	}
	if err != nil {
		out = map[string]string{"error": err.Error()}
	} else if out == nil {
		out = struct{}{}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out) // the browser may be gone: that is its own affair
}

func (c *Chat) person(id int64) (*sandbox.Person, error) {
	if p := c.srv.Person(id); p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%w person %d", sandbox.ErrUnknown, id)
}

// at is the person looking at the chat and topic that are named.
func (c *Chat) at(b by) (*sandbox.Person, error) {
	p, err := c.person(b.Person)
	if err != nil || b.Chat == 0 {
		return p, err
	}
	for _, g := range c.srv.Groups() {
		if g.ID() != b.Chat || !g.Has(p) {
			continue
		}
		for _, t := range g.Topics() {
			if t.ID == b.Topic {
				return p.In(b.Chat).InTopic(t.ID), nil
			}
		}
		if b.Topic == 0 {
			return p.In(b.Chat), nil
		}
	}
	return nil, fmt.Errorf("%w chat %d", sandbox.ErrUnknown, b.Chat)
}

// asked is who and where of a request that is no JSON.
func asked(r *http.Request) by {
	return by{Person: numberOf(r.FormValue("person")), Chat: numberOf(r.FormValue("chat")), Topic: numberOf(r.FormValue("topic"))}
}

// numberOf is the decimal number s, 0 if it is none.
func numberOf(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

type sayIn struct {
	by
	Text  string `json:"text"`
	Reply int64  `json:"reply"`
}

func say(p *sandbox.Person, in sayIn) (any, error) {
	p.Reply(in.Reply, in.Text)
	return nil, nil
}

type editIn struct {
	by
	Message int64  `json:"message"`
	Text    string `json:"text"`
}

func edit(p *sandbox.Person, in editIn) (any, error) {
	p.Edit(in.Message, in.Text)
	return nil, nil
}

type pressIn struct {
	by
	Message int64  `json:"message"`
	Data    string `json:"data"`
}

func press(p *sandbox.Person, in pressIn) (any, error) {
	up, err := p.Press(in.Message, in.Data)
	return map[string]string{"callback": up.CallbackID}, err
}

// upload sends a file.
func (c *Chat) upload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	p, err := c.at(asked(r))
	if err != nil {
		answer(w, nil, err)
		return
	}
	f, head, err := r.FormFile("file")
	if err != nil {
		answer(w, nil, fmt.Errorf("%w: %w", errBad, err))
		return
	}
	defer func() { _ = f.Close() }() // only read
	data, err := io.ReadAll(f)
	if err != nil {
		answer(w, nil, fmt.Errorf("%w: %w", errBad, err))
		return
	}
	p.SendFile(sandbox.FileSpec{
		Kind: sandbox.FileKind(r.FormValue("kind")), Name: head.Filename, Mime: head.Header.Get("Content-Type"), Data: data,
		Caption: r.FormValue("caption"), ReplyTo: numberOf(r.FormValue("reply")),
	})
	answer(w, nil, nil)
}

type clockIn struct {
	By string `json:"by"` // a duration
	To string `json:"to"` // wall time in the zone, or "tomorrow": at 9 o'clock
}

func (c *Chat) moveClock(in clockIn) (any, error) {
	by, err := c.howFar(in)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBad, err)
	}
	if by > maxForward {
		return nil, fmt.Errorf("%w: at most ten years", errBad)
	}
	if err := c.clock.Forward(by); err != nil {
		return nil, err
	}
	now := c.clock.Now().UnixMilli()
	c.tell(event{Kind: "clock", Now: now})
	return map[string]int64{"now": now}, nil
}

// morning is the hour of "tomorrow".
const morning = 9

func (c *Chat) howFar(in clockIn) (time.Duration, error) {
	now := c.clock.Now().In(c.zone)
	switch in.To {
	case "":
		return time.ParseDuration(in.By)
	case "tomorrow":
		return time.Date(now.Year(), now.Month(), now.Day()+1, morning, 0, 0, 0, c.zone).Sub(now), nil
	}
	to, err := time.ParseInLocation(wallTime, in.To, c.zone)
	return to.Sub(now), err
}

// wallTime is how a browser's field for date and time says it.
const wallTime = "2006-01-02T15:04"
