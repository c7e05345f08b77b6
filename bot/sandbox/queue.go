package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

const (
	maxUpdate   = 64 << 10 // a larger update is dropped (Client.cpp:16979-16988)
	maxBatch    = 4 << 20  // a getUpdates answer holds about 4 MB (telegram.md 2.4)
	keptHistory = 1000     // updates kept for Redeliver without a journal
)

// dayLife is how long an update waits for the bot if lifetimes say nothing else (Client.cpp:17053).
const dayLife = 24 * time.Hour

// lifetimes say how long some kinds of updates wait for the bot (Client.cpp:17062-17353).
var lifetimes = map[string]time.Duration{
	"callback_query":       150 * time.Second,
	"inline_query":         30 * time.Second,
	"chosen_inline_result": 600 * time.Second,
	"shipping_query":       150 * time.Second,
	"pre_checkout_query":   150 * time.Second,
}

// unasked are the kinds that an empty allowed_updates leaves out (Bot API getUpdates).
var unasked = map[string]bool{"chat_member": true, "message_reaction": true, "message_reaction_count": true}

// queued is an update on its way to the bot.
type queued struct {
	ID     int64     `json:"id"`
	Kind   string    `json:"kind"`
	Key    int64     `json:"key"` // the chat or person: a webhook gets one at a time of each
	Raw    []byte    `json:"raw"`
	Born   time.Time `json:"born"`
	again  bool      // a repeat: not confirmed by a higher offset until it was handed over
	given  bool
	busy   bool // a webhook is handling it
	done   bool
	tries  int
	notYet time.Time // real time of the next try
}

// queue holds what the bot has not confirmed.
type queue struct {
	next    int64
	items   []*queued // by id
	repeats []*queued
	allowed map[string]bool // nil: the default set
	pending map[int64]int   // update id → how many of it are unconfirmed
	dropped map[int64]error // update id → why it never came
	waiting map[int64][]chan error
	history map[int64]*queued // for Redeliver
	all     bool              // keep all history
	soonest time.Time         // nothing in the queue expires before
	swept   bool              // nothing in the queue is done
}

func (q *queue) init(first int64, all bool) {
	q.next, q.all = first, all
	q.pending = map[int64]int{}
	q.dropped = map[int64]error{}
	q.waiting = map[int64][]chan error{}
	q.history = map[int64]*queued{}
}

func (q *queue) wants(kind string) bool {
	if q.allowed == nil {
		return !unasked[kind]
	}
	return q.allowed[kind]
}

// push queues an update {"update_id":N, kind: payload} and wakes the bot. Its id is 0 if the bot does not want
// the kind. s.mu is held.
func (s *Server) push(kind string, key int64, payload any) Update {
	if !s.queue.wants(kind) {
		return Update{Kind: kind}
	}
	body := rawOf(payload)
	raw := make([]byte, 0, len(body)+len(kind)+40)
	raw = append(raw, `{"update_id":`...)
	raw = strconv.AppendInt(raw, s.queue.next, 10)
	raw = append(append(append(raw, `,"`...), kind...), `":`...)
	raw = append(append(raw, body...), '}')
	return s.pushRaw(kind, key, raw)
}

func (s *Server) pushRaw(kind string, key int64, raw []byte) Update {
	q := &s.queue
	u := &queued{ID: q.next, Kind: kind, Key: key, Raw: raw, Born: s.ages.Now()}
	q.next++
	if len(raw) > maxUpdate {
		q.dropped[u.ID] = ErrDropped
		return Update{ID: u.ID, Kind: kind}
	}
	if end := u.expires(); end.Before(q.soonest) {
		q.soonest = end
	}
	q.items = append(q.items, u)
	q.pending[u.ID]++
	q.history[u.ID] = u
	if !q.all {
		delete(q.history, u.ID-keptHistory)
	}
	s.wake()
	return Update{ID: u.ID, Kind: kind}
}

// wake tells whoever carries updates to the bot that there are some. s.mu is held.
func (s *Server) wake() {
	if s.poll != nil {
		signal(s.poll.wake)
	}
	if s.hook != nil {
		signal(s.hook.wake)
	}
}

func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default: // it is awake already
	}
}

// settle marks one delivery as over: confirmed (nil) or never to come.
func (q *queue) settle(u *queued, why error) {
	if u.done {
		return
	}
	u.done, q.swept = true, false
	if why != nil {
		q.dropped[u.ID] = why
	} else {
		delete(q.dropped, u.ID)
	}
	if q.pending[u.ID]--; q.pending[u.ID] > 0 {
		return
	}
	delete(q.pending, u.ID)
	for _, ch := range q.waiting[u.ID] {
		ch <- why
	}
	delete(q.waiting, u.ID)
}

// confirm settles all that the bot has seen: ids below offset, and repeats that were handed over.
func (q *queue) confirm(offset int64) {
	defer func(swept bool) { q.swept = swept }(q.swept) // what is settled here leaves the queue at once
	n := 0
	for n < len(q.items) && q.items[n].ID < offset {
		q.settle(q.items[n], nil)
		n++
	}
	q.items = q.items[n:]
	rest := q.repeats[:0]
	for _, u := range q.repeats {
		if u.given && u.ID < offset {
			q.settle(u, nil)
			continue
		}
		rest = append(rest, u)
	}
	q.repeats = rest
}

