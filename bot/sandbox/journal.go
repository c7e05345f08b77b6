package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

const keptRefusals = 1000 // without a journal

// Call is one call of the bot, as the journal keeps it.
type Call struct {
	Seq         int64
	At          time.Time // by Options.Clock
	Method      string
	Chat        int64
	MessageID   int64             // the message that was sent or edited, 0 if none
	Params      map[string]string // nil without a journal
	Unknown     []string          // parameters that the method does not have (the real server ignores them)
	Status      int               // HTTP status of the answer as it was meant, before a fault hit it
	Description string            // of a refusal
	RetryAfter  int
	Fault       FaultKind // the injected fault, if any
}

// Done says whether the call was carried out, whatever the bot heard of it.
func (c Call) Done() bool { return c.Status == http.StatusOK }

type journal struct {
	full    bool
	seq     int64
	calls   []Call
	refused []Call
}

// record books a call. It returns true if it was a poll whose client is gone: no one waits for the answer.
func (s *Server) record(c *call, err *apiError, fault FaultKind) bool {
	polling := c.method.name == "getUpdates"
	if polling && err != nil && c.ctx != nil && c.ctx.Err() != nil {
		return true
	}
	if err == nil && (polling || !s.journal.full) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	j := &s.journal
	j.seq++
	entry := Call{
		Seq: j.seq, At: s.clock.Now(), Method: c.method.name, Chat: c.chatID, MessageID: c.sent,
		Status: http.StatusOK, Fault: fault,
	}
	if err != nil {
		entry.Status, entry.Description, entry.RetryAfter = err.code, err.description, err.retryAfter
	}
	if j.full {
		entry.Params = c.params
		entry.Unknown = c.unknown()
		j.calls = append(j.calls, entry)
	}
	if err != nil && err.code < 500 && (fault == "" || fault == ResetAfter || fault == Slow) {
		j.refused = append(j.refused, entry)
		if !j.full && len(j.refused) > 2*keptRefusals {
			j.refused = slices.Clone(j.refused[len(j.refused)-keptRefusals:])
		}
	}
	return false
}

// unknown are the parameters that the facts do not list.
func (c *call) unknown() []string {
	if c.method.facts == nil {
		return nil
	}
	var names []string
	for name := range c.params {
		if c.method.facts.Fields[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Calls are all calls in order, but for getUpdates that went well. Empty without a journal.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copyCalls(s.journal.calls)
}

// Refused are the calls that were refused with 4xx by the rules, not by an injected fault. A scenario that does not
// expect a refusal fails on any.
func (s *Server) Refused() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copyCalls(s.journal.refused)
}

// Unchanged reports whether the call was refused since the message shows that already, as after a second press on a button. It is among
// the Refused; a bot that does not look at each message before it edits one need not avoid it.
func (c Call) Unchanged() bool { return strings.Contains(c.Description, notModified) }

// ForgetCalls empties the journal.
func (s *Server) ForgetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal.calls, s.journal.refused = nil, nil
}

func copyCalls(calls []Call) []Call {
	out := slices.Clone(calls)
	for i := range out {
		out[i].Params = maps.Clone(out[i].Params)
	}
	return out
}
