package sandbox

import (
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The faults.
const (
	TooMany     FaultKind = "429"          // 429 with retry_after; nothing is stored
	ServerError FaultKind = "500"          // 500 as JSON; nothing is stored
	BadGateway  FaultKind = "502"          // 502 with an HTML page; nothing is stored
	ResetBefore FaultKind = "reset-before" // the connection is reset, nothing is stored
	ResetAfter  FaultKind = "reset-after"  // the call is carried out, then the connection is reset
	Slow        FaultKind = "slow"         // the call is carried out, the answer comes after Delay of real time
)

// Fault is a rule for calls that go wrong. The first rule that applies wins.
type Fault struct {
	Kind        FaultKind
	Method      string        // "": any but getUpdates
	Chat        int64         // 0: any
	Skip        int           // let so many matching calls pass first
	Count       int           // then spoil so many; 0: no end
	Probability float64       // of each; 0: always
	RetryAfter  int           // seconds, for TooMany; default 1
	Delay       time.Duration // for Slow
}

// name is the kind, "" for no fault.
func (f *Fault) name() FaultKind {
	if f == nil {
		return ""
	}
	return f.Kind
}

type faults struct {
	rules []*faultRule
	dice  *rand.Rand
}

type faultRule struct {
	Fault
	seen, hit int
}

// Faults sets the rules in place of those before; without rules nothing goes wrong. Probabilities are drawn from
// the seed, so that a run can be repeated.
func (s *Server) Faults(seed uint64, rules ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = faults{dice: rand.New(rand.NewPCG(seed, seed))}
	for _, r := range rules {
		s.faults.rules = append(s.faults.rules, &faultRule{Fault: r})
	}
}

// FaultsHit is how many calls each rule has spoiled, in the order of the rules.
func (s *Server) FaultsHit() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	var hits []int
	for _, r := range s.faults.rules {
		hits = append(hits, r.hit)
	}
	return hits
}

// faultFor finds the fault that strikes the call, nil if none.
func (s *Server) faultFor(c *call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.faults.rules {
		if r.Method != c.method.name && (r.Method != "" || c.method.name == "getUpdates") {
			continue
		}
		if r.Chat != 0 && r.Chat != c.chatID || r.Count > 0 && r.hit >= r.Count {
			continue
		}
		if r.seen++; r.seen <= r.Skip {
			continue
		}
		if r.Probability > 0 && s.faults.dice.Float64() >= r.Probability {
			continue
		}
		r.hit++
		return &r.Fault
	}
	return nil
}

// spoilBefore answers a call that is not to be carried out; false if it is to be.
func (s *Server) spoilBefore(w http.ResponseWriter, c *call, f *Fault) bool {
	switch f.Kind {
	case TooMany:
		e := tooMany(max(f.RetryAfter, 1))
		s.record(c, e, f.Kind)
		writeError(w, e)
	case ServerError:
		e := refuse(http.StatusInternalServerError, "restart") // Client.cpp:16296
		s.record(c, e, f.Kind)
		writeError(w, e)
	case BadGateway:
		s.record(c, &apiError{code: http.StatusBadGateway, description: "Bad Gateway"}, f.Kind)
		const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, page) // the client may be gone: that is its own affair
	case ResetBefore:
		s.record(c, &apiError{code: http.StatusServiceUnavailable, description: "connection reset"}, f.Kind)
		reset(w)
	default:
		return false
	}
	return true
}

// spoilAfter strikes once the call was carried out; true if the answer is lost.
func spoilAfter(w http.ResponseWriter, c *call, f *Fault) bool {
	switch f.Kind {
	case ResetAfter:
		reset(w)
		return true
	case Slow:
		return !wait(c.ctx, f.Delay)
	}
	return false
}

// reset breaks the connection off without an answer.
func reset(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler) // net/http's own way to break off
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // RST, not FIN
	}
	_ = conn.Close()
}