// forget drops all but the last n (a negative offset, or drop_pending_updates).
func (q *queue) forget(keep int) {
	n := max(len(q.items)-keep, 0)
	for _, u := range q.items[:n] {
		q.settle(u, ErrDropped)
	}
	q.items = q.items[n:]
	for _, u := range q.repeats {
		q.settle(u, ErrDropped)
	}
	q.repeats = nil
}

// expire drops what outlived its lifetime, and what a webhook has finished.
//
// A long queue is walked only if there is something to find.
func (q *queue) expire(now time.Time) {
	if q.swept && now.Before(q.soonest) {
		return
	}
	q.soonest, q.swept = now.Add(dayLife), true
	q.items = q.alive(q.items, now)
	q.repeats = q.alive(q.repeats, now)
}

// expires is when the update outlives its lifetime.
func (u *queued) expires() time.Time {
	life, ok := lifetimes[u.Kind]
	if !ok {
		life = dayLife
	}
	return u.Born.Add(life)
}

func (q *queue) alive(list []*queued, now time.Time) []*queued {
	gone := 0
	for _, u := range list {
		end := u.expires()
		if !u.done && !u.busy && !now.Before(end) {
			q.settle(u, ErrExpired)
		}
		if u.done {
			gone++
		} else if end.Before(q.soonest) {
			q.soonest = end
		}
	}
	if gone == 0 {
		return list
	}
	rest := make([]*queued, 0, len(list)-gone)
	for _, u := range list {
		if !u.done {
			rest = append(rest, u)
		}
	}
	return rest
}

// batch joins up to limit updates into a JSON array.
func (q *queue) batch(limit int) []byte {
	if len(q.items) == 0 && len(q.repeats) == 0 {
		return nil
	}
	var b bytes.Buffer
	n := 0
	for _, list := range [...][]*queued{q.items, q.repeats} {
		for _, u := range list {
			if n == limit || b.Len()+len(u.Raw) > maxBatch {
				break
			}
			b.WriteByte(",["[btoi(n == 0)])
			b.Write(u.Raw)
			u.given = true
			n++
		}
	}
	b.WriteByte(']')
	return b.Bytes()
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// WaitHandled returns when the bot has confirmed the update: by a getUpdates with a higher offset, or by
// answering the webhook with 2xx. All that the handler sent is on the screen by then. It fails with
// ErrNotQueued, ErrExpired or ErrDropped if the update never reached the bot, ErrUnknown if there is no such
// update, ErrClosed, or the error of ctx.
func (s *Server) WaitHandled(ctx context.Context, updateID int64) error {
	s.mu.Lock()
	q := &s.queue
	var err error
	switch {
	case updateID == 0:
		err = ErrNotQueued
	case updateID < s.opts.FirstUpdate || updateID >= q.next:
		err = fmt.Errorf("%w update %d", ErrUnknown, updateID)
	case q.dropped[updateID] != nil:
		err = q.dropped[updateID]
	case s.closed && q.pending[updateID] > 0:
		err = ErrClosed
	}
	if err != nil || q.pending[updateID] == 0 {
		s.mu.Unlock()
		return err
	}
	ch := make(chan error, 1)
	q.waiting[updateID] = append(q.waiting[updateID], ch)
	s.mu.Unlock()
	select {
	case err := <-ch:
		return err
	case <-ctx.Done():
		return fmt.Errorf("update %d is not handled: %w", updateID, ctx.Err())
	}
}

func (q *queue) closeWaiters() {
	for id, list := range q.waiting {
		for _, ch := range list {
			ch <- ErrClosed
		}
		delete(q.waiting, id)
	}
}

// Redeliver sends an update once more, unchanged, as Telegram does when a confirmation was lost. It fails with
// ErrUnknown if the update is not kept (without a journal only the last 1,000 are).
func (s *Server) Redeliver(updateID int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.queue.history[updateID]
	if old == nil {
		return fmt.Errorf("%w update %d", ErrUnknown, updateID)
	}
	u := &queued{ID: old.ID, Kind: old.Kind, Key: old.Key, Raw: old.Raw, Born: old.Born, again: true}
	s.queue.repeats = append(s.queue.repeats, u)
	s.queue.swept = false
	s.queue.pending[u.ID]++
	s.wake()
	return nil
}

// InjectRaw queues an update made by hand: fields is the JSON object without update_id, and may hold what no
// program expects. The first field names the kind. It fails if fields is no JSON object.
func (s *Server) InjectRaw(fields string) (Update, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(fields), &object); err != nil {
		return Update{}, fmt.Errorf("inject update: %w", err)
	}
	kind := firstKey(fields)
	s.mu.Lock()
	defer s.mu.Unlock()
	raw := strconv.AppendInt([]byte(`{"update_id":`), s.queue.next, 10)
	if len(object) > 0 {
		raw = append(raw, ',')
	}
	inner := bytes.TrimLeft(bytes.TrimSpace([]byte(fields)), "{")
	return s.pushRaw(kind, 0, append(raw, inner...)), nil
}

func firstKey(object string) string {
	d := json.NewDecoder(bytes.NewReader([]byte(object)))
	for range 2 {
		if t, err := d.Token(); err == nil {
			if key, ok := t.(string); ok {
				return key
			}
		}
	}
	return ""
}
